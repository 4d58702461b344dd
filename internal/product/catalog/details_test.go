package catalog_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// What stands in the details alone is found after what stands in names and summaries.
func TestDetailsAreFoundLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		shelf := func(id, name, summary, details string) catalog.Shelf {
			s := catalog.Shelf{Card: catalog.Card{ID: id, Name: name, Summary: summary, VendorID: "ven_a", VendorName: "云帆", Category: "ops", Form: "service", Price: money.CNY(100), Was: money.CNY(100)}}
			s.Details = details
			return s
		}
		put := func(all ...catalog.Shelf) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error { return catalog.Load(ctx, tx, all) }); err != nil {
				t.Fatal(err)
			}
		}
		put(shelf("prd_name", "数据库容灾", "双活", "<p>切换演练</p>"), shelf("prd_deep", "运维托管", "按月", "<p>含数据库容灾 &amp; 演练</p>"), shelf("prd_sum", "运维专家", "数据库容灾服务", ""))
		find := func(words string) (ids []string) {
			t.Helper()
			page, err := catalog.New(d).Find(ctx, catalog.Query{Words: words, Sort: catalog.ByFit})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range page.Cards {
				ids = append(ids, c.ID)
			}
			return ids
		}
		if diff := cmp.Diff([]string{"prd_name", "prd_sum", "prd_deep"}, find("容灾")); diff != "" {
			t.Errorf("−want +got\n%s", diff)
		}
		if diff := cmp.Diff([]string{"prd_deep"}, find("托管 容灾")); diff != "" { // one word in the name, one in the details
			t.Errorf("−want +got\n%s", diff)
		}
		put(shelf("prd_deep", "运维托管", "按月", "<p>含备份</p>"))
		if diff := cmp.Diff([]string{"prd_name", "prd_sum"}, find("容灾")); diff != "" {
			t.Errorf("after a change −want +got\n%s", diff)
		}
		if err := catalog.FillDetails(ctx, d); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return catalog.Remove(ctx, tx, "prd_name") }); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"prd_sum"}, find("容灾")); diff != "" {
			t.Errorf("after one left −want +got\n%s", diff)
		}
	})
}
