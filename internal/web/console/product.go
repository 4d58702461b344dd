package console

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type goods struct{ *web.Site }

func productRoutes(s *web.Site) {
	g := goods{s}
	s.Member("GET /console/products", g.list)
	s.Member("GET /console/products/new", g.fresh)
	s.Member("POST /console/products/new", g.make)
	s.Member("GET /console/products/{id}", g.overview)
	s.Member("GET /console/products/{id}/edit", g.edit)
	s.Member("POST /console/products/{id}/edit", g.save)
	s.Member("GET /console/products/{id}/preview", g.preview)
	s.Member("POST /console/products/{id}/submit", g.act(product.Submit, "web_product.submitted"))
	s.Member("POST /console/products/{id}/take-back", g.act(product.TakeBack, "web_product.taken_back"))
	s.Member("POST /console/products/{id}/shelve", g.act(product.Shelve, "web_product.shelved"))
	s.Member("POST /console/products/{id}/unshelve", g.act(product.Unshelve, "web_product.unshelved"))
	goodsChangeRoutes(g)
	importRoutes(g)
}

const productsHref = "/console/products"

func productHref(id string) string { return productsHref + "/" + id }

// onPage is how many products a page of the list has.
const onPage = 50

// productsView is the list of a company's products.
type productsView struct {
	P      text.Printer
	Rules  policy.Policy
	Now    time.Time
	Tabs   []ui.NavItem
	Rows   []product.Listed
	Turn   ui.Turn
	Needs  []onboarding.Need // before anything can be created
	May    bool
	Status product.Status
}

func (g goods) list(w http.ResponseWriter, r *http.Request) error {
	p := server.Printer(r.Context())
	q := r.URL.Query()
	v := productsView{P: p, Rules: g.Policy(r.Context()), Now: g.DB.Clock().Now(), Status: product.Status(q.Get("status"))}
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		if by.VendorID == "" {
			return nil
		}
		counts, err := product.Counts(ctx, tx, by)
		if err != nil {
			return err
		}
		v.Tabs = statusTabs(p, counts, v.Status)
		if v.Rows, err = product.List(ctx, tx, by, product.Filter{Status: v.Status, After: q.Get("cursor"), Limit: onPage}); err != nil {
			return err
		}
		state, err := onboarding.Of(ctx, tx, by, by.VendorID)
		v.Needs = state.Needs(policy.CreateProduct)
		v.May = by.OwnsVendor(by.VendorID, access.EditProducts) == nil
		return err
	})
	if err != nil {
		return err
	}
	if len(v.Rows) == onPage {
		v.Turn.Next = productsHref + "?" + url.Values{"status": {string(v.Status)}, "cursor": {v.Rows[onPage-1].ID}}.Encode()
	}
	if q.Get("cursor") != "" {
		v.Turn.First = productsHref + "?" + url.Values{"status": {string(v.Status)}}.Encode()
	}
	return g.Show(w, r, http.StatusOK, g.New(w, r, ui.Console, "web_product.products"), productsPage(v))
}

func statusTabs(p text.Printer, counts map[product.Status]int64, now product.Status) []ui.NavItem {
	var all int64
	for _, n := range counts {
		all += n
	}
	tabs := []ui.NavItem{{Label: p.T("web_product.all"), Href: productsHref, Count: int(all), Current: now == ""}}
	for _, s := range product.Statuses() {
		if counts[s] > 0 || s == now {
			tabs = append(tabs, ui.NavItem{Label: p.T(s.Name()), Href: productsHref + "?status=" + string(s), Count: int(counts[s]), Current: s == now})
		}
	}
	return tabs
}

// tone is the colour of a status.
func tone(s product.Status) ui.Tone {
	switch s {
	case product.OnShelf:
		return ui.OK
	case product.Waiting:
		return ui.Warn
	case product.InReview, product.Approved:
		return ui.Info
	case product.Rejected, product.TakenOff:
		return ui.Bad
	}
	return ui.Neutral
}

func status(p text.Printer, s product.Status) ui.Status {
	return ui.Status{Label: p.T(s.Name()), Tone: tone(s)}
}

func categoryName(p text.Printer, rules policy.Policy, id policy.CategoryID) string {
	if c, ok := rules.Category(id); ok {
		return c.Name.In(p.Lang)
	}
	return string(id)
}

func nameOf(p text.Printer, c product.Content) string {
	if c.Name == "" {
		return p.T("web_product.no_name")
	}
	return c.Name
}

// productView is a product as its own pages show it.
type productView struct {
	P     text.Printer
	Rules policy.Policy
	Now   time.Time
	product.Folder
	May    bool                    // edit, submit, shelve
	Change *product.RevisionFolder // the open one, nil without
	Past   []product.PastRevision
	Buyer  showcase.View
	Public string // its address in the shop
}

func (g goods) open(r *http.Request) (productView, error) {
	p := server.Printer(r.Context())
	v := productView{P: p, Rules: g.Policy(r.Context()), Now: g.DB.Clock().Now()}
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.Folder, err = product.Open(ctx, tx, by, product.Chosen{ID: r.PathValue("id")})
		if err != nil {
			return err
		}
		v.May = by.OwnsVendor(v.VendorID, access.EditProducts) == nil
		if v.Past, err = product.History(ctx, tx, by, product.Chosen{ID: v.ID}); err != nil {
			return err
		}
		change, err := product.OpenRevisionOf(ctx, tx, by, product.Chosen{ID: v.ID})
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		v.Change = &change
		return err
	})
	v.Buyer = showcase.Of(p, v.Rules, v.Page, v.Shop, true)
	v.Public = "/products/" + v.ID
	return v, err
}

func (g goods) overview(w http.ResponseWriter, r *http.Request) error {
	v, err := g.open(r)
	if err != nil {
		return err
	}
	page := g.New(w, r, ui.Console, "web_product.products")
	page.Title = nameOf(v.P, v.Content)
	return g.Show(w, r, http.StatusOK, page, productPage(v))
}

func (g goods) preview(w http.ResponseWriter, r *http.Request) error {
	v, err := g.open(r)
	if err != nil {
		return err
	}
	return g.Show(w, r, http.StatusOK, g.New(w, r, ui.Console, "web_product.preview"), previewPage(v))
}

// act is a button that does one thing to a product and comes back to its page.
func (g goods) act(op func(context.Context, *db.Tx, access.Actor, product.Chosen) (product.Product, error), said text.Key) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var done product.Product
		err := g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			done, err = op(ctx, tx, by, product.Chosen{ID: r.PathValue("id")})
			return err
		})
		back := productHref(r.PathValue("id"))
		if _, mended := web.Mended(err); mended {
			return g.Refused(w, r, back, err)
		}
		if err != nil {
			return err
		}
		if done.Status == product.Waiting {
			said = "web_product.waits"
		}
		return g.Done(w, r, back, said)
	}
}

// requirements is what is missing before the product can be sold: what the content
// lacks, then what onboarding does.
func (v productView) requirements() []ui.Requirement {
	var all []ui.Requirement
	if v.Status.May(product.ActEdit) {
		for _, f := range v.Lacking {
			label := v.P.T(showcase.FieldName(f.Pointer))
			all = append(all, ui.Requirement{State: ui.NotMet, Rule: f.Rule, Text: label, Reason: v.P.Say(f.Message),
				Act: ui.Act{Label: v.P.T("web_product.fill_in"), Href: productHref(v.ID) + "/edit?check=1#" + ui.IDOf(ui.NameOf(f.Pointer))}})
		}
	}
	for _, f := range v.Gates {
		all = append(all, gate(v.P, f))
	}
	return all
}

func gate(p text.Printer, f fault.Field) ui.Requirement {
	q := ui.Requirement{State: ui.NotMet, Rule: f.Rule, Text: p.Say(f.Message)}
	if f.Mend.Key != "" {
		q.Mend = p.Say(f.Mend)
	}
	switch f.Pointer {
	case "/onboarding/qualified":
		q.Act = ui.Act{Label: p.T("web_product.to_application"), Href: "/console/application"}
	case "/onboarding/contract":
		q.Act = ui.Act{Label: p.T("web_product.to_contract"), Href: "/console/contract"}
	case "/image/report":
		q.Act = ui.Act{Label: p.T("web_revision.renew"), Href: "edit#" + ui.IDOf("image.report")}
	case "/onboarding/deposit":
		q.Act = ui.Act{Label: p.T("web_product.to_deposit"), Href: "/console/deposit"}
	}
	return q
}
