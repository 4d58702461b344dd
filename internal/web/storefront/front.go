package storefront

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/assets"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
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

// words puts what a card says into the reader's language.
func (f front) words(ctx context.Context) showcase.Words {
	return showcase.Words{P: server.Printer(ctx), Policy: f.Policy(ctx)}
}

// cover draws the cover of a product without a picture.
func cover(w http.ResponseWriter, r *http.Request) error {
	svg, known := showcase.Cover(r.PathValue("name"))
	if !known {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	_, err := io.WriteString(w, svg)
	return err
}
