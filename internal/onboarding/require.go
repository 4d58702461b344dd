package onboarding

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Load gathers the facts of a vendor, for other nouns in a transaction. Who decides
// on them has called vendor.Lock before.
func Load(ctx context.Context, tx *db.Tx, vendorID string) (Facts, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Facts{}, err
	}
	return load(ctx, tx, vendorID, p)
}

func load(ctx context.Context, tx *db.Tx, vendorID string, p policy.Policy) (Facts, error) {
	standings, err := qualification.Standings(ctx, tx, vendorID)
	if err != nil {
		return Facts{}, err
	}
	d, err := deposit.Load(ctx, tx, vendorID)
	if err != nil {
		return Facts{}, err
	}
	f := Facts{
		Contract: d.Contract.Status, ContractUntil: d.Contract.Until,
		DepositKnown: d.Known, DepositDue: d.Required, DepositFor: d.RequiredBy, DepositHeld: d.Held, DepositAsked: d.Reference != "",
		Covered: d.Covered, TopUpBy: d.TopUpBy, ShopClosed: !d.ClosedAt.IsZero(), Vouchers: d.Vouchers, VoucherBy: d.PromisedBy,
	}
	if f.Parting, f.LicenceUntil, err = vendor.Standing(ctx, tx, vendorID); err != nil {
		return Facts{}, err
	}
	for _, s := range standings {
		switch s.Status {
		case qualification.Qualified:
			f.Approved = append(f.Approved, s.Category)
			if by := s.ApprovedAt.Add(time.Duration(p.Promise.Contract) * time.Hour); f.ContractBy.IsZero() || by.Before(f.ContractBy) {
				f.ContractBy = by
			}
		case qualification.Applied:
			f.InReview = append(f.InReview, s.Category)
			if by := s.ChangedAt.Add(time.Duration(p.Promise.Review) * time.Hour); f.ReviewBy.IsZero() || by.Before(f.ReviewBy) {
				f.ReviewBy = by
			}
		case qualification.Returned:
			f.SentBack = append(f.SentBack, s.Category)
		}
	}
	return f, nil
}

// Require is the gate itself: fault.Conflict with a field per need while something
// is missing for the act. Rule O-8.
func Require(ctx context.Context, tx *db.Tx, vendorID string, a policy.Act, on Target) error {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	f, err := load(ctx, tx, vendorID, p)
	if err != nil {
		return err
	}
	return refusal(a, f.Missing(a, on, p, tx.Now()))
}

func refusal(a policy.Act, needs []Need) error {
	if len(needs) == 0 {
		return nil
	}
	e := fault.New(fault.Conflict, text.Key("onboarding.not_yet_"+string(a))).Of("O-8")
	if !text.Known(e.Message.Key) {
		e.Message = text.M("onboarding.not_yet")
	}
	for _, n := range needs {
		e.Fields = append(e.Fields, fault.Field{Pointer: n.Field, Message: n.Message, Rule: n.Rule, Mend: n.Mend})
	}
	return e
}

// State is what people and programs are shown of a vendor's way in.
type State struct {
	VendorID   string
	Stage      Stage
	Facts      Facts
	Acts       []ActState      // for the vendor as a whole
	Categories []CategoryState // those approved or applied for, in the policy's order
}

// ActState is what is missing for an act.
type ActState struct {
	Act   policy.Act
	Needs []Need
}

// CategoryState is where the vendor stands with one category.
type CategoryState struct {
	Category policy.CategoryID
	Approved bool
	Covered  bool
	Acts     []ActState
}

// Acts lists the acts that are gated, in the order of the story.
func Acts() []policy.Act {
	return []policy.Act{policy.CreateProduct, policy.ReviewProduct, policy.Shelve}
}

// Of is the state of a vendor's way in, for its own people and for staff; to others
// it is fault.NotFound. A member without a company has the whole way before it.
func Of(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (State, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return State{}, err
	}
	if by.Kind == access.Member && by.VendorID == "" && vendorID == "" {
		return Facts{DepositDue: money.CNY(0), DepositHeld: money.CNY(0)}.State("", p, tx.Now()), nil
	}
	if err := by.Sees(vendorID); err != nil {
		return State{}, err
	}
	f, err := load(ctx, tx, vendorID, p)
	if err != nil {
		return State{}, err
	}
	return f.State(vendorID, p, tx.Now()), nil
}

// State concludes everything that is shown from the facts.
func (f Facts) State(vendorID string, p policy.Policy, now time.Time) State {
	acts := func(on Target) (out []ActState) {
		for _, a := range Acts() {
			out = append(out, ActState{a, f.Missing(a, on, p, now)})
		}
		return out
	}
	s := State{VendorID: vendorID, Stage: f.Stage(now), Facts: f, Acts: acts(Target{})}
	for _, c := range p.Categories {
		in := func(list []policy.CategoryID) bool {
			for _, id := range list {
				if id == c.ID {
					return true
				}
			}
			return false
		}
		if in(f.Approved) || in(f.InReview) || in(f.SentBack) {
			s.Categories = append(s.Categories, CategoryState{
				Category: c.ID, Approved: in(f.Approved), Covered: in(f.Covered), Acts: acts(Target{Category: c.ID}),
			})
		}
	}
	return s
}

// Needs are the needs of an act for the vendor as a whole.
func (s State) Needs(a policy.Act) []Need {
	for _, x := range s.Acts {
		if x.Act == a {
			return x.Needs
		}
	}
	return nil
}
