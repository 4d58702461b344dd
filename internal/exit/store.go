package exit

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
)

const columns = `
	id, number, vendor_id, kind, status, reason, violation_id, asked_by, asked_at, approved_by, approved_at,
	end_by, ended_at, clear_at, due_by, released_at, released_fen, finished_at, closed_by, closed_why`

func (e *Exit) fields() []any {
	e.Released.Currency = money.Yuan
	return []any{&e.ID, &e.Number, &e.VendorID, &e.Kind, &e.Status, &e.Reason, &e.ViolationID, &e.AskedBy, db.Time(&e.AskedAt), &e.ApprovedBy, db.Time(&e.ApprovedAt),
		db.Time(&e.EndBy), db.Time(&e.EndedAt), db.Time(&e.ClearAt), db.Time(&e.DueBy), db.Time(&e.ReleasedAt), &e.Released.Fen, db.Time(&e.FinishedAt),
		&e.ClosedBy, &e.ClosedWhy}
}

// Load reads an exit for other nouns; it checks nothing. None is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Exit, error) {
	return db.One(ctx, tx, (*Exit).fields, `SELECT `+columns+` FROM exit WHERE id = $1`, id)
}

// underWay is the exit of a vendor that is under way; none is fault.NotFound.
func underWay(ctx context.Context, tx *db.Tx, vendorID string) (Exit, error) {
	return db.One(ctx, tx, (*Exit).fields, `SELECT `+columns+` FROM exit WHERE vendor_id = $1 AND status IN ('asked', 'leaving', 'returning')`, vendorID)
}

// series begins the numbers of exits.
const series = "TC"

// insert gives the exit its number and writes it; another one of the vendor that is
// under way is fault.Conflict. The number comes last but for the row, since
// transactions wait for each other there.
func (e *Exit) insert(ctx context.Context, tx *db.Tx, p policy.Policy) error {
	year := fmt.Sprintf("%s-%04d", series, p.Today(tx.Now()).Year)
	n, err := db.Number(ctx, tx, year)
	if err != nil {
		return err
	}
	e.Number = fmt.Sprintf("%s-%06d", year, n)
	_, err = tx.Exec(ctx, `
		INSERT INTO exit (id, number, vendor_id, kind, status, reason, violation_id, asked_by, asked_at, end_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		e.ID, e.Number, e.VendorID, string(e.Kind), string(e.Status), e.Reason, e.ViolationID, e.AskedBy, e.AskedAt, e.EndBy)
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "exit.under_way").Of("X-1")
	}
	return err
}

// move puts an exit into the status after an act and writes it, with what change
// does to it. One that moved meanwhile is fault.Conflict.
func (e *Exit) move(ctx context.Context, tx *db.Tx, a Act, change func(*Exit)) error {
	next, err := e.Status.Next(a)
	if err != nil {
		return err
	}
	was := e.Status
	e.Status = next
	if change != nil {
		change(e)
	}
	return e.save(ctx, tx, was)
}

func (e Exit) save(ctx context.Context, tx *db.Tx, was Status) error {
	err := tx.Move(ctx, `
		UPDATE exit SET status = $1, approved_by = $2, approved_at = $3, end_by = $4, ended_at = $5, clear_at = $6, due_by = $7,
			released_at = $8, released_fen = $9, finished_at = $10, closed_by = $11, closed_why = $12
		WHERE id = $13 AND status = $14`,
		string(e.Status), e.ApprovedBy, e.ApprovedAt, e.EndBy, e.EndedAt, e.ClearAt, e.DueBy,
		e.ReleasedAt, e.Released.Fen, e.FinishedAt, e.ClosedBy, e.ClosedWhy, e.ID, string(was))
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "exit.under_way").Of("X-1")
	}
	return err
}
