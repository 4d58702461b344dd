package policy_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

func staff(id string, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Staff, ID: id, Roles: roles}
}

var (
	chief   = staff("acc_chief", access.Administrator)
	deputy  = staff("acc_deputy", access.Administrator)
	cashier = staff("acc_cashier", access.Finance)
	auditor = staff("acc_auditor", access.Auditor)
	reviews = staff("acc_reviewer", access.Reviewer)
)

// desk runs operations on a database for the tests.
type desk struct {
	t *testing.T
	d *db.DB
}

func (k desk) write(do func(ctx context.Context, tx *db.Tx) error) error {
	return k.d.Write(k.t.Context(), func(tx *db.Tx) error { return do(k.t.Context(), tx) })
}

func (k desk) must(do func(ctx context.Context, tx *db.Tx) error) {
	k.t.Helper()
	if err := k.write(do); err != nil {
		k.t.Fatal(err)
	}
}

// draft begins a change of some values and describes it.
func (k desk) draft(by access.Actor, section string, values map[string][]string, from string) policy.Proposal {
	k.t.Helper()
	var p policy.Proposal
	k.must(func(ctx context.Context, tx *db.Tx) (err error) {
		if p, err = policy.Begin(ctx, tx, by, policy.Beginning{Title: "调整"}); err != nil {
			return err
		}
		if p, err = policy.Edit(ctx, tx, by, policy.Edits{ID: p.ID, Version: p.Version, Section: section, Values: values}); err != nil {
			return err
		}
		p, err = policy.Describe(ctx, tx, by, policy.Description{ID: p.ID, Version: p.Version, Title: "调整", Reason: "例会决定", From: from})
		return err
	})
	return p
}

func (k desk) send(by access.Actor, p policy.Proposal) (out policy.Proposal, err error) {
	err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = policy.Send(ctx, tx, by, policy.Turn{ID: p.ID, Version: p.Version})
		return err
	})
	return out, err
}

func (k desk) approve(by access.Actor, p policy.Proposal) (out policy.Proposal, err error) {
	err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
		out, err = policy.Approve(ctx, tx, by, policy.Turn{ID: p.ID, Version: p.Version})
		return err
	})
	return out, err
}

func (k desk) at(t time.Time) (p policy.Policy) {
	k.t.Helper()
	if err := k.d.Read(k.t.Context(), func(tx *db.Tx) (err error) { p, err = policy.At(k.t.Context(), tx, t); return err }); err != nil {
		k.t.Fatal(err)
	}
	return p
}

var deposit8000 = map[string][]string{"categories.0.deposit_fen": {"8,000.00"}}

// A money rule needs a second person, who wrote nothing of it: another administrator
// or finance. Rules D-1, D-7.
func TestMoneyRuleNeedsASecondPerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		p := k.draft(chief, "amounts", deposit8000, "")
		if _, err := k.send(cashier, p); !errors.Is(err, fault.Forbidden) {
			t.Errorf("finance hands in: %v", err)
		}
		if _, err := k.approve(cashier, p); !errors.Is(err, fault.Conflict) {
			t.Errorf("approved before it was handed in: %v", err)
		}
		p, err := k.send(chief, p)
		if err != nil || p.Status != policy.Waiting {
			t.Fatalf("handed in: %s, %v", p.Status, err)
		}
		if fen := k.at(dbtest.Start.Add(time.Hour)).Categories[0].DepositFen; fen != 500000 {
			t.Errorf("it holds before it was approved: %d", fen)
		}
		for _, by := range []access.Actor{chief, auditor, reviews} {
			if _, err := k.approve(by, p); !errors.Is(err, fault.Forbidden) {
				t.Errorf("%s approves: %v", by.ID, err)
			}
		}
		if _, err := k.approve(cashier, policy.Proposal{ID: p.ID, Version: p.Version - 1}); !errors.Is(err, fault.Conflict) {
			t.Errorf("approved another version than was read: %v", err)
		}
		done, err := k.approve(cashier, p)
		if err != nil || done.Status != policy.Enacted || done.PolicyID == "" {
			t.Fatalf("approved: %+v, %v", done.Status, err)
		}
		if _, err := k.approve(deputy, p); !errors.Is(err, fault.Conflict) {
			t.Errorf("approved twice: %v", err)
		}
		if fen := k.at(dbtest.Start).Categories[0].DepositFen; fen != 800000 {
			t.Errorf("it does not hold: %d", fen)
		}
		k.must(func(ctx context.Context, tx *db.Tx) error {
			page, err := policy.Open(ctx, tx, auditor, done.PolicyID)
			if err == nil && (page.MadeBy != chief.ID || page.ApprovedBy != cashier.ID || page.Reason != "例会决定" || len(page.Changes) != 1 || page.Changes[0].Pointer != "/categories/image/deposit_fen") {
				t.Errorf("the history says %+v", page.Version)
			}
			return err
		})
	})
}

// Other rules are one person's, unless the policy says two; and that rule itself
// needs two.
func TestOtherRulesAreOnePersons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		p, err := k.send(chief, k.draft(chief, "promise", map[string][]string{"promise.review_hours": {"48"}}, ""))
		if err != nil || p.Status != policy.Enacted {
			t.Fatalf("promise: %s, %v", p.Status, err)
		}
		p, err = k.send(chief, k.draft(chief, "changes", map[string][]string{"changes.two_people": {"true"}, policy.Shown: {"changes.two_people"}}, ""))
		if err != nil || p.Status != policy.Waiting {
			t.Fatalf("two people: %s, %v", p.Status, err)
		}
		if _, err := k.approve(deputy, p); err != nil {
			t.Fatal(err)
		}
		p, err = k.send(chief, k.draft(chief, "promise", map[string][]string{"promise.review_hours": {"24"}}, ""))
		if err != nil || p.Status != policy.Waiting {
			t.Fatalf("promise, now with two: %s, %v", p.Status, err)
		}
		if _, err := k.approve(cashier, p); !errors.Is(err, fault.Forbidden) {
			t.Errorf("finance approves what is not about money: %v", err)
		}
		if _, err := k.approve(deputy, p); err != nil {
			t.Error(err)
		}
	})
}

// What holds changes at the moment and not before, for every process, and one that
// is scheduled can be called off until then.
func TestScheduledChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		p, err := k.send(chief, k.draft(chief, "promise", map[string][]string{"promise.review_hours": {"48"}}, "2026-12-01T00:00"))
		if err != nil {
			t.Fatal(err)
		}
		from := p.HoldsFrom
		for _, name := range []string{"this process", "another process"} {
			if name == "another process" {
				policy.Forget()
			}
			if a, b := k.at(from.Add(-time.Microsecond)).Promise.Review, k.at(from).Promise.Review; a != 72 || b != 48 {
				t.Errorf("%s: %d before, %d from then on; want 72 and 48", name, a, b)
			}
		}
		withdraw := func(by access.Actor) error {
			return k.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := policy.Withdraw(ctx, tx, by, policy.Withdrawal{ID: p.PolicyID})
				return err
			})
		}
		if err := withdraw(auditor); !errors.Is(err, fault.Forbidden) {
			t.Errorf("the auditor withdraws: %v", err)
		}
		if err := withdraw(chief); err != nil {
			t.Fatal(err)
		}
		if err := withdraw(chief); !errors.Is(err, fault.Conflict) {
			t.Errorf("withdrawn twice: %v", err)
		}
		if got := k.at(from).Promise.Review; got != 72 {
			t.Errorf("withdrawn, and %d hours still hold", got)
		}
	})
}

// Of two drafts at once the later is brought up to date; nothing is lost unseen.
func TestTwoDraftsAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		one := k.draft(chief, "promise", map[string][]string{"promise.review_hours": {"48"}, "promise.deposit_hours": {"24"}}, "")
		two := k.draft(deputy, "promise", map[string][]string{"promise.review_hours": {"36"}, "promise.contract_hours": {"12"}}, "")
		if _, err := k.send(chief, one); err != nil {
			t.Fatal(err)
		}
		if _, err := k.send(deputy, two); !errors.Is(err, fault.Conflict) {
			t.Fatalf("the later draft was handed in over the earlier: %v", err)
		}
		rebase := func(in policy.Update) (p policy.Proposal, err error) {
			err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
				r, err := policy.Look(ctx, tx, deputy, two.ID)
				if err != nil {
					return err
				}
				if !r.Stale || len(r.Clashes) != 1 || r.Clashes[0].Pointer != "/promise/review_hours" || len(r.Since) != 2 {
					t.Errorf("stale %v, clashes %+v, since %+v", r.Stale, r.Clashes, r.Since)
				}
				in.ID, in.Version = two.ID, r.Version
				p, err = policy.Rebase(ctx, tx, deputy, in)
				return err
			})
			return p, err
		}
		if _, err := rebase(policy.Update{}); !errors.Is(err, fault.Invalid) {
			t.Errorf("brought up to date without a choice: %v", err)
		}
		p, err := rebase(policy.Update{Mine: []string{"/promise/review_hours"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.send(deputy, p); err != nil {
			t.Fatal(err)
		}
		got := k.at(dbtest.Start).Promise
		if got.Review != 36 || got.Deposit != 24 || got.Contract != 12 {
			t.Errorf("both drafts together: %+v", got)
		}
	})
}

// A change that holds at once is carried into what is scheduled for later, also when
// the command line makes it.
func TestScheduledVersionsKeepEarlierChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		later, err := k.send(chief, k.draft(chief, "promise", map[string][]string{"promise.review_hours": {"48"}}, "2026-12-01T00:00"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.send(deputy, k.draft(deputy, "promise", map[string][]string{"promise.contract_hours": {"12"}}, "")); err != nil {
			t.Fatal(err)
		}
		k.must(func(ctx context.Context, tx *db.Tx) error {
			p, err := policy.Now(ctx, tx)
			if err != nil {
				return err
			}
			p.ReceiptSeries = "YSBZJ"
			return policy.Set(ctx, tx, access.CommandActor("policy"), p, tx.Now())
		})
		got := k.at(later.HoldsFrom)
		if got.Promise.Review != 48 || got.Promise.Contract != 12 || got.ReceiptSeries != "YSBZJ" {
			t.Errorf("from the later date: %+v, %s", got.Promise, got.ReceiptSeries)
		}
		if now := k.at(dbtest.Start); now.Promise.Review != 72 || now.Promise.Contract != 12 {
			t.Errorf("now: %+v", now.Promise)
		}
	})
}

// Rules that contradict themselves stay in the draft and are refused when handed in;
// what cannot be read is not saved at all.
func TestDraftsMayBeWrongForAWhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		p := k.draft(chief, "categories", map[string][]string{"categories.1.name.en": {""}}, "")
		if _, err := k.send(chief, p); !errors.Is(err, fault.Invalid) {
			t.Errorf("a category without an English name: %v", err)
		}
		edit := func(in policy.Edits) error {
			return k.write(func(ctx context.Context, tx *db.Tx) (err error) {
				in.ID, in.Version = p.ID, p.Version
				if in.Section == "" {
					in.Section = "amounts"
				}
				p, err = policy.Edit(ctx, tx, chief, in)
				return err
			})
		}
		before := p.Version
		if err := edit(policy.Edits{Values: map[string][]string{"categories.0.deposit_fen": {"五千"}}}); !errors.Is(err, fault.Invalid) {
			t.Errorf("an amount in words: %v", err)
		}
		p, _ = k.look(p.ID)
		if p.Version != before {
			t.Errorf("what cannot be read was saved")
		}
		if err := edit(policy.Edits{Section: "promise", Values: map[string][]string{"categories.0.deposit_fen": {"1.00"}}}); err != nil || p.Policy.Categories[0].DepositFen != 500000 {
			t.Errorf("a section changed what is not its own: %v", err)
		}
		if err := edit(policy.Edits{Op: "remove:categories.9"}); !errors.Is(err, fault.NotFound) {
			t.Errorf("took out what is not there: %v", err)
		}
		p, _ = k.look(p.ID)
		n := len(p.Policy.Categories)
		for _, op := range []string{"add:categories", "up:categories.5", "remove:categories.4"} {
			if err := edit(policy.Edits{Op: op}); err != nil {
				t.Fatalf("%s: %v", op, err)
			}
		}
		if len(p.Policy.Categories) != n || p.Policy.Categories[4].ID != "miniprogram" {
			t.Errorf("added, moved up and taken out again: %d categories", len(p.Policy.Categories))
		}
		if len(policy.Shipped().Categories) != n || policy.Shipped().Categories[4].ID != "miniprogram" {
			t.Error("a draft changed the shipped policy")
		}
	})
}

func (k desk) look(id string) (p policy.Proposal, err error) {
	err = k.d.Read(k.t.Context(), func(tx *db.Tx) (err error) {
		p, err = policy.GetProposal(k.t.Context(), tx, auditor, id)
		return err
	})
	return p, err
}

// A clock that is set back gives what held then, and no error; changes go on.
func TestClockSetBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		if _, err := k.send(chief, k.draft(chief, "promise", map[string][]string{"promise.review_hours": {"48"}}, "")); err != nil {
			t.Fatal(err)
		}
		dbtest.Advance(d, -time.Hour)
		k.must(func(ctx context.Context, tx *db.Tx) error {
			p, err := policy.Now(ctx, tx)
			if err == nil && p.Promise.Review != 72 {
				t.Errorf("an hour before the change: %d", p.Promise.Review)
			}
			return err
		})
		if _, err := k.send(deputy, k.draft(deputy, "promise", map[string][]string{"promise.contract_hours": {"12"}}, "")); err != nil {
			t.Fatal(err)
		}
		dbtest.Advance(d, time.Hour)
		k.must(func(ctx context.Context, tx *db.Tx) error {
			p, err := policy.Now(ctx, tx)
			if err == nil && (p.Promise.Review != 48 || p.Promise.Contract != 12) {
				t.Errorf("after both: %+v", p.Promise)
			}
			return err
		})
	})
}

// Two approvals at once: one wins, the other is told.
func TestApprovedTwiceAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		p, err := k.send(chief, k.draft(chief, "amounts", deposit8000, ""))
		if err != nil {
			t.Fatal(err)
		}
		errs := make(chan error, 2)
		for _, by := range []access.Actor{deputy, cashier} {
			go func() { _, err := k.approve(by, p); errs <- err }()
		}
		var won, lost int
		for range 2 {
			switch err := <-errs; {
			case err == nil:
				won++
			case errors.Is(err, fault.Conflict):
				lost++
			default:
				t.Error(err)
			}
		}
		if won != 1 || lost != 1 {
			t.Errorf("%d won, %d lost", won, lost)
		}
	})
}

// A version of the history comes back as a new draft.
func TestRestore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := desk{t, d}
		if _, err := k.send(chief, k.draft(chief, "promise", map[string][]string{"promise.review_hours": {"48"}}, "")); err != nil {
			t.Fatal(err)
		}
		k.must(func(ctx context.Context, tx *db.Tx) error {
			p, err := policy.Begin(ctx, tx, deputy, policy.Beginning{Title: "恢复", Restore: "shipped"})
			if err != nil {
				return err
			}
			r, err := policy.Look(ctx, tx, deputy, p.ID)
			if err == nil && (len(r.Changes) != 1 || r.Policy.Promise.Review != 72) {
				t.Errorf("restored: %+v", r.Changes)
			}
			if _, err := policy.Begin(ctx, tx, deputy, policy.Beginning{Title: "恢复", Restore: "pol_gone"}); !errors.Is(err, fault.NotFound) {
				t.Errorf("an unknown version: %v", err)
			}
			return err
		})
		k.must(func(ctx context.Context, tx *db.Tx) error {
			list, err := policy.History(ctx, tx, auditor, policy.HistoryFilter{})
			if err == nil && len(list) != 1 {
				t.Errorf("history: %+v", list)
			}
			if _, err := policy.History(ctx, tx, reviews, policy.HistoryFilter{}); !errors.Is(err, fault.Forbidden) {
				t.Errorf("a reviewer reads the history: %v", err)
			}
			return err
		})
	})
}

// Every amount and rate is a money rule, and what holds them; words and hours are not.
func TestMoneyRules(t *testing.T) {
	for pointer, want := range map[string]bool{
		"/categories/api/deposit_fen": true, "/categories/new": true, "/categories/api/name/en": false, "/modes/platform/fee_basis_points": true, "/modes/platform/months": true,
		"/payees/main/account": true, "/one_person_for_money": true, "/changes/two_people": true, "/promise/review_hours": false, "/gates/shelve": false,
		"/violations/deduction_fen_at_most": true, "/violations/offences/malware/fen": true, "/violations/offences/malware/name/en": false, "/nothing": false,
		"/categories/#order": false,
	} {
		if got := policy.MoneyRule(pointer); got != want {
			t.Errorf("%s: %v, want %v", pointer, got, want)
		}
	}
	if !slices.ContainsFunc(policy.Sections(), func(s policy.Section) bool { return s.ID == "violations" }) {
		t.Error("a section that is not in the list has no page")
	}
}
