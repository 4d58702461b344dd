package product

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a product stands (rule S-1).
type Status string

// The statuses of a product.
const (
	Draft    Status = "draft"     // 草稿
	Waiting  Status = "waiting"   // 待保证金: submitted, its category not covered by the deposit
	InReview Status = "in_review" // 审核中
	Approved Status = "approved"  // approved, a gate to the shelf not met
	Rejected Status = "rejected"  // 驳回
	OnShelf  Status = "on_shelf"  // 已上架
	OffShelf Status = "off_shelf" // 下架 by the vendor
	TakenOff Status = "taken_off" // 下架 by the operator
)

// Act is what can be done with a product.
type Act string

// The acts on a product.
const (
	ActEdit     Act = "edit"
	ActSubmit   Act = "submit" // for review
	ActWait     Act = "wait"   // submitted, for the deposit first
	ActQueue    Act = "queue"  // the deposit came
	ActTakeBack Act = "take_back"
	ActClaim    Act = "claim"
	ActRelease  Act = "release"
	ActApprove  Act = "approve"
	ActReject   Act = "reject"
	ActShelve   Act = "shelve"
	ActUnshelve Act = "unshelve"
	ActTakeOff  Act = "take_off"
	ActRevise   Act = "revise" // change what was approved, by a revision (S-2)
	ActLift     Act = "lift"   // let it back that the operator took off
)

var moves = map[Status]map[Act]Status{
	Draft:    {ActEdit: Draft, ActSubmit: InReview, ActWait: Waiting},
	Waiting:  {ActQueue: InReview, ActTakeBack: Draft},
	InReview: {ActTakeBack: Draft, ActClaim: InReview, ActRelease: InReview, ActApprove: Approved, ActReject: Rejected},
	Approved: {ActShelve: OnShelf, ActRevise: Approved},
	Rejected: {ActEdit: Draft, ActSubmit: InReview, ActWait: Waiting},
	OnShelf:  {ActUnshelve: OffShelf, ActTakeOff: TakenOff, ActRevise: OnShelf},
	OffShelf: {ActShelve: OnShelf, ActTakeOff: TakenOff, ActRevise: OffShelf},
	TakenOff: {ActSubmit: InReview, ActWait: Waiting, ActRevise: TakenOff, ActLift: Approved},
}

// Statuses lists the statuses of a product in the order of the story.
func Statuses() []Status {
	return []Status{Draft, Waiting, InReview, Approved, Rejected, OnShelf, OffShelf, TakenOff}
}

// Acts lists the acts on a product in the order of the story.
func Acts() []Act {
	return []Act{ActEdit, ActSubmit, ActWait, ActQueue, ActTakeBack, ActClaim, ActRelease, ActApprove, ActReject, ActShelve, ActUnshelve, ActTakeOff, ActRevise, ActLift}
}

// Name is the word of the status for people.
func (s Status) Name() text.Key { return text.Key("product.status_" + string(s)) }

// Name is the word of the act for people.
func (a Act) Name() text.Key { return text.Key("product.act_" + string(a)) }

// May reports whether the act is possible in the status.
func (s Status) May(a Act) bool { _, ok := moves[s][a]; return ok }

// Next is the status after an act; one that is not possible is fault.Conflict. Rule S-1.
func (s Status) Next(a Act) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Name(), a.Name()).Of("S-1")
}
