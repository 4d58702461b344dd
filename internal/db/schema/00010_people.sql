-- +goose Up

-- What a session still waits for: '' nothing; 'factor' the second factor; 'setup'
-- that one is set up; 'link' that its one-time link is opened.
ALTER TABLE account_session ADD COLUMN stage TEXT NOT NULL DEFAULT '';
-- How its person proved who they are: password, passkey, provider or link.
ALTER TABLE account_session ADD COLUMN via TEXT NOT NULL DEFAULT 'password';
ALTER TABLE account_session ADD COLUMN seen_at TIMESTAMPTZ;
ALTER TABLE account_session ADD COLUMN proved_at TIMESTAMPTZ;

-- Second factors. The secret is sealed: a TOTP key, or a passkey's record.
CREATE TABLE account_factor (
    id               TEXT PRIMARY KEY,
    account_id       TEXT NOT NULL REFERENCES account (id),
    kind             TEXT NOT NULL,
    name             TEXT NOT NULL,
    secret           TEXT NOT NULL,
    credential_index TEXT UNIQUE,
    last_step        BIGINT NOT NULL DEFAULT 0,
    made_at          TIMESTAMPTZ NOT NULL,
    confirmed_at     TIMESTAMPTZ,
    last_used        TIMESTAMPTZ
);
CREATE INDEX account_factor_by_account ON account_factor (account_id);
CREATE UNIQUE INDEX account_factor_one_totp ON account_factor (account_id) WHERE kind = 'totp' AND confirmed_at IS NOT NULL;

-- Recovery codes; only their keyed hash is kept.
CREATE TABLE account_recovery (
    account_id TEXT NOT NULL REFERENCES account (id),
    code_hash  TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ,
    PRIMARY KEY (account_id, code_hash)
);

-- What a passkey was asked to sign, until it answers.
CREATE TABLE account_challenge (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    data       TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

-- Failed tries and until when the next one waits, shared by all processes.
CREATE TABLE account_throttle (
    what     TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ
);

-- Devices and networks from which a person has signed in, as keyed hashes.
CREATE TABLE account_device (
    account_id TEXT NOT NULL REFERENCES account (id),
    print      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    first_seen TIMESTAMPTZ NOT NULL,
    last_seen  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, print)
);

-- A mailbox or phone that a person wants to have instead, until both are proved.
CREATE TABLE account_change (
    account_id TEXT NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, kind)
);

CREATE TABLE account_invitation (
    id          TEXT PRIMARY KEY,
    vendor_id   TEXT NOT NULL,
    mail        TEXT NOT NULL,
    mail_index  TEXT NOT NULL,
    roles       TEXT NOT NULL,
    lang        TEXT NOT NULL,
    token_hash  TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL,
    made_by     TEXT NOT NULL REFERENCES account (id),
    made_at     TIMESTAMPTZ NOT NULL,
    sent_at     TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ,
    accepted_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX account_invitation_by_vendor ON account_invitation (vendor_id, id);
CREATE UNIQUE INDEX account_invitation_open ON account_invitation (vendor_id, mail_index) WHERE state = 'open';

-- Ownership of a company's account on its way from one person to another.
CREATE TABLE account_transfer (
    id         TEXT PRIMARY KEY,
    vendor_id  TEXT NOT NULL,
    from_id    TEXT NOT NULL REFERENCES account (id),
    to_id      TEXT NOT NULL REFERENCES account (id),
    keeps      TEXT NOT NULL,
    state      TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    open_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ
);
CREATE UNIQUE INDEX account_transfer_open ON account_transfer (vendor_id) WHERE state = 'offered';

-- Who of the staff an identity provider's subject is.
CREATE TABLE account_subject (
    subject_index TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES account (id),
    issuer        TEXT NOT NULL,
    bound_at      TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX account_subject_once ON account_subject (account_id, issuer);

-- +goose Down
SELECT 1;
