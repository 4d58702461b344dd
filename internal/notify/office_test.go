package notify_test

import (
	"context"
	"database/sql"
	"io"
	"log/slog"
	"mime"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/notify/mail"
)

// desk is a post office on one database.
type desk struct {
	t   *testing.T
	d   *db.DB
	o   *notify.Office
	run *job.Runner
}

func open(t *testing.T, d *db.DB, o *notify.Office) *desk {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	o.DB, o.Files, o.BaseURL = d, file.New(store, dbtest.Vault()), "https://market.example"
	var reg job.Registry
	o.Register(&reg)
	return &desk{t, d, o, job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 1)}
}

func (k *desk) drain() {
	k.t.Helper()
	if err := k.run.Drain(context.Background()); err != nil {
		k.t.Fatal(err)
	}
}

func (k *desk) write(do func(ctx context.Context, tx *db.Tx) error) {
	k.t.Helper()
	if err := k.d.Write(context.Background(), func(tx *db.Tx) error { return do(context.Background(), tx) }); err != nil {
		k.t.Fatal(err)
	}
}

// person is one of a vendor's people.
func (k *desk) person(mail, phone, lang, vendorID string) account.Account {
	k.t.Helper()
	codes := make(map[account.Channel]string)
	var reg job.Registry
	job.Handle(&reg, account.CodeJob, func(_ context.Context, _ *db.Tx, _ access.Actor, c account.Code) error {
		codes[c.Channel] = c.Code
		return nil
	})
	in := account.Registration{Mail: mail, Phone: phone, Name: "王小芳", Password: "correct horse 42", Lang: lang}
	if err := in.Prepare(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	var a account.Account
	k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = account.Register(ctx, tx, access.Actor{Kind: access.Visitor}, in)
		return err
	})
	if err := job.NewRunner(k.d, &reg, slog.New(slog.DiscardHandler), 1).Drain(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
	k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = account.Verify(ctx, tx, access.Actor{Kind: access.Visitor}, account.Proof{Account: a.ID, MailCode: codes[account.ByMail], PhoneCode: codes[account.BySMS]})
		if err == nil {
			err = account.Join(ctx, tx, a.ID, vendorID, access.Owner)
		}
		return err
	})
	a.VendorID = vendorID
	return a
}

// code puts a code on its way, as a registration does.
func (k *desk) code(c account.Code) {
	k.t.Helper()
	k.write(func(ctx context.Context, tx *db.Tx) error { return account.CodeJob.Later(ctx, tx, c) })
}

func (k *desk) tell(e event.Ref, n notify.Notice) {
	k.t.Helper()
	k.write(func(ctx context.Context, tx *db.Tx) error { return notify.Vendor(ctx, tx, e, n) })
}

// all lists every message as staff see it, oldest first.
func (k *desk) all() []notify.Message {
	k.t.Helper()
	var all []notify.Message
	k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		all, err = notify.List(ctx, tx, auditor, notify.Filter{Limit: 200})
		return err
	})
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all
}

// only is the one message there is.
func (k *desk) only() notify.Message {
	k.t.Helper()
	all := k.all()
	if len(all) != 1 {
		k.t.Fatalf("%d messages, want one", len(all))
	}
	return all[0]
}

// raw is every cell of a table as one text.
func (k *desk) raw(table string) string {
	k.t.Helper()
	rows, err := k.d.SQL().Query("SELECT * FROM " + table)
	if err != nil {
		k.t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		k.t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		cells, at := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			at[i] = &cells[i]
		}
		if err := rows.Scan(at...); err != nil {
			k.t.Fatal(err)
		}
		for _, c := range cells {
			b.WriteString(c.String + "|")
		}
	}
	return b.String()
}

var (
	auditor = access.Actor{Kind: access.Staff, ID: "acc_audit", Roles: []access.Role{access.Auditor}}
	clerk   = access.Actor{Kind: access.Staff, ID: "acc_clerk", Roles: []access.Role{access.Reviewer}}
)

// box is a real SMTP server; refuse, if set, answers to each mail.
type box struct {
	mu     sync.Mutex
	got    []*netmail.Message
	bodies []string
	to     []string
	refuse error
}

type session struct{ b *box }

func (s session) Mail(string, *smtp.MailOptions) error { return nil }

func (s session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	if s.b.refuse != nil {
		return s.b.refuse
	}
	s.b.to = append(s.b.to, to)
	return nil
}

func (s session) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		return err
	}
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	s.b.got, s.b.bodies = append(s.b.got, m), append(s.b.bodies, string(body))
	return nil
}

func (session) Reset()        {}
func (session) Logout() error { return nil }

// subject is the subject of the nth mail, decoded.
func (b *box) subject(t *testing.T, n int) string {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.got) <= n {
		t.Fatalf("%d mails have come, want more than %d", len(b.got), n)
	}
	s, err := new(mime.WordDecoder).DecodeHeader(b.got[n].Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b *box) set(err error) { b.mu.Lock(); b.refuse = err; b.mu.Unlock() }

// smtpServer runs the box on this machine and gives a sender to it.
func smtpServer(t *testing.T, b *box) *mail.Sender {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{b}, nil }))
	srv.Domain = "mx.example.test"
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	s, err := mail.New(mail.Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: mail.None, From: "noreply@market.example", FromName: "云市场", Timeout: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
