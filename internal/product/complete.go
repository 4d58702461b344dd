package product

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// examiner collects what a content lacks before it may be submitted.
type examiner struct {
	fault.Fields
	c Content
	p policy.Policy
	l policy.Products
}

// Lacking returns what is missing or wrong in a content before it may be
// submitted, by field; files are looked at by Submit as well. Empty means that
// nothing is. Rules C-2, E-4, S-4 and domain-cn.md §2.3.
func (c Content) Lacking(p policy.Policy) []fault.Field {
	e := examiner{c: c.clean(), p: p, l: p.Products}
	e.kind()
	e.words()
	e.papers()
	e.plans()
	switch e.c.Form {
	case policy.ImageForm:
		e.image()
	case policy.SaaSForm:
		e.saas()
	case policy.ServiceForm:
		e.service()
	case policy.APIForm:
		e.api()
	}
	return fieldsOf(e.Err())
}

func fieldsOf(err error) []fault.Field {
	if f, ok := err.(*fault.Error); ok {
		return f.Fields
	}
	return nil
}

// text asks for a text of at most so many characters; required ones must be there.
func (e *examiner) text(pointer, s string, required bool, most int) {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0 && required:
		e.Add(pointer, "fault.required")
	case n > most:
		e.Add(pointer, "fault.too_long", most, n)
	}
}

func (e *examiner) kind() {
	category, known := e.p.Category(e.c.Category)
	switch {
	case e.c.Category == "":
		e.AddRule("C-2", "/category", "fault.required")
		return
	case !known:
		e.AddRule("C-2", "/category", "fault.unknown_choice", string(e.c.Category))
		return
	}
	switch {
	case e.c.Form == "":
		e.AddRule("S-4", "/form", "fault.required")
	case !slices.Contains(category.Forms, e.c.Form):
		e.AddRule("S-4", "/form", "product.form_not_of_category", category.Name, FormName(e.c.Form))
	}
	if e.c.BuiltOn == "" {
		e.AddRule("E-4", "/built_on", "product.built_on_required")
	} else if _, ok := e.l.CloudProduct(e.c.BuiltOn); !ok {
		e.AddRule("E-4", "/built_on", "fault.unknown_choice", e.c.BuiltOn)
	}
}

// mostCode bounds a vendor's own code, in characters.
const mostCode = 40

// FormName is the word of a delivery form for people.
func FormName(f policy.Form) text.Key { return text.Key("product.form_" + string(f)) }

// UnitName is the word of a unit for people.
func UnitName(u policy.Unit) text.Key { return text.Key("product.unit_" + string(u)) }

func (e *examiner) words() {
	e.text("/code", e.c.Code, false, mostCode)
	e.text("/name", e.c.Name, true, e.l.NameChars)
	for _, bait := range e.l.BaitWords {
		if strings.Contains(e.c.Name, bait) {
			e.Add("/name", "product.bait", bait)
		}
	}
	switch n := len(e.c.Tags); {
	case n < e.l.TagsAtLeast:
		e.Add("/tags", "product.too_few_tags", e.l.TagsAtLeast)
	case n > e.l.TagsAtMost:
		e.Add("/tags", "product.too_many_tags", e.l.TagsAtMost, n)
	}
	for i, tag := range e.c.Tags {
		e.text(fmt.Sprintf("/tags/%d", i), tag, true, e.l.TagChars)
	}
	e.text("/summary", e.c.Summary, true, e.l.SummaryChars)
	e.text("/details", e.c.Details, true, e.l.DetailsChars)
	e.text("/after_sales", e.c.AfterSales, true, e.l.AfterSalesChars)
}

func (e *examiner) papers() {
	switch e.c.Agreement {
	case Standard:
	case Own:
		if e.c.AgreementFile == "" {
			e.Add("/agreement_file", "product.agreement_file_required")
		}
	case "":
		e.Add("/agreement", "fault.required")
	default:
		e.Add("/agreement", "fault.unknown_choice", string(e.c.Agreement))
	}
	if e.c.Document == "" && e.l.Forms[e.c.Form].Document {
		e.Add("/document", "product.document_required")
	}
	switch n := len(e.c.Pictures); {
	case n == 0:
		e.Add("/pictures", "product.picture_required")
	case n > e.l.PicturesAtMost:
		e.Add("/pictures", "product.too_many_pictures", e.l.PicturesAtMost, n)
	}
}

func (e *examiner) plans() {
	switch n := len(e.c.Plans); {
	case n == 0:
		e.Add("/plans", "product.plan_required")
	case n > e.l.PlansAtMost:
		e.Add("/plans", "product.too_many_plans", e.l.PlansAtMost, n)
		return
	}
	seen := make(map[string]bool)
	for i, plan := range e.c.Plans {
		at := fmt.Sprintf("/plans/%d", i)
		e.text(at+"/name", plan.Name, true, e.l.PlanNameChars)
		if same := fmt.Sprint(plan.Name, plan.Unit, plan.Span); seen[same] {
			e.Add(at+"/name", "product.plan_twice")
		} else {
			seen[same] = true
		}
		e.span(at, plan)
		e.price(at, plan)
	}
}

// monthsOf is how long units are in months; shorter ones are bounded as one.
func monthsOf(u policy.Unit, span int64) int64 {
	switch u {
	case policy.Year:
		return 12 * span
	case policy.Month:
		return span
	case policy.Day:
		return span / 30
	}
	return span / (30 * 24)
}

func (e *examiner) span(at string, plan Plan) {
	units := e.l.Forms[e.c.Form].Units
	switch {
	case plan.Unit == "":
		e.Add(at+"/unit", "fault.required")
		return
	case len(units) > 0 && !slices.Contains(units, plan.Unit):
		e.Add(at+"/unit", "product.unit_not_of_form", FormName(e.c.Form), UnitName(plan.Unit))
		return
	}
	switch {
	case plan.Span < 1:
		e.Add(at+"/span", "product.span_required")
	case plan.Unit == policy.Times && plan.Span > int64(e.l.TimesAtMost):
		e.Add(at+"/span", "product.too_many_times", e.l.TimesAtMost)
	case plan.Unit != policy.Times && (plan.Span > 1_000_000 || monthsOf(plan.Unit, plan.Span) > int64(e.l.MonthsAtMost)):
		e.Add(at+"/span", "product.span_too_long", e.l.MonthsAtMost/12)
	}
}

func (e *examiner) price(at string, plan Plan) {
	for _, x := range []struct {
		pointer string
		fen     int64
		code    string
	}{{at + "/original", plan.Original.Fen, plan.Original.Code()}, {at + "/sale", plan.Sale.Fen, plan.Sale.Code()}} {
		switch {
		case x.code != "CNY":
			e.Add(x.pointer, "product.only_cny")
			return
		case x.fen < 0:
			e.Add(x.pointer, "product.price_negative")
			return
		case x.fen > e.l.PriceFenAtMost:
			e.Add(x.pointer, "product.price_too_high")
			return
		}
	}
	if plan.Sale.Fen > plan.Original.Fen {
		e.Add(at+"/sale", "product.sale_above_original", plan.Original)
	}
}

func (e *examiner) image() {
	e.text("/image/version", e.c.Image.Version, true, e.l.VersionChars)
	e.text("/image/os", e.c.Image.OS, true, e.l.SummaryChars)
	e.text("/image/machine", e.c.Image.Machine, true, e.l.SummaryChars)
	switch n := len(e.c.Image.Software); {
	case n == 0:
		e.Add("/image/software", "product.software_required")
	case n > e.l.SoftwareAtMost:
		e.Add("/image/software", "product.too_much_software", e.l.SoftwareAtMost, n)
	}
	for i, s := range e.c.Image.Software {
		e.text(fmt.Sprintf("/image/software/%d", i), s, true, e.l.NameChars)
	}
	if e.c.Image.Report == "" {
		e.Add("/image/report", "product.report_required")
	}
	e.text("/image/scanner", e.c.Image.Scanner, true, e.l.NameChars)
	if e.c.Image.ScannedOn.IsZero() {
		e.Add("/image/scanned_on", "product.scanned_on_required")
	}
}

func (e *examiner) saas() {
	switch e.c.SaaS.Delivery {
	case Automatic:
		e.address("/saas/notify_url", e.c.SaaS.NotifyURL, true)
	case Centre:
		e.address("/saas/notify_url", e.c.SaaS.NotifyURL, false)
	case "":
		e.Add("/saas/delivery", "fault.required")
	default:
		e.Add("/saas/delivery", "fault.unknown_choice", string(e.c.SaaS.Delivery))
	}
	e.address("/saas/site", e.c.SaaS.Site, false)
	if e.c.SaaS.Trial {
		e.days("/saas/trial_days", e.c.SaaS.TrialDays)
	}
}

func (e *examiner) service() {
	e.days("/service/days", e.c.Service.Days)
	e.text("/service/requirement", e.c.Service.Requirement, true, e.l.DetailsChars)
}

func (e *examiner) api() {
	e.address("/api/gateway", e.c.API.Gateway, true)
	e.text("/api/methods", e.c.API.Methods, true, e.l.DetailsChars)
}

func (e *examiner) days(pointer string, n int64) {
	if n < 1 || n > int64(e.l.DaysAtMost) {
		e.Add(pointer, "product.days_between", e.l.DaysAtMost)
	}
}

// address asks for an https address without a password in it.
func (e *examiner) address(pointer, s string, required bool) {
	if s == "" {
		if required {
			e.Add(pointer, "fault.required")
		}
		return
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || !strings.Contains(u.Hostname(), ".") || len(s) > 500 {
		e.Add(pointer, "product.bad_address")
	}
}
