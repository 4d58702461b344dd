package api_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/api"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// The API tells the numbers of the page, to those who see the page.
func TestReportByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := world.Open(t, d)
		_, v := underContract(t, w, "zhou", "13800138001", "ops")
		w.Write(func(ctx context.Context, tx *db.Tx) error {
			for i := range 10 {
				_, err := tx.Exec(ctx, `INSERT INTO payout (id, reference, subject, purpose, status, fen, currency, sealed, from_account, paper, asked_by, asked_at, paid_at)
					VALUES ($1, $1, $2, 'deposit_return', 'paid', 1, 'CNY', '', '', $1, '', $3, $4)`, fmt.Sprintf("pay_%d", i), v.ID, tx.Now(), tx.Now().Add(time.Duration(i+1)*time.Minute))
				if err != nil {
					return err
				}
			}
			return nil
		})
		for name, x := range map[string]struct {
			status int
			role   access.Role
		}{"fin": {200, access.Finance}, "boss": {200, access.Administrator}, "sun": {200, access.Auditor}, "rev": {403, access.Reviewer}, "law": {403, access.Contracts}, "goods": {403, access.ProductReviewer}} {
			a := w.Staff(name, x.role)
			got := w.API(a).Get("/v1/operator/reports?from=2026-03-01&to=2026-03-31").Want(x.status)
			if x.status != 200 {
				continue
			}
			var told api.Report
			got.Into(&told)
			var made report.Report
			w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
				made, err = report.Make(ctx, tx, a.Actor(), report.Period{From: told.From, To: told.To})
				return err
			})
			if told.From.String() != "2026-03-01" || told.To.String() != "2026-03-31" {
				t.Errorf("over %s to %s", told.From, told.To)
			}
			var paid api.ReportDuration
			for _, d := range told.Durations {
				if d.Step == "payout" {
					paid = d
				}
			}
			want := api.ReportDuration{Month: "2026-03", Step: "payout", Count: 10, Median: 300, P90: 540, MedianWorking: 300, P90Working: 540}
			if diff := cmp.Diff(want, paid); diff != "" {
				t.Errorf("payouts −want +got\n%s", diff)
			}
			if len(told.Durations) != len(made.Durations) || len(told.Waiting) != len(made.Ages) || told.Deposits != api.ReportDeposits(made.Money) || len(told.Ending) != 12 {
				t.Errorf("the API tells %+v of %+v", told, made)
			}
		}
		sun := w.API(w.Staff("sun2", access.Auditor))
		sun.Get("/v1/operator/reports").Want(200)
		sun.Get("/v1/operator/reports?from=2026-03-31&to=2026-03-01").Want(422)
		sun.Get("/v1/operator/reports?from=yesterday").Want(422)
		w.API(w.Member("wang", "13800138009")).Get("/v1/operator/reports").Want(403)
		w.Client("").Get("/v1/operator/reports").Want(401)
	})
}
