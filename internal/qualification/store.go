package qualification

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// record is an application's row.
type record struct {
	id          string
	vendorID    string
	status      Status
	version     int64
	sealed      string // the draft
	savedAt     time.Time
	savedBy     string
	submission  string // the last one; "" before the first
	submittedAt time.Time
	promisedBy  time.Time
	holder      string
	heldSince   time.Time
	mode        policy.Mode // of the last approval
}

const recordColumns = `id, vendor_id, status, version, draft, saved_at, saved_by, submission_id, submitted_at, promised_by, holder, held_since, mode`

func (r *record) fields() []any {
	return []any{&r.id, &r.vendorID, &r.status, &r.version, &r.sealed, db.Time(&r.savedAt), &r.savedBy, &r.submission,
		db.Time(&r.submittedAt), db.Time(&r.promisedBy), &r.holder, db.Time(&r.heldSince), &r.mode}
}

func draftPlace(id string) string { return "application.draft:" + id }
func paperPlace(id string) string { return "submission.paper:" + id }

func (r record) draft(tx *db.Tx) (Application, error) {
	return openPaper(tx, draftPlace(r.id), r.sealed)
}

func openPaper(tx *db.Tx, place, sealed string) (Application, error) {
	var a Application
	plain, err := tx.Vault().Open(place, sealed)
	if err != nil || plain == "" {
		return a, err
	}
	return a, json.Unmarshal([]byte(plain), &a)
}

func sealPaper(tx *db.Tx, place string, v any) (string, error) {
	plain, err := json.Marshal(v)
	return tx.Vault().Seal(place, string(plain)), err
}

func byVendor(ctx context.Context, tx *db.Tx, vendorID string) (record, error) {
	return db.One(ctx, tx, (*record).fields, `SELECT `+recordColumns+` FROM application WHERE vendor_id = $1`, vendorID)
}

func byID(ctx context.Context, tx *db.Tx, id string) (record, error) {
	return db.One(ctx, tx, (*record).fields, `SELECT `+recordColumns+` FROM application WHERE id = $1`, id)
}

// move puts the application's new state in place of the one that was read.
func (r record) move(ctx context.Context, tx *db.Tx, to record) error {
	return tx.Move(ctx, `
		UPDATE application SET
			status = $1,
			version = version + 1,
			draft = $2,
			saved_at = $3,
			saved_by = $4,
			submission_id = $5,
			submitted_at = $6,
			promised_by = $7,
			holder = $8,
			held_since = $9,
			mode = $10
		WHERE id = $11 AND status = $12 AND version = $13`,
		string(to.status), to.sealed, to.savedAt, to.savedBy, to.submission, to.submittedAt, to.promisedBy, to.holder,
		to.heldSince, string(to.mode), r.id, string(r.status), r.version)
}

// What can become of a submission.
const (
	OutcomeDecided   = "decided"    // every category approved or refused
	OutcomeSentBack  = "returned"   // at least one category back with the vendor
	OutcomeTakenBack = "taken_back" // by the vendor, before a decision
)

// Submission is what was submitted, as it was, and what became of it.
type Submission struct {
	ID         string
	Number     int64 // 1 is the first
	Paper      Application
	Mode       policy.Mode
	Categories []policy.CategoryID // that it applies for
	Agreements []agreement.Mark    // accepted at that time
	By         string
	At         time.Time
	Address    string
	Outcome    string // "" while it waits
	DecidedBy  string
	DecidedAt  time.Time
	Decision   *Decision // of the reviewer; nil before

	sealedPaper, sealedDecision string
}

const submissionColumns = `id, number, paper, mode, categories, agreements, submitted_by, submitted_at, address, outcome, decided_by, decided_at, decision`

func (s *Submission) fields() []any {
	return []any{&s.ID, &s.Number, &s.sealedPaper, &s.Mode, db.JSON(&s.Categories), db.JSON(&s.Agreements), &s.By, db.Time(&s.At),
		&s.Address, &s.Outcome, &s.DecidedBy, db.Time(&s.DecidedAt), &s.sealedDecision}
}

func decisionPlace(id string) string { return "submission.decision:" + id }

// submissions reads all of a vendor's submissions, the last one first.
func submissions(ctx context.Context, tx *db.Tx, vendorID string) ([]Submission, error) {
	all, err := db.All(ctx, tx, (*Submission).fields,
		`SELECT `+submissionColumns+` FROM submission WHERE vendor_id = $1 ORDER BY number DESC`, vendorID)
	if err != nil {
		return nil, err
	}
	for i := range all {
		s := &all[i]
		if s.Paper, err = openPaper(tx, paperPlace(s.ID), s.sealedPaper); err != nil {
			return nil, err
		}
		plain, err := tx.Vault().Open(decisionPlace(s.ID), s.sealedDecision)
		if err != nil {
			return nil, err
		}
		if plain != "" {
			if err := json.Unmarshal([]byte(plain), &s.Decision); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// insert writes a submission.
func (s Submission) insert(ctx context.Context, tx *db.Tx, r record) error {
	paper, err := sealPaper(tx, paperPlace(s.ID), s.Paper)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO submission (id, application_id, vendor_id, number, paper, mode, categories, agreements, submitted_by, submitted_at, address)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, r.id, r.vendorID, s.Number, paper, string(s.Mode), db.JSON(s.Categories), db.JSON(s.Agreements), s.By, s.At, s.Address)
	return err
}

// settle notes what became of a submission; one that is settled already is fault.Conflict.
func settle(ctx context.Context, tx *db.Tx, id, outcome, by string, d *Decision) error {
	sealed := ""
	if d != nil {
		var err error
		if sealed, err = sealPaper(tx, decisionPlace(id), d); err != nil {
			return err
		}
	}
	return tx.Move(ctx, `
		UPDATE submission SET outcome = $1, decided_by = $2, decided_at = $3, decision = $4 WHERE id = $5 AND outcome = ''`,
		outcome, by, tx.Now(), sealed, id)
}

// Standing is where a vendor stands with one category.
type Standing struct {
	Category   policy.CategoryID
	Status     CategoryStatus
	Submission string
	ChangedAt  time.Time
	ApprovedAt time.Time
}

func (s *Standing) fields() []any {
	return []any{&s.Category, &s.Status, &s.Submission, db.Time(&s.ChangedAt), db.Time(&s.ApprovedAt)}
}

// Standings lists where a vendor stands with every category it ever applied for.
func Standings(ctx context.Context, tx *db.Tx, vendorID string) ([]Standing, error) {
	return db.All(ctx, tx, (*Standing).fields, `
		SELECT category, status, submission_id, changed_at, approved_at
		FROM qualification WHERE vendor_id = $1 ORDER BY category`, vendorID)
}

// put moves a vendor's category; an act that its status does not allow is fault.Conflict.
func put(ctx context.Context, tx *db.Tx, vendorID, submission string, was Standing, act CategoryAct) (CategoryStatus, error) {
	to, err := was.Status.Next(act)
	if err != nil {
		return "", err
	}
	var approved time.Time
	if to == Qualified {
		approved = tx.Now()
	}
	return to, tx.Move(ctx, `
		INSERT INTO qualification (vendor_id, category, status, submission_id, changed_at, approved_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (vendor_id, category) DO UPDATE SET
			status = excluded.status,
			submission_id = excluded.submission_id,
			changed_at = excluded.changed_at,
			approved_at = excluded.approved_at
		WHERE qualification.status = $7`,
		vendorID, string(was.Category), string(to), submission, tx.Now(), approved, string(was.Status))
}

func (v *Verdict) fields() []any {
	return []any{&v.Condition, &v.Category, &v.Result, &v.Reason, &v.Field, &v.Submission, &v.By, db.Time(&v.At), &v.basis}
}

// lastVerdicts reads the last verdict of each condition of a vendor.
func lastVerdicts(ctx context.Context, tx *db.Tx, vendorID string) (map[verdictKey]Verdict, error) {
	last := make(map[verdictKey]Verdict)
	err := db.Each(ctx, tx, (*Verdict).fields, func(v Verdict) (err error) {
		if v.Reason, err = tx.Vault().Open(reasonPlace(v.Submission, v.Condition, v.Category), v.Reason); err != nil {
			return err
		}
		last[verdictKey{v.Condition, v.Category}] = v
		return nil
	}, `
		SELECT condition_id, category, result, reason, field, submission_id, made_by, made_at, basis
		FROM verdict WHERE vendor_id = $1 ORDER BY id`, vendorID)
	return last, err
}

func reasonPlace(submission string, condition policy.ConditionID, category policy.CategoryID) string {
	return "verdict.reason:" + submission + ":" + string(condition) + ":" + string(category)
}

func (v Verdict) insert(ctx context.Context, tx *db.Tx, vendorID string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO verdict (id, vendor_id, submission_id, condition_id, category, result, reason, field, basis, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		tx.NewID("vdt"), vendorID, v.Submission, string(v.Condition), string(v.Category), string(v.Result),
		tx.Vault().Seal(reasonPlace(v.Submission, v.Condition, v.Category), v.Reason), v.Field, v.basis, v.By, v.At)
	return err
}
