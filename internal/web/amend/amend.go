// Package amend says a request for a change in words, for the room where it is made
// and the room where it is decided on: what differs, and where it stands.
package amend

import (
	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/apply"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// StatusTag is a request's status in words.
func StatusTag(p text.Printer, s amendment.Status) ui.Status {
	tones := map[amendment.Status]ui.Tone{amendment.Checking: ui.Warn, amendment.Waiting: ui.Info, amendment.InReview: ui.Info, amendment.Pausing: ui.Warn,
		amendment.Done: ui.OK, amendment.Refused: ui.Bad, amendment.StoppedDead: ui.Bad}
	return ui.Status{Label: p.T(s.Name()), Tone: tones[s]}
}

// Label is what a field of a request is called.
func Label(p text.Printer, pointer string) string { return p.T(amendment.FieldLabel(pointer)) }

// Value is what a field says, in words.
func Value(p text.Printer, r amendment.Request, c amendment.Change, old bool) string {
	paper, s := r.Paper.Now, c.Now
	if old {
		paper, s = r.Paper.Was, c.Was
	}
	switch c.Field {
	case "/service/hours":
		return apply.Hours(p, paper.Service.Hours)
	case "/company/term_until":
		if s == "" {
			return p.T("web_change.long_term")
		}
	}
	if s == "" {
		return p.T("web_change.none")
	}
	return s
}

// Differences is the table of what a request changes, old and new side by side.
func Differences(p text.Printer, v amendment.Review, parts ...amendment.Part) ui.Table {
	t := ui.Table{Caption: p.T("web_change.differences"),
		Columns: []ui.Column{{Label: p.T("web_change.field"), Tight: true}, {Label: p.T("web_change.was")}, {Label: p.T("web_change.now")}},
		Blank:   ui.Blank{Icon: "ok", Title: p.T("web_change.no_differences")}}
	for _, c := range v.Changes {
		if len(parts) > 0 && c.Part != parts[0] {
			continue
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.S(Label(p, c.Field)), Old(Value(p, v.Request, c, true)), New(Value(p, v.Request, c, false))}})
	}
	return t
}

// Facts are what a request for a mode, a term or a new name says.
func Facts(p text.Printer, r amendment.Request) []ui.Fact {
	var list []ui.Fact
	if r.Paper.Number != "" {
		list = append(list, ui.Fact{Term: p.T("web_change.contract"), Value: r.Paper.Number})
	}
	if r.Paper.Mode != "" {
		list = append(list, ui.Fact{Term: p.T("web_change.wanted_mode"), Value: p.T(text.Key("web_apply.mode_" + string(r.Paper.Mode)))})
	}
	if r.Paper.Months > 0 {
		list = append(list, ui.Fact{Term: p.T("web_change.wanted_months"), Value: p.T("web_change.months", r.Paper.Months)})
	}
	return list
}

// Modes are the modes to choose from.
func Modes(p text.Printer, rules policy.Policy) []ui.Option {
	var out []ui.Option
	for _, m := range []policy.Mode{policy.Platform, policy.Resale} {
		if _, ok := rules.Modes[m]; ok {
			out = append(out, ui.Option{Value: string(m), Label: p.T(text.Key("web_apply.mode_" + string(m))), Note: p.T(text.Key("web_change.mode_note_" + string(m)))})
		}
	}
	return out
}

// Requirements are duties as a list shows them.
func Requirements(p text.Printer, list []amendment.Duty) []ui.Requirement {
	states := map[amendment.When]ui.Met{amendment.PastDue: ui.WithFault, amendment.CurrentlyDue: ui.WaitsYou, amendment.Eventually: ui.WaitsYou, amendment.Pending: ui.InReview}
	out := make([]ui.Requirement, len(list))
	for i, d := range list {
		out[i] = ui.Requirement{State: states[d.When], Rule: d.Rule, Text: p.Say(d.Message), Word: p.T(text.Key("web_change.when_" + string(d.When))), Act: ui.Act{Label: p.T("web_change.see_to"), Href: d.Link}}
		if d.Mend.Key != "" {
			out[i].Mend = p.Say(d.Mend)
		}
		if d.When == amendment.Pending {
			out[i].Act.Label = p.T("web_change.look")
		}
	}
	return out
}
