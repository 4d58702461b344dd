package policy

import (
	"reflect"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Gated lists the acts that can have needs, in the order of the story.
func Gated() []Act { return []Act{CreateProduct, ReviewProduct, Shelve} }

// Facts lists the needs that an act can have.
func Facts() []Fact { return []Fact{NeedsQualified, NeedsContract, NeedsDeposit, NeedsApproved} }

// fixed are the choices that the program knows by itself, by type. The name of one
// is the catalogue's "policy_choice.<value>".
var fixed = map[reflect.Type][]string{
	reflect.TypeFor[Form]():    {string(ImageForm), string(SaaSForm), string(ServiceForm), string(APIForm)},
	reflect.TypeFor[Mode]():    {string(Platform), string(Resale)},
	reflect.TypeFor[Act]():     {string(CreateProduct), string(ReviewProduct), string(Shelve)},
	reflect.TypeFor[Fact]():    {string(NeedsQualified), string(NeedsContract), string(NeedsDeposit), string(NeedsApproved)},
	reflect.TypeFor[Unit]():    {string(Hour), string(Day), string(Month), string(Year), string(Times)},
	reflect.TypeFor[Expiry]():  {string(Leaves), string(Marked)},
	reflect.TypeFor[Gap]():     {string(GapWarns), string(GapRefuses)},
	reflect.TypeFor[Measure](): {string(Warning), string(ProductOff), string(Deduction)},
}

// spoken is a choice that is said by a key of the catalogue.
type spoken text.Key

// In says it in a language.
func (n spoken) In(l text.Lang) string { return text.Printer{Lang: l}.T(text.Key(n)) }

func (n Name) value() text.Value { return text.Named{ZH: n.ZH, EN: n.EN} }

// hasChoices reports whether a text is one of several.
func hasChoices(t reflect.Type, key string) bool {
	switch t {
	case reflect.TypeFor[access.Role]():
		return true
	case reflect.TypeFor[ConditionID](), reflect.TypeFor[CategoryID]():
		return key != "categories.id" && key != "conditions.id"
	}
	_, ok := fixed[t]
	return ok || key == "reasons.for" || key == "contract_texts.template"
}

// choices are what a text of a type may be in a policy.
func choices(p Policy, t reflect.Type, key string) []Option {
	var out []Option
	conditions := func() {
		for _, c := range p.Conditions {
			out = append(out, Option{string(c.ID), text.Named{ZH: string(c.ID) + " " + c.Name.ZH, EN: string(c.ID) + " " + c.Name.EN}})
		}
	}
	switch {
	case key == "reasons.for":
		out = append(out, Option{"", spoken("policy_choice.any")})
		conditions()
		for _, c := range p.Checks {
			out = append(out, Option{c.ID, c.Name.value()})
		}
	case key == "contract_texts.template":
		out = append(out, Option{"", spoken("policy_choice.shipped_text")})
		for _, x := range p.Contracts.Versions {
			out = append(out, Option{x.ID, text.Named{ZH: x.ID, EN: x.ID}})
		}
	case t == reflect.TypeFor[access.Role]():
		for _, r := range []access.Role{access.Owner, access.VendorFinance, access.ProductPeople, access.Support} {
			out = append(out, Option{string(r), spoken("web.role_" + strings.ReplaceAll(string(r), "-", "_"))})
		}
	case t == reflect.TypeFor[ConditionID]():
		conditions()
	case t == reflect.TypeFor[CategoryID]():
		for _, c := range p.Categories {
			out = append(out, Option{string(c.ID), c.Name.value()})
		}
	default:
		for _, v := range fixed[t] {
			out = append(out, Option{v, spoken("policy_choice." + v)})
		}
	}
	return out
}
