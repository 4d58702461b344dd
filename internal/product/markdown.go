package product

import (
	"bytes"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// HTML makes of a vendor's Markdown what may stand on a page: headings below the
// page's own, paragraphs, lists, tables, code and emphasis. Raw HTML, links,
// pictures and attributes do not come through; a link's words do, since no page
// may lead buyers away (domain-cn.md §2.4).
func HTML(markdown string) string {
	var b bytes.Buffer
	if err := renderer().Convert([]byte(markdown), &b); err != nil {
		return "" // bytes.Buffer does not fail
	}
	return string(sanitiser().SanitizeBytes(b.Bytes()))
}

var renderer = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lower{}, 100))),
	)
})

var sanitiser = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h3", "h4", "h5", "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote",
		"ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td")
	return p
})

// lower puts headings below those of the page: # becomes h3.
type lower struct{}

// Transform changes the levels of all headings.
func (lower) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if h, ok := n.(*ast.Heading); ok && entering {
			h.Level = min(h.Level+2, 5)
		}
		return ast.WalkContinue, nil
	})
}
