-- +goose Up

-- A change to a product that was approved once, on its way through the review: the
-- product keeps its content until the change is approved and takes its place. One
-- of a product is open at a time.
CREATE TABLE product_revision (
    id           TEXT PRIMARY KEY,
    product_id   TEXT NOT NULL REFERENCES product (id),
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    status       TEXT NOT NULL,
    is_open      BOOLEAN NOT NULL,
    version      BIGINT NOT NULL,
    base         BIGINT NOT NULL,
    was          TEXT NOT NULL,
    content      TEXT NOT NULL,
    note         TEXT NOT NULL,
    route        TEXT NOT NULL,
    fields       TEXT NOT NULL,
    made_by      TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL,
    changed_at   TIMESTAMPTZ NOT NULL,
    submitted_by TEXT NOT NULL,
    submitted_at TIMESTAMPTZ,
    promised_at  TIMESTAMPTZ,
    holder       TEXT NOT NULL,
    held_at      TIMESTAMPTZ,
    ended_by     TEXT NOT NULL,
    ended_at     TIMESTAMPTZ,
    spot         TEXT NOT NULL
);
CREATE UNIQUE INDEX product_revision_open ON product_revision (product_id) WHERE is_open;
CREATE INDEX product_revision_by_product ON product_revision (product_id, id);
CREATE INDEX product_revision_by_status ON product_revision (status, promised_at, id);
CREATE INDEX product_revision_by_spot ON product_revision (spot, id) WHERE spot <> '';

-- Which revision a review decided on; '' is the product itself.
ALTER TABLE product_review ADD COLUMN revision_id TEXT NOT NULL DEFAULT '';

-- The vendor's own name for the product, by which an import finds it again.
ALTER TABLE product ADD COLUMN code TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX product_by_code ON product (vendor_id, code) WHERE code <> '';

ALTER TABLE product ADD COLUMN promised_at TIMESTAMPTZ;
-- Which rule was broken, and what would mend it, of a product the operator took off.
ALTER TABLE product ADD COLUMN off_rule TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN off_mend TEXT NOT NULL DEFAULT '';
-- Why a product left the shelf by itself, as 'report'; '' is by somebody's act.
ALTER TABLE product ADD COLUMN off_cause TEXT NOT NULL DEFAULT '';
-- The day of the security report of what is live, and how many days before its end
-- the vendor was last reminded; -1 is that it was told of the end itself.
ALTER TABLE product ADD COLUMN report_on TEXT;
ALTER TABLE product ADD COLUMN report_told INTEGER NOT NULL DEFAULT 100000;
CREATE INDEX product_by_report ON product (report_on, id) WHERE report_on IS NOT NULL;

-- Smaller copies of a product's pictures.
CREATE TABLE product_thumb (
    picture TEXT NOT NULL,
    width   INTEGER NOT NULL,
    file_id TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (picture, width)
);

-- +goose Down
SELECT 1;
