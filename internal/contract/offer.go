package contract

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Proposal is what staff hand in to offer a contract. What is left out is as the
// operator's policy and the vendor's application say.
type Proposal struct {
	VendorID string       `json:"vendor_id"`
	Mode     policy.Mode  `json:"mode,omitempty"`   // that of the application (M-4)
	Lang     Lang         `json:"lang,omitempty"`   // zh-CN, en or both
	Rate     string       `json:"rate,omitempty"`   // percent of the actual amount, as 12.5; resale only (M-3)
	Deposit  money.Amount `json:"deposit,omitzero"` // may be 0.00; resale only (M-3)
	Months   int          `json:"months,omitempty"` // the term, 1 to 120
	Terms    string       `json:"terms,omitempty"`  // supplementary terms, printed as they are
}

const (
	mostMonths  = 120
	longestTerm = 5000 // runes
)

// Draft is what a contract for a vendor would say if nothing else is asked for.
type Draft struct {
	VendorID       string
	Vendor         vendor.Company
	Mode           policy.Mode
	FeeBasisPoints int64
	Deposit        money.Amount
	RequiredBy     policy.CategoryID // the category that asks for the deposit (D-2)
	Months         int
	Categories     []policy.CategoryID
	Earlier        []Contract // of the vendor, the latest first
	Holder         string     // of the staff, who has it on the desk
	HolderName     string
	Blocked        error // why no contract can be offered now; nil if one can
	policy         policy.Policy
	renews         string // the contract that a renewal continues
}

// Rate writes the fee for people.
func (d Draft) Rate() string { return rateText(d.FeeBasisPoints) }

// Prepare reads what a contract for a vendor would say: its mode by the
// application, fee and term by policy, the deposit by its categories. An unknown
// vendor is fault.NotFound; what stands in the way is Blocked. Rules M-1, M-3.
func Prepare(ctx context.Context, tx *db.Tx, by access.Actor, in VendorTurn) (Draft, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return Draft{}, err
	}
	return draft(ctx, tx, in.VendorID)
}

func draft(ctx context.Context, tx *db.Tx, vendorID string) (Draft, error) {
	d := Draft{VendorID: vendorID}
	v, err := vendor.Load(ctx, tx, vendorID)
	if err != nil {
		return d, err
	}
	d.Vendor = v.Company
	if d.Vendor.Name == "" {
		d.Vendor.Name = v.Name
	}
	if d.policy, err = policy.Now(ctx, tx); err != nil {
		return d, err
	}
	approvals, err := qualification.Approved(ctx, tx, vendorID)
	if err != nil {
		return d, err
	}
	for _, c := range d.policy.Categories { // in the operator's order
		if slices.ContainsFunc(approvals, func(a qualification.Approval) bool { return a.Category == c.ID }) {
			d.Categories = append(d.Categories, c.ID)
		}
	}
	if d.Earlier, err = all(ctx, tx, `WHERE vendor_id = $1 ORDER BY id DESC LIMIT 50`, vendorID); err != nil {
		return d, err
	}
	if d.Holder, d.HolderName, err = holderOf(ctx, tx, vendorID); err != nil {
		return d, err
	}
	d.Mode, err = qualification.Mode(ctx, tx, vendorID)
	switch {
	case fault.Is(err, fault.NotFound) || err == nil && len(d.Categories) == 0:
		d.Blocked = fault.New(fault.Conflict, "contract.not_approved").Of("O-4")
		return d, nil
	case err != nil:
		return d, err
	}
	i := slices.IndexFunc(d.Earlier, func(c Contract) bool { return c.Status.Open() })
	if i >= 0 {
		d.Blocked = fault.New(fault.Conflict, "contract.open_exists", d.Earlier[i].Number).Of("O-4")
	}
	// Rule M-4: a mode that a later contract changed stays changed.
	if i := slices.IndexFunc(d.Earlier, func(c Contract) bool { return c.Kind != First && !c.SignedAt.IsZero() }); i >= 0 {
		d.Mode = d.Earlier[i].Mode
	}
	d.terms()
	return d, nil
}

// terms are fee, term and deposit of the mode by policy. Rules M-1, M-3.
func (d *Draft) terms() {
	t := d.policy.Modes[d.Mode]
	d.FeeBasisPoints, d.Months = t.FeeBasisPoints, t.Months
	d.Deposit, d.RequiredBy = d.policy.Deposit(d.Categories)
}

// Offer makes a contract out to an approved vendor; its document is made by a job
// and then mailed to both mailboxes. A vendor without an approved category, or with
// an offer that still lies before it, is fault.Conflict, as is one that a colleague
// has on the desk. In platform mode fee and deposit are the policy's (M-1); in resale
// mode they are what the offer says (M-3). Rules O-4, M-4.
func Offer(ctx context.Context, tx *db.Tx, by access.Actor, in Proposal) (Contract, error) {
	if err := by.Require(access.SendContracts); err != nil {
		return Contract{}, err
	}
	return offer(ctx, tx, by, in, First)
}

// offer makes the contract out, for the reason of the kind.
func offer(ctx context.Context, tx *db.Tx, by access.Actor, in Proposal, kind Kind) (Contract, error) {
	if in.VendorID == "" {
		return Contract{}, fault.At("/vendor_id", "fault.required")
	}
	if err := vendor.Lock(ctx, tx, in.VendorID); err != nil {
		return Contract{}, err
	}
	d, err := draft(ctx, tx, in.VendorID)
	if err != nil {
		return Contract{}, err
	}
	if d, in, err = kind.apply(ctx, tx, d, in); err != nil {
		return Contract{}, err
	}
	if d.Blocked != nil {
		return Contract{}, d.Blocked
	}
	if d.Holder != "" && d.Holder != by.ID {
		return Contract{}, heldBy(d.HolderName)
	}
	c, err := in.made(d)
	if err != nil {
		return Contract{}, err
	}
	if c.Number, err = nextNumber(ctx, tx, d.policy.Location()); err != nil {
		return Contract{}, err
	}
	c.ID, c.OfferedBy, c.OfferedAt = tx.NewID("ctr"), by.ID, tx.Now()
	c.Kind, c.Renews = kind, d.renews
	if err := c.insert(ctx, tx, particularsOf(d.policy, d.Vendor, d.Categories)); err != nil {
		return Contract{}, err
	}
	if err := errors.Join(release(ctx, tx, c.VendorID), wait(ctx, tx, c.VendorID)); err != nil {
		return Contract{}, err
	}
	if err := renderJob.Later(ctx, tx, work{c.ID}); err != nil {
		return Contract{}, err
	}
	return c, Offered.Append(ctx, tx, by, c.about(), OfferedData{
		Number: c.Number, Template: c.Template, Mode: c.Mode, FeeBasisPoints: c.FeeBasisPoints, DepositFen: c.Deposit.Fen, Months: c.Months,
	})
}

// Preview lays out the document that a proposal would make, marked as a draft and
// without a number; nothing is kept. What is wrong with it is fault.Invalid.
func Preview(ctx context.Context, tx *db.Tx, by access.Actor, in Proposal) ([]byte, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	d, err := draft(ctx, tx, in.VendorID)
	if err != nil {
		return nil, err
	}
	if len(d.Categories) == 0 {
		return nil, d.Blocked
	}
	c, err := in.made(d)
	if err != nil {
		return nil, err
	}
	c.Number, c.OfferedAt = "YSHT-", tx.Now()
	return c.document(particularsOf(d.policy, d.Vendor, d.Categories), "contract.pdf_draft")
}

// made is the contract that a proposal makes of a draft; what is wrong with it is
// fault.Invalid, a field each.
func (in Proposal) made(d Draft) (Contract, error) {
	var bad fault.Fields
	c := Contract{
		VendorID: d.VendorID, Status: Preparing, Lang: in.Lang, Mode: d.Mode,
		FeeBasisPoints: d.FeeBasisPoints, Deposit: d.Deposit, FixedDeposit: d.Mode == policy.Resale, Months: d.Months,
		Categories: d.Categories, Terms: strings.TrimSpace(strings.ReplaceAll(in.Terms, "\r\n", "\n")),
	}
	c.Template, _ = textOf(d.policy)
	if t, own := d.policy.ContractText(); own {
		bad.Take("/template", CheckText(t))
	}
	if c.Lang == "" {
		c.Lang = ZH
	}
	if !slices.Contains(Langs(), c.Lang) {
		bad.Add("/lang", "fault.unknown_choice", string(c.Lang))
	}
	if in.Mode != "" && in.Mode != d.Mode { // Rule M-4
		bad.AddRule("M-4", "/mode", "contract.other_mode", ModeName(d.Mode))
	}
	if in.Months != 0 {
		c.Months = in.Months
	}
	if c.Months < 1 || c.Months > mostMonths {
		bad.Add("/months", "contract.bad_months", mostMonths)
	}
	in.price(&c, d, &bad)
	if n := utf8.RuneCountInString(c.Terms); n > longestTerm {
		bad.Add("/terms", "fault.too_long", longestTerm, n)
	}
	unprintable(&bad, "/terms", c.Terms)
	unprintable(&bad, "/vendor_id", particularsOf(d.policy, d.Vendor, nil).written())
	return c, bad.Err()
}

// price takes fee and deposit: fixed in platform mode (M-1), the offer's in resale mode (M-3).
func (in Proposal) price(c *Contract, d Draft, bad *fault.Fields) {
	if strings.TrimSpace(in.Rate) != "" {
		bps, err := ParseRate(in.Rate)
		bad.Take("/rate", err)
		switch {
		case err != nil:
		case c.Mode == policy.Resale:
			c.FeeBasisPoints = bps
		case bps != d.FeeBasisPoints:
			bad.AddRule("M-1", "/rate", "contract.rate_fixed", d.Rate())
		}
	}
	if in.Deposit == (money.Amount{}) { // not given; nothing at all is CNY 0.00
		return
	}
	switch {
	case in.Deposit.Code() != money.Yuan || in.Deposit.Fen < 0:
		bad.AddRule("M-3", "/deposit", "contract.bad_deposit")
	case c.Mode == policy.Resale:
		c.Deposit = in.Deposit
	case in.Deposit.Cmp(d.Deposit) != 0:
		bad.AddRule("M-1", "/deposit", "contract.deposit_fixed", d.Deposit)
	}
}

// unprintable refuses what the document could not show.
func unprintable(bad *fault.Fields, pointer, s string) {
	if list := paper.Missing(s); len(list) > 0 {
		names := make([]string, 0, 8)
		for _, r := range list[:min(len(list), 8)] {
			names = append(names, string(r))
		}
		bad.Add(pointer, "paper.missing", names)
	}
}

// Void withdraws an offer.
type Void struct {
	ID     string `path:"id" json:"-"`
	Reason string `json:"reason"`
}

const longestReason = 500 // runes

// Withdraw takes an offer back before it is signed; the vendor is told why, and
// another may be offered. A signed contract is fault.Conflict. Rule O-4.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, in Void) (Contract, error) {
	if err := by.Require(access.SendContracts); err != nil {
		return Contract{}, err
	}
	c, err := locked(ctx, tx, in.ID)
	if err != nil {
		return c, err
	}
	if _, err := c.Status.Next(ActWithdraw); err != nil {
		return c, err
	}
	if err := c.mayHandle(ctx, tx, by); err != nil {
		return c, err
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return c, err
	}
	if err := c.end(ctx, tx, by, ActWithdraw, reason); err != nil {
		return c, err
	}
	if err := errors.Join(release(ctx, tx, c.VendorID), wait(ctx, tx, c.VendorID)); err != nil {
		return c, err
	}
	if err := Withdrawn.Append(ctx, tx, by, c.about(), event.None{}); err != nil {
		return c, err
	}
	return Load(ctx, tx, c.ID)
}

// reasonOf is a reason told to the vendor.
func reasonOf(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return "", fault.At("/reason", "contract.reason_wanted")
	case n > longestReason:
		return "", fault.At("/reason", "fault.too_long", longestReason, n)
	}
	return s, nil
}

// locked reads a contract after its vendor's facts are locked (O-8).
func locked(ctx context.Context, tx *db.Tx, id string) (Contract, error) {
	c, err := Load(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if err := vendor.Lock(ctx, tx, c.VendorID); err != nil {
		return c, err
	}
	return Load(ctx, tx, id)
}
