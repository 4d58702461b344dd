package policy_test

import (
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// keysOf collects the keys of labels of a form with everything in it.
func keysOf(fields []policy.Field, into map[string]bool) {
	for _, f := range fields {
		into[f.Key] = true
		keysOf(f.Fields, into)
		for _, item := range f.Items {
			keysOf(item.Fields, into)
		}
	}
}

// Every rule has a name in both languages: a new field of the policy needs its
// "policy_field.<path>" in catalogue/policy_field.json. The same holds for the
// choices of a rule ("policy_choice.<value>") and for the units of numbers.
func TestEveryRuleHasAName(t *testing.T) {
	p := policy.Shipped()
	p.Messages = []policy.Wording{{ID: "notify.code_text"}}
	p.Contracts.Versions = []policy.ContractText{{ID: "2.0"}}
	keys := make(map[string]bool)
	var missing []string
	for _, s := range policy.Sections() {
		fields := policy.FieldsOf(p, s)
		keysOf(fields, keys)
		for _, f := range fields {
			for _, o := range f.Options {
				if said := o.Label.In(text.ZH); strings.HasPrefix(said, "policy_choice.") {
					missing = append(missing, said)
				}
			}
		}
	}
	for k := range keys {
		if !text.Known(policy.LabelKey(k)) {
			missing = append(missing, string(policy.LabelKey(k)))
		}
	}
	if len(missing) > 0 {
		t.Errorf("no name for:\n%s", strings.Join(missing, "\n"))
	}
}

// What a form shows is what it writes back: saving every section as it is changes nothing.
func TestFormsKeepWhatTheyShow(t *testing.T) {
	for _, s := range policy.Sections() {
		p := policy.Shipped()
		values := make(map[string][]string)
		var walk func(fields []policy.Field)
		walk = func(fields []policy.Field) {
			for _, f := range fields {
				switch f.Kind {
				case policy.KindNames:
					values[f.Name+".zh-CN"], values[f.Name+".en"] = []string{f.Names.ZH}, []string{f.Names.EN}
				case policy.KindFlag:
					values[policy.Shown] = append(values[policy.Shown], f.Name)
					if f.Value == "true" {
						values[f.Name] = []string{"true"}
					}
				case policy.KindChoices:
					values[policy.Shown] = append(values[policy.Shown], f.Name)
					values[f.Name] = f.Values
				case policy.KindGroup, policy.KindList, policy.KindTable:
				default:
					values[f.Name] = []string{f.Value}
				}
				walk(f.Fields)
				for _, item := range f.Items {
					walk(item.Fields)
				}
			}
		}
		walk(policy.FieldsOf(p, s))
		got, err := policy.Applied(p, s, values)
		if err != nil {
			t.Errorf("%s: %v", s.ID, err)
			continue
		}
		changes, err := policy.Diff(p, got)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			t.Errorf("%s: %s was %v, is %v", s.ID, c.Pointer, c.Old, c.New)
		}
	}
}

// A difference reads in plain words in both languages.
func TestExplain(t *testing.T) {
	before := policy.Shipped()
	section, _ := policy.SectionOf("amounts")
	after, err := policy.Applied(before, section, map[string][]string{"categories.3.deposit_fen": {"3000"}})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := policy.Diff(before, after)
	if err != nil || len(changes) != 1 {
		t.Fatalf("%+v, %v", changes, err)
	}
	for l, want := range map[text.Lang][3]string{
		text.ZH: {"类目 API 市场 保证金", "2,000.00 元", "3,000.00 元"},
		text.EN: {"Categories APIs Deposit", "CNY 2,000.00", "CNY 3,000.00"},
	} {
		got := policy.Explain(text.Printer{Lang: l}, before, after, changes[0])
		if strings.Join(got.Path, " ") != want[0] || strings.Join(got.Old, "") != want[1] || strings.Join(got.New, "") != want[2] || !got.Money {
			t.Errorf("%+v, want %v", got, want)
		}
	}
}

// An operator's text of a message is used with its placeholders, an SMS is signed
// with the marketplace's name.
func TestOwnWordsOfAMessage(t *testing.T) {
	p := policy.Shipped()
	p.Messages = []policy.Wording{{ID: "notify.contract_subject", Text: policy.Name{ZH: "{company}：请签署 {number}", EN: "Sign {number}"}}}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	say := text.Printer{Lang: text.ZH}
	if got := p.Said(say, "notify.contract_subject", []any{"YSHT-1", "甲公司"}); got != "甲公司：请签署 YSHT-1" {
		t.Errorf("in the operator's words: %q", got)
	}
	if got := policy.Shipped().Said(say, "notify.contract_ready_subject", []any{"YSHT-1"}); !strings.Contains(got, "YSHT-1") {
		t.Errorf("as shipped: %q", got)
	}
	p.Marketplace.ZH = "星河市场"
	if got := p.Signature(text.ZH) + policy.Unsigned("【云市场】验证码"); got != "【星河市场】验证码" {
		t.Errorf("signed: %q", got)
	}
	for name, w := range map[string]policy.Wording{
		"an unknown message":      {ID: "notify.nothing_text", Text: policy.Name{ZH: "x", EN: "x"}},
		"an unknown placeholder":  {ID: "notify.contract_subject", Text: policy.Name{ZH: "{amount}", EN: "x"}},
		"one language":            {ID: "notify.contract_subject", Text: policy.Name{ZH: "x"}},
		"a code without the code": {ID: "notify.code_text", Text: policy.Name{ZH: "请看短信", EN: "Look at the SMS"}},
	} {
		p := policy.Shipped()
		p.Messages = []policy.Wording{w}
		if p.Validate() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	for _, tpl := range policy.Templates() {
		for _, k := range tpl.Texts {
			if n := tpl.Shipped(k); strings.Contains(n.ZH, "%!") || strings.Contains(n.EN, "%!") {
				t.Errorf("%s: %+v", k, n)
			}
		}
	}
}
