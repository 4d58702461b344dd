-- +goose Up

-- What a company takes out: everything held about it, as one file that is kept for a
-- few days.
CREATE TABLE takeout (
    id        TEXT PRIMARY KEY,
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    status    TEXT NOT NULL,
    asked_by  TEXT NOT NULL,
    asked_at  TIMESTAMPTZ NOT NULL,
    run       TEXT NOT NULL DEFAULT '',
    tries     INTEGER NOT NULL DEFAULT 0,
    done      BIGINT NOT NULL DEFAULT 0,
    total     BIGINT NOT NULL DEFAULT 0,
    records   BIGINT NOT NULL DEFAULT 0,
    files     BIGINT NOT NULL DEFAULT 0,
    missing   BIGINT NOT NULL DEFAULT 0,
    bytes     BIGINT NOT NULL DEFAULT 0,
    sha256    TEXT NOT NULL DEFAULT '',
    made_at   TIMESTAMPTZ,
    until_at  TIMESTAMPTZ,
    downloads BIGINT NOT NULL DEFAULT 0,
    ended_at  TIMESTAMPTZ
);

CREATE INDEX takeout_by_vendor ON takeout (vendor_id, id);
CREATE INDEX takeout_by_end ON takeout (until_at) WHERE status = 'ready';
CREATE UNIQUE INDEX takeout_open ON takeout (vendor_id) WHERE status IN ('asked', 'making');

-- The file in pieces, so that neither making nor sending it holds it in memory.
CREATE TABLE takeout_part (
    takeout_id TEXT NOT NULL REFERENCES takeout (id),
    no         BIGINT NOT NULL,
    file_id    TEXT NOT NULL,
    PRIMARY KEY (takeout_id, no)
);
