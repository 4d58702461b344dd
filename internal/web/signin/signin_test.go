package signin_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// Every page of the door, empty and with errors, in both languages; a password
// that was typed never comes back.
func TestPagesOfTheDoor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		const typed = "typed-secret-7"
		for _, c := range []struct {
			path   string
			zh, en string
			values url.Values
			status int
			zhBad  []string
			enBad  []string
		}{
			{"/signin", "登录", "Sign in", url.Values{"mail": {"no@body.example"}, "password": {typed}}, 401, []string{"邮箱或密码不正确"}, []string{"Wrong e-mail or password"}},
			{"/register", "注册账号", "Register", url.Values{"name": {""}, "mail": {"kept@"}, "phone": {"12"}, "password": {"x" + typed[:3]}}, 422,
				[]string{"您的姓名", "此项必填", "密码：至少 10 个字符"}, []string{"Your name", "This is required", "Password: At least 10 characters"}},
			{"/forgot", "找回密码", "Reset the password", url.Values{"mail": {"no mail"}}, 422, []string{"邮箱"}, []string{"E-mail"}},
			{"/reset", "设置新密码", "Set a new password", url.Values{"mail": {"no@body.example"}, "code": {"123456"}, "password": {typed}}, 422,
				[]string{"验证码不正确或已失效"}, []string{"wrong or no longer valid"}},
		} {
			for _, lang := range []string{"zh-CN", "en"} {
				title, bad := c.zh, c.zhBad
				if lang == "en" {
					title, bad = c.en, c.enBad
				}
				b := w.Browser().Speak(lang)
				if p := b.Get(c.path).Want(200, title); !strings.Contains(p.Body, `lang="`+lang+`"`) || p.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s in %s: %v", c.path, lang, p.Header)
				}
				p := b.Submit(c.path, c.values).Want(c.status, bad...).Lacks(typed, "x"+typed[:3])
				if c.values.Has("mail") && p.Input("mail") != c.values.Get("mail") {
					t.Errorf("%s in %s: the mailbox came back as %q", c.path, lang, p.Input("mail"))
				}
			}
		}
	})
}

func TestVerifyPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		for lang, want := range map[string][]string{
			"zh-CN": {"验证邮箱与手机", "w***@vendor.example", "138****8000", "邮件验证码", "验证码不正确，还可尝试 4 次", "60 秒内不能重复获取", "验证码已重新发送"},
			"en":    {"Verify mailbox and phone", "w***@vendor.example", "138****8000", "Code from the mail", "Wrong code; 4 tries are left", "after 60 seconds", "A new code was sent"},
		} {
			b := w.Browser().Speak(lang)
			b.Get("/register")
			b.Submit("/register", url.Values{"name": {"王芳"}, "mail": {"wang@vendor.example"}, "phone": {"13800138000"}, "password": {world.Password}}).Want(200, want[:3]...)
			page := b.Page.Path
			w.Drain()
			b.Submit(page, url.Values{"mail_code": {"1"}, "phone_code": {w.Code("13800138000")}}).Want(422, want[3], want[4])
			b.Submit(page+"/send", url.Values{"channel": {"mail"}}).Want(200, want[5])
			w.Advance(time.Minute)
			b.Submit(page+"/send", url.Values{"channel": {"mail"}}).Want(200, want[6])
			w.Advance(time.Hour)
		}
		w.Browser().Get("/register/acc_none").Want(404)
		staff := w.Staff("boss", access.Administrator)
		w.Browser().Get("/register/" + staff.ID).Want(404)
	})
}

// Rule O-1: the whole story by the pages, and what a person meets on the way back.
func TestForgotAndReset(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		a := w.Member("wang", "13800138000")
		old := w.As(a)
		w.Advance(time.Hour)
		b := w.Browser()
		b.Get("/forgot")
		b.Submit("/forgot", url.Values{"mail": {a.Mail}}).Want(200, "如果该邮箱已注册")
		stranger := w.Browser()
		stranger.Get("/forgot")
		if got := stranger.Submit("/forgot", url.Values{"mail": {"nobody@vendor.example"}}).Want(200, "如果该邮箱已注册"); got.Path != "/reset?mail=nobody%40vendor.example" {
			t.Errorf("who has no account is led to %s", got.Path)
		}
		w.Drain()
		b.Submit("/reset", url.Values{"code": {w.Code(a.Mail)}, "password": {"a new password 7"}}).Want(200, "密码已更新")
		if p := old.Get("/console/keys"); !strings.HasPrefix(p.Path, "/signin") {
			t.Errorf("the old session still stands at %s", p.Path)
		}
		b.Submit("/signin", url.Values{"mail": {a.Mail}, "password": {"a new password 7"}}).Want(200)
		if b.Page.Path != "/console" {
			t.Errorf("signed in, at %s", b.Page.Path)
		}
	})
}

func TestSigningInLeadsBackAndNowhereElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		member, boss := w.Member("wang", "13800138000"), w.Staff("boss", access.Administrator)
		for next, want := range map[string]string{"/console/keys": "/console/keys", "//evil.example/x": "/console", "/\t/evil.example": "/console", "https://evil.example": "/console"} {
			b := w.Browser()
			b.Get("/signin?next=" + url.QueryEscape(next))
			b.Submit("/signin", url.Values{"mail": {member.Mail}, "password": {world.Password}})
			if b.Page.Path != want {
				t.Errorf("next=%q leads to %s, want %s", next, b.Page.Path, want)
			}
		}
		b := w.As(boss)
		if b.Page.Path != "/office" {
			t.Errorf("staff are led to %s", b.Page.Path)
		}
		if b.Get("/signin"); b.Page.Path != "/office" {
			t.Errorf("signed in already, led to %s", b.Page.Path)
		}
		b.Post("/signout", nil)
		if b.Page.Path != "/" || b.Cookie("yunshi_session") != "" {
			t.Errorf("signed out, at %s with %q", b.Page.Path, b.Cookie("yunshi_session"))
		}
		b.Get("/office/staff")
		if !strings.HasPrefix(b.Page.Path, "/signin") {
			t.Errorf("after signing out at %s", b.Page.Path)
		}
		unproved := w.Browser()
		unproved.Get("/register")
		unproved.Submit("/register", url.Values{"name": {"李娜"}, "mail": {"li@vendor.example"}, "phone": {"13900139000"}, "password": {world.Password}})
		page := unproved.Page.Path
		unproved.Get("/signin")
		if unproved.Submit("/signin", url.Values{"mail": {"li@vendor.example"}, "password": {world.Password}}).Want(200, "请先完成邮箱与手机验证"); unproved.Page.Path != page {
			t.Errorf("who has not proved both is led to %s, want %s", unproved.Page.Path, page)
		}
	})
}
