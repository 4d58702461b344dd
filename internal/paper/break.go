package paper

import (
	"strings"
	"unicode"
)

// Where a line may end follows the Chinese rules of line composition (避头尾):
// no closing mark begins a line, no opening mark ends one, a dash or an
// ellipsis of two characters stays whole, and Latin words and numbers are not
// torn. A closing mark may hang over the margin by its blank half.

const (
	openers = "（《「『【〈〔［｛“‘￥＄￡([{¥$€£№＃"
	closers = "，。、；：！？）》」』】〉〕］｝”’％‰℃°…—～·,.;:!?)]}%"
	doubled = "—…" // come in twos
)

func isOpener(r rune) bool { return strings.ContainsRune(openers, r) }
func isCloser(r rune) bool { return strings.ContainsRune(closers, r) }

// isWide says that r stands in a square of its own, as Han do.
func isWide(r rune) bool {
	switch {
	case r < 0x2010:
		return false
	case r <= 0x206F: // “ ” ‘ ’ — … stand in squares in Chinese fonts
		return strings.ContainsRune("“”‘’—…※", r)
	case r >= 0x2E80 && r <= 0xD7FF, r >= 0xF900 && r <= 0xFAFF, r >= 0xFE30 && r <= 0xFE4F, r >= 0xFF00 && r <= 0xFFEF, r >= 0x20000:
		return true
	}
	return r >= 0x2460 && r <= 0x27BF
}

// isLatin says that r is a letter or figure of a script with spaces between words.
func isLatin(r rune) bool { return !isWide(r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// mayBreak says whether a line may end after rs[i].
func mayBreak(rs []rune, i int) bool {
	a, b := rs[i], rs[i+1]
	switch {
	case b == ' ' || b == '\u3000' || a == '\u00A0' || b == '\u00A0':
		return false
	case isLatin(b) && isLatin(a):
		return false
	case isApostrophe(rs, i) || isApostrophe(rs, i+1):
		return false
	case isCloser(b) || isOpener(a):
		return false
	case a == ' ' || a == '\u3000':
		return true
	case strings.ContainsRune(doubled, a) && a == b:
		return false
	case isWide(a) || isWide(b):
		return true
	case a == '-' || a == '/' || a == '–' || a == '‐':
		return unicode.IsLetter(b) && i > 0 && unicode.IsLetter(rs[i-1])
	}
	return false
}

// isApostrophe says that rs[i] is the mark inside a Latin word, as in vendor’s.
func isApostrophe(rs []rune, i int) bool {
	return (rs[i] == '’' || rs[i] == '\'') && i > 0 && i+1 < len(rs) && isLatin(rs[i-1]) && isLatin(rs[i+1])
}

// lines breaks s into lines of at most width points, the first one shorter by
// indent. Joined, they are s without its line ends. A word longer than a whole
// line is torn.
func (c *typeCase) lines(s string, size, width, indent float64, latin bool) []line {
	var all []line
	for _, part := range strings.Split(clean(s), "\n") {
		all = append(all, c.paragraph([]rune(part), size, width, indent, latin)...)
	}
	return all
}

func (c *typeCase) paragraph(rs []rune, size, width, indent float64, latin bool) []line {
	limit := func(n int) int {
		if n == 0 {
			return int((width - indent) / size * 1000)
		}
		return int(width / size * 1000)
	}
	marks := c.set(rs, latin)
	var all []line
	for start := 0; start < len(rs) || len(all) == 0; {
		end := c.fit(marks[start:], rs, start, limit(len(all)))
		all = append(all, line{text: string(rs[start:end]), marks: marks[start:end]})
		start = end
	}
	return all
}

// fit returns where the line that begins at start ends.
func (c *typeCase) fit(marks []mark, rs []rune, start, limit int) int {
	at, cut := 0, 0
	for i, m := range marks {
		end := m.glyph.adv
		switch {
		case m.r == ' ' || m.r == '\u3000':
			end = 0 // spaces hang over the margin unseen
		case isCloser(m.r):
			end = m.glyph.xMax
		}
		if at+end > limit && i > 0 {
			if cut > 0 {
				return start + cut
			}
			return start + i
		}
		at += m.glyph.adv + m.kern
		if start+i+1 < len(rs) && mayBreak(rs, start+i) {
			cut = i + 1
		}
	}
	return start + len(marks)
}
