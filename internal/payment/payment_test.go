package payment_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
)

var (
	ctx     = context.Background()
	clerk   = access.Actor{Kind: access.Staff, ID: "acc_clerk", Roles: []access.Role{access.Finance}}
	auditor = access.Actor{Kind: access.Staff, ID: "acc_auditor", Roles: []access.Role{access.Auditor}}
	program = access.SystemActor("payment.propose")
)

const (
	refA    = "YS7K3M9Q2XP"
	company = "示例软件（北京）有限公司"
	account = "6225880100000001"
)

const head = "交易日,交易时间,借方金额,贷方金额,摘要,收(付)方名称,收(付)方账号,流水号\n"

// row writes one line as the bank does; fen below zero went out.
func row(no int, fen int64, remark, name, account string) string {
	debit, credit := "", money.CNY(fen).String()
	if fen < 0 {
		debit, credit = money.CNY(-fen).String(), ""
	}
	return fmt.Sprintf("20260302,09:%02d:%02d,%q,%q,%s,%s,%s,C%06d\n", no/60%60, no%60, debit, credit, remark, name, account, no)
}

func file(name, body string) payment.File {
	return payment.File{Payee: "main", Name: name, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(body)), nil }}
}

func load(t *testing.T, d *db.DB, body string) payment.Statement {
	t.Helper()
	s, err := payment.Import(ctx, d, clerk, file("流水.csv", body))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, d *db.DB, do func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(ctx, do); err != nil {
		t.Fatal(err)
	}
}

func lines(t *testing.T, d *db.DB) []payment.Line {
	t.Helper()
	var out []payment.Line
	if err := d.Read(ctx, func(tx *db.Tx) (err error) {
		out, err = payment.Lines(ctx, tx, clerk, payment.Filter{})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// bank is what the ledger has on the account, after checking it and the lines against it.
func bank(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var fen int64
	if err := d.Read(ctx, func(tx *db.Tx) error {
		m, err := ledger.Balance(ctx, tx, ledger.Bank("main"))
		if err != nil {
			return err
		}
		fen = m.Fen
		_, wrong, err := payment.Verify(ctx, tx)
		if err != nil {
			return err
		}
		_, more, err := ledger.Verify(ctx, tx)
		for _, w := range append(wrong, more...) {
			t.Error(w)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return fen
}

func announce(t *testing.T, d *db.DB, a payment.Announcement) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		if err := payment.Announce(ctx, tx, a); err != nil {
			return err
		}
		return payment.Propose(ctx, tx, program, payment.Search{Subject: a.Subject})
	})
}

func propose(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error {
		return payment.Propose(ctx, tx, program, payment.Search{Statement: statement})
	})
}

func expected(subject string, fen int64) payment.Announcement {
	return payment.Announcement{Subject: subject, Reference: refA, PayerName: company, PayerAccount: account, Expected: money.CNY(fen)}
}

// Rule D-12: every imported line posts bank ↔ unidentified, debits the other way.
func TestImportPostsEveryLine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := load(t, d, head+row(1, 500000, refA, company, account)+row(2, -123456, "房租", "某物业公司", "1001")+row(3, 1, "利息", "银行", ""))
		if s.Status != payment.Imported || s.Lines != 3 || s.Fresh != 3 || s.Credit.Fen != 500001 || s.Debit.Fen != 123456 || s.ImportedBy != clerk.ID {
			t.Errorf("statement %+v", s)
		}
		if got := bank(t, d); got != 500001-123456 {
			t.Errorf("bank holds %d fen", got)
		}
		var states []payment.State
		for _, l := range lines(t, d) {
			states = append(states, l.State)
		}
		if diff := cmp.Diff([]payment.State{payment.Unknown, payment.Debit, payment.Unknown}, states); diff != "" {
			t.Error(diff)
		}
	})
}

// Rule D-7: the same file, and the same line in another file, never count twice.
func TestNothingCountsTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		body := head + row(1, 500000, refA, company, account) + row(2, 200000, "", "乙公司", "1002")
		first := load(t, d, body)
		_, err := payment.Import(ctx, d, clerk, file("改了名字.csv", body))
		if !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), first.ID) {
			t.Errorf("the same file again: %v", err)
		}
		longer := load(t, d, body+row(3, 300000, "", "丙公司", "1003"))
		if longer.Lines != 3 || longer.Fresh != 1 {
			t.Errorf("a longer export: %d lines, %d fresh", longer.Lines, longer.Fresh)
		}
		if got := bank(t, d); got != 1000000 {
			t.Errorf("bank holds %d fen", got)
		}
		if n := len(lines(t, d)); n != 3 {
			t.Errorf("%d lines", n)
		}
	})
}

// A file with a broken line is refused whole, with the place.
func TestBrokenFilesChangeNothing(t *testing.T) {
	tests := []struct{ name, body, pointer string }{
		{"amount", head + row(1, 500000, refA, company, account) + "20260302,09:00:02,,五千,x,y,z,C2\n", "/lines/3"},
		{"day", head + row(1, 500000, refA, company, account) + "2026年,09:00:02,,5.00,x,y,z,C2\n", "/lines/3"},
		{"encoding", head + row(1, 500000, "\xff\xfe\xfd\xfc", company, account), "/"},
		{"empty", "", "/file"},
		{"a picture", "\x89PNG\r\n", "/file"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, test := range tests {
			_, err := payment.Import(ctx, d, clerk, file("x.csv", test.body))
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) == 0 || !strings.HasPrefix(f.Fields[0].Pointer, test.pointer) {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		if n := len(lines(t, d)); n != 0 || bank(t, d) != 0 {
			t.Errorf("%d lines came in", n)
		}
	})
}

func TestImportAsksWhoAndWhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		body := head + row(1, 500000, refA, company, account)
		if _, err := payment.Import(ctx, d, auditor, file("x", body)); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an auditor imports: %v", err)
		}
		if _, err := payment.Import(ctx, d, access.Actor{}, file("x", body)); !errors.Is(err, fault.Unauthenticated) {
			t.Errorf("a visitor imports: %v", err)
		}
		f := file("x", body)
		f.Payee = "other"
		if _, err := payment.Import(ctx, d, clerk, f); !errors.Is(err, fault.Invalid) {
			t.Errorf("to an unknown account: %v", err)
		}
		f = file("x", body)
		f.Mapping = "nobank"
		if _, err := payment.Import(ctx, d, clerk, f); !errors.Is(err, fault.Invalid) {
			t.Errorf("with an unknown mapping: %v", err)
		}
	})
}

// cut is a reader that breaks off, as a process does that is killed.
type cut struct {
	io.Reader
	left int
}

var errKilled = errors.New("killed")

func (c *cut) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errKilled
	}
	n, err := c.Reader.Read(p[:min(len(p), 4096)])
	c.left -= n
	return n, err
}

func (c *cut) Close() error { return nil }

// An import that was killed in the middle goes on when the file is imported again,
// and each line counts once.
func TestInterruptedImportGoesOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var b bytes.Buffer
		b.WriteString(head)
		const n = 5000
		for i := range n {
			b.WriteString(row(i+1, int64(100+i), "货款", "某公司", "1001"))
		}
		body := b.String()
		opens := 0
		broken := payment.File{Payee: "main", Name: "long.csv", Open: func() (io.ReadCloser, error) {
			if opens++; opens == 3 { // to be named, to be checked, to be written
				return &cut{strings.NewReader(body), len(body) * 4 / 5}, nil
			}
			return io.NopCloser(strings.NewReader(body)), nil
		}}
		if _, err := payment.Import(ctx, d, clerk, broken); !errors.Is(err, errKilled) {
			t.Fatalf("the broken import: %v", err)
		}
		var begun []payment.Statement
		if err := d.Read(ctx, func(tx *db.Tx) (err error) {
			begun, err = payment.Statements(ctx, tx, auditor, "", 0)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(begun) != 1 || begun[0].Status != payment.Importing || begun[0].Done == 0 || begun[0].Done >= n {
			t.Fatalf("after the break: %+v", begun)
		}
		bank(t, d) // in step even now
		s := load(t, d, body)
		if s.ID != begun[0].ID || s.Status != payment.Imported || s.Done != n || s.Fresh != n {
			t.Errorf("after importing again: %+v", s)
		}
		if got, want := bank(t, d), int64(n*100+n*(n-1)/2); got != want {
			t.Errorf("bank holds %d fen, want %d", got, want)
		}
	})
}

// Several people import the same file and overlapping ones at once: every line counts once.
func TestImportsRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var b bytes.Buffer
		b.WriteString(head)
		for i := range 300 {
			b.WriteString(row(i+1, 100, "货款", "某公司", "1001"))
		}
		same, longer := b.String(), b.String()+row(301, 100, "货款", "某公司", "1001")
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				body := same
				if i%2 == 0 {
					body = longer
				}
				_, err := payment.Import(ctx, d, clerk, file("x.csv", body))
				if err != nil && !errors.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, body := range []string{same, longer} {
			if _, err := payment.Import(ctx, d, clerk, file("x.csv", body)); err != nil && !errors.Is(err, fault.Conflict) {
				t.Error(err)
			}
		}
		if got := bank(t, d); got != 301*100 {
			t.Errorf("bank holds %d fen", got)
		}
	})
}

// A line without a bank's number that stands twice in the file is two movements.
func TestAlikeLinesAreTwo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const head = "交易日,借方金额,贷方金额,摘要,收(付)方名称,收(付)方账号\n"
		const twice = "20260302,,100.00,货款,某公司,1001\n"
		if s := load(t, d, head+twice+twice); s.Fresh != 2 {
			t.Errorf("%d fresh", s.Fresh)
		}
		if s := load(t, d, head+twice+twice+twice); s.Fresh != 1 {
			t.Errorf("one more: %d fresh", s.Fresh)
		}
	})
}

func TestSavedMappingReadsTheFile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := statement.Mapping{Name: "small", Encoding: "auto", Delimiter: ";", Amounts: statement.Signed, Dates: []string{"YYYY-MM-DD"}, Currency: "CNY",
			Columns: statement.Columns{Date: []string{"day"}, Amount: []string{"sum"}, Remark: []string{"text"}}}
		f := file("x.csv", "day;sum;text\n2026-03-02;12.50;a\n2026-03-02;-2.50;b\n")
		f.Mapping = "small"
		look, err := payment.Preview(ctx, d, clerk, f, m, 1)
		if err != nil || len(look.First) != 1 || look.First[0].Amount.Fen != 1250 || look.Summary.Lines != 2 {
			t.Fatalf("preview %+v %v", look, err)
		}
		if _, err := payment.Preview(ctx, d, auditor, f, m, 1); !errors.Is(err, fault.Forbidden) {
			t.Errorf("an auditor's preview: %v", err)
		}
		if _, err := payment.Import(ctx, d, clerk, f); !errors.Is(err, fault.Invalid) {
			t.Fatalf("before it is saved: %v", err)
		}
		write(t, d, func(tx *db.Tx) error {
			if _, err := payment.SaveMapping(ctx, tx, auditor, m); !errors.Is(err, fault.Forbidden) {
				t.Errorf("an auditor saves: %v", err)
			}
			bad := m
			bad.Dates = nil
			if _, err := payment.SaveMapping(ctx, tx, clerk, bad); !errors.Is(err, fault.Invalid) {
				t.Errorf("a bad one: %v", err)
			}
			_, err := payment.SaveMapping(ctx, tx, clerk, m)
			return err
		})
		if s, err := payment.Import(ctx, d, clerk, f); err != nil || s.Mapping != "small" {
			t.Errorf("%+v %v", s, err)
		}
		if got := bank(t, d); got != 1000 {
			t.Errorf("bank holds %d fen", got)
		}
		if err := d.Read(ctx, func(tx *db.Tx) error {
			all, err := payment.Mappings(ctx, tx, auditor)
			var names []string
			for _, m := range all {
				names = append(names, m.Name)
			}
			if !strings.Contains(fmt.Sprint(names), "cmb") || !strings.Contains(fmt.Sprint(names), "small") {
				t.Errorf("mappings %v", names)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// What the bank says of payers is not readable where it rests, and lists mask accounts.
func TestPayersAreSealed(t *testing.T) {
	db1 := dbtest.SQLite(t)
	load(t, db1, head+row(1, 500000, "保证金 "+refA, company, account))
	l := lines(t, db1)[0]
	if l.Payer.Name != company || l.Payer.Account != "**** 0001" || l.Raw != "" {
		t.Errorf("listed as %+v", l.Payer)
	}
	if _, err := db1.SQL().Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		t.Fatal(err)
	}
	var path string
	if err := db1.SQL().QueryRow("SELECT file FROM pragma_database_list").Scan(&path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{company, account, "保证金"} {
		if bytes.Contains(raw, []byte(s)) {
			t.Errorf("the database holds %q", s)
		}
	}
}
