package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Vendor is a company as staff see it in a list, personal and bank data masked.
type Vendor struct {
	ID         string         `json:"id"`
	Name       string         `json:"name,omitempty"`
	ShopName   string         `json:"shop_name,omitempty"`
	USCC       string         `json:"uscc,omitempty"`
	MadeAt     time.Time      `json:"made_at"`
	ApprovedAt *time.Time     `json:"approved_at,omitempty"`
	Company    *VendorCompany `json:"company,omitempty" doc:"as last approved"`
}

// VendorCompany is an approved profile.
type VendorCompany struct {
	Type         string        `json:"type"`
	Capital      money.Amount  `json:"capital"`
	Established  calendar.Day  `json:"established"`
	TermUntil    *calendar.Day `json:"term_until,omitempty" doc:"absent is long-term"`
	Address      string        `json:"address"`
	Contact      string        `json:"contact"`
	ContactPhone string        `json:"contact_phone" doc:"masked"`
	ContactMail  string        `json:"contact_mail" doc:"masked"`
	ServiceMail  string        `json:"service_mail"`
	ServicePhone string        `json:"service_phone"`
	Hours        calendar.Week `json:"hours"`
	Account      string        `json:"account" doc:"masked"`
	Bank         string        `json:"bank"`
	Site         string        `json:"site,omitempty"`
}

func viewVendor(_ text.Printer, v vendor.Vendor) Vendor {
	out := Vendor{ID: v.ID, Name: v.Name, ShopName: v.ShopName, USCC: v.USCC, MadeAt: v.MadeAt, ApprovedAt: when(v.ApprovedAt)}
	if c := v.Company; !v.ApprovedAt.IsZero() {
		out.Company = &VendorCompany{Type: c.Type, Capital: c.Capital, Established: c.Established, Address: c.Address,
			Contact: vault.Mask(c.Contact.Name, 1, 0), ContactPhone: vault.MaskPhone(c.Contact.Phone), ContactMail: vault.MaskMail(c.Contact.Mail),
			ServiceMail: c.ServiceMail, ServicePhone: c.ServicePhone, Hours: c.Hours, Account: vault.MaskAccount(c.Account.Number), Bank: c.Account.Bank, Site: c.Site}
		if !c.TermUntil.IsZero() {
			out.Company.TermUntil = &c.TermUntil
		}
	}
	return out
}

type vendorQuery struct {
	Query    string `query:"q" doc:"part of the company's name, its credit code or its id"`
	Approved bool   `query:"approved"`
	Cursor   string `query:"cursor"`
	Limit    int    `query:"limit" minimum:"0" maximum:"200"`
}

func (a *API) vendorRoutes() {
	get(a, route{path: "/operator/vendors", tag: "operator/vendors", id: "list-vendors", summary: "Companies, the latest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q vendorQuery) (listed[vendor.Vendor], error) {
			limit := upTo(q.Limit)
			all, err := vendor.List(ctx, tx, by, vendor.Filter{Query: q.Query, Approved: q.Approved, Before: q.Cursor, Limit: limit})
			return listed[vendor.Vendor]{all, limit}, err
		}, paged(func(v vendor.Vendor) string { return v.ID }, viewVendor))
	get(a, route{path: "/operator/vendors/{id}", tag: "operator/vendors", id: "get-vendor", summary: "One company"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (vendor.Vendor, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return vendor.Vendor{}, err
			}
			return vendor.Get(ctx, tx, by, q.ID)
		}, viewVendor)
}
