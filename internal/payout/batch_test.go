package payout_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/payout/bankfile"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func makeFile(d *db.DB, by access.Actor, in payout.Making) (b payout.Batch, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		b, err = payout.MakeFile(ctx, tx, by, in)
		return err
	})
	return b, err
}

func files(t testing.TB) *file.Files {
	t.Helper()
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return file.New(store, dbtest.Vault())
}

func batch(t testing.TB, d *db.DB, id string) payout.Batch {
	t.Helper()
	var b payout.Batch
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		b, err = payout.GetBatch(ctx, tx, chief, payout.Chosen{ID: id})
		return err
	})
	return b
}

// Rule D-10: the file is made once and stays as it is, whoever asks for it again.
func TestFileIsMadeOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one := approved(t, d, "ven_1", yuan(5000), "ext_1")
		two := approved(t, d, "ven_2", yuan(2000), "ext_2")
		b, err := makeFile(d, clerk, payout.Making{From: "main", Format: bankfile.Pain09, Payouts: []string{one.ID, two.ID, one.ID}})
		if err != nil {
			t.Fatal(err)
		}
		if b.Payouts != 2 || b.Sum != yuan(7000) || b.Number != "FK-2026-000001" || b.Status != payout.Preparing {
			t.Errorf("made: %+v", b)
		}
		fs := files(t)
		render := payout.Render(d, fs)
		var first []byte
		for range 2 {
			if err := render(ctx, payout.Rendering{Batch: b.ID}); err != nil {
				t.Fatal(err)
			}
			got := batch(t, d, b.ID)
			var data []byte
			yunshitest.Read(t, d, func(tx *db.Tx) error {
				f, err := file.Get(ctx, tx, chief, got.FileID)
				if err != nil {
					return err
				}
				data, err = fs.Open(context.Background(), f)
				return err
			})
			sum := sha256.Sum256(data)
			if got.Status != payout.Ready || got.SHA256 != hex.EncodeToString(sum[:]) {
				t.Errorf("ready: %+v", got)
			}
			if first != nil && !bytes.Equal(first, data) {
				t.Error("the second time it is another file")
			}
			first = data
		}
		for _, want := range []string{one.Reference, two.Reference, "<CtrlSum>7000.00</CtrlSum>", to.Number} {
			if !strings.Contains(string(first), want) {
				t.Errorf("%q is not in it", want)
			}
		}
		yunshitest.Read(t, d, func(tx *db.Tx) error {
			for name, who := range map[string]access.Actor{"a reviewer": yunshitest.Staff("r", access.Reviewer), "the vendor": yunshitest.Owner("ven_1")} {
				if _, err := file.Get(ctx, tx, who, batch(t, d, b.ID).FileID); err == nil {
					t.Errorf("%s reads the payment file", name)
				}
			}
			return nil
		})
		if got := detail(t, d, one.ID); got.Status != payout.Filed || got.BatchID != b.ID || len(got.Files) != 1 {
			t.Errorf("filed: %+v", got)
		}
		sound(t, d)
	})
}

func TestMakeFileRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ready := approved(t, d, "ven_1", yuan(5000), "ext_1")
		waits := asked(t, d, "ven_2", yuan(5000), "ext_2")
		for name, tt := range map[string]struct {
			by   access.Actor
			in   payout.Making
			kind fault.Kind
		}{
			"nothing chosen":  {clerk, payout.Making{From: "main", Format: bankfile.CSVUTF8}, fault.Invalid},
			"no such account": {clerk, payout.Making{From: "else", Format: bankfile.CSVUTF8, Payouts: []string{ready.ID}}, fault.Invalid},
			"no such format":  {clerk, payout.Making{From: "main", Format: "mt101", Payouts: []string{ready.ID}}, fault.Invalid},
			"a past day":      {clerk, payout.Making{From: "main", Format: bankfile.CSVUTF8, Day: calendar.Day{Year: 2020, Month: 1, Day: 1}, Payouts: []string{ready.ID}}, fault.Invalid},
			"not approved":    {clerk, payout.Making{From: "main", Format: bankfile.CSVUTF8, Payouts: []string{ready.ID, waits.ID}}, fault.Conflict},
			"no such payout":  {clerk, payout.Making{From: "main", Format: bankfile.CSVUTF8, Payouts: []string{"pay_none"}}, fault.NotFound},
			"an auditor":      {auditor, payout.Making{From: "main", Format: bankfile.CSVUTF8, Payouts: []string{ready.ID}}, fault.Forbidden},
			"a job":           {program, payout.Making{From: "main", Format: bankfile.CSVUTF8, Payouts: []string{ready.ID}}, fault.Forbidden},
		} {
			if _, err := makeFile(d, tt.by, tt.in); !errors.Is(err, tt.kind) {
				t.Errorf("%s: %v, want %s", name, err, tt.kind)
			}
		}
		if got := detail(t, d, ready.ID); got.Status != payout.Approved {
			t.Errorf("it is %s by now", got.Status)
		}
	})
}

// Two files made at once: a payout stands in one of them.
func TestPayoutStandsInOneFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := approved(t, d, "ven_1", yuan(5000), "ext_1")
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = makeFile(d, clerk, payout.Making{From: "main", Format: bankfile.CSVGB18030, Payouts: []string{p.ID}})
			})
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if !errors.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if made != 1 {
			t.Errorf("it stands in %d files", made)
		}
		sound(t, d)
	})
}

// A rejected file frees its payouts for another; a refused payment waits for its account.
func TestRejectedFileAndRefusedPayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one := approved(t, d, "ven_1", yuan(5000), "ext_1")
		two := approved(t, d, "ven_2", yuan(2000), "ext_2")
		in := payout.Making{From: "main", Format: bankfile.CSVUTF8, Payouts: []string{one.ID, two.ID}}
		b, err := makeFile(d, clerk, in)
		if err != nil {
			t.Fatal(err)
		}
		reject := func(reason string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := payout.Reject(ctx, tx, chief, payout.Rejection{ID: b.ID, Reason: reason})
				return err
			})
		}
		if err := reject(""); !errors.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := reject("银行不接受该格式"); err != nil {
			t.Fatal(err)
		}
		if err := reject("again"); !errors.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if got := batch(t, d, b.ID); got.Status != payout.Rejected || got.Reason == "" {
			t.Errorf("rejected: %+v", got)
		}
		// The job that comes late makes no document of it.
		if err := payout.Render(d, files(t))(ctx, payout.Rendering{Batch: b.ID}); err != nil || batch(t, d, b.ID).FileID != "" {
			t.Errorf("a rejected file was made: %v", err)
		}
		in.Format = bankfile.Pain03
		if b, err = makeFile(d, clerk, in); err != nil {
			t.Fatal(err)
		}
		yunshitest.Write(t, d, func(tx *db.Tx) error {
			p, err := payout.Refuse(ctx, tx, clerk, payout.Cancellation{ID: one.ID, Reason: "账号不存在"})
			if err == nil && (p.Status != payout.SentBack || p.BatchID != "") {
				t.Errorf("refused: %+v", p)
			}
			return err
		})
		if got := paid(t, d, two, 1); got.Status != payout.Paid {
			t.Errorf("the other one: %+v", got)
		}
		if err := reject("too late"); !errors.Is(err, fault.Conflict) {
			t.Errorf("nothing is left of it: %v", err)
		}
		sound(t, d)
	})
}
