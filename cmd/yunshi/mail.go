package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/mailbox"
)

type mailCmd struct {
	storage
	Trusted  string   `name:"imap-trusted" help:"Name of the receiving server in Authentication-Results, whose word on senders counts." env:"YUNSHI_IMAP_TRUSTED"`
	MailFrom string   `name:"mail-from" help:"Sender of the marketplace's own mails, whose copies are put aside." env:"YUNSHI_MAIL_FROM"`
	Files    []string `name:"file" arg:"" type:"existingfile" help:"The mails as saved by a mail program."`
}

// Run imports one file after the other and tells of each whether it is new, known or
// unreadable. A refused file does not keep the others out.
func (c mailCmd) Run(ctx context.Context) error {
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	box := mailbox.Box{Files: m.Files, Trusted: c.Trusted, Domain: domainOf(c.MailFrom)}
	p, by, bad := terminal(), access.CommandActor("import mail"), false
	for _, path := range c.Files {
		raw, err := os.ReadFile(path)
		var l mailbox.Letter
		var fresh bool
		if err == nil {
			l, fresh, err = box.Read(ctx, m.DB, by, mailbox.ByFile, filepath.Base(path), raw)
		}
		var told *fault.Error
		switch {
		case err != nil && (errors.As(err, &told) || errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission)):
			fmt.Println(p.T("mailbox.import_refused", path, explain(err)))
			bad = true
		case err != nil:
			return errors.Join(err, m.Close())
		case !fresh:
			fmt.Println(p.T("mailbox.import_known", path, l.ID))
		case l.Status == mailbox.Unreadable:
			fmt.Println(p.T("mailbox.import_unreadable", path, l.ID))
		default:
			fmt.Println(p.T("mailbox.import_new", path, l.ID, p.T(l.Fit.Label())))
		}
	}
	if err := m.Close(); err != nil || !bad {
		return err
	}
	return failed(1)
}
