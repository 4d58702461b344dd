-- The whole schema as the migrations leave it on SQLite; PostgreSQL has the same
-- tables. Written by go test ./internal/db -update; do not edit.

CREATE TABLE account (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    mail          TEXT NOT NULL,
    mail_index    TEXT NOT NULL UNIQUE,
    phone         TEXT NOT NULL,
    phone_index   TEXT NOT NULL,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    lang          TEXT NOT NULL,
    vendor_id     TEXT NOT NULL DEFAULT '',
    roles         TEXT NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL,
    verified_at   TIMESTAMPTZ,
    disabled_at   TIMESTAMPTZ
);

CREATE INDEX account_by_vendor ON account (vendor_id) WHERE vendor_id <> '';

CREATE UNIQUE INDEX account_phone_once ON account (phone_index) WHERE kind = 'member' AND verified_at IS NOT NULL;

CREATE TABLE account_attempt (
    what  TEXT NOT NULL,
    slot  TIMESTAMPTZ NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (what, slot)
);

CREATE TABLE account_challenge (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    data       TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE account_change (
    account_id TEXT NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL,
    value      TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, kind)
);

CREATE TABLE account_code (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    channel    TEXT NOT NULL,
    purpose    TEXT NOT NULL,
    subject    TEXT NOT NULL,
    code_hash  TEXT NOT NULL,
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

CREATE UNIQUE INDEX account_code_current ON account_code (account_id, channel, purpose, subject);

CREATE TABLE account_device (
    account_id TEXT NOT NULL REFERENCES account (id),
    print      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    first_seen TIMESTAMPTZ NOT NULL,
    last_seen  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, print)
);

CREATE TABLE account_factor (
    id               TEXT PRIMARY KEY,
    account_id       TEXT NOT NULL REFERENCES account (id),
    kind             TEXT NOT NULL,
    name             TEXT NOT NULL,
    secret           TEXT NOT NULL,
    credential_index TEXT UNIQUE,
    last_step        BIGINT NOT NULL DEFAULT 0,
    made_at          TIMESTAMPTZ NOT NULL,
    confirmed_at     TIMESTAMPTZ,
    last_used        TIMESTAMPTZ
);

CREATE INDEX account_factor_by_account ON account_factor (account_id);

CREATE UNIQUE INDEX account_factor_one_totp ON account_factor (account_id) WHERE kind = 'totp' AND confirmed_at IS NOT NULL;

CREATE TABLE account_invitation (
    id          TEXT PRIMARY KEY,
    vendor_id   TEXT NOT NULL,
    mail        TEXT NOT NULL,
    mail_index  TEXT NOT NULL,
    roles       TEXT NOT NULL,
    lang        TEXT NOT NULL,
    token_hash  TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL,
    made_by     TEXT NOT NULL REFERENCES account (id),
    made_at     TIMESTAMPTZ NOT NULL,
    sent_at     TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL,
    ended_at    TIMESTAMPTZ,
    accepted_by TEXT NOT NULL DEFAULT ''
);

CREATE INDEX account_invitation_by_vendor ON account_invitation (vendor_id, id);

CREATE UNIQUE INDEX account_invitation_open ON account_invitation (vendor_id, mail_index) WHERE state = 'open';

CREATE TABLE account_key (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES account (id),
    name        TEXT NOT NULL,
    prefix      TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    scopes      TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    last_used   TIMESTAMPTZ,
    revoked_at  TIMESTAMPTZ
);

CREATE INDEX account_key_by_account ON account_key (account_id);

CREATE TABLE account_recovery (
    account_id TEXT NOT NULL REFERENCES account (id),
    code_hash  TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ,
    PRIMARY KEY (account_id, code_hash)
);

CREATE TABLE account_session (
    token_hash TEXT PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    address    TEXT NOT NULL,
    agent      TEXT NOT NULL
, stage TEXT NOT NULL DEFAULT '', via TEXT NOT NULL DEFAULT 'password', seen_at TIMESTAMPTZ, proved_at TIMESTAMPTZ);

CREATE INDEX account_session_by_account ON account_session (account_id);

CREATE TABLE account_subject (
    subject_index TEXT PRIMARY KEY,
    account_id    TEXT NOT NULL REFERENCES account (id),
    issuer        TEXT NOT NULL,
    bound_at      TIMESTAMPTZ NOT NULL
);

CREATE UNIQUE INDEX account_subject_once ON account_subject (account_id, issuer);

CREATE TABLE account_throttle (
    what     TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at  TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ
);

CREATE TABLE account_transfer (
    id         TEXT PRIMARY KEY,
    vendor_id  TEXT NOT NULL,
    from_id    TEXT NOT NULL REFERENCES account (id),
    to_id      TEXT NOT NULL REFERENCES account (id),
    keeps      TEXT NOT NULL,
    state      TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL,
    open_at    TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at   TIMESTAMPTZ
);

CREATE UNIQUE INDEX account_transfer_open ON account_transfer (vendor_id) WHERE state = 'offered';

CREATE TABLE agreement (
    id         TEXT NOT NULL,
    version    TEXT NOT NULL,
    holds_from TIMESTAMPTZ NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    hash       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL, required_from TIMESTAMPTZ,
    PRIMARY KEY (id, version)
);

CREATE INDEX agreement_by_time ON agreement (id, holds_from);

CREATE TABLE agreement_acceptance (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    agreement_id TEXT NOT NULL,
    version      TEXT NOT NULL,
    hash         TEXT NOT NULL,
    account_id   TEXT NOT NULL,
    accepted_at  TIMESTAMPTZ NOT NULL,
    address      TEXT NOT NULL,
    UNIQUE (vendor_id, agreement_id, version, hash)
);

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

CREATE TABLE amendment (
    id          TEXT PRIMARY KEY,
    vendor_id   TEXT NOT NULL REFERENCES vendor (id),
    kind        TEXT NOT NULL,
    status      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    parts       TEXT NOT NULL,
    paper       TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     TIMESTAMPTZ NOT NULL,
    checked_by  TEXT NOT NULL DEFAULT '',
    checked_at  TIMESTAMPTZ,
    promised_by TIMESTAMPTZ,
    holder      TEXT NOT NULL DEFAULT '',
    held_since  TIMESTAMPTZ,
    decided_by  TEXT NOT NULL DEFAULT '',
    decided_at  TIMESTAMPTZ,
    decision    TEXT NOT NULL DEFAULT '',
    effect_at   TIMESTAMPTZ,
    ended_by    TEXT NOT NULL DEFAULT '',
    ended_at    TIMESTAMPTZ,
    stop_token  TEXT NOT NULL DEFAULT '',
    stop_index  TEXT NOT NULL DEFAULT '',
    contract_id TEXT NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX amendment_by_stop ON amendment (stop_index) WHERE stop_index <> '';

CREATE INDEX amendment_by_vendor ON amendment (vendor_id, id);

CREATE UNIQUE INDEX amendment_open ON amendment (vendor_id, kind) WHERE status IN ('checking', 'submitted', 'in_review', 'cooling');

CREATE INDEX amendment_waiting ON amendment (made_at, id) WHERE status IN ('submitted', 'in_review');

CREATE TABLE amendment_told (
    vendor_id TEXT NOT NULL REFERENCES vendor (id),
    what      TEXT NOT NULL,
    at        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (vendor_id, what)
);

CREATE TABLE announcement (
    subject      TEXT PRIMARY KEY,
    reference    TEXT NOT NULL UNIQUE,
    sealed       TEXT NOT NULL,
    expected_fen BIGINT NOT NULL CHECK (expected_fen >= 0),
    currency     TEXT NOT NULL,
    way          TEXT NOT NULL DEFAULT '',
    mark         TEXT NOT NULL,
    changed_at   TIMESTAMPTZ NOT NULL
);

CREATE TABLE announcement_payer (
    blind   TEXT NOT NULL,
    subject TEXT NOT NULL REFERENCES announcement (subject),
    PRIMARY KEY (blind, subject)
);

CREATE INDEX announcement_payer_by_subject ON announcement_payer (subject);

CREATE TABLE api_answer (
    key          TEXT PRIMARY KEY,
    request_hash TEXT NOT NULL,
    body         TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL
);

CREATE INDEX api_answer_by_time ON api_answer (made_at);

CREATE TABLE application (
    id            TEXT PRIMARY KEY,
    vendor_id     TEXT NOT NULL UNIQUE REFERENCES vendor (id),
    status        TEXT NOT NULL,
    version       BIGINT NOT NULL,
    draft         TEXT NOT NULL,
    saved_at      TIMESTAMPTZ NOT NULL,
    saved_by      TEXT NOT NULL,
    submission_id TEXT NOT NULL DEFAULT '',
    submitted_at  TIMESTAMPTZ,
    promised_by   TIMESTAMPTZ,
    holder        TEXT NOT NULL DEFAULT '',
    held_since    TIMESTAMPTZ,
    mode          TEXT NOT NULL DEFAULT ''
, contract_since TIMESTAMPTZ);

CREATE INDEX application_by_holder ON application (holder, submitted_at, id) WHERE status IN ('submitted', 'in_review');

CREATE INDEX application_by_promise ON application (promised_by, id) WHERE status IN ('submitted', 'in_review');

CREATE INDEX application_contract_since ON application (contract_since, vendor_id) WHERE contract_since IS NOT NULL;

CREATE INDEX application_settled ON application (submitted_at, id) WHERE status IN ('decided', 'returned');

CREATE INDEX application_waiting ON application (submitted_at, id) WHERE status IN ('submitted', 'in_review');

CREATE TABLE application_note (
    id             TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    body           TEXT NOT NULL,
    made_by        TEXT NOT NULL,
    made_at        TIMESTAMPTZ NOT NULL
);

CREATE INDEX application_note_by_application ON application_note (application_id, id);

CREATE TABLE bank_line (
    id                  TEXT PRIMARY KEY,
    statement_id        TEXT NOT NULL REFERENCES bank_statement (id),
    payee_id            TEXT NOT NULL,
    line_key            TEXT NOT NULL,
    row_no              BIGINT NOT NULL,
    booked_on           TEXT NOT NULL,
    booked_at           TIMESTAMPTZ,
    fen                 BIGINT NOT NULL CHECK (fen <> 0),
    currency            TEXT NOT NULL,
    sealed              TEXT NOT NULL,
    payer_account_blind TEXT NOT NULL,
    payer_name_blind    TEXT NOT NULL,
    imported_by         TEXT NOT NULL,
    state               TEXT NOT NULL,
    subject             TEXT NOT NULL DEFAULT '',
    reasons             TEXT NOT NULL DEFAULT '[]',
    proposed_by         TEXT NOT NULL DEFAULT '',
    proposed_at         TIMESTAMPTZ,
    withdrawn           TEXT NOT NULL DEFAULT '[]',
    taken_for           TEXT,
    taken_by            TEXT NOT NULL DEFAULT '',
    taken_at            TIMESTAMPTZ, reversal BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (payee_id, line_key)
);

CREATE INDEX bank_line_by_payer_account ON bank_line (payer_account_blind) WHERE payer_account_blind <> '';

CREATE INDEX bank_line_by_payer_name ON bank_line (payer_name_blind) WHERE payer_name_blind <> '';

CREATE INDEX bank_line_by_state ON bank_line (state, id);

CREATE INDEX bank_line_by_statement ON bank_line (statement_id, id);

CREATE INDEX bank_line_by_statement_state ON bank_line (statement_id, state, id);

CREATE INDEX bank_line_by_subject ON bank_line (subject, id) WHERE subject <> '';

CREATE TABLE bank_line_reference (
    reference TEXT NOT NULL,
    line_id   TEXT NOT NULL REFERENCES bank_line (id),
    PRIMARY KEY (reference, line_id)
);

CREATE INDEX bank_line_reference_by_line ON bank_line_reference (line_id);

CREATE TABLE bank_line_share (
    id        TEXT PRIMARY KEY,
    line_id   TEXT NOT NULL REFERENCES bank_line (id),
    fen       BIGINT NOT NULL CHECK (fen > 0),
    currency  TEXT NOT NULL,
    subject   TEXT NOT NULL DEFAULT '',
    split_by  TEXT NOT NULL,
    split_at  TIMESTAMPTZ NOT NULL,
    taken_for TEXT,
    taken_by  TEXT NOT NULL DEFAULT '',
    taken_at  TIMESTAMPTZ
);

CREATE INDEX bank_line_share_by_line ON bank_line_share (line_id, id);

CREATE INDEX bank_line_share_by_subject ON bank_line_share (subject, id) WHERE subject <> '';

CREATE TABLE bank_statement (
    id          TEXT PRIMARY KEY,
    payee_id    TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    mapping     TEXT NOT NULL,
    status      TEXT NOT NULL,
    lines       BIGINT NOT NULL,
    done        BIGINT NOT NULL DEFAULT 0,
    fresh       BIGINT NOT NULL DEFAULT 0,
    credits     BIGINT NOT NULL,
    debits      BIGINT NOT NULL,
    credit_fen  BIGINT NOT NULL,
    debit_fen   BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    first_day   TEXT,
    last_day    TEXT,
    imported_by TEXT NOT NULL,
    begun_at    TIMESTAMPTZ NOT NULL,
    imported_at TIMESTAMPTZ, format TEXT NOT NULL DEFAULT 'csv', file_id TEXT NOT NULL DEFAULT '', surveyed BOOLEAN NOT NULL DEFAULT TRUE, checked BIGINT NOT NULL DEFAULT 0, holder TEXT NOT NULL DEFAULT '', progress_at TIMESTAMPTZ, notes TEXT NOT NULL DEFAULT '[]', faults TEXT NOT NULL DEFAULT '[]',
    UNIQUE (payee_id, sha256)
);

CREATE INDEX bank_statement_by_payee ON bank_statement (payee_id, id);

CREATE TABLE bank_statement_part (
    statement_id TEXT NOT NULL REFERENCES bank_statement (id),
    no           BIGINT NOT NULL,
    payee_id     TEXT NOT NULL,
    name         TEXT NOT NULL DEFAULT '',
    sequence     TEXT NOT NULL DEFAULT '',
    first_day    TEXT,
    last_day     TEXT,
    lines        BIGINT NOT NULL,
    credit_fen   BIGINT NOT NULL,
    debit_fen    BIGINT NOT NULL,
    opening_fen  BIGINT,
    closing_fen  BIGINT,
    currency     TEXT NOT NULL,
    PRIMARY KEY (statement_id, no)
);

CREATE INDEX bank_statement_part_by_payee ON bank_statement_part (payee_id, last_day);

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
, kind TEXT NOT NULL DEFAULT '', renews TEXT NOT NULL DEFAULT '', begins_at TIMESTAMPTZ);

CREATE INDEX contract_by_end ON contract (until) WHERE status = 'signed';

CREATE INDEX contract_by_status ON contract (status, id);

CREATE INDEX contract_by_vendor ON contract (vendor_id, id);

CREATE UNIQUE INDEX contract_in_force ON contract (vendor_id, renews) WHERE status = 'signed';

CREATE UNIQUE INDEX contract_open ON contract (vendor_id) WHERE status IN ('preparing', 'offered', 'scanned');

CREATE INDEX contract_scanned ON contract (scan_at, vendor_id) WHERE status = 'scanned';

CREATE TABLE contract_claim (
    vendor_id TEXT PRIMARY KEY REFERENCES vendor (id),
    holder    TEXT NOT NULL,
    since     TIMESTAMPTZ NOT NULL
);

CREATE INDEX contract_claim_by_holder ON contract_claim (holder, vendor_id);

CREATE TABLE contract_series (
    year INTEGER PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE counter (
    series TEXT PRIMARY KEY,
    last   BIGINT NOT NULL
);

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

CREATE TABLE deposit (
    vendor_id   TEXT PRIMARY KEY,
    reference   TEXT NOT NULL UNIQUE,
    due_fen     BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    due_for     TEXT NOT NULL DEFAULT '',
    asked_at    TIMESTAMPTZ NOT NULL,
    top_up_by   TIMESTAMPTZ
, why TEXT NOT NULL DEFAULT '', policy_id TEXT NOT NULL DEFAULT '', reminded BIGINT NOT NULL DEFAULT 0, remind_at TIMESTAMPTZ, make_up_by TIMESTAMPTZ, closed_at TIMESTAMPTZ, reminded_for TIMESTAMPTZ, reminded_days INTEGER NOT NULL DEFAULT 0);

CREATE INDEX deposit_by_clock ON deposit (top_up_by);

CREATE INDEX deposit_by_policy ON deposit (policy_id, vendor_id);

CREATE INDEX deposit_by_reminder ON deposit (remind_at) WHERE due_fen > 0;

CREATE TABLE deposit_cover (
    vendor_id  TEXT NOT NULL,
    category   TEXT NOT NULL,
    covered_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (vendor_id, category)
);

CREATE TABLE deposit_decision (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    status     TEXT NOT NULL,
    target     TEXT NOT NULL,
    line_id    TEXT NOT NULL DEFAULT '',
    other_id   TEXT NOT NULL DEFAULT '',
    vendor_id  TEXT NOT NULL DEFAULT '',
    receipt_id TEXT NOT NULL DEFAULT '',
    fen        BIGINT NOT NULL,
    currency   TEXT NOT NULL,
    reason     TEXT NOT NULL,
    asked_by   TEXT NOT NULL,
    asked_at   TIMESTAMPTZ NOT NULL,
    decided_by TEXT NOT NULL DEFAULT '',
    decided_at TIMESTAMPTZ,
    note       TEXT NOT NULL DEFAULT ''
);

CREATE INDEX deposit_decision_by_line ON deposit_decision (line_id, id) WHERE line_id <> '';

CREATE INDEX deposit_decision_by_other ON deposit_decision (other_id) WHERE other_id <> '';

CREATE INDEX deposit_decision_by_status ON deposit_decision (status, id);

CREATE INDEX deposit_decision_by_vendor ON deposit_decision (vendor_id, id) WHERE vendor_id <> '';

CREATE UNIQUE INDEX deposit_decision_waiting ON deposit_decision (target) WHERE status = 'asked';

CREATE TABLE deposit_deduction (
    id           TEXT PRIMARY KEY,
    paper        TEXT NOT NULL UNIQUE,
    vendor_id    TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    taken_fen    BIGINT NOT NULL CHECK (taken_fen >= 0),
    returned_fen BIGINT NOT NULL DEFAULT 0 CHECK (returned_fen >= 0 AND returned_fen <= taken_fen),
    waived_fen   BIGINT NOT NULL DEFAULT 0 CHECK (waived_fen >= 0),
    open_fen     BIGINT NOT NULL CHECK (open_fen >= 0),
    currency     TEXT NOT NULL,
    top_up_by    TIMESTAMPTZ,
    overdue_at   TIMESTAMPTZ,
    topped_up_at TIMESTAMPTZ,
    made_by      TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL,
    CHECK (taken_fen + waived_fen <= fen)
);

CREATE INDEX deposit_deduction_by_vendor ON deposit_deduction (vendor_id, id);

CREATE TABLE deposit_deduction_posting (
    id           TEXT PRIMARY KEY,
    deduction_id TEXT NOT NULL REFERENCES deposit_deduction (id),
    kind         TEXT NOT NULL,
    number       TEXT NOT NULL UNIQUE,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    excess_fen   BIGINT NOT NULL DEFAULT 0 CHECK (excess_fen >= 0 AND excess_fen <= fen),
    transfer_id  TEXT NOT NULL UNIQUE,
    made_by      TEXT NOT NULL,
    made_at      TIMESTAMPTZ NOT NULL
);

CREATE INDEX deposit_deduction_posting_by_deduction ON deposit_deduction_posting (deduction_id, id);

CREATE TABLE "deposit_receipt" (
    id           TEXT PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    code         TEXT NOT NULL UNIQUE,
    vendor_id    TEXT NOT NULL,
    line_id      TEXT NOT NULL REFERENCES bank_line (id),
    share_id     TEXT NOT NULL DEFAULT '',
    voucher_id   TEXT REFERENCES deposit_voucher (id),
    fen          BIGINT NOT NULL CHECK (fen > 0),
    held_fen     BIGINT NOT NULL CHECK (held_fen >= 0),
    excess_fen   BIGINT NOT NULL CHECK (excess_fen >= 0),
    currency     TEXT NOT NULL,
    paid_on      TEXT NOT NULL,
    issued_on    TEXT NOT NULL,
    way          TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    reason       TEXT NOT NULL DEFAULT '',
    confirmed_by TEXT NOT NULL,
    confirmed_at TIMESTAMPTZ NOT NULL,
    file_id      TEXT,
    voided_at    TIMESTAMPTZ,
    voided_by    TEXT NOT NULL DEFAULT '',
    void_reason  TEXT NOT NULL DEFAULT '',
    void_file_id TEXT,
    CHECK (fen = held_fen + excess_fen)
);

CREATE INDEX deposit_receipt_by_vendor ON deposit_receipt (vendor_id, id);

CREATE INDEX deposit_receipt_by_voucher ON deposit_receipt (voucher_id) WHERE voucher_id IS NOT NULL;

CREATE UNIQUE INDEX deposit_receipt_of_line ON deposit_receipt (line_id, share_id) WHERE voided_at IS NULL;

CREATE TABLE deposit_voucher (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL,
    status       TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    currency     TEXT NOT NULL,
    paid_on      TEXT NOT NULL,
    way          TEXT NOT NULL,
    file_id      TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    other_payer  BOOLEAN NOT NULL,
    presented_by TEXT NOT NULL,
    presented_at TIMESTAMPTZ NOT NULL,
    promised_by  TIMESTAMPTZ NOT NULL,
    decided_by   TEXT NOT NULL DEFAULT '',
    decided_at   TIMESTAMPTZ,
    reason       TEXT NOT NULL DEFAULT ''
, received_fen BIGINT NOT NULL DEFAULT 0, holder TEXT NOT NULL DEFAULT '', held_at TIMESTAMPTZ);

CREATE INDEX deposit_voucher_by_status ON deposit_voucher (status, id);

CREATE INDEX deposit_voucher_by_vendor ON deposit_voucher (vendor_id, id);

CREATE TABLE event (
    id         TEXT PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    vendor_id  TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor_id   TEXT NOT NULL,
    address    TEXT NOT NULL DEFAULT '',
    internal   BOOLEAN NOT NULL DEFAULT FALSE,
    data       TEXT NOT NULL
);

CREATE INDEX event_by_actor ON event (actor_id, id);

CREATE INDEX event_by_actor_kind ON event (actor_id, kind, id);

CREATE INDEX event_by_actor_vendor ON event (actor_id, vendor_id, id);

CREATE INDEX event_by_address ON event (address, id) WHERE address <> '';

CREATE INDEX event_by_address_actor ON event (address, actor_id, id) WHERE address <> '';

CREATE INDEX event_by_address_kind ON event (address, kind, id) WHERE address <> '';

CREATE INDEX event_by_kind ON event (kind, id);

CREATE INDEX event_by_subject ON event (subject, id);

CREATE INDEX event_by_vendor ON event (vendor_id, id);

CREATE INDEX event_by_vendor_kind ON event (vendor_id, kind, id);

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

CREATE TABLE event_pending (
    event_id TEXT PRIMARY KEY REFERENCES event (id)
);

CREATE TABLE event_seal (
    seq       BIGINT PRIMARY KEY,
    event_id  TEXT NOT NULL UNIQUE REFERENCES event (id),
    prev_hash TEXT NOT NULL,
    hash      TEXT NOT NULL UNIQUE
);

CREATE TABLE exit (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    number       TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    status       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    violation_id TEXT NOT NULL DEFAULT '',
    asked_by     TEXT NOT NULL,
    asked_at     TIMESTAMPTZ NOT NULL,
    approved_by  TEXT NOT NULL DEFAULT '',
    approved_at  TIMESTAMPTZ,
    end_by       TIMESTAMPTZ,
    ended_at     TIMESTAMPTZ,
    clear_at     TIMESTAMPTZ,
    due_by       TIMESTAMPTZ,
    released_at  TIMESTAMPTZ,
    released_fen BIGINT NOT NULL DEFAULT 0 CHECK (released_fen >= 0),
    finished_at  TIMESTAMPTZ,
    closed_by    TEXT NOT NULL DEFAULT '',
    closed_why   TEXT NOT NULL DEFAULT ''
);

CREATE INDEX exit_by_status ON exit (status, id);

CREATE INDEX exit_by_vendor ON exit (vendor_id, id);

CREATE UNIQUE INDEX exit_proposed ON exit (vendor_id) WHERE status = 'proposed';

CREATE UNIQUE INDEX exit_under_way ON exit (vendor_id) WHERE status IN ('asked', 'leaving', 'returning');

CREATE TABLE file (
    id         TEXT PRIMARY KEY,
    vendor_id  TEXT NOT NULL DEFAULT '',
    purpose    TEXT NOT NULL,
    name       TEXT NOT NULL,
    type       TEXT NOT NULL,
    size       BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL
);

CREATE INDEX file_by_hash ON file (sha256);

CREATE INDEX file_by_vendor ON file (vendor_id, id);

CREATE TABLE job (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    dedupe_key  TEXT,
    payload     TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempt     INTEGER NOT NULL DEFAULT 0,
    run_at      TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ,
    owner       TEXT NOT NULL DEFAULT '',
    last_error  TEXT NOT NULL DEFAULT '',
    created_at  TIMESTAMPTZ NOT NULL,
    done_at     TIMESTAMPTZ
);

CREATE INDEX job_dead ON job (id) WHERE state = 'dead';

CREATE INDEX job_due ON job (run_at) WHERE state IN ('available', 'running');

CREATE UNIQUE INDEX job_once ON job (kind, dedupe_key);

CREATE TABLE ledger_balance (
    account  TEXT PRIMARY KEY,
    fen      BIGINT NOT NULL CHECK (fen >= 0),
    currency TEXT NOT NULL
);

CREATE TABLE ledger_entry (
    id          TEXT PRIMARY KEY,
    transfer_id TEXT NOT NULL REFERENCES ledger_transfer (id),
    account     TEXT NOT NULL,
    fen         BIGINT NOT NULL CHECK (fen <> 0),
    currency    TEXT NOT NULL
);

CREATE INDEX ledger_entry_by_account ON ledger_entry (account, id);

CREATE INDEX ledger_entry_by_transfer ON ledger_entry (transfer_id);

CREATE TABLE ledger_transfer (
    id         TEXT PRIMARY KEY,
    at         TIMESTAMPTZ NOT NULL,
    once_key   TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    reverses   TEXT UNIQUE REFERENCES ledger_transfer (id)
);

CREATE TABLE mail_letter (
    id            TEXT PRIMARY KEY,
    status        TEXT NOT NULL,
    why           TEXT NOT NULL DEFAULT '',
    way           TEXT NOT NULL,
    file_id       TEXT NOT NULL,
    sha256        TEXT NOT NULL UNIQUE,
    message_index TEXT,
    from_index    TEXT NOT NULL DEFAULT '',
    company_key   TEXT NOT NULL DEFAULT '',
    sealed        TEXT NOT NULL,
    passed        BOOLEAN NOT NULL,
    kept_by       TEXT NOT NULL,
    kept_at       TIMESTAMPTZ NOT NULL,
    vendor_id     TEXT NOT NULL DEFAULT '',
    fit           TEXT NOT NULL,
    doubts        TEXT NOT NULL DEFAULT '[]',
    holder        TEXT NOT NULL DEFAULT '',
    held_at       TIMESTAMPTZ,
    voucher_id    TEXT NOT NULL DEFAULT '',
    decided_by    TEXT NOT NULL DEFAULT '',
    decided_at    TIMESTAMPTZ,
    reason        TEXT NOT NULL DEFAULT ''
, answered_by TEXT NOT NULL DEFAULT '', answered_at TIMESTAMPTZ);

CREATE INDEX mail_letter_by_company ON mail_letter (company_key, id);

CREATE INDEX mail_letter_by_sender ON mail_letter (from_index, id) WHERE from_index <> '';

CREATE INDEX mail_letter_by_status ON mail_letter (status, id);

CREATE INDEX mail_letter_by_vendor ON mail_letter (vendor_id, id) WHERE vendor_id <> '';

CREATE UNIQUE INDEX mail_letter_once ON mail_letter (message_index) WHERE message_index IS NOT NULL;

CREATE TABLE mail_reading (
    account      TEXT NOT NULL,
    folder       TEXT NOT NULL,
    uid_validity BIGINT NOT NULL DEFAULT 0,
    uid_next     BIGINT NOT NULL DEFAULT 1,
    starts       BIGINT NOT NULL DEFAULT 0,
    letters      BIGINT NOT NULL DEFAULT 0,
    owner        TEXT NOT NULL DEFAULT '',
    lease_until  TIMESTAMPTZ,
    read_at      TIMESTAMPTZ,
    failed_at    TIMESTAMPTZ,
    trouble      TEXT NOT NULL DEFAULT '',
    detail       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (account, folder)
);

CREATE TABLE mark (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE message (
    id          TEXT PRIMARY KEY,
    made_at     TIMESTAMPTZ NOT NULL,
    template    TEXT NOT NULL,
    channel     TEXT NOT NULL,
    vendor_id   TEXT NOT NULL DEFAULT '',
    account_id  TEXT NOT NULL DEFAULT '',
    once_key    TEXT UNIQUE,
    recipient   TEXT NOT NULL,
    shown_as    TEXT NOT NULL,
    lang        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    body        TEXT NOT NULL,
    params      TEXT NOT NULL,
    files       TEXT NOT NULL,
    link        TEXT NOT NULL DEFAULT '',
    state       TEXT NOT NULL,
    last_error  TEXT NOT NULL DEFAULT '',
    tries       INTEGER NOT NULL DEFAULT 0,
    sent_at     TIMESTAMPTZ,
    read_at     TIMESTAMPTZ
);

CREATE INDEX message_by_account ON message (account_id, id) WHERE channel = 'inbox';

CREATE INDEX message_by_vendor ON message (vendor_id, id);

CREATE INDEX message_failed ON message (id) WHERE state = 'failed';

CREATE TABLE payout (
    id           TEXT PRIMARY KEY,
    reference    TEXT NOT NULL UNIQUE,
    subject      TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    status       TEXT NOT NULL,
    fen          BIGINT NOT NULL CHECK (fen > 0),
    currency     TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    from_account TEXT NOT NULL,
    paper        TEXT NOT NULL,
    asked_by     TEXT NOT NULL,
    asked_at     TIMESTAMPTZ NOT NULL,
    approved_by  TEXT NOT NULL DEFAULT '',
    approved_at  TIMESTAMPTZ,
    batch_id     TEXT NOT NULL DEFAULT '',
    line_id      TEXT NOT NULL DEFAULT '',
    paid_at      TIMESTAMPTZ,
    bounces      INTEGER NOT NULL DEFAULT 0,
    reason       TEXT NOT NULL DEFAULT ''
);

CREATE INDEX payout_by_batch ON payout (batch_id, id) WHERE batch_id <> '';

CREATE INDEX payout_by_status ON payout (status, id);

CREATE INDEX payout_by_subject ON payout (subject, id);

CREATE UNIQUE INDEX payout_once ON payout (purpose, paper) WHERE status <> 'cancelled';

CREATE TABLE payout_batch (
    id        TEXT PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    payee_id  TEXT NOT NULL,
    format    TEXT NOT NULL,
    status    TEXT NOT NULL,
    day       TEXT NOT NULL,
    payouts   BIGINT NOT NULL CHECK (payouts > 0),
    fen       BIGINT NOT NULL CHECK (fen > 0),
    currency  TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    made_at   TIMESTAMPTZ NOT NULL,
    file_id   TEXT NOT NULL DEFAULT '',
    sha256    TEXT NOT NULL DEFAULT '',
    reason    TEXT NOT NULL DEFAULT '',
    ended_by  TEXT NOT NULL DEFAULT '',
    ended_at  TIMESTAMPTZ
);

CREATE TABLE payout_batch_item (
    batch_id  TEXT NOT NULL REFERENCES payout_batch (id),
    payout_id TEXT NOT NULL REFERENCES payout (id),
    position  INTEGER NOT NULL,
    reference TEXT NOT NULL,
    sealed    TEXT NOT NULL,
    PRIMARY KEY (batch_id, payout_id)
);

CREATE INDEX payout_batch_item_by_payout ON payout_batch_item (payout_id);

CREATE TABLE payout_movement (
    line_id   TEXT PRIMARY KEY REFERENCES bank_line (id),
    payout_id TEXT NOT NULL REFERENCES payout (id),
    kind      TEXT NOT NULL,
    fen       BIGINT NOT NULL CHECK (fen > 0),
    reason    TEXT NOT NULL DEFAULT '',
    taken_by  TEXT NOT NULL,
    taken_at  TIMESTAMPTZ NOT NULL
);

CREATE INDEX payout_movement_by_payout ON payout_movement (payout_id, taken_at);

CREATE TABLE payout_proposal (
    line_id     TEXT NOT NULL REFERENCES bank_line (id),
    payout_id   TEXT NOT NULL REFERENCES payout (id),
    kind        TEXT NOT NULL,
    certain     BOOLEAN NOT NULL,
    reasons     TEXT NOT NULL,
    proposed_by TEXT NOT NULL DEFAULT '',
    proposed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (line_id, payout_id)
);

CREATE INDEX payout_proposal_by_payout ON payout_proposal (payout_id);

CREATE TABLE policy (
    id         TEXT PRIMARY KEY,
    holds_from TIMESTAMPTZ NOT NULL,
    body       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    TIMESTAMPTZ NOT NULL
, reason TEXT NOT NULL DEFAULT '', approved_by TEXT NOT NULL DEFAULT '', proposal_id TEXT NOT NULL DEFAULT '', replaces_id TEXT NOT NULL DEFAULT '', withdrawn_at TIMESTAMPTZ, withdrawn_by TEXT NOT NULL DEFAULT '');

CREATE INDEX policy_by_time ON policy (holds_from);

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
, code TEXT NOT NULL DEFAULT '', promised_at TIMESTAMPTZ, off_rule TEXT NOT NULL DEFAULT '', off_mend TEXT NOT NULL DEFAULT '', off_cause TEXT NOT NULL DEFAULT '', report_on TEXT, report_told INTEGER NOT NULL DEFAULT 100000);

CREATE UNIQUE INDEX product_by_code ON product (vendor_id, code) WHERE code <> '';

CREATE INDEX product_by_name ON product (name, id);

CREATE INDEX product_by_promise ON product (status, COALESCE(promised_at, queued_at), id);

CREATE INDEX product_by_report ON product (report_on, id) WHERE report_on IS NOT NULL;

CREATE INDEX product_by_status ON product (status, queued_at, id);

CREATE INDEX product_by_vendor ON product (vendor_id, id);

CREATE INDEX product_claimed ON product (holder, id) WHERE holder <> '';

CREATE INDEX product_waiting_by_category ON product (category, COALESCE(promised_at, queued_at), id) WHERE status = 'in_review';

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

CREATE TABLE product_review (
    id         TEXT PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES product (id),
    revision   INTEGER NOT NULL,
    decision   TEXT NOT NULL,
    verdicts   TEXT NOT NULL,
    note       TEXT NOT NULL DEFAULT '',
    decided_by TEXT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
, revision_id TEXT NOT NULL DEFAULT '');

CREATE INDEX product_review_by_product ON product_review (product_id, id);

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

CREATE INDEX product_revision_by_product ON product_revision (product_id, id);

CREATE INDEX product_revision_by_spot ON product_revision (spot, id) WHERE spot <> '';

CREATE INDEX product_revision_claimed ON product_revision (holder, id) WHERE holder <> '';

CREATE UNIQUE INDEX product_revision_open ON product_revision (product_id) WHERE is_open;

CREATE INDEX product_revision_since ON product_revision (submitted_at) WHERE status IN ('submitted', 'in_review');

CREATE INDEX product_revision_to_look_at ON product_revision (promised_at, (product_id || id)) WHERE spot = 'open';

CREATE INDEX product_revision_waiting ON product_revision (promised_at, (product_id || id)) WHERE status IN ('submitted', 'in_review');

CREATE TABLE product_thumb (
    picture TEXT NOT NULL,
    width   INTEGER NOT NULL,
    file_id TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (picture, width)
);

CREATE TABLE qualification (
    vendor_id     TEXT NOT NULL REFERENCES vendor (id),
    category      TEXT NOT NULL,
    status        TEXT NOT NULL,
    submission_id TEXT NOT NULL REFERENCES submission (id),
    changed_at    TIMESTAMPTZ NOT NULL,
    approved_at   TIMESTAMPTZ,
    PRIMARY KEY (vendor_id, category)
);

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

CREATE UNIQUE INDEX receipt_parcel_tracking ON receipt_parcel (courier, tracking, receipt_id) WHERE tracking <> '';

CREATE UNIQUE INDEX receipt_parcel_under_way ON receipt_parcel (receipt_id) WHERE status IN ('asked', 'sent', 'arrived');

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

CREATE INDEX shelf_by_vendor ON shelf (vendor_id, no);

CREATE INDEX shelf_by_version ON shelf (version);

CREATE VIRTUAL TABLE shelf_details USING fts5 (
    words, facets,
    content = '', contentless_delete = 1, detail = column,
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE shelf_page (
    no   INTEGER PRIMARY KEY REFERENCES shelf (no),
    body TEXT NOT NULL
);

CREATE VIRTUAL TABLE shelf_search USING fts5 (
    name, words, facets,
    content = '', contentless_delete = 1, detail = column,
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE shelf_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version BIGINT NOT NULL,
    last_no BIGINT NOT NULL
);

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
, closed BOOLEAN NOT NULL DEFAULT FALSE);

CREATE TABLE statement_mapping (
    name       TEXT PRIMARY KEY,
    body       TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE submission (
    id             TEXT PRIMARY KEY,
    application_id TEXT NOT NULL REFERENCES application (id),
    vendor_id      TEXT NOT NULL REFERENCES vendor (id),
    number         BIGINT NOT NULL,
    paper          TEXT NOT NULL,
    mode           TEXT NOT NULL,
    categories     TEXT NOT NULL,
    agreements     TEXT NOT NULL,
    submitted_by   TEXT NOT NULL,
    submitted_at   TIMESTAMPTZ NOT NULL,
    address        TEXT NOT NULL,
    outcome        TEXT NOT NULL DEFAULT '',
    decided_by     TEXT NOT NULL DEFAULT '',
    decided_at     TIMESTAMPTZ,
    decision       TEXT NOT NULL DEFAULT '',
    UNIQUE (application_id, number)
);

CREATE INDEX submission_by_vendor ON submission (vendor_id, number);

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

CREATE INDEX takeout_by_end ON takeout (until_at) WHERE status = 'ready';

CREATE INDEX takeout_by_vendor ON takeout (vendor_id, id);

CREATE UNIQUE INDEX takeout_open ON takeout (vendor_id) WHERE status IN ('asked', 'making');

CREATE TABLE takeout_part (
    takeout_id TEXT NOT NULL REFERENCES takeout (id),
    no         BIGINT NOT NULL,
    file_id    TEXT NOT NULL,
    PRIMARY KEY (takeout_id, no)
);

CREATE TABLE vendor (
    id            TEXT PRIMARY KEY,
    made_by       TEXT NOT NULL UNIQUE,
    made_at       TIMESTAMPTZ NOT NULL,
    locks         BIGINT NOT NULL DEFAULT 0,
    name          TEXT NOT NULL DEFAULT '',
    name_key      TEXT NOT NULL DEFAULT '',
    shop_name     TEXT NOT NULL DEFAULT '',
    uscc          TEXT,
    company       TEXT NOT NULL DEFAULT '',
    account_index TEXT NOT NULL DEFAULT '',
    updated_at    TIMESTAMPTZ
, parting TEXT NOT NULL DEFAULT '', licence_until TEXT NOT NULL DEFAULT '');

CREATE INDEX vendor_by_account ON vendor (account_index) WHERE account_index <> '';

CREATE INDEX vendor_by_licence ON vendor (licence_until) WHERE licence_until <> '' AND licence_until <> 'long-term';

CREATE INDEX vendor_by_name ON vendor (name_key, id);

CREATE UNIQUE INDEX vendor_uscc ON vendor (uscc) WHERE uscc IS NOT NULL;

CREATE TABLE vendor_bar (
    id          TEXT PRIMARY KEY,
    uscc        TEXT NOT NULL,
    name        TEXT NOT NULL,
    vendor_id   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    barred_by   TEXT NOT NULL,
    barred_at   TIMESTAMPTZ NOT NULL,
    lifted_by   TEXT NOT NULL DEFAULT '',
    lifted_at   TIMESTAMPTZ,
    lift_reason TEXT NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX vendor_bar_holds ON vendor_bar (uscc) WHERE lifted_at IS NULL;

CREATE TABLE verdict (
    id            TEXT PRIMARY KEY,
    vendor_id     TEXT NOT NULL REFERENCES vendor (id),
    submission_id TEXT NOT NULL REFERENCES submission (id),
    condition_id  TEXT NOT NULL,
    category      TEXT NOT NULL,
    result        TEXT NOT NULL,
    reason        TEXT NOT NULL,
    field         TEXT NOT NULL,
    basis         TEXT NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       TIMESTAMPTZ NOT NULL
);

CREATE INDEX verdict_by_vendor ON verdict (vendor_id, id);

CREATE TABLE violation (
    id           TEXT PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (id),
    product_id   TEXT NOT NULL DEFAULT '',
    status       TEXT NOT NULL,
    offence_id   TEXT NOT NULL,
    offence      TEXT NOT NULL,
    measure      TEXT NOT NULL,
    proposed_fen BIGINT NOT NULL CHECK (proposed_fen >= 0),
    fen          BIGINT NOT NULL CHECK (fen >= 0),
    currency     TEXT NOT NULL,
    description  TEXT NOT NULL,
    recorded_by  TEXT NOT NULL,
    recorded_at  TIMESTAMPTZ NOT NULL,
    decided_by   TEXT NOT NULL DEFAULT '',
    decided_at   TIMESTAMPTZ,
    decision     TEXT NOT NULL DEFAULT '',
    appeal_by    TIMESTAMPTZ,
    appeal       TEXT NOT NULL DEFAULT '',
    appealed_by  TEXT NOT NULL DEFAULT '',
    appealed_at  TIMESTAMPTZ,
    judged_by    TEXT NOT NULL DEFAULT '',
    judged_at    TIMESTAMPTZ,
    judgement    TEXT NOT NULL DEFAULT '',
    promised_by  TIMESTAMPTZ
);

CREATE INDEX violation_by_status ON violation (status, id);

CREATE INDEX violation_by_vendor ON violation (vendor_id, id);

CREATE TABLE violation_file (
    violation_id TEXT NOT NULL REFERENCES violation (id),
    part         TEXT NOT NULL,
    place        INTEGER NOT NULL,
    file_id      TEXT NOT NULL,
    PRIMARY KEY (violation_id, part, place)
);
