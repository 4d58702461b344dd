package payment_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	files "github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// kept is a statement file that was handed in for a job.
func kept(t *testing.T, d *db.DB, name, body string) (payment.File, *files.Files) {
	t.Helper()
	store, err := files.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	var v *vault.Vault
	if err := d.Read(ctx, func(tx *db.Tx) error { v = tx.Vault(); return nil }); err != nil {
		t.Fatal(err)
	}
	stored := files.New(store, v)
	up, err := payment.Keep(ctx, d, stored, clerk, strings.NewReader(body), name, int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	in, _, err := payment.Kept(ctx, d, stored, clerk, up.ID, "main", "")
	if err != nil {
		t.Fatal(err)
	}
	if in.Name != name || in.Size != int64(len(body)) {
		t.Errorf("kept as %q with %d bytes", in.Name, in.Size)
	}
	return in, stored
}

func long(n int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		b.WriteString(row(i+1, 100, "货款", "某公司", "1001"))
	}
	return b.String()
}

func found(t *testing.T, d *db.DB, id string) payment.Statement {
	t.Helper()
	var s payment.Statement
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { s, err = payment.GetStatement(ctx, tx, auditor, id); return err }); err != nil {
		t.Fatal(err)
	}
	return s
}

// A large file is kept packed and imported by a job; what it says of itself follows.
func TestJobImportsKeptFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in, stored := kept(t, d, "大.csv", long(20_000))
		s, err := payment.Later(ctx, d, clerk, in)
		if err != nil || s.Status != payment.Checking || s.Lines != 0 || s.Percent() != 0 {
			t.Fatalf("noted: %+v %v", s, err)
		}
		var reg job.Registry
		job.HandleOutside(&reg, payment.ImportJob, payment.Work(d, stored))
		job.Handle(&reg, payment.SearchJob, payment.Propose)
		if err := job.NewRunner(d, &reg, slog.New(slog.DiscardHandler), 2).Drain(ctx); err != nil {
			t.Fatal(err)
		}
		s = found(t, d, s.ID)
		if s.Status != payment.Imported || s.Fresh != 20_000 || s.Percent() != 100 || s.ImportedBy != clerk.ID || s.Held {
			t.Errorf("after the job: %+v", s)
		}
		if got := bank(t, d); got != 20_000*100 {
			t.Errorf("bank holds %d fen", got)
		}
		if _, err := payment.Later(ctx, d, clerk, in); !errors.Is(err, fault.Conflict) {
			t.Errorf("once more: %v", err)
		}
	})
}

// A file that a job refuses stays with what is wrong, and may come again otherwise.
func TestJobKeepsFaults(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		in, stored := kept(t, d, "坏.csv", head+row(1, 100, "", "甲", "1001")+"20260302,09:00:02,,五千,x,y,z,C2\n")
		s, err := payment.Later(ctx, d, clerk, in)
		if err != nil {
			t.Fatal(err)
		}
		if err := payment.Work(d, stored)(ctx, payment.Order{Statement: s.ID}); err != nil {
			t.Fatalf("a fault of the file is none of the job's: %v", err)
		}
		s = found(t, d, s.ID)
		if s.Status != payment.Refused || len(s.Faults) != 1 || s.Faults[0].Pointer != "/lines/3/credit" || !strings.Contains(s.Faults[0].ZH, "第 3 行") || !strings.Contains(s.Faults[0].EN, "Line 3") {
			t.Errorf("refused: %+v", s)
		}
		if len(lines(t, d)) != 0 || bank(t, d) != 0 {
			t.Error("something of it came in")
		}
		if _, err := payment.Later(ctx, d, clerk, in); err != nil {
			t.Errorf("once more: %v", err)
		}
	})
}

// stopping stops an import after some of its lines, by the act or by the context.
func stopping(d *db.DB, in payment.File, at int, stop func(id string)) error {
	in.Progress = func(s payment.Statement) {
		if s.Done >= at {
			stop(s.ID)
		}
	}
	_, err := payment.Import(ctx, d, clerk, in)
	return err
}

// An import that a person stopped, and one whose process was killed between two
// batches, go on where they stopped, and each line counts once.
func TestStoppedImportGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		body := long(3000)
		in, stored := kept(t, d, "x.csv", body)
		var once sync.Once
		err := stopping(d, in, 200, func(id string) {
			once.Do(func() {
				write(t, d, func(tx *db.Tx) error {
					if _, err := payment.Stop(ctx, tx, auditor, id); !errors.Is(err, fault.Forbidden) {
						t.Errorf("an auditor stops it: %v", err)
					}
					_, err := payment.Stop(ctx, tx, clerk, id)
					return err
				})
			})
		})
		if !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "stopped") {
			t.Fatalf("the stopped import: %v", err)
		}
		var s payment.Statement
		if err := d.Read(ctx, func(tx *db.Tx) error {
			all, err := payment.Statements(ctx, tx, auditor, "", 0)
			s = all[0]
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if s.Status != payment.Stopped || s.Done == 0 || s.Done >= 3000 {
			t.Fatalf("stopped: %+v", s)
		}
		bank(t, d) // in step even now
		if err := payment.Work(d, stored)(ctx, payment.Order{Statement: s.ID}); err != nil || found(t, d, s.ID).Done != s.Done {
			t.Errorf("a job goes on with what a person stopped: %v", err)
		}
		write(t, d, func(tx *db.Tx) error { _, err := payment.Resume(ctx, tx, clerk, s.ID); return err })

		killed, kill := context.WithCancel(ctx)
		again := in
		again.Progress = func(now payment.Statement) {
			if now.Done > s.Done {
				kill()
			}
		}
		if _, err := payment.Import(killed, d, clerk, again); !errors.Is(err, context.Canceled) {
			t.Fatalf("the killed import: %v", err)
		}
		if err := payment.Work(d, stored)(ctx, payment.Order{Statement: s.ID}); err != nil {
			t.Fatal(err)
		}
		if s = found(t, d, s.ID); s.Status != payment.Imported || s.Fresh != 3000 {
			t.Errorf("in the end: %+v", s)
		}
		if got := bank(t, d); got != 300_000 {
			t.Errorf("bank holds %d fen", got)
		}
		write(t, d, func(tx *db.Tx) error {
			for name, act := range map[string]func() error{
				"stop":   func() error { _, err := payment.Stop(ctx, tx, clerk, s.ID); return err },
				"resume": func() error { _, err := payment.Resume(ctx, tx, clerk, s.ID); return err },
			} {
				if err := act(); !errors.Is(err, fault.Conflict) {
					t.Errorf("%s what is in: %v", name, err)
				}
			}
			return nil
		})
	})
}

// Two replicas with the same file: while one imports, the other is told to wait.
func TestTwoReplicasImportOneFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		body := long(1000)
		first := file("x.csv", body)
		var other error
		var once sync.Once
		if err := stopping(d, first, 200, func(string) {
			once.Do(func() { _, other = payment.Import(ctx, d, clerk, file("x.csv", body)) })
		}); err != nil {
			t.Fatal(err)
		}
		if !errors.Is(other, fault.Conflict) || !strings.Contains(other.Error(), "elsewhere") {
			t.Errorf("the other replica: %v", other)
		}
		if got := bank(t, d); got != 100_000 || len(lines(t, d)) == 0 {
			t.Errorf("bank holds %d fen", got)
		}
	})
}

// Both begin at the same moment: one goes on, each line is in once.
func TestReplicasBeginTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		body := long(600)
		var wg sync.WaitGroup
		var mu sync.Mutex
		in := 0
		for range 4 {
			wg.Go(func() {
				_, err := payment.Import(ctx, d, clerk, file("x.csv", body))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					in++
				case !errors.Is(err, fault.Conflict):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if in != 1 {
			t.Errorf("%d of four came in", in)
		}
		if got := bank(t, d); got != 60_000 {
			t.Errorf("bank holds %d fen", got)
		}
	})
}

// A statement in the standard's format comes in whole, or not at all; a gap to the
// one before it is found. Rule D-12.
func TestStandardFormatsComeIn(t *testing.T) {
	camt := func(number int, day string, opening, fen, closing string) string {
		balance := func(kind, sum string) string {
			return `<Bal><Tp><CdOrPrtry><Cd>` + kind + `</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">` + sum + `</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>`
		}
		return fmt.Sprintf(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt><Id>S%d</Id><ElctrncSeqNb>%d</ElctrncSeqNb><Acct><Id><Othr><Id>100000000000001</Id></Othr></Id></Acct>%s%s<Ntry><Amt Ccy="CNY">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt><AcctSvcrRef>R%d</AcctSvcrRef></Ntry></Stmt></BkToCstmrStmt></Document>`,
			number, number, balance("OPBD", opening), balance("CLBD", closing), fen, day, number)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, err := payment.Import(ctx, d, clerk, file("1.xml", camt(1, "2026-03-02", "0", "100.00", "100.01"))); !errors.Is(err, fault.Invalid) {
			t.Errorf("a wrong sum: %v", err)
		}
		if s := load(t, d, camt(1, "2026-03-02", "0", "100.00", "100.00")); s.Format != "camt.053" || s.Mapping != "" || s.Fresh != 1 {
			t.Errorf("%+v", s)
		}
		last := load(t, d, camt(4, "2026-03-06", "130.00", "1.00", "131.00"))
		load(t, d, ":20:X\n:25:100000000000001\n:28C:5\n:60F:C260306CNY131,\n:61:2603070307C2,NTRFNONREF//R5\n:62F:C260307CNY133,\n")
		if got := bank(t, d); got != 10300 {
			t.Errorf("bank holds %d fen", got)
		}
		if err := d.Read(ctx, func(tx *db.Tx) error {
			all, err := payment.Findings(ctx, tx, auditor, "main")
			if len(all) != 1 || all[0].Kind != payment.Gap || all[0].After.StatementID != last.ID || all[0].Difference.Fen != 3000 || all[0].Missing != "2–3" {
				t.Errorf("findings %+v", all)
			}
			if _, err := payment.Findings(ctx, tx, program, "main"); err != nil {
				t.Error(err)
			}
			parts, e := payment.Parts(ctx, tx, auditor, last.ID)
			if len(parts) != 1 || parts[0].Opening.Fen != 13000 || parts[0].Closing.Fen != 13100 {
				t.Errorf("parts %+v", parts)
			}
			return errors.Join(err, e)
		}); err != nil {
			t.Fatal(err)
		}
	})
}
