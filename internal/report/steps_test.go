package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/report"
)

// A small world counted by hand: three reviews of 10, 20 and 30 hours in one month,
// the first submissions of which one passed, one contract and one licence that end.
func TestReportOfASmallWorld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		zone := policy.Shipped().Location()
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, zone) // a Monday
		friday := time.Date(2026, 3, 6, 19, 0, 0, 0, zone)
		ctx := t.Context()
		var r report.Report
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, v := range []string{"1", "2", "3"} {
				if _, err := tx.Exec(ctx, `INSERT INTO vendor (id, made_by, made_at, licence_until) VALUES ($1, $2, $3, $4)`, "ven_"+v, "acc_"+v, at, map[string]string{"1": calendar.Of(tx.Now(), zone).String(), "2": "long-term"}[v]); err != nil {
					return err
				}
				if _, err := tx.Exec(ctx, `INSERT INTO application (id, vendor_id, status, version, draft, saved_at, saved_by) VALUES ($1, $2, 'approved', 1, '', $3, '')`, "app_"+v, "ven_"+v, at); err != nil {
					return err
				}
			}
			for _, s := range []struct {
				id, vendor, outcome string
				number              int
				from                time.Time
				took                time.Duration
			}{{"a", "1", qualification.OutcomeDecided, 1, at, 10 * time.Hour}, {"b", "2", qualification.OutcomeSentBack, 1, at, 20 * time.Hour}, {"c", "2", qualification.OutcomeDecided, 2, friday, 30 * time.Hour}} {
				if _, err := tx.Exec(ctx, `INSERT INTO submission (id, application_id, vendor_id, number, paper, mode, categories, agreements, submitted_by, submitted_at, address, outcome, decided_at)
					VALUES ($1, $2, $3, $4, '', '', '', '', '', $5, '', $6, $7)`, "sub_"+s.id, "app_"+s.vendor, "ven_"+s.vendor, s.number, s.from, s.outcome, s.from.Add(s.took)); err != nil {
					return err
				}
			}
			for _, v := range []string{"1", "2"} {
				if _, err := tx.Exec(ctx, `INSERT INTO qualification (vendor_id, category, status, submission_id, changed_at, approved_at) VALUES ($1, 'image', 'approved', $2, $3, $3)`, "ven_"+v, map[string]string{"1": "sub_a", "2": "sub_c"}[v], at); err != nil {
					return err
				}
			}
			for i, c := range []string{"E-2", "E-2", "E-3"} {
				if _, err := tx.Exec(ctx, `INSERT INTO verdict (id, vendor_id, submission_id, condition_id, category, result, reason, field, basis, made_by, made_at) VALUES ($1, 'ven_2', 'sub_b', $2, '', 'not_met', 'sealed', '', '', '', $3)`, string(rune('a'+i)), c, at); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		by := access.Actor{Kind: access.Staff, ID: "acc_a", Roles: []access.Role{access.Auditor}}
		if err := d.Read(ctx, func(tx *db.Tx) (err error) {
			r, err = report.Make(ctx, tx, by, report.Period{From: calendar.Date(2026, 3, 1), To: calendar.Date(2026, 3, 31)})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		march := calendar.Date(2026, 3, 1)
		// On working days: 10 h and 20 h from Monday; of the 30 h from Friday 19:00 only 5 h.
		want := []report.Duration{{Month: march, Step: "review", Count: 3, Median: 20 * time.Hour, P90: 30 * time.Hour, Worked: 10 * time.Hour, Worked90: 20 * time.Hour}}
		if diff := cmp.Diff(want, r.Durations); diff != "" {
			t.Errorf("durations −want +got\n%s", diff)
		}
		if diff := cmp.Diff([]report.Pass{{Month: march, Decided: 2, Passed: 1}}, r.Passes); diff != "" {
			t.Errorf("passes −want +got\n%s", diff)
		}
		if diff := r.Refusals; len(diff) != 2 || diff[0].Condition != "E-2" || diff[0].Count != 2 || diff[1].Condition != "E-3" || diff[1].Count != 1 {
			t.Errorf("refusals %+v", diff)
		}
		if len(r.Expiries) != 12 || r.Expiries[0].Licences != 1 || r.Expiries[0].Contracts != 0 {
			t.Errorf("expiries %+v", r.Expiries)
		}
		clerk := access.Actor{Kind: access.Staff, ID: "acc_b", Roles: []access.Role{access.Reviewer}}
		if err := d.Read(ctx, func(tx *db.Tx) error {
			_, err := report.Make(ctx, tx, clerk, report.Period{From: march, To: march})
			return err
		}); err == nil {
			t.Error("a reviewer read the reports")
		}
	})
}

func TestPercentile(t *testing.T) {
	list := make([]time.Duration, 10)
	for i := range list {
		list[i] = time.Duration(i + 1)
	}
	for n, want := range map[int]time.Duration{1: 1, 50: 5, 90: 9, 91: 10, 100: 10} {
		if got := report.Percentile(list, n); got != want {
			t.Errorf("Percentile %d = %d, want %d", n, got, want)
		}
	}
	if report.Percentile(nil, 50) != 0 {
		t.Error("of nothing there is a percentile")
	}
}
