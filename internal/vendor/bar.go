package vendor

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Barring keeps a company out under its credit code.
type Barring struct {
	ID         string
	USCC       cn.USCC
	Name       string
	VendorID   string // that was evicted
	Reason     string // for staff
	BarredBy   string
	BarredAt   time.Time
	LiftedBy   string
	LiftedAt   time.Time // zero while it holds
	LiftReason string
}

const barColumns = `id, uscc, name, vendor_id, reason, barred_by, barred_at, lifted_by, lifted_at, lift_reason`

func (b *Barring) fields() []any {
	return []any{&b.ID, &b.USCC, &b.Name, &b.VendorID, &b.Reason, &b.BarredBy, db.Time(&b.BarredAt), &b.LiftedBy, db.Time(&b.LiftedAt), &b.LiftReason}
}

// Events of a bar; the subject is its id.
var (
	WasBarred = event.Kind[event.None]{Name: "vendor.barred"}
	WasLifted = event.Kind[event.None]{Name: "vendor.bar_lifted"}
)

// Bar keeps a vendor's company out for good: no application under its credit code
// is taken any more. It is for staff who evict; a code that is barred already
// stays so.
func Bar(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string, uscc cn.USCC, name, reason string) error {
	if err := by.Require(access.Evict); err != nil {
		return err
	}
	if uscc == "" { // it names nobody
		return nil
	}
	id := tx.NewID("bar")
	n, err := tx.Exec(ctx, `
		INSERT INTO vendor_bar (id, uscc, name, vendor_id, reason, barred_by, barred_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT DO NOTHING`, id, string(uscc), name, vendorID, reason, by.ID, tx.Now())
	if err != nil || n == 0 {
		return err
	}
	return WasBarred.Append(ctx, tx, by, event.About{Subject: id, VendorID: vendorID}, event.None{})
}

// Barred reports whether no application is taken under a credit code. Rule X-1.
func Barred(ctx context.Context, tx *db.Tx, uscc cn.USCC) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM vendor_bar WHERE uscc = $1 AND lifted_at IS NULL`, string(uscc))
}

// USCCBarred is the fault of a credit code that is barred.
func USCCBarred() *fault.Error {
	e := fault.At("/company/uscc", "vendor.uscc_barred")
	e.Fields[0].Rule = "X-1"
	return e
}

// Bars lists the bars, the latest first, for staff who see vendors; those that were
// lifted too.
func Bars(ctx context.Context, tx *db.Tx, by access.Actor) ([]Barring, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Barring).fields, `SELECT `+barColumns+` FROM vendor_bar ORDER BY id DESC LIMIT 200`)
}

// Lift says why a bar does not hold any more.
type Lift struct {
	ID     string `json:"-" path:"id"`
	Reason string `json:"reason"`
}

// mostLiftReason is the longest reason, in characters.
const mostLiftReason = 1000

// LiftBar lets a company in again by decision, with a reason: it may apply anew. It
// takes another person than the one who barred it; one that was lifted before is
// fault.Conflict. Rule X-1.
func LiftBar(ctx context.Context, tx *db.Tx, by access.Actor, in Lift) (Barring, error) {
	if err := by.Require(access.Evict); err != nil {
		return Barring{}, err
	}
	b, err := db.One(ctx, tx, (*Barring).fields, `SELECT `+barColumns+` FROM vendor_bar WHERE id = $1`, in.ID)
	if err != nil {
		return Barring{}, err
	}
	if b.BarredBy == by.ID {
		return Barring{}, fault.New(fault.Forbidden, "vendor.barred_by_you").Of("X-1")
	}
	reason := strings.TrimSpace(in.Reason)
	switch n := utf8.RuneCountInString(reason); {
	case n == 0:
		return Barring{}, fault.At("/reason", "fault.required")
	case n > mostLiftReason:
		return Barring{}, fault.At("/reason", "fault.too_long", mostLiftReason, n)
	}
	if err := Lock(ctx, tx, b.VendorID); err != nil {
		return Barring{}, err
	}
	if err := tx.Move(ctx, `UPDATE vendor_bar SET lifted_by = $1, lifted_at = $2, lift_reason = $3 WHERE id = $4 AND lifted_at IS NULL`,
		by.ID, tx.Now(), reason, b.ID); err != nil {
		return Barring{}, err
	}
	// An exit still under way ends as any other then.
	if _, err := tx.Exec(ctx, `UPDATE vendor SET parting = 'left' WHERE id = $1 AND parting = 'evicted'`, b.VendorID); err != nil {
		return Barring{}, err
	}
	b.LiftedBy, b.LiftedAt, b.LiftReason = by.ID, tx.Now(), reason
	return b, WasLifted.Append(ctx, tx, by, event.About{Subject: b.ID, VendorID: b.VendorID}, event.None{})
}
