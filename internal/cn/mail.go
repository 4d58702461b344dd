package cn

import (
	"net/mail"
	"regexp"
	"strings"

	"github.com/yunshi-market/yunshi/internal/fault"
)

var domain = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$`)

// ParseEmail reads a bare mail address and writes its domain in lower case. A
// display name, a quoted local part, an IP address for a domain and letters
// beyond ASCII, which few mail servers deliver to, are Invalid.
func ParseEmail(s string) (string, error) {
	t := strings.ReplaceAll(trim(s), "。", ".")
	if t == "" {
		return "", fault.New(fault.Invalid, "fault.required")
	}
	for _, r := range t {
		if r > '~' {
			return "", fault.New(fault.Invalid, "cn.email_ascii", string(r))
		}
	}
	a, err := mail.ParseAddress(t)
	if err != nil || a.Name != "" || a.Address != t || len(t) > 254 {
		return "", fault.New(fault.Invalid, "cn.bad_email").Because(err)
	}
	at := strings.LastIndexByte(t, '@')
	local, host := t[:at], strings.ToLower(t[at+1:])
	if len(local) > 64 || strings.ContainsAny(local, "\"\\ ") || !domain.MatchString(host) {
		return "", fault.New(fault.Invalid, "cn.bad_email")
	}
	return local + "@" + host, nil
}
