package catalog

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
)

// tidyPages is how much of the word index one transaction rewrites, in pages; it
// holds up other writes for a tenth of a second at most.
const tidyPages = 200

// Tidy brings the word index of SQLite into one piece, in short transactions:
// every change adds a piece, and a search reads each of them. PostgreSQL does so
// by itself. It stops early when the context ends, and goes on the next time.
func Tidy(ctx context.Context, d *db.DB) error {
	if d.Dialect() != db.SQLite {
		return nil
	}
	// Less than nothing begins: all pieces are to become one.
	for pages, moved := -tidyPages, int64(2); moved > 1; pages = tidyPages {
		err := d.Write(ctx, func(tx *db.Tx) error {
			before, err := changes(ctx, tx)
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO shelf_search (shelf_search, rank) VALUES ('merge', $1)`, pages); err != nil {
				return err
			}
			after, err := changes(ctx, tx)
			moved = after - before
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func changes(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], `SELECT total_changes()`)
}
