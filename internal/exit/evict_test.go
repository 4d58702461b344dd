package exit_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func order(d *db.DB, by access.Actor, in exit.EvictionPaper) (e exit.Exit, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		e, err = exit.Order(ctx, tx, by, in)
		return err
	})
	return e, err
}

func approve(d *db.DB, by access.Actor, id string) (e exit.Exit, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		e, err = exit.Approve(ctx, tx, by, exit.Chosen{ID: id})
		return err
	})
	return e, err
}

func paper(t testing.TB, d *db.DB, v vendor.Vendor, amount money.Amount) exit.EvictionPaper {
	t.Helper()
	return exit.EvictionPaper{VendorID: v.ID, Offence: "malware", Description: "商品中植入窃取数据的程序", Amount: amount, Evidence: []string{proof(t, d, v.ID)}}
}

// Rule X-1: two people, products off, contract ended, deposit as decided, no re-entry.
func TestEviction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := named(t, d, trading(t, d))
		e, err := order(d, lawyer, paper(t, d, v, yuan(3000)))
		if err != nil || e.Status != exit.Proposed || e.ViolationID == "" {
			t.Fatalf("%+v, %v", e, err)
		}
		if s := stage(t, d, v.ID); s != onboarding.Open {
			t.Errorf("a mere proposal made it %s", s)
		}
		if got := desk(t, d, yunshitest.Owner(v.ID), v.ID); got.Exit != nil {
			t.Error("the vendor sees the proposal")
		}
		for name, tt := range map[string]struct {
			by   access.Actor
			kind fault.Kind
		}{
			"who ordered it": {lawyer, fault.Forbidden},
			"finance":        {chief, fault.Forbidden},
			"a job":          {program, fault.Forbidden},
			"the vendor":     {yunshitest.Owner(v.ID), fault.Forbidden},
		} {
			if _, err := approve(d, tt.by, e.ID); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if e, err = approve(d, partner, e.ID); err != nil || e.Status != exit.Leaving {
			t.Fatalf("%+v, %v", e, err)
		}
		if got := desk(t, d, yunshitest.Owner(v.ID), v.ID); codes(got.Blockers) != "check operator" {
			t.Errorf("the vendor sees %s before the decision", codes(got.Blockers))
		}
		// Finance decides on the deduction; the time of appeal passes.
		write(t, d, func(tx *db.Tx) error {
			_, err := violation.Decide(ctx, tx, chief, violation.Decision{ID: e.ViolationID, Outcome: violation.Confirm, Reason: "证据确凿，予以扣除"})
			return err
		})
		if got := desk(t, d, yunshitest.Owner(v.ID), v.ID); codes(got.Blockers) != "violation vendor" {
			t.Errorf("the vendor sees %s after the decision", codes(got.Blockers))
		}
		days(d, 30)
		yunshitest.NewOffice(t, d, func(reg *job.Registry, _ *db.DB, _ *file.Files, _ sign.Key) { violation.Register(reg) }).Drain(t)
		advance(t, d, v.ID)
		if e = load(t, d, e.ID); e.Status != exit.Returning || e.Released != yuan(2000) {
			t.Fatalf("after the decision: %+v", e)
		}
		pay(t, d, payouts(t, d, v.ID)[0])
		advance(t, d, v.ID)
		if s := stage(t, d, v.ID); s != onboarding.Evicted {
			t.Errorf("stage %s", s)
		}
		comeBack := func() error { return d.Write(ctx, func(tx *db.Tx) error { return vendor.ComeBack(ctx, tx, v.ID) }) }
		if err := comeBack(); !errors.Is(err, fault.Conflict) {
			t.Errorf("comes back: %v", err)
		}
		other := yunshitest.Vendor(t, d)
		claim := func() error {
			return d.Write(ctx, func(tx *db.Tx) error { return vendor.Claim(ctx, tx, other.ID, uscc, v.Name) })
		}
		var bad *fault.Error
		if err := claim(); !errors.As(err, &bad) || bad.Fields[0].Rule != "X-1" {
			t.Errorf("under another account: %v", err)
		}
		sound(t, d)
		lift(t, d)
		if err := comeBack(); err != nil {
			t.Errorf("after the bar was lifted: %v", err)
		}
	})
}

// Rule X-1: where the deduction was decided before the eviction, the clock of its
// top-up ends with the contract; nobody is reminded, and the papers that nobody sent
// are not wanted any more.
func TestEvictedVendorIsAskedForNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := named(t, d, trading(t, d))
		e, err := order(d, lawyer, paper(t, d, v, yuan(3000)))
		if err != nil {
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := violation.Decide(ctx, tx, chief, violation.Decision{ID: e.ViolationID, Outcome: violation.Confirm, Reason: "证据确凿，予以扣除"})
			return err
		})
		clocks := func() int {
			var list []deposit.Clock
			yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
				list, err = deposit.Clocks(ctx, tx, auditor)
				return err
			})
			return len(list)
		}
		if clocks() != 1 {
			t.Fatal("the deduction set no clock")
		}
		if e, err = approve(d, partner, e.ID); err != nil {
			t.Fatal(err)
		}
		if n := clocks(); n != 0 {
			t.Errorf("%d clocks run for one who was evicted", n)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			s, err := deposit.Load(ctx, tx, v.ID)
			if !s.Missing.IsZero() || !s.TopUp.IsZero() {
				t.Errorf("asked for %v and %v", s.Missing, s.TopUp)
			}
			parcels, perr := deposit.Parcels(ctx, tx, lawyer, v.ID)
			for _, p := range parcels {
				if p.Status == deposit.ParcelAsked {
					t.Errorf("the paper %s is still to be sent", p.ID)
				}
			}
			return errors.Join(err, perr)
		})
		sound(t, d)
	})
}

// lift lets the only barred company in again, by another person than who barred it.
func lift(t *testing.T, d *db.DB) {
	t.Helper()
	var bars []vendor.Barring
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		bars, err = vendor.Bars(ctx, tx, auditor)
		return err
	})
	if len(bars) != 1 || bars[0].USCC != cn.USCC(uscc) {
		t.Fatalf("bars: %+v", bars)
	}
	do := func(by access.Actor, reason string) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := vendor.LiftBar(ctx, tx, by, vendor.Lift{ID: bars[0].ID, Reason: reason})
			return err
		})
	}
	if err := do(partner, "复核后解除"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("by who barred it: %v", err)
	}
	if err := do(lawyer, " "); !errors.Is(err, fault.Invalid) {
		t.Errorf("without a reason: %v", err)
	}
	if err := do(auditor, "x"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("by an auditor: %v", err)
	}
	if err := do(lawyer, "复核后解除"); err != nil {
		t.Error(err)
	}
	if err := do(lawyer, "again"); !errors.Is(err, fault.Conflict) {
		t.Errorf("twice: %v", err)
	}
}

// Two people approve at once: the vendor is evicted once.
func TestApproveEvictionAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := named(t, d, trading(t, d))
		e, err := order(d, lawyer, paper(t, d, v, money.CNY(0)))
		if err != nil {
			t.Fatal(err)
		}
		errs := make([]error, 3)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = approve(d, yunshitest.Staff("acc_"+string(rune('a'+i)), access.Contracts), e.ID) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d approved it", won)
		}
		sound(t, d)
	})
}

// An eviction takes the place of an exit in peace; one that is dropped changes nothing.
func TestEvictionReplacesAWish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := named(t, d, trading(t, d))
		wish := asked(t, d, v)
		first, err := order(d, lawyer, paper(t, d, v, money.CNY(0)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := order(d, partner, paper(t, d, v, money.CNY(0))); !errors.Is(err, fault.Conflict) {
			t.Errorf("a second proposal: %v", err)
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := exit.Drop(ctx, tx, partner, exit.Dropping{ID: first.ID, Reason: "证据不足"})
			return err
		})
		if got := load(t, d, wish.ID); got.Status != exit.Asked {
			t.Errorf("the wish is %s", got.Status)
		}
		second, err := order(d, lawyer, paper(t, d, v, money.CNY(0)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := approve(d, partner, second.ID); err != nil {
			t.Fatal(err)
		}
		if got := load(t, d, wish.ID); got.Status != exit.Withdrawn {
			t.Errorf("the wish is %s", got.Status)
		}
		if got := load(t, d, second.ID); got.Status != exit.Leaving {
			t.Errorf("the eviction is %s", got.Status)
		}
		sound(t, d)
	})
}

func TestOrderRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := named(t, d, trading(t, d))
		bare := yunshitest.Vendor(t, d)
		good := paper(t, d, v, money.CNY(0))
		for name, tt := range map[string]struct {
			by     access.Actor
			change func(*exit.EvictionPaper)
			kind   fault.Kind
		}{
			"a reviewer":      {yunshitest.Staff("r", access.Reviewer), nil, fault.Forbidden},
			"finance":         {chief, nil, fault.Forbidden},
			"the vendor":      {yunshitest.Owner(v.ID), nil, fault.Forbidden},
			"no vendor":       {lawyer, func(p *exit.EvictionPaper) { p.VendorID = "" }, fault.Invalid},
			"no such vendor":  {lawyer, func(p *exit.EvictionPaper) { p.VendorID = "ven_none" }, fault.Invalid},
			"no contract":     {lawyer, func(p *exit.EvictionPaper) { p.VendorID = bare.ID }, fault.Conflict},
			"no evidence":     {lawyer, func(p *exit.EvictionPaper) { p.Evidence = nil }, fault.Invalid},
			"no such offence": {lawyer, func(p *exit.EvictionPaper) { p.Offence = "none" }, fault.Invalid},
			"no words":        {lawyer, func(p *exit.EvictionPaper) { p.Description = "" }, fault.Invalid},
			"less than zero":  {lawyer, func(p *exit.EvictionPaper) { p.Amount = money.CNY(-1) }, fault.Invalid},
		} {
			in := good
			if tt.change != nil {
				tt.change(&in)
			}
			if _, err := order(d, tt.by, in); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v, want %s", name, err, tt.kind)
			}
		}
	})
}
