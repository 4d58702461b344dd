// Package flow is the choreography on one page: what happens because something
// happened, and which jobs there are. It holds no rule and no SQL; what a message
// says is filled in by the one-line adapters beside it.
package flow

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/sign"
)

// Needs is what jobs need beside a transaction.
type Needs struct {
	DB      *db.DB
	Files   *file.Files
	Office  *notify.Office
	Key     sign.Key
	BaseURL string
}

// Reactions is what happens because something happened.
func Reactions() []event.Rule {
	return []event.Rule{}
}

var sweep = job.Kind[struct{}]{Name: "sweep"}

// Jobs registers every kind of job.
func Jobs(reg *job.Registry, n Needs) {
	n.Office.Register(reg)
	job.Handle(reg, sweep, func(ctx context.Context, tx *db.Tx, _ access.Actor, _ struct{}) error {
		if _, err := job.Sweep(ctx, tx); err != nil {
			return err
		}
		return account.Sweep(ctx, tx)
	})
	reg.Every(time.Hour, sweep)
}
