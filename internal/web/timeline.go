package web

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Moments turns events into a timeline. A vendor's people do not learn who of the
// staff it was; staff do.
func Moments(ctx context.Context, tx *db.Tx, by access.Actor, p text.Printer, events []event.Ref) ([]ui.Moment, error) {
	var ids []string
	for _, e := range events {
		ids = append(ids, e.ActorID)
	}
	names, err := account.Names(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]ui.Moment, len(events))
	for i, e := range events {
		who := names[e.ActorID]
		if who == "" {
			who = p.T("web.who_gone")
		}
		switch access.Kind(e.ActorKind) {
		case access.System:
			who = p.T("web.who_system")
		case access.Command:
			who = p.T("web.who_command")
		case access.Staff:
			if by.Kind == access.Member {
				who = p.T("web.who_operator")
			}
		}
		out[i] = ui.Moment{Time: e.At, Title: who + " " + p.T(text.Key("event."+e.Kind)), Tone: tone(e.Kind)}
	}
	return out, nil
}

// tones colours what a reader looks for first.
var tones = map[string]ui.Tone{
	"application.submitted": ui.Info, "application.decided": ui.Info, "contract.signed": ui.OK,
	"deposit.confirmed": ui.OK, "receipt.issued": ui.OK, "product.approved": ui.OK, "product.shelved": ui.OK,
	"deposit.voucher_refused": ui.Bad, "product.rejected": ui.Bad, "message.failed": ui.Bad, "product.taken_off": ui.Bad,
}

func tone(kind string) ui.Tone { return tones[kind] }
