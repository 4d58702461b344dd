package violation_test

import (
	"errors"
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
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// How an appeal ends, and what becomes of money and clock. Rule D-11.
func TestJudgements(t *testing.T) {
	for _, c := range []struct {
		name   string
		in     violation.Judgement
		status violation.Status
		left   int64 // of the deduction
		held   int64
		topUp  int64
	}{
		{"upheld", violation.Judgement{Outcome: violation.Uphold, Reason: "证据充分"}, violation.Upheld, 100000, 400000, 100000},
		{"reduced", violation.Judgement{Outcome: violation.Reduce, Amount: money.CNY(30000), Reason: "情节较轻"}, violation.Reduced, 30000, 470000, 30000},
		{"revoked", violation.Judgement{Outcome: violation.Revoke, Reason: "证据不足"}, violation.Revoked, 0, 500000, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				v := yunshitest.Trading(t, d, "ops")
				x := decided(t, d, v, 100000)
				owner := yunshitest.Owner(v.ID)
				in := objection(x.ID)
				in.Files = []string{keep(t, d, owner, v.ID, file.Appeal)}
				if a := must(t, d, owner, violation.Appeal, in); a.Status != violation.Appealed || a.RecordedBy != "" || a.DecidedBy != "" {
					t.Errorf("appealed %+v", a)
				}
				c.in.ID = x.ID
				got := must(t, d, judge, violation.Judge, c.in)
				if got.Status != c.status || got.Amount.Fen != c.left || got.Judgement != c.in.Reason {
					t.Errorf("judged %+v", got)
				}
				if s := state(t, d, v.ID); s.Held.Fen != c.held || s.TopUp.Fen != c.topUp || s.TopUpBy.IsZero() != (c.topUp == 0) {
					t.Errorf("the deposit is %+v", s)
				}
				if _, err := act(d, judge, violation.Judge, c.in); !errors.Is(err, fault.Conflict) {
					t.Errorf("judged twice: %v", err)
				}
				if _, err := act(d, owner, violation.Appeal, in); !errors.Is(err, fault.Conflict) {
					t.Errorf("appealed twice: %v", err)
				}
				yunshitest.Read(t, d, func(tx *db.Tx) error {
					f, err := violation.Get(ctx, tx, owner, violation.Chosen{ID: x.ID})
					if err == nil && (len(f.Evidence) != 1 || len(f.AppealFiles) != 1 || f.VendorName == "" || len(f.Names) != 0 || f.Postings[0].MadeBy != "") {
						t.Errorf("the vendor reads %+v", f)
					}
					return err
				})
				sound(t, d)
			})
		})
	}
}

// A third person decides; what is wrong is told at its field. Rule D-11.
func TestJudgeRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		boss := yunshitest.Staff("acc_boss", access.Finance, access.Administrator)
		x := must(t, d, cashier, violation.Record, paper(t, d, v, 1000))
		must(t, d, boss, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "证据充分"})
		must(t, d, yunshitest.Owner(v.ID), violation.Appeal, objection(x.ID))
		say := func(o violation.Outcome, fen int64, reason string) violation.Judgement {
			return violation.Judgement{ID: x.ID, Outcome: o, Amount: money.CNY(fen), Reason: reason}
		}
		for _, c := range []struct {
			name string
			by   access.Actor
			in   violation.Judgement
			want error
		}{
			{"who recorded", cashier, say(violation.Uphold, 0, "x"), fault.Forbidden},
			{"who decided", boss, say(violation.Uphold, 0, "x"), fault.Forbidden},
			{"a reviewer", recorder, say(violation.Uphold, 0, "x"), fault.Forbidden},
			{"the auditor", auditor, say(violation.Uphold, 0, "x"), fault.Forbidden},
			{"the vendor", yunshitest.Owner(v.ID), say(violation.Revoke, 0, "x"), fault.Forbidden},
			{"a program", program, say(violation.Uphold, 0, "x"), fault.Forbidden},
			{"no reason", judge, say(violation.Uphold, 0, " "), fault.Invalid},
			{"reduced to nothing", judge, say(violation.Reduce, 0, "x"), fault.Invalid},
			{"reduced to as much", judge, say(violation.Reduce, 1000, "x"), fault.Invalid},
			{"no outcome", judge, say("", 0, "x"), fault.Invalid},
		} {
			if _, err := act(d, c.by, violation.Judge, c.in); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", c.name, err, c.want)
			}
		}
	})
}

// The time of appeal: within it, once, by the owner; after it the penalty stands,
// and a clock that is set back opens nothing again.
func TestTimeOfAppeal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		owner := yunshitest.Owner(v.ID)
		x, y := decided(t, d, v, 1000), decided(t, d, v, 2000)
		support := owner
		support.Roles = []access.Role{access.Support}
		if _, err := act(d, support, violation.Appeal, objection(x.ID)); !errors.Is(err, fault.Forbidden) {
			t.Errorf("support appealed: %v", err)
		}
		if _, err := act(d, cashier, violation.Appeal, objection(x.ID)); !errors.Is(err, fault.NotFound) {
			t.Errorf("staff appealed: %v", err)
		}
		if _, err := act(d, owner, violation.Appeal, violation.Objection{ID: x.ID, Text: "不服"}); !errors.Is(err, fault.Invalid) {
			t.Errorf("appealed in two characters: %v", err)
		}
		end := func(id string) {
			t.Helper()
			yunshitest.Write(t, d, func(tx *db.Tx) error { return violation.End(ctx, tx, program, id) })
		}
		end(x.ID)
		dbtest.Advance(d, x.AppealBy.Sub(dbtest.Start))
		must(t, d, owner, violation.Appeal, objection(x.ID)) // in its last moment
		dbtest.Advance(d, time.Second)
		if _, err := act(d, owner, violation.Appeal, objection(y.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("appealed too late: %v", err)
		}
		end(x.ID)
		end(y.ID)
		end(y.ID)
		dbtest.Advance(d, -48*time.Hour)
		end(y.ID)
		if _, err := act(d, owner, violation.Appeal, objection(y.ID)); !errors.Is(err, fault.Conflict) {
			t.Errorf("a clock set back opened the appeal: %v", err)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			for id, want := range map[string]violation.Status{x.ID: violation.Appealed, y.ID: violation.Final} {
				if got, err := violation.Load(ctx, tx, id); err != nil || got.Status != want {
					t.Errorf("%s, want %s: %v", got.Status, want, err)
				}
			}
			return nil
		})
		if s := state(t, d, v.ID); s.Held.Fen != 497000 {
			t.Errorf("the deposit is %+v", s)
		}
	})
}

// Where policy waits for the appeal, nothing is taken until it has ended or is
// decided, and the clock begins then. Rule D-11.
func TestDeductionAfterTheAppeal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		yunshitest.Rules(t, d, func(p *policy.Policy) { p.Violations.AfterAppeal = true })
		w, x, y, z := decided(t, d, v, 1000), decided(t, d, v, 20000), decided(t, d, v, 300000), decided(t, d, v, 4000)
		if s := state(t, d, v.ID); s.Held.Fen != 500000 || !s.TopUpBy.IsZero() {
			t.Errorf("taken at the decision: %+v", s)
		}
		for id, in := range map[string]violation.Judgement{
			x.ID: {ID: x.ID, Outcome: violation.Reduce, Amount: money.CNY(10000), Reason: "情节较轻"},
			y.ID: {ID: y.ID, Outcome: violation.Revoke, Reason: "证据不足"},
			z.ID: {ID: z.ID, Outcome: violation.Uphold, Reason: "证据充分"},
		} {
			must(t, d, yunshitest.Owner(v.ID), violation.Appeal, objection(id))
			must(t, d, judge, violation.Judge, in)
		}
		if s := state(t, d, v.ID); s.Held.Fen != 486000 {
			t.Errorf("after the appeals: %+v", s)
		}
		dbtest.Advance(d, w.AppealBy.Sub(dbtest.Start)+time.Second)
		yunshitest.Write(t, d, func(tx *db.Tx) error { return violation.End(ctx, tx, program, w.ID) })
		if s := state(t, d, v.ID); s.Held.Fen != 485000 {
			t.Errorf("after the time of appeal: %+v", s)
		}
		sound(t, d)
	})
}

// Judged twice at once: money goes back once.
func TestJudgeRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "ops")
		x := decided(t, d, v, 100000)
		must(t, d, yunshitest.Owner(v.ID), violation.Appeal, objection(x.ID))
		errs := make([]error, 4)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				_, errs[i] = act(d, judge, violation.Judge, violation.Judgement{ID: x.ID, Outcome: violation.Reduce, Amount: money.CNY(40000), Reason: "情节较轻"})
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
		if s := state(t, d, v.ID); won != 1 || s.Held.Fen != 460000 {
			t.Errorf("%d judgements, the deposit is %+v", won, s)
		}
		sound(t, d)
	})
}

// What is open blocks the exit: what waits, what may be appealed against, and what
// is owed. Rule X-2.
func TestOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Trading(t, d, "api")
		open := func() (ids []string) {
			t.Helper()
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				all, err := violation.Open(ctx, tx, v.ID)
				for _, x := range all {
					ids = append(ids, x.ID)
				}
				return err
			})
			return ids
		}
		if got := open(); len(got) != 0 {
			t.Errorf("open %v", got)
		}
		x := must(t, d, recorder, violation.Record, paper(t, d, v, 500000))
		if got := open(); len(got) != 1 || got[0] != x.ID {
			t.Errorf("open %v", got)
		}
		x = must(t, d, cashier, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "证据充分"})
		dbtest.Advance(d, x.AppealBy.Sub(dbtest.Start)+time.Second)
		yunshitest.Write(t, d, func(tx *db.Tx) error { return violation.End(ctx, tx, program, x.ID) })
		if got := open(); len(got) != 1 {
			t.Errorf("owed, but open %v", got)
		}
		yunshitest.Pay(t, d, v, 200000)
		must(t, d, cashier, violation.Collect, violation.Chosen{ID: x.ID})
		yunshitest.Pay(t, d, v, 200000)
		must(t, d, cashier, violation.Collect, violation.Chosen{ID: x.ID})
		if got := open(); len(got) != 0 {
			t.Errorf("collected, but open %v", got)
		}
		if _, err := act(d, cashier, violation.Collect, violation.Chosen{ID: x.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("collected what is not owed: %v", err)
		}
		if _, err := act(d, recorder, violation.Collect, violation.Chosen{ID: x.ID}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a reviewer collected: %v", err)
		}
		sound(t, d)
	})
}

// Another vendor's violations, and one's own before they are decided, do not exist.
func TestOthersSeeNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, other := yunshitest.Trading(t, d, "ops"), yunshitest.Trading(t, d, "ops")
		x := decided(t, d, v, 1000)
		waits := must(t, d, recorder, violation.Record, paper(t, d, v, 2000))
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			for name, by := range map[string]access.Actor{"another": yunshitest.Owner(other.ID), "nobody": {}, "its own": yunshitest.Owner(v.ID), "staff": auditor} {
				_, told := violation.Get(ctx, tx, by, violation.Chosen{ID: x.ID})
				_, hidden := violation.Get(ctx, tx, by, violation.Chosen{ID: waits.ID})
				all, err := violation.List(ctx, tx, by, violation.Filter{VendorID: v.ID})
				sees := map[string][3]bool{"its own": {true, false, false}, "staff": {true, true, true}}[name]
				if (told == nil) != sees[0] || (hidden == nil) != sees[1] || name != "nobody" && err != nil {
					t.Errorf("%s: %v, %v, %v", name, told, hidden, err)
				}
				if want := map[string]int{"its own": 1, "staff": 2}[name]; len(all) != want {
					t.Errorf("%s lists %d, want %d", name, len(all), want)
				}
			}
			return nil
		})
		if _, err := act(d, yunshitest.Owner(other.ID), violation.Appeal, objection(x.ID)); !errors.Is(err, fault.NotFound) {
			t.Errorf("another appealed: %v", err)
		}
		in := objection(x.ID)
		in.Files = []string{keep(t, d, yunshitest.Owner(other.ID), other.ID, file.Appeal)}
		if _, err := act(d, yunshitest.Owner(v.ID), violation.Appeal, in); !errors.Is(err, fault.Invalid) {
			t.Errorf("appealed with another's file: %v", err)
		}
	})
}
