package account_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

type ctxt = context.Context

func TestStaffAreMadeByAnAdministrator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		boss := p.staff("boss@example.com", access.Administrator)
		in := account.NewStaff{Mail: "fin@example.com", Name: "周会计", Roles: []access.Role{access.Finance, access.Finance}, Password: password}
		for _, by := range []access.Actor{visitor, p.registered("wang@example.com", "13800138000").Actor(), p.staff("aud@example.com", access.Auditor).Actor()} {
			if _, err := try(p, by, in, account.AddStaff); !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("%+v adds staff: %v", by, err)
			}
		}
		fin := must(p, boss.Actor(), in, account.AddStaff)
		if diff := cmp.Diff([]access.Role{access.Finance}, fin.Roles); diff != "" {
			t.Error(diff)
		}
		if by := p.who(p.session("fin@example.com", password).Token); by.Kind != access.Staff || !by.May(access.ConfirmMoney) {
			t.Errorf("signs in as %+v", by)
		}
		for _, c := range []struct {
			name, at, key string
			change        func(*account.NewStaff)
		}{
			{"taken", "/mail", "account.mail_taken", func(*account.NewStaff) {}},
			{"a member's mailbox", "/mail", "account.mail_taken", func(n *account.NewStaff) { n.Mail = "wang@example.com" }},
			{"no role", "/roles", "fault.required", func(n *account.NewStaff) { n.Roles = nil }},
			{"a vendor's role", "/roles", "fault.unknown_choice", func(n *account.NewStaff) { n.Roles = []access.Role{access.Owner} }},
			{"weak password", "/password", "account.password_common", func(n *account.NewStaff) { n.Password = "1234567890" }},
			{"bad phone", "/phone", "cn.bad_mobile", func(n *account.NewStaff) { n.Phone = "12" }},
		} {
			x := in
			c.change(&x)
			_, err := try(p, boss.Actor(), x, account.AddStaff)
			refused(t, err, fault.Invalid, c.at, c.key)
		}
	})
}

func TestDisabledStaffAreOutAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		boss, fin := p.staff("boss@example.com", access.Administrator), p.staff("fin@example.com", access.Finance)
		s := p.session(fin.Mail, password)
		k := must(p, p.who(s.Token), account.NewKey{Name: "import", Scopes: scopes(access.ScopeDeposit)}, account.MakeKey)
		must(p, boss.Actor(), account.StaffChange{ID: fin.ID, Roles: fin.Roles, Disabled: true}, account.ChangeStaff)
		if p.who(s.Token).ID != "" || p.who(k.Secret).ID != "" {
			t.Error("a closed account's session or key still holds")
		}
		_, err := p.signIn(fin.Mail, password)
		refused(t, err, fault.Unauthenticated, "", "account.wrong_credentials")
		if err := d.Read(t.Context(), func(tx *db.Tx) error { _, err := account.StaffByMail(t.Context(), tx, fin.Mail); return err }); !fault.Is(err, fault.NotFound) {
			t.Errorf("--as finds a closed account: %v", err)
		}
		must(p, boss.Actor(), account.StaffChange{ID: fin.ID, Roles: []access.Role{access.Auditor}}, account.ChangeStaff)
		by := p.who(p.session(fin.Mail, password).Token)
		if by.May(access.ConfirmMoney) || !by.May(access.SeeMoney) {
			t.Errorf("opened again as auditor, may %+v", by)
		}
		if p.who(s.Token).ID != "" {
			t.Error("the old session came back")
		}
	})
}

func TestTheLastAdministratorStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		boss := p.staff("boss@example.com", access.Administrator, access.Finance)
		other := p.staff("other@example.com", access.Administrator)
		must(p, boss.Actor(), account.StaffChange{ID: other.ID, Roles: other.Roles, Disabled: true}, account.ChangeStaff)
		for _, in := range []account.StaffChange{
			{ID: boss.ID, Roles: []access.Role{access.Finance}},
			{ID: boss.ID, Roles: boss.Roles, Disabled: true},
		} {
			_, err := try(p, command, in, account.ChangeStaff)
			refused(t, err, fault.Conflict, "", "account.last_administrator")
		}
		must(p, boss.Actor(), account.StaffChange{ID: boss.ID, Roles: []access.Role{access.Administrator}}, account.ChangeStaff)
		_, err := try(p, command, account.StaffChange{ID: p.registered("wang@example.com", "13800138000").ID, Roles: boss.Roles}, account.ChangeStaff)
		refused(t, err, fault.NotFound, "", "")
	})
}

func TestKeysActWithinTheirScopes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return account.Join(t.Context(), tx, a.ID, "ven_1", access.Owner) }); err != nil {
			t.Fatal(err)
		}
		me := p.who(p.session(a.Mail, password).Token)
		for _, c := range []struct {
			in      account.NewKey
			at, key string
		}{
			{account.NewKey{Name: " ", Scopes: scopes(access.ScopeRead)}, "/name", "fault.required"},
			{account.NewKey{Name: "x"}, "/scopes", "account.scope_required"},
			{account.NewKey{Name: "x", Scopes: scopes("everything")}, "/scopes", "fault.unknown_choice"},
		} {
			_, err := try(p, me, c.in, account.MakeKey)
			refused(t, err, fault.Invalid, c.at, c.key)
		}
		k := must(p, me, account.NewKey{Name: "reader", Scopes: scopes(access.ScopeRead, access.ScopeRead)}, account.MakeKey)
		by := p.who(k.Secret)
		if by.ID != a.ID || by.KeyID != k.ID || len(by.Scopes) != 1 {
			t.Fatalf("the key acts as %+v", by)
		}
		if err := by.OwnsVendor("ven_1", access.Look); err != nil {
			t.Errorf("a reading key cannot look: %v", err)
		}
		for _, act := range []access.Act{access.Apply, access.SignContract, access.PayDeposit, access.EditProducts} {
			if err := by.OwnsVendor("ven_1", act); !fault.Is(err, fault.Forbidden) {
				t.Errorf("a reading key may %s: %v", act, err)
			}
		}
		all := must(p, me, account.NewKey{Name: "all", Scopes: access.Scopes()}, account.MakeKey)
		_, err := try(p, p.who(all.Secret), account.NewKey{Name: "child", Scopes: scopes(access.ScopeRead)}, account.MakeKey)
		refused(t, err, fault.Forbidden, "", "account.key_by_key")
		_, err = try(p, p.who(all.Secret), account.Revoke{ID: k.ID}, account.RevokeKey)
		refused(t, err, fault.Forbidden, "", "account.key_by_key")

		stranger := p.registered("li@example.com", "13900139000").Actor()
		_, err = try(p, stranger, account.Revoke{ID: k.ID}, account.RevokeKey)
		refused(t, err, fault.NotFound, "", "")
		must(p, me, account.Revoke{ID: k.ID}, account.RevokeKey)
		if p.who(k.Secret).ID != "" || p.who(all.Secret).ID == "" {
			t.Error("the wrong key was revoked")
		}
		_, err = try(p, me, account.Revoke{ID: k.ID}, account.RevokeKey)
		refused(t, err, fault.Conflict, "", "")
		for _, k := range must(p, me, "", func(ctx ctxt, tx *db.Tx, by actor, _ string) ([]account.Key, error) { return account.Keys(ctx, tx, by) }) {
			if k.Secret != "" || k.Prefix == "" {
				t.Errorf("listed with its secret: %+v", k)
			}
		}
	})
}

func TestKeysAreCountedAndTheirUseNoted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		me := p.registered("wang@example.com", "13800138000").Actor()
		var k account.Key
		for range 20 {
			k = must(p, me, account.NewKey{Name: "k", Scopes: scopes(access.ScopeRead)}, account.MakeKey)
		}
		_, err := try(p, me, account.NewKey{Name: "k", Scopes: scopes(access.ScopeRead)}, account.MakeKey)
		refused(t, err, fault.Invalid, "/name", "account.key_limit")
		stale := func() (is bool) {
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) { is, err = account.UseIsStale(t.Context(), tx, k.ID); return err }); err != nil {
				t.Fatal(err)
			}
			return is
		}
		if !stale() {
			t.Error("a key never used is not stale")
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return account.Used(t.Context(), tx, k.ID) }); err != nil {
			t.Fatal(err)
		}
		if stale() {
			t.Error("stale right after its use")
		}
		p.later(5*time.Minute + time.Second)
		if !stale() {
			t.Error("not stale after five minutes")
		}
	})
}
