package signin_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/totp"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// shows is the code that an app with the secret shows now.
func shows(t *testing.T, d *db.DB, secret string) string {
	t.Helper()
	code, err := totp.Code(secret, totp.Step(d.Clock().Now()))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// Under the shipped rules staff set up a second factor before anything else, give it
// at each sign-in, and again before what is guarded: all without scripts.
func TestStaffAndTheirSecondFactorByPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		yunshitest.Rules(t, d, func(*policy.Policy) {})
		w.Staff("root", access.Administrator)
		b := w.Browser()
		enter := func() *world.Page {
			b.Get("/signin")
			return b.Submit("/signin", url.Values{"mail": {"root@staff.example"}, "password": {world.Password}})
		}
		if p := enter(); !strings.HasPrefix(p.Path, "/signin/setup") {
			t.Fatalf("without a factor led to %s", p.Path)
		}
		for _, path := range []string{"/office", "/office/staff", "/security", "/security/app"} {
			if p := b.Get(path); !strings.HasPrefix(p.Path, "/signin?next=") {
				t.Errorf("%s is shown before a factor is set up: %s", path, p.Path)
			}
		}
		b.Get("/signin/setup").Want(200, "验证器应用")
		b.Submit("/signin/setup/app", nil).Want(200, "用验证器应用扫描下面的二维码")
		secret := b.Page.Element("totp-secret")
		b.Submit("/signin/setup", url.Values{"code": {"000000"}}).Want(422, "验证码不正确")
		if got := b.Page.Element("totp-secret"); got != secret {
			t.Error("a wrong code changed the secret")
		}
		w.Advance(time.Minute)
		b.Submit("/signin/setup", url.Values{"code": {shows(t, d, secret)}}).Want(201, "请保存恢复码")
		recovery := strings.Fields(b.Page.Element("recovery-codes"))
		if len(recovery) != 10 {
			t.Fatalf("recovery codes %v", recovery)
		}
		b.Get("/office").Want(200)
		b.Get("/security").Want(200, "还有 10 个可用的恢复码", "本机")

		// In again, by code and by recovery code.
		for _, code := range []func() string{func() string { return shows(t, d, secret) }, func() string { return recovery[2] }} {
			w.Advance(time.Minute)
			b.Post("/signout", nil)
			if p := enter(); !strings.HasPrefix(p.Path, "/signin/factor") {
				t.Fatalf("led to %s", p.Path)
			}
			if p := b.Get("/office"); !strings.HasPrefix(p.Path, "/signin?next=") {
				t.Errorf("the office is open before the second factor: %s", p.Path)
			}
			b.Get("/signin/factor").Want(200)
			b.Submit("/signin/factor", url.Values{"code": {"123456"}}).Want(422, "验证码不正确或已用过")
			if p := b.Submit("/signin/factor", url.Values{"code": {code()}}); p.Path != "/office" {
				t.Fatalf("with the right code led to %s: %s", p.Path, p.Text())
			}
		}

		// Half an hour later a guarded act asks again, and goes on afterwards.
		w.Advance(31 * time.Minute)
		add := url.Values{"name": {"周会计"}, "mail": {"fin@staff.example"}, "password": {world.Password}, "roles": {"finance"}}
		b.Get("/office/staff").Want(200)
		if p := b.Submit("/office/staff", add); !strings.HasPrefix(p.Path, "/security/prove") {
			t.Fatalf("led to %s: %s", p.Path, p.Text())
		}
		if p := b.Submit("/security/prove", url.Values{"code": {shows(t, d, secret)}}); p.Path != "/office/staff" {
			t.Fatalf("after the proof led to %s: %s", p.Path, p.Text())
		}
		b.Submit("/office/staff", add).Want(200, "fin@staff.example")
	})
}

// A one-time link lets somebody in who cannot come otherwise, once.
func TestOneTimeLinkOpensOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d, noStaffPasswords)
		w.Staff("root", access.Administrator)
		b := w.Browser()
		b.Get("/signin")
		b.Submit("/signin", url.Values{"mail": {"root@staff.example"}, "password": {world.Password}}).Want(401, "邮箱或密码不正确")
		var path string
		w.Write(func(ctx ctxt, tx *db.Tx) (err error) {
			path, err = account.LetIn(ctx, tx, access.CommandActor("admin"), "root@staff.example")
			return err
		})
		b.Get(path).Want(200)
		if p := b.Submit(path, nil); p.Path != "/office" {
			t.Fatalf("led to %s: %s", p.Path, p.Text())
		}
		b.Post(path, nil).Want(410)
	})
}

type ctxt = context.Context

func noStaffPasswords(c *market.Config) { c.NoStaffPasswords = true }
