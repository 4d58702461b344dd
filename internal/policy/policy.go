// Package policy holds the operator's own rules as data with a date from which
// they hold: categories with deposits and entry conditions, fees, ways to pay,
// what each act needs, promised times, check lists and reason texts. No number of
// the rules stands in code; default.json is what a new installation starts with.
// The package owns the table policy.
package policy

import (
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

// CategoryID names a category, as "image".
type CategoryID string

// ConditionID names an entry condition by its rule, as "E-6.1".
type ConditionID string

// Mode is a cooperation mode (M-1, M-3).
type Mode string

// The cooperation modes.
const (
	Platform Mode = "platform" // 普通（平台）模式
	Resale   Mode = "resale"   // 代销模式
)

// Form is a delivery form of products (S-4).
type Form string

// The delivery forms.
const (
	ImageForm   Form = "image"
	SaaSForm    Form = "saas"
	ServiceForm Form = "service"
	APIForm     Form = "api"
)

// Act is something onboarding gates.
type Act string

// The gated acts.
const (
	CreateProduct Act = "create_product"
	ReviewProduct Act = "review_product"
	Shelve        Act = "shelve"
)

// Fact is a need that an act can have (O-8).
type Fact string

// The facts of onboarding.
const (
	NeedsQualified Fact = "qualified" // the category, or any where none is named
	NeedsContract  Fact = "contract"
	NeedsDeposit   Fact = "deposit"  // covers the category, D-3
	NeedsApproved  Fact = "approved" // the product itself
	NeedsLicence   Fact = "licence"  // has not run out; by Amendments, not by Gates
)

// Name is a name in both languages.
type Name struct {
	ZH string `json:"zh-CN"`
	EN string `json:"en"`
}

// In returns the name in a language.
func (n Name) In(l text.Lang) string { return text.Named{ZH: n.ZH, EN: n.EN}.In(l) }

// Category is what products are sorted into and vendors qualify for (C-1, C-2).
type Category struct {
	ID         CategoryID    `json:"id"`
	Name       Name          `json:"name"`
	About      Name          `json:"about"`
	DepositFen int64         `json:"deposit_fen" rule:"money"` // fen, CNY
	Conditions []ConditionID `json:"conditions"`
	Forms      []Form        `json:"forms"`
}

// Deposit is the category's deposit (D-1).
func (c Category) Deposit() money.Amount { return money.CNY(c.DepositFen) }

// Condition is an entry condition (E).
type Condition struct {
	ID         ConditionID `json:"id"`
	Name       Name        `json:"name"`
	Help       Name        `json:"help"`        // what meets it, for the vendor
	PerCompany bool        `json:"per_company"` // one verdict per company; otherwise per category
	Computed   bool        `json:"computed"`    // established by the program
	Reviewed   bool        `json:"reviewed"`    // needs a reviewer's verdict
}

// Check is one point of a product's review (domain-cn.md §2.4).
type Check struct {
	ID    string `json:"id"`
	Name  Name   `json:"name"`
	Forms []Form `json:"forms,omitempty"` // empty is every form
}

// Reason is a ready text that a reviewer may give and then change.
type Reason struct {
	ID   string `json:"id"`
	For  string `json:"for"` // a condition's or a check's id, or "" for any
	Text Name   `json:"text"`
}

// Payee is an account of the operator that takes transfers.
type Payee struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Bank    string `json:"bank"`
	Account string `json:"account"`
	CNAPS   string `json:"cnaps"`
	Mapping string `json:"mapping"` // the statement mapping of this bank
}

// Way is a way to pay a deposit (D-4).
type Way struct {
	ID       string `json:"id"`
	Name     Name   `json:"name"`
	Doubtful bool   `json:"doubtful"` // always a person's decision without a payer account (D-5)
	Note     Name   `json:"note"`
	City     string `json:"city,omitempty"` // only there; "" is anywhere
}

// Promise is how long a queue may take, in calendar hours.
type Promise struct {
	Review        int `json:"review_hours"`
	Contract      int `json:"contract_hours"`
	Deposit       int `json:"deposit_hours"`
	ProductReview int `json:"product_review_hours"`
}

// Operator is who runs the marketplace, as contracts and receipts name it.
type Operator struct {
	Company string `json:"company"`
	USCC    string `json:"uscc"`
	Address string `json:"address"`
	City    string `json:"city"`
	Mail    string `json:"mail"`
	Phone   string `json:"phone"`
	Seal    string `json:"seal"` // the line below the star of the seal
}

// Terms are what a mode's contract says by default (M-1, M-3).
type Terms struct {
	FeeBasisPoints int64 `json:"fee_basis_points"` // 1000 is 10 %
	Months         int   `json:"months"`
}

// Entry are the numbers of the entry conditions.
type Entry struct {
	TradeYears       int   `json:"trade_years"`        // E-3
	ServiceDays      int   `json:"service_days"`       // E-2
	ServiceHours     int   `json:"service_hours"`      // E-2
	CapitalAboveFen  int64 `json:"capital_above_fen"`  // E-6.1, strictly more, CNY
	NumberOfEvidence int   `json:"number_of_evidence"` // files per category, at most
}

// Policy is all of it at one moment.
type Policy struct {
	ID          string         `json:"-"`
	HoldsFrom   time.Time      `json:"-"`
	Marketplace Name           `json:"marketplace"`
	Zone        string         `json:"zone"` // IANA name; a day is a day here
	Operator    Operator       `json:"operator"`
	Categories  []Category     `json:"categories"`
	Conditions  []Condition    `json:"conditions"`
	Entry       Entry          `json:"entry"`
	Modes       map[Mode]Terms `json:"modes" rule:"money"`
	Payees      []Payee        `json:"payees" rule:"money"`
	Ways        []Way          `json:"ways"`
	Gates       map[Act][]Fact `json:"gates"`
	// OnePersonForMoney lets who proposes a match also confirm it (D-7).
	OnePersonForMoney bool       `json:"one_person_for_money" rule:"money"`
	ReviewWaiting     bool       `json:"review_waiting"` // S-1: review products whose deposit is not covered
	Promise           Promise    `json:"promise"`
	Products          Products   `json:"products"`
	Revisions         Revisions  `json:"revisions"` // S-2
	Reports           Reports    `json:"reports"`   // security reports of images
	Imports           Imports    `json:"imports"`   // products in bulk
	Checks            []Check    `json:"checks"`
	Reasons           []Reason   `json:"reasons"`
	ReceiptSeries     string     `json:"receipt_series"` // BZJ
	UploadBytes       int64      `json:"upload_bytes"`
	People            People     `json:"people"`         // signing in, members
	Violations        Violations `json:"violations"`     // penalties, D-11
	Amendments        Amendments `json:"amendments"`     // changes after signing
	Deposits          Deposits   `json:"deposits"`       // beside the amounts: D-3, D-8, D-12
	Statements        Statements `json:"statements"`     // of the bank, D-7
	Mailbox           Mailbox    `json:"mailbox"`        // mails about paid deposits, D-6
	Messages          []Wording  `json:"messages"`       // texts of messages that differ from the shipped ones
	Contracts         Contracts  `json:"contract_texts"` // what new contracts say
	Changes           Changes    `json:"changes"`
	Exit              Exit       `json:"exit"`      // leaving and payouts, X and D-10
	Oversight         Oversight  `json:"oversight"` // audit, reports, and what a company may take out
	Calendar          []WorkYear `json:"calendar"`  // holidays by year; working days are counted by it
	zone              *time.Location
}

// Location is the operator's time zone.
func (p Policy) Location() *time.Location {
	if p.zone == nil {
		return time.UTC
	}
	return p.zone
}

// Category finds a category; unknown is false.
func (p Policy) Category(id CategoryID) (Category, bool) {
	i := slices.IndexFunc(p.Categories, func(c Category) bool { return c.ID == id })
	if i < 0 {
		return Category{}, false
	}
	return p.Categories[i], true
}

// Condition finds an entry condition; unknown is false.
func (p Policy) Condition(id ConditionID) (Condition, bool) {
	i := slices.IndexFunc(p.Conditions, func(c Condition) bool { return c.ID == id })
	if i < 0 {
		return Condition{}, false
	}
	return p.Conditions[i], true
}

// Way finds a way to pay; unknown is false.
func (p Policy) Way(id string) (Way, bool) {
	i := slices.IndexFunc(p.Ways, func(w Way) bool { return w.ID == id })
	if i < 0 {
		return Way{}, false
	}
	return p.Ways[i], true
}

// Payee finds one of the operator's accounts; unknown is false.
func (p Policy) Payee(id string) (Payee, bool) {
	i := slices.IndexFunc(p.Payees, func(x Payee) bool { return x.ID == id })
	if i < 0 {
		return Payee{}, false
	}
	return p.Payees[i], true
}

// Deposit is the deposit that a set of categories asks for and the category that
// asks for it: the highest of them, the first where several are. Rule D-2 (就高).
func (p Policy) Deposit(categories []CategoryID) (money.Amount, CategoryID) {
	var highest Category
	for _, c := range p.Categories {
		if slices.Contains(categories, c.ID) && (highest.ID == "" || c.DepositFen > highest.DepositFen) {
			highest = c
		}
	}
	return highest.Deposit(), highest.ID
}

// ChecksFor lists the points of review of a delivery form.
func (p Policy) ChecksFor(f Form) []Check {
	var out []Check
	for _, c := range p.Checks {
		if len(c.Forms) == 0 || slices.Contains(c.Forms, f) {
			out = append(out, c)
		}
	}
	return out
}

// ReasonsFor lists the ready texts for a condition or check, the general ones last.
func (p Policy) ReasonsFor(id string) []Reason {
	var own, general []Reason
	for _, r := range p.Reasons {
		switch r.For {
		case id:
			own = append(own, r)
		case "":
			general = append(general, r)
		}
	}
	return append(own, general...)
}
