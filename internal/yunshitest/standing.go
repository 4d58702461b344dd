// Package yunshitest makes what stands before the part of the story that a test is
// about: vendors approved for categories, people, statements of the bank.
package yunshitest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Staff is a member of the operator's staff with the given roles.
func Staff(id string, roles ...access.Role) access.Actor {
	return access.Actor{Kind: access.Staff, ID: id, Roles: roles}
}

// Owner is the owner of a vendor's company.
func Owner(vendorID string) access.Actor {
	return access.Actor{Kind: access.Member, ID: "acc_owner_" + vendorID, VendorID: vendorID, Roles: []access.Role{access.Owner}}
}

// Write runs do in one transaction; an error ends the test.
func Write(t testing.TB, d *db.DB, do func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

// Read runs do in one reading transaction; an error ends the test.
func Read(t testing.TB, d *db.DB, do func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

var vendors atomic.Int64

// Vendor makes a company with an approved profile and no category.
func Vendor(t testing.TB, d *db.DB) vendor.Vendor {
	t.Helper()
	n := vendors.Add(1)
	c := vendor.Company{
		Name: fmt.Sprintf("测试软件%d（北京）有限公司", n), Type: "有限责任公司", LegalPerson: "王芳", Capital: money.CNY(500000000),
		Contact: vendor.Contact{Name: "王芳", Phone: "+8613800138000", Mail: "wang@example.com"}, ServiceMail: "service@example.com",
		Account: vendor.BankAccount{Holder: fmt.Sprintf("测试软件%d（北京）有限公司", n), Bank: "招商银行", Branch: "北京示例支行", Province: "北京市", City: "北京市",
			Number: fmt.Sprintf("1109%011d", n), CNAPS: "308100005027"},
	}
	var v vendor.Vendor
	Write(t, d, func(tx *db.Tx) error {
		id := tx.NewID("ven")
		_, err := tx.Exec(context.Background(), `INSERT INTO vendor (id, made_by, made_at) VALUES ($1, $2, $3)`, id, "acc_owner_"+id, tx.Now())
		if err != nil {
			return err
		}
		if err := vendor.Update(context.Background(), tx, access.SystemActor("test"), id, c); err != nil {
			return err
		}
		v, err = vendor.Load(context.Background(), tx, id)
		return err
	})
	return v
}

// Qualify approves a vendor for categories, as a review would.
func Qualify(t testing.TB, d *db.DB, vendorID string, mode policy.Mode, categories ...policy.CategoryID) {
	t.Helper()
	ctx := context.Background()
	Write(t, d, func(tx *db.Tx) error {
		app, sub := "app_"+vendorID, tx.NewID("sub")
		_, err := tx.Exec(ctx, `
			INSERT INTO application (id, vendor_id, status, version, draft, saved_at, saved_by, mode, contract_since) VALUES ($1, $2, 'decided', 1, '', $3, '', $4, $3)
			ON CONFLICT (id) DO UPDATE SET mode = excluded.mode, version = application.version + 1`, app, vendorID, tx.Now(), string(mode))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO submission (id, application_id, vendor_id, number, paper, mode, categories, agreements, submitted_by, submitted_at, address)
			SELECT $1, $2, $3, COUNT(*) + 1, '', $4, '[]', '[]', '', $5, '' FROM submission WHERE application_id = $2`, sub, app, vendorID, string(mode), tx.Now())
		if err != nil {
			return err
		}
		for _, c := range categories {
			_, err := tx.Exec(ctx, `
				INSERT INTO qualification (vendor_id, category, status, submission_id, changed_at, approved_at) VALUES ($1, $2, 'approved', $3, $4, $4)`,
				vendorID, string(c), sub, tx.Now())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Terms are what a test's contract says; the zero value is platform mode.
type Terms struct {
	Mode    policy.Mode
	Deposit money.Amount // resale: the contract's own (M-3)
	Status  contract.Status
	Months  int
}

// Contract makes a contract of the vendor, by default one that is in force for a year.
func Contract(t testing.TB, d *db.DB, vendorID string, terms Terms) {
	t.Helper()
	if terms.Mode == "" {
		terms.Mode = policy.Platform
	}
	if terms.Status == "" {
		terms.Status = contract.InForce
	}
	if terms.Months == 0 {
		terms.Months = 12
	}
	Write(t, d, func(tx *db.Tx) error {
		var signed, until time.Time
		if terms.Status == contract.InForce {
			signed, until = tx.Now(), tx.Now().AddDate(0, terms.Months, 0)
		}
		_, err := tx.Exec(context.Background(), `
			INSERT INTO contract (id, vendor_id, number, status, template, lang, mode, fee_basis_points, deposit_fen, currency, fixed_deposit, months,
				categories, terms, particulars, offered_by, offered_at, signed_at, until)
			VALUES ($1, $2, $1, $3, '1.0', 'zh-CN', $4, 1000, $5, 'CNY', $6, $7, '[]', '', '', '', $8, $9, $10)`,
			tx.NewID("con"), vendorID, string(terms.Status), string(terms.Mode), terms.Deposit.Fen, terms.Mode == policy.Resale, terms.Months,
			tx.Now(), signed, until)
		if err != nil {
			return err
		}
		return qualification.AwaitContract(context.Background(), tx, vendorID, until)
	})
}
