package money

import (
	"encoding/json"
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// String writes the number alone, grouped and with two decimals: "5,000.00".
func (a Amount) String() string {
	n := magnitude(a.Fen)
	whole := strconv.FormatUint(n/100, 10)
	var b strings.Builder
	if a.Fen < 0 {
		b.WriteByte('-')
	}
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	b.WriteByte('.')
	b.WriteByte(byte('0' + n/10%10))
	b.WriteByte(byte('0' + n%10))
	return b.String()
}

// In writes the amount with its currency for a reader: "5,000.00 元", "CNY 5,000.00".
func (a Amount) In(l text.Lang) string {
	if l == text.ZH && a.Code() == Yuan {
		return a.String() + " 元"
	}
	return a.Code() + " " + a.String()
}

// Capital writes renminbi in capitals with 人民币 before it, as receipts and
// contracts do: 人民币伍仟元整. Rule D-8. Capitals are of renminbi only; another
// currency is written as In does.
func (a Amount) Capital() string {
	if a.Code() != Yuan {
		return a.In(text.ZH)
	}
	return "人民币" + cn.Capital(a.Fen)
}

var number = regexp.MustCompile(`^([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+|)(?:\.([0-9]+))?$`)

// Parse reads renminbi as people and banks write it: "5000", "5,000.00",
// "¥5,000", "５０００．００元", "CNY 5,000.00", "-12.5". It never rounds: more than two
// decimals, commas in odd places and anything else unclear are Invalid.
func Parse(s string) (Amount, error) {
	if len(s) > 200 {
		return Amount{}, fault.New(fault.Invalid, "money.not_an_amount")
	}
	t := strings.TrimSpace(norm.NFKC.String(s))
	if t == "" {
		return Amount{}, fault.New(fault.Invalid, "fault.required")
	}
	negative, signed := false, false
	sign := func() {
		if signed {
			return
		}
		for _, m := range []string{"-", "\u2212", "+"} {
			if rest, found := strings.CutPrefix(t, m); found {
				negative, signed = m != "+", true
				t = strings.TrimSpace(rest)
				return
			}
		}
	}
	sign()
	for _, before := range []string{"人民币", "CNY", "RMB", "¥"} {
		if len(t) >= len(before) && strings.EqualFold(t[:len(before)], before) {
			t = strings.TrimSpace(t[len(before):])
			break
		}
	}
	if rest, found := strings.CutPrefix(t, "¥"); found { // 人民币¥5,000.00
		t = strings.TrimSpace(rest)
	}
	sign()
	t = strings.TrimSpace(strings.TrimSuffix(t, "元"))
	m := number.FindStringSubmatch(t)
	if m == nil || m[1] == "" && m[2] == "" {
		return Amount{}, fault.New(fault.Invalid, "money.not_an_amount")
	}
	if len(m[2]) > 2 {
		return Amount{}, fault.New(fault.Invalid, "money.too_many_decimals")
	}
	digits := strings.ReplaceAll(m[1], ",", "") + (m[2] + "00")[:2]
	fen, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return Amount{}, fault.New(fault.Invalid, "money.too_large").Because(err)
	}
	if negative {
		fen = -fen
	}
	return CNY(fen), nil
}

var code = regexp.MustCompile(`^[A-Z]{3}$`)

type wire struct {
	Fen      *int64 `json:"fen"`
	Currency string `json:"currency"`
	Text     string `json:"text,omitempty"`
}

// MarshalJSON writes {"fen":500000,"currency":"CNY","text":"5,000.00"}; the text is for people.
func (a Amount) MarshalJSON() ([]byte, error) {
	return json.Marshal(wire{Fen: &a.Fen, Currency: a.Code(), Text: a.String()})
}

// UnmarshalJSON reads fen and currency (CNY if absent) and does not look at the
// text. It is Invalid without fen, when fen is no whole number, or when the
// currency is not three capital letters.
func (a *Amount) UnmarshalJSON(data []byte) error {
	var w wire
	if err := json.Unmarshal(data, &w); err != nil {
		return fault.New(fault.Invalid, "money.bad_json").Because(err)
	}
	if w.Fen == nil {
		return fault.New(fault.Invalid, "money.bad_json")
	}
	if *w.Fen == math.MinInt64 {
		return fault.New(fault.Invalid, "money.too_large")
	}
	if w.Currency == "" {
		w.Currency = Yuan
	}
	if !code.MatchString(w.Currency) {
		return fault.New(fault.Invalid, "money.bad_currency", w.Currency)
	}
	*a = Amount{Fen: *w.Fen, Currency: w.Currency}
	return nil
}
