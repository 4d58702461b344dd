package amendment

import (
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// field is one piece of a profile that can be changed: where it stands in the paper,
// how it reads, and how it comes from one profile into another.
type field struct {
	pointer string
	part    Part
	text    func(c vendor.Company) string
	put     func(into *vendor.Company, from vendor.Company)
}

// fields are all of them, in the order of policy.Changeable; a test compares the two.
var fields = []field{
	{"/company/name", PartName, func(c vendor.Company) string { return c.Name }, func(c *vendor.Company, f vendor.Company) { c.Name = f.Name }},
	{"/company/type", PartLicence, func(c vendor.Company) string { return c.Type }, func(c *vendor.Company, f vendor.Company) { c.Type = f.Type }},
	{"/company/legal_person", PartLicence, func(c vendor.Company) string { return c.LegalPerson }, func(c *vendor.Company, f vendor.Company) { c.LegalPerson = f.LegalPerson }},
	{"/company/capital", PartLicence, func(c vendor.Company) string { return capital(c) }, func(c *vendor.Company, f vendor.Company) { c.Capital = f.Capital }},
	{"/company/established", PartLicence, func(c vendor.Company) string { return day(c.Established) }, func(c *vendor.Company, f vendor.Company) { c.Established = f.Established }},
	{"/company/term_until", PartLicence, func(c vendor.Company) string { return day(c.TermUntil) }, func(c *vendor.Company, f vendor.Company) { c.TermUntil = f.TermUntil }},
	{"/company/address", PartLicence, func(c vendor.Company) string { return c.Address }, func(c *vendor.Company, f vendor.Company) { c.Address = f.Address }},
	{"/company/scope", PartLicence, func(c vendor.Company) string { return c.Scope }, func(c *vendor.Company, f vendor.Company) { c.Scope = f.Scope }},
	{"/company/registrar", PartLicence, func(c vendor.Company) string { return c.Registrar }, func(c *vendor.Company, f vendor.Company) { c.Registrar = f.Registrar }},
	{"/contact/name", PartContact, func(c vendor.Company) string { return c.Contact.Name }, func(c *vendor.Company, f vendor.Company) { c.Contact.Name = f.Contact.Name }},
	{"/contact/phone", PartContact, func(c vendor.Company) string { return c.Contact.Phone }, func(c *vendor.Company, f vendor.Company) { c.Contact.Phone = f.Contact.Phone }},
	{"/contact/mail", PartContact, func(c vendor.Company) string { return c.Contact.Mail }, func(c *vendor.Company, f vendor.Company) { c.Contact.Mail = f.Contact.Mail }},
	{"/service/mail", PartService, func(c vendor.Company) string { return c.ServiceMail }, func(c *vendor.Company, f vendor.Company) { c.ServiceMail = f.ServiceMail }},
	{"/service/phone", PartService, func(c vendor.Company) string { return c.ServicePhone }, func(c *vendor.Company, f vendor.Company) { c.ServicePhone = f.ServicePhone }},
	{"/service/hours", PartService, func(c vendor.Company) string { return hours(c.Hours) }, func(c *vendor.Company, f vendor.Company) { c.Hours = f.Hours }},
	{"/shop/name", PartShop, func(c vendor.Company) string { return c.ShopName }, func(c *vendor.Company, f vendor.Company) { c.ShopName = f.ShopName }},
	{"/shop/site", PartShop, func(c vendor.Company) string { return c.Site }, func(c *vendor.Company, f vendor.Company) { c.Site = f.Site }},
	{"/shop/intro", PartShop, func(c vendor.Company) string { return c.Intro }, func(c *vendor.Company, f vendor.Company) { c.Intro = f.Intro }},
}

func day(d calendar.Day) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func capital(c vendor.Company) string {
	if c.Capital.IsZero() {
		return ""
	}
	return c.Capital.Code() + " " + c.Capital.String()
}

// hours writes a timetable for programs: "mon 09:00-12:00 13:00-18:00; tue 09:00-18:00".
func hours(w calendar.Week) string {
	var days []string
	for _, d := range calendar.Weekdays() {
		spans := w.On(d)
		if len(spans) == 0 {
			continue
		}
		said := calendar.WeekdayName(d)
		for _, s := range spans {
			said += " " + s.String()
		}
		days = append(days, said)
	}
	return strings.Join(days, "; ")
}

// Change is one field of a request, old and new. The end of a licence without one is "".
type Change struct {
	Field    string // JSON pointer
	Part     Part
	Was, Now string
}

// Changes lists the fields in which two profiles differ, in the order of the form.
func changes(was, now vendor.Company) []Change {
	var list []Change
	for _, f := range fields {
		if a, b := f.text(was), f.text(now); a != b {
			list = append(list, Change{f.pointer, f.part, a, b})
		}
	}
	return list
}

// put carries the named fields from one profile into another.
func put(into vendor.Company, from vendor.Company, pointers []string) vendor.Company {
	for _, f := range fields {
		if slices.Contains(pointers, f.pointer) {
			f.put(&into, from)
		}
	}
	return into
}

// fieldOf is the field that a place in the form belongs to: "/service/hours" of
// "/service/hours/mon/0/from".
func fieldOf(pointer string) string {
	switch pointer {
	case "/company/long_term":
		return "/company/term_until"
	case "/company/currency":
		return "/company/capital"
	}
	for _, f := range fields {
		if pointer == f.pointer || strings.HasPrefix(pointer, f.pointer+"/") {
			return f.pointer
		}
	}
	return ""
}

// Form is a profile as a form holds it.
func Form(c vendor.Company) qualification.Application {
	a := qualification.Application{
		Company: qualification.Company{
			Name: c.Name, USCC: c.USCC, Type: c.Type, LegalPerson: c.LegalPerson, Established: day(c.Established), TermUntil: day(c.TermUntil),
			LongTerm: c.TermUntil.IsZero(), Address: c.Address, Scope: c.Scope, Registrar: c.Registrar,
		},
		Account: qualification.Account(c.Account),
		Contact: qualification.Contact{Name: c.Contact.Name, Phone: cn.Mobile(c.Contact.Phone).National(), Mail: c.Contact.Mail},
		Service: qualification.Service{Mail: c.ServiceMail, Phone: c.ServicePhone, Hours: formHours(c.Hours)},
		Shop:    qualification.Shop{Name: c.ShopName, Site: c.Site, Intro: c.Intro},
	}
	if !c.Capital.IsZero() {
		a.Company.Capital, a.Company.Currency = c.Capital.String(), c.Capital.Code()
	}
	return a
}

func formHours(w calendar.Week) qualification.Hours {
	var h qualification.Hours
	days := []*[]qualification.Span{&h.Mon, &h.Tue, &h.Wed, &h.Thu, &h.Fri, &h.Sat, &h.Sun}
	for i, d := range calendar.Weekdays() {
		for _, s := range w.On(d) {
			*days[i] = append(*days[i], qualification.Span{From: s.From.String(), To: s.To.String()})
		}
	}
	return h
}

// company reads a form that was in order when it was kept.
func company(p policy.Policy, a qualification.Application) vendor.Company {
	c, _ := qualification.Profile(p, calendar.Day{}, a)
	return c
}

func partsOf(list []Change) []Part {
	var parts []Part
	for _, c := range list {
		if !slices.Contains(parts, c.Part) {
			parts = append(parts, c.Part)
		}
	}
	return parts
}

func pointersOf(list []Change) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Field)
	}
	return out
}
