package contract

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Every shipped version reads in every language and choice, has every blank filled,
// and says the same in both languages: as many articles, items and points.
func TestTemplates(t *testing.T) {
	files, err := templates.ReadDir("template")
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]bool{}
	for _, f := range files {
		name, _ := strings.CutSuffix(f.Name(), ".md")
		i := strings.LastIndex(name, ".")
		versions[name[:i]] = true
	}
	if !versions[current] {
		t.Errorf("there is no text of the current version %s", current)
	}
	c := Contract{Mode: policy.Platform, FeeBasisPoints: 1000, Deposit: money.CNY(500000), Months: 12}
	for v := range versions {
		for bits := range 16 {
			ch := choice{Platform: bits&1 != 0, Deposit: bits&2 != 0, Terms: bits&4 != 0, Both: bits&8 != 0}
			var shapes [2][]int
			for _, l := range text.Langs() {
				w, err := wordingOf(v, nil, l, ch)
				if err != nil {
					t.Fatalf("%s %s %+v: %v", v, l.Tag(), ch, err)
				}
				f := filler{values: c.values(particularsOf(policy.Shipped(), companyForTest(), []policy.CategoryID{"image"}), l)}
				list := f.clauses(w.clauses)
				if f.err != nil {
					t.Errorf("%s %s: %v", v, l.Tag(), f.err)
				}
				if n := len(list); n < 12 || n > 18 {
					t.Errorf("%s %s %+v: %d articles", v, l.Tag(), ch, n)
				}
				for _, a := range list {
					shapes[l] = append(shapes[l], -1, len(a.Items))
					for _, x := range a.Items {
						shapes[l] = append(shapes[l], len(x.Items))
						if strings.ContainsAny(x.Text, "{}<>") {
							t.Errorf("%s %s: %q was not filled in", v, l.Tag(), x.Text)
						}
					}
				}
			}
			if diff := cmp.Diff(shapes[text.ZH], shapes[text.EN]); diff != "" {
				t.Errorf("%s %+v: the languages differ in shape: −zh +en\n%s", v, ch, diff)
			}
		}
	}
}

// What the rules ask to be terms of the contract stands in its text.
// Rules M-1, M-2, M-3, D-1, D-2, D-9, D-10, D-11, E-2, O-5.
func TestTermsOfTheRules(t *testing.T) {
	platform, resale := choice{Platform: true, Deposit: true}, choice{Deposit: true}
	for _, tt := range []struct {
		rule   string
		choice choice
		lang   text.Lang
		want   string
	}{
		{"M-1", platform, text.ZH, "普通（平台）模式"},
		{"M-2", platform, text.ZH, "每笔订单实际交易金额的 10% 向甲方支付平台服务费"},
		{"M-2", platform, text.ZH, "按订单的每一行分别计算，计算至分，分以下四舍五入"},
		{"M-2", platform, text.EN, "platform service fee of 10% of the actual amount of each order"},
		{"M-3", resale, text.ZH, "甲方按每笔订单实际交易金额的 10% 收取代销费用"},
		{"M-3", resale, text.ZH, "该金额为本合同约定的固定金额"},
		{"M-3", choice{}, text.ZH, "乙方在本合同项下不缴纳保证金"},
		{"M-3", choice{}, text.EN, "Party B pays no deposit under this contract"},
		{"M-4", platform, text.ZH, "变更合作模式的，双方应当另行签订合同"},
		{"D-1", platform, text.ZH, "缴纳保证金 5,000.00 元（大写：人民币伍仟元整）"},
		{"D-2", platform, text.ZH, "按就高原则缴纳"},
		{"D-5", platform, text.ZH, "不是从乙方对公账户汇出的，应当注明汇款方账户名称"},
		{"D-9", platform, text.ZH, "不得以乙方在平台的预付款、收益余额"},
		{"D-10", platform, text.ZH, "15 个工作日内，将保证金全额、不计利息地退还至乙方对公账户"},
		{"D-10", platform, text.EN, "within 15 working days"},
		{"D-11", platform, text.ZH, "乙方应当在 7 个工作日内补足"},
		{"D-11", platform, text.EN, "within 7 working days"},
		{"E-2", platform, text.ZH, "至少有 5 天、每天至少 8 小时提供在线客户服务"},
		{"E-2", platform, text.ZH, "周一至周五 09:00–12:00, 13:00–18:00；周六 10:00–16:00"},
		{"E-2", platform, text.EN, "Monday to Friday 09:00–12:00, 13:00–18:00; Saturday 10:00–16:00"},
		{"O-5", platform, text.ZH, "自本合同签署之日起，乙方可以在平台创建和编辑商品"},
		{"O-4", platform, text.EN, "sent to both mailboxes of Party B"},
	} {
		w, err := wordingOf(current, nil, tt.lang, tt.choice)
		if err != nil {
			t.Fatal(err)
		}
		c := Contract{FeeBasisPoints: 1000, Deposit: money.CNY(500000), Months: 12}
		f := filler{values: c.values(particularsOf(policy.Shipped(), companyForTest(), nil), tt.lang)}
		if s := wordsOf(f.clauses(w.clauses)); !strings.Contains(s, tt.want) {
			t.Errorf("%s: the text in %s lacks %q", tt.rule, tt.lang.Tag(), tt.want)
		}
	}
}

func wordsOf(list []paper.Clause) string {
	var b strings.Builder
	for _, c := range list {
		b.WriteString(c.Title + "\n" + c.Text + "\n" + wordsOf(c.Items))
	}
	return b.String()
}

func FuzzParseTemplate(f *testing.F) {
	f.Add("# t\n> s\nopening\n## one\n1. item\n   - point\n2. \n")
	f.Add("## one\n   - point")
	f.Add("# t\n## a\nloose")
	f.Fuzz(func(t *testing.T, src string) {
		w, err := parse(src)
		if err != nil {
			return
		}
		if w.title == "" || len(w.clauses) == 0 {
			t.Error("neither title nor articles, and no error")
		}
		for _, s := range strings.Fields(wordsOf(w.clauses)) {
			if !strings.Contains(src, s) {
				t.Errorf("%q does not stand in the template", s)
			}
		}
	})
}

func TestParseRate(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want int64 // -1 is refused
		out  string
	}{
		{"10", 1000, "10%"}, {"12.5%", 1250, "12.5%"}, {" 0 ", 0, "0%"}, {"100", 10000, "100%"}, {"0.05", 5, "0.05%"}, {"１２．５％", 1250, "12.5%"},
		{"", -1, ""}, {"100.01", -1, ""}, {"-1", -1, ""}, {"1e1", -1, ""}, {"12.345", -1, ""}, {"12.", -1, ""}, {".5", -1, ""}, {"ten", -1, ""}, {"1,000", -1, ""},
	} {
		got, err := ParseRate(tt.in)
		if tt.want < 0 {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %d, %v; want it refused", tt.in, got, err)
			}
			continue
		}
		if err != nil || got != tt.want || rateText(got) != tt.out {
			t.Errorf("%q: %d (%s), %v; want %d (%s)", tt.in, got, rateText(got), err, tt.want, tt.out)
		}
	}
}

func FuzzParseRate(f *testing.F) {
	f.Add("10")
	f.Add("12.5%")
	f.Add("99.99")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseRate(s)
		if err != nil {
			return
		}
		if back, err := ParseRate(rateText(n)); err != nil || back != n || n < 0 || n > 10000 {
			t.Errorf("%q reads as %d and is written %q, read back as %d (%v)", s, n, rateText(n), back, err)
		}
	})
}

// The term ends with the corresponding day of the last month, in the operator's zone.
func TestUntil(t *testing.T) {
	zone := policy.Shipped().Location()
	for _, tt := range []struct {
		signed calendar.Day
		months int
		last   string
	}{
		{calendar.Date(2026, 3, 2), 12, "2027-03-02"},
		{calendar.Date(2026, 1, 31), 1, "2026-02-28"},
		{calendar.Date(2028, 2, 29), 12, "2029-02-28"},
		{calendar.Date(2026, 8, 31), 6, "2027-02-28"},
		{calendar.Date(2026, 12, 1), 24, "2028-12-01"},
	} {
		end := until(tt.signed, tt.months, zone)
		if got := calendar.Of(end, zone).String(); got != tt.last {
			t.Errorf("%s and %d months end on %s, want %s", tt.signed, tt.months, got, tt.last)
		}
		c := Contract{Status: InForce, SignedAt: tt.signed.Time(zone), Until: end}
		if !InTerm(c, end) || InTerm(c, end.Add(time.Microsecond)) || InTerm(c, c.SignedAt.Add(-time.Microsecond)) || !InTerm(c, c.SignedAt) {
			t.Errorf("%s and %d months: the term does not begin and end where it says", tt.signed, tt.months)
		}
		if next := calendar.Of(end.Add(time.Microsecond), zone); next != calendar.Of(end, zone).AddDays(1) {
			t.Errorf("%s: the last day is cut short", tt.signed)
		}
	}
	for _, s := range []Status{Preparing, AtVendor, AtOffice, TakenBack, Superseded} {
		if c := (Contract{Status: s, SignedAt: time.Unix(1, 0), Until: time.Unix(9, 0)}); InTerm(c, time.Unix(5, 0)) {
			t.Errorf("a contract that is %s is in term", s)
		}
	}
}
