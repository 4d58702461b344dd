package agreement

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Pending is a version in force that a vendor has still to accept. Rule C-4.
type Pending struct {
	Document
	Overdue bool // its time of grace has passed
}

// Again lists the later versions in force that a vendor has not accepted yet, those
// required first. First versions are asked for by the application alone. Rule C-4.
func Again(ctx context.Context, tx *db.Tx, vendorID string) ([]Pending, error) {
	missing, err := Accepted(ctx, tx, vendorID)
	if err != nil {
		return nil, err
	}
	var overdue, due []Pending
	for _, d := range missing {
		switch {
		case d.RequiredFrom.IsZero():
		case tx.Now().Before(d.RequiredFrom):
			due = append(due, Pending{Document: d})
		default:
			overdue = append(overdue, Pending{d, true})
		}
	}
	return append(overdue, due...), nil
}

// Reach is whom a version touches: the vendors that are in, and how many of them
// have accepted it.
type Reach struct {
	Vendors  int64
	Accepted int64
}

// inside is every vendor with an approved profile.
const inside = `FROM vendor v WHERE v.company <> ''`

const hasAccepted = `EXISTS (SELECT 1 FROM agreement_acceptance a WHERE a.vendor_id = v.id AND a.agreement_id = $1 AND a.version = $2)`

// Reaches counts whom a version touches and who has accepted it.
func Reaches(ctx context.Context, tx *db.Tx, by access.Actor, ref Ref) (Reach, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return Reach{}, err
	}
	return db.One(ctx, tx, func(r *Reach) []any { return []any{&r.Vendors, &r.Accepted} },
		`SELECT COUNT(*), COUNT(*) FILTER (WHERE `+hasAccepted+`) `+inside, ref.ID, ref.Version)
}

// Asked is a vendor that a version touches.
type Asked struct {
	VendorID   string
	VendorName string
	Earlier    string    // the last version it accepted; "" is none
	At         time.Time // when it accepted that one
}

// Search narrows the vendors of a version.
type Search struct {
	Ref
	Accepted bool   // those who have, instead of those who have not
	Query    string // part of a name
	After    string // cursor: the id of the last vendor seen
	Limit    int    // 0 is 50, at most 200
}

// Vendors lists the vendors that have not accepted a version, or those that have. Rule C-4.
func Vendors(ctx context.Context, tx *db.Tx, by access.Actor, f Search) ([]Asked, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Version == "" {
		return nil, fault.At("/version", "fault.required")
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	is := "NOT "
	if f.Accepted {
		is = ""
	}
	key := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(cn.NameKey(f.Query))
	return db.All(ctx, tx, func(a *Asked) []any { return []any{&a.VendorID, &a.VendorName, db.Null(&a.Earlier), db.Time(&a.At)} }, `
		SELECT v.id, v.name,
			(SELECT a.version FROM agreement_acceptance a WHERE a.vendor_id = v.id AND a.agreement_id = $1 ORDER BY a.accepted_at DESC, a.id DESC LIMIT 1),
			(SELECT MAX(a.accepted_at) FROM agreement_acceptance a WHERE a.vendor_id = v.id AND a.agreement_id = $1)
		`+inside+` AND `+is+hasAccepted+` AND v.id > $3 AND v.name_key LIKE $4 ESCAPE '\' ORDER BY v.id LIMIT $5`,
		f.ID, f.Version, f.After, "%"+key+"%", f.Limit)
}

// Standing is one version in the list of staff.
type Standing struct {
	Document
	Current bool // in force now
	Reach   Reach
}

// Versions lists every version of every document, each document's latest first, the
// shipped ones with them.
func Versions(ctx context.Context, tx *db.Tx, by access.Actor) ([]Standing, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	published, err := db.All(ctx, tx, (*Document).fields, `SELECT `+columns+` FROM agreement ORDER BY id, holds_from DESC, made_at DESC`)
	if err != nil {
		return nil, err
	}
	current, err := Current(ctx, tx)
	if err != nil {
		return nil, err
	}
	var list []Standing
	add := func(d Document) error {
		i := indexOf(current, d.ID)
		s := Standing{Document: d, Current: i >= 0 && current[i].Version == d.Version}
		s.Reach, err = Reaches(ctx, tx, by, Ref{d.ID, d.Version})
		list = append(list, s)
		return err
	}
	for _, d := range current { // in the order of the application
		for _, p := range append(published, Shipped()...) {
			if p.ID == d.ID {
				if err := add(p); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, p := range published { // those of which no version holds yet
		if indexOf(current, p.ID) < 0 {
			if err := add(p); err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}
