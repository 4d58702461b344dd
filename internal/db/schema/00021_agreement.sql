-- +goose Up

-- From when a version must be accepted by those who accepted an earlier one; until
-- then they are asked and nothing is kept from them.
ALTER TABLE agreement ADD COLUMN required_from TIMESTAMPTZ;

-- What the operator writes at before it is published; one draft per document.
CREATE TABLE agreement_draft (
    id            TEXT PRIMARY KEY,
    version       TEXT NOT NULL,
    holds_from    TIMESTAMPTZ,
    required_from TIMESTAMPTZ,
    title         TEXT NOT NULL,
    body          TEXT NOT NULL,
    saved_by      TEXT NOT NULL,
    saved_at      TIMESTAMPTZ NOT NULL
);

-- +goose Down
SELECT 1;
