package notify

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// secretive are the templates whose messages hold what must not stay once it was
// sent: codes and one-time links.
var secretive = map[string]bool{codeTemplate: true, "notify.invitation": true}

// told puts what a person is told about their own account on its way, by mail and in
// the inbox; it handles account.ToldJob.
func (o *Office) told(ctx context.Context, tx *db.Tx, _ access.Actor, t account.Told) error {
	n := Notice{Template: t.Template, Link: t.Link, Channels: written}
	for _, w := range t.Args {
		n.Args = append(n.Args, o.word(w))
	}
	if t.To != "" {
		return write(ctx, tx, letter{notice: n, channel: Mail, to: t.To, shown: vault.MaskMail(t.To), vendor: t.Vendor, lang: text.Match(t.Lang), once: t.ID})
	}
	a, err := account.Load(ctx, tx, t.Account)
	if fault.Is(err, fault.NotFound) {
		return nil // gone meanwhile; there is nobody to tell
	}
	if err != nil {
		return err
	}
	return person(ctx, tx, a, t.Vendor, t.ID, n)
}

var written = []Channel{Mail, Inbox}

func (o *Office) word(w account.Word) any {
	switch {
	case w.Key != "":
		return text.M(w.Key)
	case w.Path != "":
		return o.BaseURL + w.Path
	case !w.At.IsZero():
		return w.At
	case w.Text != "":
		return w.Text
	}
	return w.Number
}

// Person tells one person, once for the event, in their language.
func Person(ctx context.Context, tx *db.Tx, e event.Ref, accountID string, n Notice) error {
	a, err := account.Load(ctx, tx, accountID)
	if err != nil {
		return err
	}
	return person(ctx, tx, a, e.VendorID, e.ID, n)
}

func person(ctx context.Context, tx *db.Tx, a account.Account, vendorID, once string, n Notice) error {
	for _, c := range n.Channels {
		to, shown := a.Mail, vault.MaskMail(a.Mail)
		switch c {
		case SMS:
			to, shown = a.Phone, vault.MaskPhone(a.Phone)
		case Inbox:
			to, shown = a.ID, vault.Mask(a.Name, 1, 0)
		}
		if to == "" {
			continue
		}
		if err := write(ctx, tx, letter{notice: n, channel: c, to: to, shown: shown, account: a.ID, vendor: vendorID, lang: a.Lang, once: once}); err != nil {
			return err
		}
	}
	return nil
}

// linked reports whether a line of a message is an address of ours alone.
func (o *Office) linked(line string) bool {
	return o.BaseURL != "" && strings.HasPrefix(line, o.BaseURL+"/") && !strings.ContainsAny(line, " \t")
}
