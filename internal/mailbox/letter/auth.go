package letter

import "strings"

// authField reads a field Authentication-Results (RFC 8601): who says it, and what it
// found out. Parts of the field are the sender's own words, as the mailbox of the
// envelope is: what stands in a comment or in quotes is never taken for a result. ok
// is false where the field is not well formed, and then it says nothing.
func authField(field string) (server string, out []Auth, ok bool) {
	s := &scanner{rest: field}
	s.blank()
	server = strings.ToLower(s.value())
	s.blank()
	for s.rest != "" && s.rest[0] >= '0' && s.rest[0] <= '9' {
		s.rest = s.rest[1:] // the version
	}
	for s.blank(); s.rest != ""; s.blank() {
		if !s.take(';') {
			return server, nil, false
		}
		if a, known := s.result(); known && len(out) < 20 {
			out = append(out, a)
		}
		if s.bad {
			return server, nil, false
		}
	}
	return server, out, !s.bad
}

// scanner goes through a field from its left.
type scanner struct {
	rest string
	bad  bool
}

func (s *scanner) take(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// blank passes over space and comments, which may hold comments.
func (s *scanner) blank() {
	for depth := 0; s.rest != ""; s.rest = s.rest[1:] {
		switch c := s.rest[0]; {
		case c == '(':
			depth++
		case depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n':
			return
		case depth > 0 && c == ')':
			depth--
		case depth > 0 && c == '\\' && len(s.rest) > 1:
			s.rest = s.rest[1:]
		}
		if depth > 0 && len(s.rest) == 1 {
			s.bad = true
		}
	}
}

// until reads a word to the first of the signs, to space or a comment; what stands in
// quotes belongs to it whole.
func (s *scanner) until(signs string) string {
	var b strings.Builder
	for s.rest != "" && !strings.ContainsRune(" \t\r\n("+signs, rune(s.rest[0])) {
		if !s.take('"') {
			b.WriteByte(s.rest[0])
			s.rest = s.rest[1:]
			continue
		}
		for !s.take('"') {
			if s.rest == "" {
				s.bad = true
				return b.String()
			}
			if s.rest[0] == '\\' && len(s.rest) > 1 {
				s.rest = s.rest[1:]
			}
			b.WriteByte(s.rest[0])
			s.rest = s.rest[1:]
		}
	}
	return b.String()
}

func (s *scanner) value() string { return s.until(";") }

// result reads one result to its end; known is false for a method that tells nothing
// about the sender.
func (s *scanner) result() (a Auth, known bool) {
	about := make(map[string]string)
	for first := true; !s.bad; first = false {
		s.blank()
		if s.rest == "" || s.rest[0] == ';' {
			break
		}
		key := strings.ToLower(s.until("=;"))
		s.blank()
		if !s.take('=') {
			if first && key == "none" {
				continue
			}
			s.bad = true
			break
		}
		s.blank()
		value := strings.ToLower(s.value())
		if first {
			a.Method, _, _ = strings.Cut(key, "/")
			a.Result = value
		} else if _, twice := about[key]; !twice {
			about[key] = value
		}
	}
	properties := map[string][]string{"spf": {"smtp.mailfrom", "smtp.mail"}, "dkim": {"header.d", "header.i"}, "dmarc": {"header.from"}}[a.Method]
	for _, p := range properties {
		if a.Domain == "" {
			a.Domain = plainDomain(about[p])
		}
	}
	return a, properties != nil
}

// plainDomain is the domain of a mailbox or a domain as such; "" is none.
func plainDomain(s string) string {
	s = strings.TrimSuffix(s[strings.LastIndexByte(s, '@')+1:], ".")
	if strings.ContainsAny(s, " \t\"'()<>[]\\,;:=/") {
		return ""
	}
	return s
}

// Passed reports whether the server that is trusted found the sender's domain to be
// the sender's: by DMARC, or by DKIM or SPF of the very domain where DMARC says
// nothing against it. It is false where it is not plain who the sender is.
func (l Letter) Passed(server string) bool {
	domain, passed := domainOf(l.From.Mail), false
	if server == "" || domain == "" || l.has(UnclearSender) {
		return false
	}
	for _, a := range l.Auth {
		switch {
		case a.Server != server:
		case a.Method == "dmarc" && a.Result == "fail":
			return false
		case a.Result == "pass":
			passed = passed || a.Method == "dmarc" && a.Domain == "" || within(domain, a.Domain)
		}
	}
	return passed
}

// within reports whether a domain is the other or below it.
func within(domain, other string) bool {
	return other != "" && strings.Contains(other, ".") && (domain == other || strings.HasSuffix(domain, "."+other))
}
