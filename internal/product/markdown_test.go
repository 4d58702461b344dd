package product_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/yunshi-market/yunshi/internal/product"
)

func TestMarkdownKeepsWhatAPageMayHold(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"headings go below the page's", "# 功能\n## 细节", "<h3>功能</h3>\n<h4>细节</h4>\n"},
		{"lists and emphasis", "- **快**\n- *稳*", "<ul>\n<li><strong>快</strong></li>\n<li><em>稳</em></li>\n</ul>\n"},
		{"a table", "|a|b|\n|-|-|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"},
		{"code keeps its signs", "`a<b`", "<p><code>a&lt;b</code></p>\n"},
		{"a link leaves its words", "[购买](https://example.com)", "<p>购买</p>\n"},
		{"a picture leaves nothing", "![图](https://example.com/a.png)", "<p></p>\n"},
	}
	for _, tt := range tests {
		if got := product.HTML(tt.in); got != tt.want {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
}

// hostile is Markdown that somebody might write to run in a buyer's browser.
var hostile = []string{
	"<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"[x](javascript:alert(1))",
	"[x](data:text/html;base64,PHNjcmlwdD4=)",
	"![x](javascript:alert(1))",
	"<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
	"<svg/onload=alert(1)>",
	"<iframe src=//example.com></iframe>",
	"<style>*{display:none}</style>",
	"<details open ontoggle=alert(1)>",
	"</article><form action=//example.com><input name=password>",
	"`</code><script>alert(1)</script>`",
	"```\"><script>\nalert(1)\n```",
	"```js onclick=alert(1)\n1\n```",
	"<h3 style=position:fixed>x</h3>",
	"<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
	"[x]: javascript:alert(1)\n[x]",
	"<https://example.com>",
	"|a|\n|-|\n|<img src=x onerror=alert(1)>|",
	"\x00<script\x00>alert(1)</script>",
	strings.Repeat("> ", 2000) + "x",
	strings.Repeat("[", 5000),
	strings.Repeat("*a_", 3000),
}

var allowed = map[string]bool{"h3": true, "h4": true, "h5": true, "p": true, "br": true, "hr": true, "strong": true, "em": true, "del": true,
	"code": true, "pre": true, "blockquote": true, "ul": true, "ol": true, "li": true, "table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true}

// harmless reads the result as a browser does: only allowed elements, none with an attribute.
func harmless(t *testing.T, in string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(product.HTML(in)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%.60q leaves %s", in, z.Raw())
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			if tok := z.Token(); !allowed[tok.Data] || len(tok.Attr) > 0 {
				t.Errorf("%.60q leaves %s", in, tok)
			}
		}
	}
}

func TestHostileMarkdownIsHarmless(t *testing.T) {
	for _, in := range hostile {
		harmless(t, in)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, in := range hostile {
		f.Add(in)
	}
	f.Fuzz(harmless)
}
