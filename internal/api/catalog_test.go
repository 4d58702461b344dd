package api_test

import (
	"context"
	"testing"

	"github.com/yunshi-market/yunshi/client"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// A buyer's program learns of an image until when its security report holds and
// whether it still does; of another form there is no report.
func TestSecurityReportByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := world.Open(t, d)
		rules := policy.Shipped()
		today := rules.Today(d.Clock().Now())
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			var all []catalog.Shelf
			for id, days := range map[string]int{"prd_old": rules.Reports.MaxDays + 1, "prd_new": rules.Reports.MaxDays} {
				all = append(all, catalog.Shelf{Card: catalog.Card{ID: id, VendorID: "ven_1", Form: policy.ImageForm}, Body: catalog.Body{Image: &catalog.Image{ScannedOn: today.AddDays(-days)}}})
			}
			return catalog.Load(ctx, tx, append(all, catalog.Shelf{Card: catalog.Card{ID: "prd_saas", VendorID: "ven_1", Form: policy.SaaSForm}, Body: catalog.Body{SaaS: &catalog.SaaS{}}}))
		})
		buyer := client.New(w.URL)
		for id, expired := range map[string]bool{"prd_old": true, "prd_new": false} {
			x, err := buyer.GetCatalogProduct(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if x.Report.Expired != expired || x.Report.Until == "" || x.Report.ScannedOn == "" {
				t.Errorf("%s: %+v", id, x.Report)
			}
		}
		if x, err := buyer.GetCatalogProduct(ctx, "prd_saas"); err != nil || x.Report.ScannedOn != "" {
			t.Errorf("software has a report: %+v, %v", x.Report, err)
		}
	})
}
