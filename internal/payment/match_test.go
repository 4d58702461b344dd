package payment

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

const (
	refA = "YS7K3M9Q2XP"
	refB = "YS00000000N"
)

var (
	a = Announcement{Subject: "ven_a", Reference: refA, PayerName: "甲（北京）软件有限公司", PayerAccount: "6225 8801 0000 0001", Expected: money.CNY(500000)}
	b = Announcement{Subject: "ven_b", Reference: refB, PayerName: "乙软件有限公司", PayerAccount: "9999000011112222", Expected: money.CNY(200000)}
)

// Rules D-5 and D-7: only what fits in payer, account and amount is certain; all else
// says why a person must decide.
func TestJudge(t *testing.T) {
	line := func(change ...func(*Line)) Line {
		l := Line{Amount: money.CNY(500000), Payer: Payer{Name: "甲(北京)软件有限公司", Account: "6225880100000001"}, References: []string{refA}}
		for _, c := range change {
			c(&l)
		}
		return l
	}
	name := func(s string) func(*Line) { return func(l *Line) { l.Payer.Name = s } }
	account := func(s string) func(*Line) { return func(l *Line) { l.Payer.Account = s } }
	amount := func(fen int64) func(*Line) { return func(l *Line) { l.Amount = money.CNY(fen) } }
	refs := func(r ...string) func(*Line) { return func(l *Line) { l.References = r } }
	withdrawn := func(l *Line) { l.Withdrawn = []string{"ven_a"} }
	twin := a
	twin.Subject, twin.Reference, twin.Expected = "ven_c", "YS00000001K", money.CNY(300000)
	paid := a
	paid.Expected = money.CNY(0)
	cash := a
	cash.Way, cash.Remitters = "cash", []string{"张三"}
	tests := []struct {
		name     string
		line     Line
		expected []Announcement
		want     verdict
	}{
		{"all fits", line(), []Announcement{a, b}, verdict{state: Certain, subject: "ven_a"}},
		{"without the reference, all else fits", line(refs()), []Announcement{a, b}, verdict{state: Certain, subject: "ven_a"}},
		{"nobody", line(refs(), name("丙"), account("1")), []Announcement{a, b}, verdict{state: Unknown}},
		{"nobody expected", line(), nil, verdict{state: Unknown}},
		{"other payer (D-5)", line(name("张三")), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: OtherPayer}}}},
		{"other payer and account (D-5)", line(name("张三"), account("1234")), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: OtherPayer}, {Code: OtherAccount}}}},
		{"stated remitter (D-5)", line(name("张三"), account("1234")), []Announcement{cash}, verdict{Doubtful, "ven_a", []Reason{{Code: Remitter}, {Code: OtherAccount}}}},
		{"cash without account (D-5)", line(account("")), []Announcement{cash}, verdict{Doubtful, "ven_a", []Reason{{Code: NoAccount, Way: "cash"}}}},
		{"transfer without account (D-5)", line(account("")), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: NoAccount}}}},
		{"name only", line(refs(), account("")), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: NoAccount}}}},
		{"remitter's name only", line(refs(), account(""), name("张 三")), []Announcement{cash}, verdict{Doubtful, "ven_a", []Reason{{Code: Remitter}, {Code: NoAccount, Way: "cash"}}}},
		{"masked, enough shows", line(account("622588******0001")), []Announcement{a}, verdict{state: Certain, subject: "ven_a"}},
		{"masked, little shows", line(account("************0001")), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: MaskedAccount}}}},
		{"masked, another's", line(account("622588******0002")), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: OtherAccount}}}},
		{"too little", line(amount(499999)), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: TooLittle, Due: 500000}}}},
		{"too much (D-12)", line(amount(500001)), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: TooMuch, Due: 500000}}}},
		{"paid already (D-12)", line(), []Announcement{paid}, verdict{Doubtful, "ven_a", []Reason{{Code: NothingDue}}}},
		{"two references", line(refs(refA, refB)), []Announcement{a, b}, verdict{Doubtful, "ven_a", []Reason{{Code: Candidates, Also: 2}}}},
		{"two references, the amount is the second's", line(refs(refA, refB), amount(200000)), []Announcement{a, b},
			verdict{Doubtful, "ven_b", []Reason{{Code: Candidates, Also: 2}, {Code: OtherPayer}, {Code: OtherAccount}}}},
		{"one account, two vendors", line(refs()), []Announcement{a, twin}, verdict{Doubtful, "ven_a", []Reason{{Code: Candidates, Also: 2}}}},
		{"a stranger's reference", line(refs("YS00000001K")), []Announcement{a}, verdict{Doubtful, "ven_a", []Reason{{Code: StrangeRef}}}},
		{"another vendor's reference", line(refs(refB)), []Announcement{a, b},
			verdict{Doubtful, "ven_b", []Reason{{Code: OtherPayer}, {Code: OtherAccount}, {Code: TooMuch, Due: 200000}}}},
		{"withdrawn before", line(withdrawn), []Announcement{a}, verdict{state: Unknown}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, judge(tt.line, tt.expected), cmp.AllowUnexported(verdict{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Each reason has its rule and its words in both languages.
func TestReasonsSpeak(t *testing.T) {
	p := policy.Shipped()
	codes := []ReasonCode{OtherPayer, OtherAccount, MaskedAccount, NoAccount, Remitter, TooLittle, TooMuch, NothingDue, Candidates, StrangeRef, ByHand, OtherCurrency}
	for _, c := range codes {
		r := Reason{Code: c, Due: 500000, Way: "cash", Also: 2}
		for _, l := range text.Langs() {
			if m := r.Message(p); !text.Known(m.Key) || (text.Printer{Lang: l}).Say(m) == "" {
				t.Errorf("%s says nothing", c)
			}
		}
		if r.Rule() == "" {
			t.Errorf("%s rests on no rule", c)
		}
	}
	if got := (text.Printer{}).Say(Reason{Code: NoAccount, Way: "tenpay"}.Message(p)); got != "以“财付通”方式缴纳，流水没有付款账号，须人工判断" {
		t.Error(got)
	}
}

func TestFold(t *testing.T) {
	if cn.NameKey("甲（北京） 软件\u3000ＡＢＣ公司") != cn.NameKey("甲(北京)软件abc公司") {
		t.Error("names of one company differ")
	}
	if foldAccount("6225-8801 ０００１") != "622588010001" {
		t.Error(foldAccount("6225-8801 ０００１"))
	}
}
