package paper

import (
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/text"
)

// The sizes of type and leading, in points.
const (
	bodySize    = 10.5 // 五号
	bodyLeading = 18.5
	noteSize    = 8.5
	noteLeading = 13.5
	headSize    = 12.0
	titleSize   = 21.0
)

var body = face{size: bodySize, colour: ink}

// Title puts the document's name in the middle, large, and below it a smaller
// line, such as the name in the other language; sub may be empty.
func (d *Document) Title(s, sub string) { d.blocks = append(d.blocks, title{s, sub}) }

// Line puts two short texts at the two ends of one line; either may be empty.
func (d *Document) Line(left, right string) { d.blocks = append(d.blocks, pair{left, right}) }

// Heading puts a heading on the page where what follows begins.
func (d *Document) Heading(s string) { d.blocks = append(d.blocks, heading(s)) }

// Paragraph puts running text; \n begins a further paragraph.
func (d *Document) Paragraph(s string) { d.blocks = append(d.blocks, running{s: s, face: body}) }

// Note puts running text in small grey type.
func (d *Document) Note(s string) {
	d.blocks = append(d.blocks, running{s: s, face: face{size: noteSize, colour: grey}, note: true})
}

// PageBreak lets what follows begin on a new page.
func (d *Document) PageBreak() { d.blocks = append(d.blocks, pageBreak{}) }

// Clause is an article of a contract. Articles are numbered 第一条 or Article 1,
// their items 1.1, those of items （1） or (a). On an article the title is its
// heading; on an item it leads the text.
type Clause struct {
	Title string
	Text  string
	Items []Clause
}

// Clauses puts numbered articles; a second call goes on counting.
func (d *Document) Clauses(list ...Clause) {
	d.blocks = append(d.blocks, clauses{list, d.clauses})
	d.clauses += len(list)
}

type pageBreak struct{}

func (pageBreak) words() []string { return nil }

func (pageBreak) items(*sheet) ([]item, error) { return []item{{}}, nil }

type title struct{ s, sub string }

func (t title) words() []string { return []string{t.s, t.sub} }

func (t title) items(s *sheet) ([]item, error) {
	f := face{size: titleSize, bold: true, colour: ink}
	if !s.latin() && len([]rune(t.s)) <= 10 {
		f.track = 0.25
	}
	width := measure - f.size
	lines := s.script.lines(t.s, f.size/(1+f.track), width/(1+f.track), 0, s.latin())
	h := float64(len(lines)) * titleSize * 1.45
	sub := face{size: 9.5, colour: grey, track: 0.06}
	subs := s.script.lines(t.sub, sub.size, width, 0, true)
	if t.sub == "" {
		subs, sub.track = nil, 0
	}
	if !allLatin(t.sub) {
		sub.track = 0
	}
	full := h + float64(len(subs))*15 + 14
	return []item{{height: full, keep: true, draw: func(p *page, y float64) {
		for i, l := range lines {
			p.write(l, f, centred(l, f), y+titleSize*(0.95+1.45*float64(i)))
		}
		for i, l := range subs {
			p.write(l, sub, centred(l, sub), y+h+8+15*float64(i))
		}
	}}}, nil
}

func allLatin(s string) bool {
	return !strings.ContainsFunc(s, isWide)
}

// centred is where a line begins that stands in the middle of the page.
func centred(l line, f face) float64 {
	n := max(0, len(l.marks)-1)
	return (pageWidth - l.width(f.size) - f.track*f.size*float64(n)) / 2
}

type pair struct{ left, right string }

func (b pair) words() []string { return []string{b.left, b.right} }

func (b pair) items(s *sheet) ([]item, error) {
	f := face{size: 9.5, colour: ink}
	right := s.script.lines(b.right, f.size, measure/2-8, 0, s.latin())
	left := s.script.lines(b.left, f.size, measure/2-8, 0, s.latin())
	n := float64(max(len(left), len(right)))
	return []item{{space: 4, height: n*15 + 5, keep: true, draw: func(p *page, y float64) {
		for i, l := range left {
			p.write(l, f, sideMargin, y+10+15*float64(i))
		}
		for i, l := range right {
			p.write(l, f, pageWidth-sideMargin-l.width(f.size), y+10+15*float64(i))
		}
	}}}, nil
}

type heading string

func (h heading) words() []string { return []string{string(h)} }

func (h heading) items(s *sheet) ([]item, error) {
	f := face{size: headSize, bold: true, colour: ink}
	var items []item
	for i, l := range s.script.lines(string(h), f.size, measure, 0, s.latin()) {
		it := strip(l, f, sideMargin, 20)
		it.keep = true
		if i == 0 {
			it.space = 13
		}
		items = append(items, it)
	}
	items[len(items)-1].height += 3
	return items, nil
}

// strip is an item of one line at x.
func strip(l line, f face, x, leading float64) item {
	return item{height: leading, draw: func(p *page, y float64) {
		p.write(l, f, x, y+(leading+f.size*0.72)/2)
	}}
}

// running is text in paragraphs.
type running struct {
	s    string
	face face
	note bool
}

func (r running) words() []string { return []string{r.s} }

func (r running) items(s *sheet) ([]item, error) {
	leading, indent := bodyLeading, 0.0
	if r.note {
		leading = noteLeading
	}
	if !s.latin() && !r.note {
		indent = 2 * r.face.size
	}
	var items []item
	for _, part := range strings.Split(clean(r.s), "\n") {
		items = append(items, s.hang("", part, r.face, sideMargin, leading, indent, 5)...)
	}
	return items, nil
}

// hang sets a paragraph whose first line begins with a label that stands left of
// x, or, without one, is indented. A paragraph never leaves or begins with a
// single line on a page.
func (s *sheet) hang(label, words string, f face, x, leading, indent, space float64) []item {
	var items []item
	lines := s.script.lines(words, f.size, pageWidth-sideMargin-x, indent, s.latin())
	for i, l := range lines {
		at := x
		if i == 0 {
			at += indent
		}
		it := strip(l, f, at, leading)
		if i == 0 {
			it.space = space
			if label != "" {
				mark := s.script.one(label, s.latin())
				text := it.draw
				it.draw = func(p *page, y float64) {
					p.write(mark, f, x-mark.width(f.size)-f.size*0.55, y+(leading+f.size*0.72)/2)
					text(p, y)
				}
			}
		}
		it.keep = i < len(lines)-1 && (i == 0 || i == len(lines)-2)
		items = append(items, it)
	}
	return items
}

type clauses struct {
	list  []Clause
	after int // articles before these
}

func (c clauses) words() []string {
	var all []string
	var walk func([]Clause)
	walk = func(list []Clause) {
		for _, x := range list {
			all = append(all, x.Title, x.Text)
			walk(x.Items)
		}
	}
	walk(c.list)
	return all
}

func (c clauses) items(s *sheet) ([]item, error) {
	var items []item
	for i, article := range c.list {
		n := c.after + i + 1
		h, err := heading(s.article(n, article.Title)).items(s)
		if err != nil {
			return nil, err
		}
		items = append(items, h...)
		if article.Text != "" {
			more, err := running{s: article.Text, face: body}.items(s)
			if err != nil {
				return nil, err
			}
			items = append(items, more...)
		}
		for j, x := range article.Items {
			label := strconv.Itoa(n) + "." + strconv.Itoa(j+1)
			items = append(items, s.hang(label, x.lead(s), body, sideMargin+30, bodyLeading, 0, 3)...)
			for k, y := range x.Items {
				items = append(items, s.hang(s.sub(k+1), y.lead(s), body, sideMargin+60, bodyLeading, 0, 1)...)
			}
		}
	}
	return items, nil
}

// article is the heading of article n: 第三条　费用, Article 3  Fees.
func (s *sheet) article(n int, name string) string {
	number, gap := strconv.Itoa(n), "  "
	if !s.latin() {
		number, gap = han(n), "\u3000"
	}
	label := s.say.T("paper.article", number)
	if name == "" {
		return label
	}
	return label + gap + name
}

// sub is the label of an item's item.
func (s *sheet) sub(n int) string {
	if s.latin() && n <= 26 {
		return "(" + string(rune('a'+n-1)) + ")"
	}
	return "（" + strconv.Itoa(n) + "）"
}

// lead is the text of an item behind its title.
func (c Clause) lead(s *sheet) string {
	if c.Title == "" {
		return c.Text
	}
	if c.Text == "" {
		return c.Title
	}
	gap := ""
	if s.meta.Lang == text.EN {
		gap = " "
	}
	return s.say.T("paper.label", c.Title) + gap + c.Text
}

// han writes 1 to 99 in Chinese numerals.
func han(n int) string {
	const digits = "〇一二三四五六七八九"
	d := []rune(digits)
	if n < 1 || n > 99 {
		return strconv.Itoa(n)
	}
	out := ""
	if n >= 20 {
		out = string(d[n/10])
	}
	if n >= 10 {
		out += "十"
	}
	if n%10 > 0 {
		out += string(d[n%10])
	}
	return out
}
