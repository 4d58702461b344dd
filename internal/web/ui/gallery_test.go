package ui_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/assets"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

var galleryDir = flag.String("gallery", "", "write the kit's pages with their assets into this folder, to be looked at")

// in puts children into a component.
func in(c templ.Component, kids ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return c.Render(templ.WithChildren(ctx, templ.Join(kids...)), w)
	})
}

// stack sets components below each other.
func stack(kids ...templ.Component) templ.Component { return div("stack", kids...) }

func div(class string, kids ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if _, err := fmt.Fprintf(w, "<div class=%q>", class); err != nil {
			return err
		}
		if err := templ.Join(kids...).Render(ctx, w); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</div>")
		return err
	})
}

// form is a form of the kit that sends nowhere.
func form(kids ...templ.Component) templ.Component {
	return templ.Join(templ.Raw(`<form class="form" method="post" novalidate>`), templ.Join(kids...), templ.Raw(`</form>`))
}

// both is a pair of languages of the gallery's own sample data.
func both(p text.Printer, zh, en string) string { return text.Named{ZH: zh, EN: en}.In(p.Lang) }

type sheet struct {
	name string
	page func(p text.Printer) (ui.Page, templ.Component)
}

func render(t testing.TB, s sheet, lang text.Lang, theme ui.Theme) []byte {
	t.Helper()
	p := text.Printer{Lang: lang}
	page, body := s.page(p)
	page.P, page.Theme = p, theme
	page.RequestID = "01K4ZQ8W3M"
	page.LangHref = s.name + "-" + map[text.Lang]string{text.ZH: "en", text.EN: "zh"}[lang] + ".html"
	var buf bytes.Buffer
	if err := in(ui.Shell(page), body).Render(context.Background(), &buf); err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return buf.Bytes()
}

// gallery serves every sheet as /name-lang-theme.html.
func gallery(t testing.TB) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+assets.Prefix, assets.Handler())
	for _, s := range sheets {
		for lang, tag := range map[text.Lang]string{text.ZH: "zh", text.EN: "en"} {
			for _, theme := range []ui.Theme{ui.Light, ui.Dark} {
				body := render(t, s, lang, theme)
				mux.HandleFunc(fmt.Sprintf("GET /%s-%s-%s.html", s.name, tag, theme), func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					w.Header().Set("Content-Security-Policy", "default-src 'self'; script-src 'self'; style-src 'self'; frame-ancestors 'self'")
					_, _ = w.Write(body)
				})
			}
		}
	}
	return mux
}

// TestSheetsRender writes every component in every state, in both languages and
// both themes, and looks for what a template can get wrong.
func TestSheetsRender(t *testing.T) {
	for _, s := range sheets {
		for _, lang := range text.Langs() {
			html := string(render(t, s, lang, ui.Light))
			for _, bad := range []string{"style=", "<script>", "onclick", "%!", "ui."} {
				if i := strings.Index(html, bad); i >= 0 {
					t.Errorf("%s in %s holds %q: …%s…", s.name, lang.Tag(), bad, html[max(0, i-60):min(len(html), i+60)])
				}
			}
			if n := strings.Count(html, "<h1"); n != 1 {
				t.Errorf("%s in %s has %d <h1>, want 1", s.name, lang.Tag(), n)
			}
			for _, id := range repeatedIDs(html) {
				t.Errorf("%s in %s: id %s stands twice", s.name, lang.Tag(), id)
			}
		}
	}
	if *galleryDir != "" {
		writeGallery(t, *galleryDir)
	}
}

func repeatedIDs(html string) []string {
	seen, twice := map[string]bool{}, []string{}
	for _, part := range strings.Split(html, ` id="`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		if seen[id] {
			twice = append(twice, id)
		}
		seen[id] = true
	}
	return twice
}

func writeGallery(t *testing.T, dir string) {
	h := gallery(t)
	get := func(path string) []byte {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Body.Bytes()
	}
	paths := []string{assets.URL("app.css"), assets.URL("app.js"), assets.URL("htmx.js"), assets.URL("logo.svg")}
	for _, s := range sheets {
		for _, tag := range []string{"zh", "en"} {
			for _, theme := range []ui.Theme{ui.Light, ui.Dark} {
				paths = append(paths, fmt.Sprintf("/%s-%s-%s.html", s.name, tag, theme))
			}
		}
	}
	for _, p := range paths {
		file := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, get(p), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
