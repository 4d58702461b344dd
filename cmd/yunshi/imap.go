package main

import (
	"errors"
	netmail "net/mail"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/mailbox/imap"
	"github.com/yunshi-market/yunshi/internal/market"
)

// inbox is the operator's mailbox, in which vendors tell of paid deposits (D-6).
type inbox struct {
	IMAPHost    string        `name:"imap-host" help:"Server of the mailbox that vendors write to about paid deposits; not read if not given." env:"YUNSHI_IMAP_HOST"`
	IMAPPort    int           `name:"imap-port" help:"Its port; 993, or 143 without implicit TLS, if not given." env:"YUNSHI_IMAP_PORT"`
	IMAPUser    string        `name:"imap-user" help:"User; the password is YUNSHI_IMAP_PASSWORD." env:"YUNSHI_IMAP_USER"`
	IMAPTLS     imap.Security `name:"imap-tls" help:"implicit, starttls or none." enum:"implicit,starttls,none" default:"implicit" env:"YUNSHI_IMAP_TLS"`
	IMAPFolder  string        `name:"imap-folder" help:"The folder that is read; nothing in it is changed." default:"INBOX" env:"YUNSHI_IMAP_FOLDER"`
	IMAPSince   string        `name:"imap-since" placeholder:"DATE" help:"Day as 2026-11-23; mails that came to the mailbox before it are not read. All are if not given." env:"YUNSHI_IMAP_SINCE"`
	IMAPTrusted string        `name:"imap-trusted" help:"Name of the receiving server in Authentication-Results, whose word on senders counts." env:"YUNSHI_IMAP_TRUSTED"`
}

// collect puts the mailbox into the configuration; mailFrom is the marketplace's own sender.
func (i inbox) collect(c *market.Config, mailFrom string) error {
	c.Letters.Trusted, c.Letters.Domain = i.IMAPTrusted, domainOf(mailFrom)
	if i.IMAPHost == "" {
		return nil
	}
	password := secretEnv("YUNSHI_IMAP_PASSWORD")
	if i.IMAPUser == "" || password == "" {
		return errors.New("--imap-host needs --imap-user, and the password in YUNSHI_IMAP_PASSWORD")
	}
	c.Letters.IMAP = imap.Settings{Host: i.IMAPHost, Port: i.IMAPPort, User: i.IMAPUser, Password: password, Security: i.IMAPTLS, Folder: i.IMAPFolder}
	if i.IMAPSince != "" {
		var err error
		if c.Letters.IMAP.Since, err = calendar.Parse(i.IMAPSince); err != nil {
			return errors.New("--imap-since is a day like 2026-11-23")
		}
	}
	return nil
}

// domainOf is the part of a mailbox after the @, "" if there is none.
func domainOf(mailbox string) string {
	if a, err := netmail.ParseAddress(mailbox); err == nil {
		mailbox = a.Address
	}
	_, domain, _ := strings.Cut(mailbox, "@")
	return domain
}
