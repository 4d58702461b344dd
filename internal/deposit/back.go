package deposit

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
)

// PapersBack lists the receipts that a vendor still holds on paper: the paper was
// sent, has not come back to the operator, and no sealed statement of its loss was
// accepted. None is what the return of the deposit waits for. Rules D-8 and D-10.
func PapersBack(ctx context.Context, tx *db.Tx, vendorID string) ([]Receipt, error) {
	rows, err := db.All(ctx, tx, (*storedReceipt).fields, `
		SELECT `+receiptColumns+` FROM deposit_receipt
		WHERE vendor_id = $1
		AND id IN (SELECT receipt_id FROM receipt_parcel WHERE vendor_id = $1 AND status IN ('sent', 'arrived'))
		AND id NOT IN (SELECT receipt_id FROM receipt_back WHERE vendor_id = $1 AND status = 'accepted')
		ORDER BY id`, vendorID)
	return openReceipts(tx, rows, err)
}
