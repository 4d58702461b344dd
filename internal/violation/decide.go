package violation

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Outcome is how a decision ended.
type Outcome string

// The outcomes: of a recorded violation, and of an appeal.
const (
	Confirm Outcome = "confirm"
	Drop    Outcome = "drop"

	Uphold Outcome = "uphold"
	Reduce Outcome = "reduce"
	Revoke Outcome = "revoke"
)

// Label is the outcome's word for people.
func (o Outcome) Label() text.Key { return text.Key("violation.outcome_" + string(o)) }

// Decision is what the second person decides on a recorded violation.
type Decision struct {
	ID      string       `json:"-" path:"id"`
	Outcome Outcome      `json:"outcome"` // confirm or drop
	Amount  money.Amount `json:"amount"`  // of a deduction, if less than was proposed; zero is what was proposed
	Reason  string       `json:"reason"`  // told to the vendor where it is confirmed
}

// Decide confirms a recorded violation or drops it. It takes another person than
// who recorded it, of finance where money is taken, unless policy allows one (D-7);
// to drop one's own record needs nobody else. What is confirmed is told to the
// vendor with the time until which it may appeal; the money is taken at once, or,
// where policy says so, when that time has ended. Rule D-11.
func Decide(ctx context.Context, tx *db.Tx, by access.Actor, in Decision) (Violation, error) {
	if err := by.Require(access.RecordViolations); err != nil {
		return Violation{}, err
	}
	v, p, err := forChange(ctx, tx, in.ID)
	if err != nil {
		return Violation{}, err
	}
	act := map[Outcome]Act{Confirm: ActConfirm, Drop: ActDrop}[in.Outcome]
	if act == "" {
		return Violation{}, fault.At("/outcome", "fault.unknown_choice", string(in.Outcome))
	}
	if _, err := v.Status.Next(act); err != nil {
		return Violation{}, err
	}
	if err := v.mayDecide(by, p, in.Outcome); err != nil {
		return Violation{}, err
	}
	var f fault.Fields
	v.Decision = words(&f, p, "/reason", in.Reason, false)
	v.decides(&f, in)
	if err := f.Err(); err != nil {
		return Violation{}, err
	}
	v.DecidedBy, v.DecidedAt, v.PromisedBy = by.ID, tx.Now(), time.Time{}
	if in.Outcome == Drop {
		if err := v.save(ctx, tx, ActDrop); err != nil {
			return Violation{}, err
		}
		return v, WasDropped.Append(ctx, tx, by, v.about(), v.data())
	}
	v.AppealBy = p.DueAfter(tx.Now(), p.Violations.AppealDays)
	if err := v.save(ctx, tx, ActConfirm); err != nil {
		return Violation{}, err
	}
	if err := endJob.Later(ctx, tx, named{v.ID}, job.At(v.AppealBy.Add(time.Microsecond)), job.Once(v.ID)); err != nil {
		return Violation{}, err
	}
	if !p.Violations.AfterAppeal {
		if err := v.deduct(ctx, tx, by); err != nil {
			return Violation{}, err
		}
	}
	if err := v.takeOff(ctx, tx); err != nil {
		return Violation{}, err
	}
	return v, WasDecided.Append(ctx, tx, by, v.about(), v.outcome())
}

// mayDecide refuses the wrong person: money is finance's, and two people see each
// violation. Rules D-7 and D-11.
func (v Violation) mayDecide(by access.Actor, p policy.Policy, o Outcome) error {
	if by.Kind != access.Staff {
		return fault.New(fault.Forbidden, "violation.only_people").Of("D-11")
	}
	own := by.ID == v.RecordedBy
	if own && o == Drop {
		return nil
	}
	if v.Measure == policy.Deduction {
		if err := by.Require(access.DeductDeposits); err != nil {
			return fault.New(fault.Forbidden, "violation.only_finance").Of("D-11")
		}
	}
	if own && !p.OnePersonForMoney {
		return fault.New(fault.Forbidden, "violation.recorded_by_you").Of("D-11")
	}
	return nil
}

// decides takes over a smaller amount; a larger one needs a record of its own.
func (v *Violation) decides(f *fault.Fields, in Decision) {
	switch {
	case in.Amount.Fen == 0 || in.Outcome == Drop:
	case v.Measure != policy.Deduction:
		f.AddRule("D-11", "/amount", "violation.amount_for_deduction")
	case in.Amount.Code() != money.Yuan:
		f.AddRule("D-11", "/amount", "deposit.only_cny")
	case in.Amount.Fen < 0:
		f.AddRule("D-11", "/amount", "deposit.amount_positive")
	case in.Amount.Fen > v.Proposed.Fen:
		f.AddRule("D-11", "/amount", "violation.more_than_proposed", v.Proposed)
	default:
		v.Amount = money.CNY(in.Amount.Fen)
	}
}

// forChange reads a violation with its vendor locked, when it is this transaction's
// turn to give out numbers: money may be taken.
func forChange(ctx context.Context, tx *db.Tx, id string) (Violation, policy.Policy, error) {
	if err := deposit.InTurn(ctx, tx); err != nil {
		return Violation{}, policy.Policy{}, err
	}
	v, err := Load(ctx, tx, id)
	if err != nil {
		return Violation{}, policy.Policy{}, err
	}
	if err := vendor.Lock(ctx, tx, v.VendorID); err != nil {
		return Violation{}, policy.Policy{}, err
	}
	p, err := policy.Now(ctx, tx)
	return v, p, err
}

// deduct takes the decided amount, if the measure is one, and has the shop closed
// at the moment when the top-up is overdue.
func (v *Violation) deduct(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if v.Measure != policy.Deduction || v.Deducted != nil {
		return nil
	}
	d, err := deposit.Deduct(ctx, tx, by, deposit.Deduction{VendorID: v.VendorID, Amount: v.Amount, Paper: v.ID})
	if err != nil {
		return err
	}
	v.Deducted = &d
	return v.closeLater(ctx, tx)
}

// closeLater has the shop closed when the clock of the deduction runs out.
func (v Violation) closeLater(ctx context.Context, tx *db.Tx) error {
	if v.Deducted.Open.Fen == 0 {
		return nil
	}
	return closeJob.Later(ctx, tx, ofVendor{v.VendorID}, job.At(v.Deducted.TopUpBy.Add(time.Microsecond)))
}

// mostOffReason bounds the reason that goes with a product, in characters.
const mostOffReason = 500

// takeOff takes the product off the shelf, if the measure says so and it is there.
func (v Violation) takeOff(ctx context.Context, tx *db.Tx) error {
	if v.Measure != policy.ProductOff {
		return nil
	}
	p, err := product.Load(ctx, tx, v.ProductID)
	if err != nil || !p.Status.May(product.ActTakeOff) {
		return err
	}
	reason := v.Decision
	if utf8.RuneCountInString(reason) > mostOffReason {
		reason = string([]rune(reason)[:mostOffReason])
	}
	_, err = product.ForceOff(ctx, tx, program, product.Removal{ID: v.ProductID, Rule: v.Offence.Name.ZH + " " + v.Offence.Name.EN, Reason: reason})
	return err
}

// Collect takes what a deduction is still owed from what the vendor's deposit holds
// by now. Rule D-11.
func Collect(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Violation, error) {
	if err := by.Require(access.DeductDeposits); err != nil {
		return Violation{}, err
	}
	v, _, err := forChange(ctx, tx, in.ID)
	if err != nil {
		return Violation{}, err
	}
	d, err := deposit.Collect(ctx, tx, by, deposit.Collection{Paper: v.ID})
	if err != nil {
		return Violation{}, err
	}
	v.Deducted = &d
	if err := v.closeLater(ctx, tx); err != nil {
		return Violation{}, err
	}
	return v, Collected.Append(ctx, tx, by, v.about(), v.outcome())
}
