package contract

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Desk is what a vendor's people see of their contracts.
type Desk struct {
	InForce *Contract  // signed; its term may have run out
	Next    *Contract  // signed, continues the one in force when its term has ended
	Offer   *Contract  // waits to be signed
	Earlier []Contract // withdrawn or replaced, the latest first
	Now     time.Time
	Signer  bool   // the reader may sign
	Phone   string // masked, of the reader: where the code goes
	Name    string // of the reader
	Company string // of the vendor
	Waiting bool   // approved, and the operator's offer is yet to come
	// PromisedBy is when the operator promised the offer that is waited for.
	PromisedBy time.Time
}

// Mine reads the contracts of the reader's company.
func Mine(ctx context.Context, tx *db.Tx, by access.Actor) (Desk, error) {
	d := Desk{Now: tx.Now()}
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return d, err
	}
	contracts, err := all(ctx, tx, `WHERE vendor_id = $1 ORDER BY id DESC LIMIT 50`, by.VendorID)
	if err != nil {
		return d, err
	}
	for _, c := range contracts {
		switch {
		case c.Status.Open():
			d.Offer = &c
		case c.Status == InForce && c.Begins().After(d.Now):
			d.Next = &c
		case c.Status == InForce && (d.InForce == nil || !InTerm(*d.InForce, d.Now)):
			d.InForce = &c
		default:
			d.Earlier = append(d.Earlier, c)
		}
	}
	v, err := vendor.Load(ctx, tx, by.VendorID)
	if err != nil {
		return d, err
	}
	d.Company = v.Name
	if by.Kind == access.Member {
		me, err := account.Me(ctx, tx, by)
		if err != nil {
			return d, err
		}
		d.Signer = by.OwnsVendor(by.VendorID, access.SignContract) == nil
		d.Name, d.Phone = me.Name, vault.MaskPhone(me.Phone)
	}
	if d.Offer == nil && (d.InForce == nil || !InTerm(*d.InForce, d.Now)) {
		return d, d.awaited(ctx, tx, by.VendorID)
	}
	return d, nil
}

// awaited tells whether the operator owes an offer, and until when.
func (d *Desk) awaited(ctx context.Context, tx *db.Tx, vendorID string) error {
	items, err := List(ctx, tx, access.SystemActor("contract"), Filter{Task: ToOffer, Vendor: vendorID})
	if err == nil && len(items) > 0 {
		d.Waiting, d.PromisedBy = true, items[0].PromisedBy
	}
	return err
}

// Get reads a contract for the vendor's own people or for staff; to others it is
// fault.NotFound.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Contract, error) {
	if err := by.SignedIn(); err != nil {
		return Contract{}, err
	}
	c, err := Load(ctx, tx, in.ID)
	if err != nil {
		return c, err
	}
	if err := by.Sees(c.VendorID); err != nil {
		return Contract{}, err
	}
	return c, nil
}

// Listed is a contract with its vendor's name, for staff.
type Listed struct {
	Contract
	VendorName string
}

// Choice narrows a list of contracts; the latest first.
type Choice struct {
	Status   Status `query:"status"`
	VendorID string `query:"vendor"`
	Query    string `query:"q"` // part of the vendor's name, or the number
	Ended    bool   `query:"ended" doc:"signed, and the term has run out"`
	Before   string `query:"cursor"`
	Limit    int    `query:"limit"`
}

// All lists contracts for staff.
func All(ctx context.Context, tx *db.Tx, by access.Actor, f Choice) ([]Listed, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q := `WHERE 1 = 1`
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return db.In(len(args), 1)
	}
	if f.Status != "" {
		q += ` AND status IN ` + arg(string(f.Status))
	}
	if f.VendorID != "" {
		q += ` AND vendor_id IN ` + arg(f.VendorID)
	}
	if s := strings.TrimSpace(f.Query); s != "" {
		q += ` AND id IN (SELECT id FROM contract WHERE number IN ` + arg(strings.ToUpper(s)) + `
			UNION SELECT c.id FROM vendor v CROSS JOIN contract c WHERE c.vendor_id = v.id AND v.name_key LIKE ` + arg("%"+like(cn.NameKey(s))+"%") + ` ESCAPE '\')`
	}
	if f.Ended {
		q += ` AND status = 'signed' AND until < ` + arg(tx.Now())
	}
	if f.Before != "" {
		q += ` AND id < ` + arg(f.Before)
	}
	contracts, err := all(ctx, tx, q+` ORDER BY id DESC LIMIT `+arg(f.Limit), args...)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(contracts))
	for i, c := range contracts {
		ids[i] = c.VendorID
	}
	names, err := vendor.Names(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Listed, len(contracts))
	for i, c := range contracts {
		list[i] = Listed{c, names[c.VendorID]}
	}
	return list, nil
}

// Letter is what a mail about a contract needs. Rule O-4.
type Letter struct {
	ContractID   string
	VendorID     string
	VendorName   string
	Number       string
	Mode         policy.Mode
	Lang         text.Lang
	FileID       string   // the document to sign
	SignedFileID string   // the signed one; "" until there is one
	To           []string // the contact person's and the customer-service mailbox
	Until        time.Time
	Reason       string // why it was withdrawn, or its scan not accepted
}

// Mailing reads what a mail about a contract needs, for notify: it goes to both
// mailboxes, or to one if they are the same. Rule O-4.
func Mailing(ctx context.Context, tx *db.Tx, contractID string) (Letter, error) {
	c, err := Load(ctx, tx, contractID)
	if err != nil {
		return Letter{}, err
	}
	v, err := vendor.Load(ctx, tx, c.VendorID)
	if err != nil {
		return Letter{}, err
	}
	m := Letter{ContractID: c.ID, VendorID: c.VendorID, VendorName: v.Name, Number: c.Number, Mode: c.Mode, Lang: text.ZH,
		FileID: c.FileID, SignedFileID: c.SignedFileID, Until: c.Until, Reason: c.EndReason}
	if c.Lang == EN {
		m.Lang = text.EN
	}
	if m.Reason == "" {
		m.Reason = c.ScanReason
	}
	for _, box := range []string{v.Company.Contact.Mail, v.Company.ServiceMail} {
		if box != "" && !slices.ContainsFunc(m.To, func(s string) bool { return strings.EqualFold(s, box) }) {
			m.To = append(m.To, box)
		}
	}
	if len(m.To) == 0 {
		return m, fault.New(fault.Conflict, "contract.no_mailbox").Of("O-4")
	}
	return m, nil
}
