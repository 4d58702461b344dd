package storefront_test

import (
	"bytes"
	"context"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/console"
	"github.com/yunshi-market/yunshi/internal/web/office"
	"github.com/yunshi-market/yunshi/internal/web/storefront"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// rooms is the running pages of all three rooms over a database.
type rooms struct {
	t   *testing.T
	d   *db.DB
	url string
}

func newRooms(t *testing.T, d *db.DB) *rooms {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	yunshitest.Rules(t, d, yunshitest.ByPasswordAlone)
	s := server.New(d, slog.New(slog.DiscardHandler), "https://market.example")
	site := &web.Site{Server: s, Files: file.New(store, dbtest.Vault())}
	site.File()
	storefront.Routes(site)
	console.Routes(site)
	office.Routes(site)
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(srv.Close)
	return &rooms{t, d, srv.URL}
}

// reader is somebody at a browser; without a key a visitor.
type reader struct {
	*rooms
	key    string
	client *http.Client
	header http.Header
}

func (w *rooms) visitor(lang string) *reader {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r := &reader{rooms: w, header: http.Header{"Accept-Language": {lang}}}
	r.client = &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if r.key != "" {
			req.Header.Set("Authorization", "Bearer "+r.key)
		}
		return nil
	}}
	return r
}

func (w *rooms) person(by access.Actor, name string) *reader {
	w.t.Helper()
	r := w.visitor("zh-CN")
	yunshitest.Person(w.t, w.d, by, name)
	yunshitest.Write(w.t, w.d, func(tx *db.Tx) error {
		k, err := account.MakeKey(context.Background(), tx, by, account.NewKey{Name: "test", Scopes: access.Scopes()})
		r.key = k.Secret
		return err
	})
	return r
}

var untold = regexp.MustCompile(`\b(?:web_storefront|web_product|product|catalog|onboarding|ui|fault)\.[a-z_0-9.]+[a-z_]`)

func (r *reader) do(method, path, kind string, body io.Reader) (*http.Response, string) {
	r.t.Helper()
	req, err := http.NewRequest(method, r.url+path, body)
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header = r.header.Clone()
	if r.key != "" {
		req.Header.Set("Authorization", "Bearer "+r.key)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	res, err := r.client.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	page := string(data)
	if said := words(page); res.StatusCode >= 500 || strings.Contains(said, "%!") || untold.MatchString(said) {
		r.t.Fatalf("%s %s: %d %q\n%s", method, path, res.StatusCode, untold.FindString(said), said)
	}
	return res, page
}

func (r *reader) get(path string) string {
	r.t.Helper()
	res, page := r.do("GET", path, "", nil)
	if res.StatusCode != http.StatusOK {
		r.t.Fatalf("GET %s: %d\n%s", path, res.StatusCode, words(page))
	}
	return page
}

// post sends a form and returns where it led and the page there.
func (r *reader) post(path string, form url.Values) (*http.Response, string) {
	r.t.Helper()
	return r.do("POST", path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload sends a form with documents: input name, file name, content.
func (r *reader) upload(path string, form url.Values, docs ...[3]string) (*http.Response, string) {
	r.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, list := range form {
		for _, v := range list {
			if err := m.WriteField(k, v); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	for _, d := range docs {
		part, err := m.CreateFormFile(d[0], d[1])
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := io.WriteString(part, d[2]); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		r.t.Fatal(err)
	}
	return r.do("POST", path, m.FormDataContentType(), &b)
}

var (
	tags   = regexp.MustCompile(`(?s)<(?:script|style).*?</(?:script|style)>|<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// words is what a page says.
func words(page string) string {
	return spaces.ReplaceAllString(html.UnescapeString(tags.ReplaceAllString(page, " ")), " ")
}

func says(t *testing.T, page string, sentences ...string) {
	t.Helper()
	said := words(page)
	for _, s := range sentences {
		if !strings.Contains(said, s) {
			t.Errorf("the page does not say %q:\n%s", s, said)
		}
	}
}

func silent(t *testing.T, page string, sentences ...string) {
	t.Helper()
	said := words(page)
	for _, s := range sentences {
		if strings.Contains(said, s) {
			t.Errorf("the page says %q", s)
		}
	}
}

// picture is a small PNG.
func picture() string {
	img := image.NewRGBA(image.Rect(0, 0, 320, 180))
	for x := range 320 {
		for y := range 180 {
			img.Set(x, y, color.RGBA{uint8(x), uint8(y), 160, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.String()
}

const pdf = "%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 1\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
