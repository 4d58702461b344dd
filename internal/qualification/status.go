package qualification

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where an application stands.
type Status string

// The statuses of an application.
const (
	Draft       Status = "draft"     // being filled in; nothing lies before a reviewer
	Waiting     Status = "submitted" // waits for a reviewer
	InReview    Status = "in_review" // a reviewer has it
	SentBack    Status = "returned"  // back with the vendor, with named items
	DecidedUpon Status = "decided"   // every category of it was approved or refused
)

// Act is what can be done with an application.
type Act string

// The acts on an application.
const (
	ActSave     Act = "save"
	ActSubmit   Act = "submit"
	ActTakeBack Act = "take_back"
	ActClaim    Act = "claim"
	ActRelease  Act = "release"
	ActDecide   Act = "decide" // approve or refuse every category
	ActSendBack Act = "return" // send at least one back to the vendor
)

var moves = map[Status]map[Act]Status{
	Draft:       {ActSave: Draft, ActSubmit: Waiting},
	Waiting:     {ActTakeBack: Draft, ActClaim: InReview},
	InReview:    {ActTakeBack: Draft, ActRelease: Waiting, ActDecide: DecidedUpon, ActSendBack: SentBack},
	SentBack:    {ActSave: SentBack, ActSubmit: Waiting},
	DecidedUpon: {ActSave: DecidedUpon, ActSubmit: Waiting},
}

// Statuses lists the statuses of an application in the order of the story.
func Statuses() []Status { return []Status{Draft, Waiting, InReview, SentBack, DecidedUpon} }

// Acts lists the acts on an application in the order of the story.
func Acts() []Act {
	return []Act{ActSave, ActSubmit, ActTakeBack, ActClaim, ActRelease, ActDecide, ActSendBack}
}

// Name is the word of the status for people.
func (s Status) Name() text.Key { return text.Key("qualification.status_" + string(s)) }

// Next is the status after an act; one that is not possible is fault.Conflict.
func (s Status) Next(a Act) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Name(), text.Key("qualification.act_"+string(a))).Of("O-3")
}

// CategoryStatus is where a vendor stands with one category (C-3).
type CategoryStatus string

// The statuses of a category.
const (
	Applied   CategoryStatus = "applied"   // before the reviewer
	Qualified CategoryStatus = "approved"  // qualified
	Refused   CategoryStatus = "refused"   // may be applied for again
	Returned  CategoryStatus = "returned"  // back with the vendor
	Withdrawn CategoryStatus = "withdrawn" // taken back, or left out of the next submission
	// CategoryEnded is one that was qualified until the cooperation ended.
	CategoryEnded CategoryStatus = "ended"
)

// CategoryAct is what can be done with a category.
type CategoryAct string

// The acts on a category. The decisions of a reviewer are Approve, Refuse and Return.
const (
	Apply    CategoryAct = "apply"
	Approve  CategoryAct = "approve"
	Refuse   CategoryAct = "refuse"
	Return   CategoryAct = "return"
	Withdraw CategoryAct = "withdraw"
	// EndCategory ends a qualified one with the cooperation.
	EndCategory CategoryAct = "end"
)

// A category never applied for has the status "".
var categoryMoves = map[CategoryStatus]map[CategoryAct]CategoryStatus{
	"":        {Apply: Applied},
	Applied:   {Approve: Qualified, Refuse: Refused, Return: Returned, Withdraw: Withdrawn},
	Refused:   {Apply: Applied},
	Returned:  {Apply: Applied, Withdraw: Withdrawn},
	Withdrawn: {Apply: Applied},
	Qualified: {EndCategory: CategoryEnded},

	CategoryEnded: {Apply: Applied},
}

// CategoryStatuses lists the statuses of a category, that of one never applied for first.
func CategoryStatuses() []CategoryStatus {
	return []CategoryStatus{"", Applied, Qualified, Refused, Returned, Withdrawn, CategoryEnded}
}

// CategoryActs lists the acts on a category.
func CategoryActs() []CategoryAct {
	return []CategoryAct{Apply, Approve, Refuse, Return, Withdraw, EndCategory}
}

// Name is the word of the status for people.
func (s CategoryStatus) Name() text.Key {
	if s == "" {
		return "qualification.category_none"
	}
	return text.Key("qualification.category_" + string(s))
}

// Next is the status after an act; one that is not possible is fault.Conflict.
func (s CategoryStatus) Next(a CategoryAct) (CategoryStatus, error) {
	if to, ok := categoryMoves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Name(), text.Key("qualification.category_act_"+string(a))).Of("C-3")
}
