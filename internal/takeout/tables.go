package takeout

import "strings"

// noun is one part of a takeout: the rows of a table that are about the company, and
// what of them it gets.
type noun struct {
	name  string // of its files; the catalogue has takeout.noun_<name>
	table string
	where string // which rows, $1 is the vendor's id
	// columns are what it gets: a name, or name:kind with the kind json, sealed (opened
	// at table.column:id), person (who of the staff it was is not told) or address (of
	// the company's own people alone).
	columns string
	// withheld are the columns it does not get, with the reason.
	withheld map[string]string
	// places are where columns are sealed to, other than table.column:id; {column} is
	// the row's value.
	places map[string]string
}

// The reasons why a column is left out.
const (
	search  = "a blind index or a key for searching: it says nothing that another column does not say"
	secret  = "lets its holder in"
	desk    = "who of the staff has it on the desk"
	self    = "the company's own id"
	clock   = "an inner mark of counting or reminding"
	ofStaff = "words of the staff among themselves"
	ofBank  = "a line of the operator's bank statement"
)

const (
	own = `vendor_id = $1`
	// shownViolations are those that the company has been told of.
	shownViolations = `SELECT id FROM violation WHERE vendor_id = $1 AND status NOT IN ('recorded', 'dropped')`
	ownPeople       = `SELECT id FROM account WHERE vendor_id = $1`
	ownAccounts     = `SELECT 'deposit-held:' || id FROM vendor WHERE id = $1 UNION ALL SELECT 'overpaid:' || id FROM vendor WHERE id = $1`
	// ownFiles are the company's documents: of evidence of violations what it was told
	// of, of pictures not the small copies, of mails those that were entered for it.
	ownFiles = `(vendor_id = $1 AND purpose NOT IN ('takeout') AND id NOT IN (SELECT file_id FROM product_thumb)
		AND (purpose <> 'violation' OR id IN (SELECT file_id FROM violation_file WHERE violation_id IN (` + shownViolations + `)))
		OR purpose = 'mail' AND id IN (SELECT file_id FROM mail_letter WHERE vendor_id = $1 AND status = 'done'))`
)

// nouns is everything that a company takes out, in the order of its story.
var nouns = []noun{
	{name: "company", table: "vendor", where: `id = $1`,
		columns:  "id made_by:person made_at name shop_name uscc company:sealed licence_until updated_at parting",
		withheld: map[string]string{"locks": clock, "name_key": search, "account_index": search}},
	{name: "people", table: "account", where: own,
		columns:  "id name:sealed mail:sealed phone:sealed lang roles:json created_at verified_at disabled_at",
		withheld: map[string]string{"kind": self, "vendor_id": self, "mail_index": search, "phone_index": search, "password_hash": secret}},
	{name: "invitations", table: "account_invitation", where: own,
		columns:  "id mail:sealed roles:json lang state made_by:person made_at sent_at expires_at ended_at accepted_by:person",
		withheld: map[string]string{"vendor_id": self, "mail_index": search, "token_hash": secret},
		places:   map[string]string{"mail": "account.invitation:{id}"}},
	{name: "ownership_transfers", table: "account_transfer", where: own,
		columns:  "id from_id to_id keeps:json state made_at open_at expires_at ended_at",
		withheld: map[string]string{"vendor_id": self}},
	{name: "api_keys", table: "account_key", where: `account_id IN (` + ownPeople + `)`,
		columns:  "id account_id name scopes:json created_at last_used revoked_at",
		withheld: map[string]string{"prefix": secret, "secret_hash": secret}},
	{name: "agreements", table: "agreement", where: `EXISTS (SELECT 1 FROM agreement_acceptance a WHERE a.vendor_id = $1 AND a.agreement_id = agreement.id AND a.version = agreement.version)`,
		columns:  "id version holds_from required_from title:json body:json hash",
		withheld: map[string]string{"made_by": ofStaff, "made_at": ofStaff}},
	{name: "acceptances", table: "agreement_acceptance", where: own,
		columns:  "id agreement_id version hash account_id:person accepted_at address",
		withheld: map[string]string{"vendor_id": self}},
	{name: "application", table: "application", where: own,
		columns:  "id status version draft:sealed saved_at saved_by:person submission_id submitted_at promised_by mode",
		withheld: map[string]string{"vendor_id": self, "holder": desk, "held_since": desk, "contract_since": clock}},
	{name: "submissions", table: "submission", where: own,
		columns:  "id application_id number paper:sealed mode categories:json agreements:json submitted_by:person submitted_at address outcome decided_by:person decided_at decision:sealed",
		withheld: map[string]string{"vendor_id": self}},
	{name: "verdicts", table: "verdict", where: own,
		columns:  "id submission_id condition_id category result reason:sealed field made_by:person made_at",
		withheld: map[string]string{"vendor_id": self, "basis": search},
		places:   map[string]string{"reason": "verdict.reason:{submission_id}:{condition_id}:{category}"}},
	{name: "categories", table: "qualification", where: own,
		columns:  "category status submission_id changed_at approved_at",
		withheld: map[string]string{"vendor_id": self}},
	{name: "contracts", table: "contract", where: own,
		columns: "id number kind renews status template lang mode fee_basis_points deposit_fen currency fixed_deposit months categories:json terms:sealed particulars:sealed" +
			" offered_by:person offered_at begins_at file_id file_hash rendered_at scan_file_id scan_by:person scan_at scan_reason:sealed way signed_at signed_by:person confirmed_at until" +
			" evidence:sealed signed_file_id sealed_at ended_by:person ended_at end_reason:sealed",
		withheld: map[string]string{"vendor_id": self}},
	{name: "deposit", table: "deposit", where: own,
		columns: "reference due_fen currency due_for why asked_at top_up_by make_up_by closed_at",
		withheld: map[string]string{"vendor_id": self, "policy_id": clock, "reminded": clock, "remind_at": clock, "reminded_for": clock,
			"reminded_days": clock}},
	{name: "deposit_covered", table: "deposit_cover", where: own, columns: "category covered_at", withheld: map[string]string{"vendor_id": self}},
	{name: "vouchers", table: "deposit_voucher", where: own,
		columns:  "id status fen currency paid_on way file_id sealed:sealed other_payer presented_by:person presented_at promised_by decided_by:person decided_at reason received_fen",
		withheld: map[string]string{"vendor_id": self, "holder": desk, "held_at": desk}},
	{name: "mails", table: "mail_letter", where: `vendor_id = $1 AND status = 'done'`,
		columns: "id way file_id sha256 sealed:sealed passed kept_at voucher_id decided_at",
		withheld: map[string]string{"vendor_id": self, "status": clock, "why": ofStaff, "message_index": search, "from_index": search, "company_key": search, "kept_by": ofStaff,
			"fit": ofStaff, "doubts": ofStaff, "holder": desk, "held_at": desk, "decided_by": ofStaff, "reason": ofStaff,
			"answered_by": clock, "answered_at": clock}},
	{name: "receipts", table: "deposit_receipt", where: own,
		columns: "id number code voucher_id fen held_fen excess_fen currency paid_on issued_on way sealed:sealed confirmed_by:person confirmed_at file_id voided_at void_file_id",
		withheld: map[string]string{"vendor_id": self, "line_id": ofBank, "share_id": ofBank, "reason": ofStaff, "voided_by": ofStaff,
			"void_reason": ofStaff}},
	{name: "receipt_parcels", table: "receipt_parcel", where: own,
		columns:  "id receipt_id status sealed:sealed asked_by:person asked_at courier tracking sent_by:person sent_at ended_by:person ended_at reason",
		withheld: map[string]string{"vendor_id": self}},
	{name: "receipt_returns", table: "receipt_back", where: own,
		columns:  "id receipt_id how status file_id given_by:person given_at decided_by:person decided_at reason",
		withheld: map[string]string{"vendor_id": self}},
	{name: "addresses", table: "courier_address", where: own,
		columns:  "id sealed:sealed chosen made_by:person made_at removed_at",
		withheld: map[string]string{"vendor_id": self}},
	{name: "deductions", table: "deposit_deduction", where: own,
		columns:  "id paper fen taken_fen returned_fen waived_fen open_fen currency top_up_by overdue_at topped_up_at made_by:person made_at",
		withheld: map[string]string{"vendor_id": self}},
	{name: "deduction_records", table: "deposit_deduction_posting", where: `deduction_id IN (SELECT id FROM deposit_deduction WHERE vendor_id = $1)`,
		columns: "id deduction_id kind number fen excess_fen transfer_id made_by:person made_at"},
	{name: "payouts", table: "payout", where: `subject = $1`,
		columns: "id reference purpose status fen currency sealed:sealed paper asked_at paid_at bounces",
		withheld: map[string]string{"subject": self, "from_account": ofBank, "asked_by": ofStaff, "approved_by": ofStaff, "approved_at": ofStaff, "batch_id": ofBank,
			"line_id": ofBank, "reason": ofStaff}},
	{name: "balances", table: "ledger_balance", where: `account IN (` + ownAccounts + `)`, columns: "account fen currency"},
	{name: "postings", table: "ledger_entry", where: `account IN (` + ownAccounts + `)`, columns: "id transfer_id account fen currency"},
	{name: "transfers", table: "ledger_transfer", where: `id IN (SELECT transfer_id FROM ledger_entry WHERE account IN (` + ownAccounts + `))`,
		columns: "id at kind reverses", withheld: map[string]string{"once_key": clock}},
	{name: "products", table: "product", where: own,
		columns: "id category form code name status content:json revision made_at changed_at submitted_at queued_at promised_at shelved_at off_reason off_rule off_mend off_cause report_on",
		withheld: map[string]string{"vendor_id": self, "holder": desk, "held_at": desk,
			"report_told": clock}},
	{name: "product_revisions", table: "product_revision", where: own,
		columns: "id product_id status version base was:json content:json note route fields:json made_by:person made_at changed_at submitted_by:person submitted_at promised_at ended_by:person ended_at",
		withheld: map[string]string{"vendor_id": self, "is_open": clock, "holder": desk, "held_at": desk,
			"spot": ofStaff}},
	{name: "product_reviews", table: "product_review", where: `product_id IN (SELECT id FROM product WHERE vendor_id = $1)`,
		columns:  "id product_id revision revision_id decision verdicts:json decided_at",
		withheld: map[string]string{"note": ofStaff, "decided_by": ofStaff}},
	{name: "product_imports", table: "product_import", where: own,
		columns:  "id file_id name lang status fault total good wrong done made_by:person made_at changed_at",
		withheld: map[string]string{"vendor_id": self}},
	{name: "product_import_rows", table: "product_import_row", where: `import_id IN (SELECT id FROM product_import WHERE vendor_id = $1)`,
		columns: "import_id no sheet line code name cells:json content:json faults:json act state product_id"},
	{name: "shop", table: "shop", where: own, columns: "name intro company phone mail hours:json opened_at changed_at closed", withheld: map[string]string{"vendor_id": self}},
	{name: "violations", table: "violation", where: `id IN (` + shownViolations + `)`,
		columns: "id product_id status offence_id offence:json measure fen currency description recorded_by:person recorded_at decided_by:person decided_at decision" +
			" appeal_by appeal appealed_by:person appealed_at judged_by:person judged_at judgement promised_by",
		withheld: map[string]string{"vendor_id": self, "proposed_fen": ofStaff}},
	{name: "violation_files", table: "violation_file", where: `violation_id IN (` + shownViolations + `)`, columns: "violation_id part place file_id"},
	{name: "changes", table: "amendment", where: own,
		columns: "id kind status version parts:json paper:sealed made_by:person made_at checked_by:person checked_at promised_by decided_by:person decided_at decision:sealed effect_at ended_by:person ended_at contract_id",
		withheld: map[string]string{"vendor_id": self, "holder": desk, "held_since": desk, "stop_token": secret,
			"stop_index": secret}},
	{name: "exits", table: "exit", where: `vendor_id = $1 AND status <> 'proposed' AND (kind <> 'eviction' OR approved_at IS NOT NULL)`,
		columns: "id number kind status reason violation_id asked_by:person asked_at approved_by:person approved_at end_by ended_at clear_at due_by released_at released_fen finished_at closed_by:person",
		withheld: map[string]string{"vendor_id": self,
			"closed_why": ofStaff}},
	{name: "bars", table: "vendor_bar", where: own,
		columns:  "id uscc name reason barred_at lifted_at",
		withheld: map[string]string{"vendor_id": self, "barred_by": ofStaff, "lifted_by": ofStaff, "lift_reason": ofStaff}},
	// One-time links and codes stay out: they are for their reader alone.
	{name: "messages", table: "message", where: `vendor_id = $1 AND template NOT IN ('notify.code', 'notify.invitation', 'notify.change_cooling')`,
		columns: "id made_at template channel account_id recipient:sealed lang subject body:sealed files:json link state sent_at read_at",
		withheld: map[string]string{"vendor_id": self, "once_key": search, "shown_as": search, "params": search, "last_error": clock,
			"tries": clock}},
	{name: "timeline", table: "event", where: `vendor_id = $1 AND internal = FALSE`,
		columns:  "id at kind subject actor_kind actor_id:person address:address data:json",
		withheld: map[string]string{"vendor_id": self, "internal": self}},
	{name: "files", table: "file", where: ownFiles,
		columns:  "id purpose name type size sha256 made_by:person made_at",
		withheld: map[string]string{"vendor_id": self}},
	{name: "takeouts", table: "takeout", where: own,
		columns:  "id status asked_by:person asked_at records files missing bytes sha256 made_at until_at downloads ended_at",
		withheld: map[string]string{"vendor_id": self, "run": clock, "tries": clock, "done": clock, "total": clock}},
}

// exempt are the tables of which a company takes nothing out, with the reason.
var exempt = map[string]string{
	"account_attempt": secret + ", and of nobody by name", "account_challenge": secret, "account_change": secret + ": a mailbox or phone that is not proved yet",
	"account_code": secret, "account_factor": secret, "account_recovery": secret, "account_throttle": clock,
	"account_device":  "each person's own, who sees it under security; not the company's",
	"account_session": "each person's own, who sees it under security; not the company's",
	"account_subject": "of staff alone",
	"agreement_draft": ofStaff, "amendment_told": clock, "api_answer": "answers kept for a day, for programs that ask again",
	"announcement": "what the matching of payments expects, put together from the profile and the vouchers", "announcement_payer": search,
	"application_note": ofStaff, "mail_reading": "how far the operator's own mailbox is read", "contract_claim": desk, "contract_series": clock, "counter": clock, "mark": clock,
	"bank_line": ofBank, "bank_line_reference": ofBank, "bank_line_share": ofBank, "bank_statement": ofBank, "bank_statement_part": ofBank, "statement_mapping": ofBank,
	"deposit_decision": ofStaff + "; what was done stands in receipts, postings and the timeline",
	"event_head":       "of the whole log", "event_pending": clock, "event_seal": "of the whole log", "job": clock,
	"payout_batch": ofBank, "payout_batch_item": ofBank, "payout_movement": ofBank, "payout_proposal": ofBank,
	"policy": "the operator's rules, of nobody by name", "policy_proposal": ofStaff,
	"product_thumb": "small copies of pictures that are in files",
	"shelf":         "a copy of the products for buyers", "shelf_page": "a copy of the products for buyers", "shelf_state": clock,
	"takeout_part": "the pieces of this very file",
}

// column is one column of a noun.
type column struct{ name, kind string }

func (n noun) list() []column {
	var out []column
	for _, c := range strings.Fields(n.columns) {
		name, kind, _ := strings.Cut(c, ":")
		out = append(out, column{name, kind})
	}
	return out
}

// place is where a column of a row is sealed to.
func (n noun) place(c string, value func(column string) string) string {
	at, ok := n.places[c]
	if !ok {
		at = n.table + "." + c + ":{id}"
	}
	for {
		from, to := strings.IndexByte(at, '{'), strings.IndexByte(at, '}')
		if from < 0 {
			return at
		}
		at = at[:from] + value(at[from+1:to]) + at[to+1:]
	}
}
