-- +goose Up

-- What this installation is: fingerprints of its keys and its file store.
CREATE TABLE mark (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Append-only log of what happened: audit, timeline and outbox in one.
CREATE TABLE event (
    id         TEXT PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    vendor_id  TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor_id   TEXT NOT NULL,
    address    TEXT NOT NULL DEFAULT '',
    internal   BOOLEAN NOT NULL DEFAULT FALSE,
    data       TEXT NOT NULL
);
-- Events not yet chained and handed to their reactions: the outbox.
CREATE TABLE event_pending (
    event_id TEXT PRIMARY KEY REFERENCES event (id)
);
CREATE INDEX event_by_vendor ON event (vendor_id, id);
CREATE INDEX event_by_subject ON event (subject, id);

-- The chain over the log, written after commit by one sealer.
CREATE TABLE event_seal (
    seq       BIGINT PRIMARY KEY,
    event_id  TEXT NOT NULL UNIQUE REFERENCES event (id),
    prev_hash TEXT NOT NULL,
    hash      TEXT NOT NULL UNIQUE
);

CREATE TABLE job (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    dedupe_key  TEXT,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempt     INTEGER NOT NULL DEFAULT 0,
    run_at      TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ,
    owner       TEXT NOT NULL DEFAULT '',
    last_error  TEXT NOT NULL DEFAULT '',
    created_at  TIMESTAMPTZ NOT NULL,
    done_at     TIMESTAMPTZ
);
CREATE UNIQUE INDEX job_once ON job (kind, dedupe_key);
CREATE INDEX job_due ON job (run_at) WHERE state IN ('available', 'running');
CREATE INDEX job_dead ON job (id) WHERE state = 'dead';

-- Double entry. A transfer's entries sum to zero; nothing is ever changed.
CREATE TABLE ledger_transfer (
    id         TEXT PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    once_key   TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    reverses   TEXT UNIQUE REFERENCES ledger_transfer (id)
);
CREATE TABLE ledger_entry (
    id          TEXT PRIMARY KEY,
    transfer_id TEXT NOT NULL REFERENCES ledger_transfer (id),
    account     TEXT NOT NULL,
    fen         BIGINT NOT NULL CHECK (fen <> 0),
    currency    TEXT NOT NULL
);
CREATE INDEX ledger_entry_by_account ON ledger_entry (account, id);
CREATE INDEX ledger_entry_by_transfer ON ledger_entry (transfer_id);
-- Balances of the accounts that must not fall below zero.
CREATE TABLE ledger_balance (
    account  TEXT PRIMARY KEY,
    fen      BIGINT NOT NULL CHECK (fen >= 0),
    currency TEXT NOT NULL
);

CREATE TABLE policy (
    id         TEXT PRIMARY KEY,
    holds_from TIMESTAMPTZ NOT NULL,
    body       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX policy_by_time ON policy (holds_from);

CREATE TABLE file (
    id         TEXT PRIMARY KEY,
    vendor_id  TEXT NOT NULL DEFAULT '',
    purpose    TEXT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX file_by_vendor ON file (vendor_id, id);
CREATE INDEX file_by_hash ON file (sha256);

-- Numbers without gaps, as those of receipts: one row a series.
CREATE TABLE counter (
    series TEXT PRIMARY KEY,
    last   BIGINT NOT NULL
);

-- +goose Down
SELECT 1;
