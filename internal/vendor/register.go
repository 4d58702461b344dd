package vendor

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Register makes a vendor of which the actor becomes the owner (服务商入驻); a
// second time it returns the same one. Staff and visitors are refused. Rule O-2.
func Register(ctx context.Context, tx *db.Tx, by access.Actor) (Vendor, error) {
	if err := by.SignedIn(); err != nil {
		return Vendor{}, err
	}
	if by.Kind != access.Member {
		return Vendor{}, fault.New(fault.Forbidden, "vendor.only_members")
	}
	if by.VendorID != "" {
		return Load(ctx, tx, by.VendorID)
	}
	person, err := account.Load(ctx, tx, by.ID)
	if err != nil {
		return Vendor{}, err
	}
	if person.VendorID != "" { // pressed twice, in two windows
		return Load(ctx, tx, person.VendorID)
	}
	id := tx.NewID("ven")
	by.VendorID, by.Roles = id, []access.Role{access.Owner}
	if err := by.OwnsVendor(id, access.Apply); err != nil { // an API key's scopes
		return Vendor{}, err
	}
	// Pressed twice at once, the second waits here and is run again by db.Write.
	if err := tx.Move(ctx, `INSERT INTO vendor (id, made_by, made_at) VALUES ($1, $2, $3) ON CONFLICT (made_by) DO NOTHING`,
		id, by.ID, tx.Now()); err != nil {
		return Vendor{}, err
	}
	if err := account.Join(ctx, tx, by.ID, id, access.Owner); err != nil {
		return Vendor{}, err
	}
	if err := Registered.Append(ctx, tx, by, event.About{Subject: id, VendorID: id}, event.None{}); err != nil {
		return Vendor{}, err
	}
	return Load(ctx, tx, id)
}

// Claim takes a credit code for a vendor that submits its application, so that no
// other can: one that belongs to another vendor is an Invalid field "/company/uscc".
// The name is shown to staff until a profile is approved. Rule E-1.
func Claim(ctx context.Context, tx *db.Tx, vendorID string, uscc cn.USCC, name string) error {
	barred, err := Barred(ctx, tx, uscc)
	if err != nil {
		return err
	}
	if barred {
		return USCCBarred()
	}
	taken, err := Taken(ctx, tx, vendorID, uscc)
	if err != nil {
		return err
	}
	if taken {
		return USCCTaken()
	}
	_, err = tx.Exec(ctx, `
		UPDATE vendor SET
			uscc = $1,
			name = CASE WHEN company = '' THEN $2 ELSE name END,
			name_key = CASE WHEN company = '' THEN $3 ELSE name_key END
		WHERE id = $4`, string(uscc), name, cn.NameKey(name), vendorID)
	if db.IsUnique(err) {
		return USCCTaken()
	}
	return err
}

// USCCTaken is the fault of a credit code that another vendor has.
func USCCTaken() *fault.Error {
	e := fault.At("/company/uscc", "vendor.uscc_taken")
	e.Fields[0].Rule = "E-1"
	return e
}

// Taken reports whether another vendor has the credit code.
func Taken(ctx context.Context, tx *db.Tx, vendorID string, uscc cn.USCC) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM vendor WHERE uscc = $1 AND id <> $2`, string(uscc), vendorID)
}

// Free gives the credit code back where no application is under way: to the one of
// the approved profile, or to none.
func Free(ctx context.Context, tx *db.Tx, vendorID string) error {
	v, err := Load(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE vendor SET uscc = $1 WHERE id = $2`, db.OrNull(v.Company.USCC), vendorID)
	return err
}
