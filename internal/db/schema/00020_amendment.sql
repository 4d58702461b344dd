-- +goose Up

-- To when the business licence runs, beside the sealed profile so that it can be
-- watched: a day, 'long-term', or '' while the profile has not been read for it.
ALTER TABLE vendor ADD COLUMN licence_until TEXT NOT NULL DEFAULT '';
CREATE INDEX vendor_by_licence ON vendor (licence_until) WHERE licence_until <> '' AND licence_until <> 'long-term';

-- A contract may continue another: its term begins where that one's ends, and until
-- then both are signed. One contract is continued once.
ALTER TABLE contract ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE contract ADD COLUMN renews TEXT NOT NULL DEFAULT '';
ALTER TABLE contract ADD COLUMN begins_at TIMESTAMPTZ;
DROP INDEX contract_in_force;
CREATE UNIQUE INDEX contract_in_force ON contract (vendor_id, renews) WHERE status = 'signed';
CREATE INDEX contract_by_end ON contract (until) WHERE status = 'signed';

-- What a vendor asks to be changed after signing: its data, its account, the mode,
-- the term. Both the old and the new stand sealed in paper.
CREATE TABLE amendment (
    id          TEXT PRIMARY KEY,
    vendor_id   TEXT NOT NULL REFERENCES vendor (id),
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    parts       TEXT NOT NULL,
    paper       TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     TIMESTAMPTZ NOT NULL,
    checked_by  TEXT NOT NULL DEFAULT '',
    checked_at  TIMESTAMPTZ,
    promised_by TIMESTAMPTZ,
    holder      TEXT NOT NULL DEFAULT '',
    held_since  TIMESTAMPTZ,
    decided_by  TEXT NOT NULL DEFAULT '',
    decided_at  TIMESTAMPTZ,
    decision    TEXT NOT NULL DEFAULT '',
    effect_at   TIMESTAMPTZ,
    ended_by    TEXT NOT NULL DEFAULT '',
    ended_at    TIMESTAMPTZ,
    stop_token  TEXT NOT NULL DEFAULT '',
    stop_index  TEXT NOT NULL DEFAULT '',
    contract_id TEXT NOT NULL DEFAULT ''
);
-- One request of a kind at a time.
CREATE UNIQUE INDEX amendment_open ON amendment (vendor_id, kind) WHERE status IN ('checking', 'submitted', 'in_review', 'cooling');
CREATE INDEX amendment_waiting ON amendment (made_at, id) WHERE status IN ('submitted', 'in_review');
CREATE INDEX amendment_by_vendor ON amendment (vendor_id, id);
CREATE UNIQUE INDEX amendment_by_stop ON amendment (stop_index) WHERE stop_index <> '';

-- What a vendor was reminded of, once each.
CREATE TABLE amendment_told (
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    what      TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (vendor_id, what)
);

-- +goose Down
SELECT 1;
