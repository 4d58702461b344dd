package flow

import (
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Effects is whom a change of the operator's rules touches, a function for each
// respect. They only read; a section that is added puts its own here.
func Effects() []policy.Effect {
	return []policy.Effect{
		touchDeposits,
		touchCategories,
		touchGates,
		touchPayees,
		touchFees,
		touchPromises,
		touchCalendar,
		touchContractText,
	}
}

// touchDeposits lists the vendors that would owe another deposit. Rules D-2, D-3.
func touchDeposits(ctx context.Context, tx *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	if sameDeposits(before, after) {
		return nil, nil
	}
	all, err := report.Deposits(ctx, tx, before, after)
	if err != nil {
		return nil, err
	}
	up := policy.Touch{Title: text.M("policy_touch.deposit_up"), Note: text.M("policy_touch.deposit_up_note", after.Deposits.RaiseUntil), Grave: true}
	down := policy.Touch{Title: text.M("policy_touch.deposit_down"), Note: text.M("policy_touch.deposit_down_note")}
	for _, n := range all {
		t := &down
		note := text.M("policy_touch.deposit_less", n.Was, n.Is)
		if n.Is.Cmp(n.Was) > 0 {
			t, note = &up, text.M("policy_touch.deposit_enough", n.Was, n.Is, n.Held)
			if n.Held.Cmp(n.Is) < 0 {
				owes, err := n.Is.Sub(n.Held)
				if err != nil {
					return nil, err
				}
				note = text.M("policy_touch.deposit_owes", n.Was, n.Is, owes)
			}
		}
		t.Count++
		if len(t.Things) < report.Some {
			t.Things = append(t.Things, policy.Thing{Name: n.Vendor, Note: note, Href: "/office/deposits/" + n.ID})
		}
	}
	if up.Count > 0 && after.Deposits.RaiseUntil.IsZero() { // who was approved before is not asked for more
		up = policy.Touch{Title: up.Title, Note: text.M("policy_touch.deposit_up_kept"), Count: up.Count, Href: "/office/deposits"}
	}
	if up.Count+down.Count == 0 {
		return []policy.Touch{{Title: text.M("policy_touch.deposit_none"), None: true}}, nil
	}
	return slices.DeleteFunc([]policy.Touch{up, down}, func(t policy.Touch) bool { return t.Count == 0 }), nil
}

func sameDeposits(a, b policy.Policy) bool {
	return len(a.Categories) == len(b.Categories) && !slices.ContainsFunc(b.Categories, func(c policy.Category) bool {
		was, ok := a.Category(c.ID)
		return !ok || was.DepositFen != c.DepositFen
	})
}

// touchCategories lists who is asked for more: applications in a category that has
// a new condition, and those of a category that is gone. Rules C-2, C-3, E.
func touchCategories(ctx context.Context, tx *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	var stricter, gone, fresh []policy.CategoryID
	for _, c := range before.Categories {
		now, ok := after.Category(c.ID)
		switch {
		case !ok:
			gone = append(gone, c.ID)
		case slices.ContainsFunc(now.Conditions, func(id policy.ConditionID) bool { return !slices.Contains(c.Conditions, id) }), before.Entry != after.Entry:
			stricter = append(stricter, c.ID)
		}
	}
	for _, c := range after.Categories {
		if _, ok := before.Category(c.ID); !ok {
			fresh = append(fresh, c.ID)
		}
	}
	var out []policy.Touch
	say := func(title, note text.Key, list []report.Named, href string, grave bool) {
		t := policy.Touch{Title: text.M(title), Note: text.M(note), Count: len(list), Grave: grave && len(list) > 0}
		for _, n := range list[:min(len(list), report.Some)] {
			name := policy.Name{ZH: n.Name, EN: n.Name}
			if c, ok := before.Category(policy.CategoryID(n.Name)); ok {
				name = c.Name
			}
			t.Things = append(t.Things, policy.Thing{Name: n.Vendor, Note: text.M("policy_touch.in_category", name), Href: href + n.ID})
		}
		out = append(out, t)
	}
	if len(stricter) > 0 {
		list, err := report.Applicants(ctx, tx, stricter)
		if err != nil {
			return nil, err
		}
		say("policy_touch.condition", "policy_touch.condition_note", list, "/office/vendors/", false)
	}
	if len(gone) > 0 {
		list, err := report.Qualified(ctx, tx, gone)
		if err != nil {
			return nil, err
		}
		say("policy_touch.category_gone", "policy_touch.category_gone_note", list, "/office/vendors/", true)
	}
	if len(fresh) > 0 {
		out = append(out, policy.Touch{Title: text.M("policy_touch.category_new"), Note: text.M("policy_touch.category_new_note"), None: true})
	}
	return out, nil
}

// touchGates lists the products on the shelf that do not meet what is newly asked. Rule O-8.
func touchGates(ctx context.Context, tx *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	var more []policy.Fact
	for _, f := range after.Gates[policy.Shelve] {
		if !slices.Contains(before.Gates[policy.Shelve], f) {
			more = append(more, f)
		}
	}
	less := slices.ContainsFunc(before.Gates[policy.Shelve], func(f policy.Fact) bool { return !slices.Contains(after.Gates[policy.Shelve], f) })
	var out []policy.Touch
	if len(more) > 0 {
		list, err := report.Fallen(ctx, tx, more)
		if err != nil {
			return nil, err
		}
		t := policy.Touch{Title: text.M("policy_touch.gate"), Note: text.M("policy_touch.gate_note"), Count: len(list), Grave: len(list) > 0}
		for _, n := range list[:min(len(list), report.Some)] {
			t.Things = append(t.Things, policy.Thing{Name: n.Name, Note: text.M("policy_touch.of_vendor", n.Vendor), Href: "/office/products/" + n.ID})
		}
		out = append(out, t)
	}
	if less {
		out = append(out, policy.Touch{Title: text.M("policy_touch.gate_open"), Note: text.M("policy_touch.gate_open_note"), None: true})
	}
	return out, nil
}

// touchPayees says who was told an account that goes, and what of it is still to be
// matched. Rules D-4, D-7.
func touchPayees(ctx context.Context, tx *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	var out []policy.Touch
	for _, x := range before.Payees {
		now, ok := after.Payee(x.ID)
		if ok && now.Account == x.Account && now.Name == x.Name && now.Bank == x.Bank {
			continue
		}
		asked, err := report.Asked(ctx, tx)
		if err != nil {
			return nil, err
		}
		out = append(out, policy.Touch{Title: text.M("policy_touch.payee", x.ID), Note: text.M("policy_touch.payee_note"), Count: asked, Grave: asked > 0, Href: "/office/deposits"})
		lines, err := report.LinesOf(ctx, tx, x.ID)
		if err != nil {
			return nil, err
		}
		if !ok && lines > 0 {
			out = append(out, policy.Touch{Title: text.M("policy_touch.lines", x.ID), Note: text.M("policy_touch.lines_note"), Count: lines, Grave: true, Href: "/office/bank-lines"})
		}
	}
	return out, nil
}

// touchFees says which contracts keep their fee and who gets the new one. Rules M-1, M-4.
func touchFees(ctx context.Context, tx *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	var out []policy.Touch
	for _, mode := range []policy.Mode{policy.Platform, policy.Resale} {
		if before.Modes[mode] == after.Modes[mode] {
			continue
		}
		kept, err := report.Contracts(ctx, tx, mode)
		if err != nil {
			return nil, err
		}
		name := contract.ModeName(mode)
		out = append(out, policy.Touch{Title: text.M("policy_touch.fee_kept", name, kept), Note: text.M("policy_touch.fee_kept_note"), None: true, Count: kept})
		list, err := report.ToOffer(ctx, tx, mode)
		if err != nil {
			return nil, err
		}
		t := policy.Touch{Title: text.M("policy_touch.fee_new", name), Note: text.M("policy_touch.fee_new_note"), Count: len(list)}
		for _, n := range list[:min(len(list), report.Some)] {
			t.Things = append(t.Things, policy.Thing{Name: n.Vendor, Href: "/office/vendors/" + n.ID})
		}
		out = append(out, t)
	}
	return out, nil
}

// touchPromises says that what was promised stays promised.
func touchPromises(_ context.Context, _ *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	if before.Promise == after.Promise {
		return nil, nil
	}
	return []policy.Touch{{Title: text.M("policy_touch.promise"), Note: text.M("policy_touch.promise_note"), None: true}}, nil
}

// touchCalendar says how terms that begin today would end, and which days that were
// told to vendors would be others if they were counted now. Rules D-10, D-11.
func touchCalendar(ctx context.Context, tx *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	was, is := before.Holidays(), after.Holidays()
	today := before.Today(tx.Now())
	changed := slices.ContainsFunc(daysOf(today, 366), func(d calendar.Day) bool { return was.Working(d) != is.Working(d) })
	if !changed {
		return nil, nil
	}
	t := policy.Touch{Title: text.M("policy_touch.calendar"), Note: text.M("policy_touch.calendar_note"), None: true}
	for _, x := range []struct {
		name text.Key
		n    int
	}{
		{"policy_touch.term_top_up", before.Violations.TopUpDays},
		{"policy_touch.term_appeal", before.Violations.AppealDays},
		{"policy_touch.term_return", before.Exit.ReturnWorkingDays},
	} {
		a, b := calendar.AddWorkingDays(today, x.n, was), calendar.AddWorkingDays(today, x.n, is)
		if a != b {
			t.Things = append(t.Things, policy.Thing{Note: text.M("policy_touch.term_moves", x.name, x.n, a, b)})
		}
	}
	out := []policy.Touch{t}
	dues, err := report.TopUps(ctx, tx)
	if err != nil {
		return nil, err
	}
	moved := policy.Touch{Title: text.M("policy_touch.top_ups"), Note: text.M("policy_touch.top_ups_note")}
	for _, d := range dues {
		by := before.Today(d.By)
		begun := calendar.AddWorkingDays(by, -before.Violations.TopUpDays, was)
		if now := calendar.AddWorkingDays(begun, before.Violations.TopUpDays, is); now != by {
			moved.Count++
			if len(moved.Things) < report.Some {
				moved.Things = append(moved.Things, policy.Thing{Name: d.Vendor, Note: text.M("policy_touch.day_moves", by, now), Href: "/office/deposits/" + d.ID})
			}
		}
	}
	if moved.Count > 0 {
		out = append(out, moved)
	}
	return out, nil
}

func daysOf(from calendar.Day, n int) []calendar.Day {
	out := make([]calendar.Day, 0, n)
	for i := range n {
		out = append(out, from.AddDays(i))
	}
	return out
}

// touchContractText says what new contracts would be made from, and whether that
// can be laid out at all. Rule O-4.
func touchContractText(_ context.Context, _ *db.Tx, before, after policy.Policy) ([]policy.Touch, error) {
	was, _ := before.ContractText()
	is, own := after.ContractText()
	if was == is {
		return nil, nil
	}
	t := policy.Touch{Title: text.M("policy_touch.contract_text"), Note: text.M("policy_touch.contract_text_note"), None: true}
	if !own {
		return []policy.Touch{t}, nil
	}
	if err := contract.CheckText(is); err != nil {
		t = policy.Touch{Title: text.M("policy_touch.contract_broken", is.ID), Count: 1, Grave: true}
		if f, ok := err.(*fault.Error); ok {
			for _, x := range f.Fields {
				t.Things = append(t.Things, policy.Thing{Name: x.Pointer, Note: x.Message})
			}
			t.Count = len(t.Things)
		}
	}
	return []policy.Touch{t}, nil
}
