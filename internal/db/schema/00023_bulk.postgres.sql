-- +goose Up

-- A spreadsheet of products that a vendor handed in.
CREATE TABLE product_import (
    id         TEXT PRIMARY KEY,
    vendor_id  TEXT NOT NULL REFERENCES vendor (id),
    file_id    TEXT NOT NULL,
    name       TEXT NOT NULL,
    lang       TEXT NOT NULL,
    status     TEXT NOT NULL,
    fault      TEXT NOT NULL,
    total      INTEGER NOT NULL,
    good       INTEGER NOT NULL,
    wrong      INTEGER NOT NULL,
    done       INTEGER NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX product_import_by_vendor ON product_import (vendor_id, id);

-- One row of it: what it asks for, what is wrong with it, what became of it.
CREATE TABLE product_import_row (
    import_id  TEXT NOT NULL REFERENCES product_import (id),
    no         INTEGER NOT NULL,
    sheet      TEXT NOT NULL,
    line       INTEGER NOT NULL,
    code       TEXT NOT NULL,
    name       TEXT NOT NULL,
    cells      TEXT NOT NULL,
    content    TEXT NOT NULL,
    faults     TEXT NOT NULL,
    act        TEXT NOT NULL,
    state      TEXT NOT NULL,
    product_id TEXT NOT NULL,
    PRIMARY KEY (import_id, no)
);
CREATE INDEX product_import_row_by_state ON product_import_row (import_id, state, no);

-- Every word of a product, the details among them, by shelf.no.
CREATE TABLE shelf_details (
    no    INTEGER PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX shelf_details_words ON shelf_details USING gin (words) WITH (fastupdate = off);

-- +goose Down
SELECT 1;
