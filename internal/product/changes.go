package product

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// ChangeKind is how a change is best shown.
type ChangeKind string

// The kinds of changes.
const (
	OfWords    ChangeKind = "words"
	OfChoice   ChangeKind = "choice"
	OfPlans    ChangeKind = "plans"
	OfPictures ChangeKind = "pictures"
	OfFile     ChangeKind = "file"
)

// FieldChange is what a revision does to one field.
type FieldChange struct {
	Pointer string
	Kind    ChangeKind
	Light   bool // the policy counts the field as light
	Runs    []Run
	Was, Is []any // of choices: texts, text.Key or policy.Name; of pictures and files: ids as texts
	Plans   []PlanChange
}

// PlanChange is a plan before and after; nil where there is none.
type PlanChange struct {
	Was, Is *Plan
	// Percent is by how much the sale price changed, in hundredths of a per cent; Told
	// says that there is such a number.
	Percent int64
	Told    bool
}

// Changed reports whether anything of the plan changed.
func (c PlanChange) Changed() bool { return c.Was == nil || c.Is == nil || *c.Was != *c.Is }

// Changes compares two contents field by field, in the order of the form; fields
// that are the same are left out.
func Changes(p policy.Policy, was, is Content) []FieldChange {
	c := comparer{policy: p}
	c.choice("/code", "code", was.Code, is.Code)
	c.words("/name", "name", was.Name, is.Name)
	c.choice("/built_on", "built_on", cloudName(p, was.BuiltOn), cloudName(p, is.BuiltOn))
	c.list("/tags", "tags", was.Tags, is.Tags)
	c.words("/summary", "summary", was.Summary, is.Summary)
	c.files("/pictures", "pictures", OfPictures, was.Pictures, is.Pictures)
	c.words("/details", "details", was.Details, is.Details)
	c.words("/after_sales", "after_sales", was.AfterSales, is.AfterSales)
	c.plans(was.Plans, is.Plans)
	c.choice("/agreement", "agreement", text.Key("revision.agreement_"+string(was.Agreement)), text.Key("revision.agreement_"+string(is.Agreement)))
	c.files("/agreement_file", "agreement", OfFile, one(was.AgreementFile), one(is.AgreementFile))
	c.files("/document", "document", OfFile, one(was.Document), one(is.Document))
	c.forms(was, is)
	return c.all
}

type comparer struct {
	policy policy.Policy
	all    []FieldChange
}

func (c *comparer) add(field string, f FieldChange) {
	f.Light = c.policy.Revisions.IsLight(field)
	c.all = append(c.all, f)
}

func (c *comparer) words(pointer, field, was, is string) {
	if was != is {
		c.add(field, FieldChange{Pointer: pointer, Kind: OfWords, Runs: Diff(was, is)})
	}
}

func (c *comparer) choice(pointer, field string, was, is any) {
	if was != is {
		c.add(field, FieldChange{Pointer: pointer, Kind: OfChoice, Was: []any{was}, Is: []any{is}})
	}
}

func (c *comparer) list(pointer, field string, was, is []string) {
	if !slices.Equal(was, is) {
		c.add(field, FieldChange{Pointer: pointer, Kind: OfChoice, Was: anys(was), Is: anys(is)})
	}
}

func (c *comparer) files(pointer, field string, kind ChangeKind, was, is []string) {
	if !slices.Equal(was, is) {
		c.add(field, FieldChange{Pointer: pointer, Kind: kind, Was: anys(was), Is: anys(is)})
	}
}

func (c *comparer) plans(was, is []Plan) {
	if slices.Equal(was, is) {
		return
	}
	field := "price"
	if !samePlans(was, is) {
		field = "plans"
	}
	c.add(field, FieldChange{Pointer: "/plans", Kind: OfPlans, Plans: pair(was, is)})
}

// forms compares what belongs to one delivery form.
func (c *comparer) forms(was, is Content) {
	a, b := was.Image, is.Image
	c.choice("/image/version", "image", a.Version, b.Version)
	c.choice("/image/os", "image", a.OS, b.OS)
	c.list("/image/software", "image", a.Software, b.Software)
	c.choice("/image/machine", "image", a.Machine, b.Machine)
	c.files("/image/report", "report", OfFile, one(a.Report), one(b.Report))
	c.choice("/image/scanner", "report", a.Scanner, b.Scanner)
	c.choice("/image/scanned_on", "report", a.ScannedOn.String(), b.ScannedOn.String())
	s, t := was.SaaS, is.SaaS
	c.choice("/saas/delivery", "saas", deliveryName(s.Delivery), deliveryName(t.Delivery))
	c.choice("/saas/notify_url", "saas", s.NotifyURL, t.NotifyURL)
	c.choice("/saas/site", "saas", s.Site, t.Site)
	c.choice("/saas/trial", "saas", yes(s.Trial), yes(t.Trial))
	c.choice("/saas/trial_days", "saas", count(s.TrialDays), count(t.TrialDays))
	d, e := was.Service, is.Service
	c.choice("/service/days", "service", count(d.Days), count(e.Days))
	c.words("/service/requirement", "service", d.Requirement, e.Requirement)
	c.choice("/service/asked_first", "service", yes(d.AskedFirst), yes(e.AskedFirst))
	c.choice("/service/vendor_does", "service", yes(d.VendorDoes), yes(e.VendorDoes))
	c.choice("/service/buyer_confirms", "service", yes(d.BuyerConfirms), yes(e.BuyerConfirms))
	g, h := was.API, is.API
	c.choice("/api/gateway", "api", g.Gateway, h.Gateway)
	c.words("/api/methods", "api", g.Methods, h.Methods)
	c.choice("/api/test_first", "api", yes(g.TestFirst), yes(h.TestFirst))
}

func cloudName(p policy.Policy, id string) any {
	if c, ok := p.Products.CloudProduct(id); ok {
		return c.Name
	}
	return id
}

func deliveryName(d Delivery) any {
	if d == "" {
		return ""
	}
	return text.Key("revision.delivery_" + string(d))
}

func yes(is bool) any {
	if is {
		return text.Key("revision.yes")
	}
	return text.Key("revision.no")
}

func count(n int64) any {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

func one(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// samePlans reports whether two lists differ in nothing but prices.
func samePlans(was, is []Plan) bool {
	return slices.EqualFunc(was, is, func(a, b Plan) bool { return a.Name == b.Name && a.Unit == b.Unit && a.Span == b.Span })
}

// pair puts plans side by side: those of the same name and length, then those of the
// same name, the rest alone; in the new order, what is gone last.
func pair(was, is []Plan) []PlanChange {
	out := make([]PlanChange, len(is))
	used := make([]bool, len(was))
	for i := range is {
		out[i].Is = &is[i]
	}
	for _, alike := range []func(a, b Plan) bool{
		func(a, b Plan) bool { return a.Name == b.Name && a.Unit == b.Unit && a.Span == b.Span },
		func(a, b Plan) bool { return a.Name == b.Name },
	} {
		for i := range is {
			for j := range was {
				if out[i].Was == nil && !used[j] && alike(was[j], is[i]) {
					out[i].Was, used[j] = &was[j], true
				}
			}
		}
	}
	for j := range was {
		if !used[j] {
			out = append(out, PlanChange{Was: &was[j]})
		}
	}
	for i := range out {
		if a, b := out[i].Was, out[i].Is; a != nil && b != nil && a.Sale.Fen > 0 && a.Sale != b.Sale {
			out[i].Percent, out[i].Told = (b.Sale.Fen-a.Sale.Fen)*10_000/a.Sale.Fen, true
		}
	}
	return out
}

// routeOf names the route that a change takes, and the fields it touches. A change
// of light fields alone takes the fast one, unless a price rises by more than the
// policy lets pass.
func routeOf(p policy.Policy, was, is Content) (Route, []string) {
	route := LightRoute
	var fields []string
	for _, c := range Changes(p, was, is) {
		fields = append(fields, strings.ReplaceAll(strings.TrimPrefix(c.Pointer, "/"), "/", "."))
		if !c.Light {
			route = FullRoute
		}
		for _, plan := range c.Plans {
			if plan.rises(p.Revisions.PriceRisePercent) {
				route = FullRoute
			}
		}
	}
	return route, fields
}

// rises reports whether a price rises by more than so many per cent; one that was
// free and is not rises by any.
func (c PlanChange) rises(percent int) bool {
	if c.Was == nil || c.Is == nil {
		return false // another plan, not another price
	}
	over := func(was, is int64) bool { return is > was && (is-was)*100 > was*int64(percent) }
	return over(c.Was.Sale.Fen, c.Is.Sale.Fen) || over(c.Was.Original.Fen, c.Is.Original.Fen)
}
