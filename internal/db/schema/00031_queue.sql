-- +goose Up

-- Since when a vendor waits for a contract; the end of its term while one is in
-- force, NULL while an offer is out or nothing is approved. The queue is read by it.
ALTER TABLE application ADD COLUMN contract_since TIMESTAMPTZ;
UPDATE application SET contract_since = (
    SELECT MAX(m.moment) FROM (
        SELECT MIN(q.approved_at) AS moment FROM qualification q WHERE q.vendor_id = application.vendor_id AND q.status = 'approved'
        UNION ALL
        SELECT MAX(CASE WHEN c.status = 'signed' THEN c.until ELSE c.ended_at END) FROM contract c
        WHERE c.vendor_id = application.vendor_id AND c.status IN ('signed', 'withdrawn')
    ) m)
WHERE EXISTS (SELECT 1 FROM qualification q WHERE q.vendor_id = application.vendor_id AND q.status = 'approved')
AND NOT EXISTS (SELECT 1 FROM contract c WHERE c.vendor_id = application.vendor_id AND c.status IN ('preparing', 'offered', 'scanned'));
CREATE INDEX application_contract_since ON application (contract_since, vendor_id) WHERE contract_since IS NOT NULL;
CREATE INDEX contract_scanned ON contract (scan_at, vendor_id) WHERE status = 'scanned';
CREATE INDEX contract_claim_by_holder ON contract_claim (holder, vendor_id);

-- Parts of names are looked for in these alone, not in whole rows.
DROP INDEX vendor_by_name;
CREATE INDEX vendor_by_name ON vendor (name_key, id);
CREATE INDEX product_by_name ON product (name, id);
CREATE INDEX mail_letter_by_company ON mail_letter (company_key, id);
CREATE INDEX mail_letter_by_sender ON mail_letter (from_index, id) WHERE from_index <> '';

-- The largest company, or the office's address, and a kind or a person that never
-- met: neither index alone comes to the end of a search of a long log.
CREATE INDEX event_by_vendor_kind ON event (vendor_id, kind, id);
CREATE INDEX event_by_actor_vendor ON event (actor_id, vendor_id, id);
CREATE INDEX event_by_address_kind ON event (address, kind, id) WHERE address <> '';
CREATE INDEX event_by_address_actor ON event (address, actor_id, id) WHERE address <> '';

-- The reviewers' queues, so that a page of each and its number cost what they show,
-- however many wait.
CREATE INDEX application_by_holder ON application (holder, submitted_at, id) WHERE status IN ('submitted', 'in_review');
CREATE INDEX application_by_promise ON application (promised_by, id) WHERE status IN ('submitted', 'in_review');
CREATE INDEX application_settled ON application (submitted_at, id) WHERE status IN ('decided', 'returned');
CREATE INDEX product_by_promise ON product (status, COALESCE(promised_at, queued_at), id);
CREATE INDEX product_waiting_by_category ON product (category, COALESCE(promised_at, queued_at), id) WHERE status = 'in_review';
CREATE INDEX product_claimed ON product (holder, id) WHERE holder <> '';
DROP INDEX product_revision_by_status;
CREATE INDEX product_revision_waiting ON product_revision (promised_at, (product_id || id)) WHERE status IN ('submitted', 'in_review');
CREATE INDEX product_revision_since ON product_revision (submitted_at) WHERE status IN ('submitted', 'in_review');
CREATE INDEX product_revision_claimed ON product_revision (holder, id) WHERE holder <> '';
CREATE INDEX product_revision_to_look_at ON product_revision (promised_at, (product_id || id)) WHERE spot = 'open';
