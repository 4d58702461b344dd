package payout

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a payout stands.
type Status string

// The statuses of a payout.
const (
	Ordered   Status = "ordered"   // a second person is to approve it
	Approved  Status = "approved"  // goes into the next payment file
	Filed     Status = "filed"     // stands in a payment file
	Paid      Status = "paid"      // the debit stands on the bank statement
	SentBack  Status = "sent_back" // the bank returned it (退汇) or refused it: the account is to be corrected
	Cancelled Status = "cancelled"
)

// Act is what can be done with a payout.
type Act string

// The acts on a payout.
const (
	ActApprove Act = "approve"
	ActFile    Act = "file"
	ActUnfile  Act = "unfile" // its file was rejected
	ActRefuse  Act = "refuse" // the bank refused this one of its file
	ActPay     Act = "pay"
	ActBounce  Act = "bounce"
	ActCorrect Act = "correct" // the account, after a return or before it was sent
	ActCancel  Act = "cancel"
)

var moves = map[Status]map[Act]Status{
	Ordered:   {ActApprove: Approved, ActCorrect: Ordered, ActCancel: Cancelled},
	Approved:  {ActFile: Filed, ActPay: Paid, ActCorrect: Ordered, ActCancel: Cancelled},
	Filed:     {ActUnfile: Approved, ActRefuse: SentBack, ActPay: Paid},
	Paid:      {ActBounce: SentBack},
	SentBack:  {ActCorrect: Ordered, ActCancel: Cancelled},
	Cancelled: {},
}

// Statuses lists the statuses of a payout in the order of the story.
func Statuses() []Status { return []Status{Ordered, Approved, Filed, Paid, SentBack, Cancelled} }

// Acts lists the acts on a payout in the order of the story.
func Acts() []Act {
	return []Act{ActApprove, ActFile, ActUnfile, ActRefuse, ActPay, ActBounce, ActCorrect, ActCancel}
}

// Open reports whether money is still to go out.
func (s Status) Open() bool { return s != Paid && s != Cancelled }

// Label is the status's word for people.
func (s Status) Label() text.Key { return text.Key("payout.status_" + string(s)) }

// Label is the act's word for people.
func (a Act) Label() text.Key { return text.Key("payout.act_" + string(a)) }

// Can reports whether an act is possible now.
func (s Status) Can(a Act) bool { _, ok := moves[s][a]; return ok }

// Next is the status after an act; what is not in the table is fault.Conflict.
func (s Status) Next(a Act) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Label(), a.Label()).Of("D-10")
}
