package world_test

import (
	"net/url"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// Rule O-1: register, give both codes, and one is in; then out and in again.
func TestRegisterVerifyAndSignInByPageAndAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		b := w.Browser()
		b.Get("/register").Want(200)
		b.Submit("/register", url.Values{"name": {"王芳"}, "mail": {"wang@vendor.example"}, "phone": {"13800138000"}, "password": {world.Password}}).Want(200)
		verify := b.Page.Path
		w.Drain()
		b.Submit(verify, url.Values{"mail_code": {w.Code("wang@vendor.example")}, "phone_code": {w.Code("13800138000")}})
		if b.Page.Path != "/console" || b.Cookie("yunshi_session") == "" {
			t.Fatalf("after the codes at %s with session %q", b.Page.Path, b.Cookie("yunshi_session"))
		}
		b.Get("/console/keys").Want(200, "王芳")
		var in struct{ Token string }
		w.Client("").Post("/v1/sessions", map[string]string{"mail": "wang@vendor.example", "password": world.Password}).Want(201).Into(&in)
		me := w.Client(in.Token).Get("/v1/accounts/me").Want(200)
		if got := me.Text("mail"); got != "w***@vendor.example" {
			t.Errorf("the API shows the mailbox as %s", got)
		}
	})
}

func TestStaffAndMembersHaveTheirOwnRooms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		staff, member := w.As(w.Staff("root", access.Administrator)), w.As(w.Member("li", "13900139000"))
		staff.Get("/office/staff").Want(200, "root@staff.example")
		staff.Get("/console/keys").Want(403)
		member.Get("/office/staff").Want(403)
		member.Get("/console/keys").Want(200)
		if p := w.Browser().Get("/office/staff"); p.Path != "/signin?next=%2Foffice%2Fstaff" {
			t.Errorf("a visitor is led to %s", p.Path)
		}
	})
}
