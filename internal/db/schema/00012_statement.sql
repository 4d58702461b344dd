-- +goose Up

-- Whether the bank marks a movement as one that takes back or returns another.
ALTER TABLE bank_line ADD COLUMN reversal BOOLEAN NOT NULL DEFAULT FALSE;

-- How a statement comes in: what kind of file it is, the kept file a job reads, who
-- works on it and since when nothing moved, how far its check is, what was left out
-- of it, and why it was refused.
ALTER TABLE bank_statement ADD COLUMN format TEXT NOT NULL DEFAULT 'csv';
ALTER TABLE bank_statement ADD COLUMN file_id TEXT NOT NULL DEFAULT '';
ALTER TABLE bank_statement ADD COLUMN surveyed BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE bank_statement ADD COLUMN checked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bank_statement ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE bank_statement ADD COLUMN progress_at TIMESTAMPTZ;
ALTER TABLE bank_statement ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE bank_statement ADD COLUMN faults TEXT NOT NULL DEFAULT '[]';
CREATE INDEX bank_statement_by_payee ON bank_statement (payee_id, id);

-- The statements in a file: one, or several where the bank puts more into it. Their
-- balances follow one on the other, from file to file.
CREATE TABLE bank_statement_part (
    statement_id TEXT NOT NULL REFERENCES bank_statement (id),
    no           BIGINT NOT NULL,
    payee_id     TEXT NOT NULL,
    name         TEXT NOT NULL DEFAULT '',
    sequence     TEXT NOT NULL DEFAULT '',
    first_day    TEXT,
    last_day     TEXT,
    lines        BIGINT NOT NULL,
    credit_fen   BIGINT NOT NULL,
    debit_fen    BIGINT NOT NULL,
    opening_fen  BIGINT,
    closing_fen  BIGINT,
    currency     TEXT NOT NULL,
    PRIMARY KEY (statement_id, no)
);
CREATE INDEX bank_statement_part_by_payee ON bank_statement_part (payee_id, last_day);

-- Lines are counted by state, and their references found from the line.
CREATE INDEX bank_line_by_statement_state ON bank_line (statement_id, state, id);
CREATE INDEX bank_line_reference_by_line ON bank_line_reference (line_id);

-- +goose Down
SELECT 1;
