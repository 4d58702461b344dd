package violation_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func closeShop(t testing.TB, d *db.DB, vendorID string) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) error { return violation.CloseShop(ctx, tx, program, vendorID) })
}

func reopen(t testing.TB, d *db.DB, vendorID string) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) error { return product.ReopenShop(ctx, tx, program, event.Ref{VendorID: vendorID}) })
}

// Overdue: everything leaves the shelf in one moment. Paid: what left with the shop
// returns by itself, what was taken off by hand before or meanwhile does not, and
// nothing that had not been on the shelf appears. Rule D-11.
func TestClosedShopAndItsProducts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		owner := yunshitest.Owner(v.ID)
		for _, id := range []string{"prd_back", "prd_kept", "prd_forced", "prd_off"} {
			sells(t, d, v, id)
		}
		unshelve := func(id string) {
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				_, err := product.Unshelve(ctx, tx, owner, product.Chosen{ID: id})
				return err
			})
		}
		unshelve("prd_off")
		x := decided(t, d, v, 100000)
		dbtest.Advance(d, x.Deducted.TopUpBy.Sub(dbtest.Start))
		closeShop(t, d, v.ID)
		if n := onShelf(t, d, v.ID); n != 3 {
			t.Fatalf("%d on the shelf in the last moment of its time", n)
		}
		dbtest.Advance(d, time.Microsecond)
		closeShop(t, d, v.ID)
		closeShop(t, d, v.ID)
		if n := onShelf(t, d, v.ID); n != 0 {
			t.Errorf("%d on the shelf of a closed shop", n)
		}
		shelve := func(id string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := product.Shelve(ctx, tx, owner, product.Chosen{ID: id})
				return err
			})
		}
		if err := shelve("prd_off"); !errors.Is(err, fault.Conflict) {
			t.Errorf("shelved in a closed shop: %v", err)
		}
		dbtest.Advance(d, -240*time.Hour)
		if err := shelve("prd_back"); !errors.Is(err, fault.Conflict) {
			t.Errorf("a clock set back opened the shop: %v", err)
		}
		reopen(t, d, v.ID)
		if n := onShelf(t, d, v.ID); n != 0 {
			t.Errorf("%d came back unpaid", n)
		}
		dbtest.Advance(d, 241*time.Hour)
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			if _, err := product.KeepOff(ctx, tx, owner, product.Chosen{ID: "prd_kept"}); err != nil {
				return err
			}
			_, err := product.ForceOff(ctx, tx, program, product.Removal{ID: "prd_forced", Reason: "违规"})
			return err
		})
		yunshitest.Pay(t, d, v, 100000)
		reopen(t, d, v.ID)
		reopen(t, d, v.ID)
		for id, want := range map[string]product.Status{"prd_back": product.OnShelf, "prd_kept": product.OffShelf, "prd_forced": product.TakenOff, "prd_off": product.OffShelf} {
			if got := status(t, d, id); got != want {
				t.Errorf("%s is %s, want %s", id, got, want)
			}
		}
		if n := onShelf(t, d, v.ID); n != 1 {
			t.Errorf("%d came back", n)
		}
		sound(t, d)
	})
}

// An appeal that is won opens the shop as money does.
func TestRevokedOpensTheShop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		sells(t, d, v, "prd_1")
		x := decided(t, d, v, 100000)
		must(t, d, yunshitest.Owner(v.ID), violation.Appeal, objection(x.ID))
		dbtest.Advance(d, x.Deducted.TopUpBy.Sub(dbtest.Start)+time.Second)
		closeShop(t, d, v.ID)
		must(t, d, judge, violation.Judge, violation.Judgement{ID: x.ID, Outcome: violation.Revoke, Reason: "证据不足"})
		reopen(t, d, v.ID)
		if n := onShelf(t, d, v.ID); n != 1 || !state(t, d, v.ID).ClosedAt.IsZero() {
			t.Errorf("%d on the shelf", n)
		}
	})
}

// Shelving races with the closing of the shop: whoever is first, no product stands
// on the shelf of a closed shop. Architecture §5.
func TestShelveRacesWithClosing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		ids := []string{"prd_1", "prd_2", "prd_3", "prd_4"}
		for _, id := range ids {
			sells(t, d, v, id)
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				_, err := product.Unshelve(ctx, tx, yunshitest.Owner(v.ID), product.Chosen{ID: id})
				return err
			})
		}
		x := decided(t, d, v, 100000)
		dbtest.Advance(d, x.Deducted.TopUpBy.Sub(dbtest.Start)-time.Millisecond)
		var all sync.WaitGroup
		errs := make([]error, len(ids))
		for i, id := range ids {
			all.Go(func() {
				errs[i] = d.Write(ctx, func(tx *db.Tx) error {
					_, err := product.Shelve(ctx, tx, yunshitest.Owner(v.ID), product.Chosen{ID: id})
					return err
				})
			})
		}
		var closing error
		all.Go(func() {
			dbtest.Advance(d, time.Second)
			closing = d.Write(ctx, func(tx *db.Tx) error { return violation.CloseShop(ctx, tx, program, v.ID) })
		})
		all.Wait()
		if closing != nil {
			t.Fatal(closing)
		}
		for _, err := range errs {
			if err != nil && !errors.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if n := onShelf(t, d, v.ID); n != 0 {
			t.Errorf("%d on the shelf of a closed shop", n)
		}
	})
}

// Shelving races with the deduction itself: it uncovers none before its time. Rule D-3.
func TestShelveRacesWithDeduct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		sells(t, d, v, "prd_1")
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			_, err := product.Unshelve(ctx, tx, yunshitest.Owner(v.ID), product.Chosen{ID: "prd_1"})
			return err
		})
		x := must(t, d, recorder, violation.Record, paper(t, d, v, 100000))
		var all sync.WaitGroup
		var shelving, deciding error
		all.Go(func() {
			shelving = d.Write(ctx, func(tx *db.Tx) error {
				_, err := product.Shelve(ctx, tx, yunshitest.Owner(v.ID), product.Chosen{ID: "prd_1"})
				return err
			})
		})
		all.Go(func() {
			_, deciding = act(d, cashier, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "证据充分"})
		})
		all.Wait()
		if shelving != nil || deciding != nil || onShelf(t, d, v.ID) != 1 {
			t.Errorf("shelved: %v, decided: %v", shelving, deciding)
		}
		sound(t, d)
	})
}

// Reminders come 3 and 1 working days before and on the day, each once, not before
// nine, and count holidays and the days worked in exchange. Rule D-11.
func TestReminders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		// Thursday 24 September 2026: Friday is a holiday, National Day follows, and
		// Saturday 10 October is worked in exchange.
		at := time.Date(2026, 9, 24, 2, 0, 0, 0, time.UTC)
		yunshitest.Write(t, d, func(tx *db.Tx) error { // the contract lasts longer than a year for it
			_, err := tx.Exec(ctx, `UPDATE contract SET until = $1`, at.AddDate(1, 0, 0))
			return err
		})
		dbtest.Advance(d, at.Sub(dbtest.Start))
		x := decided(t, d, v, 100000)
		if got := policy.Shipped().Today(x.Deducted.TopUpBy).String(); got != "2026-10-12" {
			t.Fatalf("due on %s", got)
		}
		remind := func(shanghai string) (days []int) {
			t.Helper()
			to, err := time.Parse("2006-01-02 15:04 -0700", shanghai+" +0800")
			if err != nil {
				t.Fatal(err)
			}
			dbtest.Advance(d, to.Sub(d.Clock().Now()))
			var now time.Time
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				now = tx.Now()
				return deposit.RemindTopUps(ctx, tx, program, struct{}{})
			})
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				all, err := event.List(ctx, tx, program, event.Filter{Kind: deposit.Reminded.Name, VendorID: v.ID})
				for _, e := range all {
					var data deposit.DueData
					if err := e.Into(&data); err != nil {
						return err
					}
					if e.At.Equal(now) {
						days = append(days, data.Days)
					}
				}
				return err
			})
			return days
		}
		for _, c := range []struct {
			when string
			want int // working days left; -1 is no reminder
		}{
			{"2026-09-30 10:00", -1}, // four are left
			{"2026-10-08 08:00", -1}, // before nine
			{"2026-10-08 10:00", 3},
			{"2026-10-08 11:00", -1}, // once
			{"2026-10-07 12:00", -1}, // the clock set back
			{"2026-10-09 10:00", -1},
			{"2026-10-10 09:00", 1}, // a Saturday that is worked
			{"2026-10-11 10:00", -1},
			{"2026-10-12 09:30", 0},
			{"2026-10-12 23:00", -1},
		} {
			got := remind(c.when)
			if c.want < 0 && len(got) > 0 || c.want >= 0 && (len(got) != 1 || got[0] != c.want) {
				t.Errorf("%s: reminded of %v, want %d", c.when, got, c.want)
			}
		}
	})
}

// The sweep finds what a job missed and leaves the rest alone.
func TestSweep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		x := decided(t, d, v, 1000)
		jobs := func() (n int) {
			t.Helper()
			yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
				if err := violation.Sweep(ctx, tx, program, struct{}{}); err != nil {
					return err
				}
				n, err = db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM job WHERE kind IN ('violation.end', 'violation.close')`)
				return err
			})
			return n
		}
		before := jobs()
		if before != 2 {
			t.Errorf("%d jobs at the decision", before)
		}
		dbtest.Advance(d, x.Deducted.TopUpBy.Sub(dbtest.Start)+time.Second)
		if n := jobs(); n != before+2 {
			t.Errorf("%d jobs of the sweep", n-before)
		}
	})
}
