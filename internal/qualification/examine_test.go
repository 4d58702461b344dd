package qualification

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

func sound(paper Application) facts {
	return facts{
		policy: policy.Shipped(), paper: paper, day: calendar.Date(2026, 3, 2),
		owned:    map[string]bool{"fil_licence": true, "fil_trade": true, "fil_built": true, "fil_rd": true},
		approved: map[policy.CategoryID]bool{}, verdicts: map[verdictKey]Verdict{},
		blind: func(s string) string { return s },
	}
}

func TestWholeApplicationIsReady(t *testing.T) {
	s, company := examine(sound(Whole("image", "ops", "software", "api", "miniprogram")))
	if !s.Ready || len(s.Problems()) > 0 {
		t.Fatalf("not ready: %v", s.Problems())
	}
	if company.Capital != money.CNY(500_000_000) || company.Contact.Phone != "+8613800138000" || company.Account.Number != "755900000010001" ||
		company.Site != "https://www.example.com" || !company.TermUntil.IsZero() {
		t.Errorf("read as %+v", company)
	}
	// E-1, E-2 and E-5 once per company, the others once per category.
	var got []string
	for _, c := range s.Checks {
		got = append(got, string(c.Condition)+" "+string(c.Category)+" "+string(c.State))
	}
	want := []string{"E-1  waiting_review", "E-2  waiting_review", "E-5  met"}
	for _, c := range []string{"image", "ops", "software", "api"} {
		want = append(want, "E-3 "+c+" waiting_review", "E-4 "+c+" waiting_review")
	}
	for _, id := range []string{"E-3", "E-4", "E-6.1", "E-6.2", "E-6.3", "E-6.4"} {
		want = append(want, id+" miniprogram waiting_review")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("conditions (−want +got):\n%s", diff)
	}
}

// Each condition with what breaks it: the state, the rule and the field that is named.
func TestConditions(t *testing.T) {
	long := strings.Repeat("长", 5000)
	tests := []struct {
		name     string
		rule     string
		category policy.CategoryID
		change   func(*facts)
		state    State
		pointer  string
	}{
		// Rule E-1
		{"wrong check digit", "E-1", "", func(f *facts) { f.paper.Company.USCC = "91440300708461136X" }, WaitingVendor, "/company/uscc"},
		{"a credit code of 17", "E-1", "", func(f *facts) { f.paper.Company.USCC = "9144030070846113T" }, WaitingVendor, "/company/uscc"},
		{"another's credit code", "E-1", "", func(f *facts) { f.taken = true }, WaitingVendor, "/company/uscc"},
		{"an individual business by its type", "E-1", "", func(f *facts) { f.paper.Company.Type = "个体工商户" }, NotMet, "/company/type"},
		{"no name", "E-1", "", func(f *facts) { f.paper.Company.Name = " \u200b" }, WaitingVendor, "/company/name"},
		{"a name too long", "E-1", "", func(f *facts) { f.paper.Company.Name = long }, WaitingVendor, "/company/name"},
		{"no licence", "E-1", "", func(f *facts) { f.paper.Documents.Licence = []string{""} }, WaitingVendor, "/documents/licence"},
		{"another's file", "E-1", "", func(f *facts) { f.paper.Documents.Licence = []string{"fil_other"} }, WaitingVendor, "/documents/licence/0"},
		{"six licence files", "E-1", "", func(f *facts) { f.paper.Documents.Licence = strings.Split(strings.Repeat("fil_licence ", 6), " ") }, WaitingVendor, "/documents/licence"},
		{"established tomorrow", "E-1", "", func(f *facts) { f.paper.Company.Established = "2026-03-03" }, WaitingVendor, "/company/established"},
		{"the licence ran out yesterday", "E-1", "", func(f *facts) { f.paper.Company.LongTerm, f.paper.Company.TermUntil = false, "2026-03-01" }, NotMet, "/company/term_until"},
		{"the licence runs out today", "E-1", "", func(f *facts) { f.paper.Company.LongTerm, f.paper.Company.TermUntil = false, "2026-03-02" }, WaitingReview, "/documents/licence"},
		{"no end and not long-term", "E-1", "", func(f *facts) { f.paper.Company.LongTerm = false }, WaitingVendor, "/company/term_until"},
		{"a capital in words", "E-1", "", func(f *facts) { f.paper.Company.Capital = "很多" }, WaitingVendor, "/company/capital"},
		// Rule E-2: at least 5 days with at least 8 hours each
		{"five days of eight hours with a break", "E-2", "", func(*facts) {}, WaitingReview, "/service/hours"},
		{"4 × 10 hours", "E-2", "", func(f *facts) { f.paper.Service.Hours = days(4, Span{"08:00", "18:00"}) }, NotMet, "/service/hours"},
		{"5 × 7:59 hours", "E-2", "", func(f *facts) { f.paper.Service.Hours = days(5, Span{"09:00", "12:00"}, Span{"13:00", "17:59"}) }, NotMet, "/service/hours"},
		{"7 × 24 hours", "E-2", "", func(f *facts) { f.paper.Service.Hours = days(7, Span{"00:00", "24:00"}) }, WaitingReview, "/service/hours"},
		{"no hours", "E-2", "", func(f *facts) { f.paper.Service.Hours = Hours{Mon: []Span{{"", " "}}} }, WaitingVendor, "/service/hours"},
		{"an hour that is none", "E-2", "", func(f *facts) { f.paper.Service.Hours.Tue = []Span{{"9 点", "18:00"}} }, WaitingVendor, "/service/hours/tue/0/from"},
		{"backwards, after an empty row", "E-2", "", func(f *facts) { f.paper.Service.Hours.Wed = []Span{{"", ""}, {"18:00", "09:00"}} }, WaitingVendor, "/service/hours/wed/1/to"},
		{"overlapping", "E-2", "", func(f *facts) { f.paper.Service.Hours.Sun = []Span{{"09:00", "12:00"}, {"11:00", "15:00"}} }, WaitingVendor, "/service/hours/sun/1/from"},
		{"a landline for SMS", "E-2", "", func(f *facts) { f.paper.Contact.Phone = "0755-86013388" }, WaitingVendor, "/contact/phone"},
		{"a mailbox that is none", "E-2", "", func(f *facts) { f.paper.Service.Mail = "客服" }, WaitingVendor, "/service/mail"},
		// Rule E-3: 2 calendar years
		{"two years ago to the day", "E-3", "ops", trade("2024-03-02"), WaitingReview, "/evidence/ops/trade_start"},
		{"a day too late", "E-3", "ops", trade("2024-03-03"), NotMet, "/evidence/ops/trade_start"},
		{"in the future", "E-3", "ops", trade("2026-03-03"), WaitingVendor, "/evidence/ops/trade_start"},
		{"as licences print it", "E-3", "ops", trade("2020年3月5日"), WaitingReview, "/evidence/ops/trade_start"},
		{"no such day", "E-3", "ops", trade("2023-02-29"), WaitingVendor, "/evidence/ops/trade_start"},
		{"no evidence", "E-3", "ops", evidence(func(e *Evidence) { e.TradeFiles = nil }), WaitingVendor, "/evidence/ops/trade_files"},
		// Rule E-4
		{"not declared", "E-4", "ops", evidence(func(e *Evidence) { e.BuiltOn = false }), WaitingVendor, "/evidence/ops/built_on"},
		{"declared without a word", "E-4", "ops", evidence(func(e *Evidence) { e.BuiltNote = "云" }), WaitingVendor, "/evidence/ops/built_note"},
		{"declared without evidence", "E-4", "ops", evidence(func(e *Evidence) { e.BuiltFiles = nil }), WaitingVendor, "/evidence/ops/built_files"},
		// Rule E-5
		{"an agreement not accepted", "E-5", "", func(f *facts) { f.missing = agreement.Shipped()[1:] }, WaitingVendor, "/agreements/management"},
		// Rule E-6.1: strictly more than 1,000,000 CNY
		{"a million", "E-6.1", "miniprogram", capital("1,000,000.00", ""), NotMet, "/company/capital"},
		{"a fen more", "E-6.1", "miniprogram", capital("1000000.01", "CNY"), WaitingReview, "/company/capital"},
		{"a million in capitals", "E-6.1", "miniprogram", capital("壹佰万元整", "CNY"), NotMet, "/company/capital"},
		{"another currency is for the reviewer", "E-6.1", "miniprogram", capital("10", "USD"), WaitingReview, "/company/capital"},
		{"no capital", "E-6.1", "miniprogram", capital("", ""), WaitingVendor, "/company/capital"},
		// Rules E-6.2 to E-6.4
		{"no site", "E-6.2", "miniprogram", mini(func(e *Evidence) { e.Site = "" }), WaitingVendor, "/evidence/miniprogram/site"},
		{"a script for a site", "E-6.2", "miniprogram", mini(func(e *Evidence) { e.Site = "javascript:alert(1)//a.b" }), WaitingVendor, "/evidence/miniprogram/site"},
		{"nothing to be computed of an image", "E-6.3", "miniprogram", mini(func(e *Evidence) { e.Note = "" }), WaitingReview, "/evidence/miniprogram/note"},
		{"no evidence of development", "E-6.4", "miniprogram", mini(func(e *Evidence) { e.RDFiles = nil }), WaitingVendor, "/evidence/miniprogram/rd_files"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := sound(Whole("ops", "miniprogram"))
			tt.change(&f)
			s, _ := examine(f)
			c, ok := s.Of(policy.ConditionID(tt.rule), tt.category)
			if !ok || c.State != tt.state || c.Field != tt.pointer {
				t.Fatalf("%s is %s at %s, want %s at %s", tt.rule, c.State, c.Field, tt.state, tt.pointer)
			}
			open := tt.state == NotMet || tt.state == WaitingVendor
			if s.Ready == open {
				t.Errorf("ready %v with %s", s.Ready, tt.state)
			}
			for _, p := range c.Problems {
				if p.Rule != tt.rule {
					t.Errorf("%s cites %s", p.Pointer, p.Rule)
				}
			}
			if c.State == NotMet && c.Mend.Key == "" {
				t.Error("nobody says what would mend it")
			}
			said(t, c.Message, c.Mend)
		})
	}
}

func said(t *testing.T, messages ...text.Message) {
	t.Helper()
	for _, l := range text.Langs() {
		for _, m := range messages {
			if out := (text.Printer{Lang: l}).Say(m); m.Key != "" && (strings.Contains(out, "%!") || out == string(m.Key)) {
				t.Errorf("%s is said as %q", m.Key, out)
			}
		}
	}
}

func days(n int, spans ...Span) Hours {
	var h Hours
	for i, d := range []*[]Span{&h.Mon, &h.Tue, &h.Wed, &h.Thu, &h.Fri, &h.Sat, &h.Sun} {
		if i < n {
			*d = spans
		}
	}
	return h
}

func evidence(change func(*Evidence)) func(*facts) {
	return func(f *facts) {
		e := f.paper.Evidence["ops"]
		change(&e)
		f.paper.Evidence["ops"] = e
	}
}

func mini(change func(*Evidence)) func(*facts) {
	return func(f *facts) {
		e := f.paper.Evidence["miniprogram"]
		change(&e)
		f.paper.Evidence["miniprogram"] = e
	}
}

func trade(start string) func(*facts) { return evidence(func(e *Evidence) { e.TradeStart = start }) }

func capital(amount, currency string) func(*facts) {
	return func(f *facts) { f.paper.Company.Capital, f.paper.Company.Currency = amount, currency }
}

// Rule E-3: 29 February counts as 28 February.
func TestTradeYearsOverALeapDay(t *testing.T) {
	tests := []struct {
		start string
		day   calendar.Day
		want  State
	}{
		{"2024-02-29", calendar.Date(2026, 2, 27), NotMet},
		{"2024-02-29", calendar.Date(2026, 2, 28), WaitingReview},
		{"2022-02-28", calendar.Date(2024, 2, 29), WaitingReview},
		{"2022-03-01", calendar.Date(2024, 2, 29), NotMet},
		{"2022-03-01", calendar.Date(2024, 3, 1), WaitingReview},
	}
	for _, tt := range tests {
		f := sound(Whole("ops"))
		f.day = tt.day
		trade(tt.start)(&f)
		s, _ := examine(f)
		if c, _ := s.Of("E-3", "ops"); c.State != tt.want {
			t.Errorf("begun %s, submitted %s: %s, want %s", tt.start, tt.day, c.State, tt.want)
		}
	}
}

// What belongs to no condition is open as well: account, mode, categories.
func TestWhatElseTheFormLacks(t *testing.T) {
	tests := []struct {
		name, rule, pointer string
		change              func(*facts)
	}{
		{"somebody else's account", "D-5", "/account/holder", func(f *facts) { f.paper.Account.Holder = "王芳" }},
		{"an account with letters", "D-5", "/account/number", func(f *facts) { f.paper.Account.Number = "7559X0000010001" }},
		{"no mode", "M-4", "/mode", func(f *facts) { f.paper.Mode = "" }},
		{"an unknown mode", "M-4", "/mode", func(f *facts) { f.paper.Mode = "barter" }},
		{"no category", "C-3", "/categories", func(f *facts) { f.paper.Categories = nil }},
		{"an unknown category", "C-3", "/categories/1", func(f *facts) { f.paper.Categories = []policy.CategoryID{"ops", "../ops"} }},
		{"only approved ones", "C-3", "/categories", func(f *facts) { f.approved["ops"] = true }},
		{"no shop name", "O-2", "/shop/name", func(f *facts) { f.paper.Shop.Name = "" }},
		{"a shop site with a password", "O-2", "/shop/site", func(f *facts) { f.paper.Shop.Site = "https://a:b@example.com" }},
	}
	for _, tt := range tests {
		f := sound(Whole("ops"))
		tt.change(&f)
		s, _ := examine(f)
		if s.Ready || len(s.Open) != 1 || s.Open[0].Rule != tt.rule || s.Open[0].Pointer != tt.pointer {
			t.Errorf("%s: %v", tt.name, s.Problems())
			continue
		}
		said(t, s.Open[0].Message)
	}
	// The same company with brackets of another width is the same company.
	f := sound(Whole("ops"))
	f.paper.Company.Name, f.paper.Account.Holder = "示例（深圳）科技有限公司", "示例(深圳)科技有限公司"
	if s, _ := examine(f); !s.Ready {
		t.Errorf("another width: %v", s.Problems())
	}
}

func TestHintsStopNothing(t *testing.T) {
	f := sound(Whole("ops", "miniprogram"))
	f.paper.Account.CNAPS = "308100005028"
	capital("10", "USD")(&f)
	trade("2010-01-01")(&f)
	s, _ := examine(f)
	var got []string
	for _, h := range s.Hints {
		got = append(got, h.Pointer)
		said(t, h.Message)
	}
	if diff := cmp.Diff([]string{"/account/cnaps", "/evidence/ops/trade_start", "/company/capital"}, got); diff != "" || !s.Ready {
		t.Errorf("ready %v: %s", s.Ready, diff)
	}
}

// A verdict counts while what it was given on stays the same.
func TestVerdictsCountUntilTheirBasisChanges(t *testing.T) {
	paper := Whole("ops")
	k := verdictKey{"E-3", "ops"}
	verdict := func(result State) facts {
		f := sound(paper)
		f.verdicts[k] = Verdict{Condition: "E-3", Category: "ops", Result: result, Reason: "请补充两年前的合同", Field: "/evidence/ops/trade_files", Submission: "sub_1", basis: basisOf(paper, k)}
		return f
	}
	state := func(f facts) Check {
		s, _ := examine(f)
		c, _ := s.Of("E-3", "ops")
		return c
	}
	if c := state(verdict(Met)); c.State != Met || !c.Carried {
		t.Errorf("accepted: %+v", c)
	}
	if c := state(verdict(NotMet)); c.State != NotMet || c.Reason != "请补充两年前的合同" || c.Field != "/evidence/ops/trade_files" {
		t.Errorf("not accepted: %+v", c)
	}
	changed := verdict(Met)
	changed.paper = Whole("ops")
	trade("2017-01-01")(&changed)
	if c := state(changed); c.State != WaitingReview || c.Message.Key != "qualification.changed_since" {
		t.Errorf("changed since: %+v", c)
	}
	// Another part of the paper does not touch it.
	other := verdict(Met)
	other.paper.Contact.Phone = "13900139000"
	if c := state(other); c.State != Met {
		t.Errorf("another part changed: %+v", c)
	}
	// Submitted again, what was not accepted is looked at again and what was is not.
	again := verdict(NotMet)
	again.submitted = "sub_2"
	if c := state(again); c.State != WaitingReview || c.Verdict == nil {
		t.Errorf("submitted again: %+v", c)
	}
	kept := verdict(Met)
	kept.submitted = "sub_2"
	if c := state(kept); c.State != Met || !c.Carried {
		t.Errorf("accepted before: %+v", c)
	}
}

// A person cannot make true what the program computes as false.
func TestComputedConditionOutweighsAVerdict(t *testing.T) {
	f := sound(Whole("miniprogram"))
	capital("1000000", "CNY")(&f)
	k := verdictKey{"E-6.1", "miniprogram"}
	f.verdicts[k] = Verdict{Result: Met, basis: basisOf(f.paper, k)}
	s, _ := examine(f)
	if c, _ := s.Of("E-6.1", "miniprogram"); c.State != NotMet {
		t.Errorf("a million is %s", c.State)
	}
}

// Rule C-2: an operator adds a category and a condition without code.
func TestOperatorsOwnCategory(t *testing.T) {
	f := sound(Whole("ai"))
	f.policy.Categories = append(f.policy.Categories, policy.Category{ID: "ai", Name: policy.Name{ZH: "智能体", EN: "Agents"}, Conditions: []policy.ConditionID{"E-1", "E-5", "X-1"}})
	f.policy.Conditions = append(f.policy.Conditions, policy.Condition{ID: "X-1", Name: policy.Name{ZH: "算法备案", EN: "Algorithm filing"}, Reviewed: true})
	s, _ := examine(f)
	var got []string
	for _, c := range s.Checks {
		got = append(got, string(c.Condition)+" "+string(c.State))
	}
	// E-2 is no condition of this category, so it has no check, yet its fields are still wanted.
	if diff := cmp.Diff([]string{"E-1 waiting_review", "E-5 met", "X-1 waiting_review"}, got); diff != "" || !s.Ready {
		t.Errorf("ready %v, %v\n%s", s.Ready, s.Problems(), diff)
	}
	f.paper.Contact.Mail = ""
	if s, _ := examine(f); s.Ready || len(s.Open) != 1 {
		t.Errorf("without a mailbox: %v", s.Problems())
	}
}

// individual is a well-formed code of an individual business (个体工商户).
const individual = "92440300MA5EXAMP09"

func TestIndividualByCode(t *testing.T) {
	f := sound(Whole("ops"))
	f.paper.Company.USCC = individual
	s, _ := examine(f)
	c, _ := s.Of("E-1", "")
	if c.State != NotMet || c.Field != "/company/uscc" || c.Message.Key != "qualification.individual" {
		t.Errorf("%s: %+v", individual, c)
	}
}

func TestChanges(t *testing.T) {
	was, now := Whole("ops"), Whole("ops", "image")
	now.Company.Name = "深圳示例软件有限公司"
	now.Service.Hours.Fri = nil
	now.Documents.Licence = []string{"fil_licence", "fil_new"}
	got := Changes(was, now)
	want := []Change{
		{"/categories", "ops", "ops, image"},
		{"/company/name", "深圳示例科技有限公司", "深圳示例软件有限公司"},
		{"/documents/licence", "fil_licence", "fil_licence, fil_new"},
	}
	for _, c := range got {
		if strings.HasPrefix(c.Field, "/evidence/image/") && c.Was == "" || strings.HasPrefix(c.Field, "/service/hours/fri/") && c.Now == "" {
			continue
		}
		if len(want) == 0 || cmp.Diff(want[0], c) != "" {
			t.Fatalf("unexpected %+v, want next %v", c, want)
		}
		want = want[1:]
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	if same := Changes(now, now); len(same) != 0 {
		t.Errorf("a paper differs from itself: %v", same)
	}
}

func TestParseCapital(t *testing.T) {
	for in, want := range map[string]int64{
		"5000000": 500_000_000, "5,000,000.00": 500_000_000, "500万": 500_000_000, "500万元": 500_000_000, "５００万元人民币": 500_000_000,
		"人民币500万元": 500_000_000, "1.5亿": 15_000_000_000, "100.00万元": 100_000_000, "100.000001万元": 100_000_001, "伍佰万元整": 500_000_000, "人民币壹佰万元整": 100_000_000, "壹佰万元": 100_000_000,
	} {
		if got, err := ParseCapital(in, ""); err != nil || got != money.CNY(want) {
			t.Errorf("ParseCapital(%q) = %v, %v; want %d fen", in, got, err, want)
		}
	}
	for _, in := range []string{"", "0", "-5万", "五百万", "500万美元", "1e9", "99999999999999999999万", strings.Repeat("9", 300)} {
		if got, err := ParseCapital(in, "CNY"); err == nil {
			t.Errorf("ParseCapital(%q) = %v", in, got)
		}
	}
	if _, err := ParseCapital("100", "yuan"); err == nil {
		t.Error("a currency of four letters was taken")
	}
	if got, err := ParseCapital("200万", "usd"); err != nil || got != (money.Amount{Fen: 200_000_000, Currency: "USD"}) {
		t.Errorf("in dollars: %v, %v", got, err)
	}
}

func TestProblemsAreFaultFields(t *testing.T) {
	s, _ := examine(sound(Application{}))
	if s.Ready || len(s.Problems()) < 20 {
		t.Errorf("an empty form has %d problems", len(s.Problems()))
	}
	for _, p := range s.Problems() {
		if p.Pointer == "" || p.Rule == "" || !text.Known(p.Message.Key) {
			t.Errorf("%+v lacks a field, a rule or a sentence", p)
		}
	}
	var _ []fault.Field = s.Problems()
}

func FuzzParseCapital(f *testing.F) {
	for _, s := range []string{"500万元", "伍佰万元整", "1.2.3亿", "人民币", "万", ""} {
		f.Add(s, "CNY")
	}
	f.Fuzz(func(t *testing.T, s, code string) {
		if a, err := ParseCapital(s, code); err == nil && (a.Fen <= 0 || len(a.Currency) != 3) {
			t.Errorf("ParseCapital(%q, %q) = %v", s, code, a)
		}
	})
}

func FuzzParseSite(f *testing.F) {
	for _, s := range []string{"www.example.com", "https://例子.中国/路径?q=1", "javascript:alert(1)", "http://[::1]/", "//a.b", "https://a.b@evil.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseSite(s)
		if err != nil {
			return
		}
		if !strings.HasPrefix(got, "http://") && !strings.HasPrefix(got, "https://") || strings.ContainsAny(got, "\"<> \n") {
			t.Errorf("ParseSite(%q) = %q", s, got)
		}
		if again, err := ParseSite(got); err != nil || again != got {
			t.Errorf("%q is read again as %q, %v", got, again, err)
		}
	})
}

// Whatever is typed, examining it ends in states and fields, never in a panic.
func FuzzExamine(f *testing.F) {
	f.Add("09:00", "500万元", "2024-02-29", "ops", "深圳")
	f.Add("：", "\x00", "二〇二四年", "../x", "\u202e")
	f.Fuzz(func(t *testing.T, clock, number, date, category, words string) {
		a := Whole("ops", policy.CategoryID(category))
		a.Service.Hours.Mon = []Span{{clock, words}, {words, clock}, {clock, clock}}
		a.Company.Capital, a.Company.Established, a.Company.Name, a.Company.USCC = number, date, words, number
		a.Account.Number, a.Account.CNAPS, a.Contact.Phone, a.Service.Phone = number, number, number, words
		a.Company.LongTerm, a.Company.TermUntil = false, date
		a.Evidence[policy.CategoryID(category)] = Evidence{TradeStart: date, Site: words, BuiltNote: words}
		s, _ := examine(sound(a))
		for _, p := range s.Problems() {
			if !strings.HasPrefix(p.Pointer, "/") || p.Rule == "" {
				t.Errorf("%+v", p)
			}
			said(t, p.Message)
		}
	})
}

// Rules C-1, C-2: each category that a new installation has can be applied for by
// itself, and asks for its own conditions alone.
func TestEachShippedCategoryCanBeAppliedFor(t *testing.T) {
	p := policy.Shipped()
	if len(p.Categories) != 5 {
		t.Fatalf("%d categories, want image, ops, software, api, miniprogram", len(p.Categories))
	}
	for _, c := range p.Categories {
		s, _ := examine(sound(Whole(c.ID)))
		if !s.Ready || len(s.For(c)) != len(c.Conditions) || len(s.Checks) != len(c.Conditions) {
			t.Errorf("%s: ready %v with %d checks for %d conditions: %v", c.ID, s.Ready, len(s.Checks), len(c.Conditions), s.Problems())
		}
	}
}

// Rules M-1, M-4: the modes of the policy can be chosen, and no other.
func TestModesAreThoseOfThePolicy(t *testing.T) {
	for m, want := range map[policy.Mode]bool{policy.Platform: true, policy.Resale: true, "agency": false, "PLATFORM": false} {
		f := sound(Whole("ops"))
		f.paper.Mode = m
		if s, _ := examine(f); s.Ready != want {
			t.Errorf("mode %s: ready %v", m, s.Ready)
		}
	}
	f := sound(Whole("ops"))
	f.paper.Mode = policy.Resale
	f.policy.Modes = map[policy.Mode]policy.Terms{policy.Platform: {}}
	if s, _ := examine(f); s.Ready || s.Open[0].Rule != "M-4" {
		t.Errorf("a mode this operator does not offer: %v", s.Problems())
	}
}
