package exit

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Kind is how a cooperation comes to its end.
type Kind string

// The kinds of exit.
const (
	Wish     Kind = "wish"     // the vendor asks to leave
	Term     Kind = "term"     // the term of the contract ended and was not renewed
	Eviction Kind = "eviction" // the operator ends it
)

// Kinds lists the kinds.
func Kinds() []Kind { return []Kind{Wish, Term, Eviction} }

// Label is the kind's word for people.
func (k Kind) Label() text.Key { return text.Key("exit.kind_" + string(k)) }

// Status is where an exit stands.
type Status string

// The statuses of an exit.
const (
	Proposed  Status = "proposed"  // an eviction that waits for a second person
	Asked     Status = "asked"     // products are off the shelf; the contract still holds
	Leaving   Status = "leaving"   // the contract has ended; what blocks the return is seen to
	Returning Status = "returning" // the deposit is on its way back
	Done      Status = "left"      // nothing is held any more
	Withdrawn Status = "withdrawn" // the vendor stays, or another exit came in its place
)

// Act is what can be done with an exit.
type Act string

// The acts on an exit.
const (
	ActApprove  Act = "approve"
	ActWithdraw Act = "withdraw"
	ActEnd      Act = "end"     // the contract
	ActRelease  Act = "release" // the deposit
	ActFinish   Act = "finish"
	ActReplace  Act = "replace" // by an eviction
)

var moves = map[Status]map[Act]Status{
	Proposed:  {ActApprove: Leaving, ActWithdraw: Withdrawn},
	Asked:     {ActEnd: Leaving, ActWithdraw: Withdrawn, ActReplace: Withdrawn},
	Leaving:   {ActRelease: Returning, ActFinish: Done, ActReplace: Withdrawn},
	Returning: {ActRelease: Returning, ActFinish: Done, ActReplace: Withdrawn},
	Done:      {},
	Withdrawn: {},
}

// Statuses lists the statuses in the order of the story.
func Statuses() []Status { return []Status{Proposed, Asked, Leaving, Returning, Done, Withdrawn} }

// Acts lists the acts in the order of the story.
func Acts() []Act { return []Act{ActApprove, ActWithdraw, ActEnd, ActRelease, ActFinish, ActReplace} }

// Open reports whether the exit is under way.
func (s Status) Open() bool { return s == Asked || s == Leaving || s == Returning }

// Label is the status's word for people.
func (s Status) Label() text.Key { return text.Key("exit.status_" + string(s)) }

// Label is the act's word for people.
func (a Act) Label() text.Key { return text.Key("exit.act_" + string(a)) }

// Can reports whether an act is possible now.
func (s Status) Can(a Act) bool { _, ok := moves[s][a]; return ok }

// Next is the status after an act; what is not in the table is fault.Conflict.
func (s Status) Next(a Act) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Label(), a.Label()).Of("X-1")
}
