package account

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Told is something a person is told about their own account, on its way to notify;
// it travels sealed, since it may hold a mailbox or a one-time link.
type Told struct {
	ID       string `json:"id"`
	Account  string `json:"account"` // "" for somebody who has none yet
	Vendor   string `json:"vendor"`
	To       string `json:"to"` // another mailbox than the account's; then only there
	Lang     string `json:"lang"`
	Template string `json:"template"`
	Args     []Word `json:"args"`
	Link     string `json:"link"` // a path of ours; one with a secret travels in Args
	Once     bool   `json:"once"` // holds a one-time link: erased when sent
}

// Word is one argument of a sentence: a text, a key of the catalogue, a time, a path
// of ours, which is told as a whole address, or, with none of these, a number.
type Word struct {
	Text   string    `json:"text,omitempty"`
	Key    text.Key  `json:"key,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Path   string    `json:"path,omitempty"`
	Number int       `json:"number,omitempty"`
}

// ToldJob carries what people are told to notify.
var ToldJob = job.Kind[Told]{Name: "account.told", Sealed: true}

// tell puts a message to a person about their own account on its way.
func tell(ctx context.Context, tx *db.Tx, a Account, template string, args ...Word) error {
	return ToldJob.Later(ctx, tx, Told{ID: tx.NewID("tld"), Account: a.ID, Vendor: a.VendorID, Lang: a.Lang.Tag(), Template: template, Args: args, Link: "/security"})
}

// deviceWord is a device as an argument.
func deviceWord(agent string) Word {
	if d := Device(agent); d != "" {
		return Word{Text: d}
	}
	return Word{Key: "account.device_unknown"}
}

// Tell tells a person something about their own account: by mail and in the inbox,
// in their language. Template names its sentences, as in notify.Notice.
func Tell(ctx context.Context, tx *db.Tx, accountID, template string, args ...Word) error {
	a, err := Load(ctx, tx, accountID)
	if err != nil {
		return err
	}
	return tell(ctx, tx, a, template, args...)
}
