package amendment

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a request stands.
type Status string

// The statuses of a request.
const (
	Checking    Status = "checking"  // an account: a second person of the vendor is to check it
	Waiting     Status = "submitted" // waits for the staff
	InReview    Status = "in_review" // somebody of the staff has it
	Pausing     Status = "cooling"   // an account: approved, and not in effect yet
	Done        Status = "decided"   // in effect, in whole or in part
	Refused     Status = "refused"
	TakenBack   Status = "withdrawn"
	StoppedDead Status = "stopped" // an account: stopped during the pause
)

// Act is what can be done with a request.
type Act string

// The acts on a request.
const (
	ActCheck    Act = "check"
	ActWithdraw Act = "withdraw"
	ActClaim    Act = "claim"
	ActRelease  Act = "release"
	ActSettle   Act = "settle" // approved, in whole or in part
	ActRefuse   Act = "refuse"
	ActCool     Act = "cool" // an account is approved
	ActStop     Act = "stop"
	ActEffect   Act = "effect" // the pause is over
)

var moves = map[Status]map[Act]Status{
	Checking:    {ActCheck: Waiting, ActWithdraw: TakenBack},
	Waiting:     {ActClaim: InReview, ActWithdraw: TakenBack},
	InReview:    {ActRelease: Waiting, ActWithdraw: TakenBack, ActSettle: Done, ActRefuse: Refused, ActCool: Pausing},
	Pausing:     {ActStop: StoppedDead, ActEffect: Done},
	Done:        {},
	Refused:     {},
	TakenBack:   {},
	StoppedDead: {},
}

// Statuses lists the statuses in the order of the story.
func Statuses() []Status {
	return []Status{Checking, Waiting, InReview, Pausing, Done, Refused, TakenBack, StoppedDead}
}

// Acts lists the acts in the order of the story.
func Acts() []Act {
	return []Act{ActCheck, ActWithdraw, ActClaim, ActRelease, ActSettle, ActRefuse, ActCool, ActStop, ActEffect}
}

// Name is the word of the status for people.
func (s Status) Name() text.Key { return text.Key("amendment.status_" + string(s)) }

// Open reports whether something is still to happen with the request.
func (s Status) Open() bool {
	return s == Checking || s == Waiting || s == InReview || s == Pausing
}

// Waits reports whether the request lies before the staff.
func (s Status) Waits() bool { return s == Waiting || s == InReview }

// Next is the status after an act; one that is not possible is fault.Conflict.
func (s Status) Next(a Act) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Name(), text.Key("amendment.act_"+string(a)))
}

// Can reports whether an act is possible now.
func (s Status) Can(a Act) bool { _, ok := moves[s][a]; return ok }
