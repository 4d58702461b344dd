package qualification

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// State is the state of a condition.
type State string

// The states of a condition (rules E).
const (
	Met           State = "met"
	NotMet        State = "not_met"        // with a reason the vendor can act on
	WaitingVendor State = "waiting_vendor" // something is missing or unreadable
	WaitingReview State = "waiting_review" // in order as far as a program can tell
)

// Name is the word of the state for people.
func (s State) Name() text.Key { return text.Key("qualification.state_" + string(s)) }

// Check is the state of one condition, for the company or for one category.
type Check struct {
	Condition policy.ConditionID
	Category  policy.CategoryID // "" is once for the company
	State     State
	Field     string       // JSON pointer of where to look
	Message   text.Message // why; empty when met
	Mend      text.Message // what would mend it; may be empty
	Reason    string       // the reviewer's words, with NotMet
	Problems  []fault.Field
	Verdict   *Verdict // the last one given, whether it still counts or not
	Carried   bool     // met by a verdict of an earlier submission: it is not asked again
}

// SelfCheck is the state of every condition that a paper has to meet.
type SelfCheck struct {
	Checks []Check
	Open   []fault.Field // what else the form lacks (O-2, D-5, M-4, C-3)
	Hints  []fault.Field // what a person should look at again; never stops anything
	Ready  bool          // Submit would take it
}

// Of finds the check of a condition; the category is "" for one per company.
func (s SelfCheck) Of(condition policy.ConditionID, category policy.CategoryID) (Check, bool) {
	i := slices.IndexFunc(s.Checks, func(c Check) bool { return c.Condition == condition && c.Category == category })
	if i < 0 {
		return Check{}, false
	}
	return s.Checks[i], true
}

// For lists the checks that decide on a category: the company's and its own.
func (s SelfCheck) For(category policy.Category) []Check {
	var checks []Check
	for _, c := range s.Checks {
		if slices.Contains(category.Conditions, c.Condition) && (c.Category == "" || c.Category == category.ID) {
			checks = append(checks, c)
		}
	}
	return checks
}

// Problems lists everything that keeps the paper from being submitted.
func (s SelfCheck) Problems() []fault.Field {
	var all []fault.Field
	for _, c := range s.Checks {
		all = append(all, c.Problems...)
	}
	return append(all, s.Open...)
}

// facts is all that the state of the conditions depends on.
type facts struct {
	policy    policy.Policy
	paper     Application
	day       calendar.Day               // of submission; of a draft, today
	owned     map[string]bool            // the files that are the vendor's
	missing   []agreement.Document       // not accepted in their present version
	taken     bool                       // the credit code is another vendor's
	barred    bool                       // the company was evicted
	approved  map[policy.CategoryID]bool // qualified already
	verdicts  map[verdictKey]Verdict     // the last one of each condition
	blind     func(string) string        // hashes what a verdict was given on
	submitted string                     // the submission that lies before a reviewer; "" for a draft
}

type verdictKey struct {
	condition policy.ConditionID
	category  policy.CategoryID
}

// examine establishes the state of every condition of the categories that the
// paper names. It is the only place that does: the self-check, Submit, the review
// and the decision read its result.
func examine(f facts) (SelfCheck, vendor.Company) {
	r := &reader{day: f.day, policy: f.policy}
	company := r.company(f.paper)
	if f.taken {
		r.problems = append(r.problems, problem{Field: vendor.USCCTaken().Fields[0]})
	}
	if f.barred {
		r.problems = append(r.problems, problem{Field: vendor.USCCBarred().Fields[0]})
	}
	r.documents(f)
	applied := r.choices(f)
	for _, d := range f.missing {
		r.add("E-5", "/agreements/"+escape(d.ID), text.M("qualification.not_accepted", d.Title))
	}
	for _, c := range applied {
		r.category = c.ID
		r.evidence(f, c, company)
	}
	r.category = ""

	var s SelfCheck
	used := make([]bool, len(r.problems))
	for _, k := range conditionsOf(f.policy, applied) {
		c := Check{Condition: k.condition, Category: k.category, Field: fieldOf(k)}
		fails := false
		for i, p := range r.problems {
			if policy.ConditionID(p.Rule) == k.condition && p.category == k.category {
				c.Problems = append(c.Problems, p.Field)
				used[i] = true
				if p.fails && !fails { // a condition that is not met weighs more than a gap
					fails, c.Field, c.Message, c.Mend = true, p.Pointer, p.Message, p.Mend
				}
			}
		}
		f.conclude(&c, k, fails)
		s.Checks = append(s.Checks, c)
	}
	for i, p := range r.problems {
		if !used[i] {
			s.Open = append(s.Open, p.Field)
		}
	}
	s.Hints = r.hints
	s.Ready = len(r.problems) == 0
	return s, company
}

// conclude gives the check its state from what was computed and the last verdict.
func (f facts) conclude(c *Check, k verdictKey, fails bool) {
	v, judged := f.verdicts[k]
	if judged {
		c.Verdict = &v
	}
	counts := judged && v.basis == f.blind(basisOf(f.paper, k))
	condition, _ := f.policy.Condition(k.condition)
	switch {
	case k.category != "" && f.approved[k.category]:
		c.State, c.Problems = Met, nil
	case fails:
		c.State = NotMet
	case len(c.Problems) > 0:
		c.State, c.Field, c.Message, c.Mend = WaitingVendor, c.Problems[0].Pointer, c.Problems[0].Message, c.Problems[0].Mend
	case !condition.Reviewed:
		c.State = Met
	case counts && v.Result == Met:
		c.State, c.Carried = Met, v.Submission != f.submitted
	case counts && (f.submitted == "" || v.Submission == f.submitted):
		c.State, c.Reason, c.Message = NotMet, v.Reason, text.M("qualification.refused_because")
		if v.Field != "" {
			c.Field = v.Field
		}
	case judged && f.submitted == "":
		c.State, c.Message = WaitingReview, text.M("qualification.changed_since")
	case f.submitted != "":
		c.State, c.Message = WaitingReview, text.M("qualification.under_review")
	default:
		c.State, c.Message = WaitingReview, text.M("qualification.will_be_reviewed")
	}
}

// conditionsOf lists the conditions of the categories in the policy's order: those
// per company once, then each category's own. Without a category it is the
// company's of all, so that the first steps of the form have their checks.
func conditionsOf(p policy.Policy, applied []policy.Category) []verdictKey {
	of := applied
	if len(of) == 0 {
		of = p.Categories
	}
	var keys []verdictKey
	for _, c := range p.Conditions {
		if c.PerCompany && slices.ContainsFunc(of, func(x policy.Category) bool { return slices.Contains(x.Conditions, c.ID) }) {
			keys = append(keys, verdictKey{condition: c.ID})
		}
	}
	for _, x := range applied {
		for _, c := range p.Conditions {
			if !c.PerCompany && slices.Contains(x.Conditions, c.ID) {
				keys = append(keys, verdictKey{c.ID, x.ID})
			}
		}
	}
	return keys
}

// documents reads the company's files. Rule E-1.
func (r *reader) documents(f facts) {
	r.files(f, e1, "/documents/licence", f.paper.Documents.Licence, 1, licenceFiles)
	r.files(f, d5, "/documents/account", f.paper.Documents.Account, 0, licenceFiles)
	r.files(f, e2, "/documents/team", f.paper.Documents.Team, 0, r.policy.Entry.NumberOfEvidence)
}

// files wants between least and most files, all of them the vendor's own.
func (r *reader) files(f facts, rule, pointer string, ids []string, least, most int) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return strings.TrimSpace(id) == "" })
	switch {
	case len(ids) < least:
		r.add(rule, pointer, text.M("qualification.no_file"))
	case len(ids) > most:
		r.add(rule, pointer, text.M("qualification.too_many_files", most, len(ids)))
	}
	for i, id := range ids {
		if !f.owned[id] {
			r.add(rule, fmt.Sprintf("%s/%d", pointer, i), text.M("qualification.file_gone"))
		}
	}
}

// choices reads the categories and the mode. Rules C-3, M-4.
func (r *reader) choices(f facts) []policy.Category {
	var applied []policy.Category
	seen := make(map[policy.CategoryID]bool)
	fresh := false
	for i, id := range f.paper.Categories {
		c, known := f.policy.Category(id)
		if !known {
			r.add("C-3", fmt.Sprintf("/categories/%d", i), text.M("fault.unknown_choice", string(id)))
			continue
		}
		if !seen[id] {
			applied = append(applied, c)
		}
		seen[id] = true
		fresh = fresh || !f.approved[id]
	}
	switch {
	case len(f.paper.Categories) == 0:
		r.add("C-3", "/categories", text.M("qualification.no_category"))
	case len(applied) > 0 && !fresh && f.submitted == "":
		r.add("C-3", "/categories", text.M("qualification.nothing_new"))
	}
	if _, known := f.policy.Modes[f.paper.Mode]; f.paper.Mode == "" {
		r.add("M-4", "/mode", text.M("qualification.no_mode"))
	} else if !known {
		r.add("M-4", "/mode", text.M("fault.unknown_choice", string(f.paper.Mode)))
	}
	return applied
}

// evidence reads what supports one category's own conditions.
func (r *reader) evidence(f facts, c policy.Category, company vendor.Company) {
	if f.approved[c.ID] {
		return
	}
	at := "/evidence/" + escape(string(c.ID))
	e := f.paper.Evidence[c.ID]
	most := f.policy.Entry.NumberOfEvidence
	for _, id := range c.Conditions {
		rule := string(id)
		switch id {
		case "E-3":
			r.trade(at, e, company)
			r.files(f, rule, at+"/trade_files", e.TradeFiles, 1, most)
		case "E-4":
			if !e.BuiltOn {
				r.add(rule, at+"/built_on", text.M("qualification.not_declared"))
			}
			r.prose(rule, at+"/built_note", e.BuiltNote, 10, 2000)
			r.files(f, rule, at+"/built_files", e.BuiltFiles, 1, most)
		case "E-6.1":
			r.capital(company.Capital)
		case "E-6.2":
			_, err := ParseSite(e.Site)
			r.take(rule, at+"/site", err)
		case "E-6.4":
			r.files(f, rule, at+"/rd_files", e.RDFiles, 1, most)
		}
	}
	r.prose(o2, at+"/note", e.Note, 0, 2000)
	r.files(f, o2, at+"/files", e.Files, 0, most)
}

// trade wants enough years between the start of the trade and the submission. A
// start on 29 February counts as one on the 28th. Rule E-3.
func (r *reader) trade(at string, e Evidence, company vendor.Company) {
	pointer := at + "/trade_start"
	start := r.date("E-3", pointer, e.TradeStart)
	years := r.policy.Entry.TradeYears
	switch {
	case start.IsZero():
	case start.After(r.day):
		r.add("E-3", pointer, text.M("qualification.day_in_future"))
	case start.AddYears(years).After(r.day):
		r.fail("E-3", pointer, text.M("qualification.trade_too_short", start, years), text.M("qualification.trade_too_short_mend", start.AddYears(years)))
	case start.Before(company.Established):
		r.hint("E-3", pointer, text.M("qualification.trade_before_company", company.Established))
	}
}

// capital wants strictly more than the policy's amount; another currency is for
// the reviewer. Rule E-6.1.
func (r *reader) capital(a money.Amount) {
	need := money.CNY(r.policy.Entry.CapitalAboveFen)
	switch {
	case a.IsZero(): // noted as unreadable under E-1
		r.add("E-6.1", "/company/capital", text.M("qualification.capital_unknown"))
	case !a.SameCurrency(need):
		r.hint("E-6.1", "/company/capital", text.M("qualification.capital_foreign", a))
	case a.Cmp(need) <= 0:
		r.fail("E-6.1", "/company/capital", text.M("qualification.capital_too_low", a, need), text.M("qualification.capital_too_low_mend"))
	}
}

// fieldOf is where a reader should look for a condition.
func fieldOf(k verdictKey) string {
	at := "/evidence/" + escape(string(k.category))
	switch k.condition {
	case "E-1":
		return "/documents/licence"
	case "E-2":
		return "/service/hours"
	case "E-3":
		return at + "/trade_start"
	case "E-4":
		return at + "/built_on"
	case "E-5":
		return "/agreements"
	case "E-6.1":
		return "/company/capital"
	case "E-6.2":
		return at + "/site"
	case "E-6.4":
		return at + "/rd_files"
	}
	return at + "/note"
}

// basisOf is the part of the paper that a verdict on a condition was given on: the
// verdict counts until it changes.
func basisOf(a Application, k verdictKey) string {
	e := a.Evidence[k.category]
	var part any
	switch k.condition {
	case "E-1":
		part = []any{flatten(a.Company), a.Documents.Licence}
	case "E-2":
		part = []any{flatten(a.Contact), flatten(a.Service), a.Documents.Team}
	case "E-3":
		part = []any{e.TradeStart, e.TradeFiles}
	case "E-4":
		part = []any{e.BuiltOn, e.BuiltNote, e.BuiltFiles}
	case "E-6.1":
		part = []any{a.Company.Capital, a.Company.Currency}
	case "E-6.2":
		part = e.Site
	case "E-6.3":
		part = []any{a.Company.Name, e.Note, e.Files}
	case "E-6.4":
		part = []any{e.RDFiles, flatten(a.Service)}
	default: // a condition of the operator's own
		part = []any{flatten(e)}
	}
	return fmt.Sprintf("%s %s %q", k.condition, k.category, fmt.Sprintf("%q", part))
}

// Verdict is what a reviewer found of one condition.
type Verdict struct {
	Condition  policy.ConditionID `json:"condition"`
	Category   policy.CategoryID  `json:"category,omitempty"` // "" for a condition per company
	Result     State              `json:"result"`             // met or not_met
	Reason     string             `json:"reason,omitempty"`   // for the vendor; required with not_met
	Field      string             `json:"field,omitempty"`    // JSON pointer into the application; "" is the condition's own
	Submission string             `json:"-"`
	By         string             `json:"-"`
	At         time.Time          `json:"-"`
	basis      string
}
