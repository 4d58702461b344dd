package payment_test

import (
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
)

func only(t *testing.T, d *db.DB) payment.Line {
	t.Helper()
	all := lines(t, d)
	if len(all) != 1 {
		t.Fatalf("%d lines", len(all))
	}
	return all[0]
}

func codes(l payment.Line) []payment.ReasonCode {
	var out []payment.ReasonCode
	for _, r := range l.Reasons {
		out = append(out, r.Code)
	}
	return out
}

// The job that an import leaves finds the payer; so does one that an announcement leaves.
func TestProposalsComeByThemselves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var reg job.Registry
		job.Handle(&reg, payment.SearchJob, payment.Propose)
		runner := job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 2)
		drain := func() {
			if err := runner.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		load(t, d, head+row(1, 500000, "保证金ys 7k3m-9q2x p", company, account))
		drain()
		if l := only(t, d); l.State != payment.Unknown {
			t.Fatalf("before anybody is expected: %s", l.State)
		}
		write(t, d, func(tx *db.Tx) error { return payment.Announce(ctx, tx, expected("ven_a", 500000)) })
		drain()
		if l := only(t, d); l.State != payment.Certain || l.Subject != "ven_a" || l.ProposedBy != "" {
			t.Errorf("after the announcement: %s %q", l.State, l.Subject)
		}
		write(t, d, func(tx *db.Tx) error { return payment.Expect(ctx, tx, "ven_a", money.CNY(300000)) })
		drain()
		if l := only(t, d); l.State != payment.Doubtful || !cmp.Equal(codes(l), []payment.ReasonCode{payment.TooMuch}) {
			t.Errorf("after less is due: %s %v", l.State, codes(l))
		}
		load(t, d, head+row(2, 300000, "", company, account))
		drain()
		if l := lines(t, d)[0]; l.State != payment.Certain || l.Subject != "ven_a" {
			t.Errorf("the second line: %s %q", l.State, l.Subject)
		}
	})
}

// An announcement that says what was said before leaves no work.
func TestAnnounceAgainChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		announce(t, d, expected("ven_a", 500000))
		write(t, d, func(tx *db.Tx) error {
			before := tx.Statements()
			err := payment.Announce(ctx, tx, expected("ven_a", 500000))
			if n := tx.Statements() - before; n != 1 {
				t.Errorf("%d statements", n)
			}
			return err
		})
	})
}

// A person may say whose a line is; where the line does not bear it out it is doubtful (D-7).
func TestAssignByHand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		announce(t, d, expected("ven_a", 500000))
		load(t, d, head+row(1, 500000, "", "张三", ""))
		l := only(t, d)
		assign := func(by access.Actor, subject string) (out payment.Line, err error) {
			err = d.Write(ctx, func(tx *db.Tx) error {
				out, err = payment.Assign(ctx, tx, by, payment.Assignment{LineID: l.ID, Subject: subject})
				return err
			})
			return out, err
		}
		if _, err := assign(auditor, "ven_a"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an auditor assigns: %v", err)
		}
		if _, err := assign(clerk, "ven_b"); !errors.Is(err, fault.Invalid) {
			t.Errorf("to one of whom nothing is expected: %v", err)
		}
		got, err := assign(clerk, "ven_a")
		if err != nil || got.State != payment.Doubtful || got.ProposedBy != clerk.ID || got.Subject != "ven_a" {
			t.Fatalf("assigned %+v, %v", got, err)
		}
		if want := []payment.ReasonCode{payment.ByHand, payment.OtherPayer, payment.NoAccount}; !cmp.Equal(codes(got), want) {
			t.Errorf("reasons %v, want %v", codes(got), want)
		}
		announce(t, d, expected("ven_a", 400000)) // the program leaves it alone
		if l := only(t, d); l.ProposedBy != clerk.ID {
			t.Error("the program took over what a person assigned")
		}
	})
}

func TestWithdraw(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		announce(t, d, expected("ven_a", 500000))
		s := load(t, d, head+row(1, 500000, refA, company, account))
		propose(t, d, s.ID)
		l := only(t, d)
		withdraw := func(by access.Actor, subject string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := payment.Withdraw(ctx, tx, by, payment.Withdrawal{LineID: l.ID, Subject: subject})
				return err
			})
		}
		if err := withdraw(auditor, "ven_a"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an auditor: %v", err)
		}
		if err := withdraw(clerk, "ven_b"); !errors.Is(err, fault.Conflict) {
			t.Errorf("another subject than it is proposed for: %v", err)
		}
		if err := withdraw(clerk, "ven_a"); err != nil {
			t.Fatal(err)
		}
		announce(t, d, expected("ven_a", 500000))
		propose(t, d, s.ID)
		if l := only(t, d); l.State != payment.Unknown || l.Subject != "" {
			t.Errorf("proposed again: %s %q", l.State, l.Subject)
		}
		if err := withdraw(clerk, ""); !errors.Is(err, fault.Conflict) {
			t.Errorf("without a proposal: %v", err)
		}
	})
}

// Rule D-7: a line is taken at most once, however many try at once.
func TestTakeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		load(t, d, head+row(1, 500000, refA, company, account)+row(2, -500000, "退款", "某公司", "1"))
		all := lines(t, d)
		var won, lost atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				switch err := d.Write(ctx, func(tx *db.Tx) error { return payment.Take(ctx, tx, clerk, all[1].ID, "rct_1") }); {
				case err == nil:
					won.Add(1)
				case errors.Is(err, fault.Conflict):
					lost.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || lost.Load() != 7 {
			t.Errorf("%d took it, %d were refused", won.Load(), lost.Load())
		}
		for _, l := range all {
			err := d.Write(ctx, func(tx *db.Tx) error {
				_, _, err := payment.Open(ctx, tx, l.ID)
				return err
			})
			if !errors.Is(err, fault.Conflict) {
				t.Errorf("%s is open: %v", l.State, err)
			}
			err = d.Write(ctx, func(tx *db.Tx) error { return payment.Take(ctx, tx, clerk, l.ID, "rct_2") })
			if !errors.Is(err, fault.Conflict) {
				t.Errorf("%s is taken: %v", l.State, err)
			}
			err = d.Write(ctx, func(tx *db.Tx) error {
				_, err := payment.Assign(ctx, tx, clerk, payment.Assignment{LineID: l.ID, Subject: "ven_a"})
				return err
			})
			if !errors.Is(err, fault.Conflict) {
				t.Errorf("%s is assigned: %v", l.State, err)
			}
		}
	})
}

func TestListsByState(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		announce(t, d, expected("ven_a", 500000))
		s := load(t, d, head+row(1, 500000, refA, company, account)+row(2, -5, "", "x", "1")+row(3, 5, "", "y", "2"))
		propose(t, d, s.ID)
		if err := d.Read(ctx, func(tx *db.Tx) error {
			counts, err := payment.Counts(ctx, tx, auditor)
			if err != nil {
				return err
			}
			want := []payment.Count{{payment.Certain, 1}, {payment.Doubtful, 0}, {payment.Unknown, 1}, {payment.Shared, 0}, {payment.Taken, 0}, {payment.Debit, 1}}
			if diff := cmp.Diff(want, counts); diff != "" {
				t.Error(diff)
			}
			certain, err := payment.Lines(ctx, tx, auditor, payment.Filter{State: payment.Certain, Statement: s.ID, Subject: "ven_a"})
			if err != nil || len(certain) != 1 {
				t.Errorf("%d certain lines, %v", len(certain), err)
			}
			first, err := payment.Lines(ctx, tx, auditor, payment.Filter{Limit: 2})
			if err != nil {
				return err
			}
			rest, err := payment.Lines(ctx, tx, auditor, payment.Filter{Limit: 2, Before: first[1].ID})
			if len(first) != 2 || len(rest) != 1 || rest[0].Row > first[1].Row {
				t.Errorf("pages of %d and %d", len(first), len(rest))
			}
			reviewer := access.Actor{Kind: access.Staff, ID: "r", Roles: []access.Role{access.Reviewer}}
			if _, err := payment.Lines(ctx, tx, reviewer, payment.Filter{}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("a reviewer sees money: %v", err)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
