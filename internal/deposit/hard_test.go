package deposit_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// do runs an operation in one transaction.
func do[I, O any](d *db.DB, by access.Actor, op operation[I, O], in I) (out O, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		out, err = op(ctx, tx, by, in)
		return err
	})
	return out, err
}

func must[I, O any](t testing.TB, d *db.DB, by access.Actor, op operation[I, O], in I) O {
	t.Helper()
	out, err := do(d, by, op, in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// movement is a transfer from the vendor's own account with its reference.
func movement(t testing.TB, d *db.DB, v vendor.Vendor, fen int64) yunshitest.Movement {
	t.Helper()
	return yunshitest.Movement{Fen: fen, Remark: state(t, d, v.ID).Reference, Payer: v.Company.Name, Account: v.Company.Account.Number}
}

func imported(t testing.TB, d *db.DB, m yunshitest.Movement) payment.Line {
	t.Helper()
	return yunshitest.Import(t, d, clerk, int(number.Add(1)), m)[0]
}

// Rules D-9 and D-12: an overpayment pays a later shortfall by the decision of two
// people only, and never more than is missing.
func TestOverpaymentIsApplied(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		if _, err := do(d, clerk, deposit.AskApply, deposit.Application{VendorID: v.ID, Amount: yuan(1), Reason: "抵用差额"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("nothing overpaid: %v", err)
		}
		mustConfirm(t, d, paid(t, d, v, 600000), "多付部分另存")
		if _, err := do(d, clerk, deposit.AskApply, deposit.Application{VendorID: v.ID, Amount: yuan(1), Reason: "抵用差额"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("nothing missing: %v", err)
		}
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "ops")
		ensure(t, d, v.ID)
		in := deposit.Application{VendorID: v.ID, Amount: yuan(3001), Reason: "服务商来函同意抵用"}
		if _, err := do(d, clerk, deposit.AskApply, in); !errors.Is(err, fault.Invalid) {
			t.Errorf("more than is missing: %v", err)
		}
		if _, err := do(d, yunshitest.Owner(v.ID), deposit.AskApply, in); !errors.Is(err, fault.Forbidden) {
			t.Errorf("the vendor itself: %v", err)
		}
		in.Amount = yuan(3000)
		asked := must(t, d, clerk, deposit.AskApply, in)
		if s := state(t, d, v.ID); s.Missing != yuan(3000) || s.Overpaid != yuan(4000) {
			t.Errorf("posted before it was approved: %+v", s)
		}
		if _, err := do(d, chief, deposit.AskApply, in); !errors.Is(err, fault.Conflict) {
			t.Errorf("asked twice: %v", err)
		}
		for name, by := range map[string]access.Actor{"who asked": clerk, "an auditor": auditor, "a program": program} {
			if _, err := do(d, by, deposit.Approve, deposit.Chosen{ID: asked.ID}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s approves: %v", name, err)
			}
		}
		var wg sync.WaitGroup
		var wins sync.Map
		for i := range 3 {
			wg.Go(func() {
				_, err := do(d, yunshitest.Staff([]string{"acc_x", "acc_y", "acc_z"}[i], access.Finance), deposit.Approve, deposit.Chosen{ID: asked.ID})
				if err == nil {
					wins.Store(i, true)
				} else if !errors.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		n := 0
		wins.Range(func(any, any) bool { n++; return true })
		if s := state(t, d, v.ID); n != 1 || s.Missing.Fen != 0 || s.Overpaid != yuan(1000) || !s.Covers("ops") || s.Held != yuan(5000) {
			t.Errorf("%d approved, %+v", n, s)
		}
		sound(t, d)
	})
}

// Rule D-12: an overpayment goes back to the corporate account through a payout.
func TestOverpaymentIsReturned(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		mustConfirm(t, d, paid(t, d, v, 250000), "多付部分另存")
		if _, err := do(d, clerk, deposit.ReturnOverpaid, deposit.Repayment{VendorID: v.ID, Amount: yuan(501), Reason: "按申请退还"}); !errors.Is(err, fault.Invalid) {
			t.Errorf("more than is overpaid: %v", err)
		}
		p := must(t, d, clerk, deposit.ReturnOverpaid, deposit.Repayment{VendorID: v.ID, Amount: yuan(500), Reason: "按申请退还"})
		if p.Purpose != payout.OverpaymentReturn || p.To.Number != v.Company.Account.Number {
			t.Errorf("payout %+v", p)
		}
		holds(t, d, ledger.Payout(p.ID), 50000)
		if s := state(t, d, v.ID); s.Overpaid.Fen != 0 || s.Held != yuan(2000) {
			t.Errorf("%+v", s)
		}
		sound(t, d)
	})
}

// Rule D-6: a voucher told for several lines waits until its sum is reached; bank
// fees close it within what the policy allows, and the deposit still misses them.
func TestVoucherOfSeveralLines(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "ops")
		hand := func(fen int64) deposit.Voucher {
			vou, err := present(d, yunshitest.Owner(v.ID), deposit.Paper{Amount: money.CNY(fen), PaidOn: calendar.Date(2026, 3, 2), Way: "online", File: voucherFile(t, d, v.ID)})
			if err != nil {
				t.Fatal(err)
			}
			return vou
		}
		one := hand(400000)
		for i, fen := range []int64{150000, 250000} {
			l := paid(t, d, v, fen)
			if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID, Voucher: one.ID, Reason: "分两笔到账"}); err != nil {
				t.Fatal(err)
			}
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				got, err := deposit.GetVoucher(ctx, tx, chief, one.ID)
				if want := []deposit.VoucherStatus{deposit.VoucherPresented, deposit.VoucherConfirmed}[i]; got.Status != want || got.Received.Fen != []int64{150000, 400000}[i] {
					t.Errorf("after %d lines: %s, received %s", i+1, got.Status, got.Received)
				}
				return err
			})
			if i == 0 {
				if _, err := do(d, chief, deposit.Refuse, deposit.Refusal{VoucherID: one.ID, Reason: "金额不符合"}); !errors.Is(err, fault.Conflict) {
					t.Errorf("refused in part: %v", err)
				}
			}
		}
		two := hand(100000)
		l := paid(t, d, v, 98000)
		in := deposit.Confirmation{LineID: l.ID, VendorID: v.ID, Reason: "银行扣收手续费", BankFee: true}
		if _, err := confirm(d, chief, in); !errors.Is(err, fault.Invalid) {
			t.Errorf("a fee without a voucher: %v", err)
		}
		in.Voucher = two.ID
		if _, err := confirm(d, chief, in); err != nil {
			t.Fatal(err)
		}
		if s := state(t, d, v.ID); s.Missing != yuan(20) || s.Vouchers != 0 || s.Covers("ops") {
			t.Errorf("after the fee: %+v", s)
		}
		three := hand(3000)
		l = paid(t, d, v, 2000)
		in = deposit.Confirmation{LineID: l.ID, VendorID: v.ID, Reason: "银行扣收手续费", Voucher: three.ID}
		if _, err := confirm(d, chief, in); err != nil {
			t.Fatal(err)
		}
		sound(t, d)
	})
}

// Rule D-7: a line that pays for two vendors is split; each share is taken once, the
// shares are the line, and each has its receipt.
func TestLineOfSeveralVendors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, w := asked(t, d, "api"), asked(t, d, "api")
		l := imported(t, d, movement(t, d, v, 450000))
		split := func(shares ...payment.Portion) (payment.Line, error) {
			return do(d, clerk, payment.Split, payment.Splitting{LineID: l.ID, Shares: shares})
		}
		for name, shares := range map[string][]payment.Portion{
			"one":          {{Subject: v.ID, Amount: yuan(4500)}},
			"too little":   {{Subject: v.ID, Amount: yuan(2000)}, {Subject: w.ID, Amount: yuan(2000)}},
			"negative":     {{Subject: v.ID, Amount: yuan(5000)}, {Subject: w.ID, Amount: yuan(-500)}},
			"for a nobody": {{Subject: v.ID, Amount: yuan(2000)}, {Subject: "ven_none", Amount: yuan(2500)}},
		} {
			if _, err := split(shares...); !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		whole, err := split(payment.Portion{Subject: v.ID, Amount: yuan(2000)}, payment.Portion{Subject: w.ID, Amount: yuan(2000)}, payment.Portion{Amount: yuan(500)})
		if err != nil || whole.State != payment.Shared || len(whole.Shares) != 3 {
			t.Fatalf("%+v, %v", whole, err)
		}
		if _, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: v.ID, Reason: "整笔确认"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("the whole line: %v", err)
		}
		if _, err := confirm(d, clerk, deposit.Confirmation{LineID: whole.Shares[0].ID, VendorID: v.ID, Reason: "母公司代付"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("who split confirms: %v", err)
		}
		sound(t, d)
		for i, who := range []vendor.Vendor{v, w} {
			in := deposit.Confirmation{LineID: whole.Shares[i].ID, VendorID: who.ID, Reason: "母公司代付，已核实"}
			r, err := confirm(d, chief, in)
			if err != nil || r.ShareID != whole.Shares[i].ID || r.Held != yuan(2000) {
				t.Fatalf("%+v, %v", r, err)
			}
			if _, err := confirm(d, chief, in); !errors.Is(err, fault.Conflict) {
				t.Errorf("a share twice: %v", err)
			}
		}
		if _, err := do(d, clerk, payment.Join, payment.Joining{LineID: l.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("put together after a share was taken: %v", err)
		}
		sound(t, d)
		p := must(t, d, clerk, deposit.SendBack, deposit.SendingBack{LineID: whole.Shares[2].ID, Bank: "招商银行北京示例支行", Reason: "多付部分原路退回"})
		if p.Purpose != payout.UnidentifiedReturn || p.Amount != yuan(500) || p.To.Number != v.Company.Account.Number {
			t.Errorf("payout %+v", p)
		}
		sound(t, d)
	})
}

// A confirmation for the wrong vendor is undone by two people: the receipt is void,
// keeps its number, and the line is confirmed for the right one. Rules D-7, D-8.
func TestWrongVendorIsCorrected(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, w := asked(t, d, "api"), asked(t, d, "api")
		l := paid(t, d, v, 200000)
		wrong := mustConfirm(t, d, l, "")
		dec := must(t, d, clerk, deposit.AskCorrect, deposit.Correction{ReceiptID: wrong.ID, Reason: "应为另一家服务商的款项"})
		if _, err := do(d, clerk, deposit.Approve, deposit.Chosen{ID: dec.ID}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("who asked approves: %v", err)
		}
		must(t, d, chief, deposit.Approve, deposit.Chosen{ID: dec.ID})
		s := state(t, d, v.ID)
		if s.Held.Fen != 0 || s.Missing != yuan(2000) || s.Why != deposit.WhyCorrected || s.TopUpBy.IsZero() || !s.Covers("api") {
			t.Errorf("after the correction: %+v", s)
		}
		if _, err := do(d, clerk, deposit.AskCorrect, deposit.Correction{ReceiptID: wrong.ID, Reason: "再次更正一遍"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("a void receipt: %v", err)
		}
		sound(t, d)
		got := must(t, d, clerk, payment.Assign, payment.Assignment{LineID: l.ID, Subject: w.ID})
		if got.State != payment.Doubtful {
			t.Fatalf("assigned as %s", got.State)
		}
		right := mustConfirm(t, d, got, "系统外核实为该司款项")
		if right.Number != "BZJ-2026-000002" || state(t, d, w.ID).Held != yuan(2000) {
			t.Errorf("receipt %s", right.Number)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			proof, err := deposit.Check(ctx, tx, wrong.Code)
			if proof.VoidOn.IsZero() || proof.Number != "BZJ-2026-000001" {
				t.Errorf("the void receipt's proof: %+v", proof)
			}
			return err
		})
		// Paid again in time, the clock stops.
		mustConfirm(t, d, paid(t, d, v, 200000), "更正后重新缴纳")
		if s := state(t, d, v.ID); !s.TopUpBy.IsZero() || s.Missing.Fen != 0 {
			t.Errorf("after it was made up: %+v", s)
		}
		sound(t, d)
	})
}

// The bank takes credits back (冲正): one that was not confirmed, and one that was.
func TestReversedByTheBank(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		for _, confirmed := range []bool{false, true} {
			l := paid(t, d, v, 200000)
			if confirmed {
				mustConfirm(t, d, l, "")
			}
			m := movement(t, d, v, -200000)
			m.Remark = "冲正"
			debit := imported(t, d, m)
			other := imported(t, d, movement(t, d, v, -100))
			if _, err := do(d, clerk, deposit.AskReverse, deposit.Reversal{DebitID: other.ID, LineID: l.ID, Reason: "银行冲正回单"}); !errors.Is(err, fault.Invalid) {
				t.Errorf("another amount: %v", err)
			}
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				all, err := payment.Originals(ctx, tx, auditor, debit.ID)
				if len(all) != 1 || all[0].ID != l.ID {
					t.Errorf("originals: %+v", all)
				}
				ways, e := deposit.Outlooks(ctx, tx, auditor, debit.ID)
				if len(ways) != 2 || ways[0].Step != deposit.StepReverse || (len(ways[0].Effects) > 0) != confirmed {
					t.Errorf("ways: %+v", ways)
				}
				return errors.Join(err, e)
			})
			dec := must(t, d, clerk, deposit.AskReverse, deposit.Reversal{DebitID: debit.ID, LineID: l.ID, Reason: "银行冲正回单"})
			must(t, d, chief, deposit.Approve, deposit.Chosen{ID: dec.ID})
			if s := state(t, d, v.ID); s.Held.Fen != 0 || s.Missing != yuan(2000) || (s.Why == deposit.WhyReversed) != confirmed {
				t.Errorf("confirmed %v: %+v", confirmed, s)
			}
			if _, err := do(d, clerk, deposit.AskReverse, deposit.Reversal{DebitID: debit.ID, LineID: l.ID, Reason: "银行冲正回单"}); !errors.Is(err, fault.Conflict) {
				t.Errorf("twice: %v", err)
			}
			must(t, d, clerk, deposit.AskExclude, deposit.Exclusion{LineID: other.ID, Reason: "银行账户管理费"})
			sound(t, d)
		}
	})
}

// A line that is none of ours leaves the unidentified receipts by two people; one
// from nobody known goes back to its payer and nowhere else. Rule D-12.
func TestNoneOfOurs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		interest := imported(t, d, yunshitest.Movement{Fen: 1234, Remark: "结息"})
		dec := must(t, d, clerk, deposit.AskExclude, deposit.Exclusion{LineID: interest.ID, Reason: "银行存款利息"})
		dec = must(t, d, chief, deposit.Approve, deposit.Chosen{ID: dec.ID})
		if dec.Status != deposit.DecisionApproved {
			t.Errorf("%+v", dec)
		}
		holds(t, d, ledger.Other(), 1234)
		holds(t, d, ledger.Unidentified(), 0)
		stray := imported(t, d, yunshitest.Movement{Fen: 5000, Payer: "某无关公司", Account: "6225880012345678"})
		back := deposit.SendingBack{LineID: stray.ID, Reason: "与本平台无关的款项"}
		if _, err := do(d, clerk, deposit.SendBack, back); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a bank: %v", err)
		}
		back.Bank, back.Account = "招商银行", "6225880099999999"
		if _, err := do(d, clerk, deposit.SendBack, back); !errors.Is(err, fault.Invalid) {
			t.Errorf("to another account: %v", err)
		}
		back.Account = ""
		p := must(t, d, clerk, deposit.SendBack, back)
		if p.To.Number != "6225880012345678" || p.To.Name != "某无关公司" {
			t.Errorf("to %+v", p.To)
		}
		sound(t, d)
		yunshitest.Write(t, d, func(tx *db.Tx) error { // rule D-12: cancelled, it is open again
			if _, err := payout.Cancel(ctx, tx, clerk, payout.Cancellation{ID: p.ID, Reason: "付款方来电认领"}); err != nil {
				return err
			}
			data := fmt.Sprintf(`{"purpose": %q, "paper": %q}`, payout.UnidentifiedReturn, stray.ID)
			return deposit.ReturnDropped(ctx, tx, program, event.Ref{Subject: p.ID, Data: data})
		})
		sound(t, d)
		must(t, d, clerk, deposit.AskExclude, deposit.Exclusion{LineID: stray.ID, Reason: "由其他部门认领"})
	})
}

// Rule D-3: a raise of the policy asks those approved before only if it says so, and
// then blocks that category alone, after its last day.
func TestPolicyRaises(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api", "ops")
		mustConfirm(t, d, paid(t, d, v, 500000), "")
		set := func(change func(*policy.Policy)) {
			dbtest.Advance(d, time.Hour)
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				p := policy.Shipped()
				p.Categories = slices.Clone(p.Categories)
				for i := range p.Categories {
					if p.Categories[i].ID == "ops" {
						p.Categories[i].DepositFen = 800000
					}
				}
				change(&p)
				return policy.Set(ctx, tx, program, p, tx.Now())
			})
			dbtest.Advance(d, time.Hour)
			yunshitest.Write(t, d, func(tx *db.Tx) error { return deposit.Raise(ctx, tx, program, struct{}{}) })
		}
		set(func(*policy.Policy) {})
		if s := state(t, d, v.ID); s.Required != yuan(5000) || s.Missing.Fen != 0 {
			t.Errorf("for those approved before: %+v", s)
		}
		w := asked(t, d, "ops")
		if s := state(t, d, w.ID); s.Required != yuan(8000) {
			t.Errorf("for those approved since: %+v", s)
		}
		set(func(p *policy.Policy) { p.Deposits.RaiseUntil = p.Today(dbtest.Start).AddDays(20) })
		s := state(t, d, v.ID)
		if s.Missing != yuan(3000) || s.Why != deposit.WhyPolicy || !s.Covers("ops") || !s.Covers("api") {
			t.Errorf("asked to make up: %+v", s)
		}
		dbtest.Advance(d, 21*24*time.Hour)
		yunshitest.Write(t, d, func(tx *db.Tx) error { return deposit.Raise(ctx, tx, program, struct{}{}) })
		if s := state(t, d, v.ID); s.Covers("ops") || !s.Covers("api") {
			t.Errorf("after the last day: %v", s.Covered)
		}
		mustConfirm(t, d, paid(t, d, v, 300000), "")
		if s := state(t, d, v.ID); !s.Covers("ops") || s.Missing.Fen != 0 {
			t.Errorf("made up: %+v", s)
		}
		sound(t, d)
	})
}

// Rule D-3: reminders go out on the policy's days until the deposit is paid.
func TestReminders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		told := 0
		for day := 1; day <= 30; day++ {
			dbtest.Advance(d, 24*time.Hour)
			for range 2 { // run twice it tells once
				yunshitest.Write(t, d, func(tx *db.Tx) error { return deposit.Remind(ctx, tx, program, struct{}{}) })
			}
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				n, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM event WHERE kind = 'deposit.reminded'`)
				if n != told {
					t.Logf("day %d: %d reminders", day, n)
				}
				told = n
				return err
			})
		}
		if told != 5 { // days 3, 7, 14, 21, 28
			t.Errorf("%d reminders", told)
		}
		mustConfirm(t, d, paid(t, d, v, 200000), "")
		dbtest.Advance(d, 60*24*time.Hour)
		yunshitest.Write(t, d, func(tx *db.Tx) error { return deposit.Remind(ctx, tx, program, struct{}{}) })
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM event WHERE kind = 'deposit.reminded'`)
			if n != told {
				t.Errorf("reminded after it was paid")
			}
			return err
		})
	})
}
