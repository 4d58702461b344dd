package letter

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textOf writes the text of a page line by line: a paragraph, a row of a table and a
// line break end a line, cells of a row are parted by tabs. Nothing is fetched.
func textOf(page string) string {
	z := html.NewTokenizer(strings.NewReader(page))
	z.SetMaxBuf(1 << 20)
	var b strings.Builder
	hidden := 0
	cells := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if hidden == 0 {
				b.WriteString(spaces.ReplaceAllString(string(z.Text()), " "))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch atom.Lookup(name) {
			case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template:
				hidden++
			case atom.Br, atom.P, atom.Div, atom.Li, atom.H1, atom.H2, atom.H3, atom.Blockquote, atom.Hr:
				if cells == 0 {
					b.WriteByte('\n')
				}
			case atom.Tr:
				b.WriteByte('\n')
				cells = 0
			case atom.Td, atom.Th:
				if cells++; cells > 1 {
					b.WriteByte('\t')
				}
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch atom.Lookup(name) {
			case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template:
				hidden = max(0, hidden-1)
			case atom.Tr, atom.Table:
				b.WriteByte('\n')
				cells = 0
			}
		}
	}
}
