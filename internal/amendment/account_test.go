package amendment_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func policyZone(t *testing.T, d *db.DB) (z *time.Location) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		p, err := policy.Now(context.Background(), tx)
		z = p.Location()
		return err
	})
	return z
}

func (w *world) advanceDays(n int) { w.advance(time.Duration(n) * 24 * time.Hour) }

func (w *world) duties() (list []amendment.Duty) {
	w.t.Helper()
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		list, err = amendment.Due(context.Background(), tx, w.owner, w.vendorID)
		return err
	})
	return list
}

// checked is a new account that a second person has checked.
func (w *world) checked() amendment.Request {
	w.t.Helper()
	r := must(w, amendment.AskAccount, w.owner, w.account(func(*qualification.Account) {}))
	must(w, amendment.AskCode, w.owner, amendment.Turn{ID: r.ID})
	return must(w, amendment.CheckAccount, w.owner, amendment.Check{ID: r.ID, Code: w.Code(w.t, w.owner.ID)})
}

// cooling is a new account that finance approved.
func (w *world) cooling() amendment.Request {
	w.t.Helper()
	r := w.checked()
	must(w, amendment.Claim, w.finance, amendment.Turn{ID: r.ID})
	return must(w, amendment.Decide, w.finance, amendment.Decision{ID: r.ID, Parts: []amendment.Ruling{{Part: "account", Decision: amendment.Approve}}})
}

// One person's company checks by a code, one of two by the other person; then finance;
// then a pause in which the old account stays. Rule D-5.
func TestAccountTakesTwoPeopleAndAPause(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := must(w, amendment.AskAccount, w.owner, w.account(func(*qualification.Account) {}))
		_, err := do(w, amendment.CheckAccount, w.owner, amendment.Check{ID: r.ID, Code: "000000"})
		wants(t, err, fault.Invalid, "/code")
		_, err = do(w, amendment.Claim, w.finance, amendment.Turn{ID: r.ID})
		wants(t, err, fault.Conflict) // not before it is checked
		colleague := access.Actor{Kind: access.Member, ID: "acc_col", VendorID: w.vendorID, Roles: []access.Role{access.VendorFinance}}
		yunshitest.Person(t, d, colleague, "李财")
		_, err = do(w, amendment.AskCode, w.owner, amendment.Turn{ID: r.ID})
		wants(t, err, fault.Conflict)
		_, err = do(w, amendment.CheckAccount, w.owner, amendment.Check{ID: r.ID, Code: "000000"})
		wants(t, err, fault.Conflict)
		r = must(w, amendment.CheckAccount, colleague, amendment.Check{ID: r.ID})
		if r.CheckedBy != colleague.ID || r.Status != amendment.Waiting {
			t.Errorf("checked: %+v", r)
		}
		_, err = do(w, amendment.Claim, w.reviewer, amendment.Turn{ID: r.ID})
		wants(t, err, fault.Forbidden) // money is finance's
		must(w, amendment.Claim, w.finance, amendment.Turn{ID: r.ID})
		r = must(w, amendment.Decide, w.finance, amendment.Decision{ID: r.ID, Parts: []amendment.Ruling{{Part: "account", Decision: amendment.Approve}}})
		if r.Status != amendment.Pausing || !r.EffectAt.Equal(dbtest.Start.Add(72*time.Hour)) {
			t.Fatalf("approved: %s until %s", r.Status, r.EffectAt)
		}
		w.advance(71 * time.Hour)
		if w.vendor().Company.Account.Number != "571900123410801" {
			t.Error("the new account is in effect before its time")
		}
		w.advance(time.Hour)
		if got := w.vendor().Company.Account; got.Number != "1202020200001234567" || got.Bank != "中国工商银行" {
			t.Errorf("the account is %+v", got)
		}
		if v := must(w, amendment.Get, w.owner, amendment.Turn{ID: r.ID}); v.Request.Status != amendment.Done {
			t.Errorf("the request is %s", v.Request.Status)
		}
	})
}

// The contact as it was is warned, also one that was replaced just before, and stops
// it by a link without signing in. Rule D-5.
func TestStopByLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		must(w, amendment.File, w.owner, w.filing(func(f *amendment.Filing) { f.Contact.Phone = "13900139000" }))
		r := w.cooling()
		var phones []string
		for _, x := range r.Paper.Watchers {
			phones = append(phones, x.Phone)
		}
		if all := strings.Join(phones, " "); !strings.Contains(all, "+8613900139000") || !strings.Contains(all, "+8613800138000") {
			t.Errorf("warned are %s", all)
		}
		var link string
		yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
			link, err = amendment.StopLink(context.Background(), tx, r.ID)
			return err
		})
		token := strings.TrimPrefix(link, "/account-change/")
		_, err := do(w, amendment.StopByLink, access.Actor{}, amendment.Link{Token: strings.Repeat("0", 36)})
		wants(t, err, fault.NotFound)
		_, err = do(w, amendment.StopByLink, access.Actor{}, amendment.Link{})
		wants(t, err, fault.NotFound)
		if r = must(w, amendment.StopByLink, access.Actor{Kind: access.Visitor, Address: "203.0.113.9"}, amendment.Link{Token: token}); r.Status != amendment.StoppedDead {
			t.Errorf("stopped: %s", r.Status)
		}
		_, err = do(w, amendment.StopByLink, access.Actor{}, amendment.Link{Token: token})
		wants(t, err, fault.Conflict)
		w.advance(100 * time.Hour)
		if w.vendor().Company.Account.Number != "571900123410801" {
			t.Error("a stopped account took effect")
		}
	})
}

// Support stops it on a call, with a reason; the auditor cannot.
func TestStopByStaff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		r := w.cooling()
		_, err := do(w, amendment.Stop, w.auditor, amendment.Stopping{ID: r.ID, Reason: "电话核实"})
		wants(t, err, fault.Forbidden)
		_, err = do(w, amendment.Stop, w.reviewer, amendment.Stopping{ID: r.ID})
		wants(t, err, fault.Invalid, "/reason")
		r = must(w, amendment.Stop, w.reviewer, amendment.Stopping{ID: r.ID, Reason: "联系人来电，称非本意"})
		if r.Status != amendment.StoppedDead || r.Paper.Stopped == "" {
			t.Errorf("stopped: %+v", r)
		}
	})
}

func TestAskAccountRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		tests := []struct {
			name   string
			change func(a *qualification.Account)
			fields []string
		}{
			{"another holder", func(a *qualification.Account) { a.Holder = "王芳" }, []string{"/account/holder D-5"}},
			{"no bank", func(a *qualification.Account) { a.Bank = "" }, []string{"/account/bank D-5"}},
			{"letters in the number", func(a *qualification.Account) { a.Number = "ABC" }, []string{"/account/number D-5"}},
			{"a short CNAPS", func(a *qualification.Account) { a.CNAPS = "30810" }, []string{"/account/cnaps D-5"}},
		}
		for _, tt := range tests {
			_, err := do(w, amendment.AskAccount, w.owner, w.account(tt.change))
			t.Run(tt.name, func(t *testing.T) { wants(t, err, fault.Invalid, tt.fields...) })
		}
		in := w.account(func(*qualification.Account) {})
		in.Proof = nil
		_, err := do(w, amendment.AskAccount, w.owner, in)
		wants(t, err, fault.Invalid, "/proof D-5")
		in = w.account(func(a *qualification.Account) { *a = qualification.Account(w.vendor().Company.Account) })
		_, err = do(w, amendment.AskAccount, w.owner, in)
		wants(t, err, fault.Conflict)
		// Full-width brackets and spaces are the same name.
		must(w, amendment.AskAccount, w.owner, w.account(func(a *qualification.Account) { a.Holder = "杭州云栈软件 有限公司" }))
		_, err = do(w, amendment.AskAccount, w.owner, w.account(func(*qualification.Account) {}))
		wants(t, err, fault.Conflict)
	})
}

// Another mode is a new contract; until it is signed the old one holds. Rule M-4.
func TestModeByContract(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, err := do(w, amendment.AskMode, w.owner, amendment.NewMode{Mode: policy.Platform})
		wants(t, err, fault.Invalid, "/mode M-4")
		_, err = do(w, amendment.AskMode, w.owner, amendment.NewMode{Mode: "barter"})
		wants(t, err, fault.Invalid, "/mode M-4")
		r := must(w, amendment.AskMode, w.owner, amendment.NewMode{Mode: policy.Resale, Note: "改为代销"})
		must(w, amendment.Claim, w.clerk, amendment.Turn{ID: r.ID})
		_, err = do(w, amendment.Decide, w.clerk, amendment.Decision{ID: r.ID, Parts: []amendment.Ruling{{Part: "mode", Decision: amendment.Approve}}})
		wants(t, err, fault.Conflict) // by the contract alone
		_, err = do(w, amendment.GrantByContract, w.clerk, amendment.Grant{ID: r.ID, Proposal: contract.Proposal{Rate: "300"}})
		wants(t, err, fault.Invalid, "/proposal/rate")
		r = must(w, amendment.GrantByContract, w.clerk, amendment.Grant{ID: r.ID, Proposal: contract.Proposal{Rate: "18"}})
		w.Drain(t)
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			now, err := contract.Current(context.Background(), tx, w.vendorID)
			if err != nil {
				return err
			}
			offer, err := contract.Load(context.Background(), tx, r.ContractID)
			if now.Mode != policy.Platform || offer.Mode != policy.Resale || offer.FeeBasisPoints != 1800 || offer.Kind != contract.Changed {
				t.Errorf("in force %s; offered %s at %d", now.Mode, offer.Mode, offer.FeeBasisPoints)
			}
			return err
		})
	})
}

// A term is renewed within the policy's days, once.
func TestAskRenewal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, err := do(w, amendment.AskRenewal, w.owner, amendment.NewTerm{})
		wants(t, err, fault.Conflict)
		w.advanceDays(330)
		yunshitest.Write(t, d, func(tx *db.Tx) error { return amendment.Watch(t.Context(), tx, access.SystemActor("test")) })
		if n := w.events("amendment.term_ends"); n != 1 {
			t.Errorf("%d reminders of the term", n)
		}
		_, err = do(w, amendment.AskRenewal, w.owner, amendment.NewTerm{Months: 500})
		wants(t, err, fault.Invalid, "/months")
		r := must(w, amendment.AskRenewal, w.owner, amendment.NewTerm{})
		if r.Paper.Months != 12 {
			t.Errorf("asked for %d months", r.Paper.Months)
		}
		must(w, amendment.Claim, w.clerk, amendment.Turn{ID: r.ID})
		r = must(w, amendment.GrantByContract, w.clerk, amendment.Grant{ID: r.ID})
		if r.Status != amendment.Done || r.ContractID == "" {
			t.Errorf("granted: %+v", r)
		}
	})
}
