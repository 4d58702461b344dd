package yunshitest

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

var movements atomic.Int64

// Pay transfers from the vendor's own account, imports the line and has a second
// person confirm it.
func Pay(t testing.TB, d *db.DB, v vendor.Vendor, fen int64) deposit.Receipt {
	t.Helper()
	ctx := context.Background()
	var s deposit.State
	Read(t, d, func(tx *db.Tx) (err error) {
		s, err = deposit.Load(ctx, tx, v.ID)
		return err
	})
	lines := Import(t, d, Staff("acc_import", access.Finance), 1_000_000+int(movements.Add(1)), Movement{
		Fen: fen, Remark: "保证金 " + s.Reference, Payer: v.Company.Name, Account: v.Company.Account.Number})
	var r deposit.Receipt
	Write(t, d, func(tx *db.Tx) (err error) {
		r, err = deposit.Confirm(ctx, tx, Staff("acc_confirm", access.Finance), deposit.Confirmation{LineID: lines[0].ID, VendorID: v.ID, Reason: "测试确认到账"})
		return err
	})
	return r
}

// Trading makes a vendor that is qualified for the categories, under contract and covered.
func Trading(t testing.TB, d *db.DB, categories ...policy.CategoryID) vendor.Vendor {
	t.Helper()
	v := Vendor(t, d)
	Qualify(t, d, v.ID, policy.Platform, categories...)
	Contract(t, d, v.ID, Terms{})
	Ask(t, d, v.ID)
	due, _ := policy.Shipped().Deposit(categories)
	Pay(t, d, v, due.Fen)
	return v
}

// Ask has the deposit asked for, as the reaction to a signed contract does.
func Ask(t testing.TB, d *db.DB, vendorID string) {
	t.Helper()
	Write(t, d, func(tx *db.Tx) error {
		return deposit.EnsureRequest(context.Background(), tx, access.SystemActor("test"), event.Ref{VendorID: vendorID})
	})
}
