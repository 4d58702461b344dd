// Package onboarding concludes from independent facts what a vendor may do (rule
// O-8): qualified per category, contract in term, deposit covering the category,
// product approved. Each fact is established by the package that owns it; here
// they become a stage for people and, for programs, the list of what is missing
// for an act, by the needs that the policy names. It owns no table.
package onboarding

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Facts is what is known of a vendor, each established by the package that owns it.
type Facts struct {
	Approved      []policy.CategoryID // qualification
	InReview      []policy.CategoryID // qualification: before the reviewer
	SentBack      []policy.CategoryID // qualification: back with the vendor
	Parting       vendor.Parting      // exit: leaving, left or evicted
	Contract      contract.Status     // contract; "" where none was offered
	ContractUntil time.Time           // contract: the last moment of the one in force
	DepositKnown  bool                // deposit: whether it can be said yet what is due
	DepositDue    money.Amount        // deposit: required over all approved categories
	DepositFor    policy.CategoryID   // deposit: the category that asks for it
	DepositHeld   money.Amount        // deposit, from the ledger
	DepositAsked  bool                // deposit: the vendor was given a reference to pay with
	Covered       []policy.CategoryID // deposit, rule D-3
	TopUpBy       time.Time           // deposit: after a deduction
	ShopClosed    bool                // deposit: the top-up was overdue, and is not paid since
	Vouchers      int                 // deposit: that wait for the operator
	LicenceUntil  calendar.Day        // vendor: the last day of the business licence; zero is long-term or unknown
	ReviewBy      time.Time           // promised: the decision on the application
	ContractBy    time.Time           // promised: the contract's offer
	VoucherBy     time.Time           // promised: the decision on the first waiting voucher
}

// MissingDeposit is what is required of the deposit beyond what is held.
func (f Facts) MissingDeposit() money.Amount {
	if f.DepositHeld.Cmp(f.DepositDue) >= 0 {
		return money.CNY(0)
	}
	return money.CNY(f.DepositDue.Fen - f.DepositHeld.Fen)
}

// InTerm reports whether the contract is signed and its term has not run out.
func (f Facts) InTerm(now time.Time) bool {
	return f.Contract == contract.InForce && !now.After(f.ContractUntil)
}

// overdue reports whether a deduction was not made good in time.
func (f Facts) overdue(now time.Time) bool {
	return f.ShopClosed || !f.TopUpBy.IsZero() && now.After(f.TopUpBy)
}

// Stage is where a vendor stands, in one word for people. It is computed and kept nowhere.
type Stage string

// The stages in the order of the story.
const (
	Applying  Stage = "applying"  // fills in the application
	InReview  Stage = "in_review" // the operator reviews it
	Contract  Stage = "contract"  // approved; the contract is not signed
	Deposit   Stage = "deposit"   // signed; products may be created, none shelved
	Open      Stage = "open"      // a category is covered: products may go on the shelf
	Closed    Stage = "closed"    // a deduction was not made good in time
	OutOfTerm Stage = "expired"   // the contract's term ran out
	Leaving   Stage = "leaving"   // ends the cooperation; the deposit is not returned yet
	Left      Stage = "left"      // the cooperation ended in peace
	Evicted   Stage = "evicted"   // the operator ended it
)

// Stages lists the stages of the way in, in order.
func Stages() []Stage { return []Stage{Applying, InReview, Contract, Deposit, Open} }

// Label is the stage's word for people.
func (s Stage) Label() text.Key { return text.Key("onboarding.stage_" + string(s)) }

// Stage concludes where the vendor stands.
func (f Facts) Stage(now time.Time) Stage {
	switch f.Parting {
	case vendor.Leaving:
		return Leaving
	case vendor.Left:
		return Left
	case vendor.Evicted:
		return Evicted
	}
	switch {
	case len(f.Approved) == 0 && len(f.InReview) > 0:
		return InReview
	case len(f.Approved) == 0:
		return Applying
	case f.Contract == contract.InForce && !f.InTerm(now), !f.InTerm(now) && len(f.Covered) > 0:
		return OutOfTerm
	case !f.InTerm(now):
		return Contract
	case f.overdue(now):
		return Closed
	case len(f.Covered) > 0:
		return Open
	}
	return Deposit
}

// Side is who has to do something.
type Side string

// The sides.
const (
	Vendor   Side = "vendor"
	Operator Side = "operator"
	Nobody   Side = "nobody" // nothing can be done yet: something else comes first
)

// Label is the side's word for people.
func (s Side) Label() text.Key { return text.Key("onboarding.side_" + string(s)) }

// Product is the product's own fact, handed in by product.
type Product struct {
	Approved bool
	InReview bool
}

// Target is what an act is on; the zero value is the vendor as a whole.
type Target struct {
	Category policy.CategoryID // "" is any
	Product  *Product          // nil where the act is not on a product
}

// Need is something missing for an act.
type Need struct {
	Fact    policy.Fact
	Rule    string
	Field   string // pointer: "/onboarding/deposit"
	Message text.Message
	Mend    text.Message // what would mend it
	Waiting Side         // whose turn it is
	Until   time.Time    // by when, where that is known
}
