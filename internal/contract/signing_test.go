package contract_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// Rules O-4, O-5: signed online by the owner with a code by SMS; the signed copy
// tells who, when, from where and the hash of what was signed, begins with the
// signed document byte for byte, and shows any later change.
func TestSignOnline(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		c := w.offered(contract.Proposal{})
		original := w.pdf(c.FileID)
		dbtest.Advance(d, 26*time.Hour)
		in := w.signature(c)
		now := d.Clock().Now()
		got := must(w, contract.Sign, w.owner, in)
		if got.Status != contract.InForce || got.Way != contract.Online || !got.SignedAt.Equal(now) || !contract.InTerm(got, now) {
			t.Errorf("signed: %+v", got)
		}
		if want := time.Date(2027, 3, 3, 15, 59, 59, 999999000, time.UTC); !got.Until.Equal(want) {
			t.Errorf("until %s, want %s", got.Until, want)
		}
		if e := got.Evidence; e.Name != "周远" || e.Account != w.owner.ID || e.Address != "203.0.113.7" || !strings.HasSuffix(e.Phone, "8000") || strings.Contains(e.Phone, "0013") ||
			e.Channel != "sms" || e.Hash != c.FileHash || !e.At.Equal(now) {
			t.Errorf("evidence %+v", e)
		}
		w.Drain(t)
		c = w.load(c.ID)
		if c.SignedFileID == "" || c.SealedAt.IsZero() {
			t.Fatal("the signed copy was not made")
		}
		data := w.pdf(c.SignedFileID)
		if !bytes.HasPrefix(data, original) {
			t.Error("the signed copy does not begin with the document that was signed")
		}
		if err := sign.Check(data, w.Key.Fingerprint()); err != nil {
			t.Error(err)
		}
		all, err := sign.Verify(data)
		if err != nil || len(all) != 1 || !all[0].Intact() || !all[0].Whole || all[0].Name != "示例云计算有限责任公司" || !strings.Contains(all[0].Reason, c.Number) {
			t.Errorf("signatures %+v, %v", all, err)
		}
		says(t, data, "电子签署记录", "周远", w.owner.ID, "2026-03-03 11:00:00 +08:00", "IP 203.0.113.7", "138****8000", in.Hash, "2026年3月3日 至 2027年3月3日（含当日）",
			"我已阅读并同意本合同全部内容，确认有权代表“杭州云帆软件技术服务有限公司”以电子签名方式签署")
		if out, ok := tool(t, data, "pdfsig", "-nocert", "FILE"); ok && (!strings.Contains(out, "Signature is Valid") || !strings.Contains(out, "Total document signed")) {
			t.Errorf("pdfsig: %s", out)
		}
		tool(t, data, "qpdf", "--check", "FILE")
		data[len(original)/2] ^= 1
		if err := sign.Check(data, w.Key.Fingerprint()); err == nil {
			t.Error("a changed byte goes unnoticed")
		}
		// Rule O-5: the end of the term is a fact, not an act.
		dbtest.Advance(d, 366*24*time.Hour)
		if c := w.load(c.ID); contract.InTerm(c, d.Clock().Now()) || c.Status != contract.InForce {
			t.Errorf("after its term: %+v", c)
		}
	})
}

// Rule O-4: who may not sign, and what does not count as a signature.
func TestSignRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		otherID, other := w.company(company("上海海纳数据科技有限公司"), policy.Platform, "ops")
		fresh := must(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID})
		_, err := do(w, contract.AskCode, w.owner, contract.Turn{})
		wants(t, err, fault.Conflict) // its document is being made
		w.Drain(t)
		c := w.load(fresh.ID)
		good := w.signature(c)
		with := func(change func(*contract.Signature)) contract.Signature {
			in := good
			change(&in)
			return in
		}
		helper := w.owner
		helper.Roles = []access.Role{access.Support}
		reader := w.owner
		reader.Scopes = []access.Scope{access.ScopeRead}
		wrong := "000000"
		if good.Code == wrong {
			wrong = "111111"
		}
		for _, tt := range []struct {
			name   string
			by     access.Actor
			in     contract.Signature
			kind   fault.Kind
			fields []string
		}{
			{"nobody", access.Actor{}, good, fault.Unauthenticated, nil},
			{"another company", other, good, fault.NotFound, nil},
			{"somebody of support", helper, good, fault.Forbidden, nil},
			{"a key that may only read", reader, good, fault.Forbidden, nil},
			{"staff", w.lin, good, fault.Forbidden, nil},
			{"a job", access.SystemActor("x"), good, fault.Forbidden, nil},
			{"no such contract", w.owner, with(func(s *contract.Signature) { s.ID = "ctr_none" }), fault.NotFound, nil},
			{"no consent", w.owner, with(func(s *contract.Signature) { s.Consent = false }), fault.Invalid, []string{"/consent O-4"}},
			{"another document", w.owner, with(func(s *contract.Signature) { s.Hash = strings.Repeat("0", 64) }), fault.Invalid, []string{"/hash O-4"}},
			{"no hash", w.owner, with(func(s *contract.Signature) { s.Hash = "" }), fault.Invalid, []string{"/hash O-4"}},
			{"no code", w.owner, with(func(s *contract.Signature) { s.Code = "" }), fault.Invalid, []string{"/code"}},
			{"a wrong code", w.owner, with(func(s *contract.Signature) { s.Code = wrong }), fault.Invalid, []string{"/code"}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				_, err := do(w, contract.Sign, tt.by, tt.in)
				wants(t, err, tt.kind, tt.fields...)
			})
		}
		if c := w.load(c.ID); c.Status != contract.AtVendor || w.events("contract.signed") != 0 {
			t.Fatal("a refused signature left something behind")
		}
		_, err = do(w, contract.AskCode, w.owner, contract.Turn{ID: c.ID})
		wants(t, err, fault.TooMany)

		// A code for one contract does not sign another.
		must(w, contract.Withdraw, w.lin, contract.Void{ID: c.ID, Reason: "换新"})
		_, err = do(w, contract.Sign, w.owner, good)
		wants(t, err, fault.Conflict)
		again := w.offered(contract.Proposal{})
		_, err = do(w, contract.Sign, w.owner, with(func(s *contract.Signature) { s.ID, s.Hash = again.ID, again.FileHash }))
		wants(t, err, fault.Invalid, "/code")
		must(w, contract.Sign, w.owner, w.signature(again))
		_, err = do(w, contract.Sign, w.owner, contract.Signature{ID: again.ID, Hash: again.FileHash, Code: good.Code, Consent: true})
		wants(t, err, fault.Conflict)
		_, err = do(w, contract.Sign, w.owner, contract.Signature{Hash: again.FileHash, Code: good.Code, Consent: true})
		wants(t, err, fault.Conflict) // nothing waits any more
		_, err = do(w, contract.Get, other, contract.Turn{ID: again.ID})
		wants(t, err, fault.NotFound)
		if otherID == w.vendorID {
			t.Fatal("one vendor, not two")
		}
	})
}

// An expired code does not sign; the hash may be given in groups, as it is shown.
func TestSignWithAnExpiredCode(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), policy.Platform, "image")
	c := w.offered(contract.Proposal{})
	in := w.signature(c)
	dbtest.Advance(w.DB, 11*time.Minute)
	_, err := do(w, contract.Sign, w.owner, in)
	wants(t, err, fault.Invalid, "/code")
	in = w.signature(c)
	in.ID, in.Hash = "", strings.ToUpper(in.Hash[:32])+" "+in.Hash[32:]
	must(w, contract.Sign, w.owner, in)
}

// Two people who sign at once: one does, the other is told.
func TestTwoSignAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		c := w.offered(contract.Proposal{})
		first := w.signature(c)
		partner := w.owner
		partner.ID = "acc_partner"
		yunshitest.Person(t, d, partner, "吴越")
		must(w, contract.AskCode, partner, contract.Turn{})
		second := contract.Signature{Hash: c.FileHash, Code: w.Code(t, partner.ID), Consent: true, ID: c.ID}
		var wg sync.WaitGroup
		errs := make([]error, 2)
		for i, in := range []contract.Signature{first, second} {
			by := []access.Actor{w.owner, partner}[i]
			wg.Go(func() { _, errs[i] = do(w, contract.Sign, by, in) })
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("signed by %v and %v, want one of them", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil {
				wants(t, err, fault.Conflict)
			}
		}
		w.Drain(t)
		if w.events("contract.signed") != 1 || w.events("contract.sealed") != 1 {
			t.Error("signed or sealed more than once")
		}
	})
}

// The process was killed between a job's work and its end: the job runs again, by
// two processes at once, and nothing happens twice. Rule O-4.
func TestJobsRunTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d, policy.Platform, "image")
		again := func(kind string) {
			t.Helper()
			yunshitest.Write(t, d, func(tx *db.Tx) error {
				for i := range 2 {
					if _, err := tx.Exec(context.Background(), `
						INSERT INTO job (id, kind, payload, state, run_at, created_at)
						SELECT $1, kind, payload, 'available', $2, $2 FROM job WHERE kind = $3 ORDER BY id LIMIT 1`,
						tx.NewID("job")+string(rune('a'+i)), tx.Now(), kind); err != nil {
						return err
					}
				}
				return nil
			})
			w.Drain(t)
		}
		c := must(w, contract.Offer, w.lin, contract.Proposal{VendorID: w.vendorID})
		again("contract.render") // three at once
		c = w.load(c.ID)
		again("contract.render")
		if got := w.load(c.ID); got.FileID != c.FileID || got.FileHash != c.FileHash || got.Status != contract.AtVendor || w.events("contract.rendered") != 1 {
			t.Errorf("made twice: %s", got.FileID)
		}
		must(w, contract.Sign, w.owner, w.signature(c))
		again("contract.seal")
		c = w.load(c.ID)
		again("contract.seal")
		if got := w.load(c.ID); got.SignedFileID != c.SignedFileID || w.events("contract.sealed") != 1 {
			t.Errorf("sealed twice: %s", got.SignedFileID)
		}
		if n := kept(t, w, file.SignedContract); n != 1 {
			t.Errorf("%d signed copies were kept", n)
		}
		if err := sign.Check(w.pdf(c.SignedFileID), w.Key.Fingerprint()); err != nil {
			t.Error(err)
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			n, err := db.One(context.Background(), tx, db.Value[int64], `SELECT COUNT(*) FROM job WHERE state = 'dead' OR last_error <> ''`)
			if n != 0 {
				t.Errorf("%d jobs failed", n)
			}
			return err
		})
	})
}

func kept(t *testing.T, w *world, purpose file.Purpose) (n int64) {
	t.Helper()
	yunshitest.Read(t, w.DB, func(tx *db.Tx) (err error) {
		n, err = db.One(context.Background(), tx, db.Value[int64], `SELECT COUNT(*) FROM file WHERE purpose = $1`, string(purpose))
		return err
	})
	return n
}

// The same contract gives the same document, byte for byte.
func TestDocumentIsTheSameEachTime(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t), policy.Platform, "image")
	c := w.offered(contract.Proposal{Lang: contract.Both, Terms: "双方另行约定的事项。"})
	first := w.pdf(c.FileID)
	yunshitest.Write(t, w.DB, func(tx *db.Tx) error {
		if _, err := tx.Exec(context.Background(), `UPDATE contract SET status = 'preparing', file_id = '', file_hash = '' WHERE id = $1`, c.ID); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), `UPDATE job SET state = 'available', run_at = $1 WHERE kind = 'contract.render'`, tx.Now())
		return err
	})
	w.Drain(t)
	second := w.load(c.ID)
	if sum := sha256.Sum256(first); second.FileHash != hex.EncodeToString(sum[:]) {
		t.Error("a second rendering differs")
	}
}
