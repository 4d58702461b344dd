package vendor

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Parting is whether a vendor is on its way out.
type Parting string

// The partings.
const (
	Stays   Parting = ""
	Leaving Parting = "leaving" // its products are off the shelf; the deposit is not returned yet
	Left    Parting = "left"    // in peace: it may apply again
	Evicted Parting = "evicted" // it may not, until the bar is lifted
)

// Label is the parting's word for people.
func (p Parting) Label() text.Key { return text.Key("vendor.parting_" + string(p)) }

// PartingOf reads whether a vendor is on its way out; none is fault.NotFound.
func PartingOf(ctx context.Context, tx *db.Tx, id string) (Parting, error) {
	return db.One(ctx, tx, db.Value[Parting], `SELECT parting FROM vendor WHERE id = $1`, id)
}

// Part notes that a vendor is leaving, has left or stays after all. It is called by
// the exit alone, which has locked the vendor; another state than the one given is
// fault.Conflict.
func Part(ctx context.Context, tx *db.Tx, id string, was, is Parting) error {
	return tx.Move(ctx, `UPDATE vendor SET parting = $1 WHERE id = $2 AND parting = $3`, string(is), id, string(was))
}

// ComeBack lets a vendor that left in peace apply again; one that is leaving and
// one that was evicted are fault.Conflict. Who stays, stays. Rule X-1.
func ComeBack(ctx context.Context, tx *db.Tx, id string) error {
	p, err := PartingOf(ctx, tx, id)
	if err != nil {
		return err
	}
	switch p {
	case Leaving:
		return fault.New(fault.Conflict, "vendor.is_leaving").Of("X-1")
	case Evicted:
		return fault.New(fault.Conflict, "vendor.was_evicted").Of("X-1")
	case Left:
		return Part(ctx, tx, id, Left, Stays)
	}
	return nil
}
