package payout

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Match says that a line of a bank statement is a payout's: its debit, or its
// return by the bank.
type Match struct {
	PayoutID string `json:"-" path:"id"`
	LineID   string `json:"line"`
	Reason   string `json:"reason"` // required where the match is not certain
}

// Settle counts a line as a payout's movement: a debit as its payment, a credit as
// its return (退汇), which opens it again. It needs a person of finance who did not
// import the statement, unless policy allows one (D-7), and a reason where the match
// is not certain. A line that something took, another amount, and a payout that is
// not on its way are fault.Conflict. Rules D-7, D-10 and D-12.
func Settle(ctx context.Context, tx *db.Tx, by access.Actor, in Match) (Payout, error) {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return Payout{}, err
	}
	if by.Kind != access.Staff {
		return Payout{}, fault.New(fault.Forbidden, "payout.only_people").Of("D-7")
	}
	p, err := Load(ctx, tx, in.PayoutID)
	if err != nil {
		return Payout{}, err
	}
	l, err := payment.Find(ctx, tx, in.LineID)
	if fault.Is(err, fault.NotFound) {
		return Payout{}, fault.At("/line", "payout.line_unknown")
	}
	if err != nil {
		return Payout{}, err
	}
	kind, act := Debited, ActPay
	if l.Amount.Fen > 0 {
		kind, act = Returned, ActBounce
	}
	if _, err := p.Status.Next(act); err != nil {
		return Payout{}, err
	}
	if got := l.Amount; got != p.Amount && got != p.Amount.Neg() {
		return Payout{}, fault.New(fault.Conflict, "payout.other_amount", got, p.Amount).Of("D-12")
	}
	reason, err := in.may(ctx, tx, by, l)
	if err != nil {
		return Payout{}, err
	}
	if kind == Debited {
		err = p.pay(ctx, tx, by, l)
	} else {
		err = p.bounce(ctx, tx, by, l, reason)
	}
	if err != nil {
		return Payout{}, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO payout_movement (line_id, payout_id, kind, fen, reason, taken_by, taken_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		l.ID, p.ID, string(kind), p.Amount.Fen, reason, by.ID, tx.Now())
	if err != nil {
		return Payout{}, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM payout_proposal WHERE line_id = $1 OR payout_id = $2 AND kind = $3`, l.ID, p.ID, string(kind))
	return p, err
}

// may refuses who imported the statement, and a doubtful match without a reason. Rule D-7.
func (in Match) may(ctx context.Context, tx *db.Tx, by access.Actor, l payment.Line) (reason string, err error) {
	rules, err := policy.Now(ctx, tx)
	if err != nil {
		return "", err
	}
	if by.ID == l.ImportedBy && !rules.OnePersonForMoney {
		return "", fault.New(fault.Forbidden, "payout.imported_by_you").Of("D-7")
	}
	found, err := proposalOf(ctx, tx, l.ID, in.PayoutID)
	if err != nil {
		return "", err
	}
	if len(found) == 1 && found[0].Certain && in.Reason == "" {
		return "", nil
	}
	var f fault.Fields
	reason = reasonIn(in.Reason, &f)
	return reason, f.Err()
}

// pay posts the debit: the payout ↔ unidentified. Rule D-12.
func (p *Payout) pay(ctx context.Context, tx *db.Tx, by access.Actor, l payment.Line) error {
	if err := payment.TakeDebit(ctx, tx, by, l.ID, p.ID); err != nil {
		return err
	}
	if err := p.move(ctx, tx, ActPay, func(p *Payout) { p.LineID, p.PaidAt = l.ID, tx.Now() }); err != nil {
		return err
	}
	if _, err := ledger.Post(ctx, tx, "payout.paid:"+l.ID, "payout.paid", ledger.PayoutPaid(p.ID, p.Amount)...); err != nil {
		return err
	}
	return Settled.Append(ctx, tx, by, p.about(), p.data())
}

// bounce posts the return: unidentified ↔ the payout, which waits for another account. Rule D-12.
func (p *Payout) bounce(ctx context.Context, tx *db.Tx, by access.Actor, l payment.Line, reason string) error {
	if err := payment.Take(ctx, tx, by, l.ID, p.ID); err != nil {
		return err
	}
	err := p.move(ctx, tx, ActBounce, func(p *Payout) {
		p.LineID, p.PaidAt, p.BatchID, p.Reason, p.Bounces = "", zero, "", reason, p.Bounces+1
	})
	if err != nil {
		return err
	}
	if _, err := ledger.Post(ctx, tx, "payout.bounced:"+l.ID, "payout.bounced", ledger.PayoutBounced(p.ID, p.Amount)...); err != nil {
		return err
	}
	return Bounced.Append(ctx, tx, by, p.about(), p.data())
}

// Dismiss takes a proposal away that a person found wrong.
func Dismiss(ctx context.Context, tx *db.Tx, by access.Actor, in Match) error {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return err
	}
	return tx.Move(ctx, `DELETE FROM payout_proposal WHERE line_id = $1 AND payout_id = $2`, in.LineID, in.PayoutID)
}
