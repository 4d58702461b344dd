-- +goose Up

CREATE TABLE message (
    id          TEXT PRIMARY KEY,
    made_at     TIMESTAMPTZ NOT NULL,
    template    TEXT NOT NULL,
    channel     TEXT NOT NULL,
    vendor_id   TEXT NOT NULL DEFAULT '',
    account_id  TEXT NOT NULL DEFAULT '',
    once_key    TEXT UNIQUE,
    recipient   TEXT NOT NULL,
    shown_as    TEXT NOT NULL,
    lang        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL,
    params      TEXT NOT NULL,
    files       TEXT NOT NULL,
    link        TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL,
    last_error  TEXT NOT NULL DEFAULT '',
    tries       INTEGER NOT NULL DEFAULT 0,
    sent_at     TIMESTAMPTZ,
    read_at     TIMESTAMPTZ
);
CREATE INDEX message_by_vendor ON message (vendor_id, id);
CREATE INDEX message_by_account ON message (account_id, id) WHERE channel = 'inbox';
CREATE INDEX message_failed ON message (id) WHERE state = 'failed';

-- +goose Down
SELECT 1;
