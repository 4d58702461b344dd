package violation

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
)

// Objection is a vendor's appeal.
type Objection struct {
	ID    string   `json:"-" path:"id"`
	Text  string   `json:"text"`
	Files []string `json:"files"` // file ids, kept with the purpose appeal
}

// Appeal objects to a decided violation, once, while the time of appeal runs; later
// it is fault.Conflict. The clock of a top-up runs on. Rule D-11.
func Appeal(ctx context.Context, tx *db.Tx, by access.Actor, in Objection) (Violation, error) {
	if _, err := get(ctx, tx, by, in.ID); err != nil {
		return Violation{}, err
	}
	v, p, err := forChange(ctx, tx, in.ID)
	if err != nil {
		return Violation{}, err
	}
	if err := by.OwnsVendor(v.VendorID, access.Appeal); err != nil {
		return Violation{}, err
	}
	if _, err := v.Status.Next(ActAppeal); err != nil {
		return Violation{}, err
	}
	if tx.Now().After(v.AppealBy) {
		return Violation{}, fault.New(fault.Conflict, "violation.appeal_too_late", v.AppealBy).Of("D-11")
	}
	var f fault.Fields
	v.Appeal = words(&f, p, "/text", in.Text, true)
	proof, err := papers(ctx, tx, &f, p, v.VendorID, "/files", file.Appeal, in.Files)
	if err != nil {
		return Violation{}, err
	}
	if err := f.Err(); err != nil {
		return Violation{}, err
	}
	v.AppealedBy, v.AppealedAt = by.ID, tx.Now()
	v.PromisedBy = tx.Now().Add(time.Duration(p.Violations.AppealHours) * time.Hour)
	if err := v.save(ctx, tx, ActAppeal); err != nil {
		return Violation{}, err
	}
	if err := insertFiles(ctx, tx, v.ID, appealed, proof); err != nil {
		return Violation{}, err
	}
	err = WasAppealed.Append(ctx, tx, by, v.about(), v.data())
	v.forVendor()
	return v, err
}

// Judgement is the decision on an appeal.
type Judgement struct {
	ID      string       `json:"-" path:"id"`
	Outcome Outcome      `json:"outcome"` // uphold, reduce or revoke
	Amount  money.Amount `json:"amount"`  // to which a deduction is reduced
	Reason  string       `json:"reason"`
}

// Judge decides on an appeal: the penalty stands, is reduced, or is undone. It
// takes a third person, neither who recorded the violation nor who decided on it,
// whatever the policy allows for money. What is undone of a deduction goes back to
// the deposit, and a product that it took off the shelf may return. Rule D-11.
func Judge(ctx context.Context, tx *db.Tx, by access.Actor, in Judgement) (Violation, error) {
	if err := by.Require(access.JudgeAppeals); err != nil {
		return Violation{}, err
	}
	v, p, err := forChange(ctx, tx, in.ID)
	if err != nil {
		return Violation{}, err
	}
	act := map[Outcome]Act{Uphold: ActUphold, Reduce: ActReduce, Revoke: ActRevoke}[in.Outcome]
	if act == "" {
		return Violation{}, fault.At("/outcome", "fault.unknown_choice", string(in.Outcome))
	}
	if _, err := v.Status.Next(act); err != nil {
		return Violation{}, err
	}
	if by.Kind != access.Staff {
		return Violation{}, fault.New(fault.Forbidden, "violation.only_people").Of("D-11")
	}
	if by.ID == v.RecordedBy || by.ID == v.DecidedBy {
		return Violation{}, fault.New(fault.Forbidden, "violation.third_person").Of("D-11")
	}
	var f fault.Fields
	v.Judgement = words(&f, p, "/reason", in.Reason, false)
	to := v.judged(&f, in)
	if err := f.Err(); err != nil {
		return Violation{}, err
	}
	less := money.CNY(v.Amount.Fen - to.Fen)
	v.Amount, v.JudgedBy, v.JudgedAt, v.PromisedBy = to, by.ID, tx.Now(), time.Time{}
	if err := v.save(ctx, tx, act); err != nil {
		return Violation{}, err
	}
	if err := v.carryOut(ctx, tx, by, less); err != nil {
		return Violation{}, err
	}
	return v, WasJudged.Append(ctx, tx, by, v.about(), JudgedData{v.outcome(), in.Outcome, less.Fen})
}

// putBack lets the product back that was taken off, unless that was undone or the
// product was handed in anew meanwhile.
func (v Violation) putBack(ctx context.Context, tx *db.Tx) error {
	p, err := product.Load(ctx, tx, v.ProductID)
	if err != nil || !p.Status.May(product.ActLift) {
		return err
	}
	_, err = product.Lift(ctx, tx, program, product.Lifting{ID: v.ProductID})
	return err
}

// judged is what a deduction is after the decision on the appeal.
func (v Violation) judged(f *fault.Fields, in Judgement) money.Amount {
	switch in.Outcome {
	case Revoke:
		return money.CNY(0)
	case Reduce:
		switch {
		case v.Measure != policy.Deduction:
			f.AddRule("D-11", "/outcome", "violation.only_deductions_reduced")
		case in.Amount.Code() != money.Yuan:
			f.AddRule("D-11", "/amount", "deposit.only_cny")
		case in.Amount.Fen <= 0 || in.Amount.Fen >= v.Amount.Fen:
			f.AddRule("D-11", "/amount", "violation.reduce_between", v.Amount)
		default:
			return money.CNY(in.Amount.Fen)
		}
	}
	return v.Amount
}

// carryOut does what was judged: money goes back, or is taken now where it waited
// for the appeal; a product may return to the shelf.
func (v *Violation) carryOut(ctx context.Context, tx *db.Tx, by access.Actor, less money.Amount) error {
	switch {
	case v.Measure == policy.ProductOff && v.Status == Revoked:
		return v.putBack(ctx, tx)
	case v.Measure != policy.Deduction:
		return nil
	case v.Deducted == nil && v.Status != Revoked:
		return v.deduct(ctx, tx, by)
	case v.Deducted == nil || less.IsZero():
		return nil
	}
	d, err := deposit.Undo(ctx, tx, by, deposit.GiveBack{Paper: v.ID, Amount: less})
	v.Deducted = &d
	return err
}
