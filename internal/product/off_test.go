package product_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
)

// Rule S-1: what the operator forced off comes back by a mended revision that passes
// the review, or when the operator lifts it; not by its vendor.
func TestForcedOffComesBackMendedOrLifted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		r := s.revised(p, func(c *product.Content) { c.Tags = []string{"PHP"} })
		p = must(s, reviewer, product.ForceOff, product.Removal{ID: p.ID, Rule: "管理规范 3.2", Reason: "镜像含恶意软件", Mend: "清除后重新检测"})
		if p.OffRule != "管理规范 3.2" || p.OffMend != "清除后重新检测" || s.live(p.ID) {
			t.Errorf("forced off: %+v", p)
		}
		if _, err := act(s, reviewer, product.ClaimRevision, chosen(r.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("its revision can still be claimed: %v", err)
		}
		if _, err := act(s, s.owner, product.Shelve, chosen(p.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("put back by the vendor: %v", err)
		}
		if _, err := act(s, s.owner, product.Submit, chosen(p.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("submitted beside its revision: %v", err)
		}
		if r = must(s, s.owner, product.SubmitRevision, chosen(p.ID)); r.Route != product.FullRoute {
			t.Errorf("after it was forced off it goes by %s", r.Route)
		}
		must(s, reviewer, product.ClaimRevision, chosen(r.ID))
		must(s, reviewer, product.DecideRevision, approval(r.ID, policy.ImageForm))
		if got := s.status(p.ID); got != product.OnShelf || !s.live(p.ID) {
			t.Errorf("mended, it is %s", got)
		}
		must(s, reviewer, product.ForceOff, product.Removal{ID: p.ID, Reason: "误报"})
		if _, err := act(s, s.owner, product.Lift, product.Lifting{ID: p.ID}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("lifted by the vendor: %v", err)
		}
		if p = must(s, reviewer, product.Lift, product.Lifting{ID: p.ID}); p.Status != product.OnShelf || p.OffReason != "" || !s.live(p.ID) {
			t.Errorf("lifted: %+v", p)
		}
	})
}

// An image whose security report is too old leaves the shelf, is reminded before, and
// comes back when the renewed report is approved.
func TestReportReminderAndEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := open(t, d, "ven_a").trading(t, "image")
		p := s.onShelf("image", policy.ImageForm)
		run := func() {
			t.Helper()
			s.write(func(tx *db.Tx) error {
				return product.LookAtReports(ctx, tx, access.SystemActor("product.reports"), struct{}{})
			})
		}
		count := func(kind string) (n int64) {
			t.Helper()
			s.write(func(tx *db.Tx) (err error) {
				n, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM event WHERE kind = $1`, kind)
				return err
			})
			return n
		}
		day := 24 * time.Hour
		run()
		if n := count(product.ReportEnds.Name); n != 0 {
			t.Fatalf("reminded %d times of a new report", n)
		}
		most := time.Duration(policy.Shipped().Reports.MaxDays) * day
		dbtest.Advance(d, most-20*day) // within 30, not yet within 14
		run()
		run()
		if n := count(product.ReportEnds.Name); n != 1 {
			t.Errorf("20 days before it was reminded %d times", n)
		}
		dbtest.Advance(d, 19*day) // 14 and 7 passed unseen: one reminder, not three
		run()
		run()
		if n := count(product.ReportEnds.Name); n != 2 || !s.live(p.ID) {
			t.Errorf("a day before it was reminded %d times", n)
		}
		dbtest.Advance(d, 2*day)
		run()
		run()
		if n := count(product.ReportEnded.Name); n != 1 || s.live(p.ID) || s.status(p.ID) != product.OffShelf {
			t.Fatalf("after its end: told %d times, %s", n, s.status(p.ID))
		}
		if _, err := act(s, s.owner, product.Shelve, chosen(p.ID)); !errors.Is(err, fault.Conflict) || len(pointers(err)) != 1 || pointers(err)[0] != "/image/report" {
			t.Errorf("put back with the old report: %v", err)
		}
		s.today = policy.Shipped().Today(d.Clock().Now())
		old := s.today.AddDays(-policy.Shipped().Reports.MaxDays - 1)
		c := p.Content
		c.Image.ScannedOn = old
		must(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: c})
		if _, err := act(s, s.owner, product.SubmitRevision, chosen(p.ID)); len(pointers(err)) == 0 || pointers(err)[0] != "/image/scanned_on" {
			t.Errorf("submitted with a report too old: %v", err)
		}
		c.Image.ScannedOn = s.today
		must(s, s.owner, product.Revise, product.Change{ID: p.ID, Content: c})
		r := must(s, s.owner, product.SubmitRevision, chosen(p.ID))
		if r.Route != product.LightRoute {
			t.Errorf("the renewed report goes by %s", r.Route)
		}
		must(s, reviewer, product.ClaimRevision, chosen(r.ID))
		must(s, reviewer, product.DecideRevision, product.Decision{ID: r.ID, Outcome: product.Approve})
		if s.status(p.ID) != product.OnShelf || !s.live(p.ID) {
			t.Errorf("renewed, it is %s", s.status(p.ID))
		}
		run()
		if n := count(product.ReportEnds.Name); n != 2 {
			t.Errorf("reminded of the renewed report")
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return product.LookAtReports(ctx, tx, s.owner, struct{}{}) }); !errors.Is(err, fault.Forbidden) {
			t.Errorf("run by a vendor: %v", err)
		}
	})
}
