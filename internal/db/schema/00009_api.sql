-- +goose Up

-- Answers kept for repeated requests with the same Idempotency-Key, sealed.
CREATE TABLE api_answer (
    key          TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    body         TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL
);
CREATE INDEX api_answer_by_time ON api_answer (made_at);

-- +goose Down
SELECT 1;
