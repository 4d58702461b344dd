package deposit

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Events of the queue of vouchers.
var (
	VoucherClaimed  = event.Kind[event.None]{Name: "deposit.voucher_claimed", Internal: true}
	VoucherReleased = event.Kind[event.None]{Name: "deposit.voucher_released", Internal: true}
)

// ClaimVoucher takes a voucher that waits for the person alone to look into, so that no two
// do; one that another has is fault.Conflict.
func ClaimVoucher(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Voucher, error) {
	v, err := inQueue(ctx, tx, by, in.ID)
	if err != nil {
		return Voucher{}, err
	}
	switch v.Holder {
	case by.ID:
		return v, nil
	case "":
	default:
		return Voucher{}, fault.New(fault.Conflict, "deposit.voucher_held")
	}
	v.Holder, v.HeldAt = by.ID, tx.Now()
	err = tx.Move(ctx, `UPDATE deposit_voucher SET holder = $1, held_at = $2 WHERE id = $3 AND status = 'presented' AND holder = ''`, v.Holder, v.HeldAt, v.ID)
	if err != nil {
		return Voucher{}, err
	}
	return v, VoucherClaimed.Append(ctx, tx, by, v.about(), event.None{})
}

// ReleaseVoucher gives a claimed voucher back to the queue; only who has it may.
func ReleaseVoucher(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Voucher, error) {
	v, err := inQueue(ctx, tx, by, in.ID)
	if err != nil {
		return Voucher{}, err
	}
	switch v.Holder {
	case by.ID:
	case "":
		return Voucher{}, fault.New(fault.Conflict, "deposit.voucher_not_claimed")
	default:
		return Voucher{}, fault.New(fault.Conflict, "deposit.voucher_held")
	}
	v.Holder, v.HeldAt = "", zero
	if err := tx.Move(ctx, `UPDATE deposit_voucher SET holder = '', held_at = NULL WHERE id = $1 AND holder = $2`, v.ID, by.ID); err != nil {
		return Voucher{}, err
	}
	return v, VoucherReleased.Append(ctx, tx, by, v.about(), event.None{})
}

func inQueue(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Voucher, error) {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return Voucher{}, err
	}
	v, err := voucherByID(ctx, tx, id)
	if err == nil && v.Status != VoucherPresented {
		return Voucher{}, fault.New(fault.Conflict, "deposit.voucher_over", v.Status.Label())
	}
	return v, err
}
