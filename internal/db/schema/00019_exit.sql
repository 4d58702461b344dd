-- +goose Up

-- Whether a vendor is leaving, has left, or was evicted (X-1); '' for one that stays.
ALTER TABLE vendor ADD COLUMN parting TEXT NOT NULL DEFAULT '';

-- Companies that may not come back under their credit code (X-1). A lifted bar stays
-- on record; one at a time holds.
CREATE TABLE vendor_bar (
    id          TEXT PRIMARY KEY,
    uscc        TEXT NOT NULL,
    name        TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    barred_by   TEXT NOT NULL,
    barred_at   TIMESTAMPTZ NOT NULL,
    lifted_by   TEXT NOT NULL DEFAULT '',
    lifted_at   TIMESTAMPTZ,
    lift_reason TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX vendor_bar_holds ON vendor_bar (uscc) WHERE lifted_at IS NULL;

-- Exits of vendors, from the wish, the end of the term or the order of the operator
-- to the returned deposit (X-1 to X-3, D-10).
CREATE TABLE exit (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    number       TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    status       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    violation_id TEXT NOT NULL DEFAULT '',
    asked_by     TEXT NOT NULL,
    asked_at     TIMESTAMPTZ NOT NULL,
    approved_by  TEXT NOT NULL DEFAULT '',
    approved_at  TIMESTAMPTZ,
    end_by       TIMESTAMPTZ,
    ended_at     TIMESTAMPTZ,
    clear_at     TIMESTAMPTZ,
    due_by       TIMESTAMPTZ,
    released_at  TIMESTAMPTZ,
    released_fen BIGINT NOT NULL DEFAULT 0 CHECK (released_fen >= 0),
    finished_at  TIMESTAMPTZ,
    closed_by    TEXT NOT NULL DEFAULT '',
    closed_why   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX exit_under_way ON exit (vendor_id) WHERE status IN ('asked', 'leaving', 'returning');
CREATE UNIQUE INDEX exit_proposed ON exit (vendor_id) WHERE status = 'proposed';
CREATE INDEX exit_by_vendor ON exit (vendor_id, id);
CREATE INDEX exit_by_status ON exit (status, id);

-- +goose Down
SELECT 1;
