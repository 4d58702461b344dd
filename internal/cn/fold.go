package cn

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes the forms of one character the same: full-width letters, digits
// and brackets become half-width and compatibility forms their plain ones (NFKC).
// Zero-width characters and byte order marks, which come along when people copy
// from documents, go away.
func Fold(s string) string {
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
			return -1
		}
		return r
	}, s))
}

// trim folds and drops the white space around.
func trim(s string) string { return strings.TrimSpace(Fold(s)) }

// squeeze folds and drops all white space and the given other characters.
func squeeze(s, others string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune(others, r) {
			return -1
		}
		return r
	}, Fold(s))
}
