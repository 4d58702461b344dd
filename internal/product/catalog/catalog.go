// Package catalog is what buyers see: the shelf 货架 with its products, the shops
// of the vendors, search and filters. Rows are shaped for reading and written by
// product when something goes on the shelf or leaves it; nothing here decides
// whether it may. The package owns the tables shelf, shelf_page, shelf_search,
// shelf_details, shelf_state and shop.
//
// A Catalog keeps a small index of the shelf in memory (category, form, price and
// vendor of each product) under the shelf's version, a number that every change
// raises in its own transaction. Each reading looks at that number first, so any
// number of processes may read and write one shelf.
package catalog

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Card is a product in a list.
type Card struct {
	ID         string // the product's id
	Name       string
	Summary    string
	VendorID   string
	VendorName string // the shop's name
	Category   policy.CategoryID
	Form       policy.Form
	Tags       []string
	Picture    string       // file id of the first picture, "" without
	Price      money.Amount // of the cheapest plan
	Was        money.Amount // its price before reduction; equal to Price without one
	Unit       policy.Unit  // what that plan is sold by
	Span       int64        // how many units
	Offers     int64        // how many plans there are
	ShelvedAt  time.Time    // when it first went on the shelf
	ChangedAt  time.Time    // when what buyers see last changed

	no int64
}

// Plan is one offer of a product.
type Plan struct {
	Name  string       `json:"name"`
	Unit  policy.Unit  `json:"unit"`
	Span  int64        `json:"span"` // how many units, or how many uses
	Was   money.Amount `json:"was"`
	Price money.Amount `json:"price"`
}

// Body is the rest of a product's page.
type Body struct {
	Details    string   `json:"details"` // HTML, sanitised
	AfterSales string   `json:"after_sales"`
	BuiltOn    string   `json:"built_on"`       // id of the operator's product, E-4
	Terms      string   `json:"terms"`          // file id of the vendor's own service agreement, "" for the standard one
	Document   string   `json:"document"`       // file id, "" without
	Pictures   []string `json:"pictures"`       // file ids
	Plans      []Plan   `json:"plans"`          // as the vendor ordered them
	Image      *Image   `json:"image,omitzero"` // exactly one of these four is set, by the form
	SaaS       *SaaS    `json:"saas,omitzero"`
	Service    *Service `json:"service,omitzero"`
	API        *API     `json:"api,omitzero"`
}

// Image is what a buyer of an image is told.
type Image struct {
	Version  string   `json:"version"`
	OS       string   `json:"os"`
	Software []string `json:"software"`
	Machine  string   `json:"machine"` // the recommended machine

	ScannedOn calendar.Day `json:"scanned_on,omitzero"` // of its security report
}

// SaaS is what a buyer of ready software is told.
type SaaS struct {
	Automatic bool   `json:"automatic"` // delivered at once, not by people
	Trial     bool   `json:"trial"`
	TrialDays int64  `json:"trial_days"`
	Site      string `json:"site"` // where it can be seen, "" without
}

// Service is what a buyer of people's work is told.
type Service struct {
	Days          int64  `json:"days"`           // until it is delivered
	Requirement   string `json:"requirement"`    // what the buyer is asked for
	AskedFirst    bool   `json:"asked_first"`    // before the order, not after it
	VendorDoes    bool   `json:"vendor_does"`    // the vendor carries it out
	BuyerConfirms bool   `json:"buyer_confirms"` // the buyer accepts the result
}

// API is what a buyer of calls is told.
type API struct {
	Methods   string `json:"methods"`    // documentation as HTML, sanitised
	TestFirst bool   `json:"test_first"` // may be tried before buying
}

// Product is all of a product's page.
type Product struct {
	Card
	Body
}

// Shelf is a product as it goes on the shelf; ShelvedAt of a product that stood
// there before keeps its first value.
type Shelf = Product

// Shop is a vendor as buyers see it.
type Shop struct {
	VendorID string
	Name     string
	Intro    string
	Company  string // the company's full name
	Phone    string // customer service
	Mail     string
	Hours    calendar.Week // of customer service
	OpenedAt time.Time
	Products int  // on the shelf now
	Closed   bool // by the operator, since the deposit is not whole (D-11)
}
