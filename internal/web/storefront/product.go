package storefront

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// ProductView is a product's page, for buyers and as a preview.
type ProductView struct {
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
	Ld       string
	Preview  bool
}

// View puts a product and its shop into the reader's words. In a preview files are
// read as their owner does, since nobody else may yet.
func View(p text.Printer, pol policy.Policy, x catalog.Product, s catalog.Shop, preview bool) ProductView {
	w := words{p, pol}
	v := ProductView{P: p, Product: x, Category: w.category(x.Category), Form: p.T(product.FormName(x.Form)), Per: per(p, x.Unit, x.Span), Phone: s.Phone, Mail: s.Mail, Preview: preview}
	at := func(id string) string {
		if preview {
			return "/files/" + id
		}
		return filePath(x.ID, id)
	}
	if b, ok := pol.Products.CloudProduct(x.BuiltOn); ok {
		v.BuiltOn = b.Name.In(p.Lang)
	}
	for i, id := range x.Pictures {
		v.Pictures = append(v.Pictures, ui.Picture{Src: at(id), Alt: p.T("web_storefront.picture_of", x.Name, i+1)})
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
	if h := hours(p, s.Hours); h != "" {
		v.Vendor.Note = p.T("web_storefront.hours", h)
	}
	return v
}

// facts are what the buyer of each form asks for first.
func facts(p text.Printer, v ProductView) []ui.Fact {
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
	add("web_storefront.shelved", p.Date(x.ShelvedAt))
	return all
}

// hours writes service hours with equal neighbours together: "周一至周五 09:00–18:00".
func hours(p text.Printer, w calendar.Week) string {
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

func (f front) product(w http.ResponseWriter, r *http.Request) error {
	if done, err := f.asked(w, r); done || err != nil {
		return err
	}
	ctx := r.Context()
	x, err := f.shelf.Product(ctx, r.PathValue("id"))
	if fault.Is(err, fault.Gone) {
		w.Header().Del("ETag")
		return f.gone(w, r)
	}
	if err != nil {
		return err
	}
	shop, err := f.shelf.Shop(ctx, x.VendorID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	words := f.words(ctx)
	v := View(words.p, words.pol, x, shop, false)
	others, err := f.shelf.Find(ctx, catalog.Query{VendorID: x.VendorID, Limit: 5})
	if err != nil {
		return err
	}
	for _, c := range others.Cards {
		if c.ID != x.ID && len(v.More) < 4 {
			v.More = append(v.More, words.card(c))
		}
	}
	v.Ld = f.productLd(x, v.Category)
	page := f.page(w, r, "web_storefront.all_products")
	page.Title, page.Description = x.Name, x.Summary
	for i := range page.Nav {
		page.Nav[i].Current = page.Nav[i].Href == "/categories/"+string(x.Category)
	}
	return f.Show(w, r, http.StatusOK, page, ProductPage(v))
}

// gone is the page of a product that has left the shelf.
func (f front) gone(w http.ResponseWriter, r *http.Request) error {
	page := f.page(w, r, "web_storefront.gone")
	page.NoIndex = true
	return f.Show(w, r, http.StatusGone, page, gonePage(page.P))
}

// file answers with a picture or paper of a product on the shelf.
func (f front) file(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("file")
	shown, err := f.shelf.Shows(r.Context(), r.PathValue("id"), id)
	if err != nil {
		return err
	}
	if !shown {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	var kept file.File
	err = f.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		kept, err = file.Get(ctx, tx, access.SystemActor("storefront"), id)
		return err
	})
	if err != nil {
		return err
	}
	tag := `"` + kept.SHA256 + `"`
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return server.SendFile(w, r, f.Files, kept, false)
}

// saving is how much less than before a price is, in whole percent.
func saving(now, was money.Amount) int {
	return int((was.Fen - now.Fen) * 100 / was.Fen)
}

func escape(s string) string { return url.QueryEscape(s) }
