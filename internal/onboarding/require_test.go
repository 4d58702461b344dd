package onboarding_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var ctx = context.Background()

func missing(t *testing.T, d *db.DB, vendorID string, a policy.Act, on onboarding.Target) (pointers []string) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		err := onboarding.Require(ctx, tx, vendorID, a, on)
		var f *fault.Error
		if errors.As(err, &f) && f.Kind == fault.Conflict && f.Rule == "O-8" {
			for _, x := range f.Fields {
				if x.Rule == "" || x.Mend.Key == "" {
					t.Errorf("a field without rule or mend: %+v", x)
				}
				pointers = append(pointers, x.Pointer)
			}
			return nil
		}
		return err
	})
	return pointers
}

// A vendor's way in on a real database: each fact opens what it should. Rules O-5 to O-8.
func TestWayIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Vendor(t, d)
		ops, api := onboarding.Target{Category: "ops"}, onboarding.Target{Category: "api"}
		expect := func(stage onboarding.Stage, on onboarding.Target, create, shelve []string) {
			t.Helper()
			if diff := cmp.Diff(create, missing(t, d, v.ID, policy.CreateProduct, on)); diff != "" {
				t.Errorf("create: %s", diff)
			}
			if diff := cmp.Diff(shelve, missing(t, d, v.ID, policy.Shelve, on)); diff != "" {
				t.Errorf("shelve: %s", diff)
			}
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				s, err := onboarding.Of(ctx, tx, yunshitest.Owner(v.ID), v.ID)
				if s.Stage != stage {
					t.Errorf("stage %s, want %s", s.Stage, stage)
				}
				return err
			})
		}
		const q, c, dep = "/onboarding/qualified", "/onboarding/contract", "/onboarding/deposit"
		expect(onboarding.Applying, ops, []string{q, c}, []string{q, c, dep})
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "ops")
		expect(onboarding.Contract, ops, []string{c}, []string{c, dep})
		expect(onboarding.Contract, api, []string{q, c}, []string{q, c, dep})
		yunshitest.Contract(t, d, v.ID, yunshitest.Terms{})
		yunshitest.Ask(t, d, v.ID)
		expect(onboarding.Deposit, ops, nil, []string{dep})
		yunshitest.Pay(t, d, v, 500000)
		expect(onboarding.Open, ops, nil, nil)
		expect(onboarding.Open, api, []string{q}, []string{q, dep})
		dbtest.Advance(d, 366*24*time.Hour)
		expect(onboarding.OutOfTerm, ops, []string{c}, []string{c})
	})
}

// Of shows every act and category, to the vendor and to staff, and nothing to others.
func TestOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Vendor(t, d)
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "ops", "api")
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			if _, err := onboarding.Of(ctx, tx, yunshitest.Owner("ven_other"), v.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("to another: %v", err)
			}
			s, err := onboarding.Of(ctx, tx, yunshitest.Staff("a", access.Auditor), v.ID)
			if err != nil {
				return err
			}
			if len(s.Acts) != 3 || len(s.Categories) != 2 || s.Categories[0].Category != "ops" || !s.Categories[0].Approved || s.Categories[0].Covered {
				t.Errorf("%+v", s)
			}
			if needs := s.Needs(policy.CreateProduct); len(needs) != 1 || needs[0].Waiting != onboarding.Operator || !needs[0].Until.Equal(dbtest.Start.Add(48*time.Hour)) {
				t.Errorf("needs %+v", needs)
			}
			return nil
		})
	})
}

// The gate is asked on every act: few statements.
func TestRequireIsFewStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Vendor(t, d)
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			before := tx.Statements()
			_ = onboarding.Require(ctx, tx, v.ID, policy.Shelve, onboarding.Target{})
			if n := tx.Statements() - before; n > 10 {
				t.Errorf("%d statements", n)
			}
			return nil
		})
	})
}
