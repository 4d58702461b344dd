package server_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// desk is a server with one route that tells what it was asked.
func desk(t *testing.T, d *db.DB, baseURL string) (*server.Server, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	s := server.New(d, slog.New(slog.NewJSONHandler(&log, nil)), baseURL)
	s.Handle("/tell/{what}", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		fmt.Fprintf(w, "lang=%s actor=%s/%s address=%s denied=%v", server.Printer(ctx).Lang.Tag(), server.Actor(ctx).Kind, server.Account(ctx).ID, server.Actor(ctx).Address, server.Denied(ctx) != nil)
	}))
	s.Handle("/v1/tell", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "lang=%s", server.Printer(r.Context()).Lang.Tag())
	}))
	s.Handle("/long", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, strings.Repeat("云市 ", 2000))
	}))
	for _, pattern := range []string{"/panic/{id}", "/v1/panic"} {
		s.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { panic("out of order") }))
	}
	return s, &log
}

func ask(s *server.Server, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://market.example"+path, nil)
	r.RemoteAddr = "198.51.100.7:4711"
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func TestStatusOfEveryKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want int
	}{
		{fault.New(fault.Invalid, "fault.invalid"), 422},
		{fault.New(fault.Unauthenticated, "fault.unauthenticated"), 401},
		{fault.New(fault.Forbidden, "fault.forbidden"), 403},
		{fmt.Errorf("wrapped: %w", fault.New(fault.NotFound, "fault.not_found")), 404},
		{fault.New(fault.Conflict, "fault.changed"), 409},
		{fault.New(fault.TooEarly, "fault.changed"), 409},
		{fault.New(fault.Gone, "fault.changed"), 410},
		{fault.New(fault.TooMany, "fault.busy"), 429},
		{fault.New(fault.TooLarge, "fault.body_too_large"), 413},
		{fault.New(fault.Internal, "fault.internal"), 500},
		{errors.New("disk on fire"), 500},
		{context.Canceled, 499},
		{context.DeadlineExceeded, 500},
	} {
		if got := server.Status(c.err); got != c.want {
			t.Errorf("%v has status %d, want %d", c.err, got, c.want)
		}
	}
}

func TestInternalErrorIsLoggedAndNotTold(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := server.New(dbtest.SQLite(t), slog.New(slog.NewJSONHandler(&log, nil)), "http://x")
	f := s.Fault(t.Context(), errors.New("password of the database is hush"))
	if f.Kind != fault.Internal || f.Message.Key != "fault.internal" || len(f.Message.Args) != 0 {
		t.Errorf("told %+v", f)
	}
	if !strings.Contains(log.String(), "hush") {
		t.Error("not logged")
	}
	log.Reset()
	s.Fault(t.Context(), context.Canceled)
	if log.Len() != 0 {
		t.Errorf("a client that went away was logged: %s", log.String())
	}
	if got := s.Fault(t.Context(), fault.New(fault.NotFound, "fault.not_found")); got.Kind != fault.NotFound || log.Len() != 0 {
		t.Errorf("a person's error became %+v, logged %q", got, log.String())
	}
}

func TestEveryAnswerHasItsRequestID(t *testing.T) {
	t.Parallel()
	s, log := desk(t, dbtest.SQLite(t), "http://market.example")
	seen := make(map[string]bool)
	for range 3 {
		w := ask(s, "GET", "/tell/13800138000")
		id := w.Header().Get("X-Request-Id")
		if len(id) != 12 || seen[id] {
			t.Errorf("request id %q", id)
		}
		seen[id] = true
		var line struct {
			Request, Method, Route string
			Status                 int
		}
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatalf("%v in %s", err, log)
		}
		if line.Request != id || line.Route != "/tell/{what}" || line.Status != 200 || line.Method != "GET" {
			t.Errorf("logged %+v", line)
		}
		if strings.Contains(log.String(), "138001") || strings.Contains(log.String(), "198.51.100.7") {
			t.Errorf("the log holds what was asked or from where: %s", log)
		}
		log.Reset()
	}
}

func TestPanicIsA500WithItsID(t *testing.T) {
	t.Parallel()
	s, log := desk(t, dbtest.SQLite(t), "http://market.example")
	w := ask(s, "GET", "/panic/1", "Accept-Language", "en")
	id := w.Header().Get("X-Request-Id")
	if w.Code != 500 || !strings.Contains(w.Body.String(), id) || !strings.Contains(w.Body.String(), "Something broke") || strings.Contains(w.Body.String(), "out of order") {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), "out of order") || !strings.Contains(log.String(), id) || !strings.Contains(log.String(), "server_test.go") {
		t.Errorf("logged %s", log)
	}
	w = ask(s, "POST", "/v1/panic", "Authorization", "Bearer none")
	var p struct {
		Status                 int
		Detail, Code, Instance string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 500 || p.Status != 500 || p.Code != "internal" || p.Instance != w.Header().Get("X-Request-Id") || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("the API answered %d %s %v", w.Code, w.Body, err)
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	t.Parallel()
	s, _ := desk(t, dbtest.SQLite(t), "https://market.example")
	for _, c := range []struct {
		name, method string
		headers      []string
		want         int
	}{
		{"own page", "POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"no browser", "POST", nil, 200},
		{"another site", "POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a sister host", "POST", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser elsewhere", "POST", []string{"Origin", "https://evil.example"}, 403},
		{"an old browser here, behind a proxy", "POST", []string{"Origin", "https://market.example"}, 200},
		{"another site looks", "GET", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"another site with a proxy's login", "POST", []string{"Sec-Fetch-Site", "cross-site", "Authorization", "Basic eDp5"}, 403},
		{"a program with its token", "POST", []string{"Sec-Fetch-Site", "cross-site", "Authorization", "Bearer yss_x"}, 200},
	} {
		if w := ask(s, c.method, "/tell/x", c.headers...); w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.want)
		}
	}
}

func TestAddressesThatNoDatabaseHoldsAreRefused(t *testing.T) {
	t.Parallel()
	s, _ := desk(t, dbtest.SQLite(t), "http://market.example")
	for _, path := range []string{"/tell/%00", "/tell/x?cursor=%00", "/tell/%ff", "/tell/x?q=%ff%fe"} {
		if w := ask(s, "GET", path); w.Code != 400 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := ask(s, "GET", "/tell/%E4%BA%91?q=100%25"); w.Code != 200 {
		t.Errorf("a Chinese address: %d", w.Code)
	}
}

// The language: asked for in the address, chosen before, the account's, the browser's.
func TestLanguageChoice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := desk(t, d, "http://market.example")
		session := signedIn(t, d, "en")
		for _, c := range []struct {
			name, path, want string
			headers          []string
		}{
			{"nothing", "/tell/x", "zh-CN", nil},
			{"a language we do not speak", "/tell/x", "zh-CN", []string{"Accept-Language", "fr"}},
			{"browser", "/tell/x", "en", []string{"Accept-Language", "en-GB,en;q=0.8"}},
			{"account before browser", "/tell/x", "en", []string{"Accept-Language", "zh-CN", "Cookie", "yunshi_session=" + session}},
			{"cookie before account", "/tell/x", "zh-CN", []string{"Accept-Language", "en", "Cookie", "yunshi_session=" + session + "; yunshi_lang=zh-CN"}},
			{"address before cookie", "/tell/x?lang=en", "en", []string{"Cookie", "yunshi_lang=zh-CN"}},
			{"the API by its header", "/v1/tell", "zh-CN", []string{"Accept-Language", "zh-CN", "Authorization", "Bearer " + session, "Cookie", "yunshi_lang=en"}},
			{"the API by the account", "/v1/tell", "en", []string{"Authorization", "Bearer " + session}},
		} {
			if got := ask(s, "GET", c.path, c.headers...).Body.String(); !strings.Contains(got, "lang="+c.want) {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
		kept := ask(s, "GET", "/tell/x?lang=en").Result().Cookies()
		if len(kept) != 1 || kept[0].Name != "yunshi_lang" || kept[0].Value != "en" {
			t.Errorf("the choice is kept as %v", kept)
		}
	})
}

// signedIn makes a staff account that reads a language and gives its session's token.
func signedIn(t *testing.T, d *db.DB, lang string) string {
	t.Helper()
	ctx := context.Background()
	yunshitest.Rules(t, d, yunshitest.ByPasswordAlone)
	in := account.NewStaff{Mail: "a@example.com", Name: "A", Roles: roles("auditor"), Password: "correct horse 42"}
	if err := in.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(ctx, func(tx *db.Tx) error {
		a, err := account.AddStaff(ctx, tx, command, in)
		if err == nil {
			_, err = account.Prefer(ctx, tx, a.Actor(), account.Preference{Lang: lang})
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s, err := account.SignIn(ctx, d, command, account.Credentials{Mail: in.Mail, Password: in.Password})
	if err != nil {
		t.Fatal(err)
	}
	return s.Token
}

func TestWhoActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := desk(t, d, "http://market.example")
		session := signedIn(t, d, "zh-CN")
		for _, c := range []struct {
			name, want string
			headers    []string
		}{
			{"nobody", "actor=visitor/ address=198.51.100.7 denied=false", nil},
			{"a session", "actor=staff/acc_", []string{"Cookie", "yunshi_session=" + session}},
			{"a token", "actor=staff/acc_", []string{"Authorization", "bearer " + session}},
			{"a session behind a proxy's login", "actor=staff/acc_", []string{"Authorization", "Basic eDp5", "Cookie", "yunshi_session=" + session}},
			{"a wrong token", "actor=visitor/ address=198.51.100.7 denied=true", []string{"Authorization", "Bearer yss_x"}},
			{"a forwarded address, not trusted", "address=198.51.100.7", []string{"X-Forwarded-For", "203.0.113.9"}},
		} {
			if got := ask(s, "GET", "/tell/x", c.headers...).Body.String(); !strings.Contains(got, c.want) {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
		s.TrustProxy = true
		if got := ask(s, "GET", "/tell/x", "X-Forwarded-For", "10.0.0.1, 203.0.113.9").Body.String(); !strings.Contains(got, "address=203.0.113.9") {
			t.Errorf("behind a trusted proxy: %s", got)
		}
	})
}

func TestSessionCookie(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	for base, want := range map[string]string{
		"http://x":  "yunshi_session=yss_a; Path=/; Max-Age=7200; HttpOnly; SameSite=Lax",
		"https://x": "__Host-yunshi_session=yss_a; Path=/; Max-Age=7200; HttpOnly; Secure; SameSite=Lax",
	} {
		s := server.New(d, slog.New(slog.DiscardHandler), base)
		w := httptest.NewRecorder()
		s.SetSession(w, account.Session{Token: "yss_a", ExpiresAt: d.Clock().Now().Add(2 * time.Hour)})
		s.ClearSession(w)
		got := w.Header()["Set-Cookie"]
		if len(got) != 2 || got[0] != want || !strings.Contains(got[1], "Max-Age=0") {
			t.Errorf("%s: %q, want %q", base, got, want)
		}
	}
}

func TestProbes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, _ := desk(t, d, "http://market.example")
		for path, want := range map[string]string{"/healthz": "ok", "/readyz": "ready", "/metrics": `yunshi_jobs{state="dead"} 0`} {
			if w := ask(s, "GET", path, "Cookie", "yunshi_session=x"); w.Code != 200 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		ask(s, "GET", "/tell/x")
		if m := ask(s, "GET", "/metrics").Body.String(); !strings.Contains(m, `yunshi_http_request_seconds_count{method="GET",route="/tell/{what}",status="200"} 1`) {
			t.Error("a request is not counted by its route")
		}
		if _, err := d.SQL().Exec(`DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)`); err != nil {
			t.Fatal(err)
		}
		if w := ask(s, "GET", "/readyz"); w.Code != 503 || !strings.Contains(w.Body.String(), "yunshi migrate") {
			t.Errorf("behind the program's schema: %d %s", w.Code, w.Body)
		}
		if w := ask(s, "GET", "/healthz"); w.Code != 200 {
			t.Errorf("the process lives, but /healthz says %d", w.Code)
		}
	})
}

func TestDatabaseGoneIs503(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	s, log := desk(t, d, "http://market.example")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if w := ask(s, "GET", "/readyz"); w.Code != 503 {
		t.Errorf("/readyz: %d", w.Code)
	}
	if w := ask(s, "GET", "/tell/x", "Cookie", "yunshi_session=yss_x"); w.Code != 503 || !strings.Contains(w.Body.String(), "系统正忙") {
		t.Errorf("with a session: %d %s", w.Code, w.Body)
	}
	if !strings.Contains(log.String(), `"level":"ERROR"`) {
		t.Error("not logged")
	}
}

func TestLongAnswersAreCompressed(t *testing.T) {
	t.Parallel()
	s, _ := desk(t, dbtest.SQLite(t), "http://market.example")
	w := ask(s, "GET", "/long", "Accept-Encoding", "gzip")
	if w.Header().Get("Content-Encoding") != "gzip" || !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
		t.Fatalf("headers %v", w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(ask(s, "GET", "/long").Body.String(), string(plain)); diff != "" {
		t.Error(diff)
	}
	if w := ask(s, "GET", "/tell/x", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a short answer was compressed")
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	s, _ := desk(t, dbtest.SQLite(t), "http://market.example")
	h := ask(s, "GET", "/nowhere").Header()
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Content-Security-Policy": "default-src 'self'"} {
		if !strings.Contains(h.Get(name), want) {
			t.Errorf("%s is %q", name, h.Get(name))
		}
	}
}
