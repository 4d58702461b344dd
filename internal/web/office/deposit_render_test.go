package office

import (
	"bytes"
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

var drawnAt = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// wordless is a key of the catalogue that came out as itself, or a verb without its argument.
var wordless = regexp.MustCompile(`%!|web_(bank|deposit)\.[a-z_]+|deposit\.[a-z]+_[a-z]+|payment\.[a-z]+_[a-z]+`)

func drawn(t *testing.T, l text.Lang, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(ui.With(context.Background(), text.Printer{Lang: l}), &b); err != nil {
		t.Fatal(err)
	}
	if found := wordless.FindString(b.String()); found != "" {
		t.Errorf("%s: %q stands on the page", l.Tag(), found)
	}
	return b.String()
}

func finance(id string) access.Actor {
	return access.Actor{Kind: access.Staff, ID: id, Roles: []access.Role{access.Finance}}
}

func sampleLines() []payment.Line {
	return []payment.Line{
		{ID: "bln_1", State: payment.Certain, Subject: "ven_1", Amount: money.CNY(500000), Payer: payment.Payer{Name: "甲公司", Account: "**** 0001"}, ImportedBy: "clerk"},
		{ID: "bln_2", State: payment.Doubtful, Subject: "ven_1", Amount: money.CNY(700000), ImportedBy: "clerk", ProposedBy: "other",
			Reasons: []payment.Reason{{Code: payment.NoAccount, Way: "cash"}, {Code: payment.TooMuch, Due: 500000}, {Code: payment.Candidates, Also: 3}}, Remark: "<script>"},
		{ID: "bln_3", State: payment.Unknown, Amount: money.CNY(1), ImportedBy: "clerk"},
		{ID: "bln_4", State: payment.Taken, Subject: "ven_2", TakenFor: "rct_1", TakenBy: "chief", Amount: money.CNY(1), ImportedBy: "clerk"},
		{ID: "bln_5", State: payment.Debit, Amount: money.CNY(-5), ImportedBy: "clerk"},
	}
}

// The workbench and a line's page in every state, in both languages.
func TestBankLinePagesRender(t *testing.T) {
	counts := []payment.Count{{State: payment.Certain, Lines: 1}, {State: payment.Doubtful}, {State: payment.Unknown, Lines: 12000}, {State: payment.Taken, Lines: 3}, {State: payment.Debit}}
	accounts := map[string]deposit.Account{"ven_1": {VendorID: "ven_1", VendorName: "甲公司", Due: money.CNY(500000), Held: money.CNY(0), Reference: "YS7K3M9Q2XP"}}
	for _, l := range text.Langs() {
		v := linesView{P: text.Printer{Lang: l}, Now: drawnAt, Me: finance("chief"), Policy: policy.Shipped(), State: payment.Certain, Counts: counts, Vendors: accounts, People: map[string]string{"clerk": "王芳"}}
		if s := drawn(t, l, linesPage(v)); !strings.Contains(s, v.P.T("web_bank.no_lines")) {
			t.Errorf("%s: empty", l.Tag())
		}
		v.Lines, v.Statement = sampleLines(), "stm_1"
		s := drawn(t, l, linesPage(v))
		for _, want := range []string{"/office/bank-lines/bln_1/confirm", "/office/bank-lines/bln_2/confirm", "&lt;script&gt;", "D-5", "999+"} {
			if !strings.Contains(s, want) {
				t.Errorf("%s: no %s", l.Tag(), want)
			}
		}
		if strings.Contains(s, "bln_3/confirm") || strings.Contains(s, "bln_4/confirm") || strings.Contains(s, "bln_5/confirm") {
			t.Errorf("%s: what nobody is proposed for, or is taken, may be confirmed", l.Tag())
		}
		v.Me = finance("clerk") // rule D-7
		if s := drawn(t, l, linesPage(v)); strings.Contains(s, "bln_1/confirm") {
			t.Errorf("%s: who imported may confirm", l.Tag())
		}
		for _, line := range sampleLines() {
			one := v
			one.Lines, one.Found = []payment.Line{line}, []deposit.Account{accounts["ven_1"], {VendorID: "ven_2", VendorName: "乙公司"}}
			if line.State == payment.Taken {
				one.Receipt = deposit.Receipt{ID: "rct_1", Number: "BZJ-2026-000001", Reason: "核实"}
			}
			one.Form = ui.Form{Values: url.Values{"reason": {"短"}}, Errors: ui.ErrorsOf(one.P, fault.At("/reason", "fault.too_short", 4, 1))}
			s := drawn(t, l, linePage(one))
			if assign := strings.Contains(s, "/assign"); assign != (line.State != payment.Taken && line.State != payment.Debit) {
				t.Errorf("%s: a %s line may be assigned: %v", l.Tag(), line.State, assign)
			}
		}
	}
}

// What a confirmation does is said before it is done. Rule D-12.
func TestEffects(t *testing.T) {
	v := linesView{P: text.Printer{}, Vendors: map[string]deposit.Account{"a": {VendorName: "甲", Due: money.CNY(500000)}, "b": {VendorName: "乙", Due: money.CNY(0)}}}
	for _, tt := range []struct {
		subject string
		fen     int64
		want    string
	}{
		{"a", 500000, "甲 的保证金计入 5,000.00 元，已足额"},
		{"a", 200000, "甲 的保证金计入 2,000.00 元，之后还差 3,000.00 元"},
		{"a", 700000, "甲 的保证金计入 5,000.00 元，已足额；多缴的 2,000.00 元"},
		{"b", 100, "1.00 元 全部计入 乙 的多缴款"},
	} {
		if got := v.effect(payment.Line{Subject: tt.subject, Amount: money.CNY(tt.fen)}); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%d fen: %s", tt.fen, got)
		}
	}
}

func TestStatementPagesRender(t *testing.T) {
	cmb, err := statement.Ready("cmb")
	if err != nil {
		t.Fatal(err)
	}
	mappings := []statement.Mapping{cmb, {Name: "bare"}}
	for _, l := range text.Langs() {
		p := text.Printer{Lang: l}
		v := statementsView{P: p, Now: drawnAt, Policy: policy.Shipped(), Mappings: mappings, May: true}
		if s := drawn(t, l, statementsPage(v)); !strings.Contains(s, p.T("web_bank.no_statements")) || !strings.Contains(s, "multipart/form-data") {
			t.Errorf("%s: empty", l.Tag())
		}
		v.May, v.List = false, []payment.Statement{
			{ID: "stm_1", PayeeID: "main", FileName: "流水.csv", Status: payment.Imported, Lines: 3, Fresh: 1, ImportedAt: drawnAt},
			{ID: "stm_2", PayeeID: "gone", Status: payment.Importing, Lines: 100000, Done: 4000, BegunAt: drawnAt},
		}
		if s := drawn(t, l, statementsPage(v)); strings.Contains(s, "multipart/form-data") || !strings.Contains(s, p.T("web_bank.go_on", 4000, 100000)) {
			t.Errorf("%s: full, for an auditor", l.Tag())
		}
		pre := previewView{P: p, Policy: policy.Shipped(), File: file.File{ID: "fil_1", Name: "流水.csv"}, Payee: policy.Shipped().Payees[0], Mapping: cmb, Names: mappings,
			Form: ui.Form{Values: mappingValues(cmb)}, Look: payment.Look{First: []statement.Line{{No: 2, Amount: money.CNY(1), PayerName: "甲", PayerAccount: "6225880100000001"}}}}
		if s := drawn(t, l, previewPage(pre)); !strings.Contains(s, "/office/bank-statements/import") || strings.Contains(s, "6225880100000001") {
			t.Errorf("%s: preview", l.Tag())
		}
		pre.Errors, pre.Editing = ui.ErrorsOf(p, fault.At("/lines/3", "fault.required")), true
		if s := drawn(t, l, previewPage(pre)); strings.Contains(s, "/office/bank-statements/import\"") {
			t.Errorf("%s: a broken file may be imported", l.Tag())
		}
	}
}

// What the editor of a mapping shows is what it reads back.
func TestMappingRoundTrip(t *testing.T) {
	for _, name := range statement.Names() {
		m, err := statement.Ready(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, mappingOf(m, mappingValues(m))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestDepositPagesRender(t *testing.T) {
	vouchers := []deposit.Voucher{{ID: "vou_1", Status: deposit.VoucherPresented, Way: "cash", FileID: "fil_1", OtherPayer: true, Remitter: "张三", Amount: money.CNY(1), PromisedBy: drawnAt.Add(-time.Hour)},
		{ID: "vou_2", Status: deposit.VoucherRefused, Reason: "看不清", Amount: money.CNY(1)}, {ID: "vou_3", Status: deposit.VoucherPresented, Amount: money.CNY(1), PromisedBy: drawnAt.Add(time.Hour)}}
	for _, l := range text.Langs() {
		p := text.Printer{Lang: l}
		v := depositsView{P: p, Now: drawnAt, Policy: policy.Shipped(), Total: money.CNY(123456789), Status: deposit.VoucherPresented}
		drawn(t, l, depositsPage(v))
		drawn(t, l, vouchersPage(v))
		v.List = []deposit.Account{{VendorID: "ven_1", VendorName: strings.Repeat("很长的名字", 20), Held: money.CNY(1), Due: money.CNY(2)}, {VendorID: "ven_2"}}
		v.Query, v.May = "甲", true
		for _, x := range vouchers {
			v.Queue = append(v.Queue, deposit.Queued{Voucher: x, VendorName: "甲公司"})
		}
		if s := drawn(t, l, depositsPage(v)); !strings.Contains(s, "/office/deposits/ven_1") {
			t.Errorf("%s: list", l.Tag())
		}
		if s := drawn(t, l, vouchersPage(v)); !strings.Contains(s, "vouchers/vou_1/refuse") || strings.Contains(s, "vouchers/vou_2/refuse") || !strings.Contains(s, "D-5") {
			t.Errorf("%s: queue", l.Tag())
		}
		v.May = false
		if s := drawn(t, l, vouchersPage(v)); strings.Contains(s, "/refuse") {
			t.Errorf("%s: an auditor may refuse", l.Tag())
		}
		one := depositView{P: p, Now: drawnAt, Policy: policy.Shipped(), Vendor: vendor.Vendor{ID: "ven_1", Name: "甲公司"}, State: deposit.State{Missing: money.CNY(1)}}
		drawn(t, l, depositPage(one))
		one.State.Approved, one.State.Covered, one.State.Reference = []policy.CategoryID{"ops", "api"}, []policy.CategoryID{"ops"}, "YS7K3M9Q2XP"
		one.Vouchers, one.Lines = vouchers, sampleLines()
		one.Receipts = []deposit.Receipt{{Number: "BZJ-2026-000001", FileID: "fil_1"}, {Number: "BZJ-2026-000002"}}
		if s := drawn(t, l, depositPage(one)); !strings.Contains(s, "BZJ-2026-000002") || !strings.Contains(s, "/office/bank-lines/bln_1") {
			t.Errorf("%s: one", l.Tag())
		}
	}
}
