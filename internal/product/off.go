package product

import (
	"context"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// Removal is an order of staff to take a product off the shelf.
type Removal struct {
	ID     string `json:"-" path:"id"`
	Rule   string `json:"rule"`   // which rule was broken, may be empty
	Reason string `json:"reason"` // what was found, for the vendor
	Mend   string `json:"mend"`   // what would mend it, may be empty
}

// ForceOff takes a product off the shelf for the operator, with a reason for the
// vendor, who cannot put it back: it must pass a review again, or the operator lifts
// it. A revision in review goes back to its vendor. Rule S-1; domain-cn.md §2.5.
func ForceOff(ctx context.Context, tx *db.Tx, by access.Actor, in Removal) (Product, error) {
	p, err := forReview(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if _, err := p.Status.Next(ActTakeOff); err != nil {
		return Product{}, err
	}
	in.Rule, in.Reason, in.Mend = line(in.Rule), lines(in.Reason), lines(in.Mend)
	if err := in.wrong(); err != nil {
		return Product{}, err
	}
	err = p.move(ctx, tx, ActTakeOff, func(p *Product) {
		p.OffRule, p.OffReason, p.OffMend, p.OffCause = in.Rule, in.Reason, in.Mend, ""
	})
	if err != nil {
		return Product{}, err
	}
	if err := catalog.Remove(ctx, tx, p.ID); err != nil {
		return Product{}, err
	}
	if err := p.sendRevisionBack(ctx, tx, by); err != nil {
		return Product{}, err
	}
	return p, Removed.Append(ctx, tx, by, p.about(), RemovedData{p.named(), in.Rule})
}

func (in Removal) wrong() error {
	var f fault.Fields
	if in.Reason == "" {
		f.Add("/reason", "product.reason_required")
	}
	for _, x := range []struct{ pointer, s string }{{"/rule", in.Rule}, {"/reason", in.Reason}, {"/mend", in.Mend}} {
		if n := utf8.RuneCountInString(x.s); n > mostReason {
			f.Add(x.pointer, "fault.too_long", mostReason, n)
		}
	}
	return f.Err()
}

// sendRevisionBack makes a draft of a revision that waits for or is in review: what
// was found wrong may be wrong in it too.
func (p Product) sendRevisionBack(ctx context.Context, tx *db.Tx, by access.Actor) error {
	r, err := openRevision(ctx, tx, p.ID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || !r.Status.May(ActTakeBack) {
		return err
	}
	if err := r.move(ctx, tx, ActTakeBack, nil); err != nil {
		return err
	}
	return ChangeTakenBack.Append(ctx, tx, by, p.about(), r.data())
}

// Lifting lets a product back that the operator took off.
type Lifting struct {
	ID string `json:"-" path:"id"`
}

// Lift takes back that a product was taken off by the operator: it goes on the
// shelf again if the gates are met, otherwise as soon as they are.
func Lift(ctx context.Context, tx *db.Tx, by access.Actor, in Lifting) (Product, error) {
	p, err := forReview(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := p.move(ctx, tx, ActLift, (*Product).pardoned); err != nil {
		return Product{}, err
	}
	if err := Lifted.Append(ctx, tx, by, p.about(), p.named()); err != nil {
		return Product{}, err
	}
	return p, p.shelveIfMet(ctx, tx, by)
}

func (p *Product) pardoned() { p.OffRule, p.OffReason, p.OffMend = "", "", "" }

// unshelveFor is Unshelve for what the rules do by themselves; it is fault.Conflict
// for a product that is not on the shelf. The vendor's row must be locked.
func (p *Product) unshelveFor(ctx context.Context, tx *db.Tx, by access.Actor, cause Cause) error {
	if err := p.move(ctx, tx, ActUnshelve, func(p *Product) { p.OffCause = cause }); err != nil {
		return err
	}
	if err := catalog.Remove(ctx, tx, p.ID); err != nil {
		return err
	}
	return Unshelved.Append(ctx, tx, by, p.about(), p.named())
}
