package cn

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// dashes are what people put between groups of digits. The dot is none of them:
// a spreadsheet's 1234567890.0 must not gain a digit.
const dashes = "-‐‒–—―−"

// CNAPS is the 12-digit number of a bank's branch (联行号).
type CNAPS struct {
	Code    string // 12 digits
	Checked bool   // its check digit fits; if not, a person should look again
}

// ParseCNAPS reads a branch number, spaces and hyphens anywhere. It is Invalid
// when it is not 12 digits. A check digit that does not fit is no fault, for the
// rule of the check was found by trial and not in a standard: Checked is false
// then, and Doubt says so.
func ParseCNAPS(s string) (CNAPS, error) {
	t, err := digitsOnly(s, 12, 12, "cn.cnaps_digits", "cn.cnaps_length")
	if err != nil {
		return CNAPS{}, err
	}
	return CNAPS{Code: t, Checked: mod1110(t)}, nil
}

// Doubt returns the warning for a number whose check digit does not fit.
func (c CNAPS) Doubt() (warning text.Message, doubtful bool) {
	if c.Checked || c.Code == "" {
		return text.Message{}, false
	}
	return text.M("cn.cnaps_check"), true
}

// mod1110 is ISO 7064 MOD 11,10 over digits with the check digit last.
func mod1110(s string) bool {
	p := 10
	for _, c := range []byte(s[:len(s)-1]) {
		sum := (p + int(c-'0')) % 10
		if sum == 0 {
			sum = 10
		}
		p = sum * 2 % 11
	}
	return (11-p)%10 == int(s[len(s)-1]-'0')
}

// ParseAccount reads the number of a corporate bank account into 8 to 32 digits,
// spaces and hyphens dropped. There is no check digit to test: corporate accounts
// have none in common. Anything else is Invalid.
func ParseAccount(s string) (string, error) {
	return digitsOnly(s, 8, 32, "cn.account_digits", "cn.account_length")
}

func digitsOnly(s string, least, most int, digits, length text.Key) (string, error) {
	t := squeeze(s, dashes)
	if t == "" {
		return "", fault.New(fault.Invalid, "fault.required")
	}
	for _, r := range t {
		if r < '0' || r > '9' {
			return "", fault.New(fault.Invalid, digits, string(r))
		}
	}
	if len(t) < least || len(t) > most {
		return "", fault.New(fault.Invalid, length, len(t))
	}
	return t, nil
}
