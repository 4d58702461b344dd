package console

import (
	"bytes"
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

var renderedAt = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// unsaid is a key of the catalogue that came out as itself, or a verb without its argument.
var unsaid = regexp.MustCompile(`%!|web_(deposit|home|company)\.[a-z_]+|deposit\.[a-z]+_[a-z]+|onboarding\.[a-z]+_[a-z]+`)

// rendered is a component in a language; whatever was not put into words fails.
func rendered(t *testing.T, l text.Lang, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(ui.With(context.Background(), text.Printer{Lang: l}), &b); err != nil {
		t.Fatal(err)
	}
	if found := unsaid.FindString(b.String()); found != "" {
		t.Errorf("%s: %q stands on the page", l.Tag(), found)
	}
	return b.String()
}

func paidState() deposit.State {
	return deposit.State{VendorID: "ven_1", Known: true, Required: money.CNY(500000), RequiredBy: "ops", Held: money.CNY(500000), Missing: money.CNY(0), Overpaid: money.CNY(30000),
		Approved: []policy.CategoryID{"ops", "api"}, Covered: []policy.CategoryID{"ops", "api"}, Reference: "YS7K3M9Q2XP"}
}

// The deposit's page in each of its states, in both languages.
func TestDepositPageRenders(t *testing.T) {
	due := paidState()
	due.Held, due.Missing, due.Overpaid, due.Covered = money.CNY(0), money.CNY(500000), money.CNY(0), nil
	byContract := due
	byContract.RequiredBy = ""
	company := vendor.Company{Name: strings.Repeat("名字很长的公司", 12), Account: vendor.BankAccount{Holder: "测试软件有限公司", Number: "110900000000001"}}
	vouchers := []deposit.Voucher{
		{ID: "vou_1", Status: deposit.VoucherPresented, Amount: money.CNY(500000), Way: "online", FileID: "fil_1", PresentedAt: renderedAt, PromisedBy: renderedAt.Add(time.Hour)},
		{ID: "vou_2", Status: deposit.VoucherRefused, Amount: money.CNY(1), Way: "cash", FileID: "fil_2", Remitter: "<张三>", Reason: "看不清 <b>"},
		{ID: "vou_3", Status: deposit.VoucherConfirmed, Amount: money.CNY(1), Way: "gone", FileID: "fil_3"},
		{ID: "vou_4", Status: deposit.VoucherTakenBack, Amount: money.CNY(1), Way: "wire", FileID: "fil_4"},
	}
	receipts := []deposit.Receipt{
		{ID: "rct_1", Number: "BZJ-2026-000001", Code: "CODE", Amount: money.CNY(530000), Excess: money.CNY(30000), PaidOn: calendar.Date(2026, 3, 2), FileID: "fil_5"},
		{ID: "rct_2", Number: "BZJ-2026-000002", Code: "CODE2", Amount: money.CNY(1)},
	}
	typed := ui.Form{Values: url.Values{"amount": {"abc"}, "remitter": {"张三"}}}
	broken := fault.Fields{}
	broken.AddRule("D-5", "/remitter", "deposit.remitter_required")
	broken.AddRule("D-6", "/file", "deposit.file_required")
	needs := onboarding.Facts{DepositDue: money.CNY(0), DepositHeld: money.CNY(0)}.Missing(policy.Shelve, onboarding.Target{}, policy.Shipped(), renderedAt)
	for _, l := range text.Langs() {
		p := text.Printer{Lang: l}
		view := func(change func(*depositView)) string {
			v := depositView{P: p, Now: renderedAt, Policy: policy.Shipped(), Company: company, May: true}
			change(&v)
			return rendered(t, l, depositPage(v))
		}
		if s := view(func(v *depositView) { v.Needs = needs }); !strings.Contains(s, "/console/application") || strings.Contains(s, "<form") {
			t.Errorf("%s: before its turn: %s", l.Tag(), s)
		}
		view(func(v *depositView) {})
		if s := view(func(v *depositView) { v.State = due }); !strings.Contains(s, "YS7K3M9Q2XP") || !strings.Contains(s, "100000000000001") || strings.Contains(s, "110900000000001") {
			t.Errorf("%s: due", l.Tag())
		}
		view(func(v *depositView) { v.State = byContract })
		s := view(func(v *depositView) { v.State, v.Vouchers, v.Receipts = paidState(), vouchers, receipts })
		for _, want := range []string{"BZJ-2026-000001", "/files/fil_5", "/verify/CODE", "&lt;张三&gt;", "/console/deposit/vouchers/vou_1/take-back"} {
			if !strings.Contains(s, want) {
				t.Errorf("%s: paid: no %s", l.Tag(), want)
			}
		}
		if strings.Contains(s, "vou_2/take-back") || strings.Contains(s, "<b>") && strings.Contains(s, "看不清 <b>") {
			t.Errorf("%s: paid: what was refused may be taken back, or its reason is markup", l.Tag())
		}
		if s := view(func(v *depositView) { v.State, v.May = due, false }); strings.Contains(s, "<form") {
			t.Errorf("%s: who may not present sees the form", l.Tag())
		}
		s = view(func(v *depositView) {
			v.State, v.Form = due, typed
			v.Form.Errors = ui.ErrorsOf(p, broken.Err()).Named(v.labels())
			v.Kept = []ui.File{{ID: "fil_9", Name: "回单.pdf", Href: "/files/fil_9"}}
		})
		if !strings.Contains(s, `value="abc"`) || !strings.Contains(s, "fil_9") || !strings.Contains(s, templ.EscapeString(p.T("deposit.remitter_required"))) {
			t.Errorf("%s: what was typed or what is wrong is lost", l.Tag())
		}
	}
}

// The console's first page at each stage, in both languages.
func TestHomePageRenders(t *testing.T) {
	facts := onboarding.Facts{DepositDue: money.CNY(500000), DepositHeld: money.CNY(0), DepositKnown: true, DepositFor: "ops"}
	at := func(change func(*onboarding.Facts)) onboarding.Facts {
		f := facts
		change(&f)
		return f
	}
	ops := []policy.CategoryID{"ops"}
	signed := func(f *onboarding.Facts) {
		f.Approved, f.Contract, f.ContractUntil, f.DepositAsked = ops, contract.InForce, renderedAt.Add(time.Hour), true
	}
	stages := map[onboarding.Stage]onboarding.Facts{
		onboarding.Applying: facts,
		onboarding.InReview: at(func(f *onboarding.Facts) { f.InReview, f.ReviewBy = ops, renderedAt.Add(time.Hour) }),
		onboarding.Contract: at(func(f *onboarding.Facts) { f.Approved, f.Contract = ops, contract.AtVendor }),
		onboarding.Deposit:  at(signed),
		onboarding.Open: at(func(f *onboarding.Facts) {
			signed(f)
			f.Covered, f.DepositHeld = ops, money.CNY(500000)
		}),
		onboarding.Closed: at(func(f *onboarding.Facts) {
			signed(f)
			f.Covered, f.TopUpBy = ops, renderedAt.Add(-time.Hour)
		}),
		onboarding.OutOfTerm: at(func(f *onboarding.Facts) {
			signed(f)
			f.Covered, f.ContractUntil = ops, renderedAt.Add(-time.Hour)
		}),
	}
	for _, l := range text.Langs() {
		p := text.Printer{Lang: l}
		for want, f := range stages {
			if got := f.Stage(renderedAt); got != want {
				t.Fatalf("stage %s, want %s", got, want)
			}
			v := homeView{P: p, Now: renderedAt, Name: "王芳", Policy: policy.Shipped(), State: f.State("ven_1", policy.Shipped(), renderedAt)}
			s := rendered(t, l, homePage(v))
			if next := v.next(); next.Title == "" || !strings.Contains(s, templ.EscapeString(next.Title)) {
				t.Errorf("%s at %s: nothing is next", l.Tag(), want)
			}
			if want == onboarding.InReview && !v.next().Waits || want == onboarding.Contract && v.next().Waits {
				t.Errorf("%s: whose turn it is", want)
			}
		}
		v := homeView{P: p, Now: renderedAt, Name: "王芳", Policy: policy.Shipped(), State: facts.State("", policy.Shipped(), renderedAt)}
		if s := rendered(t, l, homePage(v)); !strings.Contains(s, p.T("web_home.begin_act")) {
			t.Errorf("%s: without a company", l.Tag())
		}
	}
}
