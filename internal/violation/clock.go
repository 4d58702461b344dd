package violation

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/product"
)

// program acts where a decision is carried out on another noun.
var program = access.SystemActor("violation")

type named struct {
	Violation string `json:"violation"`
}

type ofVendor struct {
	Vendor string `json:"vendor"`
}

var (
	endJob   = job.Kind[named]{Name: "violation.end"}         // the time of appeal has ended
	closeJob = job.Kind[ofVendor]{Name: "violation.close"}    // the top-up is overdue
	sweepJob = job.Kind[struct{}]{Name: "violation.sweep"}    // whatever a job missed
	remind   = job.Kind[struct{}]{Name: "violation.reminder"} // of top-ups
)

// Register registers the clocks: each has a job at its exact moment, and a sweep
// that finds what was missed.
func Register(reg *job.Registry) {
	job.Handle(reg, endJob, func(ctx context.Context, tx *db.Tx, by access.Actor, in named) error {
		return end(ctx, tx, by, in.Violation)
	})
	job.Handle(reg, closeJob, func(ctx context.Context, tx *db.Tx, by access.Actor, in ofVendor) error {
		return CloseShop(ctx, tx, by, in.Vendor)
	})
	job.Handle(reg, sweepJob, sweep)
	reg.Every(time.Hour, sweepJob)
	job.Handle(reg, remind, deposit.RemindTopUps)
	reg.Every(time.Hour, remind)
}

// end makes a violation final when the time of appeal has ended, and takes the
// money where policy had it wait. One that was appealed against stays as it is.
func end(ctx context.Context, tx *db.Tx, by access.Actor, id string) error {
	v, _, err := forChange(ctx, tx, id)
	if err != nil {
		return err
	}
	if v.Status != Decided || !tx.Now().After(v.AppealBy) {
		return nil
	}
	if err := v.save(ctx, tx, ActEnd); err != nil {
		return err
	}
	if err := v.deduct(ctx, tx, by); err != nil {
		return err
	}
	return BecameFinal.Append(ctx, tx, by, v.about(), v.outcome())
}

// CloseShop closes a vendor's shop if its top-up is overdue: its products leave the
// shelf in the same transaction. Before that moment, and in a shop that is closed,
// it does nothing. Rule D-11.
func CloseShop(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) error {
	closed, err := deposit.CloseOverdue(ctx, tx, by, vendorID)
	if err != nil || !closed {
		return err
	}
	return product.CloseShop(ctx, tx, by, vendorID)
}

// sweep makes jobs of what is due and was not done.
func sweep(ctx context.Context, tx *db.Tx, _ access.Actor, _ struct{}) error {
	vendors, err := deposit.Overdue(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range vendors {
		if err := closeJob.Later(ctx, tx, ofVendor{id}); err != nil {
			return err
		}
	}
	ended, err := db.All(ctx, tx, db.Value[string], `
		SELECT id FROM violation WHERE status = 'decided' AND appeal_by < $1 ORDER BY id LIMIT 1000`, tx.Now())
	if err != nil {
		return err
	}
	for _, id := range ended {
		if err := endJob.Later(ctx, tx, named{id}); err != nil {
			return err
		}
	}
	return nil
}
