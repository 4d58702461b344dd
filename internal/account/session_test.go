package account_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

type actor = access.Actor

func scopes(names ...access.Scope) []access.Scope { return names }

// dump is everything in a table as one text.
func dump(t *testing.T, d *db.DB, table string) string {
	t.Helper()
	rows, err := d.SQL().Query("SELECT * FROM " + table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		cells := make([]sql.NullString, len(columns))
		at := make([]any, len(columns))
		for i := range cells {
			at[i] = &cells[i]
		}
		if err := rows.Scan(at...); err != nil {
			t.Fatal(err)
		}
		for _, c := range cells {
			b.WriteString(c.String + "|")
		}
		b.WriteByte('\n')
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWrongMailboxAndWrongPasswordAreOneAnswer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		for _, c := range [][2]string{
			{"wang@example.com", "wrong horse 42"}, {"nobody@example.com", password}, {"not a mail", password},
			{"wang@example.com", ""}, {"wang@example.com", strings.Repeat("x", 5000)},
		} {
			s, err := p.signIn(c[0], c[1])
			refused(t, err, fault.Unauthenticated, "", "account.wrong_credentials")
			if s.Token != "" || s.Account.ID != "" {
				t.Errorf("%s was told %+v", c[0], s)
			}
		}
	})
}

func TestSessionsExpireAndEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		b := p.staff("boss@example.com", access.Administrator)
		member, boss, gone := p.session(a.Mail, password), p.session(b.Mail, password), p.session(a.Mail, password)
		must(p, visitor, gone.Token, only(account.SignOut))
		must(p, visitor, "yss_unknown", only(account.SignOut))
		if p.who(gone.Token).ID != "" || p.who(member.Token).ID != a.ID {
			t.Error("signing out ended the wrong session")
		}
		p.later(12*time.Hour - time.Second)
		if p.who(boss.Token).ID != b.ID {
			t.Error("a staff session ended before twelve hours")
		}
		p.later(time.Second)
		if p.who(boss.Token).ID != "" || p.who(member.Token).ID != a.ID {
			t.Error("after twelve hours the staff session goes on, or the member's does not")
		}
		p.later(13*24*time.Hour + 12*time.Hour)
		if p.who(member.Token).ID != "" {
			t.Error("a member's session goes on after fourteen days")
		}
		for _, token := range []string{"", "yss_", "ymk_", "\x00"} {
			if p.who(token).ID != "" {
				t.Errorf("the token %q stands for somebody", token)
			}
		}
	})
}

func TestAgentOfAnyBytesIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		_, err := account.SignIn(t.Context(), d, visitor, account.Credentials{Mail: "wang@example.com", Password: password, Agent: "\xff\x00" + strings.Repeat("长", 300)})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestResetSetsThePasswordAndEndsSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		s := p.session(a.Mail, password)
		p.later(time.Hour)
		must(p, visitor, account.Forgotten{Mail: "Wang@example.com"}, only(account.Forget))
		in := account.Reset{Mail: a.Mail, Code: p.code(a.Mail), Password: "short"}
		_, err := try(p, visitor, in, only(account.SetPassword))
		refused(t, err, fault.Invalid, "/password", "account.password_short")
		in.Password = "a new password 7"
		wrong := in
		wrong.Code = other(in.Code)
		_, err = try(p, visitor, wrong, only(account.SetPassword))
		refused(t, err, fault.Invalid, "/code", "account.reset_code")
		if p.who(s.Token).ID == "" {
			t.Error("a wrong code ended the session")
		}
		must(p, visitor, in, only(account.SetPassword))
		if p.who(s.Token).ID != "" {
			t.Error("the session goes on after the reset")
		}
		_, err = p.signIn(a.Mail, password)
		refused(t, err, fault.Unauthenticated, "", "")
		p.session(a.Mail, "a new password 7")
		_, err = try(p, visitor, in, only(account.SetPassword))
		refused(t, err, fault.Invalid, "/code", "account.reset_code")
	})
}

// Whether a mailbox has an account is not to be learned by asking for a new password.
func TestForgotTellsNobodyWhoHasAnAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		p.registered("wang@example.com", "13800138000")
		in := paper()
		in.Mail, in.Phone = "unproved@example.com", "13900139000"
		must(p, visitor, in, account.Register)
		p.later(time.Hour)
		p.code(in.Mail)
		sent := len(p.sent)
		var answers []string
		for _, mail := range []string{"wang@example.com", "unproved@example.com", "nobody@example.com"} {
			var told []string
			for range 2 { // the second within the pause of a code
				_, err := try(p, visitor, account.Forgotten{Mail: mail}, only(account.Forget))
				told = append(told, fmt.Sprint(err))
			}
			for range 7 {
				_, err := try(p, visitor, account.Reset{Mail: mail, Code: "000000", Password: "a new password 7"}, only(account.SetPassword))
				told = append(told, fmt.Sprint(err))
			}
			answers = append(answers, strings.Join(told, "\n"))
		}
		if answers[0] != answers[1] || answers[1] != answers[2] {
			t.Errorf("the answers differ:\n%s", strings.Join(answers, "\n---\n"))
		}
		p.code("wang@example.com")
		if n := len(p.sent) - sent; n != 1 {
			t.Errorf("%d codes were sent, want one to the account", n)
		}
		_, err := try(p, visitor, account.Forgotten{Mail: "x"}, only(account.Forget))
		refused(t, err, fault.Invalid, "/mail", "cn.bad_email")
		for range 14 {
			try(p, visitor, account.Forgotten{Mail: "nobody@example.com"}, only(account.Forget))
		}
		_, err = try(p, visitor, account.Forgotten{Mail: "nobody@example.com"}, only(account.Forget))
		refused(t, err, fault.TooMany, "", "account.too_many")
	})
}

func TestPreference(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		if got := must(p, a.Actor(), account.Preference{Lang: "zh-CN"}, account.Prefer); got.Lang.Tag() != "zh-CN" {
			t.Errorf("chose zh-CN, got %s", got.Lang.Tag())
		}
		_, err := try(p, a.Actor(), account.Preference{Lang: "fr"}, account.Prefer)
		refused(t, err, fault.Invalid, "/lang", "fault.unknown_choice")
		_, err = try(p, visitor, account.Preference{Lang: "en"}, account.Prefer)
		refused(t, err, fault.Unauthenticated, "", "")
		reader := a.Actor()
		reader.Scopes, reader.KeyID = scopes(access.ScopeRead), "key_1"
		_, err = try(p, reader, account.Preference{Lang: "en"}, account.Prefer)
		refused(t, err, fault.Forbidden, "", "")
	})
}

func TestAPersonJoinsOneCompany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		err := d.Write(t.Context(), func(tx *db.Tx) error { return account.Join(t.Context(), tx, a.ID, "ven_1", access.Owner) })
		if err != nil {
			t.Fatal(err)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return account.Join(t.Context(), tx, a.ID, "ven_2", access.Owner) })
		refused(t, err, fault.Conflict, "", "account.has_vendor")
		by := p.who(p.session(a.Mail, password).Token)
		if by.VendorID != "ven_1" || !by.Has(access.Owner) {
			t.Errorf("acts as %+v", by)
		}
		must(p, visitor, "", only(func(ctx ctxt, tx *db.Tx, _ actor, _ string) error {
			people, err := account.People(ctx, tx, "ven_1")
			if err != nil || len(people) != 1 || people[0].Mail != a.Mail {
				t.Errorf("the company's people: %+v, %v", people, err)
			}
			if none, err := account.People(ctx, tx, ""); err != nil || len(none) != 0 {
				t.Errorf("no company has people: %+v, %v", none, err)
			}
			names, err := account.Names(ctx, tx, []string{a.ID, "acc_x"})
			if err != nil || len(names) != 1 || names[a.ID] != "王芳" {
				t.Errorf("names: %v, %v", names, err)
			}
			return nil
		}))
	})
}

// Two administrators who take each other's role at once do not both go through.
func TestOneAdministratorRemainsThoughTwoAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a, b := p.staff("a@example.com", access.Administrator), p.staff("b@example.com", access.Administrator)
		var wg sync.WaitGroup
		for _, x := range [][2]account.Account{{a, b}, {b, a}} {
			wg.Go(func() {
				_, err := try(p, x[0].Actor(), account.StaffChange{ID: x[1].ID, Roles: []access.Role{access.Auditor}}, account.ChangeStaff)
				if err != nil && !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		admins := 0
		for _, s := range must(p, command, "", func(ctx ctxt, tx *db.Tx, by actor, _ string) ([]account.Account, error) {
			return account.Staff(ctx, tx, by)
		}) {
			if s.Actor().Has(access.Administrator) {
				admins++
			}
		}
		if admins != 1 {
			t.Errorf("%d administrators remain", admins)
		}
	})
}
