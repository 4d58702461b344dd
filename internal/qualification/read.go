package qualification

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// problem is one thing that keeps a paper from being submitted.
type problem struct {
	fault.Field
	category policy.CategoryID // of a condition per category
	fails    bool              // the condition is not met; otherwise something is missing or unreadable
}

// reader turns a paper as typed into a company's profile and notes what is wrong.
type reader struct {
	day      calendar.Day // of submission
	policy   policy.Policy
	category policy.CategoryID
	problems []problem
	hints    []fault.Field
}

func (r *reader) add(rule, pointer string, m text.Message) *problem {
	r.problems = append(r.problems, problem{category: r.category, Field: fault.Field{Pointer: pointer, Rule: rule, Message: m}})
	return &r.problems[len(r.problems)-1]
}

// fail notes that a condition is not met and what would mend it.
func (r *reader) fail(rule, pointer string, m, mend text.Message) {
	p := r.add(rule, pointer, m)
	p.fails, p.Mend = true, mend
}

func (r *reader) hint(rule, pointer string, m text.Message) {
	r.hints = append(r.hints, fault.Field{Pointer: pointer, Rule: rule, Message: m})
}

// take notes what a constructor refused; nil is nothing.
func (r *reader) take(rule, pointer string, err error) {
	if err == nil {
		return
	}
	var f *fault.Error
	if !errors.As(err, &f) {
		r.add(rule, pointer, text.M("fault.invalid"))
		return
	}
	if len(f.Fields) == 0 {
		r.add(rule, pointer, f.Message)
	}
	for _, x := range f.Fields {
		r.add(rule, pointer+x.Pointer, x.Message)
	}
}

// line reads a text on one line: required if least > 0, in runes.
func (r *reader) line(rule, pointer, s string, least, most int) string {
	return r.sized(rule, pointer, strings.Join(strings.Fields(tidy(s)), " "), least, most)
}

// prose reads a text of several lines.
func (r *reader) prose(rule, pointer, s string, least, most int) string {
	return r.sized(rule, pointer, strings.TrimSpace(tidy(strings.ReplaceAll(s, "\r\n", "\n"))), least, most)
}

func (r *reader) sized(rule, pointer, t string, least, most int) string {
	switch n := utf8.RuneCountInString(t); {
	case n == 0 && least > 0:
		r.add(rule, pointer, text.M("fault.required"))
	case n < least:
		r.add(rule, pointer, text.M("fault.too_short", least, n))
	case n > most:
		r.add(rule, pointer, text.M("fault.too_long", most, n))
	}
	return t
}

// tidy drops what cannot be seen or printed: control characters, zero-width ones
// and those that turn the direction of writing, which can make a name read as another.
func tidy(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\n' || c == '\t':
			return c
		case unicode.IsControl(c), unicode.Is(unicode.Cf, c), c == utf8.RuneError:
			return -1
		}
		return c
	}, s)
}

func (r *reader) date(rule, pointer, s string) calendar.Day {
	if strings.TrimSpace(s) == "" {
		r.add(rule, pointer, text.M("fault.required"))
		return calendar.Day{}
	}
	d, err := calendar.Parse(dashed(s))
	r.take(rule, pointer, err)
	return d
}

var written = regexp.MustCompile(`^([0-9]{4})[年/.-]([0-9]{1,2})[月/.-]([0-9]{1,2})日?$`)

// dashed rewrites a day as licences print it, 2016年3月5日 or 2016/3/5, as 2016-03-05.
func dashed(s string) string {
	t := strings.Join(strings.Fields(cn.Fold(s)), "")
	m := written.FindStringSubmatch(t)
	if m == nil {
		return s
	}
	return m[1] + "-" + ("0" + m[2])[len(m[2])-1:] + "-" + ("0" + m[3])[len(m[3])-1:]
}

const (
	licenceFiles = 5 // files of one kind, at most
	e1           = "E-1"
	e2           = "E-2"
	d5           = "D-5"
	o2           = "O-2"
)

// company reads the part of the paper that becomes the vendor's profile.
func (r *reader) company(a Application) vendor.Company {
	in := a.Company
	c := vendor.Company{
		Name:        r.line(e1, "/company/name", in.Name, 2, 100),
		Type:        r.line(e1, "/company/type", in.Type, 2, 60),
		LegalPerson: r.line(e1, "/company/legal_person", in.LegalPerson, 2, 60),
		Address:     r.line(e1, "/company/address", in.Address, 4, 200),
		Scope:       r.prose(e1, "/company/scope", in.Scope, 4, 4000),
		Registrar:   r.line(e1, "/company/registrar", in.Registrar, 4, 100),
	}
	uscc, err := cn.ParseUSCC(in.USCC)
	r.take(e1, "/company/uscc", err)
	c.USCC = string(uscc)
	// Rule E-1: companies only, no individuals.
	if uscc.Individual() {
		r.fail(e1, "/company/uscc", text.M("qualification.individual"), text.M("qualification.individual_mend"))
	} else if strings.Contains(c.Type, "个体") {
		r.fail(e1, "/company/type", text.M("qualification.individual"), text.M("qualification.individual_mend"))
	}
	c.Capital, err = ParseCapital(in.Capital, in.Currency)
	r.take(e1, "/company/capital", err)
	if c.Established = r.date(e1, "/company/established", in.Established); c.Established.After(r.day) {
		r.add(e1, "/company/established", text.M("qualification.day_in_future"))
	}
	if !in.LongTerm {
		c.TermUntil = r.date(e1, "/company/term_until", in.TermUntil)
		if !c.TermUntil.IsZero() && c.TermUntil.Before(r.day) {
			r.fail(e1, "/company/term_until", text.M("qualification.licence_expired", c.TermUntil), text.M("qualification.licence_expired_mend"))
		}
	}
	c.Account = r.account(a.Account, c.Name)
	c.Contact.Name = r.line(e2, "/contact/name", a.Contact.Name, 2, 50)
	phone, err := cn.ParseMobile(a.Contact.Phone)
	r.take(e2, "/contact/phone", err)
	c.Contact.Phone = string(phone)
	c.Contact.Mail, err = cn.ParseEmail(a.Contact.Mail)
	r.take(e2, "/contact/mail", err)
	c.ServiceMail, err = cn.ParseEmail(a.Service.Mail)
	r.take(e2, "/service/mail", err)
	c.ServicePhone, err = cn.ParsePhone(a.Service.Phone)
	r.take(e2, "/service/phone", err)
	c.Hours = r.hours(a.Service.Hours)
	r.prose(e2, "/service/team", a.Service.Team, 0, 2000)
	c.ShopName = r.line(o2, "/shop/name", a.Shop.Name, 2, 30)
	c.Intro = r.prose(o2, "/shop/intro", a.Shop.Intro, 0, 1000)
	if strings.TrimSpace(a.Shop.Site) != "" {
		c.Site, err = ParseSite(a.Shop.Site)
		r.take(o2, "/shop/site", err)
	}
	return c
}

// account reads the corporate account, which must be the company's own. Rule D-5.
func (r *reader) account(in Account, company string) vendor.BankAccount {
	a := vendor.BankAccount{
		Holder:   r.line(d5, "/account/holder", in.Holder, 2, 100),
		Bank:     r.line(d5, "/account/bank", in.Bank, 2, 60),
		Branch:   r.line(d5, "/account/branch", in.Branch, 2, 100),
		Province: r.line(d5, "/account/province", in.Province, 2, 20),
		City:     r.line(d5, "/account/city", in.City, 2, 30),
	}
	if a.Holder != "" && company != "" && !cn.SameName(a.Holder, company) {
		r.add(d5, "/account/holder", text.M("qualification.holder_differs"))
	}
	var err error
	a.Number, err = cn.ParseAccount(in.Number)
	r.take(d5, "/account/number", err)
	if strings.TrimSpace(in.CNAPS) == "" {
		return a
	}
	branch, err := cn.ParseCNAPS(in.CNAPS)
	r.take(d5, "/account/cnaps", err)
	a.CNAPS = branch.Code
	if doubt, is := branch.Doubt(); is {
		r.hint(d5, "/account/cnaps", doubt)
	}
	return a
}

// hours reads the timetable; a span left empty is passed over. Rule E-2.
func (r *reader) hours(h Hours) calendar.Week {
	var w calendar.Week
	sound := true
	days := [][]Span{h.Mon, h.Tue, h.Wed, h.Thu, h.Fri, h.Sat, h.Sun}
	for i, d := range calendar.Weekdays() {
		var spans []calendar.Span
		at := make([]int, 0, len(days[i])) // where in the form each span stands
		for k, s := range days[i] {
			if strings.TrimSpace(s.From) == "" && strings.TrimSpace(s.To) == "" {
				continue
			}
			pointer := fmt.Sprintf("/service/hours/%s/%d", calendar.WeekdayName(d), k)
			from, err1 := calendar.ParseClock(s.From)
			r.take(e2, pointer+"/from", err1)
			to, err2 := calendar.ParseClock(s.To)
			r.take(e2, pointer+"/to", err2)
			if err1 != nil || err2 != nil {
				sound = false
				continue
			}
			spans, at = append(spans, calendar.Span{From: from, To: to}), append(at, k)
		}
		var day calendar.Week
		day.Set(d, spans)
		var f *fault.Error
		if errors.As(day.Check(), &f) {
			sound = false
			for _, x := range f.Fields {
				r.add(e2, "/service/hours"+renumber(x.Pointer, at), x.Message)
			}
		}
		w.Set(d, spans)
	}
	switch need := r.policy.Entry; {
	case !sound:
	case w.IsZero():
		r.add(e2, "/service/hours", text.M("qualification.no_hours"))
	case !w.Meets(need.ServiceDays, need.ServiceHours):
		r.fail(e2, "/service/hours", text.M("qualification.too_few_hours", w.DaysOf(need.ServiceHours), need.ServiceHours),
			text.M("qualification.too_few_hours_mend", need.ServiceDays, need.ServiceHours))
	}
	return w
}

// renumber turns "/mon/0/to" of the spans that count into the place in the form.
func renumber(pointer string, at []int) string {
	parts := strings.Split(pointer, "/")
	var i int
	if _, err := fmt.Sscanf(parts[2], "%d", &i); err == nil && i < len(at) {
		parts[2] = fmt.Sprint(at[i])
	}
	return strings.Join(parts, "/")
}

// Currencies lists the currencies of a registered capital that the form offers.
func Currencies() []string { return []string{"CNY", "USD", "HKD", "EUR", "GBP", "JPY", "SGD"} }

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

// ParseCapital reads a registered capital as licences print it: 5000000, 500万元,
// 人民币伍佰万元整, in the currency of a code ("" is CNY). It is Invalid when it is
// no amount, not more than nothing, or the code is not three letters.
func ParseCapital(s, code string) (money.Amount, error) {
	if code = strings.ToUpper(strings.TrimSpace(code)); code == "" {
		code = money.Yuan
	}
	if !currency.MatchString(code) {
		return money.Amount{}, fault.New(fault.Invalid, "money.bad_currency", code)
	}
	if len(s) > 200 {
		return money.Amount{}, fault.New(fault.Invalid, "money.not_an_amount")
	}
	t := strings.Join(strings.Fields(cn.Fold(s)), "")
	a, err := money.Parse(t)
	if err != nil && t != "" {
		a, err = parseMyriads(t, err)
	}
	if err != nil {
		return money.Amount{}, err
	}
	if a.Fen <= 0 {
		return money.Amount{}, fault.New(fault.Invalid, "qualification.capital_nothing")
	}
	return money.Amount{Fen: a.Fen, Currency: code}, nil
}

var myriads = regexp.MustCompile(`^(?:人民币|¥|CNY|RMB)?([0-9,]+)(?:\.([0-9]{1,6}))?(万|亿)(?:元|人民币|元人民币|元整)?$`)

func parseMyriads(t string, plain error) (money.Amount, error) {
	if m := myriads.FindStringSubmatch(t); m != nil {
		zeros := 4
		if m[3] == "亿" {
			zeros = 8
		}
		decimals := (m[2] + "00000000")[:8]
		number := m[1] + decimals[:zeros]
		if rest := strings.TrimRight(decimals[zeros:], "0"); rest != "" {
			number += "." + rest
		}
		return money.Parse(strings.ReplaceAll(number, ",", ""))
	}
	capital := strings.TrimPrefix(t, "人民币")
	for _, form := range []string{capital, capital + "整", capital + "元整"} {
		if fen, err := cn.ParseCapital(form); err == nil {
			return money.CNY(fen), nil
		}
	}
	return money.Amount{}, plain
}

// ParseSite reads the address of a web site, http or https, with or without the
// scheme. Anything else, as an address with a user's name in it, is Invalid.
func ParseSite(s string) (string, error) {
	t := strings.TrimSpace(tidy(cn.Fold(s)))
	if t == "" {
		return "", fault.New(fault.Invalid, "fault.required")
	}
	if !strings.Contains(t, "://") {
		t = "https://" + t
	}
	u, err := url.Parse(t)
	bad := fault.New(fault.Invalid, "qualification.bad_site")
	if err != nil || len(t) > 300 || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || strings.ContainsAny(t, " \n\t\\\"<>") {
		return "", bad
	}
	if host := u.Hostname(); !strings.Contains(host, ".") || strings.HasPrefix(host, ".") || strings.HasSuffix(host, ".") || strings.Contains(host, "..") || strings.Contains(host, ":") {
		return "", bad
	}
	u.Host = strings.ToLower(u.Host)
	return u.String(), nil
}
