package product

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Get reads a product for its vendor's people or for staff; to others it is
// fault.NotFound.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	if err := by.SignedIn(); err != nil {
		return Product{}, err
	}
	p, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Product{}, err
	}
	return p, by.Sees(p.VendorID)
}

// Folder is a product with all that its page in console or office shows.
type Folder struct {
	Product
	VendorName string
	HolderName string // of the reviewer who has it; "" for the vendor's people
	PromisedBy time.Time
	Page       catalog.Product // as a buyer would see it
	Shop       catalog.Shop
	Lacking    []fault.Field // what the content lacks before it may be submitted
	Gates      []fault.Field // what else is missing before it can be sold: onboarding's needs
	Reviews    []Review      // the latest first
	Checks     []policy.Check
}

// Open reads a product with its preview, its reviews and what is missing before
// it can be sold. Who may see it is as for Get.
func Open(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Folder, error) {
	p, err := Get(ctx, tx, by, in)
	if err != nil {
		return Folder{}, err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return Folder{}, err
	}
	v, err := vendor.Load(ctx, tx, p.VendorID)
	if err != nil {
		return Folder{}, err
	}
	f := Folder{Product: p, VendorName: v.Name, Page: p.page(v), Shop: shopOf(v), PromisedBy: p.promisedBy(pol), Checks: pol.ChecksFor(p.Content.Form)}
	if f.Page.ShelvedAt.IsZero() {
		f.Page.ShelvedAt = tx.Now()
	}
	f.Lacking = append(p.Content.Lacking(pol), p.Content.outdated(pol, tx.Now())...)
	gate := may(ctx, tx, p, policy.Shelve)
	if _, err := missing(gate); err != nil {
		return Folder{}, err
	}
	f.Gates = fieldsOf(gate)
	if f.Reviews, err = reviews(ctx, tx, by, p.ID); err != nil {
		return Folder{}, err
	}
	if by.Kind == access.Staff && p.Holder != "" {
		names, err := account.Names(ctx, tx, []string{p.Holder})
		if err != nil {
			return Folder{}, err
		}
		f.HolderName = names[p.Holder]
	}
	return f, nil
}

func (r *Review) fields() []any {
	return []any{&r.ID, &r.Revision, &r.Of, &r.Outcome, db.JSON(&r.Verdicts), &r.Note, &r.DecidedBy, db.Time(&r.DecidedAt)}
}

func reviews(ctx context.Context, tx *db.Tx, by access.Actor, productID string) ([]Review, error) {
	all, err := db.All(ctx, tx, (*Review).fields, `
		SELECT id, revision, revision_id, decision, verdicts, note, decided_by, decided_at FROM product_review
		WHERE product_id = $1 ORDER BY id DESC LIMIT 20`, productID)
	if by.Kind == access.Member {
		for i := range all {
			all[i].Note, all[i].DecidedBy = "", ""
		}
	}
	return all, err
}

// promisedBy is by when the review was promised; of one queued before promises were
// written down, by the policy of now.
func (p Product) promisedBy(pol policy.Policy) time.Time {
	if p.PromisedAt.IsZero() {
		return promise(pol, p.QueuedAt)
	}
	return p.PromisedAt
}

func promise(p policy.Policy, since time.Time) time.Time {
	if since.IsZero() {
		return since
	}
	return since.Add(time.Duration(p.Promise.ProductReview) * time.Hour)
}

// Filter narrows a list of products; the zero value is all that the reader sees.
type Filter struct {
	Status   Status
	Category policy.CategoryID
	VendorID string // staff only; a vendor's people see their own
	Name     string // part of the name
	Queue    bool   // only those that wait for a reviewer, the longest first
	After    string // cursor: Listed.ID of the last one seen
	Limit    int    // 0 is 50, at most 200
}

// Listed is a product in a list.
type Listed struct {
	Product
	VendorName string
	HolderName string
	PromisedBy time.Time
}

// List reads products, the latest first, the queue in its order: a vendor's people
// their own, staff all. Rule O-7.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Listed, error) {
	if err := by.SignedIn(); err != nil {
		return nil, err
	}
	if by.Kind == access.Member {
		if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
			return nil, err
		}
		f.VendorID, f.Queue = by.VendorID, false
	} else if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	query, args := f.query()
	all, err := db.All(ctx, tx, (*Product).fields, query, args...)
	if err != nil {
		return nil, err
	}
	return dressed(ctx, tx, by, all)
}

func (f Filter) query() (string, []any) {
	q := `SELECT ` + columns + ` FROM product WHERE 1 = 1`
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return db.In(len(args), 1)
	}
	if f.Queue {
		f.Status = InReview
	}
	if f.Status != "" {
		q += ` AND status IN ` + arg(string(f.Status))
	}
	if f.Category != "" {
		q += ` AND category IN ` + arg(string(f.Category))
	}
	if f.VendorID != "" {
		q += ` AND vendor_id IN ` + arg(f.VendorID)
	}
	if name := line(f.Name); name != "" {
		q += ` AND id IN (SELECT id FROM product WHERE LOWER(name) LIKE ` + arg("%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(name))+"%") + ` ESCAPE '\')`
	}
	order := ` ORDER BY id DESC`
	if f.Queue {
		order = ` ORDER BY queued_at, id`
		if f.After != "" {
			last := arg(f.After)
			q += ` AND (queued_at, id) > ((SELECT queued_at FROM product WHERE id IN ` + last + `), ` + strings.Trim(last, `()`) + `)`
		}
	} else if f.After != "" {
		q += ` AND id < ` + arg(f.After)
	}
	return q + order + ` LIMIT ` + arg(f.Limit), args
}

// dressed adds names and promises, with two statements however many there are.
func dressed(ctx context.Context, tx *db.Tx, by access.Actor, all []Product) ([]Listed, error) {
	pol, err := policy.Now(ctx, tx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var vendors, holders []string
	for _, p := range all {
		vendors = append(vendors, p.VendorID)
		if p.Holder != "" {
			holders = append(holders, p.Holder)
		}
	}
	companies, err := vendor.Names(ctx, tx, list(vendors))
	if err != nil {
		return nil, err
	}
	people := map[string]string{}
	if len(holders) > 0 && by.Kind == access.Staff {
		if people, err = account.Names(ctx, tx, list(holders)); err != nil {
			return nil, err
		}
	}
	out := make([]Listed, len(all))
	for i, p := range all {
		out[i] = Listed{p, companies[p.VendorID], people[p.Holder], p.promisedBy(pol)}
	}
	return out, nil
}

// Queue tells how many products wait for a reviewer, not counting far beyond
// db.Most, and since when the longest does, for the dashboard.
func Queue(ctx context.Context, tx *db.Tx, by access.Actor) (n int64, since time.Time, err error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return 0, zero, err
	}
	type size struct {
		n     int64
		since time.Time
	}
	var both [2]size
	for i, from := range []string{`FROM product WHERE status = 'in_review' AND queued_at <= $1`, `FROM product_revision WHERE status IN ('submitted', 'in_review') AND submitted_at <= $1`} {
		since := []string{"queued_at", "submitted_at"}[i]
		if both[i], err = db.One(ctx, tx, func(s *size) []any { return []any{&s.n, db.Time(&s.since)} },
			`SELECT (`+db.Capped(from)+`), (SELECT MIN(`+since+`) `+from+`)`, tx.Now()); err != nil {
			return 0, zero, err
		}
	}
	n, since = both[0].n+both[1].n, both[0].since
	if s := both[1].since; since.IsZero() || !s.IsZero() && s.Before(since) {
		since = s
	}
	return n, since, nil
}

// Counts tells how many products of the actor's company stand in each status.
func Counts(ctx context.Context, tx *db.Tx, by access.Actor) (map[Status]int64, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return nil, err
	}
	type size struct {
		status Status
		n      int64
	}
	all, err := db.All(ctx, tx, func(s *size) []any { return []any{&s.status, &s.n} },
		`SELECT status, COUNT(*) FROM product WHERE vendor_id = $1 GROUP BY status`, by.VendorID)
	out := make(map[Status]int64, len(all))
	for _, s := range all {
		out[s.status] = s.n
	}
	return out, err
}
