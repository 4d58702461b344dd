package deposit

import (
	"cmp"
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/reference"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// EnsureRequest is the reaction to a signed contract, a decided application and a
// changed profile: it asks the vendor for what is missing of its deposit, with a
// reference of its own, tells payment what to expect, and covers what is covered
// by what is held already. Before the contract is signed it does nothing (O-6).
func EnsureRequest(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return err
	}
	if err := vendor.Lock(ctx, tx, e.VendorID); err != nil {
		return err
	}
	f, err := load(ctx, tx, e.VendorID)
	if err != nil || !f.signed() || !f.state.Known {
		return err
	}
	if f.row, err = ask(ctx, tx, by, f); err != nil {
		return err
	}
	if err := announce(ctx, tx, f); err != nil {
		return err
	}
	if err := f.cover(ctx, tx, by); err != nil {
		return err
	}
	return f.toppedUp(ctx, tx, by, f.held.Fen, 0) // where no more is asked for than is held
}

// ask notes what is due and for which category, and says so when it became more. Rule D-3.
func ask(ctx context.Context, tx *db.Tx, by access.Actor, f facts) (row, error) {
	want := f.row
	want.vendorID, want.dueFen, want.dueFor, want.askedAt = f.state.VendorID, f.state.Missing.Fen, f.state.RequiredBy, tx.Now()
	want.why, want.reminded, want.remindAt = f.why(), 0, f.policy.Reminder(tx.Now(), 0)
	fresh := f.row.reference == ""
	switch {
	case fresh:
		ref, err := reference.New(tx.Random())
		if err != nil {
			return want, err
		}
		want.reference = ref
		if err := insertRow(ctx, tx, want); err != nil {
			return want, err
		}
	case want.dueFen == f.row.dueFen && want.dueFor == f.row.dueFor:
		return f.row, nil
	default:
		if want.dueFen <= f.row.dueFen { // less: what was asked stands as it was
			want.why, want.askedAt, want.reminded, want.remindAt = f.row.why, f.row.askedAt, f.row.reminded, f.row.remindAt
		}
		if err := saveDue(ctx, tx, f.row, want); err != nil {
			return want, err
		}
	}
	if want.dueFen == 0 || !fresh && want.dueFen <= f.row.dueFen {
		return want, nil
	}
	return want, Asked.Append(ctx, tx, by, event.About{Subject: want.vendorID, VendorID: want.vendorID}, f.asked(want, f.held))
}

// why is the cause of a request: the first one, a category that was not covered
// yet, or one whose deposit was raised.
func (f facts) why() Why {
	switch {
	case f.row.reference == "":
		return WhyFirst
	case slices.Contains(f.noted, f.state.RequiredBy):
		return WhyPolicy
	}
	return WhyCategory
}

// announce tells payment who is expected to pay how much, with the remitters and
// the way that the presented vouchers name.
func announce(ctx context.Context, tx *db.Tx, f facts) error {
	v, err := vendor.Load(ctx, tx, f.state.VendorID)
	if err != nil {
		return err
	}
	vouchers, err := presentedBy(ctx, tx, f.state.VendorID)
	if err != nil {
		return err
	}
	a := payment.Announcement{
		Subject: f.state.VendorID, Reference: f.row.reference, PayerName: v.Company.Name, PayerAccount: v.Company.Account.Number,
		Remitters: remitters(vouchers), Expected: f.state.Missing,
	}
	if n := len(vouchers); n > 0 {
		a.Way = vouchers[n-1].Way
		if w, ok := f.policy.Way(a.Way); ok && !w.Here(vouchers[n-1].City) {
			a.Elsewhere = cmp.Or(vouchers[n-1].City, "?")
		}
	}
	return payment.Announce(ctx, tx, a)
}

// cover notes which approved categories are covered by what is held (D-3), where
// that came about without a payment: by an approval that raises nothing, or a
// contract that asks for nothing (M-3).
func (f facts) cover(ctx context.Context, tx *db.Tx, by access.Actor) error {
	categories := f.newlyCovered(f.policy, f.held, f.noted)
	if len(categories) == 0 {
		return nil
	}
	if err := insertCovered(ctx, tx, f.state.VendorID, categories); err != nil {
		return err
	}
	return Covered.Append(ctx, tx, by, event.About{Subject: f.state.VendorID, VendorID: f.state.VendorID}, CoveredData{categories})
}
