package qualification

import (
	"context"
	"errors"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Lapsed records that a vendor's categories ended with its cooperation; the subject
// is the vendor.
var Lapsed = event.Kind[event.None]{Name: "application.lapsed"}

// End ends every category of a vendor whose cooperation ends, and takes an
// application back that lies before the reviewers. What was decided stays on record;
// who comes back applies anew. It is called by the exit. Rules.
func End(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) error {
	if err := by.Require(access.EndContracts); err != nil {
		return err
	}
	if err := vendor.Lock(ctx, tx, vendorID); err != nil {
		return err
	}
	standings, err := Standings(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	for _, s := range standings {
		act := EndCategory
		if s.Status == Applied || s.Status == Returned {
			act = Withdraw
		}
		if s.Status == Refused || s.Status == Withdrawn || s.Status == CategoryEnded {
			continue
		}
		if _, err := put(ctx, tx, vendorID, s.Submission, s, act); err != nil {
			return err
		}
	}
	r, err := byVendor(ctx, tx, vendorID)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := AwaitContract(ctx, tx, vendorID, time.Time{}); err != nil {
		return err
	}
	to := r
	if to.status, err = r.status.Next(ActTakeBack); err == nil {
		if err := settle(ctx, tx, r.submission, OutcomeTakenBack, by.ID, nil); err != nil {
			return err
		}
		to.submittedAt, to.promisedBy, to.holder, to.heldSince = time.Time{}, time.Time{}, "", time.Time{}
		if err := r.move(ctx, tx, to); err != nil {
			return err
		}
	}
	return Lapsed.Append(ctx, tx, by, event.About{Subject: vendorID, VendorID: vendorID}, event.None{})
}
