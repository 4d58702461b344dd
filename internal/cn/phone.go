package cn

import (
	"regexp"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Mobile is a mobile number of mainland China in E.164: +8613800138000.
type Mobile string

// between is what people put between the groups of a phone number.
const between = dashes + "()."

var mobile = regexp.MustCompile(`^(?:\+86|0086|86)?(1[3-9][0-9]{9})$`)

// ParseMobile reads a mobile number with or without +86, spaces and hyphens
// anywhere. Anything else is Invalid.
func ParseMobile(s string) (Mobile, error) {
	t := squeeze(s, between)
	if t == "" {
		return "", fault.New(fault.Invalid, "fault.required")
	}
	m := mobile.FindStringSubmatch(t)
	if m == nil {
		return "", fault.New(fault.Invalid, "cn.bad_mobile")
	}
	return Mobile("+86" + m[1]), nil
}

// National returns the eleven digits without the country's code: 13800138000.
func (m Mobile) National() string { return strings.TrimPrefix(string(m), "+86") }

// Mask hides the middle for people who need not know it: 138****8000.
func (m Mobile) Mask() string {
	n := m.National()
	if len(n) != 11 {
		return strings.Repeat("*", len(n))
	}
	return n[:3] + "****" + n[7:]
}

var (
	nationwide = regexp.MustCompile(`^(?:\+86|0086)?([48]00)([0-9]{3})([0-9]{4})(?:#([0-9]{1,6}))?$`)
	landline   = regexp.MustCompile(`^(?:(?:\+86|0086)0?|(?:86)?0)(10|2[0-9]|[3-9][0-9]{2})([2-9][0-9]{6,7})(?:#([0-9]{1,6}))?$`)
	hotline    = regexp.MustCompile(`^9[56][0-9]{3,6}$`)
	extension  = regexp.MustCompile(`(?i)^(.*[0-9].*?)[\s` + regexp.QuoteMeta(dashes) + `]*(?:转分机|分机|转|ext\.?|x|\*|#)[\s:]*([0-9]{1,6})$`)
	trailing   = regexp.MustCompile(`^(.*[0-9][\s)]*-.*[0-9]{4})\s*-\s*([0-9]{1,6})$`)
)

// ParsePhone reads a number where a company may be reached: a landline with its
// area code (0755-86013388, with an extension 0755-86013388-123), a 400 or 800
// number (400-910-0100), a hotline (95017), or a mobile, which comes back in
// E.164. Anything else is Invalid.
func ParsePhone(s string) (string, error) {
	if m, err := ParseMobile(s); err == nil {
		return string(m), nil
	}
	t := trim(s)
	if t == "" {
		return "", fault.New(fault.Invalid, "fault.required")
	}
	for _, form := range readings(t) {
		form = squeeze(form, between)
		if m := nationwide.FindStringSubmatch(form); m != nil {
			return dashed(m[1:]...), nil
		}
		if m := landline.FindStringSubmatch(form); m != nil {
			return dashed("0"+m[1], m[2], m[3]), nil
		}
		if hotline.MatchString(form) {
			return form, nil
		}
	}
	return "", fault.New(fault.Invalid, "cn.bad_phone")
}

// readings lists how the number may be cut into number#extension, the reading
// without an extension last: in 010-8601338-8 the 8 is one.
func readings(s string) []string {
	var forms []string
	for _, cut := range []*regexp.Regexp{extension, trailing} {
		if m := cut.FindStringSubmatch(s); m != nil {
			forms = append(forms, m[1]+"#"+m[2])
		}
	}
	return append(forms, s)
}

func dashed(parts ...string) string {
	return strings.TrimRight(strings.Join(parts, "-"), "-")
}
