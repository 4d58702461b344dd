package qualification

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Item is one application in the staff's queue.
type Item struct {
	ID         string
	VendorID   string
	VendorName string
	Subject    []policy.CategoryID // what it applies for
	Status     Status
	Version    int64
	Number     int64     // of the submission; more than 1 is a re-submission
	Since      time.Time // it waits
	PromisedBy time.Time
	Holder     string // the reviewer who has it; "" is nobody
	HolderName string
}

// Late reports whether the promised time has passed.
func (i Item) Late(now time.Time) bool { return now.After(i.PromisedBy) }

func (i *Item) fields() []any {
	return []any{&i.ID, &i.VendorID, &i.VendorName, db.JSON(&i.Subject), &i.Status, &i.Version, &i.Number,
		db.Time(&i.Since), db.Time(&i.PromisedBy), &i.Holder}
}

const itemColumns = `a.id, a.vendor_id, v.name, s.categories, a.status, a.version, s.number, a.submitted_at, a.promised_by, a.holder`

const itemTables = ` FROM application a JOIN vendor v ON v.id = a.vendor_id JOIN submission s ON s.id = a.submission_id`

// Filter narrows a list of applications; the zero value is all that wait, the
// longest waiting first.
type Filter struct {
	Holder  string // an account's id
	Free    bool   // only those nobody has
	Status  Status // "" is those that wait or are in review
	Late    bool   // only those past their promised time, the most overdue first
	After   string // cursor: the id of the last item seen
	Limit   int    // 0 is 50, at most 200
	Vendor  string // a vendor's id
	Decided bool   // those settled, the latest first, instead of those that wait
}

// List reads the staff's queue of applications.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Item, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q := `SELECT ` + itemColumns + itemTables
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return db.In(len(args), 1)
	}
	at, past, way := "submitted_at", ">", ""
	switch {
	case f.Status != "":
		q += ` WHERE a.status IN ` + arg(string(f.Status))
	case f.Decided:
		q += ` WHERE a.status IN ('decided', 'returned')`
		past, way = "<", " DESC"
	default:
		q += ` WHERE a.status IN ('submitted', 'in_review')`
	}
	if f.Holder != "" {
		q += ` AND a.holder IN ` + arg(f.Holder)
	}
	if f.Free {
		q += ` AND a.holder = ''`
	}
	if f.Vendor != "" {
		q += ` AND a.vendor_id IN ` + arg(f.Vendor)
	}
	if f.Late {
		at = "promised_by"
		q += ` AND a.promised_by < ` + arg(tx.Now())
	}
	if f.After != "" {
		seen, err := byID(ctx, tx, f.After)
		if err != nil {
			return nil, err
		}
		moment := seen.submittedAt
		if f.Late {
			moment = seen.promisedBy
		}
		q += ` AND (a.` + at + `, a.id) ` + past + ` (` + arg(moment) + `, ` + arg(f.After) + `)`
	}
	order := ` ORDER BY a.` + at + way + `, a.id` + way
	items, err := db.All(ctx, tx, (*Item).fields, q+order+` LIMIT `+arg(f.Limit), args...)
	if err != nil {
		return nil, err
	}
	return items, nameHolders(ctx, tx, items)
}

func nameHolders(ctx context.Context, tx *db.Tx, items []Item) error {
	var ids []string
	for _, i := range items {
		if i.Holder != "" {
			ids = append(ids, i.Holder)
		}
	}
	names, err := account.Names(ctx, tx, ids)
	for i := range items {
		items[i].HolderName = names[items[i].Holder]
	}
	return err
}

// Waits is how many applications wait or are in review, how many of them nobody has
// or are past their promised time, each at most db.Most, and since when the longest
// waits.
type Waits struct {
	Count, Free, Late int64
	Oldest            time.Time
}

// Queue counts what waits, for the dashboard.
func Queue(ctx context.Context, tx *db.Tx, by access.Actor) (Waits, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return Waits{}, err
	}
	const from = `FROM application WHERE status IN ('submitted', 'in_review')`
	return db.One(ctx, tx, func(w *Waits) []any { return []any{&w.Count, &w.Free, &w.Late, db.Time(&w.Oldest)} }, `
		SELECT (`+db.Capped(from)+`), (`+db.Capped(from+` AND holder = ''`)+`), (`+db.Capped(from+` AND promised_by < $1`)+`),
			(SELECT MIN(submitted_at) `+from+`)`, tx.Now())
}

// Claim gives an application to the actor for review. One that a colleague has, or
// that does not wait, is fault.Conflict; one's own stays one's own. Rule O-3.
func Claim(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Item, error) {
	if err := by.Require(access.ReviewApplications); err != nil {
		return Item{}, err
	}
	r, err := byID(ctx, tx, in.ID)
	if err != nil {
		return Item{}, err
	}
	if r.status == InReview && r.holder == by.ID {
		return item(ctx, tx, r.id)
	}
	if r.status == InReview {
		return Item{}, heldBy(ctx, tx, r.holder)
	}
	to := r
	if to.status, err = r.status.Next(ActClaim); err != nil {
		return Item{}, err
	}
	if err := in.fits(r); err != nil {
		return Item{}, err
	}
	to.holder, to.heldSince = by.ID, tx.Now()
	if err := r.move(ctx, tx, to); err != nil {
		return Item{}, err
	}
	if err := Claimed.Append(ctx, tx, by, event.About{Subject: r.id, VendorID: r.vendorID}, event.None{}); err != nil {
		return Item{}, err
	}
	return item(ctx, tx, r.id)
}

// Release puts an application back into the queue. Its reviewer may, and who
// manages the staff, so that it does not stay with somebody who is away.
func Release(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Item, error) {
	if err := by.Require(access.ReviewApplications); err != nil && !by.May(access.ManageStaff) {
		return Item{}, err
	}
	r, err := byID(ctx, tx, in.ID)
	if err != nil {
		return Item{}, err
	}
	to := r
	if to.status, err = r.status.Next(ActRelease); err != nil {
		return Item{}, err
	}
	if r.holder != by.ID && !by.May(access.ManageStaff) {
		return Item{}, heldBy(ctx, tx, r.holder)
	}
	if err := in.fits(r); err != nil {
		return Item{}, err
	}
	to.holder, to.heldSince = "", time.Time{}
	if err := r.move(ctx, tx, to); err != nil {
		return Item{}, err
	}
	if err := Released.Append(ctx, tx, by, event.About{Subject: r.id, VendorID: r.vendorID}, event.None{}); err != nil {
		return Item{}, err
	}
	return item(ctx, tx, r.id)
}

func item(ctx context.Context, tx *db.Tx, id string) (Item, error) {
	i, err := db.One(ctx, tx, (*Item).fields, `SELECT `+itemColumns+itemTables+` WHERE a.id = $1`, id)
	if err != nil {
		return i, err
	}
	one := []Item{i}
	err = nameHolders(ctx, tx, one)
	return one[0], err
}

func heldBy(ctx context.Context, tx *db.Tx, holder string) error {
	names, err := account.Names(ctx, tx, []string{holder})
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "qualification.held_by", names[holder]).Of("O-3")
}

// Note is what a member of the staff writes for colleagues; a vendor never sees it.
type Note struct {
	ID   string    `path:"id" json:"-"` // the application
	Text string    `json:"text"`
	By   string    `json:"-"`
	At   time.Time `json:"-"`
	Name string    `json:"-"` // of the writer
}

const longestNote = 2000

func notePlace(id string) string { return "application_note.body:" + id }

// AddNote writes a note on an application.
func AddNote(ctx context.Context, tx *db.Tx, by access.Actor, in Note) ([]Note, error) {
	if err := by.Require(access.ReviewApplications); err != nil {
		return nil, err
	}
	body := strings.TrimSpace(tidy(in.Text))
	switch n := utf8.RuneCountInString(body); {
	case n == 0:
		return nil, fault.At("/text", "fault.required")
	case n > longestNote:
		return nil, fault.At("/text", "fault.too_long", longestNote, n)
	}
	r, err := byID(ctx, tx, in.ID)
	if err != nil {
		return nil, err
	}
	id := tx.NewID("not")
	if _, err := tx.Exec(ctx, `INSERT INTO application_note (id, application_id, body, made_by, made_at) VALUES ($1, $2, $3, $4, $5)`,
		id, r.id, tx.Vault().Seal(notePlace(id), body), by.ID, tx.Now()); err != nil {
		return nil, err
	}
	if err := Noted.Append(ctx, tx, by, event.About{Subject: r.id, VendorID: r.vendorID}, event.None{}); err != nil {
		return nil, err
	}
	return notes(ctx, tx, r.id)
}

func notes(ctx context.Context, tx *db.Tx, applicationID string) ([]Note, error) {
	all, err := db.All(ctx, tx, func(n *Note) []any { return []any{&n.ID, &n.Text, &n.By, db.Time(&n.At)} },
		`SELECT id, body, made_by, made_at FROM application_note WHERE application_id = $1 ORDER BY id`, applicationID)
	if err != nil {
		return nil, err
	}
	var people []string
	for i, n := range all {
		if all[i].Text, err = tx.Vault().Open(notePlace(n.ID), n.Text); err != nil {
			return nil, err
		}
		people = append(people, n.By)
	}
	names, err := account.Names(ctx, tx, people)
	for i := range all {
		all[i].Name = names[all[i].By]
	}
	return all, err
}
