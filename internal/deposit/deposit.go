// Package deposit is the money a vendor leaves with the operator as a guarantee
// (保证金): how much is asked and why, the vouchers that vendors present, the
// confirmation that a transfer was received, the receipt, and which categories are
// covered by what is held (rules D-1 to D-9, D-12). It owns the tables deposit,
// deposit_cover, deposit_voucher and deposit_receipt; the amounts held stand in the
// ledger. What a covered category allows is decided by onboarding.
package deposit

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// State is what is known of a vendor's deposit at one moment.
type State struct {
	VendorID   string
	Known      bool              // whether it can be said yet what is required
	Required   money.Amount      // over all approved categories (D-2), or the contract's own (M-3)
	RequiredBy policy.CategoryID // the category that asks for it; "" where the contract does
	Held       money.Amount
	Missing    money.Amount // what is required beyond what is held, never negative
	Overpaid   money.Amount // held apart until it is decided on (D-12)
	Approved   []policy.CategoryID
	Covered    []policy.CategoryID // rule D-3
	TopUpBy    time.Time           // after a deduction, the earliest clock that runs (D-11); zero otherwise
	TopUp      money.Amount        // still to be topped up after deductions
	Owed       money.Amount        // of deductions, which more than was held was decided for
	ClosedAt   time.Time           // when the shop was closed because the top-up was overdue; zero while it is open
	MakeUpBy   time.Time           // until when to pay again what fell away without a violation; zero otherwise
	Asks       []Ask               // by each approved category
	Why        Why                 // so much is asked for
	Reference  string              // for the transfer's remark; "" until the contract is signed
	AskedAt    time.Time           // when the deposit was asked for; zero before
	Vouchers   int                 // that wait for the operator
	PromisedBy time.Time           // when the first of them is to be decided
	Contract   contract.Contract   // that the deposit rests on; zero where none was offered
}

// Covers reports whether a category is covered. Rule D-3.
func (s State) Covers(c policy.CategoryID) bool {
	for _, have := range s.Covered {
		if have == c {
			return true
		}
	}
	return false
}

// Ask is what one approved category asks of the deposit. Rule D-3.
type Ask struct {
	Category policy.CategoryID
	Deposit  money.Amount
	Covered  bool
	Missing  money.Amount // until it is covered, or stays so
	Until    calendar.Day // it stays covered without; zero where there is no such day
}

// Receipt is the operator's word that a deposit was received (收据, rule D-8); it is
// also the record of the confirmation.
type Receipt struct {
	ID          string
	Number      string // BZJ-2026-000123
	Code        string // opens the public page of verification
	VendorID    string
	LineID      string // of the bank statement
	ShareID     string // the share of that line; "" is all of it
	VoucherID   string // "" where none was presented
	Amount      money.Amount
	Held        money.Amount // of the amount: as deposit
	Excess      money.Amount // of the amount: overpaid
	PaidOn      calendar.Day
	IssuedOn    calendar.Day
	Way         string // by its id in the policy; "" where no voucher says
	Payer       string // the company
	Remitter    string // who paid in fact, if that was another
	Payee       string // the operator, as its bank account is held
	Courier     Courier
	Reason      string // why finance staff decided for a doubtful line (D-5)
	ConfirmedBy string // account
	ConfirmedAt time.Time
	FileID      string // the PDF; "" until it is made
	VoidedBy    string // account; "" while the receipt holds
	VoidedAt    time.Time
	VoidReason  string
	VoidFileID  string // the PDF with the mark 作废; "" until it is made
}

// Void reports whether the receipt holds no more. Its number is not given again.
func (r Receipt) Void() bool { return !r.VoidedAt.IsZero() }

// Target is the line, or the share of one, that the receipt is for.
func (r Receipt) Target() string {
	if r.ShareID != "" {
		return r.ShareID
	}
	return r.LineID
}

// Courier is where the receipt on paper goes.
type Courier struct {
	Address   string `json:"address"`
	Recipient string `json:"recipient"`
	Phone     string `json:"phone"`
}

// AskedData is what the event of an asked deposit holds.
type AskedData struct {
	DueFen      int64             `json:"due_fen"`
	Category    policy.CategoryID `json:"category,omitempty"`
	Why         Why               `json:"why,omitempty"`
	RequiredFen int64             `json:"required_fen,omitempty"`
	HeldFen     int64             `json:"held_fen,omitempty"`
	By          time.Time         `json:"by,omitzero"` // to make up for what fell away
}

// ConfirmedData is what the event of a confirmed deposit holds.
type ConfirmedData struct {
	Line      string              `json:"line"`
	Number    string              `json:"number"`
	HeldFen   int64               `json:"held_fen"`
	ExcessFen int64               `json:"excess_fen"`
	LeftFen   int64               `json:"left_fen,omitempty"` // still missing afterwards
	FeeFen    int64               `json:"fee_fen,omitempty"`  // of the voucher, gone in bank fees
	Doubtful  bool                `json:"doubtful"`
	Covered   []policy.CategoryID `json:"covered,omitempty"` // newly
}

// CoveredData names the categories that became covered.
type CoveredData struct {
	Categories []policy.CategoryID `json:"categories"`
}

// VoucherData is what the events of a voucher hold.
type VoucherData struct {
	Fen    int64  `json:"fen"`
	Way    string `json:"way"`
	Letter string `json:"letter,omitempty"` // of the mail that staff entered it from
}

// Events of a deposit. The subject of Confirmed and Issued is the receipt.
var (
	Asked     = event.Kind[AskedData]{Name: "deposit.asked"}
	Presented = event.Kind[VoucherData]{Name: "deposit.voucher_presented"}
	Refused   = event.Kind[VoucherData]{Name: "deposit.voucher_refused"}
	TakenBack = event.Kind[VoucherData]{Name: "deposit.voucher_taken_back"}
	Confirmed = event.Kind[ConfirmedData]{Name: "deposit.confirmed"}
	Covered   = event.Kind[CoveredData]{Name: "deposit.covered"} // without a payment of its own, D-3
	Issued    = event.Kind[event.None]{Name: "receipt.issued"}
)
