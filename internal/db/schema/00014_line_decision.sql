-- +goose Up

-- Parts of a line of a bank statement that pays for several; together they are the
-- line's amount. Each is taken at most once, as a line is (D-7).
CREATE TABLE bank_line_share (
    id        TEXT PRIMARY KEY,
    line_id   TEXT NOT NULL REFERENCES bank_line (id),
    fen       BIGINT NOT NULL CHECK (fen > 0),
    currency  TEXT NOT NULL,
    subject   TEXT NOT NULL DEFAULT '',
    split_by  TEXT NOT NULL,
    split_at  TIMESTAMPTZ NOT NULL,
    taken_for TEXT,
    taken_by  TEXT NOT NULL DEFAULT '',
    taken_at  TIMESTAMPTZ
);
CREATE INDEX bank_line_share_by_line ON bank_line_share (line_id, id);
CREATE INDEX bank_line_share_by_subject ON bank_line_share (subject, id) WHERE subject <> '';

-- A line or share may have had a receipt that was voided since, and a voucher may
-- tell of several lines: both were unique before.
CREATE TABLE deposit_receipt_new (
    id           TEXT PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    code         TEXT NOT NULL UNIQUE,
    vendor_id    TEXT NOT NULL,
    line_id      TEXT NOT NULL REFERENCES bank_line (id),
    share_id     TEXT NOT NULL DEFAULT '',
    voucher_id   TEXT REFERENCES deposit_voucher (id),
    fen          BIGINT NOT NULL CHECK (fen > 0),
    held_fen     BIGINT NOT NULL CHECK (held_fen >= 0),
    excess_fen   BIGINT NOT NULL CHECK (excess_fen >= 0),
    currency     TEXT NOT NULL,
    paid_on      TEXT NOT NULL,
    issued_on    TEXT NOT NULL,
    way          TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    confirmed_by TEXT NOT NULL,
    confirmed_at TIMESTAMPTZ NOT NULL,
    file_id      TEXT,
    voided_at    TIMESTAMPTZ,
    voided_by    TEXT NOT NULL DEFAULT '',
    void_reason  TEXT NOT NULL DEFAULT '',
    void_file_id TEXT,
    CHECK (fen = held_fen + excess_fen)
);
INSERT INTO deposit_receipt_new (id, number, code, vendor_id, line_id, voucher_id, fen, held_fen, excess_fen, currency,
    paid_on, issued_on, way, sealed, reason, confirmed_by, confirmed_at, file_id)
SELECT id, number, code, vendor_id, line_id, voucher_id, fen, held_fen, excess_fen, currency,
    paid_on, issued_on, way, sealed, reason, confirmed_by, confirmed_at, file_id FROM deposit_receipt;
DROP TABLE deposit_receipt;
ALTER TABLE deposit_receipt_new RENAME TO deposit_receipt;
CREATE INDEX deposit_receipt_by_vendor ON deposit_receipt (vendor_id, id);
CREATE INDEX deposit_receipt_by_voucher ON deposit_receipt (voucher_id) WHERE voucher_id IS NOT NULL;
CREATE UNIQUE INDEX deposit_receipt_of_line ON deposit_receipt (line_id, share_id) WHERE voided_at IS NULL;

-- What a voucher tells of may come in several lines; and the queue has a claim.
ALTER TABLE deposit_voucher ADD COLUMN received_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deposit_voucher ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE deposit_voucher ADD COLUMN held_at TIMESTAMPTZ;
UPDATE deposit_voucher SET received_fen = COALESCE((SELECT SUM(r.fen) FROM deposit_receipt r WHERE r.voucher_id = deposit_voucher.id), 0);

-- Why so much is asked, by which version of the policy, and when to remind.
ALTER TABLE deposit ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE deposit ADD COLUMN policy_id TEXT NOT NULL DEFAULT '';
ALTER TABLE deposit ADD COLUMN reminded BIGINT NOT NULL DEFAULT 0;
ALTER TABLE deposit ADD COLUMN remind_at TIMESTAMPTZ;
ALTER TABLE deposit ADD COLUMN make_up_by TIMESTAMPTZ;
CREATE INDEX deposit_by_reminder ON deposit (remind_at) WHERE due_fen > 0;
CREATE INDEX deposit_by_policy ON deposit (policy_id, vendor_id);

-- Decisions on money that was received, which two people take: one asks with a
-- reason, another approves. Target is a line, a share, a receipt or a vendor; one
-- decision at a time may wait for each.
CREATE TABLE deposit_decision (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    status     TEXT NOT NULL,
    target     TEXT NOT NULL,
    line_id    TEXT NOT NULL DEFAULT '',
    other_id   TEXT NOT NULL DEFAULT '',
    vendor_id  TEXT NOT NULL DEFAULT '',
    receipt_id TEXT NOT NULL DEFAULT '',
    fen        BIGINT NOT NULL,
    currency   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    asked_by   TEXT NOT NULL,
    asked_at   TIMESTAMPTZ NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at TIMESTAMPTZ,
    note       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX deposit_decision_by_status ON deposit_decision (status, id);
CREATE INDEX deposit_decision_by_vendor ON deposit_decision (vendor_id, id) WHERE vendor_id <> '';
CREATE INDEX deposit_decision_by_line ON deposit_decision (line_id, id) WHERE line_id <> '';
CREATE INDEX deposit_decision_by_other ON deposit_decision (other_id) WHERE other_id <> '';
CREATE UNIQUE INDEX deposit_decision_waiting ON deposit_decision (target) WHERE status = 'asked';

-- +goose Down
SELECT 1;
