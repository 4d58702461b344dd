package exit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// named names an exit, ofVendor a vendor.
type (
	named    struct{ Exit string }
	ofVendor struct{ Vendor string }
)

// The jobs of exits. Each looks at the state anew, so that a stale one does nothing.
var (
	endJob     = job.Kind[named]{Name: "exit.end"}        // the vendor's time of thought is over
	termJob    = job.Kind[ofVendor]{Name: "exit.term"}    // a term ended and was not renewed
	advanceJob = job.Kind[ofVendor]{Name: "exit.advance"} // what blocked may have fallen away
	watchJob   = job.Kind[struct{}]{Name: "exit.watch"}
)

// Register puts the jobs of exits into the registry: the clock looks at each exit
// and at ended terms every hour.
func Register(reg *job.Registry) {
	job.Handle(reg, endJob, func(ctx context.Context, tx *db.Tx, by access.Actor, in named) error {
		return endInTime(ctx, tx, by, in.Exit)
	})
	job.Handle(reg, termJob, func(ctx context.Context, tx *db.Tx, by access.Actor, in ofVendor) error {
		return EndOfTerm(ctx, tx, by, in.Vendor)
	})
	job.Handle(reg, advanceJob, func(ctx context.Context, tx *db.Tx, by access.Actor, in ofVendor) error {
		return Advance(ctx, tx, by, in.Vendor)
	})
	job.Handle(reg, watchJob, func(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) error { return Watch(ctx, tx, by) })
	reg.Every(time.Hour, watchJob)
}

// Watch makes jobs for the exits that are under way and for the terms that ended
// longer ago than the policy's grace without a renewal. Rule X-1.
func Watch(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := by.Require(access.EndContracts); err != nil {
		return err
	}
	live, err := db.All(ctx, tx, (*Exit).fields, `SELECT `+columns+` FROM exit WHERE status IN ('asked', 'leaving', 'returning') ORDER BY id`)
	if err != nil {
		return err
	}
	for _, e := range live {
		if e.Status == Asked {
			if tx.Now().After(e.EndBy) {
				err = endJob.Later(ctx, tx, named{e.ID})
			}
		} else {
			err = advanceJob.Later(ctx, tx, ofVendor{e.VendorID})
		}
		if err != nil {
			return err
		}
	}
	ended, err := contract.RunOut(ctx, tx, tx.Now())
	if err != nil {
		return err
	}
	for _, c := range ended {
		if err := termJob.Later(ctx, tx, ofVendor{c.VendorID}); err != nil {
			return err
		}
	}
	return nil
}

// EndOfTerm begins the exit of a vendor whose term ended and was not renewed within
// the policy's grace. Before that, and for a vendor that leaves already, it does
// nothing. Rule X-1.
func EndOfTerm(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) error {
	if err := by.Require(access.EndContracts); err != nil {
		return err
	}
	p, err := inTurn(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	c, err := contract.Current(ctx, tx, vendorID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	parting, perr := vendor.PartingOf(ctx, tx, vendorID)
	if err != nil || perr != nil {
		return firstOf(err, perr)
	}
	over := c.Status == contract.InForce && tx.Now().After(c.Until)
	if parting != vendor.Stays || !over || !tx.Now().After(p.DueAfter(c.Until, p.Exit.GraceWorkingDays)) {
		return nil
	}
	e := Exit{
		ID: tx.NewID("ext"), VendorID: vendorID, Kind: Term, Status: Asked, Reason: c.Number,
		AskedBy: by.ID, AskedAt: tx.Now(), EndBy: tx.Now(),
	}
	if err := e.begin(ctx, tx, by, p); err != nil {
		return err
	}
	return e.end(ctx, tx, by, p)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func endInTime(ctx context.Context, tx *db.Tx, by access.Actor, id string) error {
	e, err := Load(ctx, tx, id)
	if err != nil {
		return err
	}
	p, err := inTurn(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	if e, err = Load(ctx, tx, id); err != nil || e.Status != Asked || tx.Now().Before(e.EndBy) {
		return err
	}
	return e.end(ctx, tx, by, p)
}

// end ends the contract and the categories of a vendor, and goes on as far as
// nothing blocks. The vendor is locked. Rules.
func (e *Exit) end(ctx context.Context, tx *db.Tx, by access.Actor, p policy.Policy) error {
	if err := e.move(ctx, tx, ActEnd, func(e *Exit) { e.EndedAt, e.EndBy = tx.Now(), time.Time{} }); err != nil {
		return err
	}
	return e.ended(ctx, tx, by, p)
}

func (e *Exit) ended(ctx context.Context, tx *db.Tx, by access.Actor, p policy.Policy) error {
	if err := contract.End(ctx, tx, machine, contract.Ending{VendorID: e.VendorID, Reason: e.Number}); err != nil {
		return err
	}
	if err := qualification.End(ctx, tx, machine, e.VendorID); err != nil {
		return err
	}
	if err := deposit.StopAsking(ctx, tx, machine, e.VendorID); err != nil {
		return err
	}
	if err := Ended.Append(ctx, tx, by, e.about(), e.data()); err != nil {
		return err
	}
	return e.advance(ctx, tx, p)
}

// Recheck is the reaction to what may unblock an exit.
func Recheck(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	if e.VendorID == "" {
		return nil
	}
	return Advance(ctx, tx, by, e.VendorID)
}

// Advance looks at what blocks a vendor's exit and does what is due: it starts the
// clock, orders the return of the deposit, and finishes the exit when the debits are
// matched. For a vendor that does not leave it does nothing. Rules X-2 and D-10.
func Advance(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) error {
	if err := by.Require(access.EndContracts); err != nil {
		return err
	}
	e, err := underWay(ctx, tx, vendorID)
	if fault.Is(err, fault.NotFound) || err == nil && e.Status == Asked {
		return nil
	}
	if err != nil {
		return err
	}
	p, err := inTurn(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	if e, err = underWay(ctx, tx, vendorID); err != nil || e.Status == Asked {
		return err
	}
	return e.advance(ctx, tx, p)
}

func (e *Exit) advance(ctx context.Context, tx *db.Tx, p policy.Policy) error {
	blockers, err := blocking(ctx, tx, *e)
	if err != nil {
		return err
	}
	if err := e.clock(ctx, tx, p, blockers); err != nil {
		return err
	}
	if len(blockers) > 0 {
		return nil
	}
	held, over, err := deposit.Returnable(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	if held.Fen+over.Fen > 0 {
		return e.release(ctx, tx)
	}
	open, err := openPayouts(ctx, tx, e.VendorID)
	if err != nil || open {
		return err
	}
	return e.finish(ctx, tx)
}

// clock starts the working days of D-10 when nothing that stops them is left, and
// takes them back when something came up anew.
func (e *Exit) clock(ctx context.Context, tx *db.Tx, p policy.Policy, blockers []Blocker) error {
	stopped := false
	for _, b := range blockers {
		stopped = stopped || b.Stops
	}
	switch {
	case stopped && !e.ClearAt.IsZero() && e.ReleasedAt.IsZero():
		e.ClearAt, e.DueBy = time.Time{}, time.Time{}
		return e.save(ctx, tx, e.Status)
	case !stopped && e.ClearAt.IsZero():
		e.ClearAt, e.DueBy = tx.Now(), p.DueAfter(tx.Now(), p.Exit.ReturnWorkingDays)
		if err := e.save(ctx, tx, e.Status); err != nil {
			return err
		}
		return Cleared.Append(ctx, tx, machine, e.about(), e.data())
	}
	return nil
}

// release orders the return of what is held and what was overpaid. Rule D-10.
func (e *Exit) release(ctx context.Context, tx *db.Tx) error {
	paper := e.ID
	if e.Status == Returning { // something came in, or a payout was cancelled, since
		paper = e.ID + ":" + tx.NewID("rel")
	}
	list, err := deposit.Release(ctx, tx, machine, e.VendorID, paper)
	if err != nil {
		return err
	}
	sum := e.Released
	for _, x := range list {
		if sum, err = sum.Add(x.Amount); err != nil {
			return err
		}
	}
	err = e.move(ctx, tx, ActRelease, func(e *Exit) {
		e.Released = sum
		if e.ReleasedAt.IsZero() {
			e.ReleasedAt = tx.Now()
		}
	})
	if err != nil {
		return err
	}
	return Released.Append(ctx, tx, machine, e.about(), e.data())
}

// finish says that nothing is held any more.
func (e *Exit) finish(ctx context.Context, tx *db.Tx) error {
	paid, err := payout.PaidTo(ctx, tx, e.VendorID, e.AskedAt)
	if err != nil {
		return err
	}
	if err := e.move(ctx, tx, ActFinish, func(e *Exit) { e.FinishedAt, e.Released = tx.Now(), money.CNY(paid.Fen) }); err != nil {
		return err
	}
	is := vendor.Left
	if e.Kind == Eviction {
		v, err := vendor.Load(ctx, tx, e.VendorID)
		if err != nil {
			return err
		}
		barred, err := vendor.Barred(ctx, tx, cn.USCC(v.Company.USCC))
		if err != nil {
			return err
		}
		if barred { // not lifted meanwhile
			is = vendor.Evicted
		}
	}
	if err := vendor.Part(ctx, tx, e.VendorID, vendor.Leaving, is); err != nil {
		return err
	}
	return Finished.Append(ctx, tx, machine, e.about(), e.data())
}

func openPayouts(ctx context.Context, tx *db.Tx, vendorID string) (bool, error) {
	list, err := payout.Of(ctx, tx, machine, vendorID)
	for _, p := range list {
		if p.Status.Open() {
			return true, err
		}
	}
	return false, err
}
