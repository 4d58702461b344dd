-- +goose Up

-- A company on its way in or trading. Until it is approved the name and the credit
-- code are those of its submission; what is personal stands sealed in company.
CREATE TABLE vendor (
    id            TEXT PRIMARY KEY,
    made_by       TEXT NOT NULL UNIQUE,
    made_at       TIMESTAMPTZ NOT NULL,
    locks         BIGINT NOT NULL DEFAULT 0,
    name          TEXT NOT NULL DEFAULT '',
    name_key      TEXT NOT NULL DEFAULT '',
    shop_name     TEXT NOT NULL DEFAULT '',
    uscc          TEXT,
    company       TEXT NOT NULL DEFAULT '',
    account_index TEXT NOT NULL DEFAULT '',
    updated_at    TIMESTAMPTZ
);
-- One credit code belongs to one vendor among those submitted and approved.
CREATE UNIQUE INDEX vendor_uscc ON vendor (uscc) WHERE uscc IS NOT NULL;
CREATE INDEX vendor_by_name ON vendor (name_key);
CREATE INDEX vendor_by_account ON vendor (account_index) WHERE account_index <> '';

-- The agreements by version; a version's text never changes.
CREATE TABLE agreement (
    id         TEXT NOT NULL,
    version    TEXT NOT NULL,
    holds_from TIMESTAMPTZ NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    hash       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE INDEX agreement_by_time ON agreement (id, holds_from);

-- Who accepted which text, when and from where. Append-only.
CREATE TABLE agreement_acceptance (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    agreement_id TEXT NOT NULL,
    version      TEXT NOT NULL,
    hash         TEXT NOT NULL,
    account_id   TEXT NOT NULL,
    accepted_at  TIMESTAMPTZ NOT NULL,
    address      TEXT NOT NULL,
    UNIQUE (vendor_id, agreement_id, version, hash)
);

-- A vendor's application: what it is filling in, and where the last submission stands.
CREATE TABLE application (
    id            TEXT PRIMARY KEY,
    vendor_id     TEXT NOT NULL UNIQUE REFERENCES vendor (id),
    status        TEXT NOT NULL,
    version       BIGINT NOT NULL,
    draft         TEXT NOT NULL,
    saved_at      TIMESTAMPTZ NOT NULL,
    saved_by      TEXT NOT NULL,
    submission_id TEXT NOT NULL DEFAULT '',
    submitted_at  TIMESTAMPTZ,
    promised_by   TIMESTAMPTZ,
    holder        TEXT NOT NULL DEFAULT '',
    held_since    TIMESTAMPTZ,
    mode          TEXT NOT NULL DEFAULT ''
);
CREATE INDEX application_waiting ON application (submitted_at, id) WHERE status IN ('submitted', 'in_review');

-- What was submitted, as it was. Append-only, but for the outcome of its review.
CREATE TABLE submission (
    id             TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    vendor_id      TEXT NOT NULL REFERENCES vendor (id),
    number         BIGINT NOT NULL,
    paper          TEXT NOT NULL,
    mode           TEXT NOT NULL,
    categories     TEXT NOT NULL,
    agreements     TEXT NOT NULL,
    submitted_by   TEXT NOT NULL,
    submitted_at   TIMESTAMPTZ NOT NULL,
    address        TEXT NOT NULL,
    outcome        TEXT NOT NULL DEFAULT '',
    decided_by     TEXT NOT NULL DEFAULT '',
    decided_at     TIMESTAMPTZ,
    decision       TEXT NOT NULL DEFAULT '',
    UNIQUE (application_id, number)
);
CREATE INDEX submission_by_vendor ON submission (vendor_id, number);

-- Where a vendor stands with each category.
CREATE TABLE qualification (
    vendor_id     TEXT NOT NULL REFERENCES vendor (id),
    category      TEXT NOT NULL,
    status        TEXT NOT NULL,
    submission_id TEXT NOT NULL REFERENCES submission (id),
    changed_at    TIMESTAMPTZ NOT NULL,
    approved_at   TIMESTAMPTZ,
    PRIMARY KEY (vendor_id, category)
);

-- A reviewer's verdicts, append-only: the last one of a condition counts while
-- what it was given on (basis) stays the same.
CREATE TABLE verdict (
    id            TEXT PRIMARY KEY,
    vendor_id     TEXT NOT NULL REFERENCES vendor (id),
    submission_id TEXT NOT NULL REFERENCES submission (id),
    condition_id  TEXT NOT NULL,
    category      TEXT NOT NULL,
    result        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    field         TEXT NOT NULL,
    basis         TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL
);
CREATE INDEX verdict_by_vendor ON verdict (vendor_id, id);

-- What the staff write for each other.
CREATE TABLE application_note (
    id             TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    body           TEXT NOT NULL,
    made_by        TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL
);
CREATE INDEX application_note_by_application ON application_note (application_id, id);

-- +goose Down
SELECT 1;
