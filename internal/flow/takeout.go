package flow

import (
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/takeout"
)

// tellTakeoutReady tells the owner where the company's data lie; the way there asks
// for a fresh proof, so the message holds no key to it.
func tellTakeoutReady(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d takeout.MadeData
	if err := e.Into(&d); err != nil {
		return err
	}
	return tellOwners(ctx, tx, e, notify.Notice{Template: "takeout.told_ready", Args: []any{d.Records, d.Files, d.Until}, Link: "/console/data", Channels: written})
}

func tellTakeoutFailed(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	t, err := takeout.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return tellOwners(ctx, tx, e, notify.Notice{Template: "takeout.told_failed", Args: []any{t.AskedAt}, Link: "/console/data", Channels: written})
}

// tellOwners tells the owner of a company, and nobody else of it.
func tellOwners(ctx context.Context, tx *db.Tx, e event.Ref, n notify.Notice) error {
	people, err := account.People(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	for _, a := range people {
		if !slices.Contains(a.Roles, access.Owner) {
			continue
		}
		if err := notify.Person(ctx, tx, e, a.ID, n); err != nil {
			return err
		}
	}
	return nil
}
