package deposit

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Address is where a vendor has its papers sent. Rule D-8.
type Address struct {
	ID       string
	VendorID string
	Courier
	Default bool
	MadeAt  time.Time
}

// Masked hides what only who sends the papers needs.
func (c Courier) Masked() Courier {
	return Courier{Address: vault.Mask(c.Address, 6, 0), Recipient: vault.Mask(c.Recipient, 1, 0), Phone: vault.MaskPhone(c.Phone)}
}

// AddressPaper is an address as a person states it.
type AddressPaper struct {
	Address   string `json:"address"`
	Recipient string `json:"recipient"`
	Phone     string `json:"phone"`
	Default   bool   `json:"default"`
}

// Events of the address book; the subject is the address.
var (
	AddressKept    = event.Kind[event.None]{Name: "courier_address.kept"}
	AddressRemoved = event.Kind[event.None]{Name: "courier_address.removed"}
)

// courier reads the three fields of an address, each required and printable. Rule D-8.
func courier(f *fault.Fields, rule string, at [3]string, missing text.Key, in Courier) Courier {
	var c Courier
	c.Address = words(f, rule, at[0], missing, in.Address, 200)
	c.Recipient = words(f, rule, at[1], missing, in.Recipient, 50)
	if strings.TrimSpace(in.Phone) == "" {
		f.AddRule(rule, at[2], missing)
		return c
	}
	phone, err := cn.ParsePhone(in.Phone)
	if mobile, bad := cn.ParseMobile(in.Phone); bad == nil {
		phone, err = string(mobile), nil
	}
	f.Take(at[2], err)
	c.Phone = phone
	return c
}

// KeepAddress adds an address to the vendor's book; the first one is the default.
// What is wrong with it is fault.Invalid, more than policy allows fault.Conflict.
func KeepAddress(ctx context.Context, tx *db.Tx, by access.Actor, in AddressPaper) (Address, error) {
	if err := by.OwnsVendor(by.VendorID, access.PayDeposit); err != nil {
		return Address{}, err
	}
	var f fault.Fields
	c := courier(&f, "D-8", [3]string{"/address", "/recipient", "/phone"}, "deposit.address_required", Courier{in.Address, in.Recipient, in.Phone})
	if err := f.Err(); err != nil {
		return Address{}, err
	}
	if err := vendor.Lock(ctx, tx, by.VendorID); err != nil {
		return Address{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Address{}, err
	}
	have, err := addressesOf(ctx, tx, by.VendorID)
	if err != nil {
		return Address{}, err
	}
	if len(have) >= p.Deposits.Addresses {
		return Address{}, fault.New(fault.Conflict, "deposit.addresses_full", p.Deposits.Addresses).Of("D-8")
	}
	a := Address{ID: tx.NewID("adr"), VendorID: by.VendorID, Courier: c, Default: in.Default || len(have) == 0, MadeAt: tx.Now()}
	if a.Default {
		if err := unchoose(ctx, tx, a.VendorID); err != nil {
			return Address{}, err
		}
	}
	sealed, err := seal(tx, addressPlace(a.ID), a.Courier)
	if err != nil {
		return Address{}, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO courier_address (id, vendor_id, sealed, chosen, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		a.ID, a.VendorID, sealed, a.Default, by.ID, a.MadeAt)
	if err != nil {
		return Address{}, err
	}
	return a, AddressKept.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{})
}

func unchoose(ctx context.Context, tx *db.Tx, vendorID string) error {
	_, err := tx.Exec(ctx, `UPDATE courier_address SET chosen = $1 WHERE vendor_id = $2 AND chosen = $3`, false, vendorID, true)
	return err
}

// ChooseAddress makes a kept address the default.
func ChooseAddress(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Address, error) {
	a, err := ownAddress(ctx, tx, by, in.ID)
	if err != nil || a.Default {
		return a, err
	}
	if err := unchoose(ctx, tx, a.VendorID); err != nil {
		return Address{}, err
	}
	if err := tx.Move(ctx, `UPDATE courier_address SET chosen = $1 WHERE id = $2 AND removed_at IS NULL`, true, a.ID); err != nil {
		return Address{}, err
	}
	a.Default = true
	return a, AddressKept.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{})
}

// RemoveAddress takes an address out of the book; what was sent to it keeps it. Where
// it was the default, the newest of the others is.
func RemoveAddress(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) error {
	a, err := ownAddress(ctx, tx, by, in.ID)
	if err != nil {
		return err
	}
	if err := tx.Move(ctx, `UPDATE courier_address SET removed_at = $1, chosen = $2 WHERE id = $3 AND removed_at IS NULL`, tx.Now(), false, a.ID); err != nil {
		return err
	}
	if a.Default {
		_, err := tx.Exec(ctx, `
			UPDATE courier_address SET chosen = $1
			WHERE id = (SELECT MAX(id) FROM courier_address WHERE vendor_id = $2 AND removed_at IS NULL)`, true, a.VendorID)
		if err != nil {
			return err
		}
	}
	return AddressRemoved.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{})
}

// Addresses lists a vendor's addresses for its own people, the default first.
func Addresses(ctx context.Context, tx *db.Tx, by access.Actor) ([]Address, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return nil, err
	}
	return addressesOf(ctx, tx, by.VendorID)
}

func ownAddress(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Address, error) {
	if err := by.OwnsVendor(by.VendorID, access.PayDeposit); err != nil {
		return Address{}, err
	}
	if err := vendor.Lock(ctx, tx, by.VendorID); err != nil {
		return Address{}, err
	}
	all, err := addressesOf(ctx, tx, by.VendorID)
	for _, a := range all {
		if a.ID == id {
			return a, err
		}
	}
	if err == nil {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return Address{}, err
}

type storedAddress struct {
	Address
	sealed string
}

func (a *storedAddress) fields() []any {
	return []any{&a.ID, &a.VendorID, &a.sealed, &a.Default, db.Time(&a.MadeAt)}
}

func addressPlace(id string) string { return "courier_address.sealed:" + id }

func addressesOf(ctx context.Context, tx *db.Tx, vendorID string) ([]Address, error) {
	rows, err := db.All(ctx, tx, (*storedAddress).fields, `
		SELECT id, vendor_id, sealed, chosen, made_at FROM courier_address
		WHERE vendor_id = $1 AND removed_at IS NULL ORDER BY CASE WHEN chosen THEN 0 ELSE 1 END, id DESC`, vendorID)
	if err != nil {
		return nil, err
	}
	out := make([]Address, len(rows))
	for i, r := range rows {
		out[i] = r.Address
		if err := unseal(tx, addressPlace(r.ID), r.sealed, &out[i].Courier); err != nil {
			return nil, err
		}
	}
	return out, nil
}
