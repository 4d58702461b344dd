package demo_test

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/demo"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Everybody of the demo follows every link that their pages show, in both languages:
// each leads to a page that they may see, and no page shows the name of a text in
// place of the text.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	m := build(t, filepath.Join(t.TempDir(), "yunshi.db"))
	logins, err := demo.Fill(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(m.Server.Handler())
	defer site.Close()
	people := append(append([]demo.Login{{}}, logins.Staff...), logins.Vendors...)
	for _, lang := range []string{"zh-CN", "en"} {
		seen := make(map[string]bool)
		for i, who := range people {
			if lang == "en" && who.Role == "" && i%3 != 0 {
				continue // the others' pages are of the same kinds
			}
			name := who.Mail
			if name == "" {
				name = "nobody"
			}
			t.Run(lang+"/"+name, func(t *testing.T) {
				c := newCrawler(t, site.URL, lang)
				switch {
				case who.Mail == "":
					c.crawl("/", "/office", "/console")
				case who.Role != "":
					c.signIn(who.Mail, logins.Password)
					c.each = 2
					c.crawl("/office", "/console", "/products", "/vendors", "/categories")
				default:
					c.signIn(who.Mail, logins.Password)
					c.crawl("/console", "/office", "/products", "/vendors", "/categories")
				}
				for page := range c.pages {
					seen[page] = true
				}
				if len(c.pages) < 8 {
					t.Errorf("only %d pages: %v", len(c.pages), c.pages)
				}
			})
		}
		if len(seen) < 120 {
			t.Errorf("%s: %d kinds of pages were seen, want nearly all", lang, len(seen))
		}
		t.Logf("%s: %d kinds of pages", lang, len(seen))
	}
}

type crawler struct {
	t     *testing.T
	base  string
	lang  string
	http  *http.Client
	been  map[string]bool
	each  int            // pages of a kind that are looked at
	pages map[string]int // kinds of pages, by their address without ids
}

func newCrawler(t *testing.T, base, lang string) *crawler {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &crawler{each: 1, t: t, base: base, lang: lang, been: make(map[string]bool), pages: make(map[string]int), http: &http.Client{Jar: jar}}
}

func (c *crawler) signIn(mail, password string) {
	c.get("/signin?lang=" + c.lang)
	r, err := http.NewRequestWithContext(c.t.Context(), "POST", c.base+"/signin", strings.NewReader(url.Values{"mail": {mail}, "password": {password}}.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.base)
	resp, err := c.http.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || strings.HasPrefix(resp.Request.URL.Path, "/signin") {
		c.t.Fatalf("%s is not let in: %d at %s", mail, resp.StatusCode, resp.Request.URL.Path)
	}
}

// get reads a page; what is no HTML is read to its end.
func (c *crawler) get(path string) (page string, resp *http.Response) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), "GET", c.base+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", c.lang)
	r.Header.Set("Accept", "text/html")
	if resp, err = c.http.Do(r); err != nil {
		c.t.Fatalf("%s: %v", path, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Errorf("%s: %v", path, err)
	}
	return string(b), resp
}

var (
	anchor = regexp.MustCompile(`<a\s[^>]*href="(/[^"]*)"`)
	script = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>`)
	tag    = regexp.MustCompile(`(?s)<[^>]*>`)
	id     = regexp.MustCompile(`^([a-z]{2,5}_[0-9a-z]{26}|[0-9A-Z-]{8,}|[0-9]{4}-[0-9]{2}-[0-9]{2}|ysi_.*)$`)
	keyish = regexp.MustCompile(`\b[a-z]+(?:_[a-z]+)*\.[a-z]+(?:_[a-z0-9]+)*(?:#one)?\b`)
	areas  = func() map[string]bool {
		out := make(map[string]bool)
		for _, k := range text.Keys() {
			area, _, _ := strings.Cut(string(k), ".")
			out[area] = true
		}
		return out
	}()
)

// kind is an address without what names a single thing in it.
func kind(path string) string {
	path, query, _ := strings.Cut(path, "?")
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if id.MatchString(p) {
			parts[i] = "*"
		}
	}
	var names []string
	if q, err := url.ParseQuery(query); err == nil {
		for _, name := range []string{"status", "state", "q", "cursor", "tab", "task"} {
			if q.Has(name) {
				names = append(names, name)
			}
		}
	}
	return strings.Join(parts, "/") + strings.Join(names, "&")
}

// crawl follows the links from a page, of each kind the first few, but for those to
// the rooms of others: what is public leads nobody in particular there. Where
// messages stand, the links are for whom they were sent to.
func (c *crawler) crawl(from string, others ...string) {
	queue := []string{from}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if c.been[path] {
			continue
		}
		c.been[path] = true
		if c.pages[kind(path)] >= c.each {
			continue
		}
		c.pages[kind(path)]++
		page, resp := c.get(path)
		if resp.StatusCode != http.StatusOK {
			c.t.Errorf("%s: %s", path, resp.Status)
		}
		if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, k := range missing(page) {
			c.t.Errorf("%s shows %q", path, k)
		}
		if path == "/mailroom" {
			continue
		}
		for _, m := range anchor.FindAllStringSubmatch(page, -1) {
			next, _, _ := strings.Cut(html.UnescapeString(m[1]), "#")
			if strings.HasPrefix(next, "//") || next == "" || strings.Contains(next, "lang=") || strings.HasPrefix(next, "/signin?") ||
				slices.ContainsFunc(others, func(room string) bool { return next == room || strings.HasPrefix(next, room+"/") }) {
				continue
			}
			queue = append(queue, next)
		}
	}
}

// missing lists what looks like the name of a text in what a page shows. Names of
// events are shown on purpose where the audit log is, those of messages where their
// texts are changed.
func missing(page string) (out []string) {
	shown := tag.ReplaceAllString(script.ReplaceAllString(page, " "), " ")
	for _, k := range keyish.FindAllString(shown, -1) {
		area, _, _ := strings.Cut(k, ".")
		if areas[area] && !templates(k) && !strings.HasSuffix(k, ".example") && !text.Known(text.Key("event."+k)) {
			out = append(out, k)
		}
	}
	if strings.Contains(shown, "%!") {
		out = append(out, fmt.Sprintf("a formatting fault near %.60q", shown[strings.Index(shown, "%!"):]))
	}
	return out
}

// templates reports whether a name is that of a message, whose texts are two others.
func templates(name string) bool {
	return text.Known(text.Key(name+"_subject")) && text.Known(text.Key(name+"_text"))
}
