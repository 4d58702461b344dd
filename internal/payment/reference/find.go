package reference

import (
	"slices"
	"strings"
)

// Find returns the references in a bank's remark, in the order they stand there
// and each once. It reads through spaces, hyphens and line breaks inside a
// reference, since banks wrap and pad remarks, and takes nothing whose check
// character does not fit. Characters that touch a reference do not hide it:
// banks join the remark to their own words and numbers.
func Find(remark string) []string {
	c := compact(remark)
	var found []string
	for i := 0; i+length <= len(c); i++ {
		if c[i:i+len(Prefix)] != Prefix {
			continue
		}
		if ref, ok := read(c[i : i+length]); ok && !slices.Contains(found, ref) {
			found = append(found, ref)
		}
	}
	return found
}

// read takes exactly length characters of compact text and returns the reference
// they spell.
func read(c string) (string, bool) {
	if !strings.HasPrefix(c, Prefix) {
		return "", false
	}
	ref := []byte(c)
	for i := len(Prefix); i < length; i++ {
		switch ref[i] {
		case 'O':
			ref[i] = '0'
		case 'I', 'L':
			ref[i] = '1'
		}
		if strings.IndexByte(alphabet, ref[i]) < 0 {
			return "", false
		}
	}
	check, ok := checkOf(string(ref[:length-1]))
	return string(ref), ok && check == ref[length-1]
}

// compact folds full width and case, drops what people and banks put between
// characters, and turns every other character into one that no reference holds,
// so that one index counts one character.
func compact(s string) string {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		if '！' <= r && r <= '～' { // full-width forms of ! to ~
			r -= '！' - '!'
		}
		switch {
		case '0' <= r && r <= '9', 'A' <= r && r <= 'Z':
			out = append(out, byte(r))
		case 'a' <= r && r <= 'z':
			out = append(out, byte(r-'a'+'A'))
		case separates(r):
		default:
			out = append(out, '?')
		}
	}
	return string(out)
}

// separates reports whether r may stand inside a reference: blanks of every
// width, line breaks, zero-width marks, and the hyphens and dashes of every keyboard.
func separates(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '\u00a0', '\u3000', '\u202f', '\ufeff', '\u00ad',
		'-', '_', '\u2212', '\u30fc', '\u2500', '\ufe63', '\ufe58':
		return true
	}
	return '\u2000' <= r && r <= '\u200d' || '\u2010' <= r && r <= '\u2015'
}
