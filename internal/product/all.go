package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// VendorLeaves is the cause of a product that left the shelf because its vendor
// ends the cooperation: it returns if the vendor stays after all.
const VendorLeaves Cause = "vendor_leaves"

// UnshelveAll takes all products of a vendor off the shelf because it leaves, and
// back to drafts what waits for a review or is in one; it returns how many left the
// shelf. The vendor's row must be locked: a product that is being shelved at the
// same moment is taken off, or not shelved. Rule X-3.
func UnshelveAll(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (int, error) {
	if by.Kind != access.System && by.Kind != access.Command {
		return 0, fault.New(fault.Forbidden, "fault.forbidden")
	}
	all, err := db.All(ctx, tx, (*Product).fields, `
		SELECT `+columns+` FROM product WHERE vendor_id = $1 AND status IN ($2, $3, $4) ORDER BY id`,
		vendorID, string(OnShelf), string(Waiting), string(InReview))
	if err != nil {
		return 0, err
	}
	left := 0
	for _, p := range all {
		if err := p.sendRevisionBack(ctx, tx, by); err != nil {
			return left, err
		}
		if p.Status == OnShelf {
			if err := p.unshelveFor(ctx, tx, by, VendorLeaves); err != nil {
				return left, err
			}
			left++
			continue
		}
		if err := p.move(ctx, tx, ActTakeBack, nil); err != nil {
			return left, err
		}
		if err := TakenBack.Append(ctx, tx, by, p.about(), p.named()); err != nil {
			return left, err
		}
	}
	return left, catalog.CloseShop(ctx, tx, vendorID, true)
}

// ReshelveAll is what happens when a vendor stays after all: the products that left
// the shelf with it return, but for those that lack something meanwhile. Rule X-3.
func ReshelveAll(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	if by.Kind != access.System && by.Kind != access.Command {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := vendor.Lock(ctx, tx, e.VendorID); err != nil {
		return err
	}
	parting, err := vendor.PartingOf(ctx, tx, e.VendorID)
	if err != nil || parting != vendor.Stays {
		return err
	}
	f, err := onboarding.Load(ctx, tx, e.VendorID)
	if err != nil || f.ShopClosed { // for its deposit: it opens with that
		return err
	}
	if err := catalog.CloseShop(ctx, tx, e.VendorID, false); err != nil {
		return err
	}
	all, err := db.All(ctx, tx, (*Product).fields, `
		SELECT `+columns+` FROM product WHERE vendor_id = $1 AND status = $2 AND off_cause = $3 ORDER BY id`,
		e.VendorID, string(OffShelf), string(VendorLeaves))
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
