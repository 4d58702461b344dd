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
		if page := s.shown(p.ID); page.Image.ScannedOn != p.Content.Image.ScannedOn {
			t.Errorf("its page knows of a scan on %s", page.Image.ScannedOn)
		}
		must(s, s.owner, product.Unshelve, chosen(p.ID))
		must(s, s.owner, product.Shelve, chosen(p.ID))
		if !s.live(p.ID) {
			t.Error("its vendor cannot put it back")
		}
	})
}

// What a former policy only marked leaves the shelf when the rule changes, and is
// reminded and ended again when reports come to hold for longer.
func TestReportMarkedUnderAFormerPolicy(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := open(t, d, "ven_a").trading(t, "image")
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Reports.Expired = policy.Marked })
		p := s.onShelf("image", policy.ImageForm)
		most := policy.Shipped().Reports.MaxDays
		told := func(kind string, want int64) {
			t.Helper()
			var n int64
			s.write(func(tx *db.Tx) (err error) {
				for range 2 {
					if err = product.LookAtReports(ctx, tx, access.SystemActor("product.reports"), struct{}{}); err != nil {
						return err
					}
				}
				n, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM event WHERE kind = $1`, kind)
				return err
			})
			if n != want {
				t.Errorf("%s: told %d times, want %d", kind, n, want)
			}
		}
		day := 24 * time.Hour
		dbtest.Advance(d, time.Duration(most+1)*day)
		told(product.ReportEnded.Name, 1)
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Reports.Expired, p.Reports.MaxDays = policy.Marked, most+100 })
		told(product.ReportEnds.Name, 0)
		dbtest.Advance(d, 80*day)
		told(product.ReportEnds.Name, 1)
		dbtest.Advance(d, 30*day)
		told(product.ReportEnded.Name, 2)
		if !s.live(p.ID) {
			t.Fatal("it left the shelf")
		}
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Reports.Expired, p.Reports.MaxDays = policy.Leaves, most+100 })
		told(product.ReportEnded.Name, 3)
		if s.live(p.ID) || s.status(p.ID) != product.OffShelf {
			t.Errorf("it is %s", s.status(p.ID))
		}
	})
}
