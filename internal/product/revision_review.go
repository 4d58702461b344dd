package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// revisionForReview reads a revision and its product for a reviewer, with their
// vendor locked.
func revisionForReview(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Product, Revision, error) {
	if err := by.Require(access.ReviewProducts); err != nil {
		return Product{}, Revision{}, err
	}
	r, err := loadRevision(ctx, tx, id)
	if err != nil {
		return Product{}, Revision{}, err
	}
	if err := vendor.Lock(ctx, tx, r.VendorID); err != nil {
		return Product{}, Revision{}, err
	}
	if r, err = loadRevision(ctx, tx, id); err != nil { // as it is now that nobody else may change it
		return Product{}, Revision{}, err
	}
	p, err := Load(ctx, tx, r.ProductID)
	return p, r, err
}

// ClaimRevision takes a submitted revision for the reviewer alone; one that another
// has is fault.Conflict.
func ClaimRevision(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Revision, error) {
	p, r, err := revisionForReview(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	switch {
	case r.Status == RevisionInReview && r.Holder == by.ID:
		return r, nil
	case r.Status == RevisionInReview:
		return Revision{}, fault.New(fault.Conflict, "product.held")
	}
	if err := r.move(ctx, tx, ActClaim, func(r *Revision) { r.Holder, r.HeldAt = by.ID, tx.Now() }); err != nil {
		return Revision{}, err
	}
	return r, ChangeClaimed.Append(ctx, tx, by, p.about(), r.data())
}

// ReleaseRevision gives a claimed revision back to the queue; only who has it may.
func ReleaseRevision(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Revision, error) {
	p, r, err := revisionForReview(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	if err := r.heldBy(by); err != nil {
		return Revision{}, err
	}
	if err := r.move(ctx, tx, ActRelease, nil); err != nil {
		return Revision{}, err
	}
	return r, ChangeReleased.Append(ctx, tx, by, p.about(), r.data())
}

func (r Revision) heldBy(by access.Actor) error {
	switch {
	case r.Status == RevisionSubmitted:
		return fault.New(fault.Conflict, "product.not_claimed")
	case r.Status == RevisionInReview && r.Holder != by.ID:
		return fault.New(fault.Conflict, "product.held")
	}
	_, err := r.Status.Next(ActRelease)
	return err
}

// DecideRevision ends the review of a revision that the actor holds. Approved, it
// takes the place of what is live in this transaction; rejected, what is live stays
// and the vendor is told why. On the fast route a verdict per check is not asked
// for, a reason for a rejection is. Rule S-2.
func DecideRevision(ctx context.Context, tx *db.Tx, by access.Actor, in Decision) (Revision, error) {
	p, r, err := revisionForReview(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	if err := r.heldBy(by); err != nil {
		return Revision{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Revision{}, err
	}
	in = in.clean()
	if err := in.wrong(pol.ChecksFor(r.Content.Form), r.Route == FullRoute); err != nil {
		return Revision{}, err
	}
	if err := in.record(ctx, tx, by, p, r.ID); err != nil {
		return Revision{}, err
	}
	end := func(r *Revision) { r.EndedBy, r.EndedAt = by.ID, tx.Now() }
	if in.Outcome == Reject {
		if err := r.move(ctx, tx, ActReject, end); err != nil {
			return Revision{}, err
		}
		data := r.data()
		data.Checks = in.notMet()
		return r, ChangeRefused.Append(ctx, tx, by, p.about(), data)
	}
	if err := r.move(ctx, tx, ActApprove, end); err != nil {
		return Revision{}, err
	}
	return r, r.goLive(ctx, tx, by, p)
}

// goLive puts an approved revision in the place of what its product was. What the
// operator took off, or left the shelf for its report, goes back if the gates are met.
func (r Revision) goLive(ctx context.Context, tx *db.Tx, by access.Actor, p Product) error {
	if p.Revision != r.Base {
		return fault.New(fault.Conflict, "fault.changed")
	}
	if err := freeCode(ctx, tx, p.VendorID, p.ID, r.Content.Code); err != nil {
		return err
	}
	act := ActRevise
	if p.Status == TakenOff {
		act = ActLift
	}
	err := p.move(ctx, tx, act, func(p *Product) {
		renewed := r.Content.Image.ScannedOn != p.ReportOn
		p.Content = r.Content
		p.Revision++
		if renewed {
			p.newReport()
		}
		p.pardoned()
	})
	if err != nil {
		return err
	}
	if err := ChangePassed.Append(ctx, tx, by, p.about(), r.data()); err != nil {
		return err
	}
	switch {
	case p.Status == OnShelf:
		return p.show(ctx, tx)
	case p.Status == Approved, p.Status == OffShelf && p.OffCause == ReportExpired:
		return p.shelveIfMet(ctx, tx, by)
	}
	return nil
}

// CheckSpot notes that a revision which went live unseen was looked at; what is
// wrong with it is mended by ForceOff.
func CheckSpot(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Revision, error) {
	p, r, err := revisionForReview(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	if r.Spot != SpotOpen {
		return Revision{}, fault.New(fault.Conflict, "revision.no_spot")
	}
	r.Spot = SpotDone
	err = tx.Move(ctx, `UPDATE product_revision SET spot = $1, ended_by = $2 WHERE id = $3 AND spot = $4`, string(SpotDone), by.ID, r.ID, string(SpotOpen))
	if err != nil {
		return Revision{}, err
	}
	return r, ChangeChecked.Append(ctx, tx, by, p.about(), r.data())
}
