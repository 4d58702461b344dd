package deposit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Clock is a vendor's top-up that runs or is overdue.
type Clock struct {
	VendorID   string
	VendorName string
	Open       money.Amount // to be topped up after deductions
	Due        money.Amount // asked for in all
	By         time.Time
	ClosedAt   time.Time // zero while the shop is open
	YearKnown  bool      // the calendar of working days knows the year of By
}

// Clocks lists the top-ups that run, those due first before the others, for staff
// who see money. Rule D-11.
func Clocks(ctx context.Context, tx *db.Tx, by access.Actor) ([]Clock, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return nil, err
	}
	all, err := db.All(ctx, tx, func(c *Clock) []any {
		c.Open.Currency, c.Due.Currency = money.Yuan, money.Yuan
		return []any{&c.VendorID, &c.Open.Fen, &c.Due.Fen, db.Time(&c.By), db.Time(&c.ClosedAt)}
	}, `
		SELECT d.vendor_id, (SELECT CAST(COALESCE(SUM(x.open_fen), 0) AS BIGINT) FROM deposit_deduction x WHERE x.vendor_id = d.vendor_id), d.due_fen, d.top_up_by, d.closed_at
		FROM deposit d WHERE d.top_up_by IS NOT NULL ORDER BY d.top_up_by, d.vendor_id LIMIT 200`)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var ids []string
	for _, c := range all {
		ids = append(ids, c.VendorID)
	}
	names, err := vendor.Names(ctx, tx, ids)
	for i := range all {
		all[i].VendorName, all[i].YearKnown = names[all[i].VendorID], p.KnowsYear(p.Today(all[i].By).Year)
	}
	return all, err
}
