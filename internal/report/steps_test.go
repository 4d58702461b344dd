package report_test

import (
	"fmt"
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
	"github.com/yunshi-market/yunshi/internal/text"
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
			team := policy.Shipped().ReasonsFor("E-2")[0].Text
			for i, c := range []struct{ condition, reason string }{{"E-2", team.ZH}, {"E-2", team.EN}, {"E-2", "王芳的证明已过期"}, {"E-3", "请补充"}} {
				sealed := tx.Vault().Seal("verdict.reason:sub_b:"+c.condition+":", c.reason)
				if _, err := tx.Exec(ctx, `INSERT INTO verdict (id, vendor_id, submission_id, condition_id, category, result, reason, field, basis, made_by, made_at) VALUES ($1, 'ven_2', 'sub_b', $2, '', 'not_met', $3, '', '', '', $4)`, string(rune('a'+i)), c.condition, sealed, at); err != nil {
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
		if diff := r.Refusals; len(diff) != 2 || diff[0].Condition != "E-2" || diff[0].Count != 3 || diff[0].Name.ZH == "" || diff[1].Condition != "E-3" || diff[1].Count != 1 {
			t.Errorf("refusals %+v", diff)
		}
		// The same ready text in either language is one reason; a reviewer's own words are
		// counted and not shown: they may name people.
		ready := policy.Shipped().ReasonsFor("E-2")[0]
		causes := []report.Cause{{Stage: "application", Condition: "E-2", Reason: ready.ID, Text: ready.Text, Count: 2}, {Stage: "application", Condition: "E-2", Count: 1}, {Stage: "application", Condition: "E-3", Count: 1}}
		if diff := cmp.Diff(causes, r.Causes); diff != "" {
			t.Errorf("reasons −want +got\n%s", diff)
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

// TestEveryStepIsMeasured: one thing per step, begun on Monday at nine and done after
// as many hours as its step's place in the list; what is not done yet, what was put
// aside and what no person decided are not counted.
func TestEveryStepIsMeasured(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		zone := policy.Shipped().Location()
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, zone)
		ctx := t.Context()
		hours := func(n int) time.Time { return at.Add(time.Duration(n) * time.Hour) }
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, s := range []struct {
				query string
				args  []any
			}{
				{`INSERT INTO vendor (id, made_by, made_at) VALUES ('ven_1', 'acc_1', $1)`, []any{at}},
				{`INSERT INTO product (id, vendor_id, category, form, name, status, content, made_at, changed_at) VALUES ('prd_1', 'ven_1', 'ops', 'service', '', 'on_shelf', '{}', $1, $1)`, []any{at}},
				{`INSERT INTO event (id, at, kind, subject, actor_kind, actor_id, data) VALUES ('evt_1', $1, 'product.change_submitted', 'prd_1', 'member', '', '{}')`, []any{at}},
				{`INSERT INTO product_review (id, product_id, revision, revision_id, decision, verdicts, decided_by, decided_at) VALUES ('rvw_1', 'prd_1', 1, 'rev_1', 'reject', $2, 'acc_s', $1)`,
					[]any{hours(1), `[{"check":"name","finding":"not_met","reason":"自拟"},{"check":"price","finding":"met","reason":""}]`}},
				{`INSERT INTO amendment (id, vendor_id, kind, status, version, parts, paper, made_by, made_at, decided_by, decided_at) VALUES ('amd_1', 'ven_1', 'company', 'applied', 1, '[]', '', '', $1, 'acc_s', $2)`, []any{at, hours(2)}},
				{`INSERT INTO amendment (id, vendor_id, kind, status, version, parts, paper, made_by, made_at, decided_at) VALUES ('amd_2', 'ven_1', 'company', 'applied', 1, '[]', '', '', $1, $1)`, []any{at}},
				{`INSERT INTO violation (id, vendor_id, status, offence_id, offence, measure, proposed_fen, fen, currency, description, recorded_by, recorded_at, decided_at, appealed_at, judged_at)
					VALUES ('vio_1', 'ven_1', 'upheld', '', '{}', '', 0, 0, 'CNY', '', '', $1, $2, $1, $3)`, []any{at, hours(3), hours(4)}},
				{`INSERT INTO violation (id, vendor_id, status, offence_id, offence, measure, proposed_fen, fen, currency, description, recorded_by, recorded_at, decided_at)
					VALUES ('vio_2', 'ven_1', 'dropped', '', '{}', '', 0, 0, 'CNY', '', '', $1, $2)`, []any{at, hours(99)}},
				{`INSERT INTO violation (id, vendor_id, status, offence_id, offence, measure, proposed_fen, fen, currency, description, recorded_by, recorded_at)
					VALUES ('vio_3', 'ven_1', 'recorded', '', '{}', '', 0, 0, 'CNY', '', '', $1)`, []any{at.AddDate(0, 0, -20)}},
				{`INSERT INTO deposit_deduction (id, paper, vendor_id, fen, taken_fen, open_fen, currency, made_by, made_at, topped_up_at) VALUES ('ded_1', 'vio_1', 'ven_1', 100, 100, 0, 'CNY', '', $1, $2)`, []any{at, hours(5)}},
				{`INSERT INTO deposit_deduction (id, paper, vendor_id, fen, taken_fen, open_fen, currency, made_by, made_at) VALUES ('ded_2', 'vio_4', 'ven_1', 100, 100, 100, 'CNY', '', $1)`, []any{at}},
				{`INSERT INTO exit (id, vendor_id, number, kind, status, reason, asked_by, asked_at, finished_at) VALUES ('ext_1', 'ven_1', 'TC-1', 'wish', 'left', '', '', $1, $2)`, []any{at, hours(6)}},
				{`INSERT INTO exit (id, vendor_id, number, kind, status, reason, asked_by, asked_at) VALUES ('ext_2', 'ven_1', 'TC-2', 'wish', 'leaving', '', '', $1)`, []any{at}},
				{`INSERT INTO payout (id, reference, subject, purpose, status, fen, currency, sealed, from_account, paper, asked_by, asked_at, paid_at) VALUES ('pay_1', 'P1', 'ven_1', 'deposit_return', 'paid', 1, 'CNY', '', '', 'ext_1', '', $1, $2)`, []any{at, hours(7)}},
				{`INSERT INTO payout (id, reference, subject, purpose, status, fen, currency, sealed, from_account, paper, asked_by, asked_at) VALUES ('pay_2', 'P2', 'ven_1', 'deposit_return', 'ordered', 1, 'CNY', '', '', 'ext_2', '', $1)`, []any{at}},
				{`INSERT INTO deposit_voucher (id, vendor_id, status, fen, currency, paid_on, way, file_id, sealed, other_payer, presented_by, presented_at, promised_by, decided_at, reason)
					VALUES ('vch_1', 'ven_1', 'refused', 1, 'CNY', '2026-03-02', '', '', '', FALSE, '', $1, $1, $2, '查无此款')`, []any{at, hours(8)}},
			} {
				if _, err := tx.Exec(ctx, s.query, s.args...); err != nil {
					return fmt.Errorf("%.60s: %w", s.query, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var r report.Report
		if err := d.Read(ctx, func(tx *db.Tx) (err error) {
			by := access.Actor{Kind: access.Staff, ID: "acc_a", Roles: []access.Role{access.Administrator}}
			r, err = report.Make(ctx, tx, by, report.Period{From: calendar.Date(2026, 3, 1), To: calendar.Date(2026, 3, 31)})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, x := range r.Durations {
			if x.Count != 1 || x.Median != x.P90 {
				t.Errorf("%s counts %d", x.Step, x.Count)
			}
			got[x.Step] = int(x.Median.Hours())
		}
		want := map[string]int{"revision": 1, "change": 2, "violation": 3, "appeal": 4, "top_up": 5, "exit": 6, "payout": 7, "deposit": 8}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("hours per step −want +got\n%s", diff)
		}
		causes := []report.Cause{{Stage: "product", Condition: "name", Count: 1}, {Stage: "voucher", Count: 1}}
		if diff := cmp.Diff(causes, r.Causes); diff != "" {
			t.Errorf("reasons −want +got\n%s", diff)
		}
		for _, a := range r.Ages {
			if late := a.Late + a.Far; (a.Queue == "violations") != (late == 1) {
				t.Errorf("%s: %+v", a.Queue, a)
			}
		}
		for _, l := range text.Langs() {
			for _, part := range r.Parts(text.Printer{Lang: l, Zone: zone}) {
				for _, row := range part.Rows {
					if len(row) != len(part.Heads) {
						t.Errorf("%s has %d heads and a row of %d", part.ID, len(part.Heads), len(row))
					}
				}
			}
		}
	})
}
