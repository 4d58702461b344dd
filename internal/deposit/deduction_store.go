package deposit

import (
	"context"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
)

const deductionColumns = `id, paper, vendor_id, fen, taken_fen, returned_fen, waived_fen, open_fen, top_up_by, overdue_at, topped_up_at, made_by, made_at`

func (d *Deducted) fields() []any {
	for _, m := range []*money.Amount{&d.Amount, &d.Taken, &d.Returned, &d.Waived, &d.Open} {
		m.Currency = money.Yuan
	}
	return []any{&d.ID, &d.Paper, &d.VendorID, &d.Amount.Fen, &d.Taken.Fen, &d.Returned.Fen, &d.Waived.Fen, &d.Open.Fen,
		db.Time(&d.TopUpBy), db.Time(&d.OverdueAt), db.Time(&d.ToppedUpAt), &d.MadeBy, db.Time(&d.MadeAt)}
}

// ofPaper reads the deduction that rests on a paper; none is fault.NotFound.
func ofPaper(ctx context.Context, tx *db.Tx, paper string) (Deducted, error) {
	return db.One(ctx, tx, (*Deducted).fields, `SELECT `+deductionColumns+` FROM deposit_deduction WHERE paper = $1`, paper)
}

// openOf reads what a vendor has still to top up, the earliest clock first.
func openOf(ctx context.Context, tx *db.Tx, vendorID string) ([]Deducted, error) {
	return db.All(ctx, tx, (*Deducted).fields, `
		SELECT `+deductionColumns+` FROM deposit_deduction WHERE vendor_id = $1 AND open_fen > 0 ORDER BY top_up_by, id`, vendorID)
}

// saveDeduction writes a deduction that was read as old; what it was is repeated,
// so that two changes of it do not pass each other.
func saveDeduction(ctx context.Context, tx *db.Tx, old, d Deducted) error {
	return tx.Move(ctx, `
		UPDATE deposit_deduction SET taken_fen = $1, returned_fen = $2, waived_fen = $3, open_fen = $4, top_up_by = $5, overdue_at = $6, topped_up_at = $7
		WHERE id = $8 AND taken_fen = $9 AND returned_fen = $10 AND waived_fen = $11 AND open_fen = $12`,
		d.Taken.Fen, d.Returned.Fen, d.Waived.Fen, d.Open.Fen, d.TopUpBy, d.OverdueAt, d.ToppedUpAt,
		d.ID, old.Taken.Fen, old.Returned.Fen, old.Waived.Fen, old.Open.Fen)
}

// Posting is the record of money that a deduction took or gave back.
type Posting struct {
	Number   string // KC-2026-000123 of what was taken, TH-2026-000123 of what was given back
	Returned bool
	Amount   money.Amount
	Excess   money.Amount // of what was given back: held apart as overpaid
	MadeBy   string
	MadeAt   time.Time

	kind, transfer string
}

const postingColumns = `number, kind, fen, excess_fen, transfer_id, made_by, made_at`

func (p *Posting) fields() []any {
	p.Amount.Currency, p.Excess.Currency = money.Yuan, money.Yuan
	return []any{&p.Number, &p.kind, &p.Amount.Fen, &p.Excess.Fen, &p.transfer, &p.MadeBy, db.Time(&p.MadeAt)}
}

// posting is one to be written.
type posting struct {
	kind, series, transfer string
	fen, excess            int64
}

// insert writes the record with the next number of its series. It is the turn of
// this transaction to give out numbers.
func (p posting) insert(ctx context.Context, tx *db.Tx, by access.Actor, deductionID string, rules policy.Policy) (string, error) {
	series := fmt.Sprintf("%s-%04d", p.series, rules.Today(tx.Now()).Year)
	n, err := db.Number(ctx, tx, series)
	if err != nil {
		return "", err
	}
	number := fmt.Sprintf("%s-%06d", series, n)
	_, err = tx.Exec(ctx, `
		INSERT INTO deposit_deduction_posting (id, deduction_id, kind, number, fen, excess_fen, transfer_id, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.NewID("dpo"), deductionID, p.kind, number, p.fen, p.excess, p.transfer, by.ID, tx.Now())
	return number, err
}

// Of reads the deductions that rest on papers, by paper, for the nouns that own
// them and have checked who asks.
func Of(ctx context.Context, tx *db.Tx, papers []string) (map[string]Deducted, error) {
	out := make(map[string]Deducted, len(papers))
	if len(papers) == 0 {
		return out, nil
	}
	args := make([]any, len(papers))
	for i, p := range papers {
		args[i] = p
	}
	all, err := db.All(ctx, tx, (*Deducted).fields, `SELECT `+deductionColumns+` FROM deposit_deduction WHERE paper IN `+db.In(1, len(args)), args...)
	for _, d := range all {
		out[d.Paper] = d
	}
	return out, err
}

// Postings reads the records of one paper's deduction, the first one first, for
// the noun that owns the paper and has checked who asks.
func Postings(ctx context.Context, tx *db.Tx, paper string) ([]Posting, error) {
	all, err := db.All(ctx, tx, (*Posting).fields, `
		SELECT p.number, p.kind, p.fen, p.excess_fen, p.transfer_id, p.made_by, p.made_at
		FROM deposit_deduction_posting p JOIN deposit_deduction d ON d.id = p.deduction_id WHERE d.paper = $1 ORDER BY p.id`, paper)
	for i := range all {
		all[i].Returned = all[i].kind == "returned"
	}
	return all, err
}

// Deductions lists a vendor's deductions, newest first, for its people and for staff.
func Deductions(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) ([]Deducted, error) {
	if err := by.Sees(vendorID); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Deducted).fields, `SELECT `+deductionColumns+` FROM deposit_deduction WHERE vendor_id = $1 ORDER BY id DESC LIMIT 200`, vendorID)
}
