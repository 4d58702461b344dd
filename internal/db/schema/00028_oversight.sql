-- +goose Up

-- The log is searched by whoever did something, by kind, by address, newest first;
-- the time of an event is in its id, so that each of these also serves a range of time.
CREATE INDEX event_by_kind ON event (kind, id);
CREATE INDEX event_by_actor ON event (actor_id, id);
CREATE INDEX event_by_actor_kind ON event (actor_id, kind, id);
CREATE INDEX event_by_address ON event (address, id) WHERE address <> '';

-- The end of the chain on each day, signed with the installation's key and mailed
-- to those who watch: who holds one can prove what stood before it.
CREATE TABLE event_head (
    day         TEXT PRIMARY KEY,
    seq         BIGINT NOT NULL CHECK (seq >= 0),
    hash        TEXT NOT NULL,
    count       BIGINT NOT NULL CHECK (count >= 0),
    previous    TEXT NOT NULL,
    body        TEXT NOT NULL,
    signature   TEXT NOT NULL,
    certificate TEXT NOT NULL,
    made_at     TIMESTAMPTZ NOT NULL
);

