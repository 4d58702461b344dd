-- +goose Up

-- Where a vendor has its papers sent (D-8). The address, the recipient and the
-- phone are sealed; one of the kept addresses is the default.
CREATE TABLE courier_address (
    id         TEXT PRIMARY KEY,
    vendor_id  TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    chosen     BOOLEAN NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    removed_at TIMESTAMPTZ
);
CREATE INDEX courier_address_by_vendor ON courier_address (vendor_id, id);
CREATE UNIQUE INDEX courier_address_chosen ON courier_address (vendor_id) WHERE chosen;

-- Receipts on paper on their way to vendors.
CREATE TABLE receipt_parcel (
    id         TEXT PRIMARY KEY,
    receipt_id TEXT NOT NULL REFERENCES deposit_receipt (id),
    vendor_id  TEXT NOT NULL,
    status     TEXT NOT NULL,
    sealed     TEXT NOT NULL,
    asked_by   TEXT NOT NULL,
    asked_at   TIMESTAMPTZ NOT NULL,
    courier    TEXT NOT NULL DEFAULT '',
    tracking   TEXT NOT NULL DEFAULT '',
    sent_by    TEXT NOT NULL DEFAULT '',
    sent_at    TIMESTAMPTZ,
    ended_by   TEXT NOT NULL DEFAULT '',
    ended_at   TIMESTAMPTZ,
    reason     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX receipt_parcel_by_status ON receipt_parcel (status, id);
CREATE INDEX receipt_parcel_by_vendor ON receipt_parcel (vendor_id, id);
CREATE UNIQUE INDEX receipt_parcel_under_way ON receipt_parcel (receipt_id) WHERE status IN ('asked', 'sent', 'arrived');
CREATE UNIQUE INDEX receipt_parcel_tracking ON receipt_parcel (courier, tracking, receipt_id) WHERE tracking <> '';

-- Papers that came back to the operator, and sealed statements of their loss (遗失声明, D-10).
CREATE TABLE receipt_back (
    id         TEXT PRIMARY KEY,
    receipt_id TEXT NOT NULL REFERENCES deposit_receipt (id),
    vendor_id  TEXT NOT NULL,
    how        TEXT NOT NULL,
    status     TEXT NOT NULL,
    file_id    TEXT NOT NULL DEFAULT '',
    given_by   TEXT NOT NULL,
    given_at   TIMESTAMPTZ NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at TIMESTAMPTZ,
    reason     TEXT NOT NULL DEFAULT ''
);
CREATE INDEX receipt_back_by_status ON receipt_back (status, id);
CREATE INDEX receipt_back_by_vendor ON receipt_back (vendor_id, id);
CREATE UNIQUE INDEX receipt_back_holds ON receipt_back (receipt_id) WHERE status IN ('given', 'accepted');

-- +goose Down
SELECT 1;
