package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Application is your company's application: what is filled in, where it stands
// and what is missing.
type Application struct {
	ID          string                    `json:"id,omitempty" doc:"absent before the first save"`
	VendorID    string                    `json:"vendor_id"`
	Status      string                    `json:"status" doc:"draft, submitted, in_review, returned or decided"`
	StatusText  string                    `json:"status_text"`
	Version     int64                     `json:"version" doc:"send it back when saving or submitting, so that nothing is overwritten"`
	Application qualification.Application `json:"application" doc:"as typed"`
	SavedAt     *time.Time                `json:"saved_at,omitempty"`
	SubmittedAt *time.Time                `json:"submitted_at,omitempty"`
	PromisedBy  *time.Time                `json:"promised_by,omitempty" doc:"when the review should be done"`
	Changed     bool                      `json:"changed" doc:"differs from the last submission"`
	Categories  []Standing                `json:"categories" nullable:"false"`
	ToMend      []ProblemField            `json:"to_mend" nullable:"false" doc:"what the last review asks you to mend"`
	SelfCheck   SelfCheck                 `json:"self_check"`
}

// Standing is where a company stands with one category.
type Standing struct {
	Category   string     `json:"category"`
	Status     string     `json:"status" doc:"applied, approved, refused, returned or withdrawn"`
	StatusText string     `json:"status_text"`
	ChangedAt  time.Time  `json:"changed_at"`
	ApprovedAt *time.Time `json:"approved_at,omitempty"`
}

func viewStanding(p text.Printer, s qualification.Standing) Standing {
	return Standing{Category: string(s.Category), Status: string(s.Status), StatusText: p.T(s.Status.Name()), ChangedAt: s.ChangedAt, ApprovedAt: when(s.ApprovedAt)}
}

// SelfCheck is the state of each condition.
type SelfCheck struct {
	Ready  bool           `json:"ready" doc:"submitting would be accepted"`
	Checks []Condition    `json:"checks" nullable:"false"`
	Open   []ProblemField `json:"open" nullable:"false" doc:"what else the form lacks"`
	Hints  []ProblemField `json:"hints" nullable:"false" doc:"worth a second look; stops nothing"`
}

// Condition is the state of one entry condition, for the company or one category.
type Condition struct {
	Rule      string         `json:"rule" doc:"E-1 … E-6.4"`
	Category  string         `json:"category,omitempty" doc:"absent for a condition per company"`
	State     string         `json:"state" doc:"met, not_met, waiting_vendor or waiting_review"`
	StateText string         `json:"state_text"`
	Field     string         `json:"field" doc:"JSON pointer into the application"`
	Text      string         `json:"text,omitempty"`
	Reason    string         `json:"reason,omitempty" doc:"the reviewer's words"`
	Mend      string         `json:"mend,omitempty"`
	Accepted  bool           `json:"accepted,omitempty" doc:"by an earlier review; not asked again"`
	Problems  []ProblemField `json:"problems" nullable:"false"`
}

func viewCheck(p text.Printer, s qualification.SelfCheck) SelfCheck {
	out := SelfCheck{Ready: s.Ready, Checks: make([]Condition, len(s.Checks)), Open: problems(p, s.Open), Hints: problems(p, s.Hints)}
	for i, c := range s.Checks {
		out.Checks[i] = Condition{Rule: string(c.Condition), Category: string(c.Category), State: string(c.State), StateText: p.T(c.State.Name()), Field: c.Field,
			Text: said(p, c.Message), Reason: c.Reason, Mend: said(p, c.Mend), Accepted: c.Carried, Problems: problems(p, c.Problems)}
	}
	return out
}

// said is a message in words; an empty one is "".
func said(p text.Printer, m text.Message) string {
	if m.Key == "" {
		return ""
	}
	return p.Say(m)
}

func problems(p text.Printer, list []fault.Field) []ProblemField {
	out := make([]ProblemField, len(list))
	for i, f := range list {
		out[i] = ProblemField{Pointer: f.Pointer, Detail: said(p, f.Message), Rule: f.Rule, Mend: said(p, f.Mend)}
	}
	return out
}

func viewApplication(p text.Printer, v qualification.View) Application {
	out := Application{ID: v.ID, VendorID: v.VendorID, Status: string(v.Status), StatusText: p.T(v.Status.Name()), Version: v.Version, Application: v.Paper,
		SavedAt: when(v.SavedAt), SubmittedAt: when(v.SubmittedAt), PromisedBy: when(v.PromisedBy), Changed: v.Changed,
		Categories: each(viewStanding)(p, v.Standings).Items, ToMend: []ProblemField{}, SelfCheck: viewCheck(p, v.Check)}
	if v.Last != nil && v.Last.Decision != nil {
		out.ToMend = problems(p, v.Last.Decision.Told())
	}
	return out
}

// Begun is a company that has begun to apply.
type Begun struct {
	VendorID string `json:"vendor_id"`
}

func (a *API) applicationRoutes() {
	act(a, route{path: "/application/begin", tag: "application", id: "begin-application", summary: "Apply as a vendor (服务商入驻, O-2); you become the company's owner", status: 201},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (vendor.Vendor, error) {
			return vendor.Register(ctx, tx, by)
		}, func(_ text.Printer, v vendor.Vendor) Begun { return Begun{v.ID} })
	mine := func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (qualification.View, error) {
		return qualification.Mine(ctx, tx, by)
	}
	get(a, route{path: "/application", tag: "application", id: "get-application", summary: "Your company's application"}, mine, viewApplication)
	post(a, route{path: "/application", tag: "application", id: "save-application", summary: "Keep the draft as it is, one step or all"}, qualification.Save, viewApplication)
	get(a, route{path: "/application/self-check", tag: "application", id: "self-check", summary: "Each condition of each category with its state and what would mend it"}, mine,
		func(p text.Printer, v qualification.View) SelfCheck { return viewCheck(p, v.Check) })
	post(a, route{path: "/application/submit", tag: "application", id: "submit-application", summary: "Put the application before the reviewers"}, unnamed(qualification.Submit), viewApplication)
	post(a, route{path: "/application/take-back", tag: "application", id: "take-back-application", summary: "Make a submitted application a draft again"}, unnamed(qualification.TakeBack), viewApplication)
}

// Turn says which version of the application an act is meant for.
type Turn struct {
	Version int64 `json:"version,omitempty" doc:"as last read; left out, whatever is there"`
}

func unnamed[T any](op do[qualification.Turn, T]) do[Turn, T] {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (T, error) {
		return op(ctx, tx, by, qualification.Turn{Version: in.Version})
	}
}
