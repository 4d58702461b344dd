package payout

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// The longest texts a bank's form takes, in characters.
const (
	mostName   = 140
	mostBank   = 140
	mostRemark = 60
	mostReason = 500
)

// Ask orders a payout and moves the money in the ledger from its account to the
// payout at once; a second person approves it. It is fault.Conflict where the same
// cause was asked for already and not cancelled, or where the account holds less;
// fault.Invalid for an amount or an account that no bank would take. Rule D-10.
func Ask(ctx context.Context, tx *db.Tx, by access.Actor, in Order) (Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return Payout{}, err
	}
	var f fault.Fields
	if in.Amount.Code() != money.Yuan || in.Amount.Fen <= 0 {
		f.AddRule("D-12", "/amount", "payout.amount_positive")
	}
	in.To = in.To.clean(&f)
	in.Remark = one(in.Remark)
	if n := utf8.RuneCountInString(in.Remark); n > mostRemark {
		f.Add("/remark", "fault.too_long", mostRemark, n)
	}
	if err := f.Err(); err != nil {
		return Payout{}, err
	}
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM payout WHERE purpose = $1 AND paper = $2 AND status <> 'cancelled'`, string(in.Purpose), in.Paper)
	if err != nil {
		return Payout{}, err
	}
	if taken || in.Paper == "" {
		return Payout{}, asked()
	}
	ref, err := reference.New(tx.Random())
	if err != nil {
		return Payout{}, err
	}
	p := Payout{
		ID: tx.NewID("pay"), Reference: ref, Subject: in.Subject, Purpose: in.Purpose, Status: Ordered, Amount: in.Amount, To: in.To,
		From: in.From.Name, Paper: in.Paper, Remark: in.Remark, AskedBy: by.ID, AskedAt: tx.Now(),
	}
	if err := insert(ctx, tx, p); err != nil {
		if db.IsUnique(err) {
			return Payout{}, asked()
		}
		return Payout{}, err
	}
	if _, err := ledger.Post(ctx, tx, "payout.asked:"+p.ID, "payout.asked", ledger.PayoutAsked(in.From, p.ID, p.Amount)...); err != nil {
		return Payout{}, err
	}
	return p, Asked.Append(ctx, tx, by, p.about(), p.data())
}

func asked() error { return fault.New(fault.Conflict, "payout.asked_before").Of("D-12") }

// clean puts an account into the form that banks take and names what is wrong with it.
func (a Account) clean(f *fault.Fields) Account {
	a.Name, a.Bank = one(a.Name), one(a.Bank)
	for _, x := range []struct {
		at, value string
		most      int
	}{{"/to/name", a.Name, mostName}, {"/to/bank", a.Bank, mostBank}} {
		if n := utf8.RuneCountInString(x.value); n > x.most {
			f.Add(x.at, "fault.too_long", x.most, n)
		}
	}
	for at, value := range map[string]string{"/to/name": a.Name, "/to/bank": a.Bank} {
		if strings.ContainsAny(value[:min(1, len(value))], "=+-@") { // a spreadsheet would compute it
			f.Add(at, "payout.no_name")
		}
	}
	if a.Name == "" {
		f.AddRule("D-10", "/to/name", "fault.required")
	}
	number, err := cn.ParseAccount(a.Number)
	f.Take("/to/number", err)
	a.Number = number
	if strings.TrimSpace(a.CNAPS) == "" {
		a.CNAPS = ""
		return a
	}
	branch, err := cn.ParseCNAPS(a.CNAPS)
	f.Take("/to/cnaps", err)
	a.CNAPS = branch.Code
	return a
}

// one makes one line of a text.
func one(s string) string { return strings.Join(strings.Fields(s), " ") }

// Chosen names a payout.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// second refuses who ordered it, unless policy allows one person for money.
func (p Payout) second(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if by.Kind != access.Staff {
		return fault.New(fault.Forbidden, "payout.only_people").Of("D-7")
	}
	rules, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	if by.ID == p.AskedBy && !rules.OnePersonForMoney {
		return fault.New(fault.Forbidden, "payout.asked_by_you").Of("D-7")
	}
	return nil
}

// Approve is the second person's word that a payout may go out; who ordered or
// corrected it is fault.Forbidden, one without a bank is fault.Invalid. Rule D-7.
func Approve(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return Payout{}, err
	}
	p, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Payout{}, err
	}
	if err := p.second(ctx, tx, by); err != nil {
		return Payout{}, err
	}
	if p.Status.Can(ActApprove) && p.To.Bank == "" && p.To.CNAPS == "" {
		return Payout{}, fault.At("/to/bank", "payout.bank_missing")
	}
	err = p.move(ctx, tx, ActApprove, func(p *Payout) { p.ApprovedBy, p.ApprovedAt = by.ID, tx.Now() })
	if err != nil {
		return Payout{}, err
	}
	return p, Passed.Append(ctx, tx, by, p.about(), p.data())
}

// Correction gives a payout another account, as after a return by the bank.
type Correction struct {
	ID     string  `json:"-" path:"id"`
	To     Account `json:"to"`
	Reason string  `json:"reason"`
}

// Correct writes the account anew and orders the payout once more: another person
// approves it, and it gets a new reference where the old one was with the bank
// already. One that stands in a payment file or was paid is fault.Conflict. Rule D-10.
func Correct(ctx context.Context, tx *db.Tx, by access.Actor, in Correction) (Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return Payout{}, err
	}
	p, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Payout{}, err
	}
	if _, err := p.Status.Next(ActCorrect); err != nil {
		return Payout{}, err
	}
	var f fault.Fields
	to := in.To.clean(&f)
	if to.Bank == "" && to.CNAPS == "" {
		f.Add("/to/bank", "payout.bank_missing")
	}
	reason := reasonIn(in.Reason, &f)
	if err := f.Err(); err != nil {
		return Payout{}, err
	}
	ref := p.Reference
	if p.Status == SentBack {
		if ref, err = reference.New(tx.Random()); err != nil {
			return Payout{}, err
		}
	}
	err = p.move(ctx, tx, ActCorrect, func(p *Payout) {
		p.To, p.Reason, p.Reference, p.AskedBy = to, reason, ref, by.ID
		p.ApprovedBy, p.ApprovedAt, p.LineID = "", zero, ""
	})
	if err != nil {
		return Payout{}, err
	}
	return p, Corrected.Append(ctx, tx, by, p.about(), p.data())
}

func reasonIn(s string, f *fault.Fields) string {
	s = one(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		f.Add("/reason", "payout.reason_required")
	case n > mostReason:
		f.Add("/reason", "fault.too_long", mostReason, n)
	}
	return s
}

// Cancellation takes a payout back.
type Cancellation struct {
	ID     string `json:"-" path:"id"`
	Reason string `json:"reason"`
}

// Cancel takes a payout back that is not with the bank: the money returns to the
// account it was taken from, and its cause may be asked for anew. Rule D-12.
func Cancel(ctx context.Context, tx *db.Tx, by access.Actor, in Cancellation) (Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return Payout{}, err
	}
	p, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Payout{}, err
	}
	if _, err := p.Status.Next(ActCancel); err != nil {
		return Payout{}, err
	}
	var f fault.Fields
	reason := reasonIn(in.Reason, &f)
	if err := f.Err(); err != nil {
		return Payout{}, err
	}
	if err := p.move(ctx, tx, ActCancel, func(p *Payout) { p.Reason = reason }); err != nil {
		return Payout{}, err
	}
	back := ledger.PayoutAsked(ledger.Named(p.From), p.ID, p.Amount.Neg())
	if _, err := ledger.Post(ctx, tx, "payout.cancelled:"+p.ID, "payout.cancelled", back...); err != nil {
		return Payout{}, err
	}
	return p, Dropped.Append(ctx, tx, by, p.about(), p.data())
}

// Of lists the payouts for a vendor, newest first, for its own people and for
// staff, with the accounts masked.
func Of(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) ([]Payout, error) {
	if err := by.Sees(vendorID); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, (*stored).fields, `SELECT `+columns+` FROM payout WHERE subject = $1 ORDER BY id DESC LIMIT 200`, vendorID)
	list, err := openAll(tx, rows, err)
	for i := range list {
		list[i].To = list[i].To.Masked()
	}
	return list, err
}

// PaidTo is what was paid out to a vendor of what was ordered since a time, for
// other nouns in a transaction.
func PaidTo(ctx context.Context, tx *db.Tx, vendorID string, since time.Time) (money.Amount, error) {
	fen, err := db.One(ctx, tx, db.Value[int64], `
		SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM payout WHERE subject = $1 AND status = 'paid' AND asked_at >= $2`, vendorID, since)
	return money.CNY(fen), err
}
