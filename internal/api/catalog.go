package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
)

// CatalogCard is a product in a list of the public shelf.
type CatalogCard struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Summary    string            `json:"summary"`
	VendorID   string            `json:"vendor_id"`
	VendorName string            `json:"vendor_name"`
	Category   policy.CategoryID `json:"category"`
	Form       policy.Form       `json:"form"`
	Tags       []string          `json:"tags" nullable:"false"`
	Picture    string            `json:"picture,omitempty" doc:"address"`
	Price      money.Amount      `json:"price" doc:"of the cheapest plan"`
	Original   money.Amount      `json:"original" doc:"its price before reduction"`
	Unit       policy.Unit       `json:"unit"`
	Span       int64             `json:"span"`
	Plans      int64             `json:"plans" doc:"how many there are"`
	ShelvedAt  time.Time         `json:"shelved_at"`
}

func viewCard(_ text.Printer, c catalog.Card) CatalogCard {
	out := CatalogCard{ID: c.ID, Name: c.Name, Summary: c.Summary, VendorID: c.VendorID, VendorName: c.VendorName, Category: c.Category, Form: c.Form,
		Tags: c.Tags, Price: c.Price, Original: c.Was, Unit: c.Unit, Span: c.Span, Plans: c.Offers, ShelvedAt: c.ShelvedAt}
	if out.Tags == nil {
		out.Tags = []string{}
	}
	if c.Picture != "" {
		out.Picture = productFile(c.ID, c.Picture)
	}
	return out
}

func productFile(product, file string) string { return "/products/" + product + "/files/" + file }

// CatalogPlan is one offer of a product.
type CatalogPlan struct {
	Name     string       `json:"name"`
	Unit     policy.Unit  `json:"unit"`
	Span     int64        `json:"span"`
	Original money.Amount `json:"original"`
	Price    money.Amount `json:"price"`
}

// CatalogProduct is a product's page.
type CatalogProduct struct {
	Card       CatalogCard      `json:"card"`
	Details    string           `json:"details" doc:"HTML, safe to show"`
	AfterSales string           `json:"after_sales"`
	BuiltOn    string           `json:"built_on"`
	Document   string           `json:"document,omitempty" doc:"address"`
	Terms      string           `json:"terms,omitempty" doc:"address of the vendor's own service agreement"`
	Pictures   []string         `json:"pictures" nullable:"false" doc:"addresses"`
	Plans      []CatalogPlan    `json:"plans" nullable:"false"`
	Image      *catalog.Image   `json:"image,omitempty"`
	Report     *CatalogReport   `json:"report,omitempty" doc:"of an image: its security report"`
	SaaS       *catalog.SaaS    `json:"saas,omitempty"`
	Service    *catalog.Service `json:"service,omitempty"`
	API        *catalog.API     `json:"api,omitempty"`
}

// CatalogReport is the security report of an image.
type CatalogReport struct {
	ScannedOn calendar.Day `json:"scanned_on"`
	Until     calendar.Day `json:"until" doc:"the last day on which it holds"`
	Expired   bool         `json:"expired" doc:"it no longer holds, and the vendor has not handed in a new one"`
}

func viewScan(x catalog.Product, pol policy.Policy, now time.Time) *CatalogReport {
	if x.Image == nil || x.Image.ScannedOn.IsZero() {
		return nil
	}
	on := x.Image.ScannedOn
	return &CatalogReport{on, pol.Reports.Until(on), pol.Reports.Ended(on, pol.Today(now))}
}

func viewCatalogProduct(p text.Printer, x catalog.Product) CatalogProduct {
	out := CatalogProduct{Card: viewCard(p, x.Card), Details: x.Details, AfterSales: x.AfterSales, BuiltOn: x.BuiltOn, Pictures: []string{}, Plans: []CatalogPlan{},
		Image: x.Image, SaaS: x.SaaS, Service: x.Service, API: x.API}
	for _, id := range x.Pictures {
		out.Pictures = append(out.Pictures, productFile(x.ID, id))
	}
	for _, plan := range x.Plans {
		out.Plans = append(out.Plans, CatalogPlan{plan.Name, plan.Unit, plan.Span, plan.Was, plan.Price})
	}
	if x.Document != "" {
		out.Document = productFile(x.ID, x.Document)
	}
	if x.Terms != "" {
		out.Terms = productFile(x.ID, x.Terms)
	}
	return out
}

// CatalogPage is a part of what was found.
type CatalogPage struct {
	Items      []CatalogCard             `json:"items" nullable:"false"`
	Next       string                    `json:"next,omitempty"`
	Total      int                       `json:"total"`
	AtLeast    bool                      `json:"at_least,omitempty" doc:"there are more: of a very common word only the newest products are ranked"`
	Loose      bool                      `json:"loose,omitempty" doc:"nothing has all the words; these have most of them"`
	Categories map[policy.CategoryID]int `json:"categories" doc:"how many there are of each, the category filter apart"`
	Forms      map[policy.Form]int       `json:"forms" doc:"how many there are of each, the form filter apart"`
}

// CatalogCategory is a category of the shelf.
type CatalogCategory struct {
	ID       policy.CategoryID `json:"id"`
	Name     string            `json:"name"`
	About    string            `json:"about"`
	Products int               `json:"products"`
}

// CatalogVendor is a shop.
type CatalogVendor struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Intro    string        `json:"intro"`
	Company  string        `json:"company"`
	Phone    string        `json:"phone" doc:"customer service"`
	Mail     string        `json:"mail" doc:"customer service"`
	Hours    calendar.Week `json:"hours"`
	OpenedAt time.Time     `json:"opened_at"`
	Products int           `json:"products"`
}

func viewShop(_ text.Printer, s catalog.Shop) CatalogVendor {
	return CatalogVendor{s.VendorID, s.Name, s.Intro, s.Company, s.Phone, s.Mail, s.Hours, s.OpenedAt, s.Products}
}

type catalogQuery struct {
	Words    string `query:"q" maxLength:"200"`
	Category string `query:"category"`
	Form     string `query:"form"`
	Vendor   string `query:"vendor"`
	From     int64  `query:"price_from_fen" minimum:"0"`
	To       int64  `query:"price_to_fen" minimum:"0" doc:"0 is no bound"`
	Sort     string `query:"sort" enum:"fit,newest,price,price-down" doc:"fit if left out"`
	Cursor   string `query:"cursor" maxLength:"200"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
}

type atID struct {
	ID string `path:"id"`
}

type shopQuery struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
}

// read registers a public reading of the shelf, which keeps its own transaction.
func read[Q, O any](a *API, o route, op func(ctx context.Context, p text.Printer, q Q) (O, error)) {
	o.method, o.public, o.tag = http.MethodGet, true, "catalog"
	huma.Register(a.huma, o.operation(), func(ctx context.Context, in *Q) (*answer[O], error) {
		if _, err := actor(ctx, true); err != nil {
			return nil, a.problem(ctx, err)
		}
		body, err := op(ctx, server.Printer(ctx), *in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[O]{Body: body}, nil
	})
}

func (a *API) catalogRoutes() {
	shelf := a.Catalog
	if shelf == nil {
		shelf = catalog.New(a.s.DB)
	}
	read(a, route{path: "/catalog/products", id: "find-products", summary: "Find products on the shelf"},
		func(ctx context.Context, p text.Printer, q catalogQuery) (CatalogPage, error) {
			page, err := shelf.Find(ctx, catalog.Query{Words: q.Words, Category: policy.CategoryID(q.Category), Form: policy.Form(q.Form), VendorID: q.Vendor,
				FromFen: q.From, ToFen: q.To, Sort: catalog.Sort(q.Sort), After: q.Cursor, Limit: q.Limit})
			out := CatalogPage{Items: make([]CatalogCard, len(page.Cards)), Next: page.Next, Total: page.Total, AtLeast: page.AtLeast, Loose: page.Loose,
				Categories: page.Categories, Forms: page.Forms}
			for i, c := range page.Cards {
				out.Items[i] = viewCard(p, c)
			}
			return out, err
		})
	read(a, route{path: "/catalog/products/{id}", id: "get-catalog-product", summary: "A product on the shelf; 410 once it has left it"},
		func(ctx context.Context, p text.Printer, q atID) (CatalogProduct, error) {
			x, err := shelf.Product(ctx, q.ID)
			out := viewCatalogProduct(p, x)
			out.Report = viewScan(x, a.s.Policy(ctx), a.s.DB.Clock().Now())
			return out, err
		})
	read(a, route{path: "/catalog/categories", id: "list-categories", summary: "The categories with how many products each has"},
		func(ctx context.Context, p text.Printer, _ none) (Page[CatalogCategory], error) {
			n, _, err := shelf.Categories(ctx)
			out := Page[CatalogCategory]{Items: []CatalogCategory{}}
			for _, c := range a.s.Policy(ctx).Categories {
				out.Items = append(out.Items, CatalogCategory{c.ID, c.Name.In(p.Lang), c.About.In(p.Lang), n[c.ID]})
			}
			return out, err
		})
	read(a, route{path: "/catalog/vendors", id: "list-shops", summary: "The shops that have products on the shelf"},
		func(ctx context.Context, p text.Printer, q shopQuery) (Page[CatalogVendor], error) {
			shops, next, err := shelf.Shops(ctx, q.Cursor, q.Limit)
			page := each(viewShop)(p, shops)
			page.Next = next
			return page, err
		})
	read(a, route{path: "/catalog/vendors/{id}", id: "get-shop", summary: "A vendor's shop"},
		func(ctx context.Context, p text.Printer, q atID) (CatalogVendor, error) {
			s, err := shelf.Shop(ctx, q.ID)
			return viewShop(p, s), err
		})
}
