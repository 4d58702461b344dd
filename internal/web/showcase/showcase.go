// Package showcase is a product as a buyer sees it: its card, its page, and the
// cover drawn for one without a picture. The storefront shows it to everybody, the
// console and the office as a preview. It reads nothing; what it shows is handed in.
package showcase

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// icons of the categories that a new installation has.
var icons = map[policy.CategoryID]string{"image": "server", "ops": "tools", "software": "app", "api": "api", "miniprogram": "phone"}

// Icon is the picture of a category.
func Icon(id policy.CategoryID) string {
	if i, ok := icons[id]; ok {
		return i
	}
	return "box"
}

// Words puts what a card says into the reader's language.
type Words struct {
	P      text.Printer
	Policy policy.Policy
}

// Category is a category's name; an unknown one is its id.
func (w Words) Category(id policy.CategoryID) string {
	if c, ok := w.Policy.Category(id); ok {
		return c.Name.In(w.P.Lang)
	}
	return string(id)
}

// per is what a price is for: "/ 月", "/ 100 uses".
func per(p text.Printer, u policy.Unit, span int64) string {
	key := text.Key("web_storefront.per_" + string(u))
	if span == 1 {
		return p.T(key)
	}
	return p.T(key+"s", span)
}

// Length is how long or how much a plan is: "3 个月", "100 uses".
func Length(p text.Printer, u policy.Unit, span int64) string {
	return p.T(text.Key("web_storefront.span_"+string(u)), span)
}

// Card is a product on a shelf.
func (w Words) Card(c catalog.Card) ui.Product {
	card := ui.Product{
		Href: "/products/" + c.ID, Title: c.Name, Summary: c.Summary, Vendor: c.VendorName, Category: w.Category(c.Category), Icon: Icon(c.Category),
		Picture: Picture(c), Price: c.Price, Free: c.Price.IsZero(), From: c.Offers > 1, Unit: per(w.P, c.Unit, c.Span), Form: w.P.T(product.FormName(c.Form)),
	}
	if c.Picture != "" {
		card.Widths = product.Widths()
	}
	return card
}

// Cards are products on a shelf.
func (w Words) Cards(all []catalog.Card) []ui.Product {
	out := make([]ui.Product, len(all))
	for i, c := range all {
		out[i] = w.Card(c)
	}
	return out
}

// Picture is the address of a card's picture, a drawn one where it has none.
func Picture(c catalog.Card) string {
	if c.Picture != "" {
		return FilePath(c.ID, c.Picture)
	}
	return coverPath(c.Category, c.ID)
}

// FilePath is the public address of a product's file.
func FilePath(productID, fileID string) string {
	return "/products/" + url.PathEscape(productID) + "/files/" + url.PathEscape(fileID)
}

// Preview is a card that leads nowhere and whose picture is read as its owner does.
func (w Words) Preview(c catalog.Card) ui.Product {
	x := w.Card(c)
	x.Href = "#"
	if c.Picture != "" {
		x.Picture, x.Widths = "/files/"+c.Picture, nil
	}
	if x.Title == "" {
		x.Title = w.P.T("web_storefront.no_name")
	}
	return x
}

// View is a product's page, for buyers and as a preview.
type View struct {
	P        text.Printer
	Product  catalog.Product
	Category string
	Form     string
	Per      string
	BuiltOn  string
	Pictures []ui.Picture
	Facts    []ui.Fact
	Vendor   ui.Standing
	Phone    string
	Mail     string
	Document string
	Terms    string
	More     []ui.Product // others of the same vendor
	Ended    calendar.Day // on which the image's security report ended, no day while it holds
	Ld       string
	Preview  bool
}

// Of puts a product and its shop into the reader's words. In a preview files are
// read as their owner does, since nobody else may yet.
func Of(p text.Printer, pol policy.Policy, x catalog.Product, s catalog.Shop, preview bool) View {
	w := Words{p, pol}
	v := View{P: p, Product: x, Category: w.Category(x.Category), Form: p.T(product.FormName(x.Form)), Per: per(p, x.Unit, x.Span), Phone: s.Phone, Mail: s.Mail, Preview: preview}
	at := func(id string) string {
		if preview {
			return "/files/" + id
		}
		return FilePath(x.ID, id)
	}
	if b, ok := pol.Products.CloudProduct(x.BuiltOn); ok {
		v.BuiltOn = b.Name.In(p.Lang)
	}
	for i, id := range x.Pictures {
		shown := ui.Picture{Src: at(id), Alt: p.T("web_storefront.picture_of", x.Name, i+1)}
		if !preview {
			shown.Widths = product.Widths()
		}
		v.Pictures = append(v.Pictures, shown)
	}
	if len(v.Pictures) == 0 {
		v.Pictures = []ui.Picture{{Src: coverPath(x.Category, x.ID), Alt: ""}}
	}
	if x.Document != "" {
		v.Document = at(x.Document)
	}
	if x.Terms != "" {
		v.Terms = at(x.Terms)
	}
	v.Facts = facts(p, v)
	v.Vendor = ui.Standing{Name: x.VendorName, Href: "/vendors/" + x.VendorID, Since: s.Company, Marks: []string{p.T("web_storefront.mark_qualified"), p.T("web_storefront.mark_deposit")}}
	if h := Hours(p, s.Hours); h != "" {
		v.Vendor.Note = p.T("web_storefront.hours", h)
	}
	return v
}

// MarkReport says on the page that the image's security report no longer holds.
func (v *View) MarkReport(rules policy.Reports, today calendar.Day) {
	if i := v.Product.Image; i != nil && rules.Ended(i.ScannedOn, today) {
		v.Ended = rules.Until(i.ScannedOn)
	}
}

// facts are what the buyer of each form asks for first.
func facts(p text.Printer, v View) []ui.Fact {
	x := v.Product
	all := []ui.Fact{{Term: p.T("web_storefront.form"), Value: v.Form}}
	add := func(key text.Key, value string) {
		if value != "" {
			all = append(all, ui.Fact{Term: p.T(key), Value: value})
		}
	}
	switch {
	case x.Image != nil:
		add("web_storefront.version", x.Image.Version)
		add("web_storefront.os", x.Image.OS)
		add("web_storefront.software", p.List(x.Image.Software))
		add("web_storefront.machine", x.Image.Machine)
		if !x.Image.ScannedOn.IsZero() {
			add("web_storefront.scanned_on", x.Image.ScannedOn.In(p.Lang))
		}
	case x.SaaS != nil:
		if x.SaaS.Automatic {
			add("web_storefront.delivery", p.T("web_storefront.delivery_automatic"))
		} else {
			add("web_storefront.delivery", p.T("web_storefront.delivery_centre"))
		}
		if x.SaaS.Trial {
			add("web_storefront.trial", p.T("web_storefront.trial_days", int(x.SaaS.TrialDays)))
		}
	case x.Service != nil:
		add("web_storefront.days", p.T("web_storefront.n_days", int(x.Service.Days)))
		add("web_storefront.vendor_does", said(p, x.Service.VendorDoes))
		add("web_storefront.buyer_confirms", said(p, x.Service.BuyerConfirms))
	case x.API != nil:
		add("web_storefront.test_first", said(p, x.API.TestFirst))
	}
	add("web_storefront.built_on", v.BuiltOn)
	if !v.Preview { // it is not on the shelf yet
		add("web_storefront.shelved", p.Date(x.ShelvedAt))
	}
	return all
}

// Hours writes service hours with equal neighbours together: "周一至周五 09:00–18:00".
func Hours(p text.Printer, w calendar.Week) string {
	if w.IsZero() {
		return ""
	}
	days := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
	said := func(d time.Weekday) string {
		var spans []string
		for _, s := range w.On(d) {
			spans = append(spans, s.String())
		}
		return strings.Join(spans, ", ")
	}
	name := func(d time.Weekday) string {
		return p.T(text.Key("web_storefront.day_" + strconv.Itoa(int(d))))
	}
	var parts []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && said(days[j+1]) == said(days[i]) {
			j++
		}
		switch spans := said(days[i]); {
		case spans == "":
		case i == j:
			parts = append(parts, name(days[i])+" "+spans)
		default:
			parts = append(parts, p.T("web_storefront.days_to", name(days[i]), name(days[j]))+" "+spans)
		}
		i = j + 1
	}
	return p.List(parts)
}

// saving is how much less than before a price is, in whole percent.
func saving(now, was money.Amount) int {
	return int((was.Fen - now.Fen) * 100 / was.Fen)
}

func escape(s string) string { return url.QueryEscape(s) }

func said(p text.Printer, yes bool) string {
	if yes {
		return p.T("web_storefront.yes")
	}
	return p.T("web_storefront.no")
}
