package contract_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Rules O-4, M-1: the offer's document holds the company's data, fee, deposit and
// term, and is on its way to both mailboxes.
func TestOfferMakesTheDocument(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image", "api")
		c := must(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID})
		if c.Status != contract.Preparing || c.Mode != policy.Platform || c.FeeBasisPoints != 1000 || c.Deposit.Fen != 500000 || c.FixedDeposit || c.Months != 12 {
			t.Errorf("offered %+v", c)
		}
		w.Drain(t)
		c = w.load(c.ID)
		if c.Status != contract.AtVendor || c.Number != "YSHT-2026-000001" {
			t.Errorf("status %s, number %s", c.Status, c.Number)
		}
		data := w.pdf(c.FileID)
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != c.FileHash {
			t.Error("the hash is not the document's")
		}
		says(t, data, "云市场服务商入驻合同", "合同编号：YSHT-2026-000001", "杭州云帆软件技术服务有限公司", "91330106MA2CFHX28G", "陈立", "13800138000",
			"wang.fang@yunfan.example", "service@yunfan.example", "571900123410801", "示例云计算有限责任公司", "镜像服务、API 市场",
			"每笔订单实际交易金额的 10%", "5,000.00 元", "人民币伍仟元整", "自签署之日起 12 个月", "第十八条", "各类目中最高，据此缴纳")
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			m, err := contract.Mailing(context.Background(), tx, c.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff([]string{"wang.fang@yunfan.example", "service@yunfan.example"}, m.To); diff != "" {
				t.Errorf("mailboxes: %s", diff)
			}
			if m.FileID != c.FileID || m.Number != c.Number || m.VendorID != w.vendorID {
				t.Errorf("letter %+v", m)
			}
			cur, err := contract.Current(context.Background(), tx, w.vendorID)
			if cur.ID != c.ID || contract.InTerm(cur, tx.Now()) {
				t.Errorf("the offer is not what the facts rest on, or counts as signed: %+v", cur)
			}
			return err
		})
		if w.events("contract.offered") != 1 || w.events("contract.rendered") != 1 {
			t.Error("the events are not there once each")
		}
	})
}

// Rule M-3: in resale mode rate, deposit and terms are the offer's; nothing at all
// is a deposit of its own.
func TestResaleOffer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Resale, "software")
		byDefault := w.offered(contract.Proposal{})
		if byDefault.FeeBasisPoints != 2000 || byDefault.Deposit.Fen != 500000 || !byDefault.FixedDeposit {
			t.Errorf("by default %+v", byDefault)
		}
		says(t, w.pdf(byDefault.FileID), "云市场商品代销合同", "实际交易金额的 20%", "该金额为本合同约定的固定金额")
		must(w, contract.Withdraw, w.lin, contract.Void{ID: byDefault.ID, Reason: "费率另议"})

		c := w.offered(contract.Proposal{Rate: "12.5", Deposit: money.CNY(0), Months: 24, Terms: "首年销售目标为人民币一百万元。\r\n达成的，次年费率为 10%。"})
		if c.FeeBasisPoints != 1250 || !c.Deposit.IsZero() || !c.FixedDeposit || c.Months != 24 {
			t.Errorf("agreed %+v", c)
		}
		says(t, w.pdf(c.FileID), "12.5%", "乙方在本合同项下不缴纳保证金", "补充约定", "次年费率为 10%", "自签署之日起 24 个月", "第十七条")
		must(w, contract.Sign, w.owner, w.signature(c))
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			cur, err := contract.Current(context.Background(), tx, w.vendorID)
			if err == nil && (!cur.FixedDeposit || !cur.Deposit.IsZero() || !contract.InTerm(cur, tx.Now())) {
				t.Errorf("in force %+v", cur)
			}
			return err
		})
	})
}

func TestOfferInBothLanguages(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), policy.Platform, "miniprogram")
	c := w.offered(contract.Proposal{Lang: contract.Both})
	says(t, w.pdf(c.FileID), "两种文本不一致的，以中文文本为准", "Cloud Marketplace Vendor Contract", "the Chinese text prevails", "Article 18", "Mini programs")
	must(w, contract.Withdraw, w.lin, contract.Void{ID: c.ID, Reason: "改为英文"})
	c = w.offered(contract.Proposal{Lang: contract.EN})
	says(t, w.pdf(c.FileID), "Contract no. YSHT-2026-000002", "Platform service fee: 10% of the actual amount of each order", "12 months from the day of signing")
}

// Rules O-4, M-1, M-3, M-4: what an offer may not say.
func TestOfferRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		plain, _ := w.company(company("还没有通过的公司"), "")
		rare, _ := w.company(company("北京𠀀𪚥科技有限公司"), policy.Platform, "image")
		for _, tt := range []struct {
			name   string
			by     access.Actor
			in     contract.Proposal
			kind   fault.Kind
			fields []string
		}{
			{"a reviewer", w.reviewer, contract.Proposal{VendorID: w.vendorID}, fault.Forbidden, nil},
			{"an auditor", w.auditor, contract.Proposal{VendorID: w.vendorID}, fault.Forbidden, nil},
			{"the vendor itself", w.owner, contract.Proposal{VendorID: w.vendorID}, fault.Forbidden, nil},
			{"nobody", access.Actor{}, contract.Proposal{VendorID: w.vendorID}, fault.Unauthenticated, nil},
			{"no vendor named", w.lin, contract.Proposal{}, fault.Invalid, []string{"/vendor_id"}},
			{"no such vendor", w.lin, contract.Proposal{VendorID: "ven_none"}, fault.NotFound, nil},
			{"not approved", w.lin, contract.Proposal{VendorID: plain}, fault.Conflict, nil},
			{"a name that cannot be printed", w.lin, contract.Proposal{VendorID: rare}, fault.Invalid, []string{"/vendor_id"}},
			{"another mode than applied for", w.lin, contract.Proposal{VendorID: w.vendorID, Mode: policy.Resale}, fault.Invalid, []string{"/mode M-4"}},
			{"a rate of its own in platform mode", w.lin, contract.Proposal{VendorID: w.vendorID, Rate: "8"}, fault.Invalid, []string{"/rate M-1"}},
			{"a deposit of its own in platform mode", w.lin, contract.Proposal{VendorID: w.vendorID, Deposit: money.CNY(0)}, fault.Invalid, []string{"/deposit M-1"}},
			{"not a rate", w.lin, contract.Proposal{VendorID: w.vendorID, Rate: "a tenth"}, fault.Invalid, []string{"/rate"}},
			{"another currency", w.lin, contract.Proposal{VendorID: w.vendorID, Deposit: money.Amount{Fen: 1, Currency: "USD"}}, fault.Invalid, []string{"/deposit M-3"}},
			{"a term of ages", w.lin, contract.Proposal{VendorID: w.vendorID, Months: 121}, fault.Invalid, []string{"/months"}},
			{"a term backwards", w.lin, contract.Proposal{VendorID: w.vendorID, Months: -1}, fault.Invalid, []string{"/months"}},
			{"an unknown language", w.lin, contract.Proposal{VendorID: w.vendorID, Lang: "fr"}, fault.Invalid, []string{"/lang"}},
			{"terms without end", w.lin, contract.Proposal{VendorID: w.vendorID, Terms: strings.Repeat("长", 5001)}, fault.Invalid, []string{"/terms"}},
			{"terms that cannot be printed", w.lin, contract.Proposal{VendorID: w.vendorID, Terms: "😀"}, fault.Invalid, []string{"/terms"}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				_, err := do(w, contract.Offer, tt.by, tt.in)
				wants(t, err, tt.kind, tt.fields...)
			})
		}
		if n := w.events("contract.offered"); n != 0 {
			t.Errorf("%d offers were made", n)
		}
		c := must(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID, Rate: "10%", Deposit: money.CNY(500000), Mode: policy.Platform})
		_, err := do(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID})
		wants(t, err, fault.Conflict)
		if !strings.Contains(err.Error(), c.Number) {
			t.Errorf("%q does not name the contract that waits", err)
		}
	})
}

// Rule O-4: an offer is withdrawn before signing, not after; then another is made.
func TestWithdrawAndOfferAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		first := must(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID})
		_, err := do(w, contract.Withdraw, w.lin, contract.Void{ID: first.ID, Reason: " "})
		wants(t, err, fault.Invalid, "/reason")
		for _, by := range []access.Actor{w.owner, w.auditor, w.reviewer} {
			_, err = do(w, contract.Withdraw, by, contract.Void{ID: first.ID, Reason: "x"})
			wants(t, err, fault.Forbidden)
		}
		got := must(w, contract.Withdraw, w.lin, contract.Void{ID: first.ID, Reason: "地址有误"})
		if got.Status != contract.TakenBack || got.EndReason != "地址有误" {
			t.Errorf("withdrawn: %+v", got)
		}
		w.Drain(t) // the job that would have made its document finds nothing to do
		if got := w.load(first.ID); got.FileID != "" || got.Status != contract.TakenBack {
			t.Errorf("a withdrawn offer was made into a document: %+v", got)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			_, err := contract.Current(context.Background(), tx, w.vendorID)
			wants(t, err, fault.NotFound)
			return nil
		})
		second := w.offered(contract.Proposal{})
		if second.Number != "YSHT-2026-000002" {
			t.Errorf("number %s", second.Number)
		}
		must(w, contract.Sign, w.owner, w.signature(second))
		_, err = do(w, contract.Withdraw, w.lin, contract.Void{ID: second.ID, Reason: "x"})
		wants(t, err, fault.Conflict)
	})
}

// Rule M-4: another mode means another contract, which takes the place of the first.
func TestNewContractReplacesTheOld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		old := w.signed(contract.Proposal{})
		yunshitest.Qualify(t, d, w.vendorID, policy.Resale, "ops") // approved anew, in the other mode
		next := w.offered(contract.Proposal{Rate: "15"})
		yunshitest.Read(t, d, func(tx *db.Tx) error { // until it is signed, the old one holds
			cur, err := contract.Current(context.Background(), tx, w.vendorID)
			if cur.ID != old.ID || cur.Mode != policy.Platform {
				t.Errorf("before: %s %s", cur.Number, cur.Mode)
			}
			return err
		})
		dbtest.Advance(d, 2*time.Minute)
		must(w, contract.Sign, w.owner, w.signature(next))
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			cur, err := contract.Current(context.Background(), tx, w.vendorID)
			if cur.ID != next.ID || cur.Mode != policy.Resale || !contract.InTerm(cur, tx.Now()) {
				t.Errorf("after: %s %s", cur.Number, cur.Mode)
			}
			return err
		})
		if got := w.load(old.ID); got.Status != contract.Superseded || got.SignedFileID == "" {
			t.Errorf("the old one: %s", got.Status)
		}
	})
}

// Numbers are counted by the operator's year.
func TestNumbersBeginAnewEachYear(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), policy.Platform, "image")
	other, _ := w.company(company("上海海纳数据科技有限公司"), policy.Platform, "ops")
	if c := must(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID}); c.Number != "YSHT-2026-000001" {
		t.Errorf("first %s", c.Number)
	}
	year := time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC) // New Year in Shanghai
	dbtest.Advance(w.DB, year.Sub(dbtest.Start))
	if c := must(w, contract.Offer, w.lin, contract.Proposal{VendorID: other}); c.Number != "YSHT-2027-000001" {
		t.Errorf("in the new year %s", c.Number)
	}
}

// Staff see what an offer would say before they make it; nothing is kept.
func TestPreview(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), policy.Resale, "software")
	data := must(w, contract.Preview, w.lin, contract.Proposal{VendorID: w.vendorID, Rate: "8", Deposit: money.CNY(0), Lang: contract.EN})
	says(t, data, "Cloud Marketplace Resale Contract", "Resale fee: 8% of the actual amount of each order")
	_, err := do(w, contract.Preview, w.lin, contract.Proposal{VendorID: w.vendorID, Rate: "800"})
	wants(t, err, fault.Invalid, "/rate")
	_, err = do(w, contract.Preview, w.owner, contract.Proposal{VendorID: w.vendorID})
	wants(t, err, fault.Forbidden)
	plain, _ := w.company(company("还没有通过的公司"), "")
	_, err = do(w, contract.Preview, w.lin, contract.Proposal{VendorID: plain})
	wants(t, err, fault.Conflict)
	if w.events("contract.offered") != 0 {
		t.Error("a preview was kept")
	}
}
