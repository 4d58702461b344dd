package deposit

import (
	"context"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Deduction orders that money be taken from a deposit. Rule D-11.
type Deduction struct {
	VendorID string
	Amount   money.Amount
	Paper    string // id of what it rests on; each takes once
}

// Deducted is a deduction as it stands.
type Deducted struct {
	ID         string
	Paper      string
	VendorID   string
	Amount     money.Amount // decided
	Taken      money.Amount // of it, from the deposit
	Returned   money.Amount // of what was taken, after an appeal
	Waived     money.Amount // of what could not be taken, after an appeal
	Open       money.Amount // still to be topped up for it
	TopUpBy    time.Time    // its own clock; zero where nothing was to be topped up
	OverdueAt  time.Time    // when the shop was closed for it, or stayed closed
	ToppedUpAt time.Time
	MadeBy     string
	MadeAt     time.Time
}

// Owed is what was decided and could not be taken, since less was held.
func (d Deducted) Owed() money.Amount {
	return money.CNY(d.Amount.Fen - d.Taken.Fen - d.Waived.Fen)
}

// DeductedData is what the events of a deduction hold.
type DeductedData struct {
	Paper     string     `json:"paper"`
	Number    string     `json:"number,omitempty"`
	Fen       int64      `json:"fen"`
	OwedFen   int64      `json:"owed_fen,omitempty"`
	ExcessFen int64      `json:"excess_fen,omitempty"`
	TopUpBy   *time.Time `json:"top_up_by,omitempty"`
}

// Events of a deduction; the subject is its id.
var (
	Taken    = event.Kind[DeductedData]{Name: "deposit.deducted"}
	Returned = event.Kind[DeductedData]{Name: "deposit.deduction_returned"}
)

// mayDeduct lets in who decides on deductions or on appeals against them, and the
// program itself where a time has run out.
func mayDeduct(by access.Actor) error {
	if by.May(access.JudgeAppeals) {
		return nil
	}
	return by.Require(access.DeductDeposits)
}

// InTurn waits until it is this transaction's turn to give out numbers. Who locks
// a vendor and then takes from its deposit, or gives back, calls it before.
func InTurn(ctx context.Context, tx *db.Tx) error {
	if err := tx.InTurn(ctx, db.Numbers); err != nil {
		return err
	}
	return tx.Alone(ctx, "counter")
}

// Deduct takes an amount from what is held of a vendor's deposit, never more than
// is there: the rest is owed. What the deposit asks for stays, so the vendor has to
// top up within the working days of the policy, each deduction by its own clock;
// covered categories stay covered until then (D-3). A paper that took before is
// fault.Conflict. Rule D-11.
func Deduct(ctx context.Context, tx *db.Tx, by access.Actor, in Deduction) (Deducted, error) {
	if err := mayDeduct(by); err != nil {
		return Deducted{}, err
	}
	if in.Amount.Fen <= 0 || in.Amount.Code() != money.Yuan {
		return Deducted{}, fault.At("/amount", "deposit.amount_positive").Of("D-11")
	}
	if err := InTurn(ctx, tx); err != nil {
		return Deducted{}, err
	}
	if err := vendor.Lock(ctx, tx, in.VendorID); err != nil {
		return Deducted{}, err
	}
	before, err := db.Exists(ctx, tx, `SELECT 1 FROM deposit_deduction WHERE paper = $1`, in.Paper)
	if err != nil {
		return Deducted{}, err
	}
	if before {
		return Deducted{}, fault.New(fault.Conflict, "deposit.deducted_before").Of("D-11")
	}
	f, err := load(ctx, tx, in.VendorID)
	if err != nil {
		return Deducted{}, err
	}
	d := Deducted{ID: tx.NewID("ded"), Paper: in.Paper, VendorID: in.VendorID, Amount: in.Amount, MadeBy: by.ID, MadeAt: tx.Now()}
	if _, err := tx.Exec(ctx, `
		INSERT INTO deposit_deduction (id, paper, vendor_id, fen, taken_fen, open_fen, currency, made_by, made_at)
		VALUES ($1, $2, $3, $4, 0, 0, 'CNY', $5, $6)`, d.ID, d.Paper, d.VendorID, d.Amount.Fen, d.MadeBy, d.MadeAt); err != nil {
		return Deducted{}, err
	}
	return f.take(ctx, tx, by, d)
}

// Collection orders that what is still owed of a deduction be taken now.
type Collection struct {
	Paper string
}

// Collect takes what a deduction is still owed from what is held by now, with a
// clock that starts anew for it; nothing owed, and nothing held, are fault.Conflict.
// Rule D-11.
func Collect(ctx context.Context, tx *db.Tx, by access.Actor, in Collection) (Deducted, error) {
	if err := by.Require(access.DeductDeposits); err != nil {
		return Deducted{}, err
	}
	d, f, err := forChange(ctx, tx, in.Paper)
	if err != nil {
		return Deducted{}, err
	}
	if d.Owed().Fen <= 0 {
		return Deducted{}, fault.New(fault.Conflict, "deposit.nothing_owed").Of("D-11")
	}
	if f.held.Fen <= 0 {
		return Deducted{}, fault.New(fault.Conflict, "deposit.nothing_held").Of("D-11")
	}
	return f.take(ctx, tx, by, d)
}

// forChange reads a deduction with its vendor locked.
func forChange(ctx context.Context, tx *db.Tx, paper string) (Deducted, facts, error) {
	if err := InTurn(ctx, tx); err != nil {
		return Deducted{}, facts{}, err
	}
	d, err := ofPaper(ctx, tx, paper)
	if err != nil {
		return Deducted{}, facts{}, err
	}
	if err := vendor.Lock(ctx, tx, d.VendorID); err != nil {
		return Deducted{}, facts{}, err
	}
	if d, err = ofPaper(ctx, tx, paper); err != nil { // as it stands now
		return Deducted{}, facts{}, err
	}
	f, err := load(ctx, tx, d.VendorID)
	return d, f, err
}

// take moves what is owed, as far as it is held, to the deducted account and sets
// the clock by which the deposit is to be whole again.
func (f facts) take(ctx context.Context, tx *db.Tx, by access.Actor, d Deducted) (Deducted, error) {
	old := d
	fen := min(d.Owed().Fen, f.held.Fen)
	var number string
	if fen > 0 {
		left := missing(f.state.Required, money.CNY(f.held.Fen-fen))
		d.Taken = money.CNY(d.Taken.Fen + fen)
		if more := left.Fen - f.state.Missing.Fen; more > 0 {
			d.Open = money.CNY(d.Open.Fen + more)
			d.TopUpBy, d.OverdueAt, d.ToppedUpAt = f.policy.DueAfter(tx.Now(), f.policy.Violations.TopUpDays), time.Time{}, time.Time{}
		}
		transfer, err := ledger.Post(ctx, tx, fmt.Sprintf("deduction:%s:%d", d.Paper, d.Taken.Fen), "deduction", ledger.DepositDeducted(d.VendorID, money.CNY(fen))...)
		if err != nil {
			return Deducted{}, err
		}
		p := posting{kind: "taken", series: f.policy.Violations.Series, fen: fen, transfer: transfer}
		if number, err = p.insert(ctx, tx, by, d.ID, f.policy); err != nil {
			return Deducted{}, err
		}
		if err := f.asksFor(ctx, tx, left); err != nil {
			return Deducted{}, err
		}
	}
	if err := saveDeduction(ctx, tx, old, d); err != nil {
		return Deducted{}, err
	}
	data := DeductedData{Paper: d.Paper, Number: number, Fen: fen, OwedFen: d.Owed().Fen}
	if d.Open.Fen > 0 {
		data.TopUpBy = &d.TopUpBy
	}
	if err := Taken.Append(ctx, tx, by, event.About{Subject: d.ID, VendorID: d.VendorID}, data); err != nil {
		return Deducted{}, err
	}
	return d, settleClock(ctx, tx, by, d.VendorID)
}

// asksFor notes how much of the deposit is missing now and tells payment, without
// the notice of a first request: who deducts or gives back tells the vendor.
func (f facts) asksFor(ctx context.Context, tx *db.Tx, left money.Amount) error {
	if f.row.reference == "" {
		return nil
	}
	if want := f.row; want.dueFen != left.Fen {
		want.dueFen = left.Fen
		if err := saveDue(ctx, tx, f.row, want); err != nil {
			return err
		}
	}
	return payment.Expect(ctx, tx, f.state.VendorID, left)
}

// GiveBack orders that a deduction be undone, whole or in part.
type GiveBack struct {
	Paper  string
	Amount money.Amount // by which the deduction becomes less; no more than it is
}

// Undo takes a deduction back whole or in part after an appeal: what is owed of it is
// waived first, the rest goes back to the deposit, and what the deposit no longer
// asks for, since it was topped up meanwhile, is held apart as overpaid. Its clock
// stops with the part that is given back. More than is left of the deduction is
// fault.Invalid. Rules D-11 and D-12.
func Undo(ctx context.Context, tx *db.Tx, by access.Actor, in GiveBack) (Deducted, error) {
	if err := mayDeduct(by); err != nil {
		return Deducted{}, err
	}
	d, f, err := forChange(ctx, tx, in.Paper)
	if err != nil {
		return Deducted{}, err
	}
	old, left := d, d.Owed().Fen+d.Taken.Fen-d.Returned.Fen
	if in.Amount.Fen <= 0 || in.Amount.Fen > left || in.Amount.Code() != money.Yuan {
		return Deducted{}, fault.At("/amount", "deposit.return_at_most", money.CNY(left)).Of("D-11")
	}
	waived := min(in.Amount.Fen, d.Owed().Fen)
	d.Waived = money.CNY(d.Waived.Fen + waived)
	back := in.Amount.Fen - waived
	var excess int64
	var number string
	if back > 0 {
		excess = max(0, back-f.state.Missing.Fen)
		d.Returned = money.CNY(d.Returned.Fen + back)
		if number, err = f.postReturn(ctx, tx, by, d, back, excess); err != nil {
			return Deducted{}, err
		}
		if d.Open = money.CNY(max(0, d.Open.Fen-back)); d.Open.Fen == 0 && old.Open.Fen > 0 {
			d.ToppedUpAt = tx.Now()
		}
		if err := f.asksFor(ctx, tx, missing(f.state.Required, money.CNY(f.held.Fen+back-excess))); err != nil {
			return Deducted{}, err
		}
	}
	if err := saveDeduction(ctx, tx, old, d); err != nil {
		return Deducted{}, err
	}
	data := DeductedData{Paper: d.Paper, Number: number, Fen: back, OwedFen: d.Owed().Fen, ExcessFen: excess}
	if err := Returned.Append(ctx, tx, by, event.About{Subject: d.ID, VendorID: d.VendorID}, data); err != nil {
		return Deducted{}, err
	}
	return d, f.toppedUp(ctx, tx, by, f.held.Fen+back-excess, back-excess-(old.Open.Fen-d.Open.Fen))
}

// postReturn reverses the deduction's one transfer where all of it goes back to the
// deposit, and posts the part otherwise.
func (f facts) postReturn(ctx context.Context, tx *db.Tx, by access.Actor, d Deducted, back, excess int64) (string, error) {
	taken, err := db.All(ctx, tx, (*Posting).fields, `SELECT `+postingColumns+` FROM deposit_deduction_posting WHERE deduction_id = $1 ORDER BY id`, d.ID)
	if err != nil {
		return "", err
	}
	key := fmt.Sprintf("deduction-return:%s:%d", d.Paper, d.Returned.Fen)
	var transfer string
	if len(taken) == 1 && taken[0].Amount.Fen == back && excess == 0 {
		transfer, err = ledger.Reverse(ctx, tx, taken[0].transfer, key)
	} else {
		transfer, err = ledger.Post(ctx, tx, key, "deduction-return", ledger.DeductionReturned(d.VendorID, money.CNY(back-excess), money.CNY(excess))...)
	}
	if err != nil {
		return "", err
	}
	p := posting{kind: "returned", series: f.policy.Violations.ReturnSeries, fen: back, excess: excess, transfer: transfer}
	return p.insert(ctx, tx, by, d.ID, f.policy)
}
