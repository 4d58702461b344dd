package cn

import (
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// USCC is a unified social credit code (统一社会信用代码, GB 32100-2015) that
// ParseUSCC has accepted: 18 characters, upper case.
type USCC string

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

var usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// ParseUSCC reads a code in any case and width, spaces anywhere. It is Invalid
// with a sentence of its own for an absent code, a wrong length, a character
// that cannot stand in its place, and a check character that does not match.
// Rule E-1.
func ParseUSCC(s string) (USCC, error) {
	t := strings.ToUpper(squeeze(s, ""))
	if t == "" {
		return "", fault.New(fault.Invalid, "fault.required").Of("E-1")
	}
	runes := []rune(t)
	if len(runes) != 18 {
		return "", fault.New(fault.Invalid, "cn.uscc_length", len(runes)).Of("E-1")
	}
	sum := 0
	for i, r := range runes {
		v := strings.IndexRune(usccAlphabet, r)
		if v < 0 {
			return "", fault.New(fault.Invalid, "cn.uscc_alphabet", i+1, string(r)).Of("E-1")
		}
		if i >= 2 && i < 8 && v > 9 {
			return "", fault.New(fault.Invalid, "cn.uscc_region", i+1, string(r)).Of("E-1")
		}
		if i < 17 {
			sum += v * usccWeights[i]
		}
	}
	if want := usccAlphabet[(31-sum%31)%31]; t[17] != want {
		return "", fault.New(fault.Invalid, "cn.uscc_check", string(t[17])).Of("E-1")
	}
	return USCC(t), nil
}

// Individual reports whether the code is that of an individual business
// (个体工商户, code 92), which is no company. Rule E-1.
func (u USCC) Individual() bool { return strings.HasPrefix(string(u), "92") }
