// Package payout is the money that the operator sends out: ordered by one person or
// a job, approved by another, put into a payment file for the bank, and matched to
// the debit on the imported statement; what the bank returns (退汇) is opened again
// (rules D-10 and D-12). It owns the tables payout, payout_batch, payout_batch_item,
// payout_proposal and payout_movement. Why money is owed, and to whom, is decided
// by the packages that order it.
package payout

import (
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Purpose is what a payout is for.
type Purpose string

// The purposes of payouts.
const (
	DepositReturn      Purpose = "deposit-return"      // of a vendor that left (D-10)
	OverpaymentReturn  Purpose = "overpayment-return"  // of what was paid too much (D-12)
	UnidentifiedReturn Purpose = "unidentified-return" // of a payment nobody can be found for
)

// Purposes lists the purposes.
func Purposes() []Purpose { return []Purpose{DepositReturn, OverpaymentReturn, UnidentifiedReturn} }

// Label is the purpose's word for people.
func (p Purpose) Label() text.Key {
	return text.Key("payout.purpose_" + strings.ReplaceAll(string(p), "-", "_"))
}

// Account is the account that a payout goes to.
type Account struct {
	Name   string `json:"name"`   // its holder
	Number string `json:"number"` // digits
	Bank   string `json:"bank"`   // with its branch
	CNAPS  string `json:"cnaps,omitempty"`
}

// Masked hides the number but for its end.
func (a Account) Masked() Account {
	a.Number = vault.MaskAccount(a.Number)
	return a
}

// Order asks for a payout.
type Order struct {
	Subject string // whose money it is, as a vendor's id; "" where that is unknown
	Purpose Purpose
	Amount  money.Amount
	To      Account
	From    ledger.Account
	Paper   string // id of what causes it; one payout for each and purpose, until it is cancelled
	Remark  string // for the payee, on its statement; "" is the purpose
}

// Payout is money on its way out.
type Payout struct {
	ID         string
	Reference  string // stands in the payment file and in the remark
	Subject    string
	Purpose    Purpose
	Status     Status
	Amount     money.Amount
	To         Account
	From       string // account of the ledger
	Paper      string
	Remark     string
	AskedBy    string // account, or the job
	AskedAt    time.Time
	ApprovedBy string
	ApprovedAt time.Time
	BatchID    string // the live payment file it stands in
	LineID     string // the debit on the statement
	PaidAt     time.Time
	Bounces    int    // how often the bank returned it
	Reason     string // of the last return, correction or cancellation
}

// Data is what the events of a payout hold.
type Data struct {
	Fen     int64   `json:"fen"`
	Purpose Purpose `json:"purpose"`
	Paper   string  `json:"paper,omitempty"`
	Batch   string  `json:"batch,omitempty"`
	Line    string  `json:"line,omitempty"`
}

// Events of a payout; the subject is the payout, of FileMade and FileRejected the payment file.
var (
	Asked        = event.Kind[Data]{Name: "payout.asked"}
	Passed       = event.Kind[Data]{Name: "payout.approved", Internal: true}
	Sent         = event.Kind[Data]{Name: "payout.filed", Internal: true}
	Settled      = event.Kind[Data]{Name: "payout.paid"}
	Bounced      = event.Kind[Data]{Name: "payout.bounced"}
	Corrected    = event.Kind[Data]{Name: "payout.corrected", Internal: true}
	Dropped      = event.Kind[Data]{Name: "payout.cancelled"}
	FileMade     = event.Kind[FileData]{Name: "payout.file_made", Internal: true}
	FileRejected = event.Kind[FileData]{Name: "payout.file_rejected", Internal: true}
)

// FileData is what the events of a payment file hold.
type FileData struct {
	Number  string `json:"number"`
	Payouts int    `json:"payouts"`
	Fen     int64  `json:"fen"`
	SHA256  string `json:"sha256,omitempty"`
}

// zero is no time.
var zero time.Time

func (p Payout) about() event.About { return event.About{Subject: p.ID, VendorID: p.Subject} }

func (p Payout) data() Data {
	return Data{Fen: p.Amount.Fen, Purpose: p.Purpose, Paper: p.Paper, Batch: p.BatchID, Line: p.LineID}
}
