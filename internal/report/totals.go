package report

import (
	"context"
	"sync"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/product"
)

// Totals are the figures of the overview that take reading whole tables.
type Totals struct {
	Held    money.Amount // deposits held of all vendors
	Due     money.Amount // asked for and not yet received
	Funnel  []Reached
	OnShelf int64     // products
	At      time.Time // when they were counted
}

// Kept keeps the totals of a large marketplace for a moment, so that not every look
// at the overview counts them; the zero value is ready. With few companies they are
// counted each time.
type Kept struct {
	counting sync.Mutex // held by the one who counts
	mu       sync.Mutex // guards last
	last     Totals
}

// What is kept, from how many registered companies on and for how long.
const (
	largeMarketplace = 5000
	keptFor          = time.Minute
)

// fresh is what was counted last, with whether it may still be shown at a moment.
func (k *Kept) fresh(now time.Time) (Totals, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	large := len(k.last.Funnel) > 0 && k.last.Funnel[0].Count >= largeMarketplace
	age := now.Sub(k.last.At)
	return k.last, large && age >= 0 && age < keptFor
}

// Totals reads the totals. While one reader counts them anew, others of a large
// marketplace are shown the last.
func (k *Kept) Totals(ctx context.Context, tx *db.Tx, by access.Actor) (Totals, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return Totals{}, err
	}
	last, fresh := k.fresh(tx.Now())
	if fresh {
		return last, nil
	}
	if !k.counting.TryLock() {
		if len(last.Funnel) > 0 && last.Funnel[0].Count >= largeMarketplace {
			return last, nil
		}
		return count(ctx, tx, by)
	}
	defer k.counting.Unlock()
	t, err := count(ctx, tx, by)
	if err != nil {
		return t, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.last = t
	return t, nil
}

func count(ctx context.Context, tx *db.Tx, by access.Actor) (Totals, error) {
	t := Totals{At: tx.Now()}
	var err error
	if t.Held, err = deposit.Total(ctx, tx, by); err != nil {
		return t, err
	}
	due, err := db.One(ctx, tx, db.Value[int64], `SELECT CAST(COALESCE(SUM(due_fen), 0) AS BIGINT) FROM deposit`)
	if err != nil {
		return t, err
	}
	t.Due = money.CNY(due)
	if t.Funnel, err = funnel(ctx, tx); err != nil {
		return t, err
	}
	t.OnShelf, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM product WHERE status = $1`, string(product.OnShelf))
	return t, err
}
