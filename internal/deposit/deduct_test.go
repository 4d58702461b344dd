package deposit_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func deduct(d *db.DB, by access.Actor, vendorID string, fen int64, paper string) (x deposit.Deducted, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		x, err = deposit.Deduct(ctx, tx, by, deposit.Deduction{VendorID: vendorID, Amount: money.CNY(fen), Paper: paper})
		return err
	})
	return x, err
}

func mustDeduct(t testing.TB, d *db.DB, vendorID string, fen int64, paper string) deposit.Deducted {
	t.Helper()
	x, err := deduct(d, chief, vendorID, fen, paper)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func undo(d *db.DB, by access.Actor, paper string, fen int64) (x deposit.Deducted, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		x, err = deposit.Undo(ctx, tx, by, deposit.GiveBack{Paper: paper, Amount: money.CNY(fen)})
		return err
	})
	return x, err
}

func closeOverdue(t testing.TB, d *db.DB, vendorID string) (closed bool) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
		closed, err = deposit.CloseOverdue(ctx, tx, program, vendorID)
		return err
	})
	return closed
}

func holds(t testing.TB, d *db.DB, a ledger.Account, fen int64) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		got, err := ledger.Balance(ctx, tx, a)
		if got.Fen != fen {
			t.Errorf("%s holds %d fen, want %d", a.Name, got.Fen, fen)
		}
		return err
	})
}

// A deduction takes from what is held, asks for no less than before, and leaves the
// category covered until its clock runs out in working days. Rules D-3, D-11.
func TestDeductionSetsTheClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		x := mustDeduct(t, d, v.ID, 120000, "vio_1")
		want := policy.Shipped().DueAfter(dbtest.Start, policy.Shipped().Violations.TopUpDays)
		if x.Taken.Fen != 120000 || x.Owed().Fen != 0 || x.Open.Fen != 120000 || !x.TopUpBy.Equal(want) {
			t.Errorf("deducted %+v, want the clock at %v", x, want)
		}
		s := state(t, d, v.ID)
		if s.Held.Fen != 380000 || s.Required.Fen != 500000 || s.Missing.Fen != 120000 || s.TopUp.Fen != 120000 || !s.TopUpBy.Equal(want) || !s.Covers("ops") {
			t.Errorf("the deposit is %+v", s)
		}
		holds(t, d, ledger.Deducted(), 120000)
		if closeOverdue(t, d, v.ID) {
			t.Error("closed before the clock ran out")
		}
		sound(t, d)
	})
}

// More than is held takes what is there; the rest is owed and taken later by hand,
// with a clock of its own. Rule D-11.
func TestDeductionNeverOverdraws(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "api")
		x := mustDeduct(t, d, v.ID, 500000, "vio_1")
		if x.Taken.Fen != 200000 || x.Owed().Fen != 300000 || x.Open.Fen != 200000 {
			t.Errorf("deducted %+v", x)
		}
		if s := state(t, d, v.ID); s.Held.Fen != 0 || s.Owed.Fen != 300000 {
			t.Errorf("the deposit is %+v", s)
		}
		collect := func() (x deposit.Deducted, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				x, err = deposit.Collect(ctx, tx, chief, deposit.Collection{Paper: "vio_1"})
				return err
			})
			return x, err
		}
		if _, err := collect(); !errors.Is(err, fault.Conflict) {
			t.Errorf("collected from nothing: %v", err)
		}
		yunshitest.Pay(t, d, v, 200000)
		x, err := collect()
		if err != nil || x.Taken.Fen != 400000 || x.Owed().Fen != 100000 || x.Open.Fen != 200000 {
			t.Errorf("collected %+v, %v", x, err)
		}
		// Another with nothing there is owed whole, and no clock runs for it.
		y := mustDeduct(t, d, v.ID, 100, "vio_2")
		if y.Taken.Fen != 0 || y.Owed().Fen != 100 || !y.TopUpBy.IsZero() {
			t.Errorf("deducted %+v", y)
		}
		holds(t, d, ledger.Deducted(), 400000)
		sound(t, d)
	})
}

// Who may not, what was taken before, and what is no amount.
func TestDeductRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		mustDeduct(t, d, v.ID, 100, "vio_1")
		for _, c := range []struct {
			name  string
			by    access.Actor
			fen   int64
			paper string
			want  error
		}{
			{"the auditor", auditor, 100, "vio_2", fault.Forbidden},
			{"a reviewer", yunshitest.Staff("r", access.Reviewer), 100, "vio_2", fault.Forbidden},
			{"the vendor", yunshitest.Owner(v.ID), 100, "vio_2", fault.Forbidden},
			{"nobody", access.Actor{}, 100, "vio_2", fault.Unauthenticated},
			{"nothing", chief, 0, "vio_2", fault.Invalid},
			{"less than nothing", chief, -5, "vio_2", fault.Invalid},
			{"the same paper again", chief, 100, "vio_1", fault.Conflict},
		} {
			if _, err := deduct(d, c.by, v.ID, c.fen, c.paper); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
		if _, err := undo(d, auditor, "vio_1", 100); !errors.Is(err, fault.Forbidden) {
			t.Errorf("the auditor gave back: %v", err)
		}
		if _, err := undo(d, chief, "vio_1", 101); !errors.Is(err, fault.Invalid) {
			t.Errorf("gave back more than was taken: %v", err)
		}
		if _, err := undo(d, chief, "vio_none", 1); !errors.Is(err, fault.NotFound) {
			t.Errorf("gave back what was never taken: %v", err)
		}
		holds(t, d, ledger.Deducted(), 100)
	})
}

// Two deductions have a clock each: a payment fills the earliest first, and the
// vendor's clock is the earliest that still runs. Decision 0011, rule D-11.
func TestEachDeductionHasItsClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		one := mustDeduct(t, d, v.ID, 50000, "vio_1")
		dbtest.Advance(d, 48*time.Hour)
		two := mustDeduct(t, d, v.ID, 30000, "vio_2")
		if !one.TopUpBy.Before(two.TopUpBy) {
			t.Fatalf("clocks %v and %v", one.TopUpBy, two.TopUpBy)
		}
		yunshitest.Pay(t, d, v, 40000)
		if s := state(t, d, v.ID); !s.TopUpBy.Equal(one.TopUpBy) || s.TopUp.Fen != 40000 {
			t.Errorf("after a part: %+v", s)
		}
		yunshitest.Pay(t, d, v, 10000)
		if s := state(t, d, v.ID); !s.TopUpBy.Equal(two.TopUpBy) || s.TopUp.Fen != 30000 {
			t.Errorf("after the first: %+v", s)
		}
		yunshitest.Pay(t, d, v, 30000)
		if s := state(t, d, v.ID); !s.TopUpBy.IsZero() || s.TopUp.Fen != 0 || s.Missing.Fen != 0 {
			t.Errorf("after both: %+v", s)
		}
		sound(t, d)
	})
}

// A payment tops up before it counts for a category that raised the deposit.
func TestTopUpComesBeforeTheRaise(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "api")
		mustDeduct(t, d, v.ID, 50000, "vio_1")
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "ops")
		ensure(t, d, v.ID)
		if s := state(t, d, v.ID); s.Missing.Fen != 350000 || s.TopUp.Fen != 50000 || s.Covers("ops") {
			t.Errorf("the deposit is %+v", s)
		}
		yunshitest.Pay(t, d, v, 50000)
		if s := state(t, d, v.ID); s.Missing.Fen != 300000 || s.TopUp.Fen != 0 || !s.TopUpBy.IsZero() || s.Covers("ops") || !s.Covers("api") {
			t.Errorf("topped up: %+v", s)
		}
	})
}

// The shop closes once, and only money opens it: a clock that is set back neither
// opens nor closes it again. Rule D-11.
func TestShopClosesAndOpens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		x := mustDeduct(t, d, v.ID, 100000, "vio_1")
		stage := func(want onboarding.Stage) {
			t.Helper()
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				s, err := onboarding.Of(ctx, tx, auditor, v.ID)
				if s.Stage != want {
					t.Errorf("stage %s, want %s", s.Stage, want)
				}
				return err
			})
		}
		dbtest.Advance(d, x.TopUpBy.Sub(dbtest.Start))
		stage(onboarding.Open)
		if closeOverdue(t, d, v.ID) {
			t.Error("closed in the last moment of its time")
		}
		dbtest.Advance(d, time.Second)
		if !closeOverdue(t, d, v.ID) || closeOverdue(t, d, v.ID) {
			t.Error("not closed once")
		}
		stage(onboarding.Closed)
		dbtest.Advance(d, -72*time.Hour)
		if closeOverdue(t, d, v.ID) {
			t.Error("closed again")
		}
		stage(onboarding.Closed)
		yunshitest.Pay(t, d, v, 60000)
		stage(onboarding.Closed)
		yunshitest.Pay(t, d, v, 40000)
		stage(onboarding.Open)
		if s := state(t, d, v.ID); !s.ClosedAt.IsZero() || !s.TopUpBy.IsZero() {
			t.Errorf("open: %+v", s)
		}
		sound(t, d)
	})
}

// An appeal gives back whole or in part: first what is owed is waived, then money
// returns, and what the deposit no longer asks for is held apart. Rules D-11, D-12.
func TestUndo(t *testing.T) {
	for _, c := range []struct {
		name                        string
		held, fen                   int64 // held: paid before the deduction, above what is held for api
		topUp                       int64
		back                        int64
		waived, inDeposit, overpaid int64
		open                        int64
	}{
		{"whole", 0, 50000, 0, 50000, 0, 200000, 0, 0},
		{"in part", 0, 50000, 0, 20000, 0, 170000, 0, 30000},
		{"whole after a top-up", 0, 50000, 50000, 50000, 0, 200000, 50000, 0},
		{"in part after half of it", 0, 50000, 25000, 40000, 0, 200000, 15000, 0},
		{"what is owed first", 0, 260000, 0, 50000, 50000, 0, 0, 200000},
		{"what is owed and some", 0, 260000, 0, 100000, 60000, 40000, 0, 160000},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				v := yunshitest.Trading(t, d, "api")
				mustDeduct(t, d, v.ID, c.fen, "vio_1")
				if c.topUp > 0 {
					yunshitest.Pay(t, d, v, c.topUp)
				}
				x, err := undo(d, chief, "vio_1", c.back)
				if err != nil {
					t.Fatal(err)
				}
				if x.Waived.Fen != c.waived {
					t.Errorf("waived %d, want %d", x.Waived.Fen, c.waived)
				}
				s := state(t, d, v.ID)
				if s.Held.Fen != c.inDeposit || s.Overpaid.Fen != c.overpaid || s.TopUp.Fen != c.open || s.TopUpBy.IsZero() != (c.open == 0) {
					t.Errorf("the deposit is %+v", s)
				}
				sound(t, d)
			})
		})
	}
}

// A whole return is the reversal of the one transfer, and has its record.
func TestUndoReverses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		mustDeduct(t, d, v.ID, 500000, "vio_1")
		if _, err := undo(d, chief, "vio_1", 500000); err != nil {
			t.Fatal(err)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM ledger_transfer WHERE reverses IS NOT NULL`)
			if n != 1 {
				t.Errorf("%d reversals", n)
			}
			if err != nil {
				return err
			}
			all, err := deposit.Postings(ctx, tx, "vio_1")
			if len(all) != 2 || all[0].Number != "KC-2026-000001" || all[0].Returned || all[1].Number != "TH-2026-000001" || !all[1].Returned {
				t.Errorf("records %+v", all)
			}
			return err
		})
		if _, err := undo(d, chief, "vio_1", 1); !errors.Is(err, fault.Invalid) {
			t.Errorf("given back twice: %v", err)
		}
		holds(t, d, ledger.Deducted(), 0)
	})
}

// Twice at once: one takes, the other is told; money is taken once.
func TestDeductRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		race := func(do func() error) (won int) {
			t.Helper()
			errs := make([]error, 4)
			var all sync.WaitGroup
			for i := range errs {
				all.Go(func() { errs[i] = do() })
			}
			all.Wait()
			for _, err := range errs {
				switch {
				case err == nil:
					won++
				case !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.Invalid):
					t.Error(err)
				}
			}
			return won
		}
		if n := race(func() error { _, err := deduct(d, chief, v.ID, 70000, "vio_1"); return err }); n != 1 {
			t.Errorf("%d deductions", n)
		}
		holds(t, d, ledger.Deducted(), 70000)
		if n := race(func() error { _, err := undo(d, chief, "vio_1", 70000); return err }); n != 1 {
			t.Errorf("%d returns", n)
		}
		holds(t, d, ledger.Deducted(), 0)
		sound(t, d)
	})
}
