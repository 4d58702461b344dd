package contract

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Kind is why a contract is offered beside an earlier one.
type Kind string

// The kinds of contracts.
const (
	First    Kind = ""         // none is in term
	Changed  Kind = "changed"  // another mode, or another name, in place of the one in term (M-4)
	Renewing Kind = "renewing" // continues the one in term when that ends
)

// Name is the kind's word for people.
func (k Kind) Name() text.Key {
	if k == First {
		return "contract.kind_first"
	}
	return text.Key("contract.kind_" + string(k))
}

// Change offers a contract in place of the one in term: in another cooperation mode,
// or in the company's new name. Until it is signed the old one holds; from its
// signature fee and deposit are the new one's. Without a contract in term, or while
// another offer lies before the vendor, it is fault.Conflict. Rule M-4.
func Change(ctx context.Context, tx *db.Tx, by access.Actor, in Proposal) (Contract, error) {
	if err := by.Require(access.SendContracts); err != nil {
		return Contract{}, err
	}
	return offer(ctx, tx, by, in, Changed)
}

// Renew offers a contract that continues the one in term: signed in time, its term
// begins in the moment in which the old one's ends; signed later, at the signature.
// Earlier than the policy allows, or when it is renewed already, it is
// fault.Conflict.
func Renew(ctx context.Context, tx *db.Tx, by access.Actor, in Proposal) (Contract, error) {
	if err := by.Require(access.SendContracts); err != nil {
		return Contract{}, err
	}
	return offer(ctx, tx, by, in, Renewing)
}

// Renewable is the contract of a vendor that may be renewed now, with the first
// moment in which it may; fault.Conflict names why not. The vendor's request and the
// staff's offer ask the same.
func Renewable(ctx context.Context, tx *db.Tx, vendorID string) (Contract, error) {
	now, err := inTerm(ctx, tx, vendorID)
	if err != nil {
		return now, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return now, err
	}
	next, err := db.Exists(ctx, tx, `SELECT 1 FROM contract WHERE vendor_id = $1 AND renews = $2 AND status = 'signed'`, vendorID, now.ID)
	if err != nil {
		return now, err
	}
	from := renewableFrom(now, p)
	switch {
	case next:
		return now, fault.New(fault.Conflict, "contract.renewed_already", now.Number)
	case tx.Now().Before(from):
		return now, fault.New(fault.Conflict, "contract.renewal_early", p.Today(from), p.Amendments.RenewalDays)
	}
	return now, nil
}

func renewableFrom(c Contract, p policy.Policy) time.Time {
	return p.Today(c.Until).AddDays(-p.Amendments.RenewalDays).Time(p.Location())
}

// InForceNow is the contract of a vendor that is in term; none is fault.Conflict.
func InForceNow(ctx context.Context, tx *db.Tx, vendorID string) (Contract, error) {
	return inTerm(ctx, tx, vendorID)
}

func inTerm(ctx context.Context, tx *db.Tx, vendorID string) (Contract, error) {
	c, err := Current(ctx, tx, vendorID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return c, err
	}
	if err != nil || !InTerm(c, tx.Now()) {
		return c, fault.New(fault.Conflict, "contract.none_in_term").Of("O-5")
	}
	return c, nil
}

// apply makes the draft say what the kind of contract says.
func (k Kind) apply(ctx context.Context, tx *db.Tx, d Draft, in Proposal) (Draft, Proposal, error) {
	if k == First || d.Blocked != nil {
		return d, in, nil
	}
	var now Contract
	var err error
	if k == Renewing {
		now, err = Renewable(ctx, tx, d.VendorID)
	} else {
		now, err = inTerm(ctx, tx, d.VendorID)
	}
	if err != nil {
		return d, in, err
	}
	d.Mode = now.Mode
	if k == Changed && in.Mode != "" {
		if _, ok := d.policy.Modes[in.Mode]; !ok {
			e := fault.At("/mode", "fault.unknown_choice", string(in.Mode))
			e.Fields[0].Rule = "M-4"
			return d, in, e
		}
		d.Mode = in.Mode
	}
	d.terms()
	if d.Mode == policy.Resale && now.Mode == policy.Resale { // its own terms go on unless others are named (M-3)
		d.FeeBasisPoints, d.Deposit = now.FeeBasisPoints, now.Deposit
		if in.Deposit == (money.Amount{}) {
			in.Deposit = now.Deposit
		}
	}
	printer := text.Printer{Lang: text.ZH, Zone: d.policy.Location()}
	if in.Lang == EN {
		printer.Lang = text.EN
	}
	clause := printer.T("contract.clause_changed", now.Number, ModeName(now.Mode), ModeName(d.Mode))
	if k == Renewing {
		d.renews = now.ID
		clause = printer.T("contract.clause_renewing", now.Number, d.policy.Today(now.Until), d.policy.Today(now.Until).AddDays(1))
	}
	if in.Terms != "" {
		clause += "\n" + in.Terms
	}
	in.Terms = clause
	return d, in, nil
}

// term is when the contract's term begins and ends if it is signed at a time: that of
// a renewal signed in time joins the old one's without a gap.
func (c Contract) term(ctx context.Context, tx *db.Tx, at time.Time, p policy.Policy) (begins, end time.Time, err error) {
	zone := p.Location()
	if c.Renews != "" {
		old, err := Load(ctx, tx, c.Renews)
		if err != nil {
			return begins, end, err
		}
		begins, end = joined(old, c.Months, at, zone)
		if !begins.IsZero() {
			return begins, end, nil
		}
	}
	return time.Time{}, until(calendar.Of(at, zone), c.Months, zone), nil
}

// joined is the term of a renewal signed at a time; zero where the old contract was
// ended or has run out, so that the term begins with the signature.
func joined(old Contract, months int, at time.Time, zone *time.Location) (begins, end time.Time) {
	if old.Status != InForce || at.After(old.Until) {
		return time.Time{}, time.Time{}
	}
	return old.Until.Add(time.Microsecond), until(calendar.Of(old.Until, zone), months, zone)
}

// replace ends the contracts that the signed one comes in place of: all of them, but
// for the one whose term a renewal continues.
func (c Contract) replace(ctx context.Context, tx *db.Tx, by access.Actor, begins time.Time) error {
	earlier, err := all(ctx, tx, `WHERE vendor_id = $1 AND status = 'signed' ORDER BY id`, c.VendorID)
	if err != nil {
		return err
	}
	for _, e := range earlier {
		if !begins.IsZero() && e.ID == c.Renews {
			continue
		}
		if err := e.replacedBy(ctx, tx, by, c.ID); err != nil {
			return err
		}
	}
	if begins.IsZero() {
		return nil
	}
	return beginJob.Later(ctx, tx, work{c.ID}, job.At(begins))
}

func (c Contract) replacedBy(ctx context.Context, tx *db.Tx, by access.Actor, id string) error {
	if err := c.end(ctx, tx, by, ActReplace, ""); err != nil {
		return err
	}
	return Replaced.Append(ctx, tx, by, c.about(), ReplacedData{By: id})
}

// beginJob tells when the term of a renewal begins. Which contract holds does not
// wait for it: Current goes by the clock.
var beginJob = job.Kind[work]{Name: "contract.begin"}

func begin(ctx context.Context, tx *db.Tx, by access.Actor, in work) error {
	c, err := locked(ctx, tx, in.Contract)
	if err != nil || c.Status != InForce || c.Renews == "" || tx.Now().Before(c.Begins()) {
		return err
	}
	old, err := Load(ctx, tx, c.Renews)
	if err != nil || old.Status != InForce {
		return err
	}
	if err := old.replacedBy(ctx, tx, by, c.ID); err != nil {
		return err
	}
	return Began.Append(ctx, tx, by, c.about(), event.None{})
}

// EndingBefore lists the contracts in term whose term ends by a moment and which no
// signed contract continues, by id, beyond the one after; for the clock that reminds.
func EndingBefore(ctx context.Context, tx *db.Tx, last time.Time, after string, limit int) ([]Contract, error) {
	return all(ctx, tx, `
		WHERE status = 'signed' AND until >= $1 AND until <= $2 AND COALESCE(begins_at, signed_at) <= $1 AND id > $3
		AND NOT EXISTS (SELECT 1 FROM contract next WHERE next.renews = contract.id AND next.status = 'signed')
		ORDER BY id LIMIT $4`, tx.Now(), last, after, limit)
}
