package notify

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Phones sends a notice by SMS to given numbers, each once for the event, as to the
// contact that a company had before.
func Phones(ctx context.Context, tx *db.Tx, e event.Ref, lang text.Lang, to []string, n Notice) error {
	for _, number := range to {
		if err := write(ctx, tx, letter{notice: n, channel: SMS, to: number, shown: vault.MaskPhone(number), vendor: e.VendorID, lang: lang, once: e.ID}); err != nil {
			return err
		}
	}
	return nil
}
