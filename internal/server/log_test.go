package server_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

var command = access.CommandActor("test")

func roles(names ...access.Role) []access.Role { return names }

// safe is a buffer for a log that many write to.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) { s.mu.Lock(); defer s.mu.Unlock(); return s.b.Write(p) }

func (s *safe) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.b.String() }

// The log of a whole registration, right and wrong, names nobody and holds no secret.
func TestLogHoldsNoPersonalData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var log safe
		w := world.Open(t, d, func(c *market.Config) {
			c.Log = slog.New(slog.NewJSONHandler(io.Writer(&log), &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		b := w.Browser()
		b.Get("/register?mail=wang@vendor.example").Want(200)
		b.Submit("/register", url.Values{"name": {"王芳"}, "mail": {"wang@vendor.example"}, "phone": {"1"}, "password": {world.Password}}).Want(422)
		b.Submit("/register", url.Values{"name": {"王芳"}, "mail": {"wang@vendor.example"}, "phone": {"13800138000"}, "password": {world.Password}}).Want(200)
		w.Drain()
		mail, phone := w.Code("wang@vendor.example"), w.Code("13800138000")
		verify := b.Page.Path
		b.Submit(verify, url.Values{"mail_code": {"000000"}, "phone_code": {phone}})
		b.Submit(verify, url.Values{"mail_code": {mail}, "phone_code": {phone}})
		session := b.Cookie("yunshi_session")
		b.Get("/console/keys").Want(200)
		w.Client("").Post("/v1/sessions", map[string]string{"mail": "wang@vendor.example", "password": "wrong horse 42"}).Want(401)
		w.Client("").Post("/v1/accounts", `{"mail": "wang@vendor.example", "phone": 13800138000, "nickname": "王芳"}`).Want(422)
		if session == "" || !strings.Contains(log.String(), "POST /register/{id}") {
			t.Fatalf("the story did not run: %s", log.String())
		}
		for _, s := range []string{"wang", "vendor.example", "138001", "王芳", world.Password, "wrong horse", mail, phone, session, "127.0.0.1"} {
			if strings.Contains(log.String(), s) {
				t.Errorf("the log holds %q", s)
			}
		}
	})
}
