package deposit

import (
	"context"
	"errors"
	"slices"

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
	amount, by = p.Deposit(t.approved)
	return amount, by, true
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
	policy  policy.Policy
	row     row // zero where nothing was asked yet
	held    money.Amount
	state   State
	covered []policy.CategoryID
}

func load(ctx context.Context, tx *db.Tx, vendorID string) (facts, error) {
	var f facts
	var err error
	if f.policy, err = policy.Now(ctx, tx); err != nil {
		return f, err
	}
	if f.terms, err = termsOf(ctx, tx, vendorID); err != nil {
		return f, err
	}
	if f.row, f.covered, err = rowOf(ctx, tx, vendorID); err != nil {
		return f, err
	}
	if f.held, err = ledger.Balance(ctx, tx, ledger.DepositHeld(vendorID)); err != nil {
		return f, err
	}
	required, by, known := f.required(f.policy)
	f.state = State{
		VendorID: vendorID, Known: known, Required: required, RequiredBy: by, Held: f.held, Missing: missing(required, f.held), Overpaid: money.CNY(0),
		Approved: f.approved, Covered: f.covered, TopUpBy: f.row.topUpBy, Reference: f.row.reference, AskedAt: f.row.askedAt,
		Vouchers: f.row.vouchers, PromisedBy: f.row.promised, Contract: f.contract,
	}
	return f, nil
}

func termsOf(ctx context.Context, tx *db.Tx, vendorID string) (terms, error) {
	var t terms
	approvals, err := qualification.Approved(ctx, tx, vendorID)
	if err != nil {
		return t, err
	}
	for _, a := range approvals {
		t.approved = append(t.approved, a.Category)
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
