package deposit_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var (
	number  atomic.Int64
	ctx     = context.Background()
	clerk   = yunshitest.Staff("acc_clerk", access.Finance) // imports
	chief   = yunshitest.Staff("acc_chief", access.Finance) // confirms
	auditor = yunshitest.Staff("acc_auditor", access.Auditor)
	program = access.SystemActor("test")
)

// sign puts a contract in force and asks for the deposit.
func sign(t testing.TB, d *db.DB, vendorID string, terms yunshitest.Terms) {
	t.Helper()
	yunshitest.Contract(t, d, vendorID, terms)
	ensure(t, d, vendorID)
}

func ensure(t testing.TB, d *db.DB, vendorID string) {
	t.Helper()
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		return deposit.EnsureRequest(ctx, tx, program, event.Ref{VendorID: vendorID})
	})
}

// asked is a vendor that is approved for the categories, has signed, and is asked to pay.
func asked(t testing.TB, d *db.DB, categories ...policy.CategoryID) vendor.Vendor {
	t.Helper()
	v := yunshitest.Vendor(t, d)
	yunshitest.Qualify(t, d, v.ID, policy.Platform, categories...)
	sign(t, d, v.ID, yunshitest.Terms{})
	return v
}

func state(t testing.TB, d *db.DB, vendorID string) deposit.State {
	t.Helper()
	var s deposit.State
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		s, err = deposit.Load(ctx, tx, vendorID)
		return err
	})
	return s
}

// paid imports a transfer by the vendor's own account and returns its line.
func paid(t testing.TB, d *db.DB, v vendor.Vendor, fen int64) payment.Line {
	t.Helper()
	return yunshitest.Import(t, d, clerk, int(number.Add(1)), yunshitest.Movement{
		Fen: fen, Remark: "保证金 " + state(t, d, v.ID).Reference, Payer: v.Company.Name, Account: v.Company.Account.Number})[0]
}

func confirm(d *db.DB, by access.Actor, in deposit.Confirmation) (r deposit.Receipt, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		r, err = deposit.Confirm(ctx, tx, by, in)
		return err
	})
	return r, err
}

func mustConfirm(t testing.TB, d *db.DB, l payment.Line, reason string) deposit.Receipt {
	t.Helper()
	r, err := confirm(d, chief, deposit.Confirmation{LineID: l.ID, VendorID: l.Subject, Reason: reason})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// voucherFile keeps a document for the vendor.
func voucherFile(t testing.TB, d *db.DB, vendorID string) string {
	t.Helper()
	var f file.File
	yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
		f, err = file.Keep(ctx, tx, yunshitest.Owner(vendorID), file.Upload{Name: "回单.pdf", Type: file.PDF, Size: 1, SHA256: tx.NewID("x")}, vendorID, file.Voucher)
		return err
	})
	return f.ID
}

func present(d *db.DB, by access.Actor, in deposit.Paper) (v deposit.Voucher, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		v, err = deposit.Present(ctx, tx, by, in)
		return err
	})
	return v, err
}

// sound checks that the books are sound: ledger, lines and receipts.
func sound(t testing.TB, d *db.DB) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		for _, verify := range []func(context.Context, *db.Tx) (int64, []string, error){ledger.Verify, payment.Verify, deposit.Verify} {
			_, wrong, err := verify(ctx, tx)
			if err != nil {
				return err
			}
			for _, w := range wrong {
				t.Error(w)
			}
		}
		return nil
	})
}

func files(t testing.TB) *file.Files {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return file.New(store, dbtest.Vault())
}

func yuan(n int64) money.Amount { return money.CNY(n * 100) }

// operation is an operation of the core.
type operation[I, O any] func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (O, error)
