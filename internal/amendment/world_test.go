package amendment_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

const name = "杭州云栈软件有限公司"

// world is a vendor under contract with its owner, and the staff.
type world struct {
	*yunshitest.Office
	t        *testing.T
	vendorID string
	owner    access.Actor
	reviewer access.Actor
	second   access.Actor // another reviewer
	clerk    access.Actor // of contracts
	finance  access.Actor
	auditor  access.Actor
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{t: t, Office: yunshitest.NewOffice(t, d, contract.Register, func(reg *job.Registry, _ *db.DB, _ *file.Files, _ sign.Key) { amendment.Register(reg) })}
	w.reviewer = yunshitest.Person(t, d, yunshitest.Staff("acc_rev", access.Reviewer), "赵敏")
	w.second = yunshitest.Person(t, d, yunshitest.Staff("acc_rev2", access.Reviewer), "李蕾")
	w.clerk = yunshitest.Person(t, d, yunshitest.Staff("acc_clerk", access.Contracts), "林静")
	w.finance = yunshitest.Person(t, d, yunshitest.Staff("acc_fin", access.Finance), "周舟")
	w.auditor = yunshitest.Person(t, d, yunshitest.Staff("acc_audit", access.Auditor), "孙静")
	v := yunshitest.Vendor(t, d)
	w.vendorID = v.ID
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		return vendor.Update(context.Background(), tx, access.SystemActor("test"), v.ID, company())
	})
	yunshitest.Qualify(t, d, v.ID, policy.Platform, "ops")
	yunshitest.Contract(t, d, v.ID, yunshitest.Terms{})
	w.owner = yunshitest.Owner(v.ID)
	w.owner.Address = "203.0.113.7"
	w.owner = yunshitest.Person(t, d, w.owner, "王芳")
	return w
}

func company() vendor.Company {
	span := []calendar.Span{{From: 9 * 60, To: 18 * 60}}
	return vendor.Company{
		Name: name, USCC: "91330106673959654P", Type: "有限责任公司", LegalPerson: "陈立", Capital: money.CNY(500000000),
		Established: calendar.Date(2015, 3, 5), TermUntil: calendar.Date(2026, 6, 30), Address: "浙江省杭州市西湖区文三路 478 号", Scope: "软件开发；信息系统运行维护服务", Registrar: "杭州市市场监督管理局",
		Contact: vendor.Contact{Name: "王芳", Phone: "+8613800138000", Mail: "wang@vendor.example"}, ServiceMail: "service@vendor.example", ServicePhone: "0571-88886666",
		Account: vendor.BankAccount{Holder: name, Bank: "招商银行", Branch: "杭州分行文三支行", Province: "浙江省", City: "杭州市", Number: "571900123410801"},
		Hours:   calendar.Week{Mon: span, Tue: span, Wed: span, Thu: span, Fri: span}, ShopName: "云栈运维", Intro: "七年运维经验",
	}
}

// filing is the form as it stands, to be changed.
func (w *world) filing(change func(f *amendment.Filing)) amendment.Filing {
	a := amendment.Form(w.vendor().Company)
	f := amendment.Filing{Company: a.Company, Contact: a.Contact, Service: a.Service, Shop: a.Shop}
	change(&f)
	return f
}

func (w *world) vendor() (v vendor.Vendor) {
	w.t.Helper()
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		v, err = vendor.Load(context.Background(), tx, w.vendorID)
		return err
	})
	return v
}

func (w *world) scan() []string {
	return []string{w.Keep(w.t, w.owner, w.vendorID, file.Licence, "licence.pdf", "application/pdf", []byte("%PDF-1.4 licence")).ID}
}

func (w *world) account(change func(a *qualification.Account)) amendment.NewAccount {
	a := qualification.Account(w.vendor().Company.Account)
	a.Bank, a.Branch, a.Number = "中国工商银行", "杭州解放路支行", "1202020200001234567"
	change(&a)
	proof := w.Keep(w.t, w.owner, w.vendorID, file.AccountProof, "proof.pdf", "application/pdf", []byte("%PDF-1.4 proof"))
	return amendment.NewAccount{Account: a, Proof: []string{proof.ID}}
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

// wants checks the kind of an error and the pointers and rules it names.
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

// events counts the events of a kind.
func (w *world) events(kind string) (n int64) {
	w.t.Helper()
	yunshitest.Read(w.t, w.DB, func(tx *db.Tx) (err error) {
		n, err = db.One(context.Background(), tx, db.Value[int64], `SELECT COUNT(*) FROM event WHERE kind = $1`, kind)
		return err
	})
	return n
}

// advance moves the clock and runs what is due then.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	dbtest.Advance(w.DB, d)
	w.Drain(w.t)
}

// race runs both at once and tells how many of them were refused as fault.Conflict.
func race(t *testing.T, a, b func() error) (conflicts int) {
	t.Helper()
	errs := make([]error, 2)
	var group sync.WaitGroup
	for i, f := range []func() error{a, b} {
		group.Go(func() { errs[i] = f() })
	}
	group.Wait()
	for _, err := range errs {
		if fault.Is(err, fault.Conflict) {
			conflicts++
		} else if err != nil {
			t.Error(err)
		}
	}
	return conflicts
}
