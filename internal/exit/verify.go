package exit

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
)

// Verify checks that a vendor that left holds nothing any more and returns how many
// exits there are and what is wrong, in words for the operator. What came in after
// the exit stands as overpaid until it is decided on. Rules D-10 and X-3.
func Verify(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	if checked, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM exit`); err != nil {
		return 0, nil, err
	}
	type held struct {
		vendor string
		fen    int64
	}
	err = db.Each(ctx, tx, func(h *held) []any { return []any{&h.vendor, &h.fen} }, func(h held) error {
		wrong = append(wrong, fmt.Sprintf("exit: the vendor %s has left, and %d fen of its deposit are held", h.vendor, h.fen))
		return nil
	}, `SELECT v.id, b.fen FROM vendor v JOIN ledger_balance b ON b.account = $1 || v.id
		WHERE v.parting IN ('left', 'evicted') AND b.fen <> 0 ORDER BY v.id`, ledger.Deposits)
	if err != nil {
		return checked, wrong, err
	}
	err = db.Each(ctx, tx, db.Value[string], func(id string) error {
		wrong = append(wrong, fmt.Sprintf("exit: the vendor %s has left, and a product of it is on the shelf", id))
		return nil
	}, `SELECT DISTINCT v.id FROM vendor v JOIN product p ON p.vendor_id = v.id WHERE v.parting <> '' AND p.status = 'on_shelf' ORDER BY v.id`)
	return checked, wrong, err
}
