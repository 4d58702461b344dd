package product_test

import (
	"context"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Where the policy only marks an image whose security report is too old, it stays on
// the shelf, is told of once, and can be taken off and put back by its vendor.
func TestReportEndedIsMarked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := open(t, d, "ven_a").trading(t, "image")
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Reports.Expired = policy.Marked })
		p := s.onShelf("image", policy.ImageForm)
		dbtest.Advance(d, time.Duration(policy.Shipped().Reports.MaxDays+1)*24*time.Hour)
		for range 2 {
			s.write(func(tx *db.Tx) error {
				return product.LookAtReports(ctx, tx, access.SystemActor("product.reports"), struct{}{})
			})
		}
		var told []event.Ref
		s.write(func(tx *db.Tx) (err error) {
			told, err = event.List(ctx, tx, s.owner, event.Filter{VendorID: "ven_a", Kind: product.ReportEnded.Name})
			return err
		})
		if len(told) != 1 {
			t.Fatalf("told %d times", len(told))
		}
		var data product.ReportData
		if err := told[0].Into(&data); err != nil || data.Left {
			t.Errorf("told that it left: %+v, %v", data, err)
		}
		if !s.live(p.ID) || s.status(p.ID) != product.OnShelf {
			t.Errorf("it is %s", s.status(p.ID))
		}
		must(s, s.owner, product.Unshelve, chosen(p.ID))
		must(s, s.owner, product.Shelve, chosen(p.ID))
		if !s.live(p.ID) {
			t.Error("its vendor cannot put it back")
		}
	})
}
