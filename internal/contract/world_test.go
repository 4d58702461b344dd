package contract_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

// world is a database with one approved vendor, its owner, and the staff.
type world struct {
	*yunshitest.Office
	t        *testing.T
	vendorID string
	owner    access.Actor
	lin, xu  access.Actor // of the staff, for contracts
	reviewer access.Actor
	admin    access.Actor
	auditor  access.Actor
}

func newWorld(t *testing.T, d *db.DB, mode policy.Mode, categories ...policy.CategoryID) *world {
	t.Helper()
	w := &world{t: t, Office: yunshitest.NewOffice(t, d, contract.Register)}
	w.lin = yunshitest.Person(t, d, yunshitest.Staff("acc_lin", access.Contracts), "林静")
	w.xu = yunshitest.Person(t, d, yunshitest.Staff("acc_xu", access.Contracts), "徐磊")
	w.reviewer = yunshitest.Person(t, d, yunshitest.Staff("acc_rev", access.Reviewer), "赵敏")
	w.admin = yunshitest.Person(t, d, yunshitest.Staff("acc_admin", access.Administrator), "钱多")
	w.auditor = yunshitest.Person(t, d, yunshitest.Staff("acc_audit", access.Auditor), "孙静")
	w.vendorID, w.owner = w.company(company("杭州云帆软件技术服务有限公司"), mode, categories...)
	return w
}

func company(name string) vendor.Company {
	day := []calendar.Span{{From: 9 * 60, To: 12 * 60}, {From: 13 * 60, To: 18 * 60}}
	return vendor.Company{
		Name: name, USCC: "91330106MA2CFHX28G", Type: "有限责任公司", LegalPerson: "陈立", Capital: money.CNY(500000000),
		Established: calendar.Date(2015, 3, 5), Address: "浙江省杭州市西湖区文三路 478 号华星时代广场 A 座 1201 室",
		Contact: vendor.Contact{Name: "王芳", Phone: "+8613800138000", Mail: "wang.fang@yunfan.example"}, ServiceMail: "service@yunfan.example", ServicePhone: "0571-88886666",
		Account: vendor.BankAccount{Holder: name, Bank: "招商银行", Branch: "杭州分行文三支行", Province: "浙江省", City: "杭州市", Number: "571900123410801", CNAPS: "308331012345"},
		Hours:   calendar.Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day, Sat: []calendar.Span{{From: 10 * 60, To: 16 * 60}}},
	}
}

// company makes a vendor with an owner, approved for the categories.
func (w *world) company(c vendor.Company, mode policy.Mode, categories ...policy.CategoryID) (string, access.Actor) {
	w.t.Helper()
	if w.vendorID != "" {
		c.USCC = "" // the first has it
	}
	v := yunshitest.Vendor(w.t, w.DB)
	yunshitest.Write(w.t, w.DB, func(tx *db.Tx) error {
		return vendor.Update(context.Background(), tx, access.SystemActor("test"), v.ID, c)
	})
	if len(categories) > 0 {
		yunshitest.Qualify(w.t, w.DB, v.ID, mode, categories...)
	}
	owner := yunshitest.Owner(v.ID)
	owner.Address = "203.0.113.7"
	return v.ID, yunshitest.Person(w.t, w.DB, owner, "周远")
}

// do runs an operation in a transaction of its own.
func do[I, T any](w *world, op func(context.Context, *db.Tx, access.Actor, I) (T, error), by access.Actor, in I) (T, error) {
	var out T
	err := w.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		out, err = op(context.Background(), tx, by, in)
		return err
	})
	return out, err
}

// must is do that ends the test on an error.
func must[I, T any](w *world, op func(context.Context, *db.Tx, access.Actor, I) (T, error), by access.Actor, in I) T {
	w.t.Helper()
	out, err := do(w, op, by, in)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// offered is an offer whose document lies before the vendor.
func (w *world) offered(in contract.Proposal) contract.Contract {
	w.t.Helper()
	if in.VendorID == "" {
		in.VendorID = w.vendorID
	}
	c := must(w, contract.Offer, w.lin, in)
	w.Drain(w.t)
	return w.load(c.ID)
}

func (w *world) load(id string) contract.Contract {
	w.t.Helper()
	return must(w, contract.Get, w.lin, contract.Turn{ID: id})
}

// signature is what the owner hands over, with the code that was sent.
func (w *world) signature(c contract.Contract) contract.Signature {
	w.t.Helper()
	must(w, contract.AskCode, w.owner, contract.Turn{ID: c.ID})
	return contract.Signature{ID: c.ID, Hash: c.FileHash, Code: w.Code(w.t, w.owner.ID), Consent: true}
}

// signed is an offer signed online and sealed.
func (w *world) signed(in contract.Proposal) contract.Contract {
	w.t.Helper()
	c := w.offered(in)
	must(w, contract.Sign, w.owner, w.signature(c))
	w.Drain(w.t)
	return w.load(c.ID)
}

// pdf reads a kept document.
func (w *world) pdf(id string) []byte {
	w.t.Helper()
	var f file.File
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		f, err = file.Get(context.Background(), tx, w.owner, id)
		return err
	})
	data, err := w.Files.Open(context.Background(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	return data
}

// events counts the events of a kind.
func (w *world) events(kind string) (n int64) {
	w.t.Helper()
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		n, err = db.One(context.Background(), tx, db.Value[int64], `SELECT COUNT(*) FROM event WHERE kind = $1`, kind)
		return err
	})
	return n
}

// wants checks the kind of an error and, where given, the pointers and rules it names.
func wants(t *testing.T, err error, kind fault.Kind, fields ...string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind {
		t.Fatalf("got %v, want %s", err, kind)
	}
	var got []string
	for _, x := range f.Fields {
		got = append(got, strings.TrimSpace(x.Pointer+" "+x.Rule))
	}
	if len(fields) > 0 && strings.Join(got, ", ") != strings.Join(fields, ", ") {
		t.Fatalf("got the fields %v, want %v", got, fields)
	}
}

// tool runs a program on a document; ok is false where it is not installed.
func tool(t *testing.T, data []byte, name string, args ...string) (string, bool) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Logf("%s is not installed; the document is not read by it", name)
		return "", false
	}
	doc := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(doc, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = doc
		}
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	return string(out), true
}

// says checks that the document's text, as pdftotext reads it, holds each part.
func says(t *testing.T, data []byte, parts ...string) {
	t.Helper()
	out, ok := tool(t, data, "pdftotext", "-enc", "UTF-8", "FILE", "-")
	if !ok {
		if !bytes.HasPrefix(data, []byte("%PDF-")) {
			t.Error("not a PDF")
		}
		return
	}
	for _, p := range parts {
		if !strings.Contains(squash(out), squash(p)) {
			t.Errorf("the document lacks %q", p)
		}
	}
}

// squash drops spaces, which a reader of PDF has to guess.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}
