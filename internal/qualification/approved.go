package qualification

import (
	"context"
	"errors"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Approval is a category a vendor is qualified for.
type Approval struct {
	Category policy.CategoryID
	At       time.Time
}

func (a *Approval) fields() []any { return []any{&a.Category, db.Time(&a.At)} }

// Approved lists the categories a vendor is qualified for, in the order in which
// they were approved.
func Approved(ctx context.Context, tx *db.Tx, vendorID string) ([]Approval, error) {
	return db.All(ctx, tx, (*Approval).fields, `
		SELECT category, approved_at FROM qualification
		WHERE vendor_id = $1 AND status = 'approved' ORDER BY approved_at, category`, vendorID)
}

// Mode is the cooperation mode of a vendor's last approval, which the contract then
// fixes; fault.NotFound before the first. Rule M-4.
func Mode(ctx context.Context, tx *db.Tx, vendorID string) (policy.Mode, error) {
	r, err := byVendor(ctx, tx, vendorID)
	if err == nil && r.mode == "" {
		return "", fault.New(fault.NotFound, "fault.not_found")
	}
	return r.mode, err
}

// AwaitContract notes since when a vendor waits for a contract: the moment may lie
// ahead, as the end of a term, and zero is that it does not. Package contract keeps
// it with every contract and reads its queue in this order.
func AwaitContract(ctx context.Context, tx *db.Tx, vendorID string, since time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE application SET contract_since = $1 WHERE vendor_id = $2`, since, vendorID)
	return err
}

// Current is a vendor's application for other nouns and for messages: its status,
// what is missing and what was last told; before the first save it is an empty draft.
func Current(ctx context.Context, tx *db.Tx, vendorID string) (View, error) {
	r, err := byVendor(ctx, tx, vendorID)
	if errors.Is(err, fault.NotFound) {
		return viewOf(ctx, tx, record{vendorID: vendorID, status: Draft}, Application{}, nil)
	}
	if err != nil {
		return View{}, err
	}
	return view(ctx, tx, r)
}
