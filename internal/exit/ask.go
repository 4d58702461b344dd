package exit

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// machine is who does what follows from an exit; the event names the person.
var machine = access.SystemActor("exit")

// Paper is a vendor's wish to leave.
type Paper struct {
	Reason     string `json:"reason"`
	Understood bool   `json:"understood"` // that the products leave the shelf at once and the contract ends
}

// Ask is the vendor's wish to end the cooperation: its products leave the shelf at
// once, and nothing new is shelved. The contract ends after the working days of the
// policy; till then the wish can be taken back. Without a contract there is nothing
// to end: fault.Conflict, as while another exit is under way. Rules.
func Ask(ctx context.Context, tx *db.Tx, by access.Actor, in Paper) (Exit, error) {
	if err := by.OwnsVendor(by.VendorID, access.Leave); err != nil {
		return Exit{}, err
	}
	p, err := inTurn(ctx, tx, by.VendorID)
	if err != nil {
		return Exit{}, err
	}
	var f fault.Fields
	in.Reason = cleanReason(&f, p, "/reason", in.Reason)
	if !in.Understood {
		f.AddRule("X-3", "/understood", "exit.consent_wanted")
	}
	if err := f.Err(); err != nil {
		return Exit{}, err
	}
	if err := hasContract(ctx, tx, by.VendorID); err != nil {
		return Exit{}, err
	}
	e := Exit{
		ID: tx.NewID("ext"), VendorID: by.VendorID, Kind: Wish, Status: Asked, Reason: in.Reason,
		AskedBy: by.ID, AskedAt: tx.Now(), EndBy: p.DueAfter(tx.Now(), p.Exit.EndWorkingDays),
	}
	if err := e.begin(ctx, tx, by, p); err != nil {
		return Exit{}, err
	}
	return e, endJob.Later(ctx, tx, named{e.ID}, job.At(e.EndBy))
}

// inTurn takes the turn of the numbers, locks the vendor and reads the policy.
func inTurn(ctx context.Context, tx *db.Tx, vendorID string) (policy.Policy, error) {
	if err := tx.InTurn(ctx, db.Numbers); err != nil {
		return policy.Policy{}, err
	}
	if err := tx.Alone(ctx, "counter"); err != nil {
		return policy.Policy{}, err
	}
	if err := vendor.Lock(ctx, tx, vendorID); err != nil {
		return policy.Policy{}, err
	}
	return policy.Now(ctx, tx)
}

// hasContract refuses a vendor without a signed contract, in term or out of it.
func hasContract(ctx context.Context, tx *db.Tx, vendorID string) error {
	c, err := contract.Current(ctx, tx, vendorID)
	if fault.Is(err, fault.NotFound) || err == nil && c.Status != contract.InForce {
		return fault.New(fault.Conflict, "exit.no_contract").Of("X-1")
	}
	return err
}

// begin writes the exit down and takes the products off the shelf. Rule X-3.
func (e *Exit) begin(ctx context.Context, tx *db.Tx, by access.Actor, p policy.Policy) error {
	off, err := part(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	if err := e.insert(ctx, tx, p); err != nil {
		return err
	}
	d := e.data()
	d.Products = off
	return Begun.Append(ctx, tx, by, e.about(), d)
}

// part notes that the vendor leaves and takes its products off the shelf; it
// returns how many left. One that leaves already is fault.Conflict.
func part(ctx context.Context, tx *db.Tx, vendorID string) (int, error) {
	was, err := vendor.PartingOf(ctx, tx, vendorID)
	if err != nil {
		return 0, err
	}
	if was != vendor.Stays {
		return 0, fault.New(fault.Conflict, "exit.under_way").Of("X-1")
	}
	if err := vendor.Part(ctx, tx, vendorID, was, vendor.Leaving); err != nil {
		return 0, err
	}
	return product.UnshelveAll(ctx, tx, machine, vendorID)
}

func cleanReason(f *fault.Fields, p policy.Policy, at, s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		f.AddRule("X-1", at, "fault.required")
	case n > p.Exit.ReasonChars:
		f.Add(at, "fault.too_long", p.Exit.ReasonChars, n)
	}
	return s
}

// Chosen names an exit.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// own loads an exit of the actor's company, with the vendor locked.
func own(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Exit, error) {
	if err := by.SignedIn(); err != nil {
		return Exit{}, err
	}
	e, err := Load(ctx, tx, id)
	if err != nil {
		return Exit{}, err
	}
	if err := by.OwnsVendor(e.VendorID, access.Leave); err != nil {
		return Exit{}, err
	}
	if err := vendor.Lock(ctx, tx, e.VendorID); err != nil {
		return Exit{}, err
	}
	return Load(ctx, tx, id)
}

// Withdraw takes the vendor's wish back while the contract still holds: its products
// return to the shelf where nothing else keeps them off. After that it is
// fault.Conflict. Rule X-1.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Exit, error) {
	e, err := own(ctx, tx, by, in.ID)
	if err != nil {
		return Exit{}, err
	}
	if e.Status != Asked {
		_, err := e.Status.Next(ActWithdraw)
		if err == nil { // an eviction's proposal is not the vendor's
			err = fault.New(fault.NotFound, "fault.not_found")
		}
		return Exit{}, err
	}
	if err := e.move(ctx, tx, ActWithdraw, func(e *Exit) { e.ClosedBy, e.FinishedAt = by.ID, tx.Now() }); err != nil {
		return Exit{}, err
	}
	if err := vendor.Part(ctx, tx, e.VendorID, vendor.Leaving, vendor.Stays); err != nil {
		return Exit{}, err
	}
	return e, TakenBack.Append(ctx, tx, by, e.about(), e.data())
}

// End ends the contract of a vendor that asked to leave before its time of thought
// is over, as when both agree. Rule X-1.
func End(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Exit, error) {
	if err := by.Require(access.EndContracts); err != nil {
		return Exit{}, err
	}
	e, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Exit{}, err
	}
	p, err := inTurn(ctx, tx, e.VendorID)
	if err != nil {
		return Exit{}, err
	}
	if e, err = Load(ctx, tx, in.ID); err != nil {
		return Exit{}, err
	}
	return e, e.end(ctx, tx, by, p)
}
