// Package token cuts text into the words a search index holds. Chinese is cut
// into pairs of neighbouring characters, traditional ones taken for simplified;
// Latin words and numbers stay whole. The same words go into both databases, so
// that a search finds the same there. It knows no database.
//
// A word consists of a–z and 0–9, or of one or two Han characters, and nothing
// else: it may stand bare in an FTS5 or a tsquery expression. Names such as C++,
// C# and .NET become cplusplus, csharp and dotnet. Other scripts are not indexed.
package token

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mostQueried bounds the words of one search; more would only slow it down.
const mostQueried = 32

// longest bounds a Latin word, in bytes before its signs are spelled out.
const longest = 64

// Index returns the words under which a text is found, in its order and as often
// as they occur: of each Han run the single characters and the pairs, of each
// Latin word the whole and its parts.
func Index(s string) []string {
	words := make([]string, 0, len(s)/2)
	scan(s, func(run string) {
		before, at := 0, 0
		for i, r := range run {
			before, at = at, i
			end := i + utf8.RuneLen(r)
			words = append(words, run[i:end])
			if i > 0 {
				words = append(words, run[before:end])
			}
		}
	}, func(word string) {
		whole := spell(word)
		words = append(words, whole)
		if !strings.ContainsFunc(word, isSign) {
			return
		}
		for i, part := range strings.FieldsFunc(word, isSign) {
			if part != whole {
				words = append(words, part)
			}
			if ending := spell("." + part); i > 0 && isLetter(part[0]) && ending != whole && strings.Contains(word, "."+part) {
				words = append(words, ending) // .NET is looked for in ASP.NET
			}
		}
	})
	return words
}

// Query returns the words that a text must all have to be found by a search, each
// once: of a Han run its pairs, or the character if it is alone, and Latin words
// whole. Each is among Index of the same text. It returns at most 32, and none
// for a search without any letter, digit or Han character.
func Query(s string) []string {
	var words []string
	seen := make(map[string]bool)
	add := func(word string) {
		if !seen[word] && len(words) < mostQueried {
			seen[word] = true
			words = append(words, word)
		}
	}
	scan(s, func(run string) {
		before, at := 0, 0
		for i, r := range run {
			before, at = at, i
			if i > 0 {
				add(run[before : i+utf8.RuneLen(r)])
			}
		}
		if at == 0 {
			add(run)
		}
	}, func(word string) { add(spell(word)) })
	return words
}

// Join makes one text of words, as an index on text takes them.
func Join(words []string) string { return strings.Join(words, " ") }

// latin is a word with the signs it may hold: c++, c#, .net, node.js, 1.2.3.
var latin = regexp.MustCompile(`(?:\.[a-z]|[a-z0-9])[a-z0-9]*(?:\.[a-z0-9]+|[+#]+[a-z0-9]*)*`)

// scan folds the text and hands out its Han runs and Latin words in order.
func scan(s string, han, word func(string)) {
	s = fold(s)
	for len(s) > 0 {
		end := strings.IndexFunc(s, isHan)
		if end < 0 {
			end = len(s)
		}
		if end == 0 {
			if end = strings.IndexFunc(s, notHan); end < 0 {
				end = len(s)
			}
			han(s[:end])
			s = s[end:]
			continue
		}
		for _, at := range latin.FindAllStringIndex(s[:end], -1) {
			w := s[at[0]:at[1]]
			if len(w) > longest {
				w = strings.TrimRight(w[:longest], ".")
			}
			word(w)
		}
		s = s[end:]
	}
}

// fold makes forms of one letter the same: width, case, accents, and traditional
// characters as simplified ones.
func fold(s string) string {
	simple := simplified()
	return strings.Map(func(r rune) rune {
		switch {
		case r < utf8.RuneSelf:
			return unicode.ToLower(r)
		case unicode.Is(unicode.Mn, r):
			return -1 // the accent of a letter
		}
		if t, found := simple[r]; found {
			return t
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
}

func isHan(r rune) bool {
	if r >= 0x4e00 && r <= 0x9fff {
		return true
	}
	return r >= 0x2e80 && unicode.Is(unicode.Han, r) && (unicode.IsLetter(r) || unicode.IsNumber(r))
}

func notHan(r rune) bool { return !isHan(r) }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isSign(r rune) bool { return r == '.' || r == '+' || r == '#' }

// spell writes the signs of a Latin word in letters. A dot between letters is
// left out, so that node.js and nodejs are one word.
func spell(word string) string {
	if !strings.ContainsFunc(word, isSign) {
		return word
	}
	var b strings.Builder
	for i := range len(word) {
		switch c := word[i]; c {
		case '+':
			b.WriteString("plus")
		case '#':
			b.WriteString("sharp")
		case '.':
			if i == 0 || !isLetter(word[i-1]) || !isLetter(word[i+1]) {
				b.WriteString("dot")
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
