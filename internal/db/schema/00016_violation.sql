-- +goose Up

-- Violations of the vendor management rules and what was decided on them (D-11).
CREATE TABLE violation (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    product_id   TEXT NOT NULL DEFAULT '',
    status       TEXT NOT NULL,
    offence_id   TEXT NOT NULL,
    offence      TEXT NOT NULL,
    measure      TEXT NOT NULL,
    proposed_fen BIGINT NOT NULL CHECK (proposed_fen >= 0),
    fen          BIGINT NOT NULL CHECK (fen >= 0),
    currency     TEXT NOT NULL,
    description  TEXT NOT NULL,
    recorded_by  TEXT NOT NULL,
    recorded_at  TIMESTAMPTZ NOT NULL,
    decided_by   TEXT NOT NULL DEFAULT '',
    decided_at   TIMESTAMPTZ,
    decision     TEXT NOT NULL DEFAULT '',
    appeal_by    TIMESTAMPTZ,
    appeal       TEXT NOT NULL DEFAULT '',
    appealed_by  TEXT NOT NULL DEFAULT '',
    appealed_at  TIMESTAMPTZ,
    judged_by    TEXT NOT NULL DEFAULT '',
    judged_at    TIMESTAMPTZ,
    judgement    TEXT NOT NULL DEFAULT '',
    promised_by  TIMESTAMPTZ
);
CREATE INDEX violation_by_vendor ON violation (vendor_id, id);
CREATE INDEX violation_by_status ON violation (status, id);

-- What proves a violation, and what an appeal rests on.
CREATE TABLE violation_file (
    violation_id TEXT NOT NULL REFERENCES violation (id),
    part         TEXT NOT NULL,
    place        INTEGER NOT NULL,
    file_id      TEXT NOT NULL,
    PRIMARY KEY (violation_id, part, place)
);

-- +goose Down
SELECT 1;
