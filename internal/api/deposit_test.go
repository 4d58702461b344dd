package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/client"
	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
	"github.com/yunshi-market/yunshi/internal/yunshitest/world"
)

// underContract is a person whose company signed and is asked for its deposit.
func underContract(t *testing.T, w *world.World, name, phone string, categories ...policy.CategoryID) (account.Account, vendor.Vendor) {
	t.Helper()
	a := approvedOwner(t, w, name, phone, policy.Platform, categories...)
	yunshitest.Contract(t, w.DB, a.VendorID, yunshitest.Terms{})
	yunshitest.Ask(t, w.DB, a.VendorID)
	var v vendor.Vendor
	w.Read(func(ctx context.Context, tx *db.Tx) (err error) {
		v, err = vendor.Load(ctx, tx, a.VendorID)
		return err
	})
	return a, v
}

func as(t *testing.T, w *world.World, a account.Account) *client.Client {
	t.Helper()
	return client.New(w.URL, client.WithToken(w.API(a).Token), client.WithLanguage("en"))
}

// refused ends the test unless the marketplace refused with the status.
func refused(t *testing.T, err error, status int) *client.Problem {
	t.Helper()
	var p *client.Problem
	if !errors.As(err, &p) || int(p.Status) != status {
		t.Fatalf("want a refusal with %d: %v", status, err)
	}
	return p
}

// The deposit from the request to the receipt, by our own client alone. Rules D-5 to
// D-8 and O-6 to O-8.
func TestDepositByAPI(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		w := world.Open(t, d)
		owner, v := underContract(t, w, "zhou", "13800138001", "api", "ops")
		vendorAPI := as(t, w, owner)
		clerk, chief := as(t, w, w.Staff("clerk", access.Finance)), as(t, w, w.Staff("chief", access.Finance))
		auditor := as(t, w, w.Staff("sun", access.Auditor))

		due, err := vendorAPI.GetDeposit(ctx)
		if err != nil || due.Missing.Fen != 500000 || due.RequiredBy != "ops" || len(due.Payees) != 1 || due.Payees[0].Account == "" || len(due.Ways) != 5 {
			t.Fatalf("due %+v, %v", due, err)
		}
		in, err := vendorAPI.GetOnboarding(ctx)
		if err != nil || in.Stage != "deposit" {
			t.Fatalf("onboarding %+v, %v", in, err)
		}
		for _, a := range in.Acts {
			if may := a.Act == "create_product"; a.May != may || !may && (a.Missing[0].Rule != "D-3" || a.Missing[0].Waiting != "vendor" || !strings.Contains(a.Missing[0].Mend, "CNY 5,000.00")) {
				t.Errorf("%s: %+v", a.Act, a)
			}
		}

		file, err := vendorAPI.Upload(ctx, "voucher", "回单.pdf", strings.NewReader("%PDF-1.7\nvoucher\n%%EOF\n"))
		if err != nil {
			t.Fatal(err)
		}
		paper := client.DepositPaper{Amount: client.AmountShape{Fen: 500000}, PaidOn: "2026-03-02", Way: "online", File: file.ID, AsksOpening: true, AsksReceipt: true}
		_, err = vendorAPI.PresentVoucher(ctx, paper)
		p := refused(t, err, http.StatusUnprocessableEntity)
		if len(p.Errors) != 3 || p.Errors[0].Pointer != "/courier_address" || p.Errors[0].Rule != "D-6" {
			t.Errorf("without a courier: %+v", p)
		}
		paper.CourierAddress, paper.Recipient, paper.RecipientPhone = "北京市海淀区某路 1 号", "李雷", "13800138000"
		voucher, err := vendorAPI.PresentVoucher(ctx, paper)
		if err != nil || voucher.Status != "presented" || voucher.RecipientPhone != "138****8000" {
			t.Fatalf("voucher %+v, %v", voucher, err)
		}

		body := yunshitest.StatementFile(1, yunshitest.Movement{Fen: 500000, Remark: due.Reference, Payer: v.Company.Name, Account: v.Company.Account.Number})
		_, err = auditor.ImportBankStatement(ctx, "main", "", "流水.csv", strings.NewReader(body))
		refused(t, err, http.StatusForbidden)
		_, err = clerk.ImportBankStatement(ctx, "main", "", "流水.csv", strings.NewReader(body+"20260302,09:00:02,,五千,x,y,z,C2\n"))
		if p := refused(t, err, http.StatusUnprocessableEntity); !strings.HasPrefix(p.Errors[0].Pointer, "/lines/3") {
			t.Errorf("a broken line: %+v", p)
		}
		statement, err := clerk.ImportBankStatement(ctx, "main", "cmb", "流水.csv", strings.NewReader(body))
		if err != nil || statement.Fresh != 1 || statement.Status != "imported" {
			t.Fatalf("statement %+v, %v", statement, err)
		}
		_, err = clerk.ImportBankStatement(ctx, "main", "", "流水.csv", strings.NewReader(body))
		refused(t, err, http.StatusConflict)

		lines, err := clerk.ListBankLines(ctx, client.ListBankLinesQuery{State: "certain"})
		if err != nil || len(lines.Items) != 1 || lines.Items[0].Vendor != v.ID || strings.Contains(lines.Items[0].PayerAccount, v.Company.Account.Number) {
			t.Fatalf("lines %+v, %v", lines, err)
		}
		confirm := client.DepositConfirmation{Vendor: v.ID}
		_, err = clerk.ConfirmBankLine(ctx, lines.Items[0].ID, confirm)
		if p := refused(t, err, http.StatusForbidden); p.Rule != "D-7" {
			t.Errorf("who imported confirms: %+v", p)
		}
		receipt, err := chief.ConfirmBankLine(ctx, lines.Items[0].ID, confirm)
		if err != nil || receipt.Number != "BZJ-2026-000001" || receipt.VoucherID != voucher.ID {
			t.Fatalf("receipt %+v, %v", receipt, err)
		}
		_, err = chief.ConfirmBankLine(ctx, lines.Items[0].ID, confirm)
		refused(t, err, http.StatusConflict)

		w.Drain()
		mine, err := vendorAPI.GetReceipt(ctx, receipt.ID)
		if err != nil || mine.File == "" {
			t.Fatalf("receipt %+v, %v", mine, err)
		}
		if pdf, err := vendorAPI.Download(ctx, mine.File); err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
			t.Errorf("the PDF: %d bytes, %v", len(pdf), err)
		}
		proof, err := client.New(w.URL).VerifyReceipt(ctx, receipt.Code)
		if err != nil || proof.Number != receipt.Number || strings.Contains(proof.Payer, "软件") {
			t.Errorf("proof %+v, %v", proof, err)
		}
		if in, err := vendorAPI.GetOnboarding(ctx); err != nil || in.Stage != "open" || len(in.Facts.Covered) != 2 {
			t.Errorf("at the end %+v, %v", in, err)
		}
	})
}

// Somebody else's papers are not there; what staff alone may see is refused.
func TestDepositOfOthersByAPI(t *testing.T) {
	ctx := t.Context()
	w := world.Open(t, dbtest.SQLite(t))
	zhou, v := underContract(t, w, "zhou", "13800138001", "api")
	wu, _ := underContract(t, w, "wu", "13800138002", "api")
	r := yunshitest.Pay(t, w.DB, v, 200000)
	other := as(t, w, wu)
	_, err := other.GetReceipt(ctx, r.ID)
	refused(t, err, http.StatusNotFound)
	_, err = other.ListBankLines(ctx, client.ListBankLinesQuery{})
	refused(t, err, http.StatusForbidden)
	_, err = other.GetVendorDeposit(ctx, v.ID)
	refused(t, err, http.StatusForbidden)
	_, err = client.New(w.URL).GetDeposit(ctx)
	refused(t, err, http.StatusUnauthorized)
	_, err = client.New(w.URL).VerifyReceipt(ctx, r.Number)
	refused(t, err, http.StatusNotFound)
	sun := as(t, w, w.Staff("sun", access.Auditor))
	all, err := sun.ListDeposits(ctx, client.ListDepositsQuery{})
	if err != nil || len(all.Items) != 2 || all.Items[1].Held.Fen != 200000 {
		t.Errorf("deposits %+v, %v", all, err)
	}
	lines, err := sun.ListBankLines(ctx, client.ListBankLinesQuery{State: "taken", Vendor: v.ID})
	if err != nil || len(lines.Items) != 1 || lines.Items[0].TakenFor != r.ID {
		t.Errorf("lines %+v, %v", lines, err)
	}
	_, err = sun.WithdrawBankLine(ctx, lines.Items[0].ID, client.PaymentWithdrawal{Subject: v.ID})
	refused(t, err, http.StatusForbidden)
	if mine, err := as(t, w, zhou).ListReceipts(ctx); err != nil || len(mine.Items) != 1 {
		t.Errorf("own receipts %+v, %v", mine, err)
	}
}
