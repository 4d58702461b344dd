-- +goose Up

-- A contract made out to one vendor, from its offer to its end. What the document
-- says of the parties stands sealed in particulars, as it was on the day of the offer.
CREATE TABLE contract (
    id               TEXT PRIMARY KEY,
    vendor_id        TEXT NOT NULL REFERENCES vendor (id),
    number           TEXT NOT NULL UNIQUE,
    status           TEXT NOT NULL,
    template         TEXT NOT NULL,
    lang             TEXT NOT NULL,
    mode             TEXT NOT NULL,
    fee_basis_points BIGINT NOT NULL CHECK (fee_basis_points >= 0),
    deposit_fen      BIGINT NOT NULL CHECK (deposit_fen >= 0),
    currency         TEXT NOT NULL,
    fixed_deposit    BOOLEAN NOT NULL,
    months           INTEGER NOT NULL CHECK (months > 0),
    categories       TEXT NOT NULL,
    terms            TEXT NOT NULL,
    particulars      TEXT NOT NULL,
    offered_by       TEXT NOT NULL,
    offered_at       TIMESTAMPTZ NOT NULL,
    file_id          TEXT NOT NULL DEFAULT '',
    file_hash        TEXT NOT NULL DEFAULT '',
    rendered_at      TIMESTAMPTZ,
    scan_file_id     TEXT NOT NULL DEFAULT '',
    scan_by          TEXT NOT NULL DEFAULT '',
    scan_at          TIMESTAMPTZ,
    scan_reason      TEXT NOT NULL DEFAULT '',
    way              TEXT NOT NULL DEFAULT '',
    signed_at        TIMESTAMPTZ,
    signed_by        TEXT NOT NULL DEFAULT '',
    confirmed_at     TIMESTAMPTZ,
    until            TIMESTAMPTZ,
    evidence         TEXT NOT NULL DEFAULT '',
    signed_file_id   TEXT NOT NULL DEFAULT '',
    sealed_at        TIMESTAMPTZ,
    ended_by         TEXT NOT NULL DEFAULT '',
    ended_at         TIMESTAMPTZ,
    end_reason       TEXT NOT NULL DEFAULT ''
);
-- One offer at a time lies before a vendor, and one contract is in force.
CREATE UNIQUE INDEX contract_open ON contract (vendor_id) WHERE status IN ('preparing', 'offered', 'scanned');
CREATE UNIQUE INDEX contract_in_force ON contract (vendor_id) WHERE status = 'signed';
CREATE INDEX contract_by_vendor ON contract (vendor_id, id);
CREATE INDEX contract_by_status ON contract (status, id);

-- Which member of the staff has a vendor's contract on the desk.
CREATE TABLE contract_claim (
    vendor_id TEXT PRIMARY KEY REFERENCES vendor (id),
    holder    TEXT NOT NULL,
    since     TIMESTAMPTZ NOT NULL
);

-- The last number given in each year.
CREATE TABLE contract_series (
    year INTEGER PRIMARY KEY,
    last BIGINT NOT NULL
);

-- +goose Down
SELECT 1;
