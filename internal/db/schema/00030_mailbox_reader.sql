-- +goose Up

-- How far the operator's mailbox is read over IMAP (D-6): one row for each folder of
-- an account. Mails from uid_next on are not kept yet, as long as the server's
-- numbering is that of uid_validity. Of several processes the owner reads until
-- lease_until. starts counts how often the next mail was begun and not ended.
CREATE TABLE mail_reading (
    account      TEXT NOT NULL,
    folder       TEXT NOT NULL,
    uid_validity BIGINT NOT NULL DEFAULT 0,
    uid_next     BIGINT NOT NULL DEFAULT 1,
    starts       BIGINT NOT NULL DEFAULT 0,
    letters      BIGINT NOT NULL DEFAULT 0,
    owner        TEXT NOT NULL DEFAULT '',
    lease_until  TIMESTAMPTZ,
    read_at      TIMESTAMPTZ,
    failed_at    TIMESTAMPTZ,
    trouble      TEXT NOT NULL DEFAULT '',
    detail       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, folder)
);

-- That a letter's sender was asked for what is missing.
ALTER TABLE mail_letter ADD COLUMN answered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE mail_letter ADD COLUMN answered_at TIMESTAMPTZ;

-- +goose Down
SELECT 1;
