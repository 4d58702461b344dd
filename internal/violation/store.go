package violation

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/money"
)

const columns = `
	id, vendor_id, product_id, status, offence, measure, proposed_fen, fen, description, recorded_by, recorded_at,
	decided_by, decided_at, decision, appeal_by, appeal, appealed_by, appealed_at, judged_by, judged_at, judgement, promised_by`

func (v *Violation) fields() []any {
	v.Proposed.Currency, v.Amount.Currency = money.Yuan, money.Yuan
	return []any{&v.ID, &v.VendorID, &v.ProductID, &v.Status, db.JSON(&v.Offence), &v.Measure, &v.Proposed.Fen, &v.Amount.Fen, &v.Description, &v.RecordedBy, db.Time(&v.RecordedAt),
		&v.DecidedBy, db.Time(&v.DecidedAt), &v.Decision, db.Time(&v.AppealBy), &v.Appeal, &v.AppealedBy, db.Time(&v.AppealedAt), &v.JudgedBy, db.Time(&v.JudgedAt), &v.Judgement, db.Time(&v.PromisedBy)}
}

// Load reads a violation for other nouns; it checks nothing. None is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Violation, error) {
	v, err := db.One(ctx, tx, (*Violation).fields, `SELECT `+columns+` FROM violation WHERE id = $1`, id)
	if err != nil {
		return Violation{}, err
	}
	one := []Violation{v}
	err = withDeductions(ctx, tx, one)
	return one[0], err
}

// withDeductions adds what became of the deductions, with one statement.
func withDeductions(ctx context.Context, tx *db.Tx, all []Violation) error {
	papers := make([]string, len(all))
	for i, v := range all {
		papers[i] = v.ID
	}
	deducted, err := deposit.Of(ctx, tx, papers)
	for i := range all {
		if d, ok := deducted[all[i].ID]; ok {
			all[i].Deducted = &d
		}
	}
	return err
}

func insert(ctx context.Context, tx *db.Tx, v Violation) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO violation (id, vendor_id, product_id, status, offence_id, offence, measure, proposed_fen, fen, currency,
			description, recorded_by, recorded_at, promised_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'CNY', $10, $11, $12, $13)`,
		v.ID, v.VendorID, v.ProductID, string(v.Status), v.Offence.ID, db.JSON(v.Offence), string(v.Measure), v.Proposed.Fen, v.Amount.Fen,
		v.Description, v.RecordedBy, v.RecordedAt, v.PromisedBy)
	return err
}

// save moves a violation to the status after an act and writes what goes with it;
// if somebody was first, it is fault.Conflict.
func (v *Violation) save(ctx context.Context, tx *db.Tx, a Act) error {
	was := v.Status
	next, err := was.Next(a)
	if err != nil {
		return err
	}
	v.Status = next
	return tx.Move(ctx, `
		UPDATE violation SET status = $1, fen = $2, decided_by = $3, decided_at = $4, decision = $5, appeal_by = $6,
			appeal = $7, appealed_by = $8, appealed_at = $9, judged_by = $10, judged_at = $11, judgement = $12, promised_by = $13
		WHERE id = $14 AND status = $15`,
		string(v.Status), v.Amount.Fen, v.DecidedBy, v.DecidedAt, v.Decision, v.AppealBy,
		v.Appeal, v.AppealedBy, v.AppealedAt, v.JudgedBy, v.JudgedAt, v.Judgement, v.PromisedBy, v.ID, string(was))
}

// The parts of a violation's papers.
const (
	evidence = "evidence"
	appealed = "appeal"
)

func insertFiles(ctx context.Context, tx *db.Tx, id, part string, files []string) error {
	if len(files) == 0 {
		return nil
	}
	var rows []string
	var args []any
	for i, f := range files {
		rows = append(rows, db.In(len(args)+1, 4))
		args = append(args, id, part, i, f)
	}
	_, err := tx.Exec(ctx, `INSERT INTO violation_file (violation_id, part, place, file_id) VALUES `+strings.Join(rows, ", "), args...)
	return err
}

func filesOf(ctx context.Context, tx *db.Tx, id, part string) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `SELECT file_id FROM violation_file WHERE violation_id = $1 AND part = $2 ORDER BY place`, id, part)
}
