// Package product is goods: what a vendor offers, in one of four delivery forms
// (rule S-4), from the first draft over the review by the operator's staff to the
// shelf and off it again (rules S-1, S-3, O-5, O-7, O-8). It owns the tables
// product, product_review, product_revision and
// product_thumb. What buyers see is catalog's: a copy shaped for
// reading, written here when a product goes on the shelf. Whether a vendor may
// create or shelve is concluded by onboarding.
package product

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Product is a product as it stands on the vendor's desk.
type Product struct {
	ID          string
	VendorID    string
	Status      Status
	Content     Content
	Revision    int64 // rises with every edit
	MadeAt      time.Time
	ChangedAt   time.Time
	SubmittedAt time.Time // zero before the first submission
	QueuedAt    time.Time // since when it waits for a reviewer; zero while it does not
	ShelvedAt   time.Time // when it last went on the shelf
	Holder      string    // account id of the reviewer who has it, "" without
	HeldAt      time.Time
	PromisedAt  time.Time    // by when the review was promised; zero while it waits for none
	OffReason   string       // why staff took it off the shelf
	OffRule     string       // which rule that was for
	OffMend     string       // what would mend it
	OffCause    Cause        // why it left the shelf by itself
	ReportOn    calendar.Day // of the security report of what was approved last; no day for other forms
	ReportTold  int64        // how many days before its end the vendor was last reminded; -1 is of the end itself
}

// Cause is why a product left the shelf by itself; "" is by somebody's act.
type Cause string

// ReportExpired is an image whose security report is too old.
const ReportExpired Cause = "report"

// notTold is ReportTold of a report of which nobody was reminded yet.
const notTold = 100_000

// Content is all that a vendor says of a product.
type Content struct {
	Category      policy.CategoryID `json:"category"`
	Form          policy.Form       `json:"form"`
	Code          string            `json:"code"` // the vendor's own, "" without; each once in a company
	Name          string            `json:"name"`
	Tags          []string          `json:"tags"`
	Summary       string            `json:"summary"`
	Details       string            `json:"details"` // Markdown
	AfterSales    string            `json:"after_sales"`
	BuiltOn       string            `json:"built_on"`       // id of one of the operator's products, E-4
	Agreement     Agreement         `json:"agreement"`      // which service agreement the buyer accepts
	AgreementFile string            `json:"agreement_file"` // file id, of the vendor's own
	Document      string            `json:"document"`       // file id of what the buyer may read
	Pictures      []string          `json:"pictures"`       // file ids, the first is on the card
	Plans         []Plan            `json:"plans"`
	Image         Image             `json:"image,omitzero"` // of these four, the one of the form counts
	SaaS          SaaS              `json:"saas,omitzero"`
	Service       Service           `json:"service,omitzero"`
	API           API               `json:"api,omitzero"`
}

// Agreement is a choice of service agreement.
type Agreement string

// The service agreements.
const (
	Standard Agreement = "standard" // the marketplace's
	Own      Agreement = "own"      // the vendor's, as a file
)

// Plan is one offer with its price.
type Plan struct {
	Name     string       `json:"name"`
	Unit     policy.Unit  `json:"unit"`
	Span     int64        `json:"span"`     // how many units, or how many uses
	Original money.Amount `json:"original"` // before reduction
	Sale     money.Amount `json:"sale"`     // what the buyer pays
}

// Image is a server image.
type Image struct {
	Version   string       `json:"version"`
	OS        string       `json:"os"`
	Software  []string     `json:"software"`
	Machine   string       `json:"machine"` // the recommended machine
	Report    string       `json:"report"`  // file id of the security report
	Scanner   string       `json:"scanner"` // which made the report
	ScannedOn calendar.Day `json:"scanned_on"`
}

// Delivery is how ready software reaches the buyer.
type Delivery string

// The deliveries of ready software.
const (
	Automatic Delivery = "automatic" // at once, by a message to the vendor's system
	Centre    Delivery = "centre"    // by people, in the delivery centre
)

// SaaS is ready software.
type SaaS struct {
	Delivery  Delivery `json:"delivery"`
	NotifyURL string   `json:"notify_url"` // where orders are announced; never shown to buyers
	Site      string   `json:"site"`       // where it can be seen, may be empty
	Trial     bool     `json:"trial"`
	TrialDays int64    `json:"trial_days"`
}

// Service is people's work.
type Service struct {
	Days          int64  `json:"days"`           // until it is delivered
	Requirement   string `json:"requirement"`    // what the buyer is asked to state
	AskedFirst    bool   `json:"asked_first"`    // before the order, not after it
	VendorDoes    bool   `json:"vendor_does"`    // the vendor carries it out
	BuyerConfirms bool   `json:"buyer_confirms"` // the buyer accepts the result
}

// API is an interface sold by packages of calls.
type API struct {
	Gateway   string `json:"gateway"`    // base address; never shown to buyers
	Methods   string `json:"methods"`    // Markdown
	TestFirst bool   `json:"test_first"` // may be tried before buying
}

// Named is the data of an event of a product.
type Named struct {
	Name     string            `json:"name"`
	Category policy.CategoryID `json:"category"`
}

// SubmittedData tells whether the product waits for the deposit.
type SubmittedData struct {
	Named
	Waiting bool `json:"waiting"`
}

// RejectedData tells which checks were not met.
type RejectedData struct {
	Named
	Checks []string `json:"checks"`
}

// Events of a product; the subject is its id.
var (
	Drafted   = event.Kind[Named]{Name: "product.drafted"}
	Submitted = event.Kind[SubmittedData]{Name: "product.submitted"}
	Queued    = event.Kind[Named]{Name: "product.queued"} // its deposit came: it waits for a reviewer
	TakenBack = event.Kind[Named]{Name: "product.taken_back"}
	Claimed   = event.Kind[event.None]{Name: "product.claimed", Internal: true}
	Released  = event.Kind[event.None]{Name: "product.released", Internal: true}
	Passed    = event.Kind[Named]{Name: "product.approved"}
	Refused   = event.Kind[RejectedData]{Name: "product.rejected"}
	Shelved   = event.Kind[Named]{Name: "product.shelved"}
	Unshelved = event.Kind[Named]{Name: "product.unshelved"}
	Removed   = event.Kind[RemovedData]{Name: "product.taken_off"}
	Lifted    = event.Kind[Named]{Name: "product.lifted"}
)

// RemovedData tells for which rule the operator took a product off.
type RemovedData struct {
	Named
	Rule string `json:"rule"`
}

func (p Product) named() Named { return Named{p.Content.Name, p.Content.Category} }

func (p Product) about() event.About { return event.About{Subject: p.ID, VendorID: p.VendorID} }
