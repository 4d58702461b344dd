// Package report reads across the nouns for those who look from above: what
// waits in each queue and for how long, how far vendors have come, how much
// deposit is held. It only reads, and decides nothing.
package report

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// Queue is what waits for one kind of staff.
type Queue struct {
	Name   string    // applications, contracts, deposits, products
	Count  int64     // at most about db.Most
	Late   int64     // past the promised time
	Oldest time.Time // since when the longest waits; zero where none does
	Hours  int       // promised
}

// Reached is how many vendors have come to a point of the story or further.
type Reached struct {
	Name  string // registered, applied, qualified, contracted, paid, selling
	Count int64
}

// Overview is the first page of the office.
type Overview struct {
	Totals
	Queues   []Queue
	Others   map[string]int // what waits without a promised time: mail, violations, payouts, exits, changes
	Failed   int            // messages that failed for good
	DeadJobs int64
}

// Office reads the overview for staff.
func Office(ctx context.Context, tx *db.Tx, by access.Actor, kept *Kept) (Overview, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return Overview{}, err
	}
	var o Overview
	var err error
	if o.Queues, err = queues(ctx, tx, by); err != nil {
		return o, err
	}
	o.Others = make(map[string]int, len(others))
	for name, count := range others {
		if o.Others[name], err = count(ctx, tx); err != nil {
			return o, err
		}
	}
	if o.Totals, err = kept.Totals(ctx, tx, by); err != nil {
		return o, err
	}
	if o.Failed, err = notify.FailedCount(ctx, tx); err != nil {
		return o, err
	}
	o.DeadJobs, err = job.DeadCount(ctx, tx)
	return o, err
}

func queues(ctx context.Context, tx *db.Tx, by access.Actor) ([]Queue, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return nil, err
	}
	a, err := qualification.Queue(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	c, err := contract.Queue(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	d, err := deposit.Waits(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	n, since, err := product.Queue(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	late := func(since time.Time, hours int) int64 {
		if !since.IsZero() && tx.Now().After(since.Add(time.Duration(hours)*time.Hour)) {
			return 1 // at least the oldest
		}
		return 0
	}
	return []Queue{
		{"applications", a.Count, a.Late, a.Oldest, p.Promise.Review},
		{"contracts", c.Count, c.Late, c.Oldest, p.Promise.Contract},
		{"deposits", int64(d.Count), late(d.Oldest.PresentedAt, p.Promise.Deposit), d.Oldest.PresentedAt, p.Promise.Deposit},
		{"products", n, late(since, p.Promise.ProductReview), since, p.Promise.ProductReview},
	}, nil
}

// funnel counts vendors by facts, each on its own: who sells has also paid.
func funnel(ctx context.Context, tx *db.Tx) ([]Reached, error) {
	steps := []struct{ name, query string }{
		{"registered", `SELECT COUNT(*) FROM account WHERE kind = 'member' AND verified_at IS NOT NULL`},
		{"applied", `SELECT COUNT(DISTINCT vendor_id) FROM submission`},
		{"qualified", `SELECT COUNT(DISTINCT vendor_id) FROM qualification WHERE status = 'approved'`},
		{"contracted", `SELECT COUNT(DISTINCT vendor_id) FROM contract WHERE status = 'signed'`},
		{"paid", `SELECT COUNT(DISTINCT vendor_id) FROM deposit_cover`},
		{"selling", `SELECT COUNT(DISTINCT vendor_id) FROM product WHERE status = 'on_shelf'`},
	}
	out := make([]Reached, len(steps))
	for i, s := range steps {
		n, err := db.One(ctx, tx, db.Value[int64], s.query)
		if err != nil {
			return nil, err
		}
		out[i] = Reached{s.name, n}
	}
	return out, nil
}

// others are queues without a promised time, by their name in the office.
var others = map[string]func(ctx context.Context, tx *db.Tx) (int, error){
	"mail": mailbox.WaitingCount, "violations": violation.WaitingCount, "payouts": payout.WaitingCount, "exits": exit.WaitingCount, "changes": amendment.WaitingCount,
}

// Waiting is the numbers beside the office's navigation, by its keys.
func Waiting(ctx context.Context, tx *db.Tx, by access.Actor) (map[string]int, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return nil, err
	}
	qs, err := queues(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	out := map[string]int{"applications": int(qs[0].Count), "contracts": int(qs[1].Count), "deposits": int(qs[2].Count), "products": int(qs[3].Count)}
	lines, err := db.CappedEach(ctx, tx, `FROM bank_line WHERE state =`, []payment.State{payment.Certain, payment.Doubtful})
	if err != nil {
		return nil, err
	}
	out["bank-lines"] = lines[payment.Certain] + lines[payment.Doubtful]
	if out["policy"], err = policy.WaitingCount(ctx, tx); err != nil {
		return nil, err
	}
	for name, count := range others {
		if out[name], err = count(ctx, tx); err != nil {
			return nil, err
		}
	}
	if out["messages"], err = notify.FailedCount(ctx, tx); err != nil {
		return nil, err
	}
	dead, err := job.DeadCount(ctx, tx)
	out["jobs"] = int(dead)
	return out, err
}
