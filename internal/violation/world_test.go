package violation_test

import (
	"context"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var (
	ctx      = context.Background()
	program  = access.SystemActor("test")
	recorder = yunshitest.Staff("acc_recorder", access.Reviewer)
	cashier  = yunshitest.Staff("acc_cashier", access.Finance)
	judge    = yunshitest.Staff("acc_judge", access.Administrator)
	auditor  = yunshitest.Staff("acc_auditor", access.Auditor)
)

// act runs an operation in its own transaction.
func act[I any](d *db.DB, by access.Actor, op func(context.Context, *db.Tx, access.Actor, I) (violation.Violation, error), in I) (v violation.Violation, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		v, err = op(ctx, tx, by, in)
		return err
	})
	return v, err
}

// must is act that must succeed.
func must[I any](t testing.TB, d *db.DB, by access.Actor, op func(context.Context, *db.Tx, access.Actor, I) (violation.Violation, error), in I) violation.Violation {
	t.Helper()
	v, err := act(d, by, op, in)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// keep keeps a document of a vendor.
func keep(t testing.TB, d *db.DB, by access.Actor, vendorID string, purpose file.Purpose) string {
	t.Helper()
	var id string
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		f, err := file.Keep(ctx, tx, by, file.Upload{Name: "证据.png", Type: file.PNG, Size: 3, SHA256: "abc"}, vendorID, purpose)
		id = f.ID
		return err
	})
	return id
}

// paper is a violation that asks for a deduction.
func paper(t testing.TB, d *db.DB, v vendor.Vendor, fen int64) violation.Paper {
	t.Helper()
	return violation.Paper{VendorID: v.ID, Offence: "offline_trading", Measure: policy.Deduction, Amount: money.CNY(fen), Description: "客服引导用户加微信线下付款",
		Evidence: []string{keep(t, d, recorder, v.ID, file.Violation)}}
}

// decided is a deduction that was decided on.
func decided(t testing.TB, d *db.DB, v vendor.Vendor, fen int64) violation.Violation {
	t.Helper()
	x := must(t, d, recorder, violation.Record, paper(t, d, v, fen))
	return must(t, d, cashier, violation.Decide, violation.Decision{ID: x.ID, Outcome: violation.Confirm, Reason: "证据充分"})
}

func objection(id string) violation.Objection {
	return violation.Objection{ID: id, Text: "该客服已离职，聊天记录并非我司人员"}
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

// sells puts a product of a vendor on the shelf, as a review would.
func sells(t testing.TB, d *db.DB, v vendor.Vendor, id string) product.Product {
	t.Helper()
	var p product.Product
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		body, err := db.JSON(product.Content{Category: "ops", Form: policy.ServiceForm, Name: "代运维 " + id, Plans: []product.Plan{{Name: "月", Unit: policy.Month, Span: 1, Original: money.CNY(900), Sale: money.CNY(900)}}}).Value()
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO product (id, vendor_id, category, form, name, status, content, revision, made_at, changed_at)
			VALUES ($1, $2, 'ops', 'service', $3, 'off_shelf', $4, 1, $5, $5)`, id, v.ID, "代运维 "+id, body, tx.Now())
		if err != nil {
			return err
		}
		p, err = product.Shelve(ctx, tx, yunshitest.Owner(v.ID), product.Chosen{ID: id})
		return err
	})
	return p
}

func status(t testing.TB, d *db.DB, productID string) product.Status {
	t.Helper()
	var p product.Product
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		p, err = product.Load(ctx, tx, productID)
		return err
	})
	return p.Status
}

// onShelf counts what buyers see of a vendor.
func onShelf(t testing.TB, d *db.DB, vendorID string) int {
	t.Helper()
	var n int
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		n, err = db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM shelf WHERE vendor_id = $1 AND live`, vendorID)
		return err
	})
	return n
}

// sound proves that deductions and ledger agree.
func sound(t testing.TB, d *db.DB) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		_, wrong, err := deposit.VerifyDeductions(ctx, tx)
		if err != nil {
			return err
		}
		_, more, err := ledger.Verify(ctx, tx)
		for _, w := range append(wrong, more...) {
			t.Error(w)
		}
		return err
	})
}
