package statement

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
)

// stated is what a file says of itself around its lines.
type stated struct {
	account                 string
	currency                string
	opening, closing        *money.Amount
	creditTotal, debitTotal *money.Amount
	creditCount, debitCount *int

	// Of the standards' messages.
	place      string // where the statement stands in the file, in words for faults
	at         string // and as a pointer
	name       string
	sequence   string
	from, to   calendar.Day
	kind, last string // which balances opening and closing are
	entries    *int   // stated
	counted    int    // entries met, whatever became of them
}

var accountForm = regexp.MustCompile(`^[0-9*]{5,34}$`)

// note takes the labelled values of a row. A value that has digits but cannot be
// read is a fault: a sum we do not check is no check.
func (s *stated) note(m Mapping, r record) []fault.Field {
	var f fault.Fields
	l := m.Labels
	for _, p := range labelled(r) {
		label, value := p[0], p[1]
		switch {
		case oneOf(label, l.Account):
			first := strings.Fields(value)[0]
			c := code(first)
			switch {
			case scientific.MatchString(c):
				f.Add("/summary/account", "statement.scientific", r.no, label)
			case accountForm.MatchString(c) && s.account == "":
				s.account = c
			}
		case oneOf(label, l.Currency):
			if c := currency(value); c != "" && s.currency == "" {
				s.currency = c
			}
		case oneOf(label, l.Opening):
			s.sum(m, &f, r, "opening", p, &s.opening)
		case oneOf(label, l.Closing):
			s.sum(m, &f, r, "closing", p, &s.closing)
		case oneOf(label, l.CreditTotal):
			s.sum(m, &f, r, "credit_total", p, &s.creditTotal)
		case oneOf(label, l.DebitTotal):
			s.sum(m, &f, r, "debit_total", p, &s.debitTotal)
		case oneOf(label, l.CreditCount):
			s.count(&f, r, "credit_count", p, &s.creditCount)
		case oneOf(label, l.DebitCount):
			s.count(&f, r, "debit_count", p, &s.debitCount)
		}
	}
	if f.Len() == 0 {
		return nil
	}
	return fields(f.Err())
}

func (s *stated) sum(m Mapping, f *fault.Fields, r record, key string, p [2]string, into **money.Amount) {
	a, ok, understood := m.amount(p[1])
	if !understood && strings.ContainsAny(p[1], "0123456789") {
		f.Add("/summary/"+key, "statement.cell", r.no, p[0], wantAmount, shown(p[1]))
	}
	if ok && understood && *into == nil {
		*into = &a
	}
}

func (s *stated) count(f *fault.Fields, r record, key string, p [2]string, into **int) {
	value := strings.TrimSpace(strings.TrimSuffix(strings.ReplaceAll(code(p[1]), ",", ""), "笔"))
	n, err := strconv.Atoi(value)
	if err == nil && n >= 0 {
		if *into == nil {
			*into = &n
		}
		return
	}
	if strings.ContainsAny(value, "0123456789") {
		f.Add("/summary/"+key, "statement.cell", r.no, p[0], wantCount, shown(p[1]))
	}
}

// sameAccount compares two account numbers of which either may be masked with *.
func sameAccount(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && a[i] != '*' && b[i] != '*' {
			return false
		}
	}
	return true
}

// tail is the end of an account number, all that a fault says of it.
func tail(account string) string {
	if len(account) <= 4 {
		return account
	}
	return account[len(account)-4:]
}
