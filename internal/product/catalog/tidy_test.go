package catalog_test

import (
	"context"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// A tidied word index is one piece and finds what it found before.
func TestTidyChangesNoSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := market(400)
		for i := 0; i < len(all); i += 20 {
			load(t, d, all[i:i+20]...)
		}
		remove(t, d, all[7].ID)
		q := catalog.Query{Words: "数据库", Limit: 100}
		before := ids(find(t, catalog.New(d), q).Cards)
		for range 2 {
			if err := catalog.Tidy(context.Background(), d); err != nil {
				t.Fatal(err)
			}
		}
		if after := ids(find(t, catalog.New(d), q).Cards); after != before || after == "" {
			t.Errorf("found %q before and %q after", before, after)
		}
		if d.Dialect() == db.Postgres {
			return
		}
		var pieces int
		if err := d.SQL().QueryRow(`SELECT COUNT(DISTINCT segid) FROM shelf_search_idx`).Scan(&pieces); err != nil || pieces != 1 {
			t.Errorf("the index has %d pieces (%v), want 1", pieces, err)
		}
	})
}
