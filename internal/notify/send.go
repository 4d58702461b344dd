package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/notify/mail"
	"github.com/yunshi-market/yunshi/internal/notify/sms"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Register registers the post office's jobs.
func (o *Office) Register(reg *job.Registry) {
	job.Handle(reg, account.CodeJob, SendCode)
	job.Handle(reg, account.ToldJob, o.told)
	job.HandleOutside(reg, SendJob, o.send)
	job.HandleOutside(reg, TextJob, o.send)
}

// gaveUp records that a message failed for good.
var gaveUp = event.Kind[event.None]{Name: "message.failed", Internal: true}

// tries is how often a message is tried before it fails for good: about a day.
const tries = 12

// codeTries is how often a code is: after ten minutes it is worth nothing.
const codeTries = 4

// send hands a message to its transport: read, call, write, each by itself. A
// message sent twice carries the same id, by which receivers tell.
func (o *Office) send(ctx context.Context, in Sending) error {
	var m Message
	err := o.DB.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = db.One(ctx, tx, (*Message).fields, `SELECT `+columns+` FROM message WHERE id = $1`, in.Message)
		if err != nil {
			return err
		}
		if err := m.open(tx); err != nil {
			return err
		}
		p, err := policy.Now(ctx, tx)
		m.market = p.Marketplace.In(m.Lang)
		return err
	})
	if err != nil || m.State != Queued {
		return err
	}
	cause := o.hand(ctx, m)
	final := cause != nil && (m.lastTry() || mail.Permanent(cause) || sms.Permanent(cause) || errors.Is(cause, errNoTransport))
	err = o.DB.Write(ctx, func(tx *db.Tx) error { return o.record(ctx, tx, m, cause, final) })
	switch {
	case err != nil:
		return err
	case final:
		return nil // recorded as failed; staff see it and can send it again
	}
	return cause
}

// lastTry reports whether this try is the message's last.
func (m Message) lastTry() bool {
	if m.Template == codeTemplate {
		return m.Tries+1 >= codeTries
	}
	return m.Tries+1 >= tries
}

var errNoTransport = errors.New("no transport is configured")

func (o *Office) hand(ctx context.Context, m Message) error {
	if o.Room {
		return nil // it is read on the mail room's page
	}
	if m.Channel == SMS {
		if o.SMS == nil {
			return errNoTransport
		}
		return o.SMS.Send(ctx, sms.Message{ID: m.ID, To: m.to, Template: strings.TrimPrefix(m.Template, "notify."), Lang: m.Lang, Params: m.smsParams(), Text: m.Body, At: m.MadeAt})
	}
	if o.Mail == nil {
		return errNoTransport
	}
	out := mail.Message{ID: m.ID, To: m.to, Subject: m.Subject, Text: o.plain(m), HTML: o.html(m)}
	for _, id := range m.Files {
		var f file.File
		err := o.DB.Read(ctx, func(tx *db.Tx) (err error) {
			f, err = file.Get(ctx, tx, access.SystemActor("notify.send"), id)
			return err
		})
		if err != nil {
			return fmt.Errorf("attachment %s: %w", id, err)
		}
		data, err := o.Files.Open(ctx, f)
		if err != nil {
			return err
		}
		out.Attachments = append(out.Attachments, mail.Attachment{Name: f.Name, Type: f.Type, Data: data})
	}
	return o.Mail.Send(ctx, out)
}

// smsParams are what a template of the SMS service is filled with: the notice's
// arguments as "1", "2" and so on.
func (m Message) smsParams() map[string]string {
	var list []string
	if err := json.Unmarshal([]byte(m.params), &list); err != nil {
		return nil // a code's, erased with it
	}
	out := make(map[string]string, len(list))
	for i, v := range list {
		out[strconv.Itoa(i+1)] = v
	}
	return out
}

func (o *Office) plain(m Message) string {
	s := m.Body
	if m.Link != "" {
		s += "\n\n" + o.BaseURL + m.Link
	}
	return s + "\n\n— " + text.Printer{Lang: m.Lang}.T("notify.signature", m.market) + "\n"
}

func (o *Office) html(m Message) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + m.Lang.Tag() + `"><meta charset="utf-8"><body style="font:15px/1.7 'PingFang SC','Microsoft YaHei',sans-serif;color:#1d2330;max-width:36em;margin:24px auto;padding:0 16px">`)
	for _, line := range strings.Split(m.Body, "\n") {
		if o.linked(line) {
			b.WriteString(`<p style="margin:1.6em 0;word-break:break-all"><a href="` + html.EscapeString(line) + `">` + html.EscapeString(line) + `</a></p>`)
			continue
		}
		b.WriteString("<p style=\"margin:.4em 0\">" + html.EscapeString(line) + "</p>")
	}
	p := text.Printer{Lang: m.Lang}
	if m.Link != "" {
		b.WriteString(`<p style="margin:1.6em 0"><a href="` + html.EscapeString(o.BaseURL+m.Link) + `" style="background:#0b57d0;color:#fff;padding:10px 18px;border-radius:6px;text-decoration:none">` + html.EscapeString(p.T("notify.open")) + `</a></p>`)
	}
	b.WriteString(`<p style="color:#5b6472;font-size:13px">` + html.EscapeString(p.T("notify.signature", m.market)) + `</p></body></html>`)
	return b.String()
}

// record writes how a try ended. A code or one-time link is erased once it was handed over or given
// up, except in a demo, whose mail room shows it.
func (o *Office) record(ctx context.Context, tx *db.Tx, m Message, cause error, final bool) error {
	state, sent, told := Sent, tx.Now(), ""
	if cause != nil {
		state, sent, told = Queued, time.Time{}, clip(said(cause))
	}
	if final {
		state = Failed
	}
	if _, err := tx.Exec(ctx, `UPDATE message SET state = $1, sent_at = $2, last_error = $3, tries = tries + 1 WHERE id = $4`,
		string(state), sent, told, m.ID); err != nil {
		return err
	}
	if secretive[m.Template] && state != Queued && !o.Room {
		if _, err := tx.Exec(ctx, `UPDATE message SET body = '', params = '' WHERE id = $1`, m.ID); err != nil {
			return err
		}
	}
	if !final {
		return nil
	}
	return gaveUp.Append(ctx, tx, access.SystemActor("notify.send"), event.About{Subject: m.ID, VendorID: m.VendorID}, event.None{})
}

// said is what staff read of a failure.
func said(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return text.Printer{Lang: text.ZH}.Say(f.Message)
	}
	if errors.Is(err, errNoTransport) {
		return text.Printer{Lang: text.ZH}.T("notify.no_transport")
	}
	return err.Error()
}

func clip(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300])
	}
	return s
}
