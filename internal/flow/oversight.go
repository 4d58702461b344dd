package flow

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/policy"
)

var signHead = job.Kind[struct{}]{Name: "audit.head"}

// oversightJobs signs the log's end after each day of the operator's zone; asked
// every hour, it does so once a day.
func oversightJobs(reg *job.Registry, n Needs) {
	job.Handle(reg, signHead, func(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) error {
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		today := p.Today(tx.Now())
		_, err = event.SignHead(ctx, tx, by, n.Key, today.AddDays(-1), today.Time(p.Location()))
		return err
	})
	reg.Every(time.Hour, signHead)
}

// tellHead mails a day's head to everybody who may see the log, so that copies lie
// outside this installation.
func tellHead(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	day, err := calendar.Parse(e.Subject)
	if err != nil {
		return err
	}
	h, err := event.LoadHead(ctx, tx, day)
	if err != nil {
		return err
	}
	watchers, err := account.Watchers(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range watchers {
		n := notify.Notice{Template: "notify.audit_head", Args: []any{h.Day.In(a.Lang), h.Body, h.Signature, h.Fingerprint()}, Link: "/office/audit/heads", Channels: []notify.Channel{notify.Mail}}
		if err := notify.Person(ctx, tx, e, a.ID, n); err != nil {
			return err
		}
	}
	return nil
}
