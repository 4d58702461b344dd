package bulk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

// column is one column of a sheet: how a content reads and takes it.
type column struct {
	key     string // as its title bulk.col_<key>
	pointer string // of the field in a content
	width   float64
	forms   []policy.Form // empty is every form
	must    bool
	get     func(c product.Content, l languages) string
	set     func(c *product.Content, s string, l languages) error
}

// languages reads and writes words: reads both languages, writes one.
type languages struct {
	text.Printer
	policy policy.Policy
}

var both = []text.Lang{text.ZH, text.EN}

// choice finds what a cell names, by its id or its name in either language.
func choice[T ~string](s string, all []T, name func(T, text.Lang) string) (T, error) {
	for _, v := range all {
		if strings.EqualFold(s, string(v)) || slices.ContainsFunc(both, func(l text.Lang) bool { return strings.EqualFold(s, name(v, l)) }) {
			return v, nil
		}
	}
	return "", fault.New(fault.Invalid, "bulk.not_a_choice", s)
}

func said(k text.Key, l text.Lang) string { return text.Printer{Lang: l}.T(k) }

func str(key, pointer string, width float64, must bool, field func(*product.Content) *string, forms ...policy.Form) column {
	return column{key: key, pointer: pointer, width: width, must: must, forms: forms,
		get: func(c product.Content, _ languages) string { return *field(&c) },
		set: func(c *product.Content, s string, _ languages) error { *field(c) = s; return nil }}
}

func strs(key, pointer string, field func(*product.Content) *[]string, forms ...policy.Form) column {
	return column{key: key, pointer: pointer, width: 24, must: true, forms: forms,
		get: func(c product.Content, l languages) string { return strings.Join(*field(&c), "，") },
		set: func(c *product.Content, s string, _ languages) error {
			*field(c) = strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) })
			return nil
		}}
}

func number(key, pointer string, field func(*product.Content) *int64, forms ...policy.Form) column {
	return column{key: key, pointer: pointer, width: 12, forms: forms,
		get: func(c product.Content, _ languages) string { return whole(*field(&c)) },
		set: func(c *product.Content, s string, _ languages) (err error) {
			*field(c), err = parseWhole(s)
			return err
		}}
}

func yesNo(key, pointer string, field func(*product.Content) *bool, forms ...policy.Form) column {
	return column{key: key, pointer: pointer, width: 12, forms: forms,
		get: func(c product.Content, l languages) string { return l.T(answer(*field(&c))) },
		set: func(c *product.Content, s string, _ languages) error {
			for _, is := range []bool{true, false} {
				for _, l := range both {
					if strings.EqualFold(s, said(answer(is), l)) {
						*field(c) = is
						return nil
					}
				}
			}
			return fault.New(fault.Invalid, "bulk.yes_or_no")
		}}
}

func answer(is bool) text.Key {
	if is {
		return "bulk.yes"
	}
	return "bulk.no"
}

func whole(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// parseWhole reads a whole number, as spreadsheet programs write it too: 12.0.
func parseWhole(s string) (int64, error) {
	s = strings.ReplaceAll(s, ",", "")
	if head, tail, ok := strings.Cut(s, "."); ok && strings.Trim(tail, "0") == "" {
		s = head
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, fault.New(fault.Invalid, "bulk.whole_number", s)
	}
	return n, nil
}

// parseDay reads a day as people write it, or as the number that spreadsheet
// programs keep it as: days since the end of 1899.
func parseDay(s string) (calendar.Day, error) {
	if n, err := strconv.ParseFloat(s, 64); err == nil && n > 20_000 && n < 80_000 {
		return calendar.Date(1899, 12, 30).AddDays(int(n)), nil
	}
	d, err := calendar.Parse(strings.NewReplacer("/", "-", "年", "-", "月", "-", "日", "", ".", "-").Replace(s))
	if err == nil {
		return d, nil
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 3 && len(parts[0]) == 4 {
		return calendar.Parse(parts[0] + "-" + two(parts[1]) + "-" + two(parts[2]))
	}
	return calendar.Day{}, fault.New(fault.Invalid, "bulk.day")
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

// columnID is the column of the product's own id; it is read apart.
const columnID = "id"

// columns are all but those of the plans.
func columns() []column {
	image, saas, service, api := policy.ImageForm, policy.SaaSForm, policy.ServiceForm, policy.APIForm
	return []column{
		{key: columnID, width: 30, get: func(product.Content, languages) string { return "" }, set: func(*product.Content, string, languages) error { return nil }},
		str("code", "/code", 16, true, func(c *product.Content) *string { return &c.Code }),
		{key: "category", pointer: "/category", width: 14, must: true,
			get: func(c product.Content, l languages) string { return categoryName(c.Category, l.policy, l.Lang) },
			set: func(c *product.Content, s string, l languages) (err error) {
				var ids []policy.CategoryID
				for _, x := range l.policy.Categories {
					ids = append(ids, x.ID)
				}
				c.Category, err = choice(s, ids, func(id policy.CategoryID, lang text.Lang) string { return categoryName(id, l.policy, lang) })
				return err
			}},
		str("name", "/name", 28, true, func(c *product.Content) *string { return &c.Name }),
		strs("tags", "/tags", func(c *product.Content) *[]string { return &c.Tags }),
		str("summary", "/summary", 40, true, func(c *product.Content) *string { return &c.Summary }),
		str("details", "/details", 50, true, func(c *product.Content) *string { return &c.Details }),
		str("after_sales", "/after_sales", 30, true, func(c *product.Content) *string { return &c.AfterSales }),
		{key: "built_on", pointer: "/built_on", width: 20, must: true,
			get: func(c product.Content, l languages) string { return cloudName(c.BuiltOn, l.policy, l.Lang) },
			set: func(c *product.Content, s string, l languages) (err error) {
				var ids []string
				for _, x := range l.policy.Products.CloudProducts {
					ids = append(ids, x.ID)
				}
				c.BuiltOn, err = choice(s, ids, func(id string, lang text.Lang) string { return cloudName(id, l.policy, lang) })
				return err
			}},
		str("image_version", "/image/version", 12, true, func(c *product.Content) *string { return &c.Image.Version }, image),
		str("image_os", "/image/os", 18, true, func(c *product.Content) *string { return &c.Image.OS }, image),
		strs("image_software", "/image/software", func(c *product.Content) *[]string { return &c.Image.Software }, image),
		str("image_machine", "/image/machine", 20, true, func(c *product.Content) *string { return &c.Image.Machine }, image),
		str("image_scanner", "/image/scanner", 16, true, func(c *product.Content) *string { return &c.Image.Scanner }, image),
		{key: "image_scanned_on", pointer: "/image/scanned_on", width: 14, must: true, forms: []policy.Form{image},
			get: func(c product.Content, _ languages) string { return c.Image.ScannedOn.String() },
			set: func(c *product.Content, s string, _ languages) (err error) {
				c.Image.ScannedOn, err = parseDay(s)
				return err
			}},
		{key: "saas_delivery", pointer: "/saas/delivery", width: 14, must: true, forms: []policy.Form{saas},
			get: func(c product.Content, l languages) string {
				if c.SaaS.Delivery == "" {
					return ""
				}
				return deliveryName(c.SaaS.Delivery, l.Lang)
			},
			set: func(c *product.Content, s string, _ languages) (err error) {
				c.SaaS.Delivery, err = choice(s, []product.Delivery{product.Automatic, product.Centre}, deliveryName)
				return err
			}},
		str("saas_notify_url", "/saas/notify_url", 30, false, func(c *product.Content) *string { return &c.SaaS.NotifyURL }, saas),
		str("saas_site", "/saas/site", 30, false, func(c *product.Content) *string { return &c.SaaS.Site }, saas),
		yesNo("saas_trial", "/saas/trial", func(c *product.Content) *bool { return &c.SaaS.Trial }, saas),
		number("saas_trial_days", "/saas/trial_days", func(c *product.Content) *int64 { return &c.SaaS.TrialDays }, saas),
		number("service_days", "/service/days", func(c *product.Content) *int64 { return &c.Service.Days }, service),
		str("service_requirement", "/service/requirement", 40, true, func(c *product.Content) *string { return &c.Service.Requirement }, service),
		yesNo("service_asked_first", "/service/asked_first", func(c *product.Content) *bool { return &c.Service.AskedFirst }, service),
		yesNo("service_vendor_does", "/service/vendor_does", func(c *product.Content) *bool { return &c.Service.VendorDoes }, service),
		yesNo("service_buyer_confirms", "/service/buyer_confirms", func(c *product.Content) *bool { return &c.Service.BuyerConfirms }, service),
		str("api_gateway", "/api/gateway", 30, true, func(c *product.Content) *string { return &c.API.Gateway }, api),
		str("api_methods", "/api/methods", 50, true, func(c *product.Content) *string { return &c.API.Methods }, api),
		yesNo("api_test_first", "/api/test_first", func(c *product.Content) *bool { return &c.API.TestFirst }, api),
	}
}

func columnsOf(f policy.Form) []column {
	return slices.DeleteFunc(columns(), func(c column) bool { return len(c.forms) > 0 && !slices.Contains(c.forms, f) })
}

// parts are the columns of one plan.
var parts = []string{"plan_name", "plan_span", "plan_unit", "plan_original", "plan_sale"}

// usualPlans is how many plans a template has room for; a file may have more.
const usualPlans = 3

func title(key string, l text.Lang) string { return said(text.Key("bulk.col_"+key), l) }

// planTitle is the title of a part of the n-th plan, from 1.
func planTitle(part string, n int, l text.Lang) string {
	return text.Printer{Lang: l}.T(text.Key("bulk.col_"+part), n)
}

// setPlan reads a part of a plan.
func setPlan(p *product.Plan, part, s string) (err error) {
	switch part {
	case "plan_name":
		p.Name = s
	case "plan_span":
		p.Span, err = parseWhole(s)
	case "plan_unit":
		units := []policy.Unit{policy.Hour, policy.Day, policy.Month, policy.Year, policy.Times}
		p.Unit, err = choice(s, units, func(u policy.Unit, l text.Lang) string { return said(product.UnitName(u), l) })
	case "plan_original":
		p.Original, err = price(s)
	case "plan_sale":
		p.Sale, err = price(s)
	}
	return err
}

// price reads an amount, as spreadsheet programs write it too: 99.9, ¥1,200.
func price(s string) (money.Amount, error) {
	return money.Parse(strings.TrimSpace(strings.NewReplacer(",", "", "，", "", "¥", "", "￥", "", "元", "").Replace(s)))
}

func getPlan(p product.Plan, part string, l text.Lang) string {
	switch part {
	case "plan_name":
		return p.Name
	case "plan_span":
		return whole(p.Span)
	case "plan_unit":
		return said(product.UnitName(p.Unit), l)
	case "plan_original":
		return p.Original.String()
	}
	return p.Sale.String()
}

func categoryName(id policy.CategoryID, p policy.Policy, l text.Lang) string {
	c, ok := p.Category(id)
	if !ok {
		return string(id)
	}
	return c.Name.In(l)
}

func cloudName(id string, p policy.Policy, l text.Lang) string {
	c, ok := p.Products.CloudProduct(id)
	if !ok {
		return id
	}
	return c.Name.In(l)
}

func deliveryName(d product.Delivery, l text.Lang) string {
	return said(text.Key("revision.delivery_"+string(d)), l)
}
