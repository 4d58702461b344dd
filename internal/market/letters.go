package market

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/mailbox/imap"
)

// Letters is how the operator's mailbox is read (D-6).
type Letters struct {
	Trusted string        // name of the receiving server in Authentication-Results; "" trusts none
	Domain  string        // of our own mails
	IMAP    imap.Settings // without a host nothing is read over IMAP
}

// box is where mails are received.
func (m *Market) box() mailbox.Box {
	b := mailbox.Box{Files: m.Files, Trusted: m.Config.Letters.Trusted, Domain: m.Config.Letters.Domain}
	if s := m.Config.Letters.IMAP; s.Host != "" {
		b.Source = s.Source()
	}
	return b
}

// inbox is the reader of the mailbox; nil where none is set.
func (m *Market) inbox() *imap.Reader {
	if m.Config.Letters.IMAP.Host == "" {
		return nil
	}
	return imap.New(m.Config.Letters.IMAP, m.DB, m.box(), m.Config.Log)
}

// letters looks at the mailbox by signing in to it.
func (k *checker) letters(ctx context.Context) {
	const point = "check.letters"
	s := k.c.Letters.IMAP
	if s.Host == "" {
		k.add(Fine, point, "check.letters_none")
		return
	}
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	if err := s.Try(ctx); err != nil {
		why, said := s.Explain(err)
		k.fail(point, why.Label(), said)
		return
	}
	k.add(Fine, point, "check.letters_fine", s.Source().Account, s.Source().Folder)
	if k.c.Letters.Trusted == "" {
		k.add(Warn, point, "check.letters_untrusted")
	}
}
