package contract_test

import (
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Rules O-4, O-5: signed on paper, uploaded, sent back once, and confirmed by staff
// with the day written on it.
func TestSignOnPaper(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		c := w.offered(contract.Proposal{})
		dbtest.Advance(d, 3*24*time.Hour) // Thursday 5 March
		scan := w.Keep(t, w.owner, w.vendorID, file.SignedContract, "合同.pdf", file.PDF, []byte("%PDF- signed by hand"))
		got := must(w, contract.Upload, w.owner, contract.Scan{File: scan.ID})
		if got.Status != contract.AtOffice || got.ScanFileID != scan.ID {
			t.Errorf("uploaded: %+v", got)
		}
		_, err := do(w, contract.AskCode, w.owner, contract.Turn{})
		wants(t, err, fault.Conflict) // not both ways at once
		_, err = do(w, contract.Return, w.lin, contract.SendBack{ID: c.ID})
		wants(t, err, fault.Invalid, "/reason")
		back := must(w, contract.Return, w.lin, contract.SendBack{ID: c.ID, Reason: "最后一页没有盖章"})
		if back.Status != contract.AtVendor || back.ScanReason != "最后一页没有盖章" {
			t.Errorf("sent back: %+v", back)
		}
		_, err = do(w, contract.Confirm, w.lin, contract.Confirmation{ID: c.ID, SignedOn: calendar.Date(2026, 3, 4)})
		wants(t, err, fault.Conflict)
		// The second came by post: staff upload it.
		posted := w.Keep(t, w.lin, w.vendorID, file.SignedContract, "scan.jpg", file.JPEG, []byte("a picture"))
		got = must(w, contract.Upload, w.lin, contract.Scan{ID: c.ID, File: posted.ID})
		if got.ScanReason != "" {
			t.Error("the old reason stays with the new scan")
		}
		for _, tt := range []struct {
			name string
			on   calendar.Day
		}{
			{"no day", calendar.Day{}},
			{"before the offer", calendar.Date(2026, 3, 1)},
			{"tomorrow", calendar.Date(2026, 3, 6)},
		} {
			_, err := do(w, contract.Confirm, w.xu, contract.Confirmation{ID: c.ID, SignedOn: tt.on})
			t.Run(tt.name, func(t *testing.T) { wants(t, err, fault.Invalid, "/signed_on") })
		}
		for _, by := range []access.Actor{w.owner, w.reviewer, w.auditor, w.admin} {
			_, err := do(w, contract.Confirm, by, contract.Confirmation{ID: c.ID, SignedOn: calendar.Date(2026, 3, 4)})
			wants(t, err, fault.Forbidden)
		}
		got = must(w, contract.Confirm, w.xu, contract.Confirmation{ID: c.ID, SignedOn: calendar.Date(2026, 3, 4)})
		if got.Status != contract.InForce || got.Way != contract.OnPaper || got.SignedFileID != posted.ID || !contract.InTerm(got, d.Clock().Now()) {
			t.Errorf("confirmed: %+v", got)
		}
		zone := policy.Shipped().Location()
		if calendar.Of(got.SignedAt, zone) != calendar.Date(2026, 3, 4) || calendar.Of(got.Until, zone) != calendar.Date(2027, 3, 4) {
			t.Errorf("from %s to %s", got.SignedAt, got.Until)
		}
		w.Drain(t)
		if w.events("contract.signed") != 1 || w.events("contract.sealed") != 0 {
			t.Error("a paper contract is signed once and not sealed")
		}
		_, err = do(w, contract.Confirm, w.xu, contract.Confirmation{ID: c.ID, SignedOn: calendar.Date(2026, 3, 4)})
		wants(t, err, fault.Conflict)
		_, err = do(w, contract.Upload, w.owner, contract.Scan{ID: c.ID, File: scan.ID})
		wants(t, err, fault.Conflict)
	})
}

// Rule O-4: what is not a scan of this contract.
func TestUploadRefused(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), policy.Platform, "image")
	otherID, other := w.company(company("上海海纳数据科技有限公司"), policy.Platform, "ops")
	theirs := w.Keep(t, other, otherID, file.SignedContract, "a.pdf", file.PDF, []byte("theirs"))
	licence := w.Keep(t, w.owner, w.vendorID, file.Licence, "a.pdf", file.PDF, []byte("licence"))
	_, err := do(w, contract.Upload, w.owner, contract.Scan{File: licence.ID})
	wants(t, err, fault.Conflict) // nothing was offered yet
	c := w.offered(contract.Proposal{})
	same := w.Keep(t, w.owner, w.vendorID, file.SignedContract, "same.pdf", file.PDF, w.pdf(c.FileID))
	for name, id := range map[string]string{"none": "", "unknown": "fil_none", "another company's": theirs.ID, "for another purpose": licence.ID, "the unsigned original": same.ID} {
		_, err := do(w, contract.Upload, w.owner, contract.Scan{File: id})
		t.Run(name, func(t *testing.T) { wants(t, err, fault.Invalid, "/file") })
	}
	_, err = do(w, contract.Upload, w.lin, contract.Scan{ID: c.ID, File: theirs.ID})
	wants(t, err, fault.Invalid, "/file")
	_, err = do(w, contract.Upload, other, contract.Scan{ID: c.ID, File: theirs.ID})
	wants(t, err, fault.NotFound)
	_, err = do(w, contract.Upload, w.auditor, contract.Scan{ID: c.ID, File: theirs.ID})
	wants(t, err, fault.Forbidden)
	_, err = do(w, contract.Return, w.lin, contract.SendBack{ID: c.ID, Reason: "x"})
	wants(t, err, fault.Conflict)
	good := w.Keep(t, w.owner, w.vendorID, file.SignedContract, "b.pdf", file.PDF, []byte("b"))
	must(w, contract.Upload, w.owner, contract.Scan{File: good.ID})
	_, err = do(w, contract.Return, w.lin, contract.SendBack{ID: c.ID, Reason: strings.Repeat("长", 501)})
	wants(t, err, fault.Invalid, "/reason")
	must(w, contract.Withdraw, w.lin, contract.Void{ID: c.ID, Reason: "资料变更"})
}
