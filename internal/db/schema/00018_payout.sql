-- +goose Up

-- Money the operator owes to somebody's account and sends out (D-10, D-12). The
-- account and the remark stand sealed. A cause is paid once: what was cancelled may
-- be asked for anew.
CREATE TABLE payout (
    id           TEXT PRIMARY KEY,
    reference    TEXT NOT NULL UNIQUE,
    subject      TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    status       TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    currency     TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    from_account TEXT NOT NULL,
    paper        TEXT NOT NULL,
    asked_by     TEXT NOT NULL,
    asked_at     TIMESTAMPTZ NOT NULL,
    approved_by  TEXT NOT NULL DEFAULT '',
    approved_at  TIMESTAMPTZ,
    batch_id     TEXT NOT NULL DEFAULT '',
    line_id      TEXT NOT NULL DEFAULT '',
    paid_at      TIMESTAMPTZ,
    bounces      INTEGER NOT NULL DEFAULT 0,
    reason       TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX payout_once ON payout (purpose, paper) WHERE status <> 'cancelled';
CREATE INDEX payout_by_status ON payout (status, id);
CREATE INDEX payout_by_subject ON payout (subject, id);
CREATE INDEX payout_by_batch ON payout (batch_id, id) WHERE batch_id <> '';

-- A payment file for the bank: made once and kept.
CREATE TABLE payout_batch (
    id        TEXT PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    payee_id  TEXT NOT NULL,
    format    TEXT NOT NULL,
    status    TEXT NOT NULL,
    day       TEXT NOT NULL,
    payouts   BIGINT NOT NULL CHECK (payouts > 0),
    fen       BIGINT NOT NULL CHECK (fen > 0),
    currency  TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    made_at   TIMESTAMPTZ NOT NULL,
    file_id   TEXT NOT NULL DEFAULT '',
    sha256    TEXT NOT NULL DEFAULT '',
    reason    TEXT NOT NULL DEFAULT '',
    ended_by  TEXT NOT NULL DEFAULT '',
    ended_at  TIMESTAMPTZ
);

-- What a payment file says of a payout, as it was when the file was made.
CREATE TABLE payout_batch_item (
    batch_id  TEXT NOT NULL REFERENCES payout_batch (id),
    payout_id TEXT NOT NULL REFERENCES payout (id),
    position  INTEGER NOT NULL,
    reference TEXT NOT NULL,
    sealed    TEXT NOT NULL,
    PRIMARY KEY (batch_id, payout_id)
);
CREATE INDEX payout_batch_item_by_payout ON payout_batch_item (payout_id);

-- Lines of statements that may be a payout's: its debit, or its return (退汇).
CREATE TABLE payout_proposal (
    line_id     TEXT NOT NULL REFERENCES bank_line (id),
    payout_id   TEXT NOT NULL REFERENCES payout (id),
    kind        TEXT NOT NULL,
    certain     BOOLEAN NOT NULL,
    reasons     TEXT NOT NULL,
    proposed_by TEXT NOT NULL DEFAULT '',
    proposed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (line_id, payout_id)
);
CREATE INDEX payout_proposal_by_payout ON payout_proposal (payout_id);

-- Which line was counted as which payout's movement: each line once.
CREATE TABLE payout_movement (
    line_id   TEXT PRIMARY KEY REFERENCES bank_line (id),
    payout_id TEXT NOT NULL REFERENCES payout (id),
    kind      TEXT NOT NULL,
    fen       BIGINT NOT NULL CHECK (fen > 0),
    reason    TEXT NOT NULL DEFAULT '',
    taken_by  TEXT NOT NULL,
    taken_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX payout_movement_by_payout ON payout_movement (payout_id, taken_at);

-- +goose Down
SELECT 1;
