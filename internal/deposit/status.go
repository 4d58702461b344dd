package deposit

import (
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// VoucherStatus is where a voucher stands.
type VoucherStatus string

// The statuses of a voucher.
const (
	VoucherPresented VoucherStatus = "presented"
	VoucherConfirmed VoucherStatus = "confirmed" // the money it tells of was received
	VoucherRefused   VoucherStatus = "refused"   // with a reason
	VoucherTakenBack VoucherStatus = "taken_back"
)

// VoucherStatuses lists the statuses in the order of the story.
func VoucherStatuses() []VoucherStatus {
	return []VoucherStatus{VoucherPresented, VoucherConfirmed, VoucherRefused, VoucherTakenBack}
}

// Label is the status's word for people.
func (s VoucherStatus) Label() text.Key { return text.Key("deposit.status_" + string(s)) }

// VoucherAct is what can be done with a voucher.
type VoucherAct string

// The acts on a voucher.
const (
	ConfirmVoucher  VoucherAct = "confirm"
	RefuseVoucher   VoucherAct = "refuse"
	TakeBackVoucher VoucherAct = "take_back"
)

// VoucherActs lists the acts.
func VoucherActs() []VoucherAct { return []VoucherAct{ConfirmVoucher, RefuseVoucher, TakeBackVoucher} }

// Label is the act's word for people.
func (a VoucherAct) Label() text.Key { return text.Key("deposit.act_" + string(a)) }

var moves = map[VoucherStatus]map[VoucherAct]VoucherStatus{
	VoucherPresented: {
		ConfirmVoucher:  VoucherConfirmed,
		RefuseVoucher:   VoucherRefused,
		TakeBackVoucher: VoucherTakenBack,
	},
}

// Next is the status after an act; what is not in the table is fault.Conflict.
func (s VoucherStatus) Next(a VoucherAct) (VoucherStatus, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return "", fault.New(fault.Conflict, "fault.wrong_state", s.Label(), a.Label())
}
