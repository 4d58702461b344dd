package event

import (
	"context"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
)

// Search narrows the log for those who audit it; the zero value finds all. The
// conditions hold together.
type Search struct {
	From, To time.Time // from From on, before To; zero is no bound
	VendorID string
	Subject  string
	ActorID  string
	Address  string
	Kinds    []string // nil is every kind; empty finds nothing
	Before   string   // cursor: the id of the last event seen
	Limit    int      // 0 is 50, at most 1000
}

// idPrefix is that of the log's ids, which begin with their time.
const idPrefix = "evt"

// few reports whether one condition leaves so few events that it is cheaper to look
// at all of them than to ask for each kind by itself.
func (s Search) few() bool { return s.Subject != "" }

// query writes a search. Every condition but the kinds is answered by one index
// that ends in id, from the newest on; several kinds are asked for each by itself
// and merged, so that a rare kind does not walk through the whole log.
func (s Search) query() (string, []any) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	cond := "1 = 1"
	if s.VendorID != "" {
		cond += " AND vendor_id = " + arg(s.VendorID)
	}
	if s.Subject != "" {
		cond += " AND subject = " + arg(s.Subject)
	}
	if s.ActorID != "" {
		cond += " AND actor_id = " + arg(s.ActorID)
	}
	if s.Address != "" {
		cond += " AND address <> '' AND address = " + arg(s.Address)
	}
	if !s.From.IsZero() {
		cond += " AND id >= " + arg(db.FirstID(idPrefix, s.From))
	}
	if !s.To.IsZero() {
		cond += " AND id < " + arg(db.FirstID(idPrefix, s.To))
	}
	if s.Before != "" {
		cond += " AND id < " + arg(s.Before)
	}
	last := " ORDER BY id DESC LIMIT " + arg(s.Limit)
	switch {
	case len(s.Kinds) == 1:
		cond += " AND kind = " + arg(s.Kinds[0])
	case len(s.Kinds) > 1 && s.few():
		cond += " AND kind IN " + db.In(len(args)+1, len(s.Kinds))
		for _, k := range s.Kinds {
			args = append(args, k)
		}
	case len(s.Kinds) > 1:
		parts := ""
		for i, k := range s.Kinds {
			if i > 0 {
				parts += " UNION ALL "
			}
			parts += "SELECT id FROM (SELECT id FROM event WHERE " + cond + " AND kind = " + arg(k) + last + ") k" + strconv.Itoa(i)
		}
		return "SELECT " + columns + " FROM event WHERE id IN (SELECT id FROM (" + parts + ") found" + last + ") ORDER BY id DESC", args
	}
	return "SELECT " + columns + " FROM event WHERE " + cond + last, args
}

// Find searches the whole log, newest first, for staff who may see it.
func Find(ctx context.Context, tx *db.Tx, by access.Actor, s Search) ([]Ref, error) {
	if err := by.Require(access.SeeEvents); err != nil {
		return nil, err
	}
	if s.Kinds != nil && len(s.Kinds) == 0 {
		return nil, nil
	}
	switch {
	case s.Limit <= 0:
		s.Limit = 50
	case s.Limit > 1000:
		s.Limit = 1000
	}
	q, args := s.query()
	return db.All(ctx, tx, (*Ref).fields, q, args...)
}

// ExportedData is what is remembered of an export of the log.
type ExportedData struct {
	Search string `json:"search"` // the address's query, as it was asked
	Format string `json:"format"`
	Rows   int64  `json:"rows"` // 0 where it is written as it is read
}

// Exported records that somebody took a part of the log out.
var Exported = Kind[ExportedData]{Name: "audit.exported", Internal: true}

// NoteExport records an export before it begins: one that is broken off was an
// export too.
func NoteExport(ctx context.Context, tx *db.Tx, by access.Actor, in ExportedData) error {
	if err := by.Require(access.SeeEvents); err != nil {
		return err
	}
	return Exported.Append(ctx, tx, by, About{Subject: by.ID}, in)
}
