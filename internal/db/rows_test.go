package db_test

import (
	"context"
	"slices"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

// Whatever there is to write is written, in few statements whose texts come again.
func TestRowsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			var sizes []int
			for total := 1; total < 1200; total++ {
				statements, left := 0, total
				for left > 0 {
					n := tx.RowsAtOnce(left)
					if n < 1 || n > left || n > db.MostRows {
						t.Fatalf("%d of %d", n, left)
					}
					if !slices.Contains(sizes, n) {
						sizes = append(sizes, n)
					}
					left -= n
					statements++
				}
				if most := total/20 + 10; statements > most {
					t.Errorf("%d rows take %d statements, want at most %d", total, statements, most)
				}
			}
			if len(sizes) > 20 {
				t.Errorf("there are %d texts", len(sizes))
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
