// Package exit is the end of a cooperation (退出): asked for by the vendor, come by
// the end of the term, or ordered by the operator as an eviction (rules ).
// It takes the products off the shelf, ends the contract, lists what blocks the
// return of the deposit, orders the return and says when all is done (D-10). It
// owns the table exit; each of those things is done by the package that owns it.
package exit

import (
	"time"

	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Exit is one vendor's way out.
type Exit struct {
	ID          string
	Number      string // TC-2026-000001
	VendorID    string
	Kind        Kind
	Status      Status
	Reason      string // the vendor's own, or what the operator tells it
	ViolationID string // of an eviction: rule, evidence and appeal
	AskedBy     string // account, or the job
	AskedAt     time.Time
	ApprovedBy  string // of an eviction
	ApprovedAt  time.Time
	EndBy       time.Time // when the contract ends by itself; till then the vendor may stay
	EndedAt     time.Time // when the contract ended
	ClearAt     time.Time // when the last of what stops the clock fell away
	DueBy       time.Time // by when the deposit is returned (D-10)
	ReleasedAt  time.Time
	Released    money.Amount // deposit and overpayment together
	FinishedAt  time.Time
	ClosedBy    string // who withdrew it
	ClosedWhy   string
}

// Overdue reports whether the deposit should have been returned by now. Rule D-10.
func (e Exit) Overdue(now time.Time) bool {
	return e.Status.Open() && !e.DueBy.IsZero() && now.After(e.DueBy)
}

// Data is what the events of an exit hold.
type Data struct {
	Number    string     `json:"number"`
	Kind      Kind       `json:"kind"`
	Products  int        `json:"products,omitempty"` // that left the shelf
	Fen       int64      `json:"fen,omitempty"`
	EndBy     *time.Time `json:"end_by,omitempty"`
	DueBy     *time.Time `json:"due_by,omitempty"`
	Violation string     `json:"violation,omitempty"`
}

// Events of an exit; the subject is its id. Begun is the one to which those react
// who serve buyers: the vendor's products have left the shelf, and who runs one of
// them is to be told.
var (
	Begun      = event.Kind[Data]{Name: "exit.begun"}
	TakenBack  = event.Kind[Data]{Name: "exit.withdrawn"}
	Ended      = event.Kind[Data]{Name: "exit.contract_ended"}
	Cleared    = event.Kind[Data]{Name: "exit.cleared"}
	Released   = event.Kind[Data]{Name: "exit.released"}
	Finished   = event.Kind[Data]{Name: "exit.finished"}
	Ordered    = event.Kind[Data]{Name: "exit.eviction_ordered", Internal: true}
	Discarded  = event.Kind[Data]{Name: "exit.eviction_dropped", Internal: true}
	Superseded = event.Kind[Data]{Name: "exit.replaced", Internal: true}
)

func (e Exit) about() event.About { return event.About{Subject: e.ID, VendorID: e.VendorID} }

func (e Exit) data() Data {
	d := Data{Number: e.Number, Kind: e.Kind, Fen: e.Released.Fen, Violation: e.ViolationID}
	if e.Status == Asked {
		d.EndBy = &e.EndBy
	}
	if !e.DueBy.IsZero() {
		d.DueBy = &e.DueBy
	}
	return d
}
