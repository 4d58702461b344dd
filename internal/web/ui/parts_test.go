package ui_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/assets"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func html(t *testing.T, lang text.Lang, c templ.Component) string {
	t.Helper()
	var buf bytes.Buffer
	if err := c.Render(ui.With(context.Background(), text.Printer{Lang: lang}), &buf); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestParts(t *testing.T) {
	bad := ui.Form{Values: url.Values{"a.b": {`"><script>`}, "pw": {"secret"}}, Errors: ui.Errors{Fields: []ui.FieldError{{Name: "a.b", Message: "wrong"}}}}
	now := time.Date(2026, 11, 22, 4, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		part templ.Component
		has  []string
		not  []string
	}{
		{"what was typed is kept and escaped", ui.Text(bad.Field("a.b", "A").Must().Help("how")), []string{`value="&#34;&gt;&lt;script&gt;"`, `aria-invalid="true"`, `aria-describedby="f-a-b-hint f-a-b-error"`, `for="f-a-b"`, "required"}, []string{"<script>"}},
		{"a password is never sent back", ui.Text(bad.Field("pw", "P").As("password")), []string{`type="password"`}, []string{"secret"}},
		{"a long text is counted, not cut", ui.Textarea(ui.Form{Values: url.Values{"t": {"云😀"}}}.Field("t", "T").UpTo(9)), []string{"2 / 9"}, []string{"maxlength"}},
		{"a fixed choice is still sent", ui.Select(ui.Form{Fixed: true, Values: url.Values{"s": {"v"}}}.Field("s", "S"), "", []ui.Option{{Value: "v", Label: "V"}}), []string{"disabled", `type="hidden" name="s" value="v"`}, nil},
		{"a script address is not followed", ui.Link(ui.Act{Label: "x", Href: "javascript:alert(1)"}), []string{"about:invalid"}, []string{"javascript:"}},
		{"an act that is off has no address", ui.Link(ui.Act{Label: "x", Href: "/do", Off: true}), []string{`aria-disabled="true"`}, []string{"/do"}},
		{"an act that is off has no form", ui.Confirm(ui.Confirmation{ID: "c", Label: "x", Action: "/do", Off: true}), []string{`aria-disabled="true"`}, []string{"/do", "<form"}},
		{"an empty table is a sentence", ui.List(ui.Table{Blank: ui.Blank{Title: "none yet"}}), []string{"none yet"}, []string{"<table"}},
		{"no page to turn, no pager", ui.Pager(ui.Turn{}), nil, []string{"<nav"}},
		{"money has separators and its unit", ui.Amount(money.CNY(123456789)), []string{"1,234,567.89", "CNY"}, nil},
		{"the lowest price says so in the language's order", ui.Price(ui.Product{Price: money.CNY(29900), From: true, Unit: "/ month"}), []string{`<span class="price-unit">from</span>`, "¥299.00", `<span class="price-unit">/ month</span>`}, nil},
		{"how long ago, and the moment behind it", ui.When(now.Add(-72*time.Hour), now), []string{"3 days ago", `datetime="2026-11-19T04:00:00Z"`, "19 Nov 2026, 04:00"}, nil},
		{"no moment is a dash", ui.When(time.Time{}, now), []string{"–"}, []string{"<time"}},
		{"a bar of nothing has no length", ui.Bars([]ui.Bar{{Label: "a", Value: 0}, {Label: "b", Value: 4}, {Label: "c", Value: 0.001}}), []string{`width="0"`, `width="100.00"`, `width="0.80"`}, nil},
		{"a stage keeps a share of the one before", ui.Funnel([]ui.Bar{{Value: 3}, {Value: 2}, {Value: 0}, {Value: 0}}), []string{"67%", "0%"}, []string{"NaN"}},
		{"a series of one value is drawn", ui.Lines(ui.Plot{Labels: []string{"x"}, Series: []ui.Series{{Name: "n", Values: []float64{7}}}}), []string{"0.00,12.50", ">8<"}, []string{"NaN", "Inf"}},
		{"wide code can be scrolled by keyboard", ui.Prose("<pre>x</pre>"), []string{`<pre tabindex="0">x</pre>`}, nil},
		{"a week is read back and added up", ui.Week(ui.Form{Values: url.Values{"h.mon.0.from": {"09:00"}, "h.mon.0.to": {"12:20"}, "h.mon.2.from": {"20:00"}, "h.tue.0.from": {"18:00"}, "h.tue.0.to": {"09:00"}}}.Field("h", "H"), ui.Form{Values: url.Values{"h.mon.0.from": {"09:00"}, "h.mon.0.to": {"12:20"}, "h.mon.2.from": {"20:00"}, "h.tue.0.from": {"18:00"}, "h.tue.0.to": {"09:00"}}}), []string{"3.3 h", `name="h.mon.2.from" value="20:00"`, `name="h.sun.1.to"`}, []string{"-9 h", "h.sun.2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := html(t, text.EN, c.part)
			for _, s := range c.has {
				if !strings.Contains(got, s) {
					t.Errorf("lacks %q:\n%s", s, got)
				}
			}
			for _, s := range c.not {
				if strings.Contains(got, s) {
					t.Errorf("has %q:\n%s", s, got)
				}
			}
		})
	}
}

// TestFirstPageIsSmall: the storefront's entrance with all it loads stays below
// 60 KB over the wire.
func TestFirstPageIsSmall(t *testing.T) {
	total := 0
	var shop sheet
	for _, s := range sheets {
		if s.name == "shop" {
			shop = s
		}
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(render(t, shop, text.ZH, ui.Light)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	total += packed.Len()
	for _, name := range []string{"app.css", "app.js", "logo.svg"} {
		r := httptest.NewRequest("GET", assets.URL(name), nil)
		r.Header.Set("Accept-Encoding", "gzip")
		rec := httptest.NewRecorder()
		assets.Handler().ServeHTTP(rec, r)
		total += rec.Body.Len()
	}
	if total > 60<<10 || total < 5<<10 {
		t.Errorf("the first page is %d bytes, want at most %d", total, 60<<10)
	}
	t.Logf("first page: %d bytes compressed", total)
}

func TestTheme(t *testing.T) {
	for cookie, want := range map[string]ui.Theme{"dark": ui.Dark, "light": ui.Light, "": "", `"><x`: ""} {
		if got := ui.ThemeOf(cookie); got != want {
			t.Errorf("ThemeOf(%q) = %q, want %q", cookie, got, want)
		}
	}
}
