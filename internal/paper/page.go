package paper

import (
	"fmt"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/yunshi-market/yunshi/internal/pdf"
)

// A4, in points, and what is left free on it.
const (
	pageWidth    = 595.28
	pageHeight   = 841.89
	sideMargin   = 71.9 // leaves 43 Han of the body's size on a line
	topMargin    = 71.0
	bottomMargin = 76.0
	footerLine   = 790.0 // the base line of the footer
	measure      = pageWidth - 2*sideMargin
)

// colour is red, green, blue from 0 to 1.
type colour [3]float64

var (
	ink   = colour{0.10, 0.10, 0.12}
	grey  = colour{0.42, 0.44, 0.47}
	rule  = colour{0.62, 0.64, 0.67}
	tint  = colour{0.957, 0.961, 0.972}
	seals = colour{0.83, 0.13, 0.15}
	water = colour{0.35, 0.38, 0.45}
)

// page collects the drawing of one page. What is below the text (fills, rules,
// seals) is drawn first, so that a seal never hides a word. Places are measured
// from the upper left corner.
type page struct {
	*sheet
	below []byte
	text  []byte
}

func (p *page) op(operator string, args ...float64) {
	for _, a := range args {
		p.below = append(pdf.AppendNumber(p.below, a), ' ')
	}
	p.below = append(p.below, operator...)
	p.below = append(p.below, '\n')
}

// fill paints a rectangle.
func (p *page) fill(c colour, x, y, w, h float64) {
	p.op("rg", c[:]...)
	p.op("re", x, pageHeight-y-h, w, h)
	p.op("f")
}

// rule draws a line.
func (p *page) rule(c colour, thick, x0, y0, x1, y1 float64) {
	p.op("RG", c[:]...)
	p.op("w", thick)
	p.op("m", x0, pageHeight-y0)
	p.op("l", x1, pageHeight-y1)
	p.op("S")
}

// face is how a line of text looks.
type face struct {
	size   float64
	bold   bool
	colour colour
	track  float64 // added between characters, in ems
}

// write sets a line with its base line at y.
func (p *page) write(l line, f face, x, y float64) {
	marks := l.marks
	for len(marks) > 0 && (marks[len(marks)-1].r == ' ' || marks[len(marks)-1].r == '\u3000') {
		marks = marks[:len(marks)-1]
	}
	if len(marks) == 0 {
		return
	}
	b := p.text
	if f.track > 0 { // readers would take the gaps for spaces
		b = fmt.Appendf(b, "/Span << /ActualText <FEFF")
		for _, m := range marks {
			b = append(b, utf16Hex(m.r)...)
		}
		b = append(b, "> >> BDC\n"...)
	}
	b = append(b, "BT\n"...)
	b = numbers(b, "rg", f.colour[:]...)
	if f.bold {
		b = numbers(b, "RG", f.colour[:]...)
		b = numbers(b, "w", f.size*0.028)
		b = append(b, "2 Tr\n"...)
	} else {
		b = append(b, "0 Tr\n"...)
	}
	b = append(b, "/F "...)
	b = numbers(b, "Tf", f.size)
	b = numbers(b, "Td", x, pageHeight-y)
	b = append(b, "[<"...)
	for i, m := range marks {
		b = fmt.Appendf(b, "%04X", p.script.use(m))
		if i == len(marks)-1 {
			break
		}
		if move := m.kern + int(f.track*1000); move != 0 {
			b = fmt.Appendf(b, "> %d <", -move)
		}
	}
	b = append(b, ">] TJ\nET\n"...)
	if f.track > 0 {
		b = append(b, "EMC\n"...)
	}
	p.text = b
}

func numbers(b []byte, operator string, args ...float64) []byte {
	for _, a := range args {
		b = append(pdf.AppendNumber(b, a), ' ')
	}
	b = append(b, operator...)
	return append(b, '\n')
}

// matrix maps ems of a glyph to points on the page, measured from the lower left corner.
type matrix [6]float64

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

// shape draws a character's outline without making it text: for seals and the
// watermark, which are pictures. paint is the operator that fills it.
func (p *page) shape(r rune, m matrix, paint string) {
	c := p.script.typeCase
	// With the font's own units as the type size, 26.6 coordinates are those units.
	segments, err := c.font.sfnt.LoadGlyph(&c.buf, sfnt.GlyphIndex(c.glyph(r).id), fixed.Int26_6(c.font.upem), nil)
	if err != nil {
		p.err = err
		return
	}
	k := 1 / float64(c.font.upem)
	at := func(q fixed.Point26_6) (float64, float64) { return m.apply(float64(q.X)*k, -float64(q.Y)*k) }
	var x, y float64
	for i, s := range segments {
		x1, y1 := at(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				p.op("h")
			}
			p.op("m", x1, y1)
			x, y = x1, y1
		case sfnt.SegmentOpLineTo:
			p.op("l", x1, y1)
			x, y = x1, y1
		case sfnt.SegmentOpQuadTo:
			x2, y2 := at(s.Args[1])
			p.op("c", x+2*(x1-x)/3, y+2*(y1-y)/3, x2+2*(x1-x2)/3, y2+2*(y1-y2)/3, x2, y2)
			x, y = x2, y2
		}
	}
	if len(segments) > 0 {
		p.op("h")
		p.op(paint)
	}
}
