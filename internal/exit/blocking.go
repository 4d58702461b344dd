package exit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// Side is whose turn it is.
type Side string

// The sides.
const (
	Vendor   Side = "vendor"
	Operator Side = "operator"
)

// Label is the side's word for people.
func (s Side) Label() text.Key { return text.Key("exit.side_" + string(s)) }

// Blocker is something that holds up the return of the deposit. Rule X-2.
type Blocker struct {
	Code    string // for programs
	Rule    string
	Message text.Message
	Mend    text.Message // what would mend it
	Waiting Side
	Since   time.Time
	Until   time.Time // by when it is promised or possible; zero is no time
	Console string    // where the vendor sees it; "" where it does not
	Office  string    // where staff see it
	Stops   bool      // the working days of D-10 do not run while it is there
	Quiet   bool      // the vendor is not told yet what it is
}

// checks are what can block a return, each asked about one vendor. A package that
// blocks it too, as unfinished orders and disputes will, gets its line here.
var checks = []func(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error){
	byViolations, byPapers, byVouchers, byLines, byRequests, byPayouts,
}

// blocking lists what holds up the return of a vendor's deposit. Rule X-2.
func blocking(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error) {
	var out []Blocker
	for _, check := range checks {
		found, err := check(ctx, tx, e)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// byViolations: what waits for a decision or an appeal, and what is owed while
// something is held that it can be taken from.
func byViolations(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error) {
	open, err := violation.Open(ctx, tx, e.VendorID)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	held, _, err := deposit.Returnable(ctx, tx, e.VendorID)
	if err != nil {
		return nil, err
	}
	var out []Blocker
	for _, v := range open {
		who, since, until := v.Waiting()
		b := Blocker{
			Code: "violation", Rule: "X-2", Waiting: Operator, Since: since, Until: until, Stops: true,
			Message: text.M("exit.blocked_violation", v.Status.Label()), Mend: text.M("exit.mend_violation_operator"),
			Console: "/console/violations/" + v.ID, Office: "/office/violations/" + v.ID, Quiet: v.Status == violation.Recorded,
		}
		switch {
		case who == violation.Vendor:
			b.Waiting, b.Mend = Vendor, text.M("exit.mend_violation_vendor", until)
		case !v.Status.Open() && held.Fen == 0:
			continue // nothing is held that it could be taken from, nor returned
		case !v.Status.Open():
			b.Message, b.Mend = text.M("exit.blocked_owed", v.Owed()), text.M("exit.mend_owed")
		}
		out = append(out, b)
	}
	return out, nil
}

// byPapers: receipts on paper that the vendor still holds, and statements of their
// loss that wait for the operator. Rule D-10.
func byPapers(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error) {
	receipts, err := deposit.PapersBack(ctx, tx, e.VendorID)
	if err != nil || len(receipts) == 0 {
		return nil, err
	}
	backs, err := deposit.Backs(ctx, tx, machine, e.VendorID)
	if err != nil {
		return nil, err
	}
	given := make(map[string]deposit.Back)
	for _, b := range backs {
		if b.Status == deposit.BackGiven {
			given[b.ReceiptID] = b
		}
	}
	var out []Blocker
	for _, r := range receipts {
		b := Blocker{
			Code: "receipt", Rule: "D-10", Waiting: Vendor, Stops: true, Since: e.AskedAt,
			Message: text.M("exit.blocked_receipt", r.Number), Mend: text.M("exit.mend_receipt"),
			Console: "/console/deposit", Office: "/office/dispatch",
		}
		if g, ok := given[r.ID]; ok {
			b.Waiting, b.Since, b.Mend = Operator, g.GivenAt, text.M("exit.mend_loss")
		}
		out = append(out, b)
	}
	return out, nil
}

// byVouchers: vouchers that finance has not decided on.
func byVouchers(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error) {
	list, err := deposit.Vouchers(ctx, tx, machine, e.VendorID)
	var out []Blocker
	for _, v := range list {
		if v.Status == deposit.VoucherPresented {
			out = append(out, Blocker{
				Code: "voucher", Rule: "D-7", Waiting: Operator, Since: v.PresentedAt, Until: v.PromisedBy,
				Message: text.M("exit.blocked_voucher", v.Amount, v.PaidOn), Mend: text.M("exit.mend_voucher"),
				Console: "/console/deposit", Office: "/office/deposits/vouchers",
			})
		}
	}
	return out, err
}

// byLines: money that came for the vendor and is not confirmed.
func byLines(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error) {
	var out []Blocker
	for _, s := range []payment.State{payment.Certain, payment.Doubtful} {
		lines, err := payment.Lines(ctx, tx, machine, payment.Filter{State: s, Subject: e.VendorID, Limit: 50})
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			out = append(out, Blocker{
				Code: "bank_line", Rule: "D-12", Waiting: Operator, Since: l.ProposedAt,
				Message: text.M("exit.blocked_line", l.Amount, l.BookedOn), Mend: text.M("exit.mend_line"),
				Office: "/office/bank-lines/" + l.ID,
			})
		}
	}
	return out, nil
}

// byRequests: changes that are asked for, above all of the account that the deposit
// goes back to.
func byRequests(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error) {
	var out []Blocker
	for _, s := range []amendment.Status{"", amendment.Checking, amendment.Pausing} {
		list, err := amendment.List(ctx, tx, machine, amendment.Filter{Vendor: e.VendorID, Status: s})
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			b := Blocker{
				Code: "request", Rule: "X-2", Waiting: Operator, Since: r.MadeAt, Until: r.PromisedBy,
				Message: text.M("exit.blocked_request", r.Kind.Name()), Mend: text.M("exit.mend_request"),
				Console: "/console/changes", Office: "/office/changes/" + r.ID, Stops: r.Kind == amendment.Account,
			}
			switch r.Status {
			case amendment.Checking:
				b.Waiting, b.Mend = Vendor, text.M("exit.mend_request_check")
			case amendment.Pausing:
				b.Until, b.Mend = r.EffectAt, text.M("exit.mend_request_pause", r.EffectAt)
			}
			out = append(out, b)
		}
	}
	return out, nil
}

// byPayouts: money on its way to the vendor for something else.
func byPayouts(ctx context.Context, tx *db.Tx, e Exit) ([]Blocker, error) {
	if e.Status == Returning { // its own are on their way, and what is open holds up the end anyway
		return nil, nil
	}
	list, err := payout.Of(ctx, tx, machine, e.VendorID)
	var out []Blocker
	for _, p := range list {
		if p.Status.Open() {
			out = append(out, Blocker{
				Code: "payout", Rule: "D-12", Waiting: Operator, Since: p.AskedAt,
				Message: text.M("exit.blocked_payout", p.Amount, p.Purpose.Label()), Mend: text.M("exit.mend_payout"),
				Office: "/office/payouts/" + p.ID,
			})
		}
	}
	return out, err
}
