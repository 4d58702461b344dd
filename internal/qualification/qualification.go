// Package qualification is how a company comes to be allowed into a category: the
// application it fills in and submits, the conditions E-1 to E-6.4, the reviewer's
// verdicts and the decision per category (rules C, E, O-2, O-3). One function,
// examine, establishes the state of every condition; the self-check, Submit, the
// review and the decision all ask it. The package owns the tables application,
// submission, qualification, verdict and application_note. Whether an approved
// company may trade is onboarding's.
package qualification

import (
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Events of an application; the subject is the application's id.
var (
	Submitted = event.Kind[SubmittedData]{Name: "application.submitted"}
	TakenBack = event.Kind[SubmittedData]{Name: "application.taken_back"}
	Claimed   = event.Kind[event.None]{Name: "application.claimed", Internal: true}
	Released  = event.Kind[event.None]{Name: "application.released", Internal: true}
	Noted     = event.Kind[event.None]{Name: "application.noted", Internal: true}
	Decided   = event.Kind[DecidedData]{Name: "application.decided"}
)

// SubmittedData tells which submission it is and what differs from the one before.
type SubmittedData struct {
	Submission string              `json:"submission"`
	Number     int64               `json:"number"`
	Categories []policy.CategoryID `json:"categories"`
	Changed    []string            `json:"changed,omitempty"` // pointers of fields, never values
}

// DecidedData tells the outcome per category.
type DecidedData struct {
	Submission string                               `json:"submission"`
	Number     int64                                `json:"number"`
	Categories map[policy.CategoryID]CategoryStatus `json:"categories"`
}
