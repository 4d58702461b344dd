package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Shelve puts an approved product on the shelf again; a gate that is not met is
// fault.Conflict with what is missing. Rules S-1, O-8.
func Shelve(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	p, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
		return Product{}, err
	}
	if _, err := p.Status.Next(ActShelve); err != nil {
		return Product{}, err
	}
	if err := may(ctx, tx, p, policy.Shelve); err != nil {
		return Product{}, err
	}
	return p, p.shelve(ctx, tx, by)
}

// shelve moves the product and writes what buyers see.
func (p *Product) shelve(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := p.move(ctx, tx, ActShelve, func(p *Product) { p.ShelvedAt, p.OffCause = tx.Now(), "" }); err != nil {
		return err
	}
	if err := p.show(ctx, tx); err != nil {
		return err
	}
	return Shelved.Append(ctx, tx, by, p.about(), p.named())
}

// show writes what buyers see.
func (p Product) show(ctx context.Context, tx *db.Tx) error {
	v, err := vendor.Load(ctx, tx, p.VendorID)
	if err != nil {
		return err
	}
	if err := catalog.PutShop(ctx, tx, shopOf(v)); err != nil {
		return err
	}
	return catalog.Put(ctx, tx, p.page(v))
}

// shelveIfMet puts an approved product on the shelf if every gate is met and
// leaves it approved otherwise. Rule S-3.
func (p *Product) shelveIfMet(ctx context.Context, tx *db.Tx, by access.Actor) error {
	lacks, err := missing(may(ctx, tx, *p, policy.Shelve))
	if err != nil || lacks {
		return err
	}
	return p.shelve(ctx, tx, by)
}

// Unshelve takes a product off the shelf for its vendor, who may put it back. Rule S-1.
func Unshelve(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Product, error) {
	p, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Product{}, err
	}
	if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
		return Product{}, err
	}
	if err := p.move(ctx, tx, ActUnshelve, nil); err != nil {
		return Product{}, err
	}
	if err := catalog.Remove(ctx, tx, p.ID); err != nil {
		return Product{}, err
	}
	return p, Unshelved.Append(ctx, tx, by, p.about(), p.named())
}

// ReviewWaiting is what happens when a deposit is confirmed: the vendor's products
// that waited for it are queued for review, and those approved meanwhile go on the
// shelf. Rules O-7, S-3.
func ReviewWaiting(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	if e.VendorID == "" {
		return nil
	}
	if err := vendor.Lock(ctx, tx, e.VendorID); err != nil {
		return err
	}
	all, err := db.All(ctx, tx, (*Product).fields, `
		SELECT `+columns+` FROM product WHERE vendor_id = $1 AND status IN ($2, $3) ORDER BY id`,
		e.VendorID, string(Waiting), string(Approved))
	if err != nil {
		return err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.Status == Approved {
			if err := p.shelveIfMet(ctx, tx, by); err != nil {
				return err
			}
			continue
		}
		waits, err := missing(may(ctx, tx, p, policy.ReviewProduct))
		if err != nil {
			return err
		}
		if waits {
			continue // of a category that this deposit does not cover
		}
		if err := p.move(ctx, tx, ActQueue, func(p *Product) { p.queue(pol, tx.Now()) }); err != nil {
			return err
		}
		if err := Queued.Append(ctx, tx, by, p.about(), p.named()); err != nil {
			return err
		}
	}
	return nil
}

// RefreshShop writes a vendor's shop anew after its profile changed; a vendor that
// has none yet gets none.
func RefreshShop(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	sells, err := db.Exists(ctx, tx, `SELECT 1 FROM product WHERE vendor_id = $1 AND status = $2`, e.VendorID, string(OnShelf))
	if err != nil || !sells {
		return err
	}
	v, err := vendor.Load(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	return catalog.PutShop(ctx, tx, shopOf(v))
}
