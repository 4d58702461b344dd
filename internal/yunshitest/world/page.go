package world

import (
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Page is what a browser shows.
type Page struct {
	Status int
	Path   string // after redirects, with the query
	Header http.Header
	Body   string

	root *html.Node
	t    testing.TB
}

// Parse is a page from its source alone.
func Parse(t testing.TB, source string) *Page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	return &Page{Body: source, root: root, t: t}
}

// Text is what stands on the page for a reader, in one line.
func (p *Page) Text() string { return strings.Join(strings.Fields(textOf(p.root, true)), " ") }

func textOf(n *html.Node, spaced bool) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			return
		}
		if n.Type == html.ElementNode && (n.Data == "script" || n.Data == "style") {
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		if spaced {
			b.WriteByte(' ')
		}
	}
	walk(n)
	return b.String()
}

// Want ends the test unless the page has the status and shows each of the texts.
func (p *Page) Want(status int, texts ...string) *Page {
	p.t.Helper()
	shown := p.Text()
	if p.Status != status {
		p.t.Fatalf("%s: status %d, want %d: %s", p.Path, p.Status, status, shown)
	}
	for _, s := range texts {
		if !strings.Contains(shown, s) {
			p.t.Fatalf("%s does not show %q: %s", p.Path, s, shown)
		}
	}
	return p
}

// Lacks ends the test if one of the texts stands anywhere in the page's source.
func (p *Page) Lacks(texts ...string) *Page {
	p.t.Helper()
	for _, s := range texts {
		if strings.Contains(p.Body, s) {
			p.t.Fatalf("%s has %q", p.Path, s)
		}
	}
	return p
}

// Has reports whether a reader sees the text.
func (p *Page) Has(text string) bool { return strings.Contains(p.Text(), text) }

// Element is the text of the element with the id; the test ends if there is none.
func (p *Page) Element(id string) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if attr(n, "id") == id {
			return strings.Join(strings.Fields(textOf(n, true)), " ")
		}
	}
	p.t.Fatalf("%s has no element %s", p.Path, id)
	return ""
}

// Input is what stands in an input of the page; the test ends if there is none.
func (p *Page) Input(name string) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if n.Data == "form" {
			if v, ok := inputs(n)[name]; ok && len(v) > 0 {
				return v[0]
			}
		}
	}
	p.t.Fatalf("%s has no input %s", p.Path, name)
	return ""
}

// Links lists where the page's links lead, in their order.
func (p *Page) Links() []string {
	var all []string
	for n := range p.root.Descendants() {
		if n.Data == "a" && attr(n, "href") != "" {
			all = append(all, attr(n, "href"))
		}
	}
	return all
}
