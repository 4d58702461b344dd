package flow

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// tellTransfer tells both people of a handover of ownership, and the company's
// contact, what happened to it.
func tellTransfer(template string) func(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	return func(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
		t, err := account.TransferByID(ctx, tx, e.Subject)
		if err != nil {
			return err
		}
		names, err := account.Names(ctx, tx, []string{t.From, t.To})
		if err != nil {
			return err
		}
		n := notify.Notice{Template: template, Args: []any{names[t.From], names[t.To], t.ExpiresAt}, Link: "/console/members", Channels: written}
		if template != "notify.transfer_offered" {
			n.Args = n.Args[:2]
		}
		for _, id := range []string{t.From, t.To} {
			if err := notify.Person(ctx, tx, e, id, n); err != nil {
				return err
			}
		}
		v, err := vendor.Load(ctx, tx, t.VendorID)
		if err != nil || v.Company.Contact.Mail == "" {
			return err
		}
		return notify.Mailboxes(ctx, tx, e, text.ZH, []string{v.Company.Contact.Mail}, n)
	}
}
