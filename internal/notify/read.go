package notify

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Filter narrows a list of messages; newest first.
type Filter struct {
	VendorID string  `query:"vendor"`
	State    State   `query:"state"`
	Channel  Channel `query:"channel"`
	Before   string  `query:"cursor"`
	Limit    int     `query:"limit" minimum:"0" maximum:"200"`
}

// List reads messages for staff, without bodies and links: a body may be personal,
// and a link may let its reader in.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Message, error) {
	if err := by.Require(access.SeeMessages); err != nil {
		return nil, err
	}
	all, err := list(ctx, tx, f, "", nil)
	for i := range all {
		all[i].Body, all[i].Link = "", ""
	}
	return all, err
}

// list reads messages that keep to a condition on $1 and on, newest first.
func list(ctx context.Context, tx *db.Tx, f Filter, where string, args []any) ([]Message, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q := `SELECT ` + columns + ` FROM message WHERE 1 = 1` + where
	add := func(cond string, v string) {
		if v != "" {
			args = append(args, v)
			q += " AND " + cond + db.In(len(args), 1)
		}
	}
	add("vendor_id IN ", f.VendorID)
	add("state IN ", string(f.State))
	add("channel IN ", string(f.Channel))
	add("id < ", f.Before)
	args = append(args, f.Limit)
	all, err := db.All(ctx, tx, (*Message).fields, q+" ORDER BY id DESC LIMIT "+db.In(len(args), 1), args...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := all[i].open(tx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// OwnInbox reads the actor's own inbox, newest first.
func OwnInbox(ctx context.Context, tx *db.Tx, by access.Actor, before string) ([]Message, error) {
	if err := by.SignedIn(); err != nil {
		return nil, err
	}
	return list(ctx, tx, Filter{Channel: Inbox, Before: before}, ` AND account_id = $1`, []any{by.ID})
}

// Unread counts what the actor has not read.
func Unread(ctx context.Context, tx *db.Tx, by access.Actor) (int, error) {
	if err := by.SignedIn(); err != nil {
		return 0, err
	}
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM message WHERE account_id = $1 AND channel = 'inbox' AND read_at IS NULL`, by.ID)
}

// MarkRead notes that the actor has seen their inbox.
func MarkRead(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := by.SignedIn(); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE message SET read_at = $1 WHERE account_id = $2 AND channel = 'inbox' AND read_at IS NULL`, tx.Now(), by.ID)
	return err
}

// Again names a message to send again.
type Again struct {
	ID string `json:"-" path:"id"`
}

// Resent records that staff had a message sent again.
var Resent = event.Kind[event.None]{Name: "message.resent", Internal: true}

// Resend sends a message again. A code is never sent twice: its reader asks for a
// new one; that is fault.Conflict.
func Resend(ctx context.Context, tx *db.Tx, by access.Actor, in Again) (Message, error) {
	if err := by.Require(access.ResendMessages); err != nil {
		return Message{}, err
	}
	m, err := db.One(ctx, tx, (*Message).fields, `SELECT `+columns+` FROM message WHERE id = $1`, in.ID)
	if err != nil {
		return m, err
	}
	if secretive[m.Template] || m.Channel == Inbox {
		return m, fault.New(fault.Conflict, "notify.not_again")
	}
	if m.State == Queued {
		return m, fault.New(fault.Conflict, "notify.still_queued")
	}
	if err := tx.Move(ctx, `UPDATE message SET state = 'queued', tries = 0, last_error = '', sent_at = NULL WHERE id = $1 AND state <> 'queued'`, m.ID); err != nil {
		return m, err
	}
	if err := m.Channel.later(ctx, tx, m.ID); err != nil {
		return m, err
	}
	m.State, m.Body, m.Link, m.Tries, m.LastError, m.SentAt = Queued, "", "", 0, "", time.Time{}
	return m, Resent.Append(ctx, tx, by, event.About{Subject: m.ID, VendorID: m.VendorID}, event.None{})
}

// Everything reads the newest messages with recipients and bodies, for the mail
// room of a demo; the wiring offers it in a demo only.
func Everything(ctx context.Context, tx *db.Tx, n int) ([]Message, error) {
	all, err := db.All(ctx, tx, (*Message).fields, `SELECT `+columns+` FROM message WHERE channel <> 'inbox' ORDER BY id DESC LIMIT $1`, n)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := all[i].open(tx); err != nil {
			return nil, err
		}
		all[i].ShownAs = all[i].to
	}
	return all, nil
}

// FailedCount is how many messages failed for good, at most db.Most.
func FailedCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], db.Capped(`FROM message WHERE state = 'failed'`))
}
