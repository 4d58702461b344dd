package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"mime/multipart"
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
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
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

type plan struct {
	Name  string       `json:"name"`
	Price money.Amount `json:"price"`
}

type paper struct {
	ID      string `json:"-" path:"id"`
	Hidden  string `json:"-"`
	Company struct {
		USCC string `json:"uscc"`
	} `json:"company"`
	Founded calendar.Day `json:"founded"`
	Deposit money.Amount `json:"deposit"`
	Roles   []string     `json:"roles"`
	Plans   []plan       `json:"plans"`
	Agreed  bool         `json:"agreed"`
	Count   int          `json:"count"`
}

func TestFormIsReadIntoThePaper(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	var got paper
	var failed error
	s.Page("POST /papers/{id}", func(w http.ResponseWriter, r *http.Request) error {
		got = paper{}
		failed = web.Form(w, r, &got)
		return failed
	})
	form := url.Values{"company.uscc": {"91110108MA01\x00\xffQ7"}, "founded": {"2020-02-29"}, "deposit": {"50,000.50"}, "roles": {"a", "b"},
		"plans.0.name": {"基础版"}, "plans.0.price": {"99"}, "plans.1.name": {"专业版"}, "plans.1.price": {""}, "agreed": {"true"},
		"count": {"3"}, "_act": {"draft"}, "unknown": {"x"}, "Hidden": {"x"}, "ID": {"other"}, "id": {"other"}}
	post(s, "/papers/pap_1", form.Encode())
	if failed != nil {
		t.Fatal(failed)
	}
	want := paper{ID: "pap_1", Founded: mustDay(t, "2020-02-29"), Deposit: money.CNY(5000050), Roles: []string{"a", "b"},
		Plans: []plan{{"基础版", money.CNY(9900)}, {"专业版", money.Amount{}}}, Agreed: true, Count: 3}
	want.Company.USCC = "91110108MA01Q7"
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b money.Amount) bool { return a == b }), cmp.Comparer(func(a, b calendar.Day) bool { return a == b })); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
}

func mustDay(t *testing.T, s string) calendar.Day {
	t.Helper()
	var d calendar.Day
	if err := d.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return d
}

// What cannot be read is told at its input, and what was typed stays there.
func TestWrongValuesStandBesideTheirInputs(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	var typed ui.Form
	s.Page("POST /papers", func(w http.ResponseWriter, r *http.Request) error {
		var in paper
		err := web.Form(w, r, &in)
		typed = web.Typed(r, err)
		status, ok := web.Mended(err)
		if !ok || status != 422 {
			t.Errorf("the form's error is %v with %d", err, status)
		}
		return nil
	})
	form := url.Values{"deposit": {"fünf"}, "founded": {"2021-02-29"}, "plans.0.price": {"1.234"}, "count": {"many"}, "company.uscc": {"kept"}}
	post(s, "/papers", form.Encode())
	for name, want := range form {
		if got := typed.Values.Get(name); got != want[0] {
			t.Errorf("%s came back as %q, want %q", name, got, want[0])
		}
	}
	for _, name := range []string{"deposit", "founded", "plans.0.price", "count"} {
		if typed.Errors.At(name) == "" {
			t.Errorf("nothing stands at %s: %+v", name, typed.Errors)
		}
	}
	if typed.Errors.At("company.uscc") != "" {
		t.Error("a good value is told to be wrong")
	}
}

func TestHugeFormIsRefused(t *testing.T) {
	t.Parallel()
	s := site(t, dbtest.SQLite(t))
	s.Page("POST /papers", func(w http.ResponseWriter, r *http.Request) error {
		var in paper
		return web.Form(w, r, &in)
	})
	if w := post(s, "/papers", "company.uscc="+strings.Repeat("x", 2<<20)); w.Code != 413 || !strings.Contains(w.Body.String(), "1 MB") {
		t.Errorf("a form of 2 MB: %d", w.Code)
	}
	if w := post(s, "/papers", "company.uscc=%zz"); w.Code != 422 {
		t.Errorf("a broken form: %d", w.Code)
	}
}

var png = []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82")

type upload struct {
	input, name string
	data        []byte
}

func multi(t *testing.T, values url.Values, files ...upload) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, all := range values {
		for _, v := range all {
			m.WriteField(name, v)
		}
	}
	for _, f := range files {
		part, err := m.CreateFormFile(f.input, f.name)
		if err != nil {
			t.Fatal(err)
		}
		part.Write(f.data)
	}
	m.Close()
	return &b, m.FormDataContentType()
}

func TestUploads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := site(t, d)
		cookie := session(t, d, access.Reviewer)
		var kept map[string][]file.File
		var form ui.Form
		var failed error
		s.Staff("POST /papers", func(w http.ResponseWriter, r *http.Request) error {
			kept, failed = s.Uploads(w, r, "ven_1", map[string]file.Purpose{"licence": file.Licence, "proofs.0.files": file.Evidence})
			form = web.Typed(r, failed)
			return nil
		})
		try := func(values url.Values, files ...upload) {
			body, kind := multi(t, values, files...)
			r := httptest.NewRequest("POST", "http://market.example/papers", body)
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Cookie", cookie)
			if w := send(s, r); w.Code != 200 {
				t.Fatalf("answered %d", w.Code)
			}
		}
		typed := url.Values{"company": {"云\x00深"}, "list": {"a", "b"}}
		try(typed, upload{"licence", "执照.png", png}, upload{"proofs.0.files", "1.png", png}, upload{"proofs.0.files", "2.png", append(slices.Clone(png), 0)}, upload{"other", "x.png", png}, upload{"empty", "", nil})
		if failed != nil || len(kept["licence"]) != 1 || len(kept["proofs.0.files"]) != 2 || len(kept) != 2 {
			t.Fatalf("kept %v, %v", kept, failed)
		}
		if f := kept["licence"][0]; f.VendorID != "ven_1" || f.Purpose != file.Licence || f.Name != "执照.png" {
			t.Errorf("kept as %+v", f)
		}
		if got := form.Values; got.Get("company") != "云深" || len(got["list"]) != 2 || got.Has("licence") {
			t.Errorf("the values are %v", got)
		}
		// A wrong type under a right name stands at its own input; the other file is kept.
		try(typed, upload{"licence", "执照.png", []byte("<html><script>")}, upload{"proofs.0.files", "1.png", png})
		if form.Errors.At("licence") == "" || len(form.Errors.Fields) != 1 || len(kept["proofs.0.files"]) != 1 || form.Values.Get("company") != "云深" {
			t.Errorf("told %+v, kept %v", form.Errors, kept)
		}
		try(typed, upload{"proofs.0.files", "1.pdf", png})
		if form.Errors.At("proofs.0.files") == "" {
			t.Errorf("told %+v", form.Errors)
		}
		// Too large stands there too, and what was typed before stays.
		try(typed, upload{"licence", "执照.png", append(slices.Clone(png), make([]byte, 21<<20)...)}, upload{"proofs.0.files", "1.png", png})
		if at := form.Errors.At("licence"); !strings.Contains(at, "MB") || form.Values.Get("company") != "云深" {
			t.Errorf("told %+v", form.Errors)
		}
		try(url.Values{"company": {strings.Repeat("x", 2<<20)}})
		if !fault.Is(failed, fault.TooLarge) {
			t.Errorf("a value of 2 MB: %v", failed)
		}
		// A form that breaks off is no shorter form.
		body, kind := multi(t, typed, upload{"licence", "执照.png", png})
		r := httptest.NewRequest("POST", "http://market.example/papers", bytes.NewReader(body.Bytes()[:body.Len()-30]))
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Cookie", cookie)
		send(s, r)
		if !fault.Is(failed, fault.Invalid) {
			t.Errorf("a form that broke off: %v", failed)
		}
	})
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
	s.Page("GET /then", func(w http.ResponseWriter, r *http.Request) error {
		return s.Show(w, r, 200, s.New(w, r, ui.Plain, "signin.title"), templ.Raw("<p>here</p>"))
	})
	for path, want := range map[string]string{"/done": "已添加 &lt;b&gt;王芳&lt;/b&gt;", "/refused": "至少要保留一名可用的管理员"} {
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
	everybody := []string{"/office", "/office/applications", "/office/contracts", "/office/products", "/office/vendors", "/office/messages"}
	moneyToo := append(slices.Clone(everybody), "/office/bank-lines", "/office/deposits", "/office/bank-statements")
	all := append(slices.Clone(moneyToo), "/office/events", "/office/jobs", "/office/staff")
	for role, want := range map[access.Role][]string{
		access.Reviewer: everybody, access.Contracts: everybody, access.ProductReviewer: everybody,
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

func FuzzForm(f *testing.F) {
	for _, s := range []string{"company.uscc=1", "plans.0.name=a&plans.0.price=1,00", "plans.99999.name=x", "plans.-1.name=x", "founded=0000-00-00", "roles=&roles=", "company=x", "plans=x", ".=x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		var in paper
		err := web.Form(httptest.NewRecorder(), r, &in)
		if _, ok := web.Mended(err); err != nil && !ok {
			t.Errorf("%q is no error for the form's page: %v", body, err)
		}
		if _, err := json.Marshal(in); err != nil && !strings.Contains(err.Error(), "Day") {
			t.Errorf("%q was read into what cannot be written: %v", body, err)
		}
	})
}
