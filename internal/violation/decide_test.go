package violation_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// From the record to the final penalty: nothing is taken before the decision of
// another person, and then at once. Rule D-11.
func TestDeductionIsDecidedByFinance(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		x := must(t, d, recorder, violation.Record, paper(t, d, v, 120000))
		if x.Status != violation.Recorded || x.Amount.Fen != 120000 || state(t, d, v.ID).Held.Fen != 500000 {
			t.Fatalf("recorded %+v", x)
		}
		who, since, until := x.Waiting()
		if who != violation.Finance || !since.Equal(dbtest.Start) || !until.Equal(dbtest.Start.Add(48*time.Hour)) {
			t.Errorf("waits for %s since %v until %v", who, since, until)
		}
		p := policy.Shipped()
		x = must(t, d, cashier, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Amount: money.CNY(100000), Reason: "证据充分"})
		if x.Status != violation.Decided || x.Amount.Fen != 100000 || !x.AppealBy.Equal(p.DueAfter(dbtest.Start, p.Violations.AppealDays)) {
			t.Errorf("decided %+v", x)
		}
		if s := state(t, d, v.ID); s.Held.Fen != 400000 || !s.TopUpBy.Equal(p.DueAfter(dbtest.Start, 7)) {
			t.Errorf("the deposit is %+v", s)
		}
		sound(t, d)
	})
}

// Who may not decide, and in which order. Rules D-7 and D-11.
func TestDecideRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		both := yunshitest.Staff("acc_both", access.Reviewer, access.Finance)
		x := must(t, d, both, violation.Record, paper(t, d, v, 1000))
		confirm := violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "证据充分"}
		for _, c := range []struct {
			name string
			by   access.Actor
			in   violation.Decision
			want error
		}{
			{"who recorded it", both, confirm, fault.Forbidden},
			{"a reviewer, over money", recorder, confirm, fault.Forbidden},
			{"the auditor", auditor, confirm, fault.Forbidden},
			{"the administrator", judge, confirm, fault.Forbidden},
			{"a program", program, confirm, fault.Forbidden},
			{"the vendor", yunshitest.Owner(v.ID), confirm, fault.Forbidden},
			{"nobody", access.Actor{}, confirm, fault.Unauthenticated},
			{"without a reason", cashier, violation.Decision{ID: x.ID, Outcome: violation.Confirm}, fault.Invalid},
			{"without an outcome", cashier, violation.Decision{ID: x.ID, Reason: "x"}, fault.Invalid},
			{"an outcome of appeals", cashier, violation.Decision{ID: x.ID, Outcome: violation.Uphold, Reason: "x"}, fault.Invalid},
			{"more than was proposed", cashier, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Amount: money.CNY(1001), Reason: "x"}, fault.Invalid},
			{"less than nothing", cashier, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Amount: money.CNY(-1), Reason: "x"}, fault.Invalid},
			{"another currency", cashier, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Amount: money.Amount{Fen: 5, Currency: "USD"}, Reason: "x"}, fault.Invalid},
			{"a violation that is not there", cashier, violation.Decision{ID: "vio_none", Outcome: violation.Confirm, Reason: "x"}, fault.NotFound},
		} {
			if _, err := act(d, c.by, violation.Decide, c.in); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
		if _, err := act(d, yunshitest.Owner(v.ID), violation.Appeal, objection(x.ID)); !errors.Is(err, fault.NotFound) {
			t.Errorf("appealed before it was told: %v", err)
		}
		if _, err := act(d, judge, violation.Judge, violation.Judgement{ID: x.ID, Outcome: violation.Uphold, Reason: "x"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("judged before an appeal: %v", err)
		}
		// One's own record may be dropped alone; what is dropped is over.
		must(t, d, both, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Drop, Reason: "登记有误"})
		if _, err := act(d, cashier, violation.Decide, confirm); !errors.Is(err, fault.Conflict) {
			t.Errorf("confirmed what was dropped: %v", err)
		}
		if s := state(t, d, v.ID); s.Held.Fen != 500000 {
			t.Errorf("the deposit is %+v", s)
		}
	})
}

// Policy may let one person do both. Rule D-7.
func TestOnePersonWherePolicyAllows(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.OnePersonForMoney = true })
		in := paper(t, d, v, 1000)
		x := must(t, d, cashier, violation.Record, in)
		must(t, d, cashier, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "证据充分"})
		must(t, d, yunshitest.Owner(v.ID), violation.Appeal, objection(x.ID))
		// But not decide on the appeal against it.
		if _, err := act(d, cashier, violation.Judge, violation.Judgement{ID: x.ID, Outcome: violation.Uphold, Reason: "x"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("judged its own decision: %v", err)
		}
	})
}

// What a record needs, each fault at its field.
func TestRecordRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, other := yunshitest.Trading(t, d, "ops"), yunshitest.Vendor(t, d)
		foreign := keep(t, d, recorder, other.ID, file.Violation)
		voucher := keep(t, d, yunshitest.Owner(v.ID), v.ID, file.Voucher)
		for _, c := range []struct {
			name, pointer string
			change        func(*violation.Paper)
		}{
			{"no vendor", "/vendor", func(p *violation.Paper) { p.VendorID = "" }},
			{"an unknown vendor", "/vendor", func(p *violation.Paper) { p.VendorID = "ven_none" }},
			{"an unknown rule", "/offence", func(p *violation.Paper) { p.Offence = "x" }},
			{"an unknown measure", "/measure", func(p *violation.Paper) { p.Measure = "prison" }},
			{"no description", "/description", func(p *violation.Paper) { p.Description = " \n" }},
			{"a short description", "/description", func(p *violation.Paper) { p.Description = "坏" }},
			{"a long description", "/description", func(p *violation.Paper) { p.Description = strings.Repeat("坏", 2001) }},
			{"no evidence", "/evidence", func(p *violation.Paper) { p.Evidence = nil }},
			{"another's file", "/evidence", func(p *violation.Paper) { p.Evidence = []string{foreign} }},
			{"a file for something else", "/evidence", func(p *violation.Paper) { p.Evidence = []string{voucher} }},
			{"too many files", "/evidence", func(p *violation.Paper) {
				p.Evidence = strings.Split(strings.Repeat("fil_x,", 5)+"a,b,c,d,e,f,g,h,i,j,k", ",")
			}},
			{"too much", "/amount", func(p *violation.Paper) { p.Amount = money.CNY(5000001) }},
			{"a negative amount", "/amount", func(p *violation.Paper) { p.Amount = money.CNY(-1) }},
			{"an amount for a warning", "/amount", func(p *violation.Paper) { p.Measure = policy.Warning }},
			{"a product that is not there", "/product", func(p *violation.Paper) { p.ProductID = "prd_none" }},
			{"off the shelf without a product", "/product", func(p *violation.Paper) { p.Measure, p.Amount = policy.ProductOff, money.CNY(0) }},
		} {
			in := paper(t, d, v, 1000)
			c.change(&in)
			_, err := act(d, recorder, violation.Record, in)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Pointer == c.pointer }) {
				t.Errorf("%s: %v, want %s", c.name, err, c.pointer)
			}
		}
		for name, by := range map[string]access.Actor{"the auditor": auditor, "the administrator": judge, "the vendor": yunshitest.Owner(v.ID)} {
			if _, err := act(d, by, violation.Record, paper(t, d, v, 1000)); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s recorded: %v", name, err)
			}
		}
		// The policy suggests what is not said: the measure, and the amount.
		in := paper(t, d, v, 0)
		in.Measure, in.Offence = "", "dishonesty"
		if x := must(t, d, recorder, violation.Record, in); x.Measure != policy.Deduction || x.Amount.Fen != 100000 {
			t.Errorf("suggested %s of %v", x.Measure, x.Amount)
		}
	})
}

// Decided twice at once: one decision, one deduction.
func TestDecideRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		x := must(t, d, recorder, violation.Record, paper(t, d, v, 70000))
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				_, errs[i] = act(d, cashier, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "证据充分"})
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !errors.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if s := state(t, d, v.ID); won != 1 || s.Held.Fen != 430000 {
			t.Errorf("%d decisions, the deposit is %+v", won, s)
		}
		sound(t, d)
	})
}

// A product that breaks a rule leaves the shelf with the decision, and returns if
// an appeal undoes it.
func TestProductOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		sells(t, d, v, "prd_1")
		in := paper(t, d, v, 0)
		in.Offence, in.Measure, in.ProductID = "others_material", "", "prd_1"
		x := must(t, d, recorder, violation.Record, in)
		if got := status(t, d, "prd_1"); got != product.OnShelf {
			t.Errorf("recorded: %s", got)
		}
		// No money: another person of any role that records decides.
		colleague := yunshitest.Staff("acc_colleague", access.ProductReviewer)
		must(t, d, colleague, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "图片未获授权"})
		if got := status(t, d, "prd_1"); got != product.TakenOff || onShelf(t, d, v.ID) != 0 {
			t.Errorf("decided: %s", got)
		}
		must(t, d, yunshitest.Owner(v.ID), violation.Appeal, objection(x.ID))
		if _, err := act(d, judge, violation.Judge, violation.Judgement{ID: x.ID, Outcome: violation.Reduce, Amount: money.CNY(1), Reason: "x"}); !errors.Is(err, fault.Invalid) {
			t.Errorf("reduced what has no amount: %v", err)
		}
		must(t, d, judge, violation.Judge, violation.Judgement{ID: x.ID, Outcome: violation.Revoke, Reason: "已取得授权"})
		if got := status(t, d, "prd_1"); got != product.OnShelf || onShelf(t, d, v.ID) != 1 {
			t.Errorf("revoked: %s", got)
		}
	})
}
