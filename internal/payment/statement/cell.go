package statement

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/yunshi-market/yunshi/internal/money"
)

// clean takes off a cell what exports put around a value: blanks of every width,
// tabs after digits that keep Excel from counting them, and ="…".
func clean(s string) string {
	if s == "" {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case r == '\ufeff' || r == '\u200b' || unicode.IsControl(r):
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, `="`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok {
			s = strings.TrimSpace(inner)
		}
	}
	return s
}

// code is clean for accounts and numbers of the bank: half width, no blanks or
// hyphens inside, no apostrophe before (Excel's mark of text).
func code(s string) string {
	if s == "" {
		return ""
	}
	s = strings.TrimPrefix(norm.NFKC.String(clean(s)), "'")
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '"' {
			return -1
		}
		return unicode.ToUpper(r)
	}, s)
	if len(s) > MaxField {
		return ""
	}
	return s
}

// scientific is what a spreadsheet makes of a long number: its last digits are lost.
var scientific = regexp.MustCompile(`^[0-9](\.[0-9]+)?E\+?[0-9]{1,2}$`)

// noRef reports whether the cell of the bank's number holds none: banks fill it with zeros or a dash.
func noRef(s string) bool { return strings.Trim(s, "0-/无") == "" }

// units are what headers add to the name of a column.
var units = []string{"(元)", "(人民币)", "(CNY)", "(RMB)", "(人民币元)"}

// heading folds the name of a column or a label, so that spellings which differ
// only in width, case, blanks or 帐 for 账 are one.
func heading(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '#', r == '*', r == '"', r == '\'':
			return -1
		case r == '帐':
			return '账'
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(clean(s)))
	for _, u := range units {
		if rest, ok := strings.CutSuffix(s, u); ok && rest != "" {
			return rest
		}
	}
	return s
}

func oneOf(word string, list []string) bool {
	w := heading(word)
	return slices.ContainsFunc(list, func(l string) bool { return heading(l) == w })
}

// headings folds a list of names.
func headings(list []string) []string {
	folded := make([]string, len(list))
	for i, l := range list {
		folded[i] = heading(l)
	}
	return folded
}

// begins reports whether a folded cell starts with one of the folded words.
func begins(cell string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(cell, w) })
}

// none are the ways of writing no amount.
var none = []string{"", "-", "--", "—", "——", "/"}

// renminbi are marks that money.Parse takes for CNY.
var renminbi = regexp.MustCompile(`(?i)人民币|元|¥|CNY|RMB`)

// amount reads a cell as money of the mapping's currency: ok is false when it is
// empty, and understood is false when it is neither empty nor an amount.
func (m Mapping) amount(cell string) (a money.Amount, ok, understood bool) {
	s := strings.TrimSpace(norm.NFKC.String(clean(cell)))
	if slices.Contains(none, s) {
		return m.zero(), false, true
	}
	if m.Currency != money.Yuan && renminbi.MatchString(s) {
		return m.zero(), false, false
	}
	negative := false
	if inner, open := strings.CutPrefix(s, "("); open { // (1,234.00), an accountant's minus
		inner, closed := strings.CutSuffix(inner, ")")
		if !closed || strings.ContainsAny(inner, "-−+()") {
			return m.zero(), false, false
		}
		s, negative = inner, true
	} else if before, minus := strings.CutSuffix(s, "-"); minus { // 1,234.00-, as old systems print it
		if strings.ContainsAny(before, "-−+") {
			return m.zero(), false, false
		}
		s, negative = before, true
	}
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i > 3 { // 5,000.0000 is exact, 5,000.005 is not
		s = s[:i+3] + strings.TrimRight(s[i+3:], "0")
	}
	got, err := money.Parse(s)
	if err != nil {
		return m.zero(), false, false
	}
	got.Currency = m.Currency
	if negative {
		got = got.Neg()
	}
	return got, true, true
}

// tokens are the parts of a written date or time, longest first, and Go's for them.
var tokens = []struct {
	written, layout string
	means           byte
}{
	{"YYYY", "2006", 'Y'}, {"MM", "01", 'M'}, {"M", "1", 'M'}, {"DD", "02", 'D'}, {"D", "2", 'D'},
	{"HH", "15", 'H'}, {"H", "15", 'H'}, {"mm", "04", 'm'}, {"m", "4", 'm'}, {"ss", "05", 's'}, {"s", "5", 's'},
}

// layout turns YYYY-MM-DD into Go's layout. It is false when one of the needed
// parts is missing, a part stands twice, or there are other letters or digits.
func layout(written, needed string) (string, bool) {
	var b strings.Builder
	seen := map[byte]bool{}
	for rest := written; rest != ""; {
		i := slices.IndexFunc(tokens, func(t struct {
			written, layout string
			means           byte
		}) bool {
			return strings.HasPrefix(rest, t.written)
		})
		if i >= 0 {
			if seen[tokens[i].means] {
				return "", false
			}
			seen[tokens[i].means] = true
			b.WriteString(tokens[i].layout)
			rest = rest[len(tokens[i].written):]
			continue
		}
		c := rest[0]
		if '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '_' {
			return "", false
		}
		b.WriteByte(c)
		rest = rest[1:]
	}
	for _, n := range []byte(needed) {
		if !seen[n] {
			return "", false
		}
	}
	return b.String(), true
}

// form is a way of writing a date or a time, in Go's words.
type form struct {
	layout string
	timed  bool // the time of day is in it
}

// forms translates the written forms that have the needed parts.
func forms(written []string, needed string) []form {
	var out []form
	for _, w := range written {
		if l, ok := layout(w, needed); ok {
			out = append(out, form{l, strings.Contains(l, "15")})
		}
	}
	return out
}

// moment reads a date or a time by the forms. Two forms that read it differently
// are as bad as none: the day would be a guess.
func moment(cell string, forms []form, zone *time.Location) (t time.Time, timed, ok bool) {
	s := strings.Join(strings.Fields(norm.NFKC.String(clean(cell))), " ")
	for _, f := range forms {
		got, err := time.ParseInLocation(f.layout, s, zone)
		if err != nil {
			continue
		}
		if ok && !got.Equal(t) {
			return time.Time{}, false, false
		}
		t, timed, ok = got, timed || f.timed, true
	}
	return t, timed, ok
}

// currencies are the banks' words for currencies.
var currencies = map[string]string{
	"人民币": "CNY", "人民币元": "CNY", "元": "CNY", "RMB": "CNY", "156": "CNY",
	"美元": "USD", "港币": "HKD", "港元": "HKD", "欧元": "EUR", "日元": "JPY", "英镑": "GBP",
}

// currency reads a bank's word for a currency, "" when it is none.
func currency(cell string) string {
	s := heading(cell)
	if c, ok := currencies[s]; ok {
		return c
	}
	if isoCode.MatchString(s) {
		return s
	}
	return ""
}

// shown is a cell as a fault quotes it.
func shown(cell string) string {
	const most = 40
	r := []rune(clean(cell))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}
