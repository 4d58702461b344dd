package paper

import "strings"

// mark is a character set in its place on a line.
type mark struct {
	r     rune
	slim  bool // without the square the font gives it
	glyph glyph
	kern  int // thousandths of the type size, if another character follows
}

// slim is the glyph with no more than a bearing beside its ink.
func (g glyph) slim() glyph {
	ink := g.xMax - g.xMin
	g.adv, g.xMin, g.xMax = ink+2*bearing, bearing, bearing+ink
	return g
}

// line is a line of text with the places of its characters.
type line struct {
	text  string
	marks []mark
}

// width is the line's length in points, without the spaces at its end.
func (l line) width(size float64) float64 {
	w, at := 0, 0
	for _, m := range l.marks {
		at += m.glyph.adv
		if m.r != ' ' && m.r != '\u3000' {
			w = at
		}
		at += m.kern
	}
	return float64(w) * size / 1000
}

const (
	bearing = 60  // beside a quotation mark in Latin text
	minGap  = 250 // between the ink of two marks of punctuation in squares
	hanGap  = 80  // between Han and Latin
	narrow  = "“”‘’"
	halves  = "，。、；：！？）》」』】〉〕”’（《「『【〈〔“‘"
)

// set gives each character its place. Two marks of punctuation in squares move
// together (标点挤压), quotation marks in Latin text lose their square, and a
// hair of space parts Han from Latin.
func (c *typeCase) set(rs []rune, latin bool) []mark {
	marks := make([]mark, len(rs))
	for i, r := range rs {
		m := mark{r: r, glyph: c.glyph(r)}
		if m.glyph.adv > 900 && strings.ContainsRune(narrow, r) && inLatin(rs, i, latin) {
			m.slim, m.glyph = true, m.glyph.slim()
		}
		marks[i] = m
		if i > 0 {
			marks[i-1].kern = kern(marks[i-1], m)
		}
	}
	return marks
}

// inLatin says whether a quotation mark belongs to Latin text.
func inLatin(rs []rune, i int, latin bool) bool {
	if isApostrophe(rs, i) {
		return true
	}
	return latin && !(i > 0 && isWide(rs[i-1])) && !(i+1 < len(rs) && isWide(rs[i+1]) && !strings.ContainsRune(narrow, rs[i+1]))
}

func kern(a, b mark) int {
	square := func(m mark) bool { return m.glyph.adv > 900 && strings.ContainsRune(halves, m.r) }
	if square(a) && square(b) {
		gap := a.glyph.adv - a.glyph.xMax + b.glyph.xMin
		return -max(0, min(500, gap-minGap))
	}
	han := func(m mark) bool { return isWide(m.r) && !isOpener(m.r) && !isCloser(m.r) && m.r != '\u3000' }
	if han(a) && isLatin(b.r) || isLatin(a.r) && han(b) {
		return hanGap
	}
	return 0
}

// one sets a single line, without breaking it.
func (c *typeCase) one(s string, latin bool) line {
	rs := []rune(strings.ReplaceAll(clean(s), "\n", " "))
	return line{text: string(rs), marks: c.set(rs, latin)}
}
