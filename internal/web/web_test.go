package web_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// site is the frame of the pages on a database, without any room.
func site(t *testing.T, d *db.DB) *web.Site {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return &web.Site{Server: server.New(d, slog.New(slog.DiscardHandler), "http://market.example"), Files: file.New(store, dbtest.Vault())}
}

func send(s *web.Site, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

func get(s *web.Site, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://market.example"+path, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return send(s, r)
}

func post(s *web.Site, path, form string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://market.example"+path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(s, r)
}

// session is a signed-in person: staff of the roles, or without any a member.
func session(t *testing.T, d *db.DB, roles ...access.Role) string {
	t.Helper()
	ctx := context.Background()
	yunshitest.Rules(t, d, yunshitest.ByPasswordAlone)
	in := account.NewStaff{Mail: "p@example.com", Name: "周<敏>", Roles: roles, Password: "correct horse 42"}
	if len(roles) == 0 {
		in.Roles = []access.Role{access.Auditor}
	}
	if err := in.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		a, err := account.AddStaff(ctx, tx, access.CommandActor("test"), in)
		if err == nil && len(roles) == 0 { // as if they had registered; the pages ask the kind alone
			_, err = tx.Exec(ctx, `UPDATE account SET kind = 'member', roles = '[]' WHERE id = $1`, a.ID)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := account.SignIn(ctx, d, access.Actor{Kind: access.Visitor}, account.Credentials{Mail: in.Mail, Password: in.Password})
	if err != nil {
		t.Fatal(err)
	}
	return "yunshi_session=" + s.Token
}

func TestFlashIsShownOnce(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	s.Page("POST /done", func(w http.ResponseWriter, r *http.Request) error {
		return s.Done(w, r, "/then", "web_office.staff_added", "<b>王芳</b>")
	})
	s.Page("POST /refused", func(w http.ResponseWriter, r *http.Request) error {
		return s.Refused(w, r, "/then", fault.New(fault.Conflict, "account.last_administrator"))
	})
	s.Page("POST /refused-at-length", func(w http.ResponseWriter, r *http.Request) error {
		var f fault.Fields
		for range 200 {
			f.Add("/x", "account.last_administrator")
		}
		return s.Refused(w, r, "/then", f.Err())
	})
	s.Page("GET /then", func(w http.ResponseWriter, r *http.Request) error {
		return s.Show(w, r, 200, s.New(w, r, ui.Plain, "signin.title"), templ.Raw("<p>here</p>"))
	})
	for path, want := range map[string]string{"/done": "已添加 &lt;b&gt;王芳&lt;/b&gt;", "/refused": "至少要保留一名可用的管理员", "/refused-at-length": "至少要保留一名可用的管理员"} {
		w := post(s, path, "")
		if w.Code != 303 || w.Header().Get("Location") != "/then" || len(w.Result().Cookies()) != 1 {
			t.Fatalf("%s: %d %v", path, w.Code, w.Header())
		}
		c := w.Result().Cookies()[0]
		w = get(s, "/then", "Cookie", c.Name+"="+c.Value)
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s is not told after it: %s", want, w.Body)
		}
		if gone := w.Result().Cookies(); len(gone) != 1 || gone[0].MaxAge >= 0 {
			t.Errorf("the flash stays: %v", gone)
		}
	}
	for _, forged := range []string{"x", "e30", "eyJrIjoiPHNjcmlwdD4ifQ"} {
		if w := get(s, "/then", "Cookie", "yunshi_flash="+forged); w.Code != 200 || strings.Contains(w.Body.String(), "<script>alert") {
			t.Errorf("a forged flash: %d", w.Code)
		}
	}
}

func TestSafeLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	for next, want := range map[string]string{
		"/console": "/console", "/office/x?a=b#c": "/office/x?a=b#c", "": "/home", "//evil.example": "/home", "https://evil.example": "/home",
		"/\\evil.example": "/home", "\\\\evil.example": "/home", "/\t/evil.example": "/home", "/\n/evil.example": "/home", "/\x00/evil.example": "/home",
		"javascript:alert(1)": "/home", "console": "/home",
	} {
		if got := web.Safe(next, "/home"); got != want {
			t.Errorf("Safe(%q) = %q, want %q", next, got, want)
		}
	}
}

// An error has its page in the room it happened in, with the request's id, in both languages.
func TestErrorPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		kinds := map[string]error{
			"notfound": fault.New(fault.NotFound, "fault.not_found"), "forbidden": fault.New(fault.Forbidden, "fault.forbidden"),
			"conflict": fault.New(fault.Conflict, "account.last_administrator"), "many": fault.New(fault.TooMany, "fault.busy"),
			"large": fault.New(fault.TooLarge, "fault.body_too_large", "1 MB"), "broken": context.DeadlineExceeded,
		}
		for _, room := range []string{"", "/office", "/console"} {
			s.Page("GET "+room+"/x/{kind}", func(w http.ResponseWriter, r *http.Request) error {
				if r.PathValue("kind") == "panic" {
					panic("out of order")
				}
				return kinds[r.PathValue("kind")]
			})
		}
		s.NotFound()
		staff := session(t, d, access.Administrator)
		for _, c := range []struct {
			path, cookie, lang string
			status             int
			want               []string
		}{
			{"/x/notfound", "", "zh-CN", 404, []string{"没有找到这个页面"}},
			{"/nowhere", "", "en", 404, []string{"Page not found"}},
			{"/office/x/forbidden", staff, "zh-CN", 403, []string{"您没有这项权限", "/office/applications"}},
			{"/office/x/conflict", staff, "en", 409, []string{"At least one active administrator"}},
			{"/x/many", "", "en", 429, []string{"Too many tries"}},
			{"/x/large", "", "zh-CN", 413, []string{"内容过大", "1 MB"}},
			{"/office/x/broken", staff, "zh-CN", 500, []string{"系统出了问题", "/office/applications"}},
			{"/office/x/panic", staff, "en", 500, []string{"Something broke", "/office/applications"}},
		} {
			cookie := c.cookie + "; yunshi_lang=" + c.lang
			w := get(s, c.path, "Cookie", strings.TrimPrefix(cookie, "; "))
			if w.Code != c.status {
				t.Errorf("%s: %d, want %d", c.path, w.Code, c.status)
			}
			for _, want := range append(c.want, w.Header().Get("X-Request-Id"), `lang="`+c.lang+`"`) {
				if !strings.Contains(w.Body.String(), want) {
					t.Errorf("%s does not show %q", c.path, want)
				}
			}
			if strings.Contains(w.Body.String(), "out of order") || strings.Contains(w.Body.String(), "goroutine") || strings.Contains(w.Body.String(), "deadline") {
				t.Errorf("%s tells what is internal", c.path)
			}
		}
	})
}

func TestWhoMustSignInIsLedThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		s.File()
		ok := func(w http.ResponseWriter, r *http.Request) error { _, err := w.Write([]byte("in")); return err }
		s.Staff("GET /office/x", ok)
		s.Staff("POST /office/x", ok)
		s.Member("GET /console/x", ok)
		cookie := session(t, d, access.Auditor)
		for path, want := range map[string]string{"/office/x?a=b": "/signin?next=%2Foffice%2Fx%3Fa%3Db", "/console/x": "/signin?next=%2Fconsole%2Fx", "/files/fil_1": "/signin?next=%2Ffiles%2Ffil_1"} {
			if w := get(s, path); w.Code != 303 || w.Header().Get("Location") != want {
				t.Errorf("%s leads to %d %s, want %s", path, w.Code, w.Header().Get("Location"), want)
			}
		}
		if w := post(s, "/office/x", ""); w.Code != 303 || w.Header().Get("Location") != "/signin" {
			t.Errorf("a form leads to %s", w.Header().Get("Location"))
		}
		if w := get(s, "/office/x", "Cookie", cookie); w.Code != 200 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("staff: %d %v", w.Code, w.Header())
		}
		if w := get(s, "/console/x", "Cookie", cookie); w.Code != 403 {
			t.Errorf("staff in the vendors' room: %d", w.Code)
		}
		if w := get(s, "/files/fil_1", "Cookie", cookie); w.Code != 404 {
			t.Errorf("no such file: %d", w.Code)
		}
	})
}

// The office's navigation shows each role what it may see, and no more.
func TestNavigationByRole(t *testing.T) {
	t.Parallel()
	everybody := []string{"/office", "/office/applications", "/office/contracts", "/office/products", "/office/vendors", "/office/messages",
		"/office/violations", "/office/exits", "/office/changes", "/office/agreements"}
	mailToo := append(slices.Clone(everybody), "/office/mail")
	moneyToo := append(slices.Clone(mailToo), "/office/bank-lines", "/office/deposits", "/office/bank-statements", "/office/payouts", "/office/policy", "/office/reports")
	all := append(slices.Clone(moneyToo), "/office/audit", "/office/jobs", "/office/staff")
	for role, want := range map[access.Role][]string{
		access.Reviewer: everybody, access.Contracts: mailToo, access.ProductReviewer: everybody,
		access.Finance: moneyToo, access.Administrator: all, access.Auditor: all,
	} {
		d := dbtest.SQLite(t)
		s := site(t, d)
		s.Counts = func(context.Context, *db.Tx, access.Actor) (map[string]int, error) {
			return map[string]int{"applications": 77}, nil
		}
		var got []string
		s.Staff("GET /office/applications/{id}", func(w http.ResponseWriter, r *http.Request) error {
			for _, n := range s.New(w, r, ui.Office, "web.nav_applications").Nav {
				got = append(got, n.Href)
				if n.Current != (n.Href == "/office/applications") || n.Current && n.Count != 77 {
					t.Errorf("%s: %+v", role, n)
				}
			}
			return nil
		})
		get(s, "/office/applications/app_1", "Cookie", session(t, d, role))
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s sees (-want +got):\n%s", role, diff)
		}
	}
}

func TestOtherLanguageIsThePageOneIsOn(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	var href string
	h := func(w http.ResponseWriter, r *http.Request) error {
		href = s.New(w, r, ui.Plain, "signin.title").LangHref
		return nil
	}
	s.Page("/x", h)
	get(s, "/x?a=b&lang=en")
	if href != "/x?a=b&lang=zh-CN" {
		t.Errorf("leads to %s", href)
	}
	r := httptest.NewRequest("POST", "http://market.example/x", nil)
	r.Header.Set("Referer", "http://market.example/form?c=d")
	send(s, r)
	if href != "/form?c=d&lang=en" {
		t.Errorf("after a form it leads to %s", href)
	}
	r.Header.Set("Referer", "http://evil.example/form")
	send(s, r)
	if href != "/?lang=en" {
		t.Errorf("from elsewhere it leads to %s", href)
	}
}

// A vendor's people do not learn who of the staff it was; staff do.
func TestMomentsNameWhoMayBeNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		session(t, d, access.Reviewer)
		var id string
		read := func(do func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Read(t.Context(), do); err != nil {
				t.Fatal(err)
			}
		}
		read(func(tx *db.Tx) (err error) {
			id, err = db.One(t.Context(), tx, db.Value[string], `SELECT id FROM account`)
			return err
		})
		events := []event.Ref{
			{Kind: "account.verified", ActorKind: "staff", ActorID: id}, {Kind: "account.verified", ActorKind: "member", ActorID: "acc_gone"},
			{Kind: "account.verified", ActorKind: "system", ActorID: "x"}, {Kind: "account.verified", ActorKind: "command", ActorID: "admin"},
		}
		for kind, want := range map[access.Kind][]string{
			access.Staff:  {"周<敏>", "一位已注销的用户", "系统", "管理命令"},
			access.Member: {"运营方", "一位已注销的用户", "系统", "管理命令"},
		} {
			read(func(tx *db.Tx) error {
				moments, err := web.Moments(t.Context(), tx, access.Actor{Kind: kind}, text.Printer{Lang: text.ZH}, events)
				if err != nil {
					return err
				}
				for i, m := range moments {
					if m.Title != want[i]+" 验证了邮箱与手机" {
						t.Errorf("%s reads %q, want %q", kind, m.Title, want[i])
					}
				}
				return nil
			})
		}
	})
}

func FuzzSafe(f *testing.F) {
	for _, s := range []string{"/", "//x", "/\\x", "/a?b=//c", "/\t/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := web.Safe(next, "/home")
		u, err := url.Parse(got)
		if err == nil && (u.Host != "" || u.Scheme != "") {
			t.Errorf("Safe(%q) leads to %s", next, u.Host)
		}
	})
}
