package notify

import (
	"context"

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
	Limit    int     `query:"limit"`
}

// List reads messages for staff, without bodies: a body may be personal.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Message, error) {
	if err := by.Require(access.SeeMessages); err != nil {
		return nil, err
	}
	return list(ctx, tx, f, "")
}

func list(ctx context.Context, tx *db.Tx, f Filter, accountID string) ([]Message, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q, args := `SELECT `+columns+` FROM message WHERE 1 = 1`, []any{}
	add := func(cond string, v string) {
		if v != "" {
			args = append(args, v)
			q += " AND " + cond + db.In(len(args), 1)
		}
	}
	add("vendor_id IN ", f.VendorID)
	add("state IN ", string(f.State))
	add("channel IN ", string(f.Channel))
	add("account_id IN ", accountID)
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
		if accountID == "" {
			all[i].Body = ""
		}
	}
	return all, nil
}

// OwnInbox reads the actor's own inbox, newest first.
func OwnInbox(ctx context.Context, tx *db.Tx, by access.Actor, before string) ([]Message, error) {
	if err := by.SignedIn(); err != nil {
		return nil, err
	}
	return list(ctx, tx, Filter{Channel: Inbox, Before: before}, by.ID)
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
	if m.Template == codeTemplate || m.Channel == Inbox {
		return m, fault.New(fault.Conflict, "notify.not_again")
	}
	if m.State == Queued && m.Tries == 0 {
		return m, fault.New(fault.Conflict, "notify.still_queued")
	}
	if err := tx.Move(ctx, `UPDATE message SET state = 'queued', last_error = '' WHERE id = $1 AND state <> 'queued'`, m.ID); err != nil {
		return m, err
	}
	if err := SendJob.Later(ctx, tx, Sending{m.ID}); err != nil {
		return m, err
	}
	m.State, m.Body = Queued, ""
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

// FailedCount is how many messages failed for good.
func FailedCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM message WHERE state = 'failed'`)
}
