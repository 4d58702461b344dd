package contract_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func (w *world) queue(f contract.Filter) []contract.Item {
	w.t.Helper()
	return must(w, contract.List, w.auditor, f)
}

func (w *world) waits() (q contract.Waits) {
	w.t.Helper()
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		q, err = contract.Queue(context.Background(), tx, w.auditor)
		return err
	})
	return q
}

// Rule O-4: an approved vendor waits for its contract since its approval, again when
// an offer was withdrawn or the term has run out, and a scan waits to be confirmed.
func TestQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		w.company(company("还没有通过的公司"), "")
		dbtest.Advance(d, time.Hour)
		yunshitest.Qualify(t, d, w.vendorID, policy.Platform, "ops") // a later category does not restart the clock
		items := w.queue(contract.Filter{})
		want := []contract.Item{{VendorID: w.vendorID, VendorName: "杭州云帆软件技术服务有限公司", Subject: contract.ToOffer, Mode: policy.Platform,
			Since: dbtest.Start, PromisedBy: dbtest.Start.Add(48 * time.Hour)}}
		if diff := cmp.Diff(want, items); diff != "" {
			t.Errorf("queue: −want +got\n%s", diff)
		}
		if q := w.waits(); q.Count != 1 || q.Free != 1 || q.Late != 0 || !q.Oldest.Equal(dbtest.Start) {
			t.Errorf("waits %+v", q)
		}
		dbtest.Advance(d, 48*time.Hour)
		if q := w.waits(); q.Late != 1 || len(w.queue(contract.Filter{Late: true})) != 1 || !w.queue(contract.Filter{})[0].Late(d.Clock().Now()) {
			t.Errorf("late: %+v", q)
		}
		c := w.offered(contract.Proposal{})
		if items := w.queue(contract.Filter{}); len(items) != 0 || !w.waits().Oldest.IsZero() {
			t.Errorf("an offer is out, and %+v waits", items)
		}
		dbtest.Advance(d, time.Hour)
		must(w, contract.Withdraw, w.lin, contract.Void{ID: c.ID, Reason: "换新"})
		if items := w.queue(contract.Filter{Task: contract.ToOffer}); len(items) != 1 || !items[0].Again || !items[0].Since.Equal(d.Clock().Now()) {
			t.Errorf("withdrawn: %+v", items)
		}
		c = w.offered(contract.Proposal{})
		scan := w.Keep(t, w.owner, w.vendorID, file.SignedContract, "a.pdf", file.PDF, []byte("signed"))
		must(w, contract.Upload, w.owner, contract.Scan{File: scan.ID})
		items = w.queue(contract.Filter{Task: contract.ToConfirm})
		if len(items) != 1 || items[0].Contract != c.ID || items[0].Number != c.Number || len(w.queue(contract.Filter{Task: contract.ToOffer})) != 0 {
			t.Errorf("scan: %+v", items)
		}
		must(w, contract.Withdraw, w.lin, contract.Void{ID: c.ID, Reason: "改为在线签署"})
		c = w.signed(contract.Proposal{Months: 1})
		if items := w.queue(contract.Filter{}); len(items) != 0 {
			t.Errorf("signed, and %+v waits", items)
		}
		dbtest.Advance(d, 32*24*time.Hour)
		if items := w.queue(contract.Filter{}); len(items) != 1 || !items[0].Again || !items[0].Since.Equal(c.Until) {
			t.Errorf("after the term: %+v", items)
		}
		renewed := w.signed(contract.Proposal{})
		if w.load(c.ID).Status != contract.Superseded || renewed.Status != contract.InForce || len(w.queue(contract.Filter{})) != 0 {
			t.Error("the renewal did not take the place of the old contract")
		}
	})
}

// One of the staff has a vendor's contract; another is told who.
func TestClaim(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		turn := contract.VendorTurn{VendorID: w.vendorID}
		for _, by := range []access.Actor{w.reviewer, w.auditor, w.admin, w.owner} {
			_, err := do(w, contract.Claim, by, turn)
			wants(t, err, fault.Forbidden)
		}
		if i := must(w, contract.Claim, w.lin, turn); i.Holder != w.lin.ID || i.HolderName != "林静" {
			t.Errorf("claimed %+v", i)
		}
		must(w, contract.Claim, w.lin, turn) // one's own stays one's own
		_, err := do(w, contract.Claim, w.xu, turn)
		wants(t, err, fault.Conflict)
		_, err = do(w, contract.Offer, w.xu, contract.Proposal{VendorID: w.vendorID})
		wants(t, err, fault.Conflict)
		_, err = do(w, contract.Release, w.xu, turn)
		wants(t, err, fault.Conflict)
		if n := w.waits(); n.Free != 0 || len(w.queue(contract.Filter{Free: true})) != 0 || len(w.queue(contract.Filter{Holder: w.lin.ID})) != 1 {
			t.Errorf("waits %+v", n)
		}
		if i := must(w, contract.Release, w.admin, turn); i.Holder != "" { // lin is away
			t.Errorf("released %+v", i)
		}
		_, err = do(w, contract.Release, w.lin, turn)
		wants(t, err, fault.Conflict)
		must(w, contract.Claim, w.xu, turn)
		must(w, contract.Offer, w.xu, contract.Proposal{VendorID: w.vendorID})
		_, err = do(w, contract.Claim, w.xu, turn)
		wants(t, err, fault.Conflict) // it waits for the vendor now
		if w.events("contract.claimed") != 2 || w.events("contract.released") != 1 {
			t.Error("claims and releases are not all in the log")
		}
	})
}

func TestMineAndAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		_, other := w.company(company("上海海纳数据科技有限公司"), policy.Resale, "ops")
		mine := func(by access.Actor) (k contract.Desk) {
			t.Helper()
			yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
				k, err = contract.Mine(context.Background(), tx, by)
				return err
			})
			return k
		}
		if k := mine(w.owner); !k.Waiting || k.Offer != nil || k.InForce != nil || !k.PromisedBy.Equal(dbtest.Start.Add(48*time.Hour)) || k.Phone != "138****8000" || !k.Signer {
			t.Errorf("at first %+v", k)
		}
		c := w.offered(contract.Proposal{})
		if k := mine(w.owner); k.Waiting || k.Offer == nil || k.Offer.ID != c.ID || k.Company != "杭州云帆软件技术服务有限公司" {
			t.Errorf("offered %+v", k)
		}
		if k := mine(other); k.Offer != nil || !k.Waiting {
			t.Error("the other company sees the offer")
		}
		must(w, contract.Withdraw, w.lin, contract.Void{ID: c.ID, Reason: "换新"})
		next := w.signed(contract.Proposal{})
		k := mine(w.owner)
		if k.InForce == nil || k.InForce.ID != next.ID || len(k.Earlier) != 1 || k.Earlier[0].ID != c.ID {
			t.Errorf("signed %+v", k)
		}
		support := w.owner
		support.Roles = []access.Role{access.Support}
		if mine(support).Signer {
			t.Error("support may sign")
		}
		for name, tt := range map[string]struct {
			in   contract.Choice
			want int
		}{
			"all": {contract.Choice{}, 2}, "signed": {contract.Choice{Status: contract.InForce}, 1}, "by number": {contract.Choice{Query: "ysht-2026-000001"}, 1},
			"by name": {contract.Choice{Query: "云帆"}, 2}, "no such name": {contract.Choice{Query: "100%"}, 0}, "ended": {contract.Choice{Ended: true}, 0},
			"after the first": {contract.Choice{Before: next.ID}, 1}, "one": {contract.Choice{Limit: 1}, 1}, "the vendor's": {contract.Choice{VendorID: w.vendorID}, 2},
		} {
			if got := must(w, contract.All, w.auditor, tt.in); len(got) != tt.want || len(got) > 0 && got[0].VendorName != "杭州云帆软件技术服务有限公司" {
				t.Errorf("%s: %d contracts, want %d", name, len(got), tt.want)
			}
		}
		_, err := do(w, contract.All, w.owner, contract.Choice{})
		wants(t, err, fault.Forbidden)
		draft := must(w, contract.Prepare, w.auditor, contract.VendorTurn{VendorID: w.vendorID})
		if draft.Blocked != nil || draft.Rate() != "10%" || draft.RequiredBy != "image" || len(draft.Earlier) != 2 {
			t.Errorf("draft %+v", draft)
		}
	})
}
