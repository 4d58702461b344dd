-- +goose Up

-- A mail that came in (D-6): one row for each, whatever could be read of it. What it
-- says stands sealed; the mail itself and its attachments are files.
CREATE TABLE mail_letter (
    id            TEXT PRIMARY KEY,
    status        TEXT NOT NULL,
    why           TEXT NOT NULL DEFAULT '',
    way           TEXT NOT NULL,
    file_id       TEXT NOT NULL,
    sha256        TEXT NOT NULL UNIQUE,
    message_index TEXT,
    from_index    TEXT NOT NULL DEFAULT '',
    company_key   TEXT NOT NULL DEFAULT '',
    sealed        TEXT NOT NULL,
    passed        BOOLEAN NOT NULL,
    kept_by       TEXT NOT NULL,
    kept_at       TIMESTAMPTZ NOT NULL,
    vendor_id     TEXT NOT NULL DEFAULT '',
    fit           TEXT NOT NULL,
    doubts        TEXT NOT NULL DEFAULT '[]',
    holder        TEXT NOT NULL DEFAULT '',
    held_at       TIMESTAMPTZ,
    voucher_id    TEXT NOT NULL DEFAULT '',
    decided_by    TEXT NOT NULL DEFAULT '',
    decided_at    TIMESTAMPTZ,
    reason        TEXT NOT NULL DEFAULT ''
);
-- The same mail by another way, as a redirected copy, is the same letter.
CREATE UNIQUE INDEX mail_letter_once ON mail_letter (message_index) WHERE message_index IS NOT NULL;
CREATE INDEX mail_letter_by_status ON mail_letter (status, id);
CREATE INDEX mail_letter_by_vendor ON mail_letter (vendor_id, id) WHERE vendor_id <> '';

-- +goose Down
SELECT 1;
