package exit_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Rules and D-10, from the wish to the returned deposit.
func TestVendorLeavesInPeace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		e := asked(t, d, v)
		if e.Status != exit.Asked || e.EndBy.IsZero() || e.Number == "" {
			t.Fatalf("asked: %+v", e)
		}
		if s := stage(t, d, v.ID); s != onboarding.Leaving {
			t.Errorf("stage %s", s)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			if err := onboarding.Require(ctx, tx, v.ID, policy.Shelve, onboarding.Target{Category: "ops"}); !errors.Is(err, fault.Conflict) {
				t.Errorf("may shelve while leaving: %v", err)
			}
			return nil
		})
		// The time of thought passes, and the contract ends by itself.
		days(d, 10)
		write(t, d, func(tx *db.Tx) error { return exit.Watch(ctx, tx, program) })
		write(t, d, func(tx *db.Tx) error {
			_, err := exit.End(ctx, tx, lawyer, exit.Chosen{ID: e.ID})
			return err
		})
		e = load(t, d, e.ID)
		if e.Status != exit.Returning || e.DueBy.IsZero() || e.Released != yuan(5000) {
			t.Fatalf("ended: %+v", e)
		}
		list := payouts(t, d, v.ID)
		if len(list) != 1 || list[0].Amount != yuan(5000) || list[0].Purpose != payout.DepositReturn || list[0].To.Name != v.Company.Account.Holder {
			t.Fatalf("payouts: %+v", list)
		}
		if got := desk(t, d, yunshitest.Owner(v.ID), v.ID); got.Exit == nil || len(got.Blockers) != 0 || got.Held.Fen != 0 {
			t.Errorf("the vendor sees %+v", got)
		}
		pay(t, d, list[0])
		advance(t, d, v.ID)
		e = load(t, d, e.ID)
		if e.Status != exit.Done || e.FinishedAt.IsZero() || e.Released != yuan(5000) {
			t.Errorf("finished: %+v", e)
		}
		if s := stage(t, d, v.ID); s != onboarding.Left {
			t.Errorf("stage %s", s)
		}
		got := desk(t, d, yunshitest.Owner(v.ID), v.ID)
		if len(got.Statement) != 2 || got.Statement[0].Amount != yuan(5000) || got.Statement[1].Amount != yuan(-5000) {
			t.Errorf("closing statement: %+v", got.Statement)
		}
		advance(t, d, v.ID)
		sound(t, d)
	})
}

// The wish can be taken back until the contract has ended. Rule X-1.
func TestWithdraw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		e := asked(t, d, v)
		withdraw := func(by access.Actor, id string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := exit.Withdraw(ctx, tx, by, exit.Chosen{ID: id})
				return err
			})
		}
		if err := withdraw(yunshitest.Owner("ven_other"), e.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("by another vendor: %v", err)
		}
		if err := withdraw(yunshitest.Owner(v.ID), e.ID); err != nil {
			t.Fatal(err)
		}
		if s := stage(t, d, v.ID); s != onboarding.Open {
			t.Errorf("stage %s", s)
		}
		e = leaving(t, d, v)
		if err := withdraw(yunshitest.Owner(v.ID), e.ID); !errors.Is(err, fault.Conflict) {
			t.Errorf("after the contract ended: %v", err)
		}
		sound(t, d)
	})
}

func TestAskRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		bare := yunshitest.Vendor(t, d)
		good := exit.Paper{Reason: "业务调整", Understood: true}
		finance := yunshitest.Owner(v.ID)
		finance.Roles = []access.Role{access.VendorFinance}
		for name, tt := range map[string]struct {
			by   access.Actor
			in   exit.Paper
			kind fault.Kind
		}{
			"a visitor":      {access.Actor{}, good, fault.Unauthenticated},
			"finance people": {finance, good, fault.Forbidden},
			"staff":          {lawyer, good, fault.NotFound},
			"no reason":      {yunshitest.Owner(v.ID), exit.Paper{Understood: true}, fault.Invalid},
			"not understood": {yunshitest.Owner(v.ID), exit.Paper{Reason: "x"}, fault.Invalid},
			"no contract":    {yunshitest.Owner(bare.ID), good, fault.Conflict},
		} {
			if _, err := ask(d, tt.by, tt.in); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v, want %s", name, err, tt.kind)
			}
		}
		// Twice at once: one exit.
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = ask(d, yunshitest.Owner(v.ID), good) })
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
			t.Errorf("%d exits", won)
		}
	})
}

// Rule X-2: what blocks the return is listed, each with whose turn it is, and the
// clock of D-10 waits for it.
func TestBlockers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		var receipt string
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			list, err := deposit.Receipts(ctx, tx, clerk, v.ID)
			receipt = list[0].ID
			return err
		})
		// The receipt went out on paper.
		write(t, d, func(tx *db.Tx) error { return sendPaper(tx, v.ID, receipt) })
		// Money came in that nobody confirmed.
		first += 100
		yunshitest.Import(t, d, clerk, first, yunshitest.Movement{Fen: 100, Remark: "补款", Payer: v.Company.Name, Account: v.Company.Account.Number})
		e := leaving(t, d, v)
		if e.Status != exit.Leaving || !e.DueBy.IsZero() {
			t.Fatalf("it went on: %+v", e)
		}
		got := desk(t, d, yunshitest.Owner(v.ID), v.ID)
		if codes(got.Blockers) != "receipt vendor, bank_line operator" {
			t.Errorf("blockers: %s", codes(got.Blockers))
		}
		for _, b := range got.Blockers {
			if b.Office != "" || b.Message.Key == "" || b.Mend.Key == "" || b.Rule == "" {
				t.Errorf("for the vendor: %+v", b)
			}
		}
		write(t, d, func(tx *db.Tx) error {
			_, err := deposit.TakePaper(ctx, tx, clerk, deposit.Chosen{ID: receipt})
			return err
		})
		advance(t, d, v.ID)
		e = load(t, d, e.ID)
		if e.Status != exit.Leaving || e.DueBy.IsZero() {
			t.Errorf("the papers are back, and the clock does not run: %+v", e)
		}
		if e.Overdue(e.DueBy) || !e.Overdue(e.DueBy.AddDate(0, 0, 1)) {
			t.Error("overdue is told at the wrong moment")
		}
	})
}

// sendPaper writes what stands there when a receipt was sent on paper.
func sendPaper(tx *db.Tx, vendorID, receipt string) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO receipt_parcel (id, receipt_id, vendor_id, status, sealed, asked_by, asked_at) VALUES ($1, $2, $3, 'arrived', '', '', $4)`,
		tx.NewID("par"), receipt, vendorID, tx.Now())
	return err
}

// Rule D-10: a return by the bank opens the payout again; the exit waits for it.
func TestBouncedReturn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		e := leaving(t, d, v)
		p := payouts(t, d, v.ID)[0]
		pay(t, d, p)
		bounce(t, d, p)
		advance(t, d, v.ID)
		if e = load(t, d, e.ID); e.Status != exit.Returning {
			t.Fatalf("it is %s, and the money came back", e.Status)
		}
		to := payout.Account{Name: v.Company.Name, Number: "1202026219900054321", Bank: "招商银行"}
		write(t, d, func(tx *db.Tx) error {
			_, err := payout.Correct(ctx, tx, clerk, payout.Correction{ID: p.ID, To: to, Reason: "更正"})
			return err
		})
		pay(t, d, payouts(t, d, v.ID)[0])
		advance(t, d, v.ID)
		if e = load(t, d, e.ID); e.Status != exit.Done || e.Released != yuan(5000) {
			t.Errorf("finished: %+v", e)
		}
		sound(t, d)
	})
}

// A cancelled return is ordered anew: nothing stays held.
func TestCancelledReturnIsOrderedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		e := leaving(t, d, v)
		p := payouts(t, d, v.ID)[0]
		write(t, d, func(tx *db.Tx) error {
			_, err := payout.Cancel(ctx, tx, clerk, payout.Cancellation{ID: p.ID, Reason: "户名有误"})
			return err
		})
		advance(t, d, v.ID)
		list := payouts(t, d, v.ID)
		if len(list) != 2 || list[0].Status != payout.Ordered || load(t, d, e.ID).Status != exit.Returning {
			t.Fatalf("ordered again: %+v", list)
		}
		pay(t, d, list[0])
		advance(t, d, v.ID)
		if e = load(t, d, e.ID); e.Status != exit.Done || e.Released != yuan(5000) {
			t.Errorf("finished: %+v", e)
		}
		sound(t, d)
	})
}

// Rule X-1: a term that ended and was not renewed ends the cooperation after the grace.
func TestEndOfTerm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		end := func() {
			write(t, d, func(tx *db.Tx) error { return exit.EndOfTerm(ctx, tx, program, v.ID) })
		}
		end()
		days(d, 366) // a year and a day: in its grace
		end()
		if s := stage(t, d, v.ID); s != onboarding.OutOfTerm {
			t.Fatalf("in its grace it is %s", s)
		}
		days(d, 20)
		end()
		end()
		got := desk(t, d, lawyer, v.ID)
		if got.Exit == nil || got.Exit.Kind != exit.Term || got.Exit.Status != exit.Returning {
			t.Fatalf("after the grace: %+v", got.Exit)
		}
		sound(t, d)
	})
}

// Rule X-1: who left in peace applies anew, with nothing of the old standing left.
func TestComeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		leaving(t, d, v)
		back := func() error { return d.Write(ctx, func(tx *db.Tx) error { return vendor.ComeBack(ctx, tx, v.ID) }) }
		if err := back(); !errors.Is(err, fault.Conflict) {
			t.Errorf("while leaving: %v", err)
		}
		pay(t, d, payouts(t, d, v.ID)[0])
		advance(t, d, v.ID)
		if err := back(); err != nil {
			t.Fatal(err)
		}
		if s := stage(t, d, v.ID); s != onboarding.Applying {
			t.Errorf("stage %s", s)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			s, err := deposit.Load(ctx, tx, v.ID)
			if err != nil {
				return err
			}
			standing, err := qualification.Standings(ctx, tx, v.ID)
			if len(s.Covered) != 0 || s.Held.Fen != 0 || len(s.Approved) != 0 || len(standing) != 1 || standing[0].Status != qualification.CategoryEnded {
				t.Errorf("of old: %+v, %+v", s, standing)
			}
			return err
		})
		sound(t, d)
	})
}

// An overpayment goes back with the deposit. Rule D-12.
func TestOverpaymentReturnsToo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		yunshitest.Pay(t, d, v, 12300)
		e := leaving(t, d, v)
		list := payouts(t, d, v.ID)
		if len(list) != 2 || e.Released.Fen != 512300 {
			t.Fatalf("payouts: %+v", list)
		}
		for _, p := range list {
			pay(t, d, p)
		}
		advance(t, d, v.ID)
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			m, err := ledger.Balance(ctx, tx, ledger.Overpaid(v.ID))
			if err != nil || m.Fen != 0 || load(t, d, e.ID).Status != exit.Done {
				t.Errorf("overpaid %s, %v", m, err)
			}
			return nil
		})
		sound(t, d)
	})
}

// A company sees its own exit and no other's.
func TestOthersSeeNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := trading(t, d)
		e := asked(t, d, v)
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			if _, err := exit.Of(ctx, tx, yunshitest.Owner("ven_other"), v.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("another vendor: %v", err)
			}
			if _, err := exit.Get(ctx, tx, yunshitest.Owner(v.ID), exit.Chosen{ID: e.ID}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("the staff's view: %v", err)
			}
			if _, err := exit.List(ctx, tx, yunshitest.Owner(v.ID), exit.Filter{}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("the staff's list: %v", err)
			}
			list, err := exit.List(ctx, tx, auditor, exit.Filter{Open: true})
			if err != nil || len(list) != 1 || list[0].VendorName != v.Name {
				t.Errorf("the auditor's list: %+v, %v", list, err)
			}
			w, err := exit.Waits(ctx, tx, auditor)
			if err != nil || w.Open != 1 || w.Overdue != 0 {
				t.Errorf("dashboard: %+v, %v", w, err)
			}
			return nil
		})
	})
}
