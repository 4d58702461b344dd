package report

import (
	"context"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
)

// Period is the days that a report is over, both included.
type Period struct{ From, To calendar.Day }

// Duration is how long one step took in a month: the things that ended in it.
type Duration struct {
	Month            calendar.Day // its first day
	Step             string       // by name, as steps lists them
	Count            int
	Median, P90      time.Duration // of the clock
	Worked, Worked90 time.Duration // of working days alone
}

// Pass is how many first submissions of a month passed at once.
type Pass struct {
	Month           calendar.Day
	Decided, Passed int64
}

// Age is how many of a queue have waited how long, against the promised time.
type Age struct {
	Queue                     string
	Half, Promised, Late, Far int64 // up to half the promise, up to it, up to twice, beyond
}

// Held is the deposits' money as it stands.
type Held struct{ Held, Due, Deducted, Returning, Overpaid money.Amount }

// Expiry is how many contracts and licences end in a month.
type Expiry struct {
	Month               calendar.Day
	Contracts, Licences int64
}

// Report is everything that the reports' page shows.
type Report struct {
	Period    Period
	Durations []Duration
	Passes    []Pass
	Refusals  []Refusal
	Causes    []Cause
	Ages      []Age
	Money     Held
	Expiries  []Expiry
}

// Steps are the steps whose duration is measured, in the order of the story; each
// query gives when the thing began to wait and when it was done, $1 ≤ done < $2.
func steps() []struct{ name, query string } {
	return []struct{ name, query string }{
		{"review", `SELECT submitted_at, decided_at FROM submission WHERE decided_at >= $1 AND decided_at < $2`},
		{"offer", `SELECT (SELECT MAX(s.decided_at) FROM submission s WHERE s.vendor_id = c.vendor_id AND s.decided_at <= c.offered_at), c.offered_at
			FROM contract c WHERE c.renews = '' AND c.offered_at >= $1 AND c.offered_at < $2`},
		{"signing", `SELECT offered_at, signed_at FROM contract WHERE signed_at >= $1 AND signed_at < $2`},
		{"deposit", `SELECT presented_at, decided_at FROM deposit_voucher WHERE decided_at >= $1 AND decided_at < $2`},
		{"product", `SELECT (SELECT MAX(e.at) FROM event e WHERE e.subject = r.product_id AND e.kind IN ('product.submitted', 'product.queued') AND e.at <= r.decided_at), r.decided_at
			FROM product_review r WHERE r.revision_id = '' AND r.decided_at >= $1 AND r.decided_at < $2`},
		{"revision", `SELECT (SELECT MAX(e.at) FROM event e WHERE e.subject = r.product_id AND e.kind = 'product.change_submitted' AND e.at <= r.decided_at), r.decided_at
			FROM product_review r WHERE r.revision_id <> '' AND r.decided_at >= $1 AND r.decided_at < $2`},
		{"change", `SELECT made_at, decided_at FROM amendment WHERE decided_by <> '' AND decided_at >= $1 AND decided_at < $2`},
		{"violation", `SELECT recorded_at, decided_at FROM violation WHERE status <> 'dropped' AND decided_at >= $1 AND decided_at < $2`},
		{"appeal", `SELECT appealed_at, judged_at FROM violation WHERE judged_at >= $1 AND judged_at < $2`},
		{"top_up", `SELECT made_at, topped_up_at FROM deposit_deduction WHERE topped_up_at >= $1 AND topped_up_at < $2`},
		{"exit", `SELECT asked_at, finished_at FROM exit WHERE status = 'left' AND finished_at >= $1 AND finished_at < $2`},
		{"payout", `SELECT asked_at, paid_at FROM payout WHERE status = 'paid' AND paid_at >= $1 AND paid_at < $2`},
	}
}

// Lately is the period where none was asked for: this month and the eleven before it.
func Lately(today calendar.Day) Period {
	return Period{From: calendar.Date(today.Year, today.Month-11, 1), To: today}
}

// Make reads the whole report for staff.
func Make(ctx context.Context, tx *db.Tx, by access.Actor, period Period) (Report, error) {
	r := Report{Period: period}
	if err := by.Require(access.SeeReports); err != nil {
		return r, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return r, err
	}
	from, to := period.From.Time(p.Location()), period.To.AddDays(1).Time(p.Location())
	for _, do := range []func() error{
		func() (err error) { r.Durations, err = durations(ctx, tx, p, from, to); return err },
		func() (err error) { r.Passes, err = passes(ctx, tx, p, from, to); return err },
		func() (err error) { r.Refusals, r.Causes, err = refusals(ctx, tx, p, from, to); return err },
		func() (err error) { r.Ages, err = ages(ctx, tx, p); return err },
		func() (err error) { r.Money, err = held(ctx, tx); return err },
		func() (err error) { r.Expiries, err = expiries(ctx, tx, p); return err },
	} {
		if err := do(); err != nil {
			return r, err
		}
	}
	return r, nil
}

func monthOf(t time.Time, zone *time.Location) calendar.Day {
	d := calendar.Of(t, zone)
	return calendar.Date(d.Year, d.Month, 1)
}

func durations(ctx context.Context, tx *db.Tx, p policy.Policy, from, to time.Time) (out []Duration, err error) {
	type span struct{ from, to time.Time }
	for _, s := range steps() {
		took, worked := make(map[calendar.Day][]time.Duration), make(map[calendar.Day][]time.Duration)
		err := db.Each(ctx, tx, func(x *span) []any { return []any{db.Time(&x.from), db.Time(&x.to)} }, func(x span) error {
			if !x.from.IsZero() && !x.to.Before(x.from) {
				m := monthOf(x.to, p.Location())
				took[m] = append(took[m], x.to.Sub(x.from))
				worked[m] = append(worked[m], working(p, x.from, x.to))
			}
			return nil
		}, s.query, from, to)
		if err != nil {
			return nil, err
		}
		months := make([]calendar.Day, 0, len(took))
		for m := range took {
			months = append(months, m)
		}
		slices.SortFunc(months, calendar.Day.Compare)
		for _, m := range months {
			slices.Sort(took[m])
			slices.Sort(worked[m])
			out = append(out, Duration{Month: m, Step: s.name, Count: len(took[m]), Median: Percentile(took[m], 50), P90: Percentile(took[m], 90),
				Worked: Percentile(worked[m], 50), Worked90: Percentile(worked[m], 90)})
		}
	}
	return out, nil
}

// Percentile is the smallest of the sorted durations that n percent do not exceed;
// zero where there are none.
func Percentile(sorted []time.Duration, n int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max((len(sorted)*n+99)/100, 1)-1]
}

// working is the part of the time that falls on working days of the operator's calendar.
func working(p policy.Policy, from, to time.Time) (sum time.Duration) {
	h := p.Holidays()
	for d := p.Today(from); ; d = d.AddDays(1) {
		begin, end := d.Time(p.Location()), d.AddDays(1).Time(p.Location())
		if !begin.Before(to) {
			return sum
		}
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		if h.Working(d) {
			sum += end.Sub(begin)
		}
	}
}

func passes(ctx context.Context, tx *db.Tx, p policy.Policy, from, to time.Time) (out []Pass, err error) {
	type row struct {
		at     time.Time
		passed bool
	}
	err = db.Each(ctx, tx, func(x *row) []any { return []any{db.Time(&x.at), &x.passed} }, func(x row) error {
		m := monthOf(x.at, p.Location())
		if n := len(out); n == 0 || out[n-1].Month != m {
			out = append(out, Pass{Month: m})
		}
		last := &out[len(out)-1]
		last.Decided++
		if x.passed {
			last.Passed++
		}
		return nil
	}, `SELECT s.decided_at, EXISTS (SELECT 1 FROM qualification q WHERE q.submission_id = s.id AND q.approved_at IS NOT NULL) FROM submission s
		WHERE s.number = 1 AND s.outcome IN ($1, $2) AND s.decided_at >= $3 AND s.decided_at < $4 ORDER BY s.decided_at`, qualification.OutcomeDecided, qualification.OutcomeSentBack, from, to)
	return out, err
}

func ages(ctx context.Context, tx *db.Tx, p policy.Policy) (out []Age, err error) {
	for _, q := range []struct {
		name, column, from string
		hours              int
	}{
		{"applications", "submitted_at", `application WHERE status IN ('submitted', 'in_review')`, p.Promise.Review},
		{"contracts", "scan_at", `contract WHERE status = 'scanned'`, p.Promise.Contract},
		{"deposits", "presented_at", `deposit_voucher WHERE status = 'presented'`, p.Promise.Deposit},
		{"products", "queued_at", `product WHERE status = 'in_review'`, p.Promise.ProductReview},
		{"violations", "COALESCE(appealed_at, recorded_at)", `violation WHERE status IN ('recorded', 'appealed')`, p.Violations.DecisionHours},
		{"changes", "made_at", `amendment WHERE status IN ('submitted', 'in_review')`, p.Amendments.ReviewHours},
	} {
		promise := time.Duration(q.hours) * time.Hour
		a, err := db.One(ctx, tx, func(a *Age) []any { return []any{&a.Half, &a.Promised, &a.Late, &a.Far} }, `
			SELECT COUNT(CASE WHEN `+q.column+` > $1 THEN 1 END), COUNT(CASE WHEN `+q.column+` <= $1 AND `+q.column+` > $2 THEN 1 END),
				COUNT(CASE WHEN `+q.column+` <= $2 AND `+q.column+` > $3 THEN 1 END), COUNT(CASE WHEN `+q.column+` <= $3 THEN 1 END)
			FROM `+q.from, tx.Now().Add(-promise/2), tx.Now().Add(-promise), tx.Now().Add(-2*promise))
		if err != nil {
			return nil, err
		}
		a.Queue = q.name
		out = append(out, a)
	}
	return out, nil
}

func held(ctx context.Context, tx *db.Tx) (h Held, err error) {
	for _, x := range []struct {
		to    *money.Amount
		query string
	}{
		{&h.Held, `SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM ledger_balance WHERE account LIKE 'deposit-held:%'`},
		{&h.Overpaid, `SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM ledger_balance WHERE account LIKE 'overpaid:%'`},
		{&h.Returning, `SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM ledger_balance WHERE account LIKE 'payout:%'`},
		{&h.Deducted, `SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM ledger_balance WHERE account = 'deducted'`},
		{&h.Due, `SELECT CAST(COALESCE(SUM(due_fen), 0) AS BIGINT) FROM deposit`},
	} {
		fen, err := db.One(ctx, tx, db.Value[int64], x.query)
		if err != nil {
			return h, err
		}
		*x.to = money.CNY(fen)
	}
	return h, nil
}

// expiries counts what ends in this month and the eleven after it.
func expiries(ctx context.Context, tx *db.Tx, p policy.Policy) ([]Expiry, error) {
	first := monthOf(tx.Now(), p.Location())
	out := make([]Expiry, 12)
	for i := range out {
		out[i].Month = calendar.Date(first.Year, first.Month+time.Month(i), 1)
		next := calendar.Date(first.Year, first.Month+time.Month(i+1), 1)
		var err error
		if out[i].Contracts, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM contract WHERE status = 'signed' AND until >= $1 AND until < $2`,
			out[i].Month.Time(p.Location()), next.Time(p.Location())); err != nil {
			return nil, err
		}
		if out[i].Licences, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM vendor WHERE licence_until <> '' AND licence_until <> 'long-term' AND licence_until >= $1 AND licence_until < $2`,
			out[i].Month.String(), next.String()); err != nil {
			return nil, err
		}
	}
	return out, nil
}
