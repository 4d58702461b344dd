// Package apply says an application's fields in words, for the room where it is
// filled in and the room where it is reviewed: the label of each field, the values
// of a form, and what a self-check shows.
package apply

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// groups are the fields of the company in the order of the form; those of the
// evidence come once per category.
var groups = []struct {
	name   string
	fields []string
}{
	{"company", []string{"name", "uscc", "type", "legal_person", "capital", "currency", "established", "long_term", "term_until", "address", "scope", "registrar"}},
	{"account", []string{"holder", "bank", "branch", "province", "city", "number", "cnaps"}},
	{"documents", []string{"licence", "account", "team"}},
	{"contact", []string{"name", "phone", "mail"}},
	{"service", []string{"mail", "phone", "hours", "team"}},
	{"shop", []string{"name", "site", "intro"}},
}

// own are the input names of the company's fields.
var own = func() []string {
	var names []string
	for _, g := range groups {
		names = append(names, Names(g.name)...)
	}
	return append(names, "categories", "mode", "agreements")
}()

// Names are the input names of a group of fields, as "account".
func Names(group string) []string {
	var names []string
	for _, g := range groups {
		if g.name == group {
			for _, f := range g.fields {
				names = append(names, group+"."+f)
			}
		}
	}
	return names
}

var evidence = []string{"trade_start", "trade_files", "built_on", "built_note", "built_files", "site", "rd_files", "note", "files"}

// Label is what the field of an input name is called, with its category before it.
func Label(p text.Printer, rules policy.Policy, name string) string {
	parts := strings.Split(name, ".")
	if parts[0] == "evidence" && len(parts) > 2 {
		return p.T("web_apply.of_category", categoryName(p, rules, policy.CategoryID(parts[1])), p.T(text.Key("web_apply.evidence_"+parts[2])))
	}
	known := parts[0]
	if len(parts) > 1 && known != "categories" && known != "agreements" {
		known += "_" + parts[1]
	}
	label := p.T(text.Key("web_apply.field_" + known))
	if known == "service_hours" && len(parts) > 2 {
		label += p.T("web_apply.of_day", p.T(text.Key("ui.day_"+parts[2])))
	}
	return label
}

func categoryName(p text.Printer, rules policy.Policy, id policy.CategoryID) string {
	if c, ok := rules.Category(id); ok {
		return c.Name.In(p.Lang)
	}
	return string(id)
}

// Categories are the names of categories.
func Categories(p text.Printer, rules policy.Policy, ids []policy.CategoryID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = categoryName(p, rules, id)
	}
	return p.List(names)
}

// Options are all fields of an application, to choose one from; the value is its pointer.
func Options(p text.Printer, rules policy.Policy, categories []policy.CategoryID) []ui.Option {
	var out []ui.Option
	for _, name := range own {
		out = append(out, ui.Option{Value: ui.PointerOf(name), Label: Label(p, rules, name), Group: p.T("web_apply.of_company")})
	}
	for _, id := range categories {
		for _, name := range evidence {
			out = append(out, ui.Option{Value: ui.PointerOf("evidence." + string(id) + "." + name), Label: p.T(text.Key("web_apply.evidence_" + name)), Group: categoryName(p, rules, id)})
		}
	}
	return out
}

// Values are the inputs of a form that holds the paper.
func Values(a qualification.Application) (url.Values, error) {
	data, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return nil, err
	}
	values := url.Values{}
	fill(values, "", v)
	return values, nil
}

func fill(values url.Values, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			fill(values, strings.TrimPrefix(name+"."+k, "."), x)
		}
	case []any:
		for i, x := range v {
			if s, ok := x.(string); ok {
				values.Add(name, s)
				continue
			}
			fill(values, name+"."+strconv.Itoa(i), x)
		}
	case string:
		if v != "" {
			values.Set(name, v)
		}
	case bool:
		if v {
			values.Set(name, "true")
		}
	}
}

// Value is a field of a paper in words: files by name, boxes as yes, choices by
// their names.
func Value(p text.Printer, rules policy.Policy, field, value string, fileName func(id string) string) string {
	name := ui.NameOf(field)
	parts := strings.Split(value, ", ")
	switch {
	case value == "":
		return ""
	case value == "true":
		return p.T("web_apply.yes")
	case name == "mode":
		return p.T(text.Key("web_apply.mode_" + value))
	case name == "categories":
		ids := make([]policy.CategoryID, len(parts))
		for i, s := range parts {
			ids[i] = policy.CategoryID(s)
		}
		return Categories(p, rules, ids)
	case strings.HasPrefix(name, "documents.") || strings.HasSuffix(name, "files"):
		for i, id := range parts {
			parts[i] = fileName(id)
		}
		return p.List(parts)
	}
	return value
}

// Said puts faults of an application into the reader's language, each with its
// field's label; the sentence stands above them.
func Said(p text.Printer, rules policy.Policy, sentence text.Message, list []fault.Field) ui.Errors {
	e := ui.ErrorsOf(p, &fault.Error{Kind: fault.Invalid, Message: sentence, Fields: list})
	for i, f := range e.Fields {
		e.Fields[i].Label = Label(p, rules, f.Name)
	}
	slices.SortStableFunc(e.Fields, func(a, b ui.FieldError) int { return rank(a.Name) - rank(b.Name) })
	return e
}

// rank is where a field stands in the form; the evidence comes last.
func rank(name string) int {
	for i, x := range own {
		if name == x || strings.HasPrefix(name, x+".") {
			return i
		}
	}
	for i, x := range evidence {
		if strings.Contains(name, "."+x) {
			return len(own) + i
		}
	}
	return 0
}

// Requirements shows a self-check: the conditions of the company first, then those
// of each category. link leads to a field, "" nowhere.
func Requirements(p text.Printer, rules policy.Policy, checks []qualification.Check, link func(pointer string) string) []ui.Requirement {
	out := make([]ui.Requirement, len(checks))
	for i, c := range checks {
		condition, _ := rules.Condition(c.Condition)
		r := ui.Requirement{State: state(c), Rule: string(c.Condition), Text: condition.Name.In(p.Lang)}
		switch {
		case c.Reason != "":
			r.Reason = c.Reason
		case c.State != qualification.Met && c.Message.Key != "":
			r.Reason = p.Say(c.Message)
		case c.Carried:
			r.Mend = p.T("web_apply.accepted_before")
		}
		if c.Mend.Key != "" {
			r.Mend = p.Say(c.Mend)
		}
		if c.State == qualification.WaitingReview && c.Message.Key != "qualification.under_review" {
			r.Word = p.T("web_apply.complete")
		}
		if n := len(c.Problems); n > 1 && c.State == qualification.WaitingVendor {
			r.Reason = p.T("web_apply.and_more", Label(p, rules, ui.NameOf(c.Field)), r.Reason, n-1)
		} else if n == 1 && c.State == qualification.WaitingVendor {
			r.Reason = p.T("web_apply.one_open", Label(p, rules, ui.NameOf(c.Field)), r.Reason)
		}
		if to := link(c.Field); to != "" && (c.State == qualification.WaitingVendor || c.State == qualification.NotMet) {
			r.Act = ui.Act{Label: p.T("web_apply.mend"), Href: to}
		}
		out[i] = r
	}
	return out
}

func state(c qualification.Check) ui.Met {
	switch c.State {
	case qualification.Met:
		return ui.IsMet
	case qualification.NotMet:
		if c.Reason != "" {
			return ui.WithFault
		}
		return ui.NotMet
	case qualification.WaitingReview:
		return ui.InReview
	}
	return ui.WaitsYou
}

// Of are the checks of the company ("") or of one category.
func Of(checks []qualification.Check, category policy.CategoryID) []qualification.Check {
	var out []qualification.Check
	for _, c := range checks {
		if c.Category == category {
			out = append(out, c)
		}
	}
	return out
}

// StatusTag is an application's status in words.
func StatusTag(p text.Printer, s qualification.Status) ui.Status {
	tones := map[qualification.Status]ui.Tone{qualification.Waiting: ui.Info, qualification.InReview: ui.Info, qualification.SentBack: ui.Warn, qualification.DecidedUpon: ui.OK}
	return ui.Status{Label: p.T(s.Name()), Tone: tones[s]}
}

// CategoryTag is a category's status in words.
func CategoryTag(p text.Printer, s qualification.CategoryStatus) ui.Status {
	tones := map[qualification.CategoryStatus]ui.Tone{qualification.Applied: ui.Info, qualification.Qualified: ui.OK, qualification.Refused: ui.Bad, qualification.Returned: ui.Warn}
	return ui.Status{Label: p.T(s.Name()), Tone: tones[s]}
}

// Hours writes the timetable of customer service: the days with their spans.
func Hours(p text.Printer, h qualification.Hours) string {
	var days []string
	for i, spans := range [][]qualification.Span{h.Mon, h.Tue, h.Wed, h.Thu, h.Fri, h.Sat, h.Sun} {
		var said []string
		for _, s := range spans {
			if s.From != "" || s.To != "" {
				said = append(said, s.From+"–"+s.To)
			}
		}
		if len(said) > 0 {
			days = append(days, p.T(text.Key("ui.day_"+calendar.WeekdayName(calendar.Weekdays()[i])))+" "+strings.Join(said, " "))
		}
	}
	return strings.Join(days, p.T("web_apply.hours_join"))
}
