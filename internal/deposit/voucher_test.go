package deposit_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func voucher(fileID string) deposit.Paper {
	return deposit.Paper{
		Amount: yuan(2000), PaidOn: calendar.Date(2026, time.March, 2), Way: "online", File: fileID,
		AsksOpening: true, AsksReceipt: true, Address: "北京市海淀区某路 1 号", Recipient: "李雷", Phone: "13800138000",
	}
}

// Rule D-6: what a voucher says, and that it is confirmed with its line.
func TestVoucherIsConfirmedWithItsLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		got, err := present(d, yunshitest.Owner(v.ID), voucher(voucherFile(t, d, v.ID)))
		if err != nil {
			t.Fatal(err)
		}
		if got.Status != deposit.VoucherPresented || got.Courier.Phone != "+8613800138000" || !got.AsksOpening || got.PromisedBy.Sub(got.PresentedAt) != 48*time.Hour {
			t.Errorf("presented %+v", got)
		}
		r := mustConfirm(t, d, paid(t, d, v, 200000), "")
		if r.VoucherID != got.ID || r.Way != "online" || r.Courier.Recipient != "李雷" {
			t.Errorf("receipt %+v", r)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			after, err := deposit.GetVoucher(ctx, tx, auditor, got.ID)
			if after.Status != deposit.VoucherConfirmed || after.DecidedBy != chief.ID {
				t.Errorf("after: %+v", after)
			}
			waits, err2 := deposit.Waits(ctx, tx, auditor)
			if waits.Count != 0 {
				t.Errorf("%d wait", waits.Count)
			}
			return errors.Join(err, err2)
		})
		sound(t, d)
	})
}

// Rules D-4, D-5 and D-6: each field that is wrong is named.
func TestVoucherFields(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, w := asked(t, d, "api"), asked(t, d, "api")
		owner, mine := yunshitest.Owner(v.ID), voucherFile(t, d, v.ID)
		theirs := voucherFile(t, d, w.ID)
		var licence file.File
		yunshitest.Write(t, d, func(tx *db.Tx) (err error) {
			licence, err = file.Keep(ctx, tx, owner, file.Upload{Name: "执照.pdf", Type: file.PDF, Size: 1, SHA256: "l"}, v.ID, file.Licence)
			return err
		})
		tests := []struct {
			name   string
			change func(*deposit.Paper)
			want   []string
		}{
			{"nothing", func(p *deposit.Paper) { *p = deposit.Paper{} }, []string{"D-6 /amount", "D-6 /paid_on", "D-4 /way", "D-6 /file"}},
			{"negative", func(p *deposit.Paper) { p.Amount = yuan(-1) }, []string{"D-6 /amount"}},
			{"dollars", func(p *deposit.Paper) { p.Amount = money.Amount{Fen: 1, Currency: "USD"} }, []string{"D-6 /amount"}},
			{"tomorrow", func(p *deposit.Paper) { p.PaidOn = calendar.Date(2026, time.March, 3) }, []string{"D-6 /paid_on"}},
			{"an unknown way", func(p *deposit.Paper) { p.Way = "bitcoin" }, []string{"D-4 /way"}},
			{"another payer without name", func(p *deposit.Paper) { p.OtherPayer = true }, []string{"D-5 /remitter"}},
			{"a name nobody can print", func(p *deposit.Paper) { p.OtherPayer, p.Remitter = true, "张\U0001F600" }, []string{"D-5 /remitter"}},
			{"no courier", func(p *deposit.Paper) { p.Address, p.Recipient, p.Phone = "", " ", "" }, []string{"D-6 /courier_address", "D-6 /recipient", "D-6 /recipient_phone"}},
			{"a wrong phone", func(p *deposit.Paper) { p.Phone = "12" }, []string{" /recipient_phone"}},
			{"another's file", func(p *deposit.Paper) { p.File = theirs }, []string{" /file"}},
			{"no file of the kind", func(p *deposit.Paper) { p.File = licence.ID }, []string{" /file"}},
			{"no file at all", func(p *deposit.Paper) { p.File = "fil_none" }, []string{" /file"}},
		}
		for _, tt := range tests {
			in := voucher(mine)
			tt.change(&in)
			_, err := present(d, owner, in)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			var got []string
			for _, x := range f.Fields {
				got = append(got, fmt.Sprint(x.Rule, " ", x.Pointer))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s: %s", tt.name, diff)
			}
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			all, err := deposit.Vouchers(ctx, tx, owner, v.ID)
			if len(all) != 0 {
				t.Errorf("%d vouchers came in", len(all))
			}
			return err
		})
		for _, way := range policy.Shipped().Ways { // D-4: every way
			in := voucher(voucherFile(t, d, v.ID))
			in.Way = way.ID
			if _, err := present(d, owner, in); err != nil {
				t.Errorf("%s: %v", way.ID, err)
			}
		}
		in := voucher(voucherFile(t, d, v.ID))
		in.AsksReceipt, in.Address, in.Phone = false, "", ""
		if _, err := present(d, owner, in); err != nil {
			t.Errorf("without asking for the receipt: %v", err)
		}
	})
}

// Rules O-6 and D-6: a voucher before approval or contract is refused and says what is missing.
func TestVoucherBeforeItsTurn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := yunshitest.Vendor(t, d)
		owner := yunshitest.Owner(v.ID)
		in := voucher(voucherFile(t, d, v.ID))
		missing := func() (pointers []string) {
			_, err := present(d, owner, in)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Conflict {
				t.Fatalf("%v", err)
			}
			for _, x := range f.Fields {
				pointers = append(pointers, x.Pointer)
			}
			return pointers
		}
		if diff := cmp.Diff([]string{"/onboarding/qualified", "/onboarding/contract"}, missing()); diff != "" {
			t.Error(diff)
		}
		yunshitest.Qualify(t, d, v.ID, policy.Platform, "api")
		if diff := cmp.Diff([]string{"/onboarding/contract"}, missing()); diff != "" {
			t.Error(diff)
		}
		sign(t, d, v.ID, yunshitest.Terms{})
		if _, err := present(d, owner, in); err != nil {
			t.Error(err)
		}
		if _, err := present(d, owner, in); !errors.Is(err, fault.Conflict) {
			t.Errorf("the same document again: %v", err)
		}
	})
}

func TestWhoPresents(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		in := voucher(voucherFile(t, d, v.ID))
		member := func(r access.Role) access.Actor {
			return access.Actor{Kind: access.Member, ID: "m", VendorID: v.ID, Roles: []access.Role{r}}
		}
		for name, tt := range map[string]struct {
			by   access.Actor
			kind fault.Kind
		}{
			"a visitor":       {access.Actor{}, fault.Unauthenticated},
			"staff":           {chief, fault.NotFound},
			"support":         {member(access.Support), fault.Forbidden},
			"without company": {access.Actor{Kind: access.Member, ID: "m"}, fault.NotFound},
		} {
			if _, err := present(d, tt.by, in); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := present(d, member(access.VendorFinance), in); err != nil {
			t.Errorf("the vendor's finance: %v", err)
		}
	})
}

// A stated remitter (D-5) is looked for in the statement, but stays doubtful.
func TestRemitterOfAVoucherIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := asked(t, d, "api")
		in := voucher(voucherFile(t, d, v.ID))
		in.OtherPayer, in.Remitter, in.Way, in.City = true, "张 三", "cash", "北京市"
		if _, err := present(d, yunshitest.Owner(v.ID), in); err != nil {
			t.Fatal(err)
		}
		l := yunshitest.Import(t, d, clerk, 1, yunshitest.Movement{Fen: 200000, Remark: "现金存款", Payer: "张三"})[0]
		var codes []payment.ReasonCode
		for _, r := range l.Reasons {
			codes = append(codes, r.Code)
		}
		if l.State != payment.Doubtful || l.Subject != v.ID || !cmp.Equal(codes, []payment.ReasonCode{payment.Remitter, payment.NoAccount}) {
			t.Errorf("%s for %q: %v", l.State, l.Subject, codes)
		}
	})
}

func TestRefuseAndTakeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v, w := asked(t, d, "api"), asked(t, d, "api")
		owner := yunshitest.Owner(v.ID)
		one := func() deposit.Voucher {
			got, err := present(d, owner, voucher(voucherFile(t, d, v.ID)))
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		refuse := func(by access.Actor, id, reason string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := deposit.Refuse(ctx, tx, by, deposit.Refusal{VoucherID: id, Reason: reason})
				return err
			})
		}
		takeBack := func(by access.Actor, id string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := deposit.TakeBack(ctx, tx, by, deposit.TakingBack{VoucherID: id})
				return err
			})
		}
		first, second := one(), one()
		if err := refuse(auditor, first.ID, "凭证不清晰"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an auditor refuses: %v", err)
		}
		if err := refuse(chief, first.ID, ""); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := takeBack(yunshitest.Owner(w.ID), second.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("another takes it back: %v", err)
		}
		if err := refuse(chief, first.ID, "凭证不清晰，请重新上传"); err != nil {
			t.Error(err)
		}
		if err := takeBack(owner, second.ID); err != nil {
			t.Error(err)
		}
		for _, id := range []string{first.ID, second.ID} { // nothing more happens to either
			if err := refuse(chief, id, "再次驳回一次"); !errors.Is(err, fault.Conflict) {
				t.Errorf("refused again: %v", err)
			}
			if err := takeBack(owner, id); !errors.Is(err, fault.Conflict) {
				t.Errorf("taken back again: %v", err)
			}
			if _, err := confirm(d, chief, deposit.Confirmation{LineID: paid(t, d, v, 200000).ID, VendorID: v.ID, Voucher: id}); !errors.Is(err, fault.Invalid) {
				t.Errorf("confirmed: %v", err)
			}
		}
		third := one()
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			queue, err := deposit.Queue(ctx, tx, auditor, deposit.Filter{Status: deposit.VoucherPresented})
			if len(queue) != 1 || queue[0].ID != third.ID || queue[0].VendorName != v.Name {
				t.Errorf("queue %+v", queue)
			}
			all, err2 := deposit.Queue(ctx, tx, auditor, deposit.Filter{})
			if len(all) != 3 || all[0].ID != third.ID {
				t.Errorf("%d in all", len(all))
			}
			_, err3 := deposit.Queue(ctx, tx, owner, deposit.Filter{})
			if !errors.Is(err3, fault.Forbidden) {
				t.Errorf("a vendor reads the queue: %v", err3)
			}
			return errors.Join(err, err2)
		})
	})
}
