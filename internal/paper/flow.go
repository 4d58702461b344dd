package paper

import (
	"github.com/yunshi-market/yunshi/internal/text"
)

// block is a part of a document. words are what it prints, for the check of
// characters; items are its parts that a page break may not cut.
type block interface {
	words() []string
	items(s *sheet) ([]item, error)
}

// item is a strip across the page that stands on one page.
type item struct {
	space  float64 // above it, unless it begins a page
	height float64
	after  float64 // below it, where there is room
	keep   bool    // on the same page as the next item
	header *item   // repeated above it where it begins a page
	draw   func(p *page, y float64)
}

// sheet is the state of laying a document out.
type sheet struct {
	*Document
	script *script
	say    text.Printer
	pages  []*page
	err    error // the first of drawing
}

func (s *sheet) newPage() *page {
	p := &page{sheet: s}
	s.pages = append(s.pages, p)
	return p
}

// flow puts items on pages, chains of kept items together where a page can hold them.
func (s *sheet) flow(items []item) {
	const bottom = pageHeight - bottomMargin
	p, y := s.newPage(), topMargin
	fresh := true
	for len(items) > 0 {
		if items[0].draw == nil { // a page break
			if !fresh {
				p, y, fresh = s.newPage(), topMargin, true
			}
			items = items[1:]
			continue
		}
		n := 1
		for n < len(items) && items[n-1].keep && items[n].draw != nil {
			n++
		}
		need := height(items[:n])
		if need > bottom-topMargin { // no page holds the chain
			n, need = 1, items[0].height
		}
		if !fresh && y+items[0].space+need > bottom {
			p, y, fresh = s.newPage(), topMargin, true
		}
		for _, it := range items[:n] {
			if fresh && it.header != nil {
				it.header.draw(p, y)
				y += it.header.height
			} else if !fresh {
				y += it.space
			}
			it.draw(p, y)
			y += it.height + it.after
			fresh = false
		}
		items = items[n:]
	}
}

// height is that of a chain, the space between its items included.
func height(chain []item) float64 {
	h := chain[0].height
	if chain[0].header != nil {
		h += chain[0].header.height
	}
	for i, it := range chain[1:] {
		h += chain[i].after + it.space + it.height
	}
	return h
}

// foot draws the footer of page n.
func (s *sheet) foot(p *page, n int) {
	f := face{size: 8, colour: grey}
	p.rule(rule, 0.4, sideMargin, footerLine-13, pageWidth-sideMargin, footerLine-13)
	right := s.script.one(s.say.T("paper.page", n, len(s.pages)), s.latin())
	p.write(right, f, pageWidth-sideMargin-right.width(f.size), footerLine)
	if s.number != "" {
		p.write(s.script.one(s.say.T("paper.number", s.number), s.latin()), f, sideMargin, footerLine)
	}
	if s.digest != "" {
		f.size = 7
		p.write(s.script.one(s.say.T("paper.digest", s.digest), s.latin()), f, sideMargin, footerLine+11)
	}
}
