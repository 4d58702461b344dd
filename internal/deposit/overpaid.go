package deposit

import (
	"context"
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Application says that an overpayment is to count as deposit.
type Application struct {
	VendorID string       `json:"-" path:"id"`
	Amount   money.Amount `json:"amount"`
	Reason   string       `json:"reason"`
}

// AskApply asks that so much of what a vendor paid too much count as deposit, for
// what is missing now; another person approves it. More than is overpaid or missing
// is fault.Invalid. Only money that came by transfer is overpaid: no prepaid or
// earnings balance ever pays a deposit (D-9). Rule D-12.
func AskApply(ctx context.Context, tx *db.Tx, by access.Actor, in Application) (Decision, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Decision{}, err
	}
	s, err := Load(ctx, tx, in.VendorID)
	if err != nil {
		return Decision{}, err
	}
	if err := applicable(s, in.Amount); err != nil {
		return Decision{}, err
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return Decision{}, err
	}
	return Decision{Kind: Apply, VendorID: in.VendorID, Amount: in.Amount, Reason: reason}.propose(ctx, tx, by)
}

// applicable is the rule of an overpayment that is to count as deposit. Rule D-12.
func applicable(s State, amount money.Amount) error {
	most := min(s.Overpaid.Fen, s.Missing.Fen)
	switch {
	case s.Overpaid.Fen == 0:
		return fault.New(fault.Conflict, "deposit.nothing_overpaid").Of("D-12")
	case s.Missing.Fen == 0 || s.Reference == "":
		return fault.New(fault.Conflict, "deposit.nothing_missing").Of("D-12")
	case amount.Code() != money.Yuan || amount.Fen <= 0 || amount.Fen > most:
		return fault.At("/amount", "deposit.apply_at_most", money.CNY(most)).Of("D-12")
	}
	return nil
}

func apply(ctx context.Context, tx *db.Tx, by access.Actor, d *Decision) error {
	if err := vendor.Lock(ctx, tx, d.VendorID); err != nil {
		return err
	}
	f, err := load(ctx, tx, d.VendorID)
	if err != nil {
		return err
	}
	if f.state.Overpaid, err = ledger.Balance(ctx, tx, ledger.Overpaid(d.VendorID)); err != nil {
		return err
	}
	if err := applicable(f.state, d.Amount); err != nil {
		return fault.New(fault.Conflict, "deposit.apply_changed", f.state.Overpaid, f.state.Missing).Of("D-12").Because(err)
	}
	if _, err := ledger.Post(ctx, tx, "apply:"+d.ID, "deposit.apply", ledger.OverpaymentApplied(d.VendorID, d.Amount)...); err != nil {
		return err
	}
	held := money.CNY(f.held.Fen + d.Amount.Fen)
	covered, err := f.rise(ctx, tx, by, held)
	if err != nil {
		return err
	}
	data := AppliedData{Fen: d.Amount.Fen, MissingFen: missing(f.state.Required, held).Fen, Covered: covered}
	return Applied.Append(ctx, tx, by, event.About{Subject: d.ID, VendorID: d.VendorID}, data)
}

// AppliedData is what the event of an applied overpayment holds.
type AppliedData struct {
	Fen        int64               `json:"fen"`
	MissingFen int64               `json:"missing_fen"`
	Covered    []policy.CategoryID `json:"covered,omitempty"` // newly
}

// Applied records that an overpayment counts as deposit by decision; its subject
// is the decision. Rule D-12.
var Applied = event.Kind[AppliedData]{Name: "deposit.overpayment_applied"}

// Repayment orders that an overpayment be sent back.
type Repayment struct {
	VendorID string       `json:"-" path:"id"`
	Amount   money.Amount `json:"amount"`
	Reason   string       `json:"reason"`
}

// ReturnOverpaid orders a payout of what a vendor paid too much to its corporate
// account; another person approves the payout. More than is overpaid is
// fault.Invalid. Rules D-7 and D-12.
func ReturnOverpaid(ctx context.Context, tx *db.Tx, by access.Actor, in Repayment) (payout.Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return payout.Payout{}, err
	}
	if err := vendor.Lock(ctx, tx, in.VendorID); err != nil {
		return payout.Payout{}, err
	}
	overpaid, err := ledger.Balance(ctx, tx, ledger.Overpaid(in.VendorID))
	if err != nil {
		return payout.Payout{}, err
	}
	if overpaid.Fen == 0 {
		return payout.Payout{}, fault.New(fault.Conflict, "deposit.nothing_overpaid").Of("D-12")
	}
	if in.Amount.Code() != money.Yuan || in.Amount.Fen <= 0 || in.Amount.Fen > overpaid.Fen {
		return payout.Payout{}, fault.At("/amount", "deposit.return_overpaid_at_most", overpaid).Of("D-12")
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return payout.Payout{}, err
	}
	v, err := vendor.Load(ctx, tx, in.VendorID)
	if err != nil {
		return payout.Payout{}, err
	}
	a := v.Company.Account
	p, err := payout.Ask(ctx, tx, by, payout.Order{
		Subject: in.VendorID, Purpose: payout.OverpaymentReturn, Amount: in.Amount,
		To:   payout.Account{Name: a.Holder, Number: a.Number, Bank: a.Bank + a.Branch, CNAPS: a.CNAPS},
		From: ledger.Overpaid(in.VendorID), Paper: tx.NewID("ret"),
	})
	if err != nil {
		return payout.Payout{}, err
	}
	return p, Repaid.Append(ctx, tx, by, event.About{Subject: p.ID, VendorID: in.VendorID}, RepaidData{Fen: p.Amount.Fen, Reason: reason})
}

// RepaidData is what the events of money that is sent back hold.
type RepaidData struct {
	Fen    int64  `json:"fen"`
	Reason string `json:"reason"`
}

// Events of money that is sent back; the subject is the payout.
var (
	Repaid   = event.Kind[RepaidData]{Name: "deposit.overpayment_returned"}
	SentBack = event.Kind[RepaidData]{Name: "bank_line.sent_back", Internal: true}
)

// SendingBack orders that a line be returned to who paid it.
type SendingBack struct {
	LineID  string `json:"-" path:"id"` // a line or a share
	Name    string `json:"name"`        // of the payer, only where the bank does not state it
	Account string `json:"account"`     // likewise, also where the bank masks it
	Bank    string `json:"bank"`        // likewise
	CNAPS   string `json:"cnaps"`
	Reason  string `json:"reason"`
}

// SendBack orders a payout of a line nobody's deposit is paid with, to the account
// it came from, as after a vendor's exit or from an unknown company; another person
// approves the payout. What the bank states of the payer is taken from the line and
// cannot be stated otherwise. Rules D-5, D-7 and D-12.
func SendBack(ctx context.Context, tx *db.Tx, by access.Actor, in SendingBack) (payout.Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return payout.Payout{}, err
	}
	l, err := payment.Untaken(ctx, tx, in.LineID)
	if err != nil {
		return payout.Payout{}, err
	}
	var f fault.Fields
	to := payout.Account{
		Name:   stated(&f, "/name", l.Payer.Name, in.Name),
		Number: stated(&f, "/account", l.PayerAccount(), in.Account),
		Bank:   stated(&f, "/bank", l.Payer.Bank, in.Bank),
		CNAPS:  in.CNAPS,
	}
	reason, err := reasonOf(in.Reason)
	f.Take("", err)
	if err := f.Err(); err != nil {
		return payout.Payout{}, err
	}
	p, err := payout.Ask(ctx, tx, by, payout.Order{
		Subject: l.Subject, Purpose: payout.UnidentifiedReturn, Amount: l.Amount, To: to, From: ledger.Unidentified(), Paper: in.LineID,
	})
	if err != nil {
		return payout.Payout{}, renamed(err)
	}
	if err := payment.Take(ctx, tx, by, in.LineID, p.ID); err != nil {
		return payout.Payout{}, err
	}
	return p, SentBack.Append(ctx, tx, by, event.About{Subject: p.ID, VendorID: l.Subject}, RepaidData{Fen: p.Amount.Fen, Reason: reason})
}

// stated is what the bank says, or a person where the bank says nothing; a person
// who says otherwise is refused.
func stated(f *fault.Fields, at, bank, person string) string {
	switch {
	case bank == "" && person == "":
		f.AddRule("D-5", at, "deposit.payer_unstated")
	case bank == "":
		return person
	case person != "" && person != bank:
		f.AddRule("D-5", at, "deposit.payer_fixed")
	}
	return bank
}

// renamed puts the faults of a payout's account at the fields of this paper.
func renamed(err error) error {
	var e *fault.Error
	if !errors.As(err, &e) {
		return err
	}
	names := map[string]string{"/to/name": "/name", "/to/number": "/account", "/to/bank": "/bank", "/to/cnaps": "/cnaps"}
	for i, x := range e.Fields {
		if to, ok := names[x.Pointer]; ok {
			e.Fields[i].Pointer = to
		}
	}
	return e
}

// ReturnDropped is the reaction to a cancelled payout: the line it would have
// returned is open to a decision again.
func ReturnDropped(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d payout.Data
	if err := e.Into(&d); err != nil || d.Purpose != payout.UnidentifiedReturn {
		return err
	}
	return payment.Untake(ctx, tx, d.Paper, e.Subject)
}
