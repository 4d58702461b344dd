package product

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// RevisionStatus is where a revision stands.
type RevisionStatus string

// The statuses of a revision.
const (
	RevisionDraft     RevisionStatus = "draft"
	RevisionSubmitted RevisionStatus = "submitted" // waits for a reviewer
	RevisionInReview  RevisionStatus = "in_review" // a reviewer has it
	RevisionApproved  RevisionStatus = "approved"  // it took the place of what was live
	RevisionRejected  RevisionStatus = "rejected"
	RevisionDropped   RevisionStatus = "dropped" // by its vendor
)

// Acts on revisions alone.
const (
	ActDrop    Act = "drop"
	ActPublish Act = "publish" // live at once, looked at later
)

var revisionMoves = map[RevisionStatus]map[Act]RevisionStatus{
	RevisionDraft:     {ActEdit: RevisionDraft, ActSubmit: RevisionSubmitted, ActPublish: RevisionApproved, ActDrop: RevisionDropped},
	RevisionSubmitted: {ActTakeBack: RevisionDraft, ActClaim: RevisionInReview},
	RevisionInReview:  {ActTakeBack: RevisionDraft, ActRelease: RevisionSubmitted, ActApprove: RevisionApproved, ActReject: RevisionRejected},
	RevisionRejected:  {ActEdit: RevisionDraft, ActSubmit: RevisionSubmitted, ActPublish: RevisionApproved, ActDrop: RevisionDropped},
}

// RevisionStatuses lists the statuses in the order of the story.
func RevisionStatuses() []RevisionStatus {
	return []RevisionStatus{RevisionDraft, RevisionSubmitted, RevisionInReview, RevisionApproved, RevisionRejected, RevisionDropped}
}

// Name is the word of the status for people.
func (s RevisionStatus) Name() text.Key { return text.Key("revision.status_" + string(s)) }

// May reports whether the act is possible in the status.
func (s RevisionStatus) May(a Act) bool { _, ok := revisionMoves[s][a]; return ok }

// Next is the status after an act; one that is not possible is fault.Conflict. Rule S-2.
func (s RevisionStatus) Next(a Act) (RevisionStatus, error) {
	if to, ok := revisionMoves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "revision.wrong_state", s.Name(), a.Name()).Of("S-2")
}

// Route is how a revision is reviewed.
type Route string

// The routes.
const (
	FullRoute  Route = "full"
	LightRoute Route = "light" // of light fields alone, by policy
	NewRoute   Route = "new"   // no revision: a product not approved yet
)

// Routes lists the routes.
func Routes() []Route { return []Route{NewRoute, FullRoute, LightRoute} }

// Name is the word of the route for people.
func (r Route) Name() text.Key { return text.Key("revision.route_" + string(r)) }

// Spot is whether a revision that went live unseen was looked at since.
type Spot string

// The spot checks; "" is none needed.
const (
	SpotOpen Spot = "open"
	SpotDone Spot = "done"
)

// Revision is a change to a product that was approved once (rule S-2). Was is what
// was live when it began and still is while it is open.
type Revision struct {
	ID          string
	ProductID   string
	VendorID    string
	Status      RevisionStatus
	Open        bool  // it may still come to something
	Version     int64 // rises with every change of it
	Base        int64 // the product's revision that it changes
	Was         Content
	Content     Content
	Note        string // the vendor's, on what was changed and why
	Route       Route  // "" before it is submitted
	Fields      []string
	MadeBy      string
	MadeAt      time.Time
	ChangedAt   time.Time
	SubmittedBy string
	SubmittedAt time.Time
	PromisedAt  time.Time // by when the review was promised
	Holder      string    // account id of the reviewer who has it
	HeldAt      time.Time
	EndedBy     string // who approved, rejected or dropped it
	EndedAt     time.Time
	Spot        Spot
}

// ChangeData is the data of an event of a revision.
type ChangeData struct {
	Named
	Revision string   `json:"revision"`
	Route    Route    `json:"route,omitempty"`
	Fields   []string `json:"fields,omitempty"`
	Checks   []string `json:"checks,omitempty"` // those not met
}

// Events of a revision; the subject is the product's id.
var (
	ChangeBegun     = event.Kind[ChangeData]{Name: "product.change_begun"}
	ChangeSubmitted = event.Kind[ChangeData]{Name: "product.change_submitted"}
	ChangeTakenBack = event.Kind[ChangeData]{Name: "product.change_taken_back"}
	ChangeDropped   = event.Kind[ChangeData]{Name: "product.change_dropped"}
	ChangeClaimed   = event.Kind[ChangeData]{Name: "product.change_claimed", Internal: true}
	ChangeReleased  = event.Kind[ChangeData]{Name: "product.change_released", Internal: true}
	ChangeChecked   = event.Kind[ChangeData]{Name: "product.change_checked", Internal: true}
	ChangePassed    = event.Kind[ChangeData]{Name: "product.change_approved"}
	ChangeRefused   = event.Kind[ChangeData]{Name: "product.change_rejected"}
)

func (r Revision) data() ChangeData {
	return ChangeData{Named: Named{r.Content.Name, r.Content.Category}, Revision: r.ID, Route: r.Route, Fields: r.Fields}
}

// Change is a product's changed content as it is handed in; it may be incomplete.
type Change struct {
	ID   string `json:"-" path:"id"` // of the product
	Note string `json:"note"`        // what was changed and why, may be empty
	Content
}

// Revise writes the open revision of a product that was approved once, and begins
// one where there is none. What is live stays as it is. A revision that waits for
// or is in review is fault.Conflict: take it back first. Category and delivery form
// do not change. Rule S-2.
func Revise(ctx context.Context, tx *db.Tx, by access.Actor, in Change) (Revision, error) {
	p, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
		return Revision{}, err
	}
	if _, err := p.Status.Next(ActRevise); err != nil {
		return Revision{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Revision{}, err
	}
	changed := p
	changed.Content = in.Content.clean().withDefaults(pol)
	in.Note = lines(in.Note)
	if err := p.mayBecome(changed.Content, in.Note); err != nil {
		return Revision{}, err
	}
	if err := ownFiles(ctx, tx, by, changed); err != nil {
		return Revision{}, err
	}
	if err := freeCode(ctx, tx, p.VendorID, p.ID, changed.Content.Code); err != nil {
		return Revision{}, err
	}
	r, err := openRevision(ctx, tx, p.ID)
	if fault.Is(err, fault.NotFound) {
		r = Revision{ID: tx.NewID("prv"), ProductID: p.ID, VendorID: p.VendorID, Status: RevisionDraft, Open: true, Version: 1, Base: p.Revision,
			Was: p.Content, Content: changed.Content, Note: in.Note, MadeBy: by.ID, MadeAt: tx.Now(), ChangedAt: tx.Now()}
		if err := r.insert(ctx, tx); err != nil {
			return Revision{}, err
		}
		return r, ChangeBegun.Append(ctx, tx, by, p.about(), r.data())
	}
	if err != nil {
		return Revision{}, err
	}
	err = r.move(ctx, tx, ActEdit, func(r *Revision) { r.Content, r.Note = changed.Content, in.Note })
	return r, err
}

// mayBecome refuses what a revision cannot change.
func (p Product) mayBecome(c Content, note string) error {
	var f fault.Fields
	if c.Category != p.Content.Category {
		f.AddRule("S-2", "/category", "revision.fixed_category")
	}
	if c.Form != p.Content.Form {
		f.AddRule("S-2", "/form", "revision.fixed_form")
	}
	if n := utf8.RuneCountInString(note); n > mostReason {
		f.Add("/note", "fault.too_long", mostReason, n)
	}
	return f.Err()
}

// ownRevision reads a product with its open revision, the vendor's row locked; where
// none is open it is fault.Conflict.
func ownRevision(ctx context.Context, tx *db.Tx, by access.Actor, productID string) (Product, Revision, error) {
	p, err := own(ctx, tx, by, productID)
	if err != nil {
		return Product{}, Revision{}, err
	}
	if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
		return Product{}, Revision{}, err
	}
	r, err := openRevision(ctx, tx, p.ID)
	if fault.Is(err, fault.NotFound) {
		return Product{}, Revision{}, fault.New(fault.Conflict, "revision.none_open").Of("S-2")
	}
	return p, r, err
}

// SubmitRevision hands the open revision of a product to the review, by the route
// that the policy names for what it changes; where the policy lets light changes go
// live at once, it does. Each field that is not in order is an Invalid field, and so
// is a revision that changes nothing. Rule S-2.
func SubmitRevision(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Revision, error) {
	p, r, err := ownRevision(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	if _, err := r.Status.Next(ActSubmit); err != nil {
		return Revision{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Revision{}, err
	}
	if err := may(ctx, tx, p, policy.CreateProduct); err != nil {
		return Revision{}, err
	}
	if err := onboarding.Accepts(ctx, tx, p.VendorID); err != nil {
		return Revision{}, err
	}
	changed := p
	changed.Content = r.Content
	var wrong fault.Fields
	wrong.Put(r.Content.Lacking(pol)...)
	wrong.Put(r.Content.outdated(pol, tx.Now())...)
	route, fields := routeOf(pol, r.Was, r.Content)
	if len(fields) == 0 && p.Status != TakenOff {
		wrong.AddRule("S-2", "/note", "revision.nothing_changed")
	}
	if err := wrong.Err(); err != nil {
		return Revision{}, err
	}
	if err := ownFiles(ctx, tx, by, changed); err != nil {
		return Revision{}, err
	}
	if p.Status == TakenOff {
		route = FullRoute // what was found wrong is looked at as a whole
	}
	submit := func(r *Revision) {
		r.Route, r.Fields, r.SubmittedBy, r.SubmittedAt = route, fields, by.ID, tx.Now()
		hours := pol.Revisions.FullHours
		if route == LightRoute {
			hours = pol.Revisions.LightHours
		}
		r.PromisedAt = tx.Now().Add(time.Duration(hours) * time.Hour)
	}
	if route == LightRoute && pol.Revisions.LightAtOnce {
		return r, r.publish(ctx, tx, by, p, submit)
	}
	if err := r.move(ctx, tx, ActSubmit, submit); err != nil {
		return Revision{}, err
	}
	return r, ChangeSubmitted.Append(ctx, tx, by, p.about(), r.data())
}

// publish lets a light change go live unseen and leaves it to a spot check.
func (r *Revision) publish(ctx context.Context, tx *db.Tx, by access.Actor, p Product, submit func(*Revision)) error {
	err := r.move(ctx, tx, ActPublish, func(r *Revision) {
		submit(r)
		r.Spot, r.EndedAt = SpotOpen, tx.Now()
	})
	if err != nil {
		return err
	}
	if err := ChangeSubmitted.Append(ctx, tx, by, p.about(), r.data()); err != nil {
		return err
	}
	return r.goLive(ctx, tx, by, p)
}

// TakeRevisionBack makes a draft of a revision that waits for or is in review. Rule S-2.
func TakeRevisionBack(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Revision, error) {
	p, r, err := ownRevision(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	if err := r.move(ctx, tx, ActTakeBack, nil); err != nil {
		return Revision{}, err
	}
	return r, ChangeTakenBack.Append(ctx, tx, by, p.about(), r.data())
}

// DropRevision ends a draft or rejected revision; what is live stays.
func DropRevision(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Revision, error) {
	p, r, err := ownRevision(ctx, tx, by, in.ID)
	if err != nil {
		return Revision{}, err
	}
	if err := r.move(ctx, tx, ActDrop, func(r *Revision) { r.EndedBy, r.EndedAt = by.ID, tx.Now() }); err != nil {
		return Revision{}, err
	}
	return r, ChangeDropped.Append(ctx, tx, by, p.about(), r.data())
}
