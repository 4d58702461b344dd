package amendment

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// watchJob looks for what runs out.
var watchJob = job.Kind[struct{}]{Name: "amendment.watch"}

// Register puts the jobs of changes into the registry: the end of an account's pause,
// and the clock of what runs out, four times a day.
func Register(reg *job.Registry) {
	job.Handle(reg, effectJob, takeEffect)
	job.Handle(reg, watchJob, func(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) error { return Watch(ctx, tx, by) })
	reg.Every(6*time.Hour, watchJob)
}

// batch is how many are read at a time.
const batch = 200

// Watch tells each vendor once per threshold what of its papers runs out: the business
// licence, the term of its contract, the grace of a new agreement. It may run any
// number of times.
func Watch(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := by.Require(access.SendContracts); err != nil {
		return err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	w := watch{ctx, tx, by, p}
	for _, look := range []func() error{w.licences, w.terms, w.agreements} {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}

type watch struct {
	ctx    context.Context
	tx     *db.Tx
	by     access.Actor
	policy policy.Policy
}

// threshold is the nearest of the reminders that is due with so many days left; false
// is none yet.
func threshold(days []int, left int) (int, bool) {
	best, due := 0, false
	for _, d := range days {
		if left <= d && (!due || d < best) {
			best, due = d, true
		}
	}
	return best, due
}

func (w watch) licences() error {
	for {
		n, err := vendor.ReadLicences(w.ctx, w.tx, batch)
		if err != nil {
			return err
		}
		if n < batch {
			break
		}
	}
	days := w.policy.Amendments.LicenceReminders
	if len(days) == 0 {
		days = []int{0}
	}
	today := w.policy.Today(w.tx.Now())
	after := ""
	for {
		list, err := vendor.LicencesUntil(w.ctx, w.tx, today.AddDays(slices.Max(days)), after, batch)
		if err != nil {
			return err
		}
		for _, l := range list {
			left := l.Until.DaysSince(today)
			kind, what := LicenceEnd, ""
			if left < 0 {
				kind, what = LicenceOut, fmt.Sprintf("licence %s out", l.Until)
			} else if d, due := threshold(days, left); due {
				what = fmt.Sprintf("licence %s %d", l.Until, d)
			}
			if err := w.tell(kind, l.VendorID, what, Ending{On: l.Until.Time(time.UTC), Days: left}); err != nil {
				return err
			}
		}
		if len(list) < batch {
			return nil
		}
		after = list[len(list)-1].VendorID
	}
}

// tell appends the event of a reminder, once.
func (w watch) tell(kind event.Kind[Ending], vendorID, what string, e Ending) error {
	if what == "" {
		return nil
	}
	first, err := once(w.ctx, w.tx, vendorID, what, w.tx.Now())
	if err != nil || !first {
		return err
	}
	return kind.Append(w.ctx, w.tx, w.by, event.About{Subject: vendorID, VendorID: vendorID}, e)
}

func (w watch) terms() error {
	days := w.policy.Amendments.TermReminders
	if len(days) == 0 {
		return nil
	}
	today := w.policy.Today(w.tx.Now())
	last := today.AddDays(slices.Max(days) + 1).Time(w.policy.Location())
	after := ""
	for {
		list, err := contract.EndingBefore(w.ctx, w.tx, last, after, batch)
		if err != nil {
			return err
		}
		for _, c := range list {
			left := w.policy.Today(c.Until).DaysSince(today)
			if d, due := threshold(days, left); due {
				if err := w.tell(TermEnd, c.VendorID, fmt.Sprintf("term %s %d", c.ID, d), Ending{On: c.Until, Days: left, Number: c.Number}); err != nil {
					return err
				}
			}
		}
		if len(list) < batch {
			return nil
		}
		after = list[len(list)-1].ID
	}
}

// agreements tells of a later version when it holds, and again before and when its
// acceptance is required. Rule C-4.
func (w watch) agreements() error {
	current, err := agreement.Current(w.ctx, w.tx)
	if err != nil {
		return err
	}
	for _, d := range current {
		if d.RequiredFrom.IsZero() {
			continue
		}
		left := w.policy.Today(d.RequiredFrom).DaysSince(w.policy.Today(w.tx.Now()))
		what := fmt.Sprintf("accept %s %s new", d.ID, d.Version)
		if !w.tx.Now().Before(d.RequiredFrom) {
			what = fmt.Sprintf("accept %s %s required", d.ID, d.Version)
		} else if n, due := threshold(w.policy.Amendments.AcceptReminders, left); due {
			what = fmt.Sprintf("accept %s %s %d", d.ID, d.Version, n)
		}
		after := ""
		for {
			list, err := agreement.Vendors(w.ctx, w.tx, w.by, agreement.Search{Ref: agreement.Ref{ID: d.ID, Version: d.Version}, After: after, Limit: batch})
			if err != nil {
				return err
			}
			for _, v := range list {
				if err := w.tell(AcceptBy, v.VendorID, what, Ending{On: d.RequiredFrom, Days: left, Document: d.ID, Version: d.Version}); err != nil {
					return err
				}
			}
			if len(list) < batch {
				break
			}
			after = list[len(list)-1].VendorID
		}
	}
	return nil
}
