package deposit_test

import (
	"errors"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// outstanding is how many papers of a vendor are out.
func outstanding(t testing.TB, d *db.DB, vendorID string) int {
	t.Helper()
	n := 0
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		all, err := deposit.PapersBack(ctx, tx, vendorID)
		n = len(all)
		return err
	})
	return n
}

// Rules D-8 and D-10: a receipt goes out on paper, comes back undelivered, goes out
// again, and is stated as lost.
func TestPaperReceipt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, w := asked(t, d, "api"), asked(t, d, "api")
		owner, stranger := yunshitest.Owner(v.ID), yunshitest.Owner(w.ID)
		r := mustConfirm(t, d, paid(t, d, v, 200000), "")
		if _, err := do(d, owner, deposit.AskPaper, deposit.PaperRequest{ReceiptID: r.ID}); !errors.Is(err, fault.Invalid) {
			t.Errorf("without an address: %v", err)
		}
		if _, err := do(d, owner, deposit.KeepAddress, deposit.AddressPaper{Address: "北京市海淀区示例路 1 号"}); !errors.Is(err, fault.Invalid) {
			t.Errorf("half an address: %v", err)
		}
		home := must(t, d, owner, deposit.KeepAddress, deposit.AddressPaper{Address: "北京市海淀区示例路 1 号", Recipient: "王芳", Phone: "13800138000"})
		branch := must(t, d, owner, deposit.KeepAddress, deposit.AddressPaper{Address: "上海市浦东新区示例路 2 号", Recipient: "李雷", Phone: "13900139000", Default: true})
		if !home.Default || !branch.Default {
			t.Errorf("defaults: %+v %+v", home, branch)
		}
		for name, err := range map[string]error{
			"another's receipt": second(do(d, stranger, deposit.AskPaper, deposit.PaperRequest{ReceiptID: r.ID})),
			"another's address": second(do(d, stranger, deposit.ChooseAddress, deposit.Chosen{ID: home.ID})),
		} {
			if !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		p := must(t, d, owner, deposit.AskPaper, deposit.PaperRequest{ReceiptID: r.ID})
		if p.To.Recipient != "李雷" {
			t.Errorf("sent to %+v", p.To)
		}
		if _, err := do(d, owner, deposit.AskPaper, deposit.PaperRequest{ReceiptID: r.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("asked twice: %v", err)
		}
		for _, in := range []deposit.Dispatch{{ID: p.ID, Courier: "sf"}, {ID: p.ID, Courier: "pigeon", Tracking: "SF1234567890"}, {ID: p.ID, Courier: "sf", Tracking: "<b>"}} {
			if _, err := do(d, clerk, deposit.Send, in); !errors.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", in, err)
			}
		}
		if outstanding(t, d, v.ID) != 0 {
			t.Error("out before it was sent")
		}
		must(t, d, clerk, deposit.Send, deposit.Dispatch{ID: p.ID, Courier: "sf", Tracking: "sf 1234567890"})
		if outstanding(t, d, v.ID) != 1 {
			t.Error("not out after it was sent")
		}
		must(t, d, clerk, deposit.CameBack, deposit.Undelivered{ID: p.ID, Reason: "收件人电话无人接听"})
		if _, err := do(d, owner, deposit.GiveLoss, deposit.Loss{ReceiptID: r.ID}); outstanding(t, d, v.ID) != 0 || !errors.Is(err, fault.Conflict) {
			t.Errorf("out though it came back, or lost: %v", err)
		}
		again := must(t, d, owner, deposit.AskPaper, deposit.PaperRequest{ReceiptID: r.ID, Address: home.ID})
		must(t, d, clerk, deposit.Send, deposit.Dispatch{ID: again.ID, Courier: "ems", Tracking: "EA123456789CN"})
		must(t, d, owner, deposit.Arrived, deposit.Chosen{ID: again.ID})

		var kept file.File
		yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
			kept, err = file.Keep(ctx, tx, owner, file.Upload{Name: "遗失声明.pdf", Type: file.PDF, Size: 1, SHA256: tx.NewID("x")}, v.ID, file.Loss)
			return err
		})
		lost := must(t, d, owner, deposit.GiveLoss, deposit.Loss{ReceiptID: r.ID, File: kept.ID})
		if _, err := do(d, owner, deposit.GiveLoss, deposit.Loss{ReceiptID: r.ID, File: kept.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("stated twice: %v", err)
		}
		if _, err := do(d, auditor, deposit.AcceptLoss, deposit.Chosen{ID: lost.ID}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an auditor accepts: %v", err)
		}
		must(t, d, chief, deposit.RefuseLoss, deposit.Declining{ID: lost.ID, Reason: "声明未加盖公章"})
		if outstanding(t, d, v.ID) != 1 {
			t.Error("a refused statement counts")
		}
		lost = must(t, d, owner, deposit.GiveLoss, deposit.Loss{ReceiptID: r.ID, File: kept.ID})
		must(t, d, chief, deposit.AcceptLoss, deposit.Chosen{ID: lost.ID})
		if outstanding(t, d, v.ID) != 0 {
			t.Error("out though stated as lost")
		}
		sound(t, d)
	})
}

func second[T any](_ T, err error) error { return err }

// Rule D-6: a voucher that asks for the receipt has the paper asked for. The queue
// of vouchers has one holder each.
func TestVoucherAsksForPaperAndIsClaimed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		in := voucher(voucherFile(t, d, v.ID))
		in.AsksReceipt, in.Address, in.Recipient, in.Phone = true, "北京市海淀区示例路 1 号", "王芳", "13800138000"
		vou, err := present(d, yunshitest.Owner(v.ID), in)
		if err != nil {
			t.Fatal(err)
		}
		must(t, d, clerk, deposit.ClaimVoucher, deposit.Chosen{ID: vou.ID})
		if _, err := do(d, chief, deposit.ClaimVoucher, deposit.Chosen{ID: vou.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("claimed by two: %v", err)
		}
		if _, err := do(d, chief, deposit.Refuse, deposit.Refusal{VoucherID: vou.ID, Reason: "凭证看不清楚"}); !errors.Is(err, fault.Conflict) {
			t.Errorf("refused by another: %v", err)
		}
		if _, err := do(d, chief, deposit.ReleaseVoucher, deposit.Chosen{ID: vou.ID}); !errors.Is(err, fault.Conflict) {
			t.Errorf("released by another: %v", err)
		}
		must(t, d, clerk, deposit.ReleaseVoucher, deposit.Chosen{ID: vou.ID})
		mustConfirm(t, d, paid(t, d, v, 200000), "")
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			all, err := deposit.DispatchList(ctx, tx, auditor, deposit.DispatchFilter{Status: deposit.ParcelAsked})
			if len(all) != 1 || all[0].To.Recipient == "王芳" {
				t.Errorf("list of the auditor: %+v", all)
			}
			return err
		})
	})
}

// Rule D-4: cash from another city than the policy's is doubtful for that reason.
func TestCashOfAnotherCity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		in := voucher(voucherFile(t, d, v.ID))
		in.Way, in.City = "cash", "上海市"
		if _, err := present(d, yunshitest.Owner(v.ID), in); err != nil {
			t.Fatal(err)
		}
		l := yunshitest.Import(t, d, clerk, int(number.Add(1)), yunshitest.Movement{Fen: 200000, Remark: state(t, d, v.ID).Reference})[0]
		found := false
		for _, r := range l.Reasons {
			found = found || r.Code == payment.OtherCity && r.Rule() == "D-4"
		}
		if !found {
			t.Errorf("reasons %v", l.Reasons)
		}
		in2 := deposit.Confirmation{LineID: l.ID, VendorID: v.ID, Reason: "异地现金，核实后接受"}
		if _, err := confirm(d, chief, in2); !errors.Is(err, fault.Invalid) { // rule D-5: who paid?
			t.Errorf("without a remitter: %v", err)
		}
		in2.Remitter = "李四"
		if r, err := confirm(d, chief, in2); err != nil || r.Remitter != "李四" {
			t.Errorf("%+v, %v", r, err)
		}
	})
}
