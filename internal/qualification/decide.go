package qualification

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Decision is what a reviewer hands in, all at once: a verdict on each condition
// that still asks for one, and an outcome for each category applied for.
type Decision struct {
	ID         string    `path:"id" json:"-"` // the application
	Version    int64     `json:"version"`     // as the reviewer saw it
	Verdicts   []Verdict `json:"verdicts"`
	Categories []Outcome `json:"categories"`
	Items      []Named   `json:"items"` // what else the vendor has to mend, with an outcome "return"
}

// Outcome is the decision on one category.
type Outcome struct {
	Category policy.CategoryID `json:"category"`
	Decision CategoryAct       `json:"decision"` // approve, refuse or return
}

// Named is one item that the vendor is asked to mend, beside those of the verdicts.
type Named struct {
	Category policy.CategoryID `json:"category,omitempty"` // "" concerns the company
	Field    string            `json:"field"`              // JSON pointer into the application
	Text     string            `json:"text"`
}

const longestReason = 500

// Decide settles a submission: its verdicts, each category approved, refused or
// sent back, and the profile of the company when one is approved. It is Invalid
// when a verdict is missing or decision and verdicts contradict each other, and
// fault.Conflict when somebody else has the application or it changed meanwhile.
// Nothing of it is written by halves. Rules O-3, C-3, E-1 to E-6.4.
func Decide(ctx context.Context, tx *db.Tx, by access.Actor, in Decision) (Review, error) {
	if err := by.Require(access.ReviewApplications); err != nil {
		return Review{}, err
	}
	r, err := byID(ctx, tx, in.ID)
	if err != nil {
		return Review{}, err
	}
	if err := vendor.Lock(ctx, tx, r.vendorID); err != nil {
		return Review{}, err
	}
	to := r
	if to.status, err = r.status.Next(ActDecide); err != nil {
		return Review{}, err
	}
	if r.holder != by.ID {
		return Review{}, heldBy(ctx, tx, r.holder)
	}
	if in.Version != r.version {
		return Review{}, fault.New(fault.Conflict, "fault.changed")
	}
	v, f, err := review(ctx, tx, r)
	if err != nil {
		return Review{}, err
	}
	if err := in.check(v, f); err != nil {
		return Review{}, err
	}
	if to.status, err = r.status.Next(in.act()); err != nil {
		return Review{}, err
	}
	if err := in.write(ctx, tx, by, r, v, f); err != nil {
		return Review{}, err
	}
	data := DecidedData{Submission: v.Submission.ID, Number: v.Submission.Number, Categories: make(map[policy.CategoryID]CategoryStatus)}
	for _, o := range in.Categories {
		status, err := put(ctx, tx, r.vendorID, v.Submission.ID, v.Standing(o.Category), o.Decision)
		if err != nil {
			return Review{}, err
		}
		data.Categories[o.Category] = status
	}
	if in.approves() {
		if !slices.ContainsFunc(v.Standings, func(s Standing) bool { return s.Status == Qualified }) { // its first: from now on it waits for a contract
			if err := AwaitContract(ctx, tx, r.vendorID, tx.Now()); err != nil {
				return Review{}, err
			}
		}
		to.mode = v.Submission.Mode // Rule M-4
		company, err := ownAccount(ctx, tx, r.vendorID, v.Company)
		if err != nil {
			return Review{}, err
		}
		if err := vendor.Update(ctx, tx, by, r.vendorID, company); err != nil {
			return Review{}, err
		}
	} else if err := vendor.Free(ctx, tx, r.vendorID); err != nil {
		return Review{}, err
	}
	to.holder, to.heldSince = "", time.Time{}
	if err := r.move(ctx, tx, to); err != nil {
		return Review{}, err
	}
	if err := Decided.Append(ctx, tx, by, event.About{Subject: r.id, VendorID: r.vendorID}, data); err != nil {
		return Review{}, err
	}
	return Get(ctx, tx, by, r.id)
}

func (d Decision) act() Act {
	if slices.ContainsFunc(d.Categories, func(o Outcome) bool { return o.Decision == Return }) {
		return ActSendBack
	}
	return ActDecide
}

func (d Decision) approves() bool {
	return slices.ContainsFunc(d.Categories, func(o Outcome) bool { return o.Decision == Approve })
}

// write keeps the verdicts, each with what it was given on, and the decision.
func (d Decision) write(ctx context.Context, tx *db.Tx, by access.Actor, r record, v Review, f facts) error {
	for _, x := range d.Verdicts {
		x.Submission, x.By, x.At = v.Submission.ID, by.ID, tx.Now()
		x.basis = f.blind(basisOf(v.Submission.Paper, verdictKey{x.Condition, x.Category}))
		if x.Result == Met {
			x.Reason, x.Field = "", ""
		}
		if err := x.insert(ctx, tx, r.vendorID); err != nil {
			return err
		}
	}
	outcome := OutcomeDecided
	if d.act() == ActSendBack {
		outcome = OutcomeSentBack
	}
	return settle(ctx, tx, v.Submission.ID, outcome, by.ID, &d)
}

// check is Invalid unless the decision is whole and free of contradiction. It tidies
// the texts and fills in the field of a verdict that names none.
func (d *Decision) check(v Review, f facts) error {
	var bad fault.Fields
	given := d.verdicts(&bad, v)
	outcomes := d.outcomes(&bad, v)
	d.items(&bad, v)
	if bad.Len() > 0 {
		return bad.Err()
	}
	for _, id := range v.Submission.Categories {
		category, known := f.policy.Category(id)
		if !known {
			continue
		}
		i := outcomes[id]
		d.contradictions(&bad, fmt.Sprintf("/categories/%d/decision", i), d.Categories[i], v.Check.For(category), given)
	}
	return bad.Err()
}

// verdicts reads the verdicts and where each stands in the paper.
func (d *Decision) verdicts(bad *fault.Fields, v Review) map[verdictKey]int {
	given := make(map[verdictKey]int)
	for i := range d.Verdicts {
		x := &d.Verdicts[i]
		at := fmt.Sprintf("/verdicts/%d", i)
		rule := string(x.Condition)
		k := verdictKey{x.Condition, x.Category}
		c, asked := v.Check.Of(x.Condition, x.Category)
		condition, _ := v.Policy.Condition(x.Condition)
		if !asked || !condition.Reviewed || x.Category != "" && !slices.Contains(v.Submission.Categories, x.Category) {
			bad.Add(at+"/condition", "qualification.verdict_not_asked", rule)
			continue
		}
		if _, twice := given[k]; twice {
			bad.AddRule(rule, at+"/condition", "qualification.verdict_twice", rule)
			continue
		}
		given[k] = i
		x.Reason = strings.TrimSpace(tidy(x.Reason))
		switch x.Result {
		case Met:
			if c.State == NotMet && c.Reason == "" { // computed: a person cannot make it true
				bad.AddRule(rule, at+"/result", "qualification.computed_not_met", c.Message)
			}
		case NotMet:
			if n := utf8.RuneCountInString(x.Reason); n == 0 {
				bad.AddRule(rule, at+"/reason", "qualification.reason_wanted")
			} else if n > longestReason {
				bad.AddRule(rule, at+"/reason", "fault.too_long", longestReason, n)
			}
			if x.Field == "" {
				x.Field = c.Field
			}
			if !pointsIntoPaper(x.Field) {
				bad.AddRule(rule, at+"/field", "qualification.bad_field")
			}
		default:
			bad.AddRule(rule, at+"/result", "fault.unknown_choice", string(x.Result))
		}
	}
	return given
}

// outcomes wants exactly one outcome for each category of the submission. Rule C-3.
func (d *Decision) outcomes(bad *fault.Fields, v Review) map[policy.CategoryID]int {
	found := make(map[policy.CategoryID]int)
	for i, o := range d.Categories {
		at := fmt.Sprintf("/categories/%d", i)
		if !slices.Contains(v.Submission.Categories, o.Category) {
			bad.AddRule("C-3", at+"/category", "qualification.not_applied_for", string(o.Category))
			continue
		}
		if _, twice := found[o.Category]; twice {
			bad.AddRule("C-3", at+"/category", "qualification.decided_twice")
			continue
		}
		found[o.Category] = i
		if o.Decision != Approve && o.Decision != Refuse && o.Decision != Return {
			bad.AddRule("C-3", at+"/decision", "fault.unknown_choice", string(o.Decision))
		}
	}
	for _, id := range v.Submission.Categories {
		if _, ok := found[id]; !ok {
			c, _ := v.Policy.Category(id)
			bad.AddRule("C-3", "/categories", "qualification.undecided", c.Name)
		}
	}
	return found
}

func (d *Decision) items(bad *fault.Fields, v Review) {
	for i := range d.Items {
		x := &d.Items[i]
		at := fmt.Sprintf("/items/%d", i)
		x.Text = strings.TrimSpace(tidy(x.Text))
		if n := utf8.RuneCountInString(x.Text); n == 0 {
			bad.Add(at+"/text", "fault.required")
		} else if n > longestReason {
			bad.Add(at+"/text", "fault.too_long", longestReason, n)
		}
		if !pointsIntoPaper(x.Field) {
			bad.Add(at+"/field", "qualification.bad_field")
		}
		if x.Category != "" && !slices.Contains(v.Submission.Categories, x.Category) {
			bad.AddRule("C-3", at+"/category", "qualification.not_applied_for", string(x.Category))
		}
	}
	if len(d.Items) > 0 && d.act() != ActSendBack {
		bad.Add("/items", "qualification.items_without_return")
	}
}

// contradictions holds a category's decision against its conditions.
func (d *Decision) contradictions(bad *fault.Fields, at string, o Outcome, checks []Check, given map[verdictKey]int) {
	var unmet []Check
	for _, c := range checks {
		state := c.State
		if i, ok := given[verdictKey{c.Condition, c.Category}]; ok {
			state = d.Verdicts[i].Result
		}
		switch state {
		case NotMet:
			unmet = append(unmet, c)
		case WaitingReview, WaitingVendor:
			if o.Decision == Approve {
				bad.AddRule(string(c.Condition), at, "qualification.verdict_missing", string(c.Condition))
			}
		}
	}
	switch o.Decision {
	case Approve:
		for _, c := range unmet {
			bad.AddRule(string(c.Condition), at, "qualification.approved_unmet", string(c.Condition))
		}
	case Refuse:
		if len(unmet) == 0 {
			bad.AddRule("C-3", at, "qualification.refused_without_reason")
		}
	case Return:
		named := slices.ContainsFunc(d.Items, func(n Named) bool { return n.Category == "" || n.Category == o.Category })
		if len(unmet) == 0 && !named {
			bad.AddRule("C-3", at, "qualification.returned_without_item")
		}
	}
}

// pointsIntoPaper reports whether a pointer names a part of the application.
func pointsIntoPaper(pointer string) bool {
	if !strings.HasPrefix(pointer, "/") || utf8.RuneCountInString(pointer) > 120 {
		return false
	}
	return slices.Contains([]string{"company", "account", "documents", "contact", "service", "shop", "categories", "mode", "evidence", "agreements"}, head(pointer))
}

// Reasons lists the ready texts for a condition, which a reviewer may change.
func (v Review) Reasons(c policy.ConditionID) []policy.Reason { return v.Policy.ReasonsFor(string(c)) }

// Told lists what a decision asks the vendor to mend: the reasons of verdicts that
// were not met and the named items, each at its field.
func (d Decision) Told() []fault.Field {
	var list []fault.Field
	for _, x := range d.Verdicts {
		if x.Result == NotMet {
			list = append(list, fault.Field{Pointer: x.Field, Rule: string(x.Condition), Message: text.M("qualification.in_words", x.Reason)})
		}
	}
	for _, n := range d.Items {
		list = append(list, fault.Field{Pointer: n.Field, Rule: "O-3", Message: text.M("qualification.in_words", n.Text)})
	}
	return list
}
