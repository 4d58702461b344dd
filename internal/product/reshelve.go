package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// reshelvedAtOnce is how many products one transaction puts in their place.
const reshelvedAtOnce = 100

// Reshelve makes the shelf's index of words anew from the products, as after a
// restore: it is derived and not in a backup. Nothing else of the shelf changes.
func Reshelve(ctx context.Context, d *db.DB) error {
	for after := ""; ; {
		var last string
		err := d.Write(ctx, func(tx *db.Tx) error {
			list, err := db.All(ctx, tx, (*Product).fields, `SELECT `+columns+` FROM product WHERE status = $1 AND id > $2 ORDER BY id LIMIT $3`,
				string(OnShelf), after, reshelvedAtOnce)
			if err != nil {
				return err
			}
			last = ""
			for _, p := range list {
				v, err := vendor.Load(ctx, tx, p.VendorID)
				if err != nil {
					return err
				}
				if err := catalog.Put(ctx, tx, p.page(v)); err != nil {
					return err
				}
				last = p.ID
			}
			return nil
		})
		if err != nil || last == "" {
			return err
		}
		after = last
	}
}
