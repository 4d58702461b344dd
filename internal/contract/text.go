package contract

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// textOf is the version of the text that new contracts are made from, and its words
// where they are the operator's own: these go with the contract, so that it reads
// the same when the policy no longer has them.
func textOf(p policy.Policy) (version string, own map[string]string) {
	t, ok := p.ContractText()
	if !ok {
		return current, nil
	}
	return t.ID, map[string]string{text.ZH.Tag(): t.Text.ZH, text.EN.Tag(): t.Text.EN}
}

// Blanks names what a text of contracts may have filled in, as {vendor_account}.
func Blanks() []string {
	return slices.Sorted(maps.Keys(Contract{Deposit: money.CNY(0)}.values(Particulars{}, text.ZH)))
}

// branch is what a text may depend on; action is any other.
var (
	branch = regexp.MustCompile(`\{\{(?:if (?:not )?\.(?:Platform|Deposit|Terms|Both)|else|else if (?:not )?\.(?:Platform|Deposit|Terms|Both)|end)\}\}`)
	action = regexp.MustCompile(`\{\{.{0,40}`)
)

// CheckText refuses a text of contracts that cannot be laid out: what is neither
// heading nor item, a blank that is not known, or a different number of articles in
// the two languages. It is fault.Invalid at the language.
func CheckText(t policy.ContractText) error {
	var f fault.Fields
	var articles [2]int
	c := Contract{Mode: policy.Platform, Deposit: money.CNY(1), Months: 1}
	for _, l := range text.Langs() {
		words := t.Text.ZH
		if l == text.EN {
			words = t.Text.EN
		}
		if x := action.FindString(branch.ReplaceAllString(words, "")); x != "" {
			f.Add("/body/"+l.Tag(), "contract.bad_branch", x)
			continue
		}
		for bits := range 16 {
			w, err := wordingIn(t.ID, words, choice{Platform: bits&1 != 0, Deposit: bits&2 != 0, Terms: bits&4 != 0, Both: bits&8 != 0})
			if err == nil {
				fill := filler{values: c.values(Particulars{}, l)}
				fill.clauses(w.clauses)
				fill.fill(w.title + w.sub)
				for _, s := range w.opening {
					fill.fill(s)
				}
				err = fill.err
			}
			if err != nil {
				f.Add("/body/"+l.Tag(), "contract.bad_text", err.Error())
				break
			}
			articles[l] = len(w.clauses)
		}
	}
	if f.Len() == 0 && articles[text.ZH] != articles[text.EN] {
		f.Add("/body/"+text.EN.Tag(), "contract.other_articles", articles[text.ZH], articles[text.EN])
	}
	return f.Err()
}

// Specimen lays out a contract with a text of the policy, the shipped one for "",
// and an invented vendor, to be looked at; nothing is kept. A version that the
// policy does not have is fault.NotFound, one that cannot be laid out fault.Invalid.
func Specimen(p policy.Policy, version string, mode policy.Mode, l Lang, at time.Time) ([]byte, error) {
	p.Contracts.Template = version
	t, own := p.ContractText()
	if version != "" && !own {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	if own {
		if err := CheckText(t); err != nil {
			return nil, err
		}
	}
	day := []calendar.Span{{From: 9 * 60, To: 18 * 60}}
	v := vendor.Company{
		Name: "示例软件（杭州）有限公司", USCC: "91330106MA2CFHX28G", LegalPerson: "张三", Address: "浙江省杭州市西湖区示例路 1 号",
		Contact: vendor.Contact{Name: "李四", Phone: "+8613800138000", Mail: "contact@vendor.example"}, ServiceMail: "service@vendor.example", ServicePhone: "0571-88880000",
		Account: vendor.BankAccount{Holder: "示例软件（杭州）有限公司", Bank: "招商银行", Branch: "杭州示例支行", Number: "571900000000001"},
		Hours:   calendar.Week{Mon: day, Tue: day, Wed: day, Thu: day, Fri: day},
	}
	var categories []policy.CategoryID
	for _, x := range p.Categories[:min(2, len(p.Categories))] {
		categories = append(categories, x.ID)
	}
	c := Contract{Number: "YSHT-", Lang: l, Mode: mode, FeeBasisPoints: p.Modes[mode].FeeBasisPoints, Months: p.Modes[mode].Months, FixedDeposit: mode == policy.Resale, Categories: categories, OfferedAt: at}
	c.Deposit, _ = p.Deposit(categories)
	c.Template, _ = textOf(p)
	data, err := c.document(particularsOf(p, v, categories), "contract.pdf_draft")
	var known *fault.Error
	if err != nil && !errors.As(err, &known) {
		return nil, fault.New(fault.Invalid, "contract.bad_text", err.Error())
	}
	return data, err
}
