package account_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
)

const password = "correct horse 42"

var (
	visitor = access.Actor{Kind: access.Visitor, Address: "192.0.2.7"}
	command = access.CommandActor("test")
)

// people is the door of one database: what it sends is caught.
type people struct {
	t    *testing.T
	d    *db.DB
	run  *job.Runner
	sent []account.Code
	told []account.Told
}

// door is a door at which staff need no second factor.
func door(t *testing.T, d *db.DB) *people {
	rules(t, d, func(*policy.People) {})
	return strictDoor(t, d)
}

// strictDoor is a door under the policy that is in force.
func strictDoor(t *testing.T, d *db.DB) *people {
	p := &people{t: t, d: d}
	var reg job.Registry
	job.Handle(&reg, account.CodeJob, func(ctx context.Context, tx *db.Tx, by access.Actor, c account.Code) error {
		p.sent = append(p.sent, c)
		return nil
	})
	job.Handle(&reg, account.ToldJob, func(ctx context.Context, tx *db.Tx, by access.Actor, x account.Told) error {
		p.told = append(p.told, x)
		return nil
	})
	p.run = job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 1)
	return p
}

// code is the newest code to a mailbox or phone.
func (p *people) code(to string) string {
	p.t.Helper()
	if err := p.run.Drain(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	for i := len(p.sent) - 1; i >= 0; i-- {
		if p.sent[i].To == to {
			return p.sent[i].Code
		}
	}
	p.t.Fatalf("no code was sent to %s", to)
	return ""
}

// try runs an operation in one transaction.
func try[I, T any](p *people, by access.Actor, in I, op func(context.Context, *db.Tx, access.Actor, I) (T, error)) (T, error) {
	p.t.Helper()
	ctx := context.Background()
	if x, ok := any(&in).(interface{ Prepare(context.Context) error }); ok {
		if err := x.Prepare(ctx); err != nil {
			p.t.Fatal(err)
		}
	}
	var out T
	err := p.d.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = op(ctx, tx, by, in)
		return err
	})
	return out, err
}

// must is try that may not fail.
func must[I, T any](p *people, by access.Actor, in I, op func(context.Context, *db.Tx, access.Actor, I) (T, error)) T {
	p.t.Helper()
	out, err := try(p, by, in, op)
	if err != nil {
		p.t.Fatalf("%v", err)
	}
	return out
}

// only makes an operation of one that returns an error alone.
func only[I any](op func(context.Context, *db.Tx, access.Actor, I) error) func(context.Context, *db.Tx, access.Actor, I) (bool, error) {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (bool, error) {
		return true, op(ctx, tx, by, in)
	}
}

func paper() account.Registration {
	return account.Registration{Mail: "wang@example.com", Phone: "138 0013 8000", Name: "王芳", Password: password, Lang: "en"}
}

// registered is a verified person.
func (p *people) registered(mail, phone string) account.Account {
	p.t.Helper()
	in := paper()
	in.Mail, in.Phone = mail, phone
	a := must(p, visitor, in, account.Register)
	return must(p, visitor, account.Proof{Account: a.ID, MailCode: p.code(a.Mail), PhoneCode: p.code(a.Phone)}, account.Verify)
}

func (p *people) staff(mail string, roles ...access.Role) account.Account {
	p.t.Helper()
	return must(p, command, account.NewStaff{Mail: mail, Name: "Staff", Roles: roles, Password: password}, account.AddStaff)
}

func (p *people) signIn(mail, word string) (account.Session, error) {
	return p.signInFrom(visitor.Address, mail, word)
}

func (p *people) signInFrom(address, mail, word string) (account.Session, error) {
	by := access.Actor{Kind: access.Visitor, Address: address}
	return account.SignIn(context.Background(), p.d, by, account.Credentials{Mail: mail, Password: word, Agent: windows})
}

// windows is how a browser names itself.
const windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"

// newest is the newest message of a template that was put on its way.
func (p *people) newest(template string) account.Told {
	p.t.Helper()
	if err := p.run.Drain(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	for i := len(p.told) - 1; i >= 0; i-- {
		if p.told[i].Template == template {
			return p.told[i]
		}
	}
	return account.Told{}
}

// rules puts a policy in force that lets staff in without a second factor, with a
// further change.
func rules(t *testing.T, d *db.DB, change func(x *policy.People)) {
	t.Helper()
	p := policy.Shipped()
	p.People.StaffFactor = false
	change(&p.People)
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		return policy.Set(context.Background(), tx, command, p, tx.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (p *people) session(mail, word string) account.Session {
	p.t.Helper()
	s, err := p.signIn(mail, word)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// who is whom a token stands for; nobody is "".
func (p *people) who(token string) access.Actor {
	p.t.Helper()
	var by access.Actor
	err := p.d.Read(context.Background(), func(tx *db.Tx) (err error) {
		_, by, err = account.ByToken(context.Background(), tx, token)
		return err
	})
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		p.t.Fatal(err)
	}
	if err != nil {
		return access.Actor{}
	}
	return by
}

func (p *people) later(by time.Duration) { dbtest.Advance(p.d, by) }

// refused fails the test unless err is of the kind and, where a pointer is given,
// at that field.
func refused(t *testing.T, err error, kind fault.Kind, pointer string, key string) {
	t.Helper()
	f, ok := err.(*fault.Error)
	if !ok || f.Kind != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
	got, at := string(f.Message.Key), ""
	if len(f.Fields) > 0 {
		got, at = string(f.Fields[0].Message.Key), f.Fields[0].Pointer
	}
	if at != pointer || key != "" && got != key {
		t.Fatalf("refused at %q by %s, want at %q by %s", at, got, pointer, key)
	}
}

// sessionOf is a session of somebody who registers now.
func (p *people) sessionOf(mail, phone string) account.Session {
	p.t.Helper()
	p.registered(mail, phone)
	return p.session(mail, password)
}

func contains(s string, parts ...string) bool {
	for _, x := range parts {
		if strings.Contains(s, x) {
			return true
		}
	}
	return false
}
