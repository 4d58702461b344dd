package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
)

// Desk is a product as its vendor works on it: what its open revision says, where it
// has one.
type Desk struct {
	Product
	Change *Revision // the open one, nil without
}

// Working is what the vendor works on.
func (d Desk) Working() Content {
	if d.Change != nil {
		return d.Change.Content
	}
	return d.Product.Content
}

// Writes names what takes a new content of the product: ActEdit for a draft,
// ActRevise for what was approved, "" while it is being reviewed.
func (d Desk) Writes() Act {
	switch {
	case d.Change != nil && d.Change.Status.May(ActEdit), d.Change == nil && d.Status.May(ActRevise):
		return ActRevise
	case d.Change == nil && d.Status.May(ActEdit):
		return ActEdit
	}
	return ""
}

// Desks reads all products of the actor's company with their open revisions, the
// oldest first; with an id or a code, only the one that has it.
func Desks(ctx context.Context, tx *db.Tx, by access.Actor, id, code string) ([]Desk, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return nil, err
	}
	where, args := ``, []any{by.VendorID}
	if id != "" || code != "" {
		where, args = ` AND (id = $2 OR code = $3 AND code <> '')`, append(args, id, code)
	}
	all, err := db.All(ctx, tx, (*Product).fields, `SELECT `+columns+` FROM product WHERE vendor_id = $1`+where+` ORDER BY id`, args...)
	if err != nil {
		return nil, err
	}
	open, err := db.All(ctx, tx, (*Revision).fields, `SELECT `+revisionColumns+` FROM product_revision WHERE vendor_id = $1 AND is_open`, by.VendorID)
	if err != nil {
		return nil, err
	}
	changes := make(map[string]*Revision, len(open))
	for i := range open {
		changes[open[i].ProductID] = &open[i]
	}
	out := make([]Desk, len(all))
	for i, p := range all {
		out[i] = Desk{p, changes[p.ID]}
	}
	return out, nil
}
