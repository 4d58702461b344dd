package policy_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// TestShippedCategories: rules C-1, C-2, D-1 and the entry conditions E of each.
func TestShippedCategories(t *testing.T) {
	p := policy.Shipped()
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	got := map[policy.CategoryID]int64{}
	for _, c := range p.Categories {
		got[c.ID] = c.DepositFen
	}
	want := map[policy.CategoryID]int64{"image": 500000, "ops": 500000, "software": 500000, "api": 200000, "miniprogram": 500000}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("deposits: −want +got\n%s", d)
	}
	base := []policy.ConditionID{"E-1", "E-2", "E-3", "E-4", "E-5"}
	for _, c := range p.Categories {
		want := base
		if c.ID == "miniprogram" {
			want = append(append([]policy.ConditionID{}, base...), "E-6.1", "E-6.2", "E-6.3", "E-6.4")
		}
		if d := cmp.Diff(want, c.Conditions); d != "" {
			t.Errorf("%s: −want +got\n%s", c.ID, d)
		}
	}
	if fee := p.Modes[policy.Platform].FeeBasisPoints; fee != 1000 {
		t.Errorf("platform fee %d basis points, want 1000 (M-1, M-2)", fee)
	}
}

// TestDepositIsTheHighest: rule D-2 (就高).
func TestDepositIsTheHighest(t *testing.T) {
	p := policy.Shipped()
	tests := []struct {
		name string
		in   []policy.CategoryID
		fen  int64
		by   policy.CategoryID
	}{
		{"none", nil, 0, ""},
		{"api alone", []policy.CategoryID{"api"}, 200000, "api"},
		{"api and ops", []policy.CategoryID{"api", "ops"}, 500000, "ops"},
		{"equal ones: the first of the policy", []policy.CategoryID{"software", "image"}, 500000, "image"},
		{"an unknown one asks nothing", []policy.CategoryID{"api", "gone"}, 200000, "api"},
	}
	for _, tt := range tests {
		got, by := p.Deposit(tt.in)
		if got.Fen != tt.fen || by != tt.by {
			t.Errorf("%s: %v by %q, want %d by %q", tt.name, got, by, tt.fen, tt.by)
		}
	}
}

func TestSetHoldsFromItsTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		admin := access.CommandActor("policy")
		changed := policy.Shipped()
		changed.Categories = append([]policy.Category{}, changed.Categories...)
		changed.Categories[0].DepositFen = 800000
		from := dbtest.Start.Add(24 * time.Hour)
		set := func(by access.Actor, p policy.Policy, from time.Time) error {
			return d.Write(ctx, func(tx *db.Tx) error { return policy.Set(ctx, tx, by, p, from) })
		}
		if err := set(access.Actor{Kind: access.Staff, ID: "x", Roles: []access.Role{access.Auditor}}, changed, from); !errors.Is(err, fault.Forbidden) {
			t.Errorf("auditor: %v, want forbidden", err)
		}
		if err := set(staff("acc_admin", access.Administrator), changed, from); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an administrator without a proposal: %v, want forbidden", err)
		}
		if err := set(admin, changed, dbtest.Start.Add(-time.Second)); !errors.Is(err, fault.Invalid) {
			t.Errorf("in the past: %v, want invalid", err)
		}
		broken := changed
		broken.Payees = nil
		if err := set(admin, broken, from); !errors.Is(err, fault.Invalid) {
			t.Errorf("without payee: %v, want invalid", err)
		}
		if err := set(admin, changed, from); err != nil {
			t.Fatal(err)
		}
		at := func(when time.Time) (fen int64) {
			if err := d.Read(ctx, func(tx *db.Tx) error {
				p, err := policy.At(ctx, tx, when)
				if err == nil {
					fen = p.Categories[0].DepositFen
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return fen
		}
		if before, after := at(from.Add(-time.Microsecond)), at(from); before != 500000 || after != 800000 {
			t.Errorf("before %d, from then on %d; want 500000 and 800000", before, after)
		}
	})
}

func TestReadRefuses(t *testing.T) {
	whole, err := json.Marshal(policy.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Read(whole); err != nil {
		t.Errorf("what show writes is refused: %v", err)
	}
	var m map[string]any
	if err := json.Unmarshal(whole, &m); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(){
		"an unknown field": func() { m["depozit"] = 1 },
		"no zone":          func() { m["zone"] = "" },
		"an unknown gate":  func() { m["gates"] = map[string]any{"fly": []string{"qualified"}} },
	} {
		saved := m
		m = map[string]any{}
		for k, v := range saved {
			m[k] = v
		}
		change()
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := policy.Read(b); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
		m = saved
	}
}

// Rules D-10 and D-11 count working days by the operator's calendar, 调休 included.
func TestDueAfterCountsWorkingDays(t *testing.T) {
	p := policy.Shipped()
	for _, tt := range []struct {
		at   string
		n    int
		want string
	}{
		{"2026-09-18T10:00:00+08:00", 1, "2026-09-20"}, // a Sunday worked in exchange
		{"2026-09-24T23:59:59+08:00", 1, "2026-09-28"}, // 中秋
		{"2026-09-30T09:00:00+08:00", 7, "2026-10-15"}, // 国庆, and the 10th is worked
		{"2026-11-20T16:30:00Z", 1, "2026-11-23"},      // already Saturday in Shanghai
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		due := p.DueAfter(at, tt.n)
		if got := p.Today(due).String(); got != tt.want || p.Today(due.Add(time.Microsecond)).String() == got {
			t.Errorf("%d working days after %s: %s (%s), want the end of %s", tt.n, tt.at, got, due, tt.want)
		}
	}
	if !p.KnowsYear(2026) || p.KnowsYear(1999) {
		t.Error("the shipped calendar knows the wrong years")
	}
}

// A policy that was stored before a section existed has the shipped values there,
// and keeps what it states: lists and gates are replaced, not filled up.
func TestOlderPolicyGetsTheShippedSections(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var got policy.Policy
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `INSERT INTO policy (id, holds_from, body, made_by, made_at) VALUES ($1, $2, $3, $4, $5)`,
				"pol_old", tx.Now(), `{"zone":"Asia/Tokyo","categories":[],"gates":{"shelve":["approved"]},"promise":{"review_hours":5}}`, "x", tx.Now()); err != nil {
				return err
			}
			var err error
			got, err = policy.Now(t.Context(), tx)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s := policy.Shipped()
		if got.Zone != "Asia/Tokyo" || len(got.Categories) != 0 || len(got.Gates) != 1 || got.Promise.Review != 5 {
			t.Errorf("what it states: %+v", got)
		}
		if len(got.Calendar) != len(s.Calendar) || got.Promise.Deposit != s.Promise.Deposit || len(got.Ways) != len(s.Ways) {
			t.Errorf("what it does not state: %+v", got)
		}
	})
}
