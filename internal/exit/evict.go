package exit

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// EvictionPaper orders that a vendor be evicted.
type EvictionPaper struct {
	VendorID    string       `json:"vendor"`
	Offence     string       `json:"offence"`     // the rule that was broken, by its id in the policy
	Description string       `json:"description"` // what happened; the vendor reads it
	Amount      money.Amount `json:"amount"`      // to be taken from the deposit; zero is nothing
	Evidence    []string     `json:"evidence"`    // file ids, kept with the purpose violation
}

// Order proposes the eviction of a vendor, with the rule, the evidence and what of
// the deposit is to be taken; another person approves it. Rule and evidence are
// recorded as a violation, which is decided and may be appealed against as any other
// (D-11). A vendor without a contract, and one whose eviction waits already, are
// fault.Conflict. Rule X-1.
func Order(ctx context.Context, tx *db.Tx, by access.Actor, in EvictionPaper) (Exit, error) {
	if err := by.Require(access.Evict); err != nil {
		return Exit{}, err
	}
	if in.VendorID == "" {
		return Exit{}, fault.At("/vendor", "fault.required")
	}
	p, err := inTurn(ctx, tx, in.VendorID)
	if fault.Is(err, fault.NotFound) {
		return Exit{}, fault.At("/vendor", "violation.vendor_unknown")
	}
	if err != nil {
		return Exit{}, err
	}
	parting, err := vendor.PartingOf(ctx, tx, in.VendorID)
	if err != nil {
		return Exit{}, err
	}
	switch parting {
	case vendor.Stays:
		if err := hasContract(ctx, tx, in.VendorID); err != nil {
			return Exit{}, err
		}
	case vendor.Left, vendor.Evicted:
		return Exit{}, fault.New(fault.Conflict, "exit.gone").Of("X-1")
	}
	paper := violation.Paper{
		VendorID: in.VendorID, Offence: in.Offence, Measure: policy.Warning, Description: in.Description, Evidence: in.Evidence,
	}
	if in.Amount.Fen != 0 {
		paper.Measure, paper.Amount = policy.Deduction, in.Amount
	}
	v, err := violation.Record(ctx, tx, by, paper)
	if err != nil {
		return Exit{}, err
	}
	e := Exit{
		ID: tx.NewID("ext"), VendorID: in.VendorID, Kind: Eviction, Status: Proposed, Reason: v.Description,
		ViolationID: v.ID, AskedBy: by.ID, AskedAt: tx.Now(),
	}
	if err := e.insert(ctx, tx, p); err != nil {
		return Exit{}, err
	}
	return e, Ordered.Append(ctx, tx, by, e.about(), e.data())
}

// Approve is the second person's word on an eviction: the products leave the shelf,
// the contract ends, and the company is barred under its credit code. An exit that
// was under way goes over into it. Who ordered it is fault.Forbidden. Rules.
func Approve(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Exit, error) {
	if err := by.Require(access.Evict); err != nil {
		return Exit{}, err
	}
	if by.Kind != access.Staff {
		return Exit{}, fault.New(fault.Forbidden, "exit.only_people").Of("X-1")
	}
	e, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Exit{}, err
	}
	p, err := inTurn(ctx, tx, e.VendorID)
	if err != nil {
		return Exit{}, err
	}
	if e, err = Load(ctx, tx, in.ID); err != nil {
		return Exit{}, err
	}
	if _, err := e.Status.Next(ActApprove); err != nil {
		return Exit{}, err
	}
	if e.AskedBy == by.ID && !p.OnePersonForMoney {
		return Exit{}, fault.New(fault.Forbidden, "exit.ordered_by_you").Of("X-1")
	}
	off, err := e.replace(ctx, tx, by)
	if err != nil {
		return Exit{}, err
	}
	if err := e.move(ctx, tx, ActApprove, func(e *Exit) { e.ApprovedBy, e.ApprovedAt, e.EndedAt = by.ID, tx.Now(), tx.Now() }); err != nil {
		return Exit{}, err
	}
	v, err := vendor.Load(ctx, tx, e.VendorID)
	if err != nil {
		return Exit{}, err
	}
	if err := vendor.Bar(ctx, tx, by, e.VendorID, cn.USCC(v.Company.USCC), v.Company.Name, e.Number); err != nil {
		return Exit{}, err
	}
	d := e.data()
	d.Products = off
	if err := Begun.Append(ctx, tx, by, e.about(), d); err != nil {
		return Exit{}, err
	}
	return e, e.ended(ctx, tx, by, p)
}

// replace puts the eviction in the place of an exit that is under way, or begins
// with the products; it returns how many left the shelf.
func (e Exit) replace(ctx context.Context, tx *db.Tx, by access.Actor) (int, error) {
	old, err := underWay(ctx, tx, e.VendorID)
	if fault.Is(err, fault.NotFound) {
		return part(ctx, tx, e.VendorID)
	}
	if err != nil {
		return 0, err
	}
	if err := old.move(ctx, tx, ActReplace, func(o *Exit) { o.ClosedBy, o.ClosedWhy, o.FinishedAt = by.ID, e.Number, tx.Now() }); err != nil {
		return 0, err
	}
	return 0, Superseded.Append(ctx, tx, by, old.about(), old.data())
}

// Dropping takes the proposal of an eviction back.
type Dropping struct {
	ID     string `json:"-" path:"id"`
	Reason string `json:"reason"`
}

// Drop takes the proposal of an eviction back; nothing happened to the vendor, and
// what was recorded as a violation is decided on its own. Rule X-1.
func Drop(ctx context.Context, tx *db.Tx, by access.Actor, in Dropping) (Exit, error) {
	if err := by.Require(access.Evict); err != nil {
		return Exit{}, err
	}
	e, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Exit{}, err
	}
	if e.Status != Proposed {
		_, err := Done.Next(ActWithdraw)
		return Exit{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Exit{}, err
	}
	var f fault.Fields
	reason := cleanReason(&f, p, "/reason", in.Reason)
	if err := f.Err(); err != nil {
		return Exit{}, err
	}
	if err := e.move(ctx, tx, ActWithdraw, func(e *Exit) { e.ClosedBy, e.ClosedWhy, e.FinishedAt = by.ID, reason, tx.Now() }); err != nil {
		return Exit{}, err
	}
	return e, Discarded.Append(ctx, tx, by, e.about(), e.data())
}
