package storefront

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/assets"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// front is the pages of the shelf.
type front struct {
	*web.Site
	shelf *catalog.Catalog
}

func shelfRoutes(s *web.Site) {
	if s.Catalog == nil {
		s.Catalog = catalog.New(s.DB)
	}
	f := front{s, s.Catalog}
	if s.Categories == nil {
		s.Categories = f.categories
	}
	s.Page("GET /{$}", f.home)
	s.Page("GET /products", f.products)
	s.Page("GET /categories/{id}", f.category)
	s.Page("GET /products/{id}", f.product)
	s.Page("GET /products/{id}/files/{file}", f.file)
	s.Page("GET /vendors/{id}", f.vendor)
	s.Page("GET /covers/{name}", cover)
	s.Page("GET /sitemap.xml", f.siteMap)
	s.Page("GET /sitemaps/{part}", f.siteMapPart)
	s.Page("GET /robots.txt", f.robots)
	s.Page("GET /sell", f.sell)
}

// categories is the storefront's navigation.
func (f front) categories(ctx context.Context, p text.Printer) []ui.NavItem {
	nav := []ui.NavItem{{Label: p.T("web_storefront.all_products"), Href: "/products"}}
	for _, c := range f.Policy(ctx).Categories {
		nav = append(nav, ui.NavItem{Label: c.Name.In(p.Lang), Href: "/categories/" + string(c.ID)})
	}
	return nav
}

// page is a page of the shop with its address for search engines.
func (f front) page(w http.ResponseWriter, r *http.Request, title text.Key, args ...any) ui.Page {
	page := f.New(w, r, ui.Storefront, title, args...)
	page.Canonical = f.BaseURL + r.URL.Path
	for i := range page.Nav {
		page.Nav[i].Current = page.Nav[i].Href == r.URL.Path
	}
	return page
}

// fresh answers 304 to a visitor who has this very page. Nothing on the shop's
// pages depends on more than the shelf's version, the policy, the program and the
// reader's language and theme; pages for people who are signed in are not kept.
func (f front) fresh(w http.ResponseWriter, r *http.Request, version int64) bool {
	w.Header().Add("Vary", "Cookie, Accept-Language")
	_, flash := r.Cookie("yunshi_flash")
	if server.Actor(r.Context()).Kind != access.Visitor || flash == nil {
		w.Header().Set("Cache-Control", "no-store")
		return false
	}
	theme := ""
	if c, err := r.Cookie("theme"); err == nil {
		theme = string(ui.ThemeOf(c.Value))
	}
	sum := fnv.New64a()
	fmt.Fprint(sum, version, server.Printer(r.Context()).Lang, theme, f.Policy(r.Context()).ID, f.Version, assets.URL("app.css"), assets.URL("app.js"))
	tag := fmt.Sprintf(`W/"%x"`, sum.Sum64())
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	for given := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		// The server's compression may have put its own mark behind ours.
		if strings.HasPrefix(strings.TrimSpace(given), strings.TrimSuffix(tag, `"`)) {
			w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// asked is fresh for pages that show nothing but the shelf.
func (f front) asked(w http.ResponseWriter, r *http.Request) (bool, error) {
	version, err := f.shelf.Version(r.Context())
	if err != nil {
		return false, err
	}
	return f.fresh(w, r, version), nil
}

// icons of the categories that a new installation has.
var icons = map[policy.CategoryID]string{"image": "server", "ops": "tools", "software": "app", "api": "api", "miniprogram": "phone"}

func icon(id policy.CategoryID) string {
	if i, ok := icons[id]; ok {
		return i
	}
	return "box"
}

// words puts what a card says into the reader's language.
type words struct {
	p   text.Printer
	pol policy.Policy
}

func (f front) words(ctx context.Context) words {
	return words{server.Printer(ctx), f.Policy(ctx)}
}

func (w words) category(id policy.CategoryID) string {
	if c, ok := w.pol.Category(id); ok {
		return c.Name.In(w.p.Lang)
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

// length is how long or how much a plan is: "3 个月", "100 uses".
func length(p text.Printer, u policy.Unit, span int64) string {
	return p.T(text.Key("web_storefront.span_"+string(u)), span)
}

func (w words) card(c catalog.Card) ui.Product {
	return ui.Product{
		Href: "/products/" + c.ID, Title: c.Name, Summary: c.Summary, Vendor: c.VendorName, Category: w.category(c.Category), Icon: icon(c.Category),
		Picture: picture(c), Price: c.Price, Free: c.Price.IsZero(), From: c.Offers > 1, Unit: per(w.p, c.Unit, c.Span), Form: w.p.T(product.FormName(c.Form)),
	}
}

func (w words) cards(all []catalog.Card) []ui.Product {
	out := make([]ui.Product, len(all))
	for i, c := range all {
		out[i] = w.card(c)
	}
	return out
}

// picture is the address of a card's picture, a drawn one where it has none.
func picture(c catalog.Card) string {
	if c.Picture != "" {
		return filePath(c.ID, c.Picture)
	}
	return coverPath(c.Category, c.ID)
}

func filePath(productID, fileID string) string {
	return "/products/" + url.PathEscape(productID) + "/files/" + url.PathEscape(fileID)
}

// Card is a product's card in the reader's words. In a preview it leads nowhere
// and its picture is read as its owner does.
func Card(p text.Printer, pol policy.Policy, c catalog.Card, preview bool) ui.Product {
	x := words{p, pol}.card(c)
	if preview {
		x.Href = "#"
		if c.Picture != "" {
			x.Picture = "/files/" + c.Picture
		}
		if x.Title == "" {
			x.Title = p.T("web_storefront.no_name")
		}
	}
	return x
}

// Length is how long or how much a plan is: "3 个月", "100 uses".
func Length(p text.Printer, u policy.Unit, span int64) string { return length(p, u, span) }
