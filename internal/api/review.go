package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Waiting is an application in the staff's queue.
type Waiting struct {
	ID         string              `json:"id"`
	VendorID   string              `json:"vendor_id"`
	VendorName string              `json:"vendor_name"`
	Categories []policy.CategoryID `json:"categories" nullable:"false"`
	Status     string              `json:"status"`
	Version    int64               `json:"version"`
	Number     int64               `json:"number" doc:"of the submission; more than 1 is a re-submission"`
	Since      *time.Time          `json:"since,omitempty"`
	PromisedBy *time.Time          `json:"promised_by,omitempty"`
	Holder     *Holder             `json:"holder,omitempty"`
}

// Holder is who of the staff has something.
type Holder struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func viewWaiting(_ text.Printer, i qualification.Item) Waiting {
	w := Waiting{ID: i.ID, VendorID: i.VendorID, VendorName: i.VendorName, Categories: i.Subject, Status: string(i.Status), Version: i.Version,
		Number: i.Number, Since: when(i.Since), PromisedBy: when(i.PromisedBy)}
	if i.Holder != "" {
		w.Holder = &Holder{ID: i.Holder, Name: i.HolderName}
	}
	return w
}

// ReviewView is an application as staff see it.
type ReviewView struct {
	Waiting
	Application qualification.Application `json:"application" doc:"as submitted; personal and bank data are masked for those who do not review"`
	SubmittedBy string                    `json:"submitted_by"`
	Address     string                    `json:"address" doc:"IP"`
	Agreements  []Acceptance              `json:"agreements" nullable:"false"`
	SelfCheck   SelfCheck                 `json:"self_check"`
	Standings   []Standing                `json:"standings" nullable:"false"`
	Compared    int64                     `json:"compared_with,omitempty" doc:"number of the submission that changes are counted from"`
	Changes     []FieldChange             `json:"changes" nullable:"false"`
	Files       []File                    `json:"files" nullable:"false"`
	Notes       []Note                    `json:"notes" nullable:"false"`
	History     []PastSubmission          `json:"history" nullable:"false"`
}

// FieldChange is a field that differs from an earlier submission.
type FieldChange struct {
	Field string `json:"field"`
	Was   string `json:"was,omitempty"`
	Now   string `json:"now,omitempty"`
}

// Note is what staff write for each other.
type Note struct {
	Text string    `json:"text"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

// PastSubmission is one submission and what became of it.
type PastSubmission struct {
	Number     int64                   `json:"number"`
	At         time.Time               `json:"at"`
	Categories []policy.CategoryID     `json:"categories" nullable:"false"`
	Outcome    string                  `json:"outcome,omitempty" doc:"decided, returned or taken_back"`
	DecidedBy  string                  `json:"decided_by,omitempty"`
	DecidedAt  *time.Time              `json:"decided_at,omitempty"`
	Decision   *qualification.Decision `json:"decision,omitempty"`
}

// seen is a review with whether its reader may see what is personal in it.
type seenReview struct {
	qualification.Review
	whole bool
}

func viewReview(p text.Printer, r seenReview) ReviewView {
	v := ReviewView{Waiting: viewWaiting(p, r.Item), Application: r.Submission.Paper, SubmittedBy: r.People[r.Submission.By], Address: r.Submission.Address,
		Agreements: each(viewAcceptance)(p, r.Signed).Items, SelfCheck: viewCheck(p, r.Check), Standings: each(viewStanding)(p, r.Standings).Items,
		Compared: r.Compared, Changes: []FieldChange{}, Files: []File{}, Notes: each(viewNote)(p, r.Notes).Items}
	if !r.whole {
		v.Application = v.Application.Masked()
	}
	for _, c := range r.Changes {
		f := FieldChange{Field: c.Field}
		if r.whole || !qualification.Personal(c.Field) {
			f.Was, f.Now = c.Was, c.Now
		}
		v.Changes = append(v.Changes, f)
	}
	for _, f := range r.Files {
		v.Files = append(v.Files, viewFile(p, f))
	}
	for _, s := range r.History {
		v.History = append(v.History, PastSubmission{Number: s.Number, At: s.At, Categories: s.Categories, Outcome: s.Outcome,
			DecidedBy: r.People[s.DecidedBy], DecidedAt: when(s.DecidedAt), Decision: s.Decision})
	}
	return v
}

func viewNote(_ text.Printer, n qualification.Note) Note {
	return Note{Text: n.Text, By: n.Name, At: n.At}
}

func sees(by access.Actor, r qualification.Review) seenReview {
	return seenReview{r, by.May(access.ReviewApplications)}
}

type queueQuery struct {
	Holder string `query:"holder" doc:"an account's id, or me"`
	Free   bool   `query:"free" doc:"only those nobody has"`
	Late   bool   `query:"late" doc:"only those past their promised time"`
	Closed bool   `query:"decided" doc:"those settled instead of those that wait"`
	Vendor string `query:"vendor"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

type byID struct {
	ID string `path:"id"`
}

func (a *API) reviewRoutes() {
	get(a, route{path: "/operator/applications", tag: "operator/applications", id: "list-applications", summary: "Applications that wait, the longest waiting first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q queueQuery) (listed[qualification.Item], error) {
			f := qualification.Filter{Holder: q.Holder, Free: q.Free, Late: q.Late, Decided: q.Closed, Vendor: q.Vendor, After: q.Cursor, Limit: upTo(q.Limit)}
			if f.Holder == "me" {
				f.Holder = by.ID
			}
			all, err := qualification.List(ctx, tx, by, f)
			return listed[qualification.Item]{all, f.Limit}, err
		}, paged(func(i qualification.Item) string { return i.ID }, viewWaiting))
	get(a, route{path: "/operator/applications/{id}", tag: "operator/applications", id: "get-application-review", summary: "An application as submitted, with its conditions, changes, notes and history"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (seenReview, error) {
			r, err := qualification.Get(ctx, tx, by, q.ID)
			return sees(by, r), err
		}, viewReview)
	act(a, route{path: "/operator/applications/{id}/claim", tag: "operator/applications", id: "claim-application", summary: "Take an application for review"}, qualification.Claim, viewWaiting)
	act(a, route{path: "/operator/applications/{id}/release", tag: "operator/applications", id: "release-application", summary: "Put an application back into the queue"}, qualification.Release, viewWaiting)
	post(a, route{path: "/operator/applications/{id}/notes", tag: "operator/applications", id: "note-application", summary: "Write an internal note"}, qualification.AddNote, each(viewNote))
	post(a, route{path: "/operator/applications/{id}/decide", tag: "operator/applications", id: "decide-application", summary: "Give the verdicts and decide on every category, all at once (O-3)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, in qualification.Decision) (seenReview, error) {
			r, err := qualification.Decide(ctx, tx, by, in)
			return sees(by, r), err
		}, viewReview)
	get(a, route{path: "/operator/applications/{id}/agreements", tag: "operator/applications", id: "list-acceptances", summary: "Every acceptance of agreements by the company"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) ([]agreement.Signed, error) {
			r, err := qualification.Get(ctx, tx, by, q.ID)
			return r.Signed, err
		}, each(viewAcceptance))
}
