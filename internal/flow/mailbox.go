package flow

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// mailMissing asks a letter's sender for what is missing and tells the prescribed
// form. Of the letter itself nothing is repeated: its sender may be another. Rule D-6.
func mailMissing(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d mailbox.AnsweredData
	if err := e.Into(&d); err != nil {
		return err
	}
	to, err := mailbox.ToAnswer(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	var missing []text.Message
	for _, x := range d.Missing {
		missing = append(missing, text.M(x.Label()))
	}
	lines := []text.Message{
		text.M("notify.letter_form_subject", p.Marketplace.ZH), text.M("notify.letter_form_asks", p.Marketplace.ZH),
		text.M("notify.letter_form_fields"), text.M("notify.letter_form_paid"), text.M("notify.letter_form_voucher"),
	}
	if p.Operator.Mail != "" {
		lines = append(lines, text.M("notify.letter_form_to", p.Operator.Mail))
	}
	return notify.Mailboxes(ctx, tx, e, to.Lang, []string{to.To}, notify.Notice{
		Template: "notify.letter_missing", Args: []any{to.KeptAt, missing}, Lines: lines, Link: depositPlace,
	})
}
