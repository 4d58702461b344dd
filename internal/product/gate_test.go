package product_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var (
	clerk  = yunshitest.Staff("acc_clerk", access.Finance)
	chief  = yunshitest.Staff("acc_chief", access.Finance)
	number atomic.Int64
)

// qualified approves the vendor for categories.
func (s *stand) qualified(t testing.TB, categories ...policy.CategoryID) *stand {
	t.Helper()
	yunshitest.Qualify(t, s.d, s.owner.VendorID, policy.Platform, categories...)
	return s
}

// signed puts the vendor's contract in force.
func (s *stand) signed(t testing.TB) *stand {
	t.Helper()
	yunshitest.Contract(t, s.d, s.owner.VendorID, yunshitest.Terms{})
	return s
}

// covered lets the vendor's transfer of the deposit arrive and be confirmed.
func (s *stand) covered(t testing.TB) *stand {
	t.Helper()
	ctx := context.Background()
	var state deposit.State
	yunshitest.Write(t, s.d, func(tx *db.Tx) (err error) {
		if err = deposit.EnsureRequest(ctx, tx, access.SystemActor("test"), event.Ref{VendorID: s.owner.VendorID}); err == nil {
			state, err = deposit.Load(ctx, tx, s.owner.VendorID)
		}
		return err
	})
	lines := yunshitest.Import(t, s.d, clerk, int(number.Add(1)), yunshitest.Movement{Fen: state.Required.Fen, Remark: state.Reference, Payer: s.company, Account: "110912345678901"})
	yunshitest.Write(t, s.d, func(tx *db.Tx) error {
		_, err := deposit.Confirm(ctx, tx, chief, deposit.Confirmation{LineID: lines[0].ID, VendorID: s.owner.VendorID, Reason: "已与付款方核对无误"})
		return err
	})
	return s
}

// trading is a vendor that may put products of the categories on the shelf.
func (s *stand) trading(t testing.TB, categories ...policy.CategoryID) *stand {
	t.Helper()
	return s.qualified(t, categories...).signed(t).covered(t)
}
