package contract

import (
	"context"
	"errors"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Ending says that a vendor's contract ends for good.
type Ending struct {
	VendorID string
	Reason   string // as it is recorded; never shown to others
}

// Finished records that a contract ended without another in its place; its subject
// is the contract's id.
var Finished = event.Kind[event.None]{Name: "contract.ended"}

// End ends what is signed of a vendor's contracts, in term or out of it, and takes
// back an offer that lies before it. Without any it does nothing. From then on the
// need of a contract is not met (O-8). It is called by the exit. Rules.
func End(ctx context.Context, tx *db.Tx, by access.Actor, in Ending) error {
	if err := by.Require(access.EndContracts); err != nil {
		return err
	}
	if err := vendor.Lock(ctx, tx, in.VendorID); err != nil {
		return err
	}
	live, err := all(ctx, tx, `WHERE vendor_id = $1 AND status IN ('preparing', 'offered', 'scanned', 'signed') ORDER BY id`, in.VendorID)
	if err != nil {
		return err
	}
	for _, c := range live {
		act, kind := ActWithdraw, Withdrawn
		if c.Status == InForce {
			act, kind = ActEnd, Finished
		}
		if err := c.end(ctx, tx, by, act, in.Reason); err != nil {
			return err
		}
		if err := kind.Append(ctx, tx, by, c.about(), event.None{}); err != nil {
			return err
		}
	}
	return errors.Join(release(ctx, tx, in.VendorID), wait(ctx, tx, in.VendorID))
}

// RunOut lists the signed contracts whose term is over and which no signed contract
// continues, for the clock that ends a cooperation. Rule X-1.
func RunOut(ctx context.Context, tx *db.Tx, now time.Time) ([]Contract, error) {
	return all(ctx, tx, `
		WHERE status = 'signed' AND until < $1
		AND NOT EXISTS (SELECT 1 FROM contract next WHERE next.renews = contract.id AND next.status = 'signed')
		ORDER BY id LIMIT 1000`, now)
}
