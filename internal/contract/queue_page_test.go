package contract_test

import (
	"context"
	"fmt"
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
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// due is a vendor and since when it waits.
type due struct {
	Vendor string
	Since  time.Time
}

func (d *due) fields() []any { return []any{&d.Vendor, db.Time(&d.Since)} }

// truth is who waits by what stands in the contracts and approvals themselves.
func (w *world) truth() (all []due) {
	w.t.Helper()
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		all, err = db.All(context.Background(), tx, (*due).fields, `
			SELECT v.id AS id, CASE WHEN e.ended > q.since THEN e.ended ELSE q.since END AS since
			FROM vendor v
			JOIN (SELECT vendor_id, MIN(approved_at) AS since FROM qualification WHERE status = 'approved' GROUP BY vendor_id) q ON q.vendor_id = v.id
			LEFT JOIN (
				SELECT vendor_id, MAX(CASE WHEN status = 'signed' THEN until ELSE ended_at END) AS ended
				FROM contract WHERE status IN ('signed', 'withdrawn') GROUP BY vendor_id
			) e ON e.vendor_id = v.id
			WHERE NOT EXISTS (
				SELECT 1 FROM contract c WHERE c.vendor_id = v.id
				AND (c.status IN ('preparing', 'offered', 'scanned') OR c.status = 'signed' AND c.until >= $1))
			UNION ALL
			SELECT vendor_id, scan_at FROM contract WHERE status = 'scanned'
			ORDER BY since, id`, tx.Now())
		return err
	})
	return all
}

// The queue is read by a note of since when each vendor waits; whatever happens to
// contracts and approvals, it is what they themselves say.
func TestQueueIsTheTruth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		step := func(what string) {
			t.Helper()
			var got []due
			for _, i := range w.queue(contract.Filter{}) {
				got = append(got, due{i.VendorID, i.Since})
			}
			if diff := cmp.Diff(w.truth(), got); diff != "" {
				t.Errorf("%s: −truth +queue\n%s", what, diff)
			}
			dbtest.Advance(d, time.Hour)
		}
		step("approved")
		c := w.offered(contract.Proposal{})
		step("offered")
		yunshitest.Qualify(t, d, w.vendorID, policy.Platform, "ops")
		step("approved for more while an offer is out")
		scan := w.Keep(t, w.owner, w.vendorID, file.SignedContract, "a.pdf", file.PDF, []byte("signed"))
		must(w, contract.Upload, w.owner, contract.Scan{File: scan.ID})
		step("scanned")
		must(w, contract.Return, w.lin, contract.SendBack{ID: c.ID, Reason: "缺最后一页"})
		step("sent back")
		must(w, contract.Withdraw, w.lin, contract.Void{ID: c.ID, Reason: "换新"})
		step("withdrawn")
		c = w.signed(contract.Proposal{Months: 2})
		step("signed")
		other := must(w, contract.Change, w.lin, contract.Proposal{VendorID: w.vendorID})
		step("another offered beside it")
		must(w, contract.Withdraw, w.lin, contract.Void{ID: other.ID, Reason: "不变更"})
		step("and withdrawn")
		dbtest.Advance(d, c.Until.Sub(d.Clock().Now()))
		dbtest.Advance(d, time.Minute)
		step("run out")
		w.signed(contract.Proposal{Months: 1})
		step("signed again")
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			if err := qualification.End(context.Background(), tx, access.SystemActor("test"), w.vendorID); err != nil {
				return err
			}
			return contract.End(context.Background(), tx, access.SystemActor("test"), contract.Ending{VendorID: w.vendorID, Reason: "退出"})
		})
		step("left")
		dbtest.Advance(d, 60*24*time.Hour)
		step("long after")
	})
}

// A queue of any length is read page by page, each vendor once and in order, by
// whoever has it, task and lateness too.
func TestQueueByPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		for i := range 8 {
			if i%3 > 0 { // some are of one moment
				dbtest.Advance(d, time.Hour)
			}
			id, owner := w.company(company(fmt.Sprintf("第 %d 家公司", i)), policy.Platform, "image")
			if i%4 == 0 {
				w.offered(contract.Proposal{VendorID: id})
				scan := w.Keep(t, owner, id, file.SignedContract, "a.pdf", file.PDF, []byte("signed"))
				must(w, contract.Upload, owner, contract.Scan{File: scan.ID})
			}
			if i%4 == 1 {
				must(w, contract.Claim, w.lin, contract.VendorTurn{VendorID: id})
			}
		}
		dbtest.Advance(d, 45*time.Hour)
		for name, f := range map[string]contract.Filter{"all": {}, "free": {Free: true}, "of lin": {Holder: w.lin.ID}, "late": {Late: true}, "offers": {Task: contract.ToOffer}, "scans": {Task: contract.ToConfirm}} {
			whole := w.queue(f)
			if len(whole) < 2 || len(whole) == 9 && name != "all" {
				t.Fatalf("%s: %d wait", name, len(whole))
			}
			var pages []contract.Item
			for f.Limit = 2; ; f.After = pages[len(pages)-1].Cursor() {
				page := w.queue(f)
				pages = append(pages, page...)
				if len(page) < 2 {
					break
				}
			}
			if diff := cmp.Diff(whole, pages); diff != "" {
				t.Errorf("%s: −whole +pages\n%s", name, diff)
			}
		}
		if q := w.waits(); q.Count != 9 || q.Free != 7 || q.Late != int64(len(w.queue(contract.Filter{Late: true}))) {
			t.Errorf("waits %+v", q)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			for _, bad := range []string{"nonsense", "bm9uc2Vuc2U"} {
				_, err := contract.List(context.Background(), tx, w.auditor, contract.Filter{After: bad})
				wants(t, err, fault.Invalid)
			}
			none, err := contract.List(context.Background(), tx, w.auditor, contract.Filter{Task: "other"})
			if len(none) > 0 {
				t.Error("a task that there is not has items")
			}
			return err
		})
	})
}
