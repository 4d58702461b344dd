// Package contract is the contract between operator and vendor: the offer made
// out from a template by version, its document, its signing online or on paper,
// and how long it holds (rules M, O-4, O-5). Fee, deposit, term and mode are fixed
// by the contract and recorded with it. The package owns the tables contract,
// contract_claim and contract_series. What the vendor may do with a contract in
// force is concluded by onboarding, the money by deposit, the mail by notify.
package contract

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Lang is in which languages a contract is written.
type Lang string

// The languages of a contract. In both, the Chinese text prevails.
const (
	ZH   Lang = "zh-CN"
	EN   Lang = "en"
	Both Lang = "both"
)

// Langs lists the languages a contract may be written in.
func Langs() []Lang { return []Lang{ZH, EN, Both} }

// Name is the language's name for people.
func (l Lang) Name() text.Key {
	switch l {
	case EN:
		return "contract.lang_en"
	case Both:
		return "contract.lang_both"
	}
	return "contract.lang_zh"
}

// texts are the languages of the document's parts, in their order.
func (l Lang) texts() []text.Lang {
	switch l {
	case EN:
		return []text.Lang{text.EN}
	case Both:
		return []text.Lang{text.ZH, text.EN}
	}
	return []text.Lang{text.ZH}
}

// Way is how a contract was signed.
type Way string

// The ways of signing (O-4).
const (
	Online  Way = "online"
	OnPaper Way = "paper"
)

// Name is the way's name for people.
func (w Way) Name() text.Key { return text.Key("contract.way_" + string(w)) }

// Contract is a contract from its offer on.
type Contract struct {
	ID             string
	VendorID       string
	Number         string
	Status         Status
	Template       string // the version of the text
	Lang           Lang
	Mode           policy.Mode
	FeeBasisPoints int64        // of the actual amount; 1000 is 10 %
	Deposit        money.Amount // as the document names it
	FixedDeposit   bool         // resale: the deposit is the contract's own (M-3)
	Months         int
	Kind           Kind                // why it was offered beside an earlier one; "" is a first
	Renews         string              // the contract whose term it continues
	BeginsAt       time.Time           // of a renewal: when its term begins; zero is the moment of signing
	Categories     []policy.CategoryID // approved when it was offered
	Terms          string              // supplementary terms
	OfferedBy      string
	OfferedAt      time.Time
	FileID         string // the document; "" until it is rendered
	FileHash       string // SHA-256 of the document, hexadecimal
	RenderedAt     time.Time
	ScanFileID     string // the signed paper as uploaded
	ScanAt         time.Time
	ScanBy         string
	ScanReason     string // why the last scan was not accepted
	Way            Way
	SignedAt       time.Time // on paper: the beginning of the day written on it
	SignedBy       string    // the account; on paper, who uploaded the scan
	ConfirmedAt    time.Time // on paper: when staff confirmed it
	Until          time.Time // the last moment of the term
	Evidence       Evidence  // of an online signature
	SignedFileID   string    // the sealed document, or the scan; "" until it is sealed
	SealedAt       time.Time
	EndedAt        time.Time // withdrawn, or replaced by a later contract
	EndReason      string
}

// Evidence is what is kept of an online signature (O-4).
type Evidence struct {
	Name    string    `json:"name"`
	Phone   string    `json:"phone"` // masked
	Channel string    `json:"channel"`
	Account string    `json:"account"`
	Address string    `json:"address"` // IP
	At      time.Time `json:"at"`
	Hash    string    `json:"hash"` // of the document that was signed
}

// InTerm reports whether the contract is signed, not replaced, and its term has not
// run out. Rule O-8.
func InTerm(c Contract, now time.Time) bool {
	return c.Status == InForce && !c.SignedAt.IsZero() && !now.Before(c.Begins()) && !now.After(c.Until)
}

// Begins is when the term begins: at the signature, or where it continues another
// contract, when that one's term has ended.
func (c Contract) Begins() time.Time {
	if c.BeginsAt.After(c.SignedAt) {
		return c.BeginsAt
	}
	return c.SignedAt
}

// until is the last moment of a term: the end of the day that corresponds to the
// day of signing, by calendar months, in the operator's zone.
func until(signed calendar.Day, months int, zone *time.Location) time.Time {
	return signed.AddMonths(months).AddDays(1).Time(zone).Add(-time.Microsecond).UTC()
}

// Rate writes the fee for people: 10%, 12.5%.
func (c Contract) Rate() string { return rateText(c.FeeBasisPoints) }

// Events of a contract; the subject is the contract's id, of the last two the vendor's.
var (
	Offered      = event.Kind[OfferedData]{Name: "contract.offered"}
	Rendered     = event.Kind[DocumentData]{Name: "contract.rendered"}
	ScanUploaded = event.Kind[DocumentData]{Name: "contract.scan_uploaded"}
	ScanReturned = event.Kind[event.None]{Name: "contract.scan_returned"}
	Signed       = event.Kind[SignedData]{Name: "contract.signed"}
	Sealed       = event.Kind[DocumentData]{Name: "contract.sealed"}
	Withdrawn    = event.Kind[event.None]{Name: "contract.withdrawn"}
	Replaced     = event.Kind[ReplacedData]{Name: "contract.replaced"}
	Began        = event.Kind[event.None]{Name: "contract.began"} // the term of a renewal
	Claimed      = event.Kind[event.None]{Name: "contract.claimed", Internal: true}
	Released     = event.Kind[event.None]{Name: "contract.released", Internal: true}
)

// OfferedData tells what was offered.
type OfferedData struct {
	Number         string      `json:"number"`
	Template       string      `json:"template"`
	Mode           policy.Mode `json:"mode"`
	FeeBasisPoints int64       `json:"fee_basis_points"`
	DepositFen     int64       `json:"deposit_fen"`
	Months         int         `json:"months"`
}

// DocumentData names a document of a contract.
type DocumentData struct {
	File string `json:"file"`
	Hash string `json:"hash,omitempty"`
}

// SignedData tells how and for how long a contract was signed.
type SignedData struct {
	Number string    `json:"number"`
	Way    Way       `json:"way"`
	Hash   string    `json:"hash"` // of the document signed
	Until  time.Time `json:"until"`
}

// ReplacedData names the contract that came in its place.
type ReplacedData struct {
	By string `json:"by"`
}

// Current is the contract a vendor's facts rest on: the one in term; without one,
// the offer that lies before the vendor; without one, the last that was signed.
// A renewal counts from the moment in which the term before it ends, so that there
// is no gap. fault.NotFound if none was offered, or none but withdrawn ones.
func Current(ctx context.Context, tx *db.Tx, vendorID string) (Contract, error) {
	return one(ctx, tx, `
		WHERE vendor_id = $1 AND status IN ('preparing', 'offered', 'scanned', 'signed')
		ORDER BY CASE WHEN status <> 'signed' THEN 1 WHEN until >= $2 AND COALESCE(begins_at, signed_at) <= $2 THEN 0 ELSE 2 END, until DESC LIMIT 1`, vendorID, tx.Now())
}

// Load reads a contract; none is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Contract, error) {
	return one(ctx, tx, `WHERE id = $1`, id)
}

// open is the offer that lies before a vendor; fault.NotFound if there is none.
func open(ctx context.Context, tx *db.Tx, vendorID string) (Contract, error) {
	return one(ctx, tx, `WHERE vendor_id = $1 AND status IN ('preparing', 'offered', 'scanned')`, vendorID)
}

// offerBefore is open in words for the person who acts.
func offerBefore(ctx context.Context, tx *db.Tx, vendorID string) (Contract, error) {
	c, err := open(ctx, tx, vendorID)
	if fault.Is(err, fault.NotFound) {
		return c, fault.New(fault.Conflict, "contract.none_open").Of("O-4")
	}
	return c, err
}
