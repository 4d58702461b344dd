package cn

import (
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
)

var (
	capitalDigits = []rune("零壹贰叁肆伍陆柒捌玖")
	capitalPlaces = [...]string{"", "拾", "佰", "仟"}
)

// mark is one word of an amount in capitals. A word that may stand or be left
// out is optional; written says which of the two we do.
type mark struct {
	word     string
	optional bool
	written  bool
}

// Capital writes an amount of fen in the capitals of Chinese cheques and
// receipts, without the prefix 人民币: 500000 is 伍仟元整. Where the rule leaves
// a zero free it is written after 元 and left out after 万 and 亿. A negative
// amount begins with 负.
func Capital(fen int64) string {
	var b strings.Builder
	for _, m := range spell(fen) {
		if !m.optional || m.written {
			b.WriteString(m.word)
		}
	}
	return b.String()
}

// ParseCapital reads an amount in capitals into fen, with or without 人民币
// before it, in every spelling the rule allows: optional zeros, 圆 for 元, 正 for
// 整. Anything else, an unneeded or missing zero included, is Invalid.
func ParseCapital(s string) (int64, error) {
	bad := fault.New(fault.Invalid, "cn.bad_capital")
	t := strings.TrimPrefix(trim(s), "人民币")
	t = strings.NewReplacer("圆", "元", "正", "整").Replace(t)
	if t == "" || len(t) > 300 {
		return 0, bad
	}
	rest, negative := strings.CutPrefix(t, "负")
	fen, ok := readFen(rest)
	if !ok {
		return 0, bad
	}
	if negative {
		fen = -fen
	}
	if !spelled(t, spell(fen)) {
		return 0, bad
	}
	return fen, nil
}

// spell lists the words of an amount, optional ones included.
func spell(fen int64) []mark {
	var ms []mark
	n := uint64(fen)
	if fen < 0 {
		ms = append(ms, must("负"))
		n = -n
	}
	yuan, jiao, cent := n/100, n/10%10, n%10
	if yuan > 0 || n == 0 {
		ms = append(ms, spellWhole(yuan)...)
		ms = append(ms, must("元"))
	}
	switch {
	case jiao == 0 && cent == 0:
		return append(ms, must("整"))
	case jiao == 0 && yuan > 0:
		ms = append(ms, must("零"))
	case jiao > 0 && yuan > 0 && yuan%10 == 0:
		ms = append(ms, mark{"零", true, true})
	}
	if jiao > 0 {
		ms = append(ms, must(digit(jiao)+"角"))
	}
	if cent > 0 {
		return append(ms, must(digit(cent)+"分"))
	}
	return append(ms, mark{"整", true, false})
}

func must(word string) mark { return mark{word: word} }

func digit(d uint64) string { return string(capitalDigits[d]) }

func spellWhole(n uint64) []mark {
	for _, unit := range []struct {
		size uint64
		word string
	}{{1e8, "亿"}, {1e4, "万"}} {
		if n < unit.size {
			continue
		}
		high, low := n/unit.size, n%unit.size
		ms := append(spellWhole(high), must(unit.word))
		switch {
		case low == 0:
			return ms
		case low < unit.size/10:
			ms = append(ms, must("零"))
		case high%10 == 0:
			ms = append(ms, mark{"零", true, false})
		}
		return append(ms, spellWhole(low)...)
	}
	if n == 0 {
		return []mark{must("零")}
	}
	var ms []mark
	gap := false
	for place := 3; place >= 0; place-- {
		d := n / [...]uint64{1, 10, 100, 1000}[place] % 10
		if d == 0 {
			gap = len(ms) > 0
			continue
		}
		if gap {
			ms = append(ms, must("零"))
			gap = false
		}
		ms = append(ms, must(digit(d)+capitalPlaces[place]))
	}
	return ms
}

// spelled reports whether s is the words in order, optional ones left out or not.
// Greedy is right: no word that follows an optional one begins like it.
func spelled(s string, ms []mark) bool {
	for _, m := range ms {
		rest, found := strings.CutPrefix(s, m.word)
		if !found && !m.optional {
			return false
		}
		s = rest
	}
	return s == ""
}

// readFen reads the value of an amount loosely; spelled then judges the spelling.
func readFen(s string) (int64, bool) {
	var fen uint64
	if yuan, rest, found := strings.Cut(s, "元"); found {
		n, ok := readWhole(yuan)
		if !ok || n > 1e17 {
			return 0, false
		}
		fen, s = n*100, rest
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "零"), "整")
	for _, part := range []struct {
		word string
		size uint64
	}{{"角", 10}, {"分", 1}} {
		if d, rest, found := strings.Cut(s, part.word); found {
			n, ok := readWhole(d)
			if !ok || n > 9 {
				return 0, false
			}
			fen, s = fen+n*part.size, rest
		}
	}
	if s != "" || fen > 1<<63-1 {
		return 0, false
	}
	return int64(fen), true
}

func readWhole(s string) (uint64, bool) {
	for _, unit := range []struct {
		size uint64
		word string
	}{{1e8, "亿"}, {1e4, "万"}} {
		i := strings.LastIndex(s, unit.word)
		if i < 0 {
			continue
		}
		high, ok := readWhole(s[:i])
		if !ok || high > 1e17/unit.size {
			return 0, false
		}
		low, ok := readWhole(s[i+len(unit.word):])
		return high*unit.size + low, ok
	}
	var n, d uint64
	for _, r := range s {
		switch i := strings.IndexRune("拾佰仟", r); {
		case r == '零':
			d = 0
		case i >= 0:
			n += d * [...]uint64{10, 100, 1000}[i/len("拾")]
			d = 0
		default:
			v := capitalValue(r)
			if v < 0 {
				return 0, false
			}
			d = uint64(v)
		}
		if n > 1e5 {
			return 0, false
		}
	}
	return n + d, true
}

func capitalValue(r rune) int {
	for i, c := range capitalDigits {
		if c == r {
			return i
		}
	}
	return -1
}

// CapitalDay writes a month and a day as cheques ask, so that neither can be
// altered: 15 January is 零壹月壹拾伍日, 20 October 零壹拾月零贰拾日.
func CapitalDay(month, day int) string {
	return capitalMonth(month) + "月" + capitalDay(day) + "日"
}

// CapitalDate is CapitalDay with the year before it: 贰零贰陆年零壹月壹拾伍日.
func CapitalDate(year, month, day int) string {
	var b strings.Builder
	for place := 1000; place > 0; place /= 10 {
		b.WriteString(digit(uint64(year / place % 10)))
	}
	return b.String() + "年" + CapitalDay(month, day)
}

func capitalMonth(m int) string {
	s := under100(m)
	if m == 1 || m == 2 || m == 10 {
		return "零" + s
	}
	return s
}

func capitalDay(d int) string {
	s := under100(d)
	if d < 10 || d%10 == 0 {
		return "零" + s
	}
	return s
}

func under100(n int) string {
	var s string
	if n >= 10 {
		s = digit(uint64(n/10%10)) + "拾"
	}
	if n%10 > 0 {
		s += digit(uint64(n % 10))
	}
	return s
}
