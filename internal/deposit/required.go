package deposit

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
)

// terms is what the deposit depends on.
type terms struct {
	approved []policy.CategoryID
	first    map[policy.CategoryID]int64 // what each asked for, in fen, when it was approved
	mode     policy.Mode
	contract contract.Contract // zero where none was offered
}

func (t terms) signed() bool { return t.contract.Status == contract.InForce }

// required is how much the deposit is, the category that asks for it, and whether
// that can be said: in platform mode the highest of the approved categories (D-2),
// in resale mode what the contract says (M-3), which is known when it is offered.
func (t terms) required(p policy.Policy) (amount money.Amount, by policy.CategoryID, known bool) {
	switch {
	case len(t.approved) == 0:
		return money.CNY(0), "", false
	case t.contract.FixedDeposit:
		return t.contract.Deposit, "", true
	case t.mode == policy.Resale:
		return money.CNY(0), "", false
	}
	amount = money.CNY(0)
	for _, c := range p.Categories { // the first where several ask for as much
		if own := t.own(p, c.ID); slices.Contains(t.approved, c.ID) && (by == "" || own.Cmp(amount) > 0) {
			amount, by = own, c.ID
		}
	}
	return amount, by, true
}

// own is what a category asks of this vendor: what it asked for when it was
// approved, or what it asks now where that is less. A later raise counts only if
// the policy asks those approved before to make up for it. Rule D-3.
func (t terms) own(p policy.Policy, id policy.CategoryID) money.Amount {
	c, _ := p.Category(id)
	if first, ok := t.first[id]; ok && first < c.DepositFen && p.Deposits.RaiseUntil.IsZero() {
		return money.CNY(first)
	}
	return c.Deposit()
}

// overdue reports whether a category was raised for those approved before, so much
// is not held, and the last day to make up for it has passed. Rule D-3.
func (t terms) overdue(p policy.Policy, id policy.CategoryID, held money.Amount, now time.Time) bool {
	first, ok := t.first[id]
	c, _ := p.Category(id)
	until := p.Deposits.RaiseUntil
	return ok && !t.contract.FixedDeposit && first < c.DepositFen && held.Fen < c.DepositFen && !until.IsZero() && p.Today(now).After(until)
}

// newlyCovered lists the approved categories that become covered when so much is
// held: all of them, once it reaches what they ask for together; none before the
// contract says how much that is. Those covered earlier stay so. Rule D-3.
func (t terms) newlyCovered(p policy.Policy, held money.Amount, covered []policy.CategoryID) []policy.CategoryID {
	required, _, known := t.required(p)
	if !known || !t.signed() || held.Cmp(required) < 0 {
		return nil
	}
	var out []policy.CategoryID
	for _, c := range t.approved {
		if !slices.Contains(covered, c) {
			out = append(out, c)
		}
	}
	return out
}

// missing is what is required beyond what is held, and never less than nothing.
func missing(required, held money.Amount) money.Amount {
	if held.Cmp(required) >= 0 {
		return money.CNY(0)
	}
	return money.CNY(required.Fen - held.Fen)
}

// facts is all that an operation on one vendor's deposit decides on.
type facts struct {
	terms
	policy policy.Policy
	row    row // zero where nothing was asked yet
	held   money.Amount
	state  State
	noted  []policy.CategoryID // covered once; of these a raise may have lapsed some
}

// lapsed lists the covered categories whose raise was not paid in time.
func (f facts) lapsed(now time.Time) []policy.CategoryID {
	var out []policy.CategoryID
	for _, c := range f.noted {
		if f.overdue(f.policy, c, f.held, now) {
			out = append(out, c)
		}
	}
	return out
}

func load(ctx context.Context, tx *db.Tx, vendorID string) (facts, error) {
	var f facts
	var err error
	if f.policy, err = policy.Now(ctx, tx); err != nil {
		return f, err
	}
	if f.terms, err = termsOf(ctx, tx, f.policy, vendorID); err != nil {
		return f, err
	}
	if f.row, f.noted, err = rowOf(ctx, tx, vendorID); err != nil {
		return f, err
	}
	if f.held, err = ledger.Balance(ctx, tx, ledger.DepositHeld(vendorID)); err != nil {
		return f, err
	}
	required, by, known := f.required(f.policy)
	f.state = State{
		VendorID: vendorID, Known: known, Required: required, RequiredBy: by, Held: f.held, Missing: missing(required, f.held), Overpaid: money.CNY(0),
		Approved: f.approved, Covered: f.noted, TopUpBy: f.row.topUpBy, TopUp: money.CNY(f.row.openFen), Owed: money.CNY(f.row.owedFen), ClosedAt: f.row.closedAt, Reference: f.row.reference, AskedAt: f.row.askedAt,
		Vouchers: f.row.vouchers, PromisedBy: f.row.promised, Contract: f.contract,
		Why: f.row.why, MakeUpBy: f.row.makeUpBy,
	}
	if lapsed := f.lapsed(tx.Now()); len(lapsed) > 0 {
		f.state.Covered = slices.DeleteFunc(slices.Clone(f.noted), func(c policy.CategoryID) bool { return slices.Contains(lapsed, c) })
	}
	f.state.Asks = f.asks()
	return f, nil
}

// asks is what each approved category asks for, and what is missing until it is covered.
func (f facts) asks() []Ask {
	var out []Ask
	for _, c := range f.approved {
		a := Ask{Category: c, Deposit: f.own(f.policy, c), Covered: f.state.Covers(c), Missing: money.CNY(0)}
		if f.contract.FixedDeposit {
			a.Deposit = f.contract.Deposit
		}
		switch first, ok := f.first[c]; {
		case !a.Covered && slices.Contains(f.noted, c):
			a.Missing = missing(a.Deposit, f.held)
		case !a.Covered:
			a.Missing = f.state.Missing
		case ok && first < a.Deposit.Fen && f.held.Fen < a.Deposit.Fen:
			a.Missing, a.Until = missing(a.Deposit, f.held), f.policy.Deposits.RaiseUntil
		}
		out = append(out, a)
	}
	return out
}

func termsOf(ctx context.Context, tx *db.Tx, now policy.Policy, vendorID string) (terms, error) {
	var t terms
	approvals, err := qualification.Approved(ctx, tx, vendorID)
	if err != nil {
		return t, err
	}
	for _, a := range approvals {
		t.approved = append(t.approved, a.Category)
		if !a.At.Before(now.HoldsFrom) {
			continue // nothing changed since
		}
		then, err := policy.At(ctx, tx, a.At)
		if err != nil {
			return t, err
		}
		if c, ok := then.Category(a.Category); ok {
			if t.first == nil {
				t.first = make(map[policy.CategoryID]int64)
			}
			t.first[a.Category] = c.DepositFen
		}
	}
	switch t.contract, err = contract.Current(ctx, tx, vendorID); {
	case err == nil:
		t.mode = t.contract.Mode
		return t, nil
	case !errors.Is(err, fault.NotFound):
		return t, err
	}
	t.contract = contract.Contract{}
	if t.mode, err = qualification.Mode(ctx, tx, vendorID); errors.Is(err, fault.NotFound) {
		err = nil
	}
	return t, err
}

// Load is the state of a vendor's deposit, for other nouns in a transaction.
func Load(ctx context.Context, tx *db.Tx, vendorID string) (State, error) {
	f, err := load(ctx, tx, vendorID)
	if err != nil {
		return State{}, err
	}
	f.state.Overpaid, err = ledger.Balance(ctx, tx, ledger.Overpaid(vendorID))
	return f.state, err
}
