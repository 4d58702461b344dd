package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Revision is a change of a product that was approved once (S-2).
type Revision struct {
	ID          string                 `json:"id"`
	ProductID   string                 `json:"product_id"`
	Status      product.RevisionStatus `json:"status" doc:"draft, submitted, in_review, approved, rejected, dropped"`
	StatusText  string                 `json:"status_text" doc:"the status in the reader's language"`
	Route       product.Route          `json:"route,omitempty" doc:"full or light; once submitted"`
	Fields      []string               `json:"fields" nullable:"false" doc:"the fields that it changes"`
	Note        string                 `json:"note,omitempty" doc:"what was changed and why"`
	MadeAt      time.Time              `json:"made_at"`
	SubmittedAt *time.Time             `json:"submitted_at,omitempty"`
	PromisedAt  *time.Time             `json:"promised_at,omitempty"`
	EndedAt     *time.Time             `json:"ended_at,omitempty"`
	Reasons     []string               `json:"reasons,omitempty" doc:"why it was rejected"`
	Content     product.Content        `json:"content"`
}

func viewRevision(p text.Printer, x product.Revision) Revision {
	return Revision{ID: x.ID, ProductID: x.ProductID, Status: x.Status, StatusText: p.T(x.Status.Name()), Route: x.Route, Fields: append([]string{}, x.Fields...), Note: x.Note,
		MadeAt: x.MadeAt, SubmittedAt: when(x.SubmittedAt), PromisedAt: when(x.PromisedAt), EndedAt: when(x.EndedAt), Content: x.Content}
}

func viewPastRevision(p text.Printer, x product.PastRevision) Revision {
	out := viewRevision(p, x.Revision)
	out.Reasons = x.Reasons
	return out
}

// RevisionChange is what a revision does to one field.
type RevisionChange struct {
	Field string       `json:"field" doc:"JSON pointer into the content"`
	Light bool         `json:"light" doc:"the policy counts it as light"`
	Words []WordRun    `json:"words,omitempty" doc:"of texts: what stays, goes and is new, in order"`
	Plans []PlanChange `json:"plans,omitempty"`
}

// WordRun is some words of a text that were changed in the same way.
type WordRun struct {
	Kind product.RunKind `json:"kind" doc:"same, gone or new"`
	Text string          `json:"text"`
}

// PlanChange is a plan before and after.
type PlanChange struct {
	Was     *product.Plan `json:"was,omitempty"`
	Is      *product.Plan `json:"is,omitempty"`
	Percent *int64        `json:"percent,omitempty" doc:"change of the sale price in hundredths of a per cent"`
}

// RevisionFolder is a revision with what it changes and its reviews.
type RevisionFolder struct {
	Revision
	VendorName string           `json:"vendor_name"`
	Changes    []RevisionChange `json:"changes" nullable:"false"`
	Missing    []ProductNeed    `json:"missing" nullable:"false" doc:"what it lacks before it may be submitted"`
	Foreseen   product.Route    `json:"foreseen_route" doc:"the route it would take now"`
	Reviews    []ProductReview  `json:"reviews" nullable:"false"`
	Checks     []ProductCheck   `json:"checks" nullable:"false"`
	HolderName string           `json:"holder_name,omitempty" doc:"staff only"`
}

func viewRevisionFolder(p text.Printer, f product.RevisionFolder) RevisionFolder {
	out := RevisionFolder{Revision: viewRevision(p, f.Revision), VendorName: f.VendorName, Foreseen: f.Foreseen, HolderName: f.HolderName,
		Changes: []RevisionChange{}, Missing: []ProductNeed{}, Reviews: []ProductReview{}, Checks: []ProductCheck{}}
	for _, c := range f.Changes {
		x := RevisionChange{Field: c.Pointer, Light: c.Light}
		for _, r := range c.Runs {
			x.Words = append(x.Words, WordRun{r.Kind, r.Text})
		}
		for _, pl := range c.Plans {
			change := PlanChange{Was: pl.Was, Is: pl.Is}
			if pl.Told {
				change.Percent = &pl.Percent
			}
			x.Plans = append(x.Plans, change)
		}
		out.Changes = append(out.Changes, x)
	}
	for _, x := range f.Lacking {
		out.Missing = append(out.Missing, ProductNeed{Pointer: x.Pointer, Detail: p.Say(x.Message), Rule: x.Rule})
	}
	for _, r := range f.Reviews {
		out.Reviews = append(out.Reviews, ProductReview{Outcome: r.Outcome, Verdicts: r.Verdicts, Note: r.Note, DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt})
	}
	for _, c := range f.Checks {
		out.Checks = append(out.Checks, ProductCheck{c.ID, c.Name.In(p.Lang)})
	}
	return out
}

// ReviewLine is a product or a revision that waits for a reviewer.
type ReviewLine struct {
	ProductID  string            `json:"product_id"`
	RevisionID string            `json:"revision_id,omitempty" doc:"absent for a product that was not approved yet"`
	Name       string            `json:"name"`
	VendorID   string            `json:"vendor_id"`
	VendorName string            `json:"vendor_name"`
	Category   policy.CategoryID `json:"category"`
	Form       policy.Form       `json:"form"`
	Route      product.Route     `json:"route" doc:"new, full or light"`
	Since      *time.Time        `json:"since,omitempty"`
	PromisedBy *time.Time        `json:"promised_by,omitempty"`
	HolderID   string            `json:"holder_id,omitempty"`
	HolderName string            `json:"holder_name,omitempty"`
}

type reviewQueueQuery struct {
	Route    string `query:"route" enum:"new,full,light" doc:"only this route"`
	Category string `query:"category"`
	Mine     bool   `query:"mine" doc:"only what you have claimed"`
	Spot     bool   `query:"spot" doc:"instead: what went live unseen and was not looked at yet"`
	Cursor   string `query:"cursor"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type queuePart struct {
	lines []product.QueueLine
	next  string
}

func reviewQueue(ctx context.Context, tx *db.Tx, by access.Actor, q reviewQueueQuery) (queuePart, error) {
	lines, err := product.Waits(ctx, tx, by, product.QueueFilter{Route: product.Route(q.Route), Category: policy.CategoryID(q.Category), Mine: q.Mine, Spot: q.Spot, After: q.Cursor, Limit: q.Limit})
	out := queuePart{lines: lines}
	if len(lines) > 0 && len(lines) == q.Limit {
		out.next = lines[len(lines)-1].Cursor()
	}
	return out, err
}

func viewQueue(_ text.Printer, part queuePart) Page[ReviewLine] {
	out := Page[ReviewLine]{Items: make([]ReviewLine, len(part.lines)), Next: part.next}
	for i, x := range part.lines {
		out.Items[i] = ReviewLine{ProductID: x.ProductID, RevisionID: x.RevisionID, Name: x.Name, VendorID: x.VendorID, VendorName: x.VendorName, Category: x.Category, Form: x.Form,
			Route: x.Route, Since: when(x.Since), PromisedBy: when(x.PromisedBy), HolderID: x.Holder, HolderName: x.HolderName}
	}
	return out
}

func (a *API) revisionRoutes() {
	const tag, office = "products", "operator"
	post(a, route{path: "/products/{id}/revise", tag: tag, id: "revise-product", summary: "Change what was approved: writes the open revision, or begins one (S-2)"}, product.Revise, viewRevision)
	get(a, route{path: "/products/{id}/revision", tag: tag, id: "get-open-revision", summary: "The open revision, what it changes and what it lacks"}, product.OpenRevisionOf, viewRevisionFolder)
	get(a, route{path: "/products/{id}/revisions", tag: tag, id: "list-revisions", summary: "The revisions of a product, the latest first"}, product.History, each(viewPastRevision))
	act(a, route{path: "/products/{id}/revision/submit", tag: tag, id: "submit-revision", summary: "Hand the revision to the review, by the route its changes take (S-2)"}, product.SubmitRevision, viewRevision)
	act(a, route{path: "/products/{id}/revision/take-back", tag: tag, id: "take-revision-back", summary: "Make it a draft again"}, product.TakeRevisionBack, viewRevision)
	act(a, route{path: "/products/{id}/revision/drop", tag: tag, id: "drop-revision", summary: "End it; what is live stays"}, product.DropRevision, viewRevision)

	get(a, route{path: "/operator/review-queue", tag: office, id: "list-review-queue", summary: "Products and revisions that wait for a reviewer, by what was promised"}, reviewQueue, viewQueue)
	get(a, route{path: "/operator/revisions/{id}", tag: office, id: "get-revision", summary: "A revision with what it changes, word by word"}, staffOnly(product.OpenRevision), viewRevisionFolder)
	act(a, route{path: "/operator/revisions/{id}/claim", tag: office, id: "claim-revision", summary: "Take a revision for review"}, product.ClaimRevision, viewRevision)
	act(a, route{path: "/operator/revisions/{id}/release", tag: office, id: "release-revision", summary: "Give it back to the queue"}, product.ReleaseRevision, viewRevision)
	post(a, route{path: "/operator/revisions/{id}/review", tag: office, id: "review-revision", summary: "Approve, and it is live at once, or reject (S-2)"}, product.DecideRevision, viewRevision)
	act(a, route{path: "/operator/revisions/{id}/spot", tag: office, id: "check-spot", summary: "Note that a change which went live unseen was looked at"}, product.CheckSpot, viewRevision)
}

// staffOnly wraps an operation that the operator's address of it refuses to others.
func staffOnly[I, O any](op func(context.Context, *db.Tx, access.Actor, I) (O, error)) func(context.Context, *db.Tx, access.Actor, I) (O, error) {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (O, error) {
		if err := by.Require(access.SeeVendors); err != nil {
			var none O
			return none, err
		}
		return op(ctx, tx, by, in)
	}
}
