// Package world is a whole marketplace for a test: the same wiring as a running
// one, on the test's database, behind a real listener, with a clock and a job
// runner that the test moves. A Browser walks its pages as a person does, a
// Client calls its API. Mails and SMS land in the mail room, where Code and
// Message find them.
package world

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Password is that of everybody whom World makes.
const Password = "correct horse 42"

// World is a running marketplace.
type World struct {
	*market.Market
	URL string // of the listener, without a slash at the end

	t testing.TB
}

var key = sync.OnceValues(func() (sign.Key, error) {
	return sign.NewKey("Yunshi Test", dbtest.Start.AddDate(-1, 0, 0), rand.Reader)
})

// Open opens a demo marketplace on a database of dbtest. Changes set what a test
// needs otherwise, as a log or a mail server; without one the mail room is used.
func Open(t testing.TB, d *db.DB, changes ...func(*market.Config)) *World {
	t.Helper()
	k, err := key()
	if err != nil {
		t.Fatal(err)
	}
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := file.New(store, dbtest.Vault())
	if err := files.Belongs(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	yunshitest.Rules(t, d, yunshitest.ByPasswordAlone)
	s := httptest.NewUnstartedServer(nil)
	w := &World{URL: "http://" + s.Listener.Addr().String(), t: t}
	c := market.Config{BaseURL: w.URL, Demo: true, Log: slog.New(slog.DiscardHandler), Version: "test"}
	for _, change := range changes {
		change(&c)
	}
	w.Market = market.Build(d, dbtest.Vault(), files, k, c)
	s.Config.Handler = w.Server.Handler()
	s.Start()
	t.Cleanup(func() {
		s.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// Drain runs every job that is due, and what follows from it.
func (w *World) Drain() {
	w.t.Helper()
	if err := w.Runner.Drain(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// Advance moves the clock.
func (w *World) Advance(by time.Duration) { dbtest.Advance(w.DB, by) }

// Write runs do in one transaction; an error ends the test.
func (w *World) Write(do func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.DB.Write(context.Background(), func(tx *db.Tx) error { return do(context.Background(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// Read runs do in one reading transaction; an error ends the test.
func (w *World) Read(do func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.DB.Read(context.Background(), func(tx *db.Tx) error { return do(context.Background(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// Staff adds somebody of the operator's staff; the mailbox is name@staff.example.
func (w *World) Staff(name string, roles ...access.Role) account.Account {
	w.t.Helper()
	in := account.NewStaff{Mail: name + "@staff.example", Name: name, Roles: roles, Password: Password}
	if err := in.Prepare(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	var a account.Account
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = account.AddStaff(ctx, tx, access.CommandActor("test"), in)
		return err
	})
	return a
}

// Member registers a person and gives both codes; the mailbox is name@vendor.example.
func (w *World) Member(name, phone string) account.Account {
	w.t.Helper()
	in := account.Registration{Mail: name + "@vendor.example", Phone: phone, Name: name, Password: Password, Lang: "zh-CN"}
	if err := in.Prepare(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	by := access.Actor{Kind: access.Visitor, Address: "192.0.2.1"}
	var a account.Account
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = account.Register(ctx, tx, by, in)
		return err
	})
	w.Drain()
	proof := account.Proof{Account: a.ID, MailCode: w.Code(a.Mail), PhoneCode: w.Code(a.Phone)}
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = account.Verify(ctx, tx, by, proof)
		return err
	})
	return a
}

// Message is the newest mail or SMS to a mailbox or phone; the test ends if there is none.
func (w *World) Message(to string) notify.Message {
	w.t.Helper()
	var all []notify.Message
	w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		all, err = notify.Everything(ctx, tx, 500)
		return err
	})
	for _, m := range all {
		if strings.HasSuffix(m.ShownAs, to) {
			return m
		}
	}
	w.t.Fatalf("no message to %s", to)
	return notify.Message{}
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// Code is the one-time code in the newest message to a mailbox or phone.
func (w *World) Code(to string) string {
	w.t.Helper()
	code := sixDigits.FindString(w.Message(to).Body)
	if code == "" {
		w.t.Fatalf("the newest message to %s has no code", to)
	}
	return code
}

// As is a browser in which the person has signed in.
func (w *World) As(a account.Account) *Browser {
	w.t.Helper()
	b := w.Browser()
	b.Get("/signin")
	if p := b.Submit("/signin", url.Values{"mail": {a.Mail}, "password": {Password}}); p.Status != 200 && p.Status != 404 {
		w.t.Fatalf("sign in as %s: %d %s", a.Mail, p.Status, p.Text())
	}
	return b
}

// API is a client with a session of the person.
func (w *World) API(a account.Account) *Client {
	w.t.Helper()
	s, err := account.SignIn(context.Background(), w.DB, access.Actor{Kind: access.Visitor, Address: "192.0.2.1"}, account.Credentials{Mail: a.Mail, Password: Password})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.Client(s.Token)
}
