-- +goose Up

CREATE TABLE account (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    mail          TEXT NOT NULL,
    mail_index    TEXT NOT NULL UNIQUE,
    phone         TEXT NOT NULL,
    phone_index   TEXT NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    lang          TEXT NOT NULL,
    vendor_id     TEXT NOT NULL DEFAULT '',
    roles         TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    verified_at   TIMESTAMPTZ,
    disabled_at   TIMESTAMPTZ
);
CREATE INDEX account_by_vendor ON account (vendor_id) WHERE vendor_id <> '';
CREATE UNIQUE INDEX account_phone_once ON account (phone_index) WHERE kind = 'member' AND verified_at IS NOT NULL;

CREATE TABLE account_session (
    token_hash TEXT PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    address    TEXT NOT NULL,
    agent      TEXT NOT NULL
);
CREATE INDEX account_session_by_account ON account_session (account_id);

CREATE TABLE account_key (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    prefix      TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    scopes      TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    last_used   TIMESTAMPTZ,
    revoked_at  TIMESTAMPTZ
);
CREATE INDEX account_key_by_account ON account_key (account_id);

-- One-time codes; only their keyed hash is kept.
CREATE TABLE account_code (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    channel    TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    subject    TEXT NOT NULL,
    code_hash  TEXT NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX account_code_current ON account_code (account_id, channel, purpose, subject);

-- Counted attempts per key and quarter of an hour, shared by all processes.
CREATE TABLE account_attempt (
    what  TEXT NOT NULL,
    slot  TIMESTAMPTZ NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (what, slot)
);

-- +goose Down
SELECT 1;
