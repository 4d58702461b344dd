// Package notify tells people what happened: by mail, by SMS and in the inbox of
// the console, in each reader's language. A message is written in the transaction
// of its cause and sent by a job; its state is visible to staff, who can send it
// again. The package owns the table message; the sentences are the catalogue's,
// the transports its subpackages mail and sms.
package notify

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/notify/mail"
	"github.com/yunshi-market/yunshi/internal/notify/sms"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Channel is how a message reaches a person.
type Channel string

// The channels.
const (
	Mail  Channel = "mail"
	SMS   Channel = "sms"
	Inbox Channel = "inbox"
)

// State is where a message stands.
type State string

// The states of a message.
const (
	Queued State = "queued"
	Sent   State = "sent"   // handed to the mail server or SMS service
	Failed State = "failed" // for good; LastError says why
)

// Message is one message to one person by one channel.
type Message struct {
	ID        string
	MadeAt    time.Time
	Template  string
	Channel   Channel
	VendorID  string
	AccountID string
	ShownAs   string // the recipient, masked
	Lang      text.Lang
	Subject   string
	Body      string // "" once a code was sent
	Link      string // a path of ours, or ""
	Files     []string
	State     State
	LastError string
	Tries     int
	SentAt    time.Time
	ReadAt    time.Time
	to        string
	params    string // JSON, sealed until opened
	langTag   string
	market    string // the marketplace's name, as a mail is signed
}

const columns = `id, made_at, template, channel, vendor_id, account_id, recipient, shown_as, lang, subject, body, params, files, link, state, last_error, tries, sent_at, read_at`

func (m *Message) fields() []any {
	return []any{&m.ID, db.Time(&m.MadeAt), &m.Template, &m.Channel, &m.VendorID, &m.AccountID, &m.to, &m.ShownAs, &m.langTag, &m.Subject, &m.Body,
		&m.params, db.JSON(&m.Files), &m.Link, &m.State, &m.LastError, &m.Tries, db.Time(&m.SentAt), db.Time(&m.ReadAt)}
}

// open decrypts the recipient, the body and the arguments.
func (m *Message) open(tx *db.Tx) (err error) {
	m.Lang = text.Match(m.langTag)
	if m.to, err = tx.Vault().Open("message.recipient:"+m.ID, m.to); err != nil {
		return err
	}
	if m.params, err = tx.Vault().Open("message.params:"+m.ID, m.params); err != nil {
		return err
	}
	if m.Link != "" && !strings.HasPrefix(m.Link, "/") { // sealed, see Notice.Grants
		if m.Link, err = tx.Vault().Open("message.link:"+m.ID, m.Link); err != nil {
			return err
		}
	}
	m.Body, err = tx.Vault().Open("message.body:"+m.ID, m.Body)
	return err
}

// Mailer sends a mail; *mail.Sender is one.
type Mailer interface {
	Send(ctx context.Context, m mail.Message) error
}

// Texter sends an SMS; *sms.Tencent and *sms.Webhook are.
type Texter interface {
	Send(ctx context.Context, m sms.Message) error
}

// Office is the post office: transports and what they need.
type Office struct {
	DB      *db.DB
	Files   *file.Files
	BaseURL string // for links in mails
	Mail    Mailer // nil: mail cannot be sent and says so
	SMS     Texter // nil: SMS cannot be sent and says so
	// Room keeps messages to be read on the demo's mail room page instead of sending them.
	Room bool
}

// Notice is something to tell: the sentences "<Template>_subject", "<Template>_text"
// and "<Template>_sms" of the catalogue with the same arguments.
type Notice struct {
	Template string         // "notify.application_decided"
	Args     []any          // of the three sentences
	Lines    []text.Message // further lines of the mail and the inbox, as reasons
	Link     string         // a path of ours where one goes on
	Grants   bool           // who has the link may do something by it: it is sealed at rest
	Files    []string       // attached to the mail
	Channels []Channel
}

// SendJob and TextJob send one message, by mail and by SMS: two kinds, so that the
// one's server holds up nothing of the other's. They have more tries than a message,
// which gives up by itself and says so, so that a process killed in between costs no
// message.
var (
	SendJob = job.Kind[Sending]{Name: "notify.send", Tries: 3 * tries}
	TextJob = job.Kind[Sending]{Name: "notify.text", Tries: 3 * tries}
)

// later puts the sending of a message into the queue of its channel.
func (c Channel) later(ctx context.Context, tx *db.Tx, id string) error {
	if c == SMS {
		return TextJob.Later(ctx, tx, Sending{id})
	}
	return SendJob.Later(ctx, tx, Sending{id})
}

// Sending names the message to send.
type Sending struct {
	Message string `json:"message"`
}

// Vendor tells every person of a vendor, each once for the event, in their language.
func Vendor(ctx context.Context, tx *db.Tx, e event.Ref, n Notice) error {
	people, err := account.People(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	for _, a := range people {
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
			if err := write(ctx, tx, letter{notice: n, channel: c, to: to, shown: shown, account: a.ID, vendor: e.VendorID, lang: a.Lang, once: e.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Mailboxes mails a notice to given mailboxes, each once for the event, as the
// contract to the contact person's and the customer-service mailbox (O-4).
func Mailboxes(ctx context.Context, tx *db.Tx, e event.Ref, lang text.Lang, to []string, n Notice) error {
	for _, box := range to {
		if err := write(ctx, tx, letter{notice: n, channel: Mail, to: box, shown: vault.MaskMail(box), vendor: e.VendorID, lang: lang, once: e.ID}); err != nil {
			return err
		}
	}
	return nil
}

// SendCode puts a one-time code on its way; it handles account.CodeJob.
func SendCode(ctx context.Context, tx *db.Tx, by access.Actor, c account.Code) error {
	channel, shown := Mail, vault.MaskMail(c.To)
	if c.Channel == account.BySMS {
		channel, shown = SMS, vault.MaskPhone(c.To)
	}
	return write(ctx, tx, letter{
		notice:  Notice{Template: codeTemplate, Args: []any{c.Code, c.Minutes}},
		channel: channel, to: c.To, shown: shown, account: c.Account, lang: text.Match(c.Lang), once: c.ID,
	})
}

const codeTemplate = "notify.code"

// letter is a notice for one person by one channel.
type letter struct {
	notice  Notice
	channel Channel
	to      string
	shown   string
	account string
	vendor  string
	lang    text.Lang
	once    string
}

func write(ctx context.Context, tx *db.Tx, l letter) error {
	rules, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	p := text.Printer{Lang: l.lang, Zone: rules.Location()}
	key := text.Key(l.notice.Template)
	subject := rules.Said(p, key+"_subject", subjectArgs(l.notice))
	body := rules.Said(p, key+"_text", l.notice.Args)
	if l.channel == SMS {
		body = rules.Signature(l.lang) + policy.Unsigned(rules.Said(p, key+"_sms", l.notice.Args))
	} else {
		for _, line := range l.notice.Lines {
			body += "\n· " + p.Say(line)
		}
	}
	params := make([]string, len(l.notice.Args))
	for i, a := range l.notice.Args {
		params[i] = strings.TrimSpace(p.T("notify.param", a))
	}
	filled, err := json.Marshal(params)
	if err != nil {
		return err
	}
	state := Queued
	var sent time.Time
	if l.channel == Inbox {
		state, sent = Sent, tx.Now()
	}
	files := l.notice.Files
	if l.channel != Mail {
		files = nil
	}
	id := tx.NewID("msg")
	link := l.notice.Link
	if l.notice.Grants {
		link = tx.Vault().Seal("message.link:"+id, link)
	}
	once := tx.Vault().Blind("message.once", l.once+"\n"+l.notice.Template+"\n"+string(l.channel)+"\n"+l.to)
	n, err := tx.Exec(ctx, `
		INSERT INTO message (id, made_at, template, channel, vendor_id, account_id, once_key, recipient, shown_as, lang, subject, body, params, files, link, state, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (once_key) DO NOTHING`,
		id, tx.Now(), l.notice.Template, string(l.channel), l.vendor, l.account, once, tx.Vault().Seal("message.recipient:"+id, l.to), l.shown, l.lang.Tag(),
		subject, tx.Vault().Seal("message.body:"+id, body), tx.Vault().Seal("message.params:"+id, string(filled)), db.JSON(files), link, string(state), sent)
	if err != nil || n == 0 || l.channel == Inbox {
		return err
	}
	return l.channel.later(ctx, tx, id)
}

// subjectArgs keeps a code out of the subject, which is not sealed.
func subjectArgs(n Notice) []any {
	if n.Template == codeTemplate {
		return nil
	}
	return n.Args
}
