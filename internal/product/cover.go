package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Uncovered is the cause of a product that left the shelf because its category is
// not covered any more (D-3): it returns by itself when it is.
const Uncovered Cause = "uncovered"

// TakeUncovered is what happens when categories are not covered any more: their
// products leave the shelf, those of other categories stay. Rule D-3.
func TakeUncovered(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	all, err := shelved(ctx, tx, e.VendorID, `status = $2`, string(OnShelf))
	if err != nil {
		return err
	}
	for _, p := range all {
		lacks, err := missing(may(ctx, tx, p, policy.Shelve))
		if err != nil {
			return err
		}
		if !lacks {
			continue
		}
		if err := p.unshelveFor(ctx, tx, by, Uncovered); err != nil {
			return err
		}
	}
	return nil
}

// ReturnCovered is what happens when more of a deposit is held: the products that
// left the shelf because their category was not covered return, but for those that
// lack something else. Rule D-3.
func ReturnCovered(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	all, err := shelved(ctx, tx, e.VendorID, `status = $2 AND off_cause = $3`, string(OffShelf), string(Uncovered))
	if err != nil {
		return err
	}
	for _, p := range all {
		lacks, err := missing(may(ctx, tx, p, policy.Shelve))
		if err != nil {
			return err
		}
		if lacks {
			continue
		}
		if err := p.move(ctx, tx, ActShelve, func(p *Product) { p.OffCause = "" }); err != nil {
			return err
		}
		if err := p.show(ctx, tx); err != nil {
			return err
		}
		if err := CameBack.Append(ctx, tx, by, p.about(), p.named()); err != nil {
			return err
		}
	}
	return nil
}

// shelved reads a vendor's products by a condition, with the vendor locked.
func shelved(ctx context.Context, tx *db.Tx, vendorID, which string, args ...any) ([]Product, error) {
	if err := vendor.Lock(ctx, tx, vendorID); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Product).fields, `SELECT `+columns+` FROM product WHERE vendor_id = $1 AND `+which+` ORDER BY id`, append([]any{vendorID}, args...)...)
}
