package policy

import (
	"fmt"
	"slices"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Measure is what is done about a violation (domain-cn.md §2.8).
type Measure string

// The measures, the mildest first.
const (
	Warning    Measure = "warning"
	ProductOff Measure = "product_off" // the product leaves the shelf
	Deduction  Measure = "deduction"   // from the deposit, D-11
)

// Measures lists the measures, the mildest first.
func Measures() []Measure { return []Measure{Warning, ProductOff, Deduction} }

// Offence is a kind of violation of the vendor management rules.
type Offence struct {
	ID      string  `json:"id"`
	Name    Name    `json:"name"`
	Rule    Name    `json:"rule"`  // the words of the rule that is broken
	Grave   bool    `json:"grave"` // 严重
	Measure Measure `json:"measure"`
	// What a deduction takes by default: an amount, or a share of the deposit required.
	Fen              int64 `json:"fen,omitempty"`
	ShareBasisPoints int64 `json:"share_basis_points,omitempty"`
}

// Suggested is what a deduction for the offence takes by default, given the
// deposit that is required; zero for the other measures.
func (o Offence) Suggested(required money.Amount) money.Amount {
	switch {
	case o.Measure != Deduction:
		return money.CNY(0)
	case o.Fen > 0:
		return money.CNY(o.Fen)
	}
	return money.CNY((required.Fen*o.ShareBasisPoints + 5000) / 10000)
}

// Violations are the numbers and words of penalties (D-11).
type Violations struct {
	Offences        []Offence `json:"offences"`
	TopUpDays       int       `json:"top_up_working_days"`
	AppealDays      int       `json:"appeal_working_days"`
	DecisionHours   int       `json:"decision_hours"`        // promised, of a recorded violation
	AppealHours     int       `json:"appeal_decision_hours"` // promised, of an appeal
	AfterAppeal     bool      `json:"deduct_after_appeal"`   // a deduction is posted when the time of appeal has ended, not at the decision
	ReminderDays    []int     `json:"reminder_working_days"` // before the top-up is due; 0 is on the day
	ReminderHour    int       `json:"reminder_hour"`         // of the day, from which on reminders go out
	MostFen         int64     `json:"deduction_fen_at_most"`
	Series          string    `json:"deduction_series"`        // of the records of what was taken
	ReturnSeries    string    `json:"deduction_return_series"` // of the records of what was given back
	FilesAtMost     int       `json:"files_at_most"`           // of evidence, and of an appeal
	CharactersLeast int       `json:"characters_least"`        // of a description and of an appeal
	CharactersMost  int       `json:"characters_at_most"`      // of each text
}

// Offence finds a kind of violation; unknown is false.
func (v Violations) Offence(id string) (Offence, bool) {
	i := slices.IndexFunc(v.Offences, func(o Offence) bool { return o.ID == id })
	if i < 0 {
		return Offence{}, false
	}
	return v.Offences[i], true
}

// validateViolations refuses offences without words or measure, and clocks that do not run.
func (p Policy) validateViolations(f *fault.Fields) {
	const at = "/violations"
	v := p.Violations
	seen := make(map[string]bool)
	for i, o := range v.Offences {
		here := fmt.Sprintf("%s/offences/%d", at, i)
		switch {
		case o.ID == "":
			f.Add(here+"/id", "fault.required")
		case seen[o.ID]:
			f.Add(here+"/id", "policy.twice", o.ID)
		}
		seen[o.ID] = true
		named(f, here+"/name", o.Name)
		named(f, here+"/rule", o.Rule)
		switch {
		case !slices.Contains(Measures(), o.Measure):
			f.Add(here+"/measure", "fault.unknown_choice", string(o.Measure))
		case o.Measure == Deduction && o.Fen <= 0 && o.ShareBasisPoints <= 0:
			f.AddRule("D-11", here+"/fen", "policy.positive")
		case o.ShareBasisPoints < 0 || o.ShareBasisPoints > 10000:
			f.AddRule("D-11", here+"/share_basis_points", "policy.basis_points")
		case o.Fen < 0 || o.Fen > v.MostFen:
			f.AddRule("D-11", here+"/fen", "policy.deduction_most", money.CNY(v.MostFen))
		}
	}
	for _, n := range []struct {
		name  string
		value int64
	}{
		{"top_up_working_days", int64(v.TopUpDays)}, {"appeal_working_days", int64(v.AppealDays)}, {"decision_hours", int64(v.DecisionHours)},
		{"appeal_decision_hours", int64(v.AppealHours)}, {"deduction_fen_at_most", v.MostFen}, {"files_at_most", int64(v.FilesAtMost)},
		{"characters_least", int64(v.CharactersLeast)}, {"characters_at_most", int64(v.CharactersMost)},
	} {
		if n.value <= 0 {
			f.AddRule("D-11", at+"/"+n.name, "policy.positive")
		}
	}
	for i, d := range v.ReminderDays {
		if d < 0 || d > v.TopUpDays {
			f.AddRule("D-11", fmt.Sprintf("%s/reminder_working_days/%d", at, i), "policy.reminder_day", v.TopUpDays)
		}
	}
	if v.Series == "" || v.Series == p.ReceiptSeries {
		f.AddRule("D-11", at+"/deduction_series", "policy.own_series")
	}
	if v.ReturnSeries == "" || v.ReturnSeries == p.ReceiptSeries || v.ReturnSeries == v.Series {
		f.AddRule("D-11", at+"/deduction_return_series", "policy.own_series")
	}
	if v.ReminderHour < 0 || v.ReminderHour > 23 {
		f.AddRule("D-11", at+"/reminder_hour", "policy.hour")
	}
}
