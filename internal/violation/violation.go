// Package violation is what vendors do against the management rules and what is
// done about it: recorded by one of the staff with rule and evidence, decided by
// another, told to the vendor, who may appeal to a third (rule D-11). A deduction
// is taken from the deposit by deposit, a product taken off the shelf by product;
// here it is decided, and a shop whose top-up is overdue is closed. It owns the
// tables violation and violation_file.
package violation

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Violation is one violation of one vendor.
type Violation struct {
	ID          string
	VendorID    string
	ProductID   string // "" where no product is concerned
	Status      Status
	Offence     policy.Offence // as the policy said when it was recorded
	Measure     policy.Measure
	Proposed    money.Amount // of a deduction: by who recorded it
	Amount      money.Amount // of a deduction: as decided, less what an appeal took off
	Description string
	RecordedBy  string // account id; "" for the vendor's people, as are the two below
	RecordedAt  time.Time
	DecidedBy   string
	DecidedAt   time.Time
	Decision    string    // the reason of the decision
	AppealBy    time.Time // until when the vendor may appeal
	Appeal      string    // its text; "" without
	AppealedBy  string    // account id of the vendor's person
	AppealedAt  time.Time
	JudgedBy    string
	JudgedAt    time.Time
	Judgement   string            // the reason of the decision on the appeal
	PromisedBy  time.Time         // when what waits for staff is to be decided
	Deducted    *deposit.Deducted // what became of a deduction; nil while nothing was taken
}

// Owed is what of a deduction is still owed, since less was held.
func (v Violation) Owed() money.Amount {
	if v.Deducted == nil {
		return money.CNY(0)
	}
	return v.Deducted.Owed()
}

// Side is whose turn it is.
type Side string

// The sides.
const (
	Staff   Side = "staff"   // of any role that records, but another person
	Finance Side = "finance" // for money, another person
	Vendor  Side = "vendor"  // may appeal
	Third   Side = "third"   // a third person decides on the appeal
	Nobody  Side = "nobody"
)

// Waiting is whose turn it is, since when, and by when it is promised or possible.
func (v Violation) Waiting() (who Side, since, until time.Time) {
	switch v.Status {
	case Recorded:
		if v.Measure == policy.Deduction {
			return Finance, v.RecordedAt, v.PromisedBy
		}
		return Staff, v.RecordedAt, v.PromisedBy
	case Decided:
		return Vendor, v.DecidedAt, v.AppealBy
	case Appealed:
		return Third, v.AppealedAt, v.PromisedBy
	}
	return Nobody, time.Time{}, time.Time{}
}

// Data is what the events of a violation hold.
type Data struct {
	Offence string         `json:"offence"`
	Measure policy.Measure `json:"measure"`
	Fen     int64          `json:"fen,omitempty"`
}

// DecidedData is what the event of a decision holds.
type DecidedData struct {
	Data
	TakenFen int64      `json:"taken_fen,omitempty"`
	OwedFen  int64      `json:"owed_fen,omitempty"`
	AppealBy *time.Time `json:"appeal_by,omitempty"`
	TopUpBy  *time.Time `json:"top_up_by,omitempty"`
}

// JudgedData is what the event of a decided appeal holds.
type JudgedData struct {
	DecidedData
	Outcome Outcome `json:"outcome"`
	BackFen int64   `json:"back_fen,omitempty"` // given back, or no longer owed
}

// Events of a violation; the subject is its id. The vendor hears of a violation
// when it is decided, not before.
var (
	WasRecorded = event.Kind[Data]{Name: "violation.recorded", Internal: true}
	WasDropped  = event.Kind[Data]{Name: "violation.dropped", Internal: true}
	WasDecided  = event.Kind[DecidedData]{Name: "violation.decided"}
	WasAppealed = event.Kind[Data]{Name: "violation.appealed"}
	WasJudged   = event.Kind[JudgedData]{Name: "violation.judged"}
	BecameFinal = event.Kind[DecidedData]{Name: "violation.final"}
	Collected   = event.Kind[DecidedData]{Name: "violation.collected"} // what was owed
)

func (v Violation) about() event.About { return event.About{Subject: v.ID, VendorID: v.VendorID} }

func (v Violation) data() Data { return Data{v.Offence.ID, v.Measure, v.Amount.Fen} }

// outcome is the data of an event that took money, or not.
func (v Violation) outcome() DecidedData {
	out := DecidedData{Data: v.data()}
	if v.Status == Decided {
		out.AppealBy = &v.AppealBy
	}
	if d := v.Deducted; d != nil {
		out.TakenFen, out.OwedFen = d.Taken.Fen, d.Owed().Fen
		if d.Open.Fen > 0 {
			out.TopUpBy = &d.TopUpBy
		}
	}
	return out
}
