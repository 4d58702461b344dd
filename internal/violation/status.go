package violation

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a violation stands.
type Status string

// The statuses of a violation.
const (
	Recorded Status = "recorded" // waits for the decision of another person
	Dropped  Status = "dropped"  // nothing is done about it; the vendor was never told
	Decided  Status = "decided"  // told to the vendor, who may appeal
	Appealed Status = "appealed" // waits for the decision on the appeal
	Final    Status = "final"    // the time of appeal has ended
	Upheld   Status = "upheld"   // the appeal changed nothing
	Reduced  Status = "reduced"  // the appeal made the deduction less
	Revoked  Status = "revoked"  // the appeal undid it
)

// Statuses lists the statuses in the order of the story.
func Statuses() []Status {
	return []Status{Recorded, Dropped, Decided, Appealed, Final, Upheld, Reduced, Revoked}
}

// Label is the status's word for people.
func (s Status) Label() text.Key { return text.Key("violation.status_" + string(s)) }

// Label is the side's word for people.
func (s Side) Label() text.Key { return text.Key("violation.side_" + string(s)) }

// MeasureLabel is a measure's word for people.
func MeasureLabel(m policy.Measure) text.Key { return text.Key("violation.measure_" + string(m)) }

// Act is what can be done with a violation.
type Act string

// The acts on a violation.
const (
	ActConfirm Act = "confirm"
	ActDrop    Act = "drop"
	ActAppeal  Act = "appeal"
	ActEnd     Act = "end" // the time of appeal ran out
	ActUphold  Act = "uphold"
	ActReduce  Act = "reduce"
	ActRevoke  Act = "revoke"
)

// Acts lists the acts in the order of the story.
func Acts() []Act {
	return []Act{ActConfirm, ActDrop, ActAppeal, ActEnd, ActUphold, ActReduce, ActRevoke}
}

// Label is the act's word for people.
func (a Act) Label() text.Key { return text.Key("violation.act_" + string(a)) }

var moves = map[Status]map[Act]Status{
	Recorded: {ActConfirm: Decided, ActDrop: Dropped},
	Decided:  {ActAppeal: Appealed, ActEnd: Final},
	Appealed: {ActUphold: Upheld, ActReduce: Reduced, ActRevoke: Revoked},
}

// May reports whether the act is possible in the status.
func (s Status) May(a Act) bool { _, ok := moves[s][a]; return ok }

// Open reports whether something is still to be decided, or may be appealed against.
func (s Status) Open() bool { return len(moves[s]) > 0 }

// Next is the status after an act; what is not in the table is fault.Conflict.
func (s Status) Next(a Act) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Label(), a.Label()).Of("D-11")
}
