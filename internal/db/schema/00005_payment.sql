-- +goose Up

-- How each bank writes its statement files, where staff changed or added one.
CREATE TABLE statement_mapping (
    name       TEXT PRIMARY KEY,
    body       TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

-- Statement files of the operator's accounts. A file counts once per account;
-- "done" is how many of its lines are in, so that an import goes on where it stopped.
CREATE TABLE bank_statement (
    id          TEXT PRIMARY KEY,
    payee_id    TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    mapping     TEXT NOT NULL,
    status      TEXT NOT NULL,
    lines       BIGINT NOT NULL,
    done        BIGINT NOT NULL DEFAULT 0,
    fresh       BIGINT NOT NULL DEFAULT 0,
    credits     BIGINT NOT NULL,
    debits      BIGINT NOT NULL,
    credit_fen  BIGINT NOT NULL,
    debit_fen   BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    first_day   TEXT,
    last_day    TEXT,
    imported_by TEXT NOT NULL,
    begun_at    TIMESTAMPTZ NOT NULL,
    imported_at TIMESTAMPTZ,
    UNIQUE (payee_id, sha256)
);

-- Lines of statements: each movement once per account, and taken at most once (D-7).
CREATE TABLE bank_line (
    id                  TEXT PRIMARY KEY,
    statement_id        TEXT NOT NULL REFERENCES bank_statement (id),
    payee_id            TEXT NOT NULL,
    line_key            TEXT NOT NULL,
    row_no              BIGINT NOT NULL,
    booked_on           TEXT NOT NULL,
    booked_at           TIMESTAMPTZ,
    fen                 BIGINT NOT NULL CHECK (fen <> 0),
    currency            TEXT NOT NULL,
    sealed              TEXT NOT NULL,
    payer_account_blind TEXT NOT NULL,
    payer_name_blind    TEXT NOT NULL,
    imported_by         TEXT NOT NULL,
    state               TEXT NOT NULL,
    subject             TEXT NOT NULL DEFAULT '',
    reasons             TEXT NOT NULL DEFAULT '[]',
    proposed_by         TEXT NOT NULL DEFAULT '',
    proposed_at         TIMESTAMPTZ,
    withdrawn           TEXT NOT NULL DEFAULT '[]',
    taken_for           TEXT,
    taken_by            TEXT NOT NULL DEFAULT '',
    taken_at            TIMESTAMPTZ,
    UNIQUE (payee_id, line_key)
);
CREATE INDEX bank_line_by_state ON bank_line (state, id);
CREATE INDEX bank_line_by_statement ON bank_line (statement_id, id);
CREATE INDEX bank_line_by_subject ON bank_line (subject, id) WHERE subject <> '';
CREATE INDEX bank_line_by_payer_account ON bank_line (payer_account_blind) WHERE payer_account_blind <> '';
CREATE INDEX bank_line_by_payer_name ON bank_line (payer_name_blind) WHERE payer_name_blind <> '';

-- The references that stand in the remarks of credit lines.
CREATE TABLE bank_line_reference (
    reference TEXT NOT NULL,
    line_id   TEXT NOT NULL REFERENCES bank_line (id),
    PRIMARY KEY (reference, line_id)
);

-- Payments that are expected, and from whom.
CREATE TABLE announcement (
    subject      TEXT PRIMARY KEY,
    reference    TEXT NOT NULL UNIQUE,
    sealed       TEXT NOT NULL,
    expected_fen BIGINT NOT NULL CHECK (expected_fen >= 0),
    currency     TEXT NOT NULL,
    way          TEXT NOT NULL DEFAULT '',
    mark         TEXT NOT NULL,
    changed_at   TIMESTAMPTZ NOT NULL
);
CREATE TABLE announcement_payer (
    blind   TEXT NOT NULL,
    subject TEXT NOT NULL REFERENCES announcement (subject),
    PRIMARY KEY (blind, subject)
);
CREATE INDEX announcement_payer_by_subject ON announcement_payer (subject);

-- What a vendor is asked to pay, and the reference it pays with.
CREATE TABLE deposit (
    vendor_id   TEXT PRIMARY KEY,
    reference   TEXT NOT NULL UNIQUE,
    due_fen     BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    due_for     TEXT NOT NULL DEFAULT '',
    asked_at    TIMESTAMPTZ NOT NULL,
    top_up_by   TIMESTAMPTZ
);

-- Since when a vendor's category is covered (D-3). A row is never taken back.
CREATE TABLE deposit_cover (
    vendor_id  TEXT NOT NULL,
    category   TEXT NOT NULL,
    covered_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (vendor_id, category)
);

-- Vouchers as vendors present them (D-6).
CREATE TABLE deposit_voucher (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL,
    status       TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    currency     TEXT NOT NULL,
    paid_on      TEXT NOT NULL,
    way          TEXT NOT NULL,
    file_id      TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    other_payer  BOOLEAN NOT NULL,
    presented_by TEXT NOT NULL,
    presented_at TIMESTAMPTZ NOT NULL,
    promised_by  TIMESTAMPTZ NOT NULL,
    decided_by   TEXT NOT NULL DEFAULT '',
    decided_at   TIMESTAMPTZ,
    reason       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX deposit_voucher_by_vendor ON deposit_voucher (vendor_id, id);
CREATE INDEX deposit_voucher_by_status ON deposit_voucher (status, id);

-- Receipts (D-8), one per confirmed line: also the record of the confirmation.
CREATE TABLE deposit_receipt (
    id           TEXT PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    code         TEXT NOT NULL UNIQUE,
    vendor_id    TEXT NOT NULL,
    line_id      TEXT NOT NULL UNIQUE REFERENCES bank_line (id),
    voucher_id   TEXT UNIQUE REFERENCES deposit_voucher (id),
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
    CHECK (fen = held_fen + excess_fen)
);
CREATE INDEX deposit_receipt_by_vendor ON deposit_receipt (vendor_id, id);

-- +goose Down
SELECT 1;
