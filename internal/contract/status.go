package contract

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a contract stands.
type Status string

// The statuses of a contract. That its term has run out is a fact (InTerm), not a status.
const (
	Preparing  Status = "preparing" // offered; its document is being made
	AtVendor   Status = "offered"   // the vendor is to sign
	AtOffice   Status = "scanned"   // signed on paper; staff are to confirm it
	InForce    Status = "signed"    // signed by both
	TakenBack  Status = "withdrawn" // withdrawn before it was signed
	Superseded Status = "replaced"  // a later contract was signed
	Ended      Status = "ended"     // the cooperation ended
)

// Act is what can be done with a contract.
type Act string

// The acts on a contract.
const (
	ActRender   Act = "render"
	ActSign     Act = "sign"    // online, by the vendor's owner
	ActUpload   Act = "upload"  // the signed paper
	ActReturn   Act = "return"  // the scan is not accepted
	ActConfirm  Act = "confirm" // the scan is accepted
	ActWithdraw Act = "withdraw"
	ActReplace  Act = "replace" // a later contract is signed
	ActEnd      Act = "end"     // the cooperation ends
)

var moves = map[Status]map[Act]Status{
	Preparing:  {ActRender: AtVendor, ActWithdraw: TakenBack},
	AtVendor:   {ActSign: InForce, ActUpload: AtOffice, ActWithdraw: TakenBack},
	AtOffice:   {ActUpload: AtOffice, ActReturn: AtVendor, ActConfirm: InForce, ActWithdraw: TakenBack},
	InForce:    {ActReplace: Superseded, ActEnd: Ended},
	TakenBack:  {},
	Superseded: {},
	Ended:      {},
}

// Statuses lists the statuses of a contract in the order of the story.
func Statuses() []Status {
	return []Status{Preparing, AtVendor, AtOffice, InForce, TakenBack, Superseded, Ended}
}

// Acts lists the acts on a contract in the order of the story.
func Acts() []Act {
	return []Act{ActRender, ActSign, ActUpload, ActReturn, ActConfirm, ActWithdraw, ActReplace, ActEnd}
}

// Name is the word of the status for people.
func (s Status) Name() text.Key { return text.Key("contract.status_" + string(s)) }

// Open reports whether the contract still waits to be signed.
func (s Status) Open() bool { return s == Preparing || s == AtVendor || s == AtOffice }

// Next is the status after an act; one that is not possible is fault.Conflict.
func (s Status) Next(a Act) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Name(), text.Key("contract.act_"+string(a))).Of("O-4")
}

// Can reports whether an act is possible now.
func (s Status) Can(a Act) bool { _, ok := moves[s][a]; return ok }
