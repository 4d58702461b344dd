package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Report is the operator's report over a time: the numbers of the page.
type Report struct {
	From      calendar.Day     `json:"from"`
	To        calendar.Day     `json:"to"`
	Durations []ReportDuration `json:"durations" nullable:"false"`
	Passes    []ReportPass     `json:"passes" nullable:"false" doc:"first submissions that passed at once"`
	Refusals  []ReportRefusal  `json:"refusals" nullable:"false" doc:"conditions and checks not met, the most frequent first"`
	Causes    []ReportCause    `json:"causes" nullable:"false" doc:"reasons given, by condition"`
	Waiting   []ReportAge      `json:"waiting" nullable:"false" doc:"what waits now, by the promised time"`
	Deposits  ReportDeposits   `json:"deposits"`
	Ending    []ReportEnding   `json:"ending" nullable:"false" doc:"this month and the eleven after it"`
}

// ReportDuration is how long a step took in a month.
type ReportDuration struct {
	Month         string `json:"month" doc:"2026-03"`
	Step          string `json:"step" doc:"review, offer, signing, deposit, product, revision, change, violation, appeal, top_up, exit, payout"`
	Count         int    `json:"count"`
	Median        int64  `json:"median_seconds"`
	P90           int64  `json:"p90_seconds"`
	MedianWorking int64  `json:"median_working_seconds" doc:"of working days alone"`
	P90Working    int64  `json:"p90_working_seconds"`
}

// ReportPass is how many first submissions of a month passed at once.
type ReportPass struct {
	Month   string `json:"month"`
	Decided int64  `json:"decided"`
	Passed  int64  `json:"passed"`
}

// ReportRefusal is a condition that was not met.
type ReportRefusal struct {
	Stage     string `json:"stage" doc:"application, product"`
	Condition string `json:"condition"`
	Name      string `json:"name"`
	Count     int64  `json:"count"`
}

// ReportCause is a reason that was given.
type ReportCause struct {
	Stage     string `json:"stage" doc:"application, product, voucher"`
	Condition string `json:"condition,omitempty"`
	Reason    string `json:"reason,omitempty" doc:"id of the policy's ready text; none for a reviewer's own words, which are counted together"`
	Text      string `json:"text,omitempty"`
	Count     int64  `json:"count"`
}

// ReportAge is how many of a queue have waited how long.
type ReportAge struct {
	Queue    string `json:"queue"`
	Half     int64  `json:"up_to_half" doc:"of the promised time"`
	Promised int64  `json:"up_to_promised"`
	Late     int64  `json:"up_to_twice"`
	Far      int64  `json:"beyond"`
}

// ReportDeposits is the deposits' money as it stands.
type ReportDeposits struct {
	Held      money.Amount `json:"held"`
	Due       money.Amount `json:"due"`
	Deducted  money.Amount `json:"deducted"`
	Returning money.Amount `json:"returning"`
	Overpaid  money.Amount `json:"overpaid"`
}

// ReportEnding is how much ends in a month.
type ReportEnding struct {
	Month     string `json:"month"`
	Contracts int64  `json:"contracts"`
	Licences  int64  `json:"licences"`
}

func monthOf(d calendar.Day) string { return d.String()[:7] }

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func viewReport(p text.Printer, r report.Report) Report {
	out := Report{From: r.Period.From, To: r.Period.To, Durations: []ReportDuration{}, Passes: []ReportPass{}, Refusals: []ReportRefusal{}, Causes: []ReportCause{},
		Waiting: []ReportAge{}, Ending: []ReportEnding{}, Deposits: ReportDeposits(r.Money)}
	for _, d := range r.Durations {
		out.Durations = append(out.Durations, ReportDuration{monthOf(d.Month), d.Step, d.Count, seconds(d.Median), seconds(d.P90), seconds(d.Worked), seconds(d.Worked90)})
	}
	for _, x := range r.Passes {
		out.Passes = append(out.Passes, ReportPass{monthOf(x.Month), x.Decided, x.Passed})
	}
	for _, x := range r.Refusals {
		out.Refusals = append(out.Refusals, ReportRefusal{x.Stage, x.Condition, x.Name.In(p.Lang), x.Count})
	}
	for _, x := range r.Causes {
		out.Causes = append(out.Causes, ReportCause{x.Stage, x.Condition, x.Reason, x.Text.In(p.Lang), x.Count})
	}
	for _, x := range r.Ages {
		out.Waiting = append(out.Waiting, ReportAge{x.Queue, x.Half, x.Promised, x.Late, x.Far})
	}
	for _, x := range r.Expiries {
		out.Ending = append(out.Ending, ReportEnding{monthOf(x.Month), x.Contracts, x.Licences})
	}
	return out
}

type reportQuery struct {
	From string `query:"from" format:"date" doc:"first day, in the operator's zone; without it the last twelve months"`
	To   string `query:"to" format:"date" doc:"last day"`
}

// period reads the days of the address; what is no day, or ends before it begins, is
// fault.Invalid.
func (q reportQuery) period(today calendar.Day) (report.Period, error) {
	out := report.Lately(today)
	var wrong fault.Fields
	for _, x := range []struct {
		name, value string
		day         *calendar.Day
	}{{"from", q.From, &out.From}, {"to", q.To, &out.To}} {
		if x.value != "" {
			d, err := calendar.Parse(x.value)
			wrong.Take("/"+x.name, err)
			*x.day = d
		}
	}
	if err := wrong.Err(); err != nil {
		return out, err
	}
	if out.To.Before(out.From) {
		wrong.Add("/to", "web_report.bad_period")
	}
	return out, wrong.Err()
}

func (a *API) reportRoutes() {
	get(a, route{path: "/operator/reports", tag: "operator/reports", id: "get-report", summary: "Durations, passes, refusals, what waits, the deposits and what ends soon"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q reportQuery) (report.Report, error) {
			if err := by.Require(access.SeeReports); err != nil {
				return report.Report{}, err
			}
			p, err := policy.Now(ctx, tx)
			if err != nil {
				return report.Report{}, err
			}
			period, err := q.period(p.Today(tx.Now()))
			if err != nil {
				return report.Report{}, err
			}
			return report.Make(ctx, tx, by, period)
		}, viewReport)
}
