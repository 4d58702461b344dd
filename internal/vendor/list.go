package vendor

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
)

// Get reads a vendor for its own people or for staff; to others it is fault.NotFound.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Vendor, error) {
	if err := by.Sees(id); err != nil {
		return Vendor{}, err
	}
	return Load(ctx, tx, id)
}

// Filter narrows a list of vendors; the zero value is all.
type Filter struct {
	Query    string // part of the company's name, or its credit code, or its id
	Approved bool   // only those with an approved profile
	Here     bool   // without those that left or were evicted
	Before   string // cursor: the id of the last vendor seen
	Limit    int    // 0 is 50, at most 200
}

// List reads vendors for staff, the latest first. Those that have not submitted
// anything yet are listed without a name.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Vendor, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q := `SELECT ` + columns + ` FROM vendor WHERE 1 = 1`
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return db.In(len(args), 1)
	}
	if query := strings.TrimSpace(f.Query); query != "" {
		q += ` AND id IN (SELECT id FROM vendor WHERE name_key LIKE ` + arg("%"+like(cn.NameKey(query))+"%") + ` ESCAPE '\'`
		q += ` UNION SELECT id FROM vendor WHERE uscc IN ` + arg(strings.ToUpper(query)) + ` UNION SELECT id FROM vendor WHERE id IN ` + arg(query) + `)`
	}
	if f.Approved {
		q += ` AND company <> ''`
	}
	if f.Here {
		q += ` AND parting NOT IN ('left', 'evicted')`
	}
	if f.Before != "" {
		q += ` AND id < ` + arg(f.Before)
	}
	rows, err := db.All(ctx, tx, (*row).fields, q+` ORDER BY id DESC LIMIT `+arg(f.Limit), args...)
	if err != nil {
		return nil, err
	}
	vendors := make([]Vendor, len(rows))
	for i, r := range rows {
		if vendors[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return vendors, nil
}

// like makes a text stand for itself in LIKE with ESCAPE '\'.
func like(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
