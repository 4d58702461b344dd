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

// ShopClosed is the cause of a product that left the shelf with the whole shop,
// since the deposit was not topped up in time (D-11): it returns with the shop.
const ShopClosed Cause = "shop_closed"

// CameBack is a product that returned to the shelf with its shop; who told the
// vendor of the shop need not tell of each product.
var CameBack = event.Kind[Named]{Name: "product.came_back"}

// CloseShop takes all products of a vendor off the shelf because its shop is closed
// and tells buyers so. The vendor's row must be locked. Rule D-11.
func CloseShop(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) error {
	if by.Kind != access.System && by.Kind != access.Command {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	all, err := db.All(ctx, tx, (*Product).fields, `
		SELECT `+columns+` FROM product WHERE vendor_id = $1 AND status = $2 ORDER BY id`, vendorID, string(OnShelf))
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := p.unshelveFor(ctx, tx, by, ShopClosed); err != nil {
			return err
		}
	}
	return catalog.CloseShop(ctx, tx, vendorID, true)
}

// ReopenShop is what happens when a closed shop opens again: the products that left
// the shelf with it return, but for those that were taken off by hand meanwhile or
// lack something else. A shop that was closed anew stays so. Rule D-11.
func ReopenShop(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	if by.Kind != access.System && by.Kind != access.Command {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := vendor.Lock(ctx, tx, e.VendorID); err != nil {
		return err
	}
	f, err := onboarding.Load(ctx, tx, e.VendorID)
	if err != nil || f.ShopClosed {
		return err
	}
	if err := catalog.CloseShop(ctx, tx, e.VendorID, false); err != nil {
		return err
	}
	all, err := db.All(ctx, tx, (*Product).fields, `
		SELECT `+columns+` FROM product WHERE vendor_id = $1 AND status = $2 AND off_cause = $3 ORDER BY id`,
		e.VendorID, string(OffShelf), string(ShopClosed))
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

// KeepOff says of a product that left the shelf with the closed shop that it is not
// to return with it; any other is fault.Conflict.
func KeepOff(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	p, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
		return Product{}, err
	}
	if p.Status != OffShelf || p.OffCause != ShopClosed {
		return Product{}, fault.New(fault.Conflict, "fault.wrong_state", p.Status.Name(), ActUnshelve.Name()).Of("S-1")
	}
	was, revision := p.Status, p.Revision
	p.OffCause, p.ChangedAt = "", tx.Now()
	if err := save(ctx, tx, p, was, revision); err != nil {
		return Product{}, err
	}
	return p, Unshelved.Append(ctx, tx, by, p.about(), p.named())
}
