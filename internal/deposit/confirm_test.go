package deposit_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Rules D-2, D-3, D-7, D-8 and D-12, from the request to the receipt.
func TestDepositIsReceived(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api", "ops")
		s := state(t, d, v.ID)
		if s.Missing != yuan(5000) || s.RequiredBy != "ops" || s.Reference == "" {
			t.Fatalf("asked: %+v", s)
		}
		l := paid(t, d, v, 500000)
		if l.State != payment.Certain || l.Subject != v.ID {
			t.Fatalf("proposed %s for %q: %v", l.State, l.Subject, l.Reasons)
		}
		r := mustConfirm(t, d, l, "")
		if r.Number != "BZJ-2026-000001" || r.Held != yuan(5000) || r.Excess.Fen != 0 || r.Payer != v.Company.Name || r.Remitter != "" || r.Payee == "" {
			t.Errorf("receipt %+v", r)
		}
		s = state(t, d, v.ID)
		if s.Held != yuan(5000) || s.Missing.Fen != 0 || !s.Covers("api") || !s.Covers("ops") {
			t.Errorf("after: %+v", s)
		}
		sound(t, d)
	})
}

// Rule D-7: neither who imported nor who proposed confirms, unless policy allows one person.
func TestTwoPeopleForMoney(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		l := paid(t, d, v, 200000)
		in := deposit.Confirmation{LineID: l.ID, VendorID: v.ID}
		third := yunshitest.Staff("acc_third", access.Finance)
		for name, tt := range map[string]struct {
			by   access.Actor
			kind fault.Kind
		}{
			"who imported":  {clerk, fault.Forbidden},
			"an auditor":    {auditor, fault.Forbidden},
			"a visitor":     {access.Actor{}, fault.Unauthenticated},
			"the vendor":    {yunshitest.Owner(v.ID), fault.Forbidden},
			"no person":     {program, fault.Forbidden},
			"a reviewer":    {yunshitest.Staff("r", access.Reviewer), fault.Forbidden},
			"a narrow key":  {access.Actor{Kind: access.Staff, ID: "acc_chief", Roles: []access.Role{access.Finance}, Scopes: []access.Scope{access.ScopeRead}}, fault.Forbidden},
			"administrator": {yunshitest.Staff("a", access.Administrator), fault.Forbidden},
		} {
			if _, err := confirm(d, tt.by, in); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Who assigned it by hand does not confirm it either.
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			_, err := payment.Assign(ctx, tx, chief, payment.Assignment{LineID: l.ID, Subject: v.ID})
			return err
		})
		if _, err := confirm(d, chief, in); !errors.Is(err, fault.Forbidden) {
			t.Errorf("who assigned: %v", err)
		}
		if _, err := confirm(d, third, in); err != nil {
			t.Errorf("a third person: %v", err)
		}
		sound(t, d)
	})
}

func TestOnePersonWherePolicyAllows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			p := policy.Shipped()
			p.OnePersonForMoney = true
			return policy.Set(ctx, tx, program, p, tx.Now())
		})
		v := asked(t, d, "api")
		l := paid(t, d, v, 200000)
		if _, err := confirm(d, clerk, deposit.Confirmation{LineID: l.ID, VendorID: v.ID}); err != nil { // rule D-7
			t.Error(err)
		}
	})
}

// Rule D-5: another payer is decided by a person, with a reason.
func TestDoubtfulNeedsAReason(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		l := yunshitest.Import(t, d, clerk, 1, yunshitest.Movement{Fen: 200000, Remark: state(t, d, v.ID).Reference, Payer: "张三"})[0]
		if l.State != payment.Doubtful {
			t.Fatalf("proposed as %s", l.State)
		}
		for _, reason := range []string{"", "  ", "好"} {
			if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID, Reason: reason}); !errors.Is(err, fault.Invalid) {
				t.Errorf("with the reason %q: %v", reason, err)
			}
		}
		r := mustConfirm(t, d, l, "已电话核实，系法定代表人代付")
		if r.Remitter != "张三" || r.Reason == "" {
			t.Errorf("receipt %+v", r)
		}
		sound(t, d)
	})
}

// Rule D-12: parts add up, and the excess is held apart.
func TestPartsAndExcess(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "ops")
		r := mustConfirm(t, d, paid(t, d, v, 150000), "分两次缴纳")
		if s := state(t, d, v.ID); r.Held.Fen != 150000 || s.Missing != yuan(3500) || s.Covers("ops") {
			t.Errorf("after a part: %+v", s)
		}
		r = mustConfirm(t, d, paid(t, d, v, 400000), "多付部分另存")
		s := state(t, d, v.ID)
		if r.Held != yuan(3500) || r.Excess != yuan(500) || s.Held != yuan(5000) || s.Overpaid != yuan(500) || !s.Covers("ops") {
			t.Errorf("after the rest: %+v, receipt %+v", s, r)
		}
		if r.Number != "BZJ-2026-000002" {
			t.Errorf("number %s", r.Number)
		}
		r = mustConfirm(t, d, paid(t, d, v, 100), "重复付款，另存")
		if s := state(t, d, v.ID); r.Held.Fen != 0 || s.Held != yuan(5000) || s.Overpaid != yuan(501) {
			t.Errorf("after a payment nobody asked for: %+v", s)
		}
		sound(t, d)
	})
}

// Rule D-3: a category approved later asks for the difference and uncovers nothing;
// one that raises nothing is covered at once. Rule D-9: what was overpaid does not
// pay it, it is made good by transfer.
func TestLaterCategories(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		mustConfirm(t, d, paid(t, d, v, 900000), "多付部分另存")
		if s := state(t, d, v.ID); !s.Covers("api") || s.Overpaid != yuan(7000) {
			t.Fatalf("%+v", s)
		}
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "ops")
		ensure(t, d, v.ID)
		s := state(t, d, v.ID)
		if s.Missing != yuan(3000) || s.RequiredBy != "ops" || !s.Covers("api") || s.Covers("ops") || s.Overpaid != yuan(7000) {
			t.Errorf("after the approval: %+v", s)
		}
		mustConfirm(t, d, paid(t, d, v, 300000), "")
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "image")
		ensure(t, d, v.ID)
		if s := state(t, d, v.ID); !s.Covers("ops") || !s.Covers("image") || s.Missing.Fen != 0 {
			t.Errorf("after the top-up and one more: %+v", s)
		}
		sound(t, d)
	})
}

// Rule M-3: a resale contract has its own deposit, and 0 covers at signing.
func TestResale(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Vendor(t, d)
		yunshitest.Qualify(t, d, v.ID, policy.Resale, "ops")
		if s := state(t, d, v.ID); s.Known {
			t.Errorf("known before the contract: %+v", s)
		}
		sign(t, d, v.ID, yunshitest.Terms{Mode: policy.Resale, Deposit: yuan(0)})
		if s := state(t, d, v.ID); !s.Known || s.Missing.Fen != 0 || !s.Covers("ops") {
			t.Errorf("with deposit 0: %+v", s)
		}
		w := yunshitest.Vendor(t, d)
		yunshitest.Qualify(t, d, w.ID, policy.Resale, "ops")
		sign(t, d, w.ID, yunshitest.Terms{Mode: policy.Resale, Deposit: yuan(123)})
		if s := state(t, d, w.ID); s.Missing != yuan(123) || s.RequiredBy != "" || s.Covers("ops") {
			t.Errorf("with deposit 123: %+v", s)
		}
	})
}

// Rule O-6: nothing of the deposit happens before its turn.
func TestOutOfOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Vendor(t, d)
		l := yunshitest.Import(t, d, clerk, 1, yunshitest.Movement{Fen: 200000, Payer: v.Company.Name, Account: v.Company.Account.Number})[0]
		if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("confirmed before anything: %v", err)
		}
		ensure(t, d, v.ID)
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "api")
		ensure(t, d, v.ID)
		if s := state(t, d, v.ID); s.Reference != "" || s.Missing != yuan(2000) {
			t.Errorf("asked before the contract: %+v", s)
		}
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			_, err := payment.Assign(ctx, tx, clerk, payment.Assignment{LineID: l.ID, Subject: v.ID})
			if !errors.Is(err, fault.Invalid) {
				t.Errorf("assigned before the contract: %v", err)
			}
			return nil
		})
		sign(t, d, v.ID, yunshitest.Terms{})
		l = paid(t, d, v, 200000)
		if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: "ven_other"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("for another vendor than proposed: %v", err)
		}
		if _, err := confirm(d, chief, deposit.Confirmation{LineID: "bln_none", VendorID: v.ID}); !errors.Is(err, fault.NotFound) {
			t.Errorf("no line: %v", err)
		}
		mustConfirm(t, d, l, "")
		if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID}); !errors.Is(err, fault.Conflict) { // rule D-7
			t.Errorf("a second time: %v", err)
		}
		sound(t, d)
	})
}

// Races: many people confirm one line, and many lines of one vendor. Rule D-7.
func TestConfirmRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "ops")
		var movements []yunshitest.Movement
		for range 4 {
			movements = append(movements, yunshitest.Movement{Fen: 200000, Remark: state(t, d, v.ID).Reference, Payer: v.Company.Name, Account: v.Company.Account.Number})
		}
		lines := yunshitest.Import(t, d, clerk, 1, movements...)
		var wg sync.WaitGroup
		for _, l := range lines {
			for i := range 3 {
				wg.Go(func() {
					by := yunshitest.Staff(fmt.Sprintf("acc_%d", i), access.Finance)
					_, err := confirm(d, by, deposit.Confirmation{LineID: l.ID, VendorID: v.ID, Reason: "分次缴纳，已核实"})
					if err != nil && !errors.Is(err, fault.Conflict) {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		s := state(t, d, v.ID)
		if s.Held != yuan(5000) || s.Overpaid != yuan(3000) {
			t.Errorf("held %s, overpaid %s", s.Held, s.Overpaid)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			receipts, err := deposit.Receipts(ctx, tx, auditor, v.ID)
			if len(receipts) != 4 {
				t.Errorf("%d receipts", len(receipts))
			}
			return err
		})
		sound(t, d)
	})
}

// Rule D-8: the numbers have no gaps, also over vendors and refused confirmations,
// and begin again with the year of the operator's zone.
func TestReceiptNumbers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for range 6 {
			v := asked(t, d, "api")
			l := paid(t, d, v, 200000)
			wg.Go(func() {
				if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID}); err != nil {
					t.Error(err)
				}
				if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID}); !errors.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		sound(t, d)
		// 31 December, 16:30 UTC is the next year in Shanghai.
		dbtest.Advance(d, time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC).Sub(dbtest.Start))
		v := asked(t, d, "api")
		if r := mustConfirm(t, d, paid(t, d, v, 200000), ""); r.Number != "BZJ-2027-000001" {
			t.Errorf("number %s", r.Number)
		}
		sound(t, d)
	})
}

// A confirmation is few round trips. Architecture §12.
func TestConfirmIsFewStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "ops")
		l := paid(t, d, v, 500000)
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			before := tx.Statements()
			_, err := deposit.Confirm(ctx, tx, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID})
			if n := tx.Statements() - before; n > 25 {
				t.Errorf("%d statements", n)
			} else {
				t.Logf("%d statements", n)
			}
			return err
		})
	})
}

// What a vendor sees of its deposit is its own.
func TestOthersSeeNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, w := asked(t, d, "api"), asked(t, d, "api")
		r := mustConfirm(t, d, paid(t, d, v, 200000), "")
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			if _, err := deposit.GetReceipt(ctx, tx, yunshitest.Owner(w.ID), r.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("another's receipt: %v", err)
			}
			if _, err := deposit.Receipts(ctx, tx, yunshitest.Owner(w.ID), v.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("another's receipts: %v", err)
			}
			if _, err := deposit.Get(ctx, tx, yunshitest.Owner(w.ID), v.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("another's deposit: %v", err)
			}
			if _, err := deposit.Accounts(ctx, tx, yunshitest.Owner(v.ID), deposit.Filter{}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("all deposits: %v", err)
			}
			accounts, err := deposit.Accounts(ctx, tx, auditor, deposit.Filter{})
			if err != nil {
				return err
			}
			var got []string
			for _, a := range accounts {
				got = append(got, fmt.Sprint(a.VendorName, a.Held, a.Due, a.Overpaid))
			}
			want := []string{w.Name + "0.00 2,000.00 0.00", v.Name + "2,000.00 0.00 0.00"}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			mine, err := deposit.GetReceipt(ctx, tx, yunshitest.Owner(v.ID), r.ID)
			if mine.Number != r.Number {
				t.Errorf("the own receipt: %+v", mine)
			}
			return err
		})
	})
}
