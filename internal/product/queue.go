package product

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// QueueFilter narrows the reviewers' queue; the zero value is all of it.
type QueueFilter struct {
	Route    Route
	Category policy.CategoryID
	Mine     bool   // only what the reader has claimed
	Spot     bool   // instead: what went live unseen and was not looked at yet
	After    string // QueueLine.Cursor of the last one seen
	Limit    int    // 0 is 50, at most 200
}

// QueueLine is a product or a revision that waits for a reviewer.
type QueueLine struct {
	ProductID  string
	RevisionID string // "" for a product that was not approved yet
	VendorID   string
	VendorName string
	Name       string
	Category   policy.CategoryID
	Form       policy.Form
	Route      Route
	Since      time.Time
	PromisedBy time.Time
	Holder     string
	HolderName string
}

func (l *QueueLine) fields() []any {
	return []any{&l.ProductID, &l.RevisionID, &l.VendorID, &l.Name, &l.Category, &l.Form, &l.Route, db.Time(&l.Since), db.Time(&l.PromisedBy), &l.Holder}
}

// Cursor names the line's place in the queue.
func (l QueueLine) Cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(l.PromisedBy.UTC().Format(time.RFC3339Nano) + " " + l.ProductID + l.RevisionID))
}

func parseCursor(s string) (time.Time, string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	at, id, ok := strings.Cut(string(raw), " ")
	t, e := time.Parse(time.RFC3339Nano, at)
	if err != nil || e != nil || !ok {
		return zero, "", fault.At("/cursor", "catalog.bad_cursor")
	}
	return t, id, nil
}

// Each half of the queue is read in the order of an index of its own.
const (
	waitingProducts = `
		SELECT id AS product_id, '' AS revision_id, vendor_id, name, category, form, 'new' AS route, queued_at AS since,
			COALESCE(promised_at, queued_at) AS promised, holder, id AS place
		FROM product WHERE status = 'in_review'`
	promisedProduct, placeOfProduct = `COALESCE(promised_at, queued_at)`, `id`

	waitingRevisions = `
		SELECT p.id AS product_id, r.id AS revision_id, p.vendor_id AS vendor_id, p.name AS name, p.category AS category, p.form AS form, r.route AS route,
			r.submitted_at AS since, r.promised_at AS promised, r.holder AS holder, r.product_id || r.id AS place
		FROM product_revision r JOIN product p ON p.id = r.product_id`
	promisedRevision, placeOfRevision = `r.promised_at`, `(r.product_id || r.id)`
)

// Waits reads the reviewers' queue, what was promised first first: products and
// revisions alike. A cursor that was not made here is fault.Invalid. Rules O-7, S-2.
func Waits(ctx context.Context, tx *db.Tx, by access.Actor, f QueueFilter) ([]QueueLine, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	query, args, err := f.query(by)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, (*QueueLine).fields, query, args...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var vendors, holders []string
	for _, l := range all {
		vendors, holders = append(vendors, l.VendorID), append(holders, l.Holder)
	}
	companies, err := vendor.Names(ctx, tx, list(vendors))
	if err != nil {
		return nil, err
	}
	people, err := account.Names(ctx, tx, list(holders))
	for i := range all {
		all[i].VendorName, all[i].HolderName = companies[all[i].VendorID], people[all[i].Holder]
	}
	return all, err
}

func (f QueueFilter) query(by access.Actor) (string, []any, error) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	after := ""
	if f.After != "" {
		at, id, err := parseCursor(f.After)
		if err != nil {
			return "", nil, err
		}
		after = `(` + arg(at) + `, ` + arg(id) + `)`
	}
	last := ` LIMIT ` + arg(f.Limit)
	half := func(from, promised, place, category, holder string) string {
		if f.Category != "" {
			from += ` AND ` + category + ` = ` + arg(string(f.Category))
		}
		if f.Mine {
			from += ` AND ` + holder + ` <> '' AND ` + holder + ` = ` + arg(by.ID)
		}
		if after != "" {
			from += ` AND (` + promised + `, ` + place + `) > ` + after
		}
		return from + ` ORDER BY ` + promised + `, ` + place + last
	}
	const columns = `SELECT product_id, revision_id, vendor_id, name, category, form, route, since, promised, holder`
	var parts []string
	part := func(name, half string) { parts = append(parts, columns+`, place FROM (`+half+`) `+name) }
	if !f.Spot && (f.Route == "" || f.Route == NewRoute) {
		part("products", half(waitingProducts, promisedProduct, placeOfProduct, `category`, `holder`))
	}
	if f.Spot || f.Route != NewRoute {
		revisions := waitingRevisions + ` WHERE r.status IN ('submitted', 'in_review')`
		if f.Spot {
			revisions = waitingRevisions + ` WHERE r.spot = 'open'`
		} else if f.Route != "" {
			revisions += ` AND r.route = ` + arg(string(f.Route))
		}
		part("revisions", half(revisions, promisedRevision, placeOfRevision, `p.category`, `r.holder`))
	}
	return columns + ` FROM (` + strings.Join(parts, ` UNION ALL `) + `) waits ORDER BY promised, place` + last, args, nil
}
