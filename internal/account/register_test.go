package account_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Rule O-1: who gives both codes is a person who can sign in; before, nobody can.
func TestRegisterGiveBothCodesSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		in := paper()
		in.Name = " 王\n芳 "
		a := must(p, visitor, in, account.Register)
		if a.Name != "王 芳" || a.Phone != "+8613800138000" || a.Lang != text.EN || !a.VerifiedAt.IsZero() {
			t.Fatalf("registered %+v", a)
		}
		s, err := p.signIn("wang@example.com", password)
		refused(t, err, fault.Conflict, "", "account.not_verified")
		if s.Account.ID != a.ID || s.Token != "" {
			t.Fatalf("an unverified person got %+v", s)
		}
		if a = must(p, visitor, account.Proof{Account: a.ID, MailCode: p.code(a.Mail), PhoneCode: " " + p.code(a.Phone)[:3] + " " + p.code(a.Phone)[3:]}, account.Verify); a.VerifiedAt.IsZero() {
			t.Fatal("not verified by both codes")
		}
		s = p.session("WANG@Example.com", password)
		if by := p.who(s.Token); by.ID != a.ID || by.VendorID != "" || by.Scopes != nil {
			t.Errorf("the token stands for %+v", by)
		}
		_, err = try(p, visitor, account.Proof{Account: a.ID, MailCode: "1", PhoneCode: "1"}, account.Verify)
		refused(t, err, fault.Conflict, "", "account.already_verified")
		_, err = try(p, visitor, account.Resend{Account: a.ID, Channel: account.ByMail}, account.SendAgain)
		refused(t, err, fault.Conflict, "", "account.already_verified")
	})
}

func TestRegisterRefusesBadPapers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		for _, c := range []struct {
			name, at, key string
			change        func(*account.Registration)
		}{
			{"no mail", "/mail", "fault.required", func(r *account.Registration) { r.Mail = " " }},
			{"not a mail", "/mail", "cn.bad_email", func(r *account.Registration) { r.Mail = "wang" }},
			{"no name", "/name", "fault.required", func(r *account.Registration) { r.Name = "\u3000\t" }},
			{"long name", "/name", "fault.too_long", func(r *account.Registration) { r.Name = strings.Repeat("王", 41) }},
			{"landline", "/phone", "cn.bad_mobile", func(r *account.Registration) { r.Phone = "010-88886666" }},
			{"short password", "/password", "account.password_short", func(r *account.Registration) { r.Password = "123456789" }},
			{"long password", "/password", "account.password_long", func(r *account.Registration) { r.Password = strings.Repeat("长", 86) }},
			{"common password", "/password", "account.password_common", func(r *account.Registration) { r.Password = "PassWord123" }},
			{"one letter", "/password", "account.password_common", func(r *account.Registration) { r.Password = strings.Repeat("啊", 12) }},
			{"mail in it", "/password", "account.password_mail", func(r *account.Registration) { r.Password = "i am WANG today" }},
		} {
			t.Run(c.name, func(t *testing.T) {
				in := paper()
				c.change(&in)
				_, err := try(p, visitor, in, account.Register)
				refused(t, err, fault.Invalid, c.at, c.key)
			})
		}
		must(p, visitor, paper(), account.Register) // nothing of the above was kept or counted
	})
}

func TestMailboxAndPhoneInUseAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		p.staff("boss@example.com", "administrator")
		for _, c := range []struct{ mail, phone, at, key string }{
			{"wang@example.com", "13900139000", "/mail", "account.mail_taken"},
			{"Wang@EXAMPLE.com", "13900139000", "/mail", "account.mail_taken"},
			{"boss@example.com", "13900139000", "/mail", "account.mail_taken"},
			{"li@example.com", "+86 138-0013-8000", "/phone", "account.phone_taken"},
		} {
			in := paper()
			in.Mail, in.Phone = c.mail, c.phone
			_, err := try(p, visitor, in, account.Register)
			refused(t, err, fault.Invalid, c.at, c.key)
		}
	})
}

// Who registered with another's mailbox and could not give its code is no obstacle.
func TestUnverifiedRegistrationIsReplaced(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		first := must(p, visitor, paper(), account.Register)
		old := p.code(first.Mail)
		in := paper()
		in.Name, in.Phone = "李娜", "13900139000"
		second := must(p, visitor, in, account.Register)
		_, err := try(p, visitor, account.Proof{Account: first.ID, MailCode: old, PhoneCode: old}, account.Verify)
		refused(t, err, fault.NotFound, "", "")
		_, err = try(p, visitor, account.Proof{Account: second.ID, MailCode: old, PhoneCode: p.code("+8613900139000")}, account.Verify)
		refused(t, err, fault.Invalid, "/mail_code", "account.code_wrong")
		must(p, visitor, account.Proof{Account: second.ID, MailCode: p.code(second.Mail), PhoneCode: p.code(second.Phone)}, account.Verify)
	})
}

// Two who registered with one phone: the first to give the codes has it.
func TestPhoneIsOneVerifiedPersons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := must(p, visitor, paper(), account.Register)
		codeA := p.code(a.Phone)
		in := paper()
		in.Mail = "li@example.com"
		b := must(p, visitor, in, account.Register)
		must(p, visitor, account.Proof{Account: b.ID, MailCode: p.code(b.Mail), PhoneCode: p.code(b.Phone)}, account.Verify)
		_, err := try(p, visitor, account.Proof{Account: a.ID, MailCode: p.code(a.Mail), PhoneCode: codeA}, account.Verify)
		refused(t, err, fault.Conflict, "", "account.phone_taken")
	})
}

func TestTwoRegistrationsAtOnceMakeOneAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		var wg sync.WaitGroup
		var mu sync.Mutex
		alive := make(map[string]bool)
		for range 6 {
			in := paper()
			if err := in.Prepare(t.Context()); err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					a, err := account.Register(context.Background(), tx, visitor, in)
					mu.Lock()
					alive[a.ID] = err == nil
					mu.Unlock()
					return err
				})
				if err != nil && !errors.Is(err, fault.Invalid) && !errors.Is(err, fault.TooMany) {
					t.Errorf("one of two at once: %v", err)
				}
			})
		}
		wg.Wait()
		n := count(t, d, `SELECT COUNT(*) FROM account`)
		if n != 1 {
			t.Errorf("%d accounts stand, want one", n)
		}
		var a account.Account
		p.sent = nil
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			id, err := db.One(t.Context(), tx, db.Value[string], `SELECT id FROM account`)
			if err == nil {
				a, err = account.Load(t.Context(), tx, id)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		must(p, visitor, account.Proof{Account: a.ID, MailCode: p.codeOf(a.ID, account.ByMail), PhoneCode: p.codeOf(a.ID, account.BySMS)}, account.Verify)
	})
}

// codeOf is the code that an account was sent by a channel.
func (p *people) codeOf(id string, c account.Channel) string {
	p.t.Helper()
	if err := p.run.Drain(context.Background()); err != nil {
		p.t.Fatal(err)
	}
	for _, s := range p.sent {
		if s.Account == id && s.Channel == c {
			return s.Code
		}
	}
	p.t.Fatalf("%s was sent no code by %s", id, c)
	return ""
}

func count(t *testing.T, d *db.DB, query string) int64 {
	t.Helper()
	var n int64
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		n, err = db.One(t.Context(), tx, db.Value[int64], query)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRegisteringIsThrottledByAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		in := paper()
		for range 19 { // asking who has an account counts too, though refused
			_, err := try(p, visitor, in, account.Register)
			refused(t, err, fault.Invalid, "/mail", "account.mail_taken")
		}
		_, err := try(p, visitor, in, account.Register)
		refused(t, err, fault.TooMany, "", "account.too_many")
		elsewhere := visitor
		elsewhere.Address = "192.0.2.8"
		_, err = try(p, elsewhere, in, account.Register)
		refused(t, err, fault.Invalid, "/mail", "account.mail_taken")
		p.later(15 * time.Minute)
		_, err = try(p, visitor, in, account.Register)
		refused(t, err, fault.Invalid, "/mail", "account.mail_taken")
	})
}

// Registering anew does not send one phone message after message.
func TestOnePhoneGetsFewCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		var err error
		n := 0
		for ; n < 9 && err == nil; n++ {
			in := paper()
			in.Mail = string(rune('a'+n)) + "bc@example.com"
			_, err = try(p, visitor, in, account.Register)
		}
		refused(t, err, fault.TooMany, "", "account.too_many")
		if n != 6 {
			t.Errorf("the %dth registration with one phone was refused, want the 6th", n)
		}
	})
}

func TestNeverVerifiedIsForgottenAfterAWeek(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		kept := p.registered("li@example.com", "13900139000")
		s := p.session("li@example.com", password)
		must(p, visitor, paper(), account.Register)
		sweep := func() {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return account.Sweep(t.Context(), tx) }); err != nil {
				t.Fatal(err)
			}
		}
		p.later(2 * time.Hour)
		sweep()
		if n := count(t, d, `SELECT COUNT(*) FROM account`); n != 2 {
			t.Fatalf("%d accounts after two hours, want 2", n)
		}
		if p.who(s.Token).ID != kept.ID || count(t, d, `SELECT COUNT(*) FROM account_code`) != 0 {
			t.Error("after two hours the session is gone or a code is left")
		}
		p.later(15 * 24 * time.Hour)
		sweep()
		for q, want := range map[string]int64{`SELECT COUNT(*) FROM account`: 1, `SELECT COUNT(*) FROM account_session`: 0, `SELECT COUNT(*) FROM account_attempt`: 0} {
			if n := count(t, d, q); n != want {
				t.Errorf("after the sweep %s is %d, want %d", q, n, want)
			}
		}
	})
}
