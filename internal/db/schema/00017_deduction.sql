-- +goose Up

-- Deductions from deposits by decision (D-11): what was decided, what was taken and
-- given back of it, and what is still to be topped up before its own clock runs out.
CREATE TABLE deposit_deduction (
    id           TEXT PRIMARY KEY,
    paper        TEXT NOT NULL UNIQUE,
    vendor_id    TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    taken_fen    BIGINT NOT NULL CHECK (taken_fen >= 0),
    returned_fen BIGINT NOT NULL DEFAULT 0 CHECK (returned_fen >= 0 AND returned_fen <= taken_fen),
    waived_fen   BIGINT NOT NULL DEFAULT 0 CHECK (waived_fen >= 0),
    open_fen     BIGINT NOT NULL CHECK (open_fen >= 0),
    currency     TEXT NOT NULL,
    top_up_by    TIMESTAMPTZ,
    overdue_at   TIMESTAMPTZ,
    topped_up_at TIMESTAMPTZ,
    made_by      TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL,
    CHECK (taken_fen + waived_fen <= fen)
);
CREATE INDEX deposit_deduction_by_vendor ON deposit_deduction (vendor_id, id);

-- Each posting of a deduction: what was taken, what was given back.
CREATE TABLE deposit_deduction_posting (
    id           TEXT PRIMARY KEY,
    deduction_id TEXT NOT NULL REFERENCES deposit_deduction (id),
    kind         TEXT NOT NULL,
    number       TEXT NOT NULL UNIQUE,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    excess_fen   BIGINT NOT NULL DEFAULT 0 CHECK (excess_fen >= 0 AND excess_fen <= fen),
    transfer_id  TEXT NOT NULL UNIQUE,
    made_by      TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX deposit_deduction_posting_by_deduction ON deposit_deduction_posting (deduction_id, id);

-- Since when a shop is closed because a top-up is overdue, and of what was reminded.
ALTER TABLE deposit ADD COLUMN closed_at TIMESTAMPTZ;
ALTER TABLE deposit ADD COLUMN reminded_for TIMESTAMPTZ;
ALTER TABLE deposit ADD COLUMN reminded_days INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deposit_by_clock ON deposit (top_up_by);

-- What buyers read of it.
ALTER TABLE shop ADD COLUMN closed BOOLEAN NOT NULL DEFAULT FALSE;

-- +goose Down
SELECT 1;
