-- +goose Up

-- A vendor's product as it stands on the vendor's desk. What buyers see is a row
-- of shelf, written when the product goes on the shelf: the desk may then hold a
-- revision while the shelf keeps selling.
CREATE TABLE product (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    category     TEXT NOT NULL,
    form         TEXT NOT NULL,
    name         TEXT NOT NULL,
    status       TEXT NOT NULL,
    content      TEXT NOT NULL,
    revision     INTEGER NOT NULL DEFAULT 1,
    made_at      TIMESTAMPTZ NOT NULL,
    changed_at   TIMESTAMPTZ NOT NULL,
    submitted_at TIMESTAMPTZ,
    queued_at    TIMESTAMPTZ,
    shelved_at   TIMESTAMPTZ,
    holder       TEXT NOT NULL DEFAULT '',
    held_at      TIMESTAMPTZ,
    off_reason   TEXT NOT NULL DEFAULT ''
);
CREATE INDEX product_by_vendor ON product (vendor_id, id);
CREATE INDEX product_by_status ON product (status, queued_at, id);

-- One decision of a review: the verdict of every check, with its reason.
CREATE TABLE product_review (
    id         TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES product (id),
    revision   INTEGER NOT NULL,
    decision   TEXT NOT NULL,
    verdicts   TEXT NOT NULL,
    note       TEXT NOT NULL DEFAULT '',
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX product_review_by_product ON product_review (product_id, id);

-- What buyers see, shaped for lists; no counts up with the first time on the shelf.
CREATE TABLE shelf (
    no          INTEGER PRIMARY KEY,
    product_id  TEXT NOT NULL UNIQUE,
    live        BOOLEAN NOT NULL,
    version     BIGINT NOT NULL,
    vendor_id   TEXT NOT NULL,
    vendor_name TEXT NOT NULL,
    category    TEXT NOT NULL,
    form        TEXT NOT NULL,
    name        TEXT NOT NULL,
    summary     TEXT NOT NULL,
    tags        TEXT NOT NULL,
    picture     TEXT NOT NULL,
    price_fen   BIGINT NOT NULL CHECK (price_fen >= 0),
    was_fen     BIGINT NOT NULL CHECK (was_fen >= price_fen),
    currency    TEXT NOT NULL,
    unit        TEXT NOT NULL,
    span        BIGINT NOT NULL,
    plans       BIGINT NOT NULL,
    shelved_at  TIMESTAMPTZ NOT NULL,
    changed_at  TIMESTAMPTZ NOT NULL
);
CREATE INDEX shelf_by_version ON shelf (version);
CREATE INDEX shelf_by_vendor ON shelf (vendor_id, no);

-- The rest of a product's page, apart so that lists read narrow rows.
CREATE TABLE shelf_page (
    no   INTEGER PRIMARY KEY REFERENCES shelf (no),
    body TEXT NOT NULL
);

-- A vendor's shop as buyers see it.
CREATE TABLE shop (
    vendor_id  TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    intro      TEXT NOT NULL,
    company    TEXT NOT NULL,
    phone      TEXT NOT NULL,
    mail       TEXT NOT NULL,
    hours      TEXT NOT NULL,
    opened_at  TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

-- One row: its version grows with every change of the shelf, in commit order, so
-- that every process knows by one short look whether what it keeps still holds.
CREATE TABLE shelf_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL,
    last_no BIGINT NOT NULL
);
INSERT INTO shelf_state (one, version, last_no) VALUES (1, 0, 0);

-- +goose Down
SELECT 1;
