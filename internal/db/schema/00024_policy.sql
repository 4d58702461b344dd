-- +goose Up

-- Why a version of the operator's rules holds, who had a part in it, and whether it
-- was called off before its time. The rules themselves never change in a row.
ALTER TABLE policy ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE policy ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE policy ADD COLUMN proposal_id TEXT NOT NULL DEFAULT '';
ALTER TABLE policy ADD COLUMN replaces_id TEXT NOT NULL DEFAULT '';
ALTER TABLE policy ADD COLUMN withdrawn_at TIMESTAMPTZ;
ALTER TABLE policy ADD COLUMN withdrawn_by TEXT NOT NULL DEFAULT '';

-- A change of the rules from its draft to its end.
CREATE TABLE policy_proposal (
    id         TEXT PRIMARY KEY,
    status     TEXT NOT NULL,
    title      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    base_id    TEXT NOT NULL,
    body       TEXT NOT NULL,
    holds_from TIMESTAMPTZ,
    version    BIGINT NOT NULL,
    hands      TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    sent_by    TEXT NOT NULL DEFAULT '',
    sent_at    TIMESTAMPTZ,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at TIMESTAMPTZ,
    note       TEXT NOT NULL DEFAULT '',
    policy_id  TEXT NOT NULL DEFAULT ''
);
CREATE INDEX policy_proposal_open ON policy_proposal (changed_at) WHERE status IN ('draft', 'waiting');
