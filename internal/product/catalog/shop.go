package catalog

import (
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/db"
)

const shopColumns = `vendor_id, name, intro, company, phone, mail, hours, opened_at, closed`

func (s *Shop) fields() []any {
	return []any{&s.VendorID, &s.Name, &s.Intro, &s.Company, &s.Phone, &s.Mail, db.JSON(&s.Hours), db.Time(&s.OpenedAt), &s.Closed}
}

// Shop returns a vendor's shop; fault.NotFound if it never had a product on the shelf.
func (c *Catalog) Shop(ctx context.Context, vendorID string) (Shop, error) {
	s, err := db.Peek(ctx, c.db, (*Shop).fields, `SELECT `+shopColumns+` FROM shop WHERE vendor_id = $1`, vendorID)
	if err != nil {
		return s, err
	}
	err = c.read(ctx, func(r reading) error {
		s.Products = 0
		if v := r.x.vendor(vendorID); v >= 0 {
			s.Products = r.x.sold[v]
		}
		return nil
	})
	return s, err
}

// Shops lists the shops that have products on the shelf, by vendor id, after one
// of them, at most limit (0 is 24, at most 100), and the cursor of the next part.
func (c *Catalog) Shops(ctx context.Context, after string, limit int) ([]Shop, string, error) {
	if limit <= 0 {
		limit = onPage
	}
	limit = min(limit, mostOnPage)
	var shops []Shop
	next := ""
	err := c.db.Read(ctx, func(tx *db.Tx) error {
		shops, next = nil, ""
		now, err := c.current(ctx, tx)
		if err != nil {
			return err
		}
		x := now.x
		n := x.sold
		var ids []string
		for i, id := range x.vendors.list {
			if n[i] > 0 && id > after {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		if len(ids) > limit {
			ids, next = ids[:limit], ids[limit-1]
		}
		args := make([]any, len(ids))
		for i, id := range ids {
			args[i] = id
		}
		shops, err = db.All(ctx, tx, (*Shop).fields, `
			SELECT `+shopColumns+` FROM shop WHERE vendor_id IN `+db.In(1, len(args))+` ORDER BY vendor_id`, args...)
		for i := range shops {
			shops[i].Products = n[x.vendor(shops[i].VendorID)]
		}
		return err
	})
	return shops, next, err
}

// CloseShop notes whether a vendor's shop is closed; a vendor that never sold has
// none. For other nouns inside a transaction; it checks nothing.
func CloseShop(ctx context.Context, tx *db.Tx, vendorID string, closed bool) error {
	_, err := tx.Exec(ctx, `UPDATE shop SET closed = $1, changed_at = $2 WHERE vendor_id = $3 AND closed <> $1`, closed, tx.Now(), vendorID)
	return err
}
