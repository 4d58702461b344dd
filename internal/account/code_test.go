package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// other is a code that is not c.
func other(c string) string {
	if c[0] == '9' {
		return "0" + c[1:]
	}
	return string(c[0]+1) + c[1:]
}

// Rule O-1: a wrong try is remembered although the operation is refused, and five spend the code.
func TestWrongCodesSpendTheCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := must(p, visitor, paper(), account.Register)
		good := account.Proof{Account: a.ID, MailCode: p.code(a.Mail), PhoneCode: p.code(a.Phone)}
		bad := good
		bad.PhoneCode = other(good.PhoneCode)
		for left := 4; left >= 0; left-- {
			_, err := try(p, visitor, bad, account.Verify)
			refused(t, err, fault.Invalid, "/phone_code", "account.code_wrong")
			if got := err.(*fault.Error).Fields[0].Message.Args[0]; got != left {
				t.Fatalf("%v tries are said to be left, want %d", got, left)
			}
		}
		_, err := try(p, visitor, good, account.Verify)
		refused(t, err, fault.Invalid, "/phone_code", "account.code_spent")
		p.later(time.Minute)
		must(p, visitor, account.Resend{Account: a.ID, Channel: account.BySMS}, account.SendAgain)
		good.PhoneCode = p.code(a.Phone)
		must(p, visitor, good, account.Verify)
	})
}

func TestCodesExpireAndMayNotBeLeftOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := must(p, visitor, paper(), account.Register)
		good := account.Proof{Account: a.ID, MailCode: p.code(a.Mail), PhoneCode: p.code(a.Phone)}
		_, err := try(p, visitor, account.Proof{Account: a.ID, PhoneCode: good.PhoneCode}, account.Verify)
		refused(t, err, fault.Invalid, "/mail_code", "fault.required")
		p.later(10*time.Minute - time.Second)
		_, err = try(p, visitor, account.Proof{Account: a.ID, MailCode: good.MailCode, PhoneCode: other(good.PhoneCode)}, account.Verify)
		refused(t, err, fault.Invalid, "/phone_code", "account.code_wrong")
		p.later(time.Second)
		_, err = try(p, visitor, good, account.Verify)
		refused(t, err, fault.Invalid, "/mail_code", "account.code_expired")
	})
}

func TestCodeIsSentAgainAfterAMinute(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := must(p, visitor, paper(), account.Register)
		first := p.code(a.Mail)
		_, err := try(p, visitor, account.Resend{Account: a.ID, Channel: account.ByMail}, account.SendAgain)
		refused(t, err, fault.TooMany, "", "account.code_too_soon")
		_, err = try(p, visitor, account.Resend{Account: a.ID, Channel: "pigeon"}, account.SendAgain)
		refused(t, err, fault.Invalid, "/channel", "fault.unknown_choice")
		_, err = try(p, visitor, account.Resend{Account: "acc_x", Channel: account.ByMail}, account.SendAgain)
		refused(t, err, fault.NotFound, "", "")
		p.later(time.Minute)
		must(p, visitor, account.Resend{Account: a.ID, Channel: account.ByMail}, account.SendAgain)
		if second := p.code(a.Mail); second == first {
			t.Error("the same code was sent again")
		}
		_, err = try(p, visitor, account.Proof{Account: a.ID, MailCode: first, PhoneCode: p.code(a.Phone)}, account.Verify)
		refused(t, err, fault.Invalid, "/mail_code", "account.code_wrong")
		for range 3 {
			p.later(time.Minute)
			must(p, visitor, account.Resend{Account: a.ID, Channel: account.ByMail}, account.SendAgain)
		}
		p.later(time.Minute)
		_, err = try(p, visitor, account.Resend{Account: a.ID, Channel: account.ByMail}, account.SendAgain)
		refused(t, err, fault.TooMany, "", "account.too_many")
	})
}

// A code for one act is good for that act, once.
func TestCodeOfAnAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		me := a.Actor()
		p.later(time.Hour)
		_, err := try(p, visitor, account.CodeAsk{Purpose: "sign", Subject: "con_1"}, only(account.SendCode))
		refused(t, err, fault.Unauthenticated, "", "")
		must(p, me, account.CodeAsk{Purpose: "sign", Subject: "con_1"}, only(account.SendCode))
		code := p.code(a.Phone)
		if last := p.sent[len(p.sent)-1]; last.Channel != account.BySMS || last.Purpose != "sign" || last.Lang != "en" || last.Minutes != 10 {
			t.Errorf("sent %+v", last)
		}
		give := func(subject, code string) error {
			_, err := try(p, me, code, only(func(ctx context.Context, tx *db.Tx, by actor, code string) error {
				return account.CheckCode(ctx, tx, by, "sign", subject, code)
			}))
			return err
		}
		refused(t, give("con_2", code), fault.Invalid, "/code", "account.code_none")
		refused(t, give("con_1", other(code)), fault.Invalid, "/code", "account.code_wrong")
		if err := give("con_1", code); err != nil {
			t.Fatal(err)
		}
		refused(t, give("con_1", code), fault.Invalid, "/code", "account.code_none")
	})
}

// What is personal is sealed where it rests, and codes are nowhere to be read.
func TestPersonalDataAndCodesRestSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := must(p, visitor, paper(), account.Register)
		codes := []string{}
		look := func(when string) {
			t.Helper()
			for _, table := range []string{"account", "account_code", "account_session", "account_attempt", "account_key", "job", "event", "mark"} {
				for _, s := range append([]string{"wang@", "example.com", "138001", "王芳", password}, codes...) {
					if row := dump(t, d, table); strings.Contains(row, s) {
						t.Errorf("%s: %s holds %q: %s", when, table, s, row)
					}
				}
			}
		}
		look("before the codes were sent")
		codes = []string{p.code(a.Mail), p.code(a.Phone)}
		look("after")
		must(p, visitor, account.Proof{Account: a.ID, MailCode: codes[0], PhoneCode: codes[1]}, account.Verify)
		s := p.session("wang@example.com", password)
		k := must(p, a.Actor(), account.NewKey{Name: "build", Scopes: scopes("read")}, account.MakeKey)
		codes = append(codes, s.Token, k.Secret)
		look("with a session and a key")
	})
}
