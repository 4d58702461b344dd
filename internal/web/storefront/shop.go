package storefront

import (
	"net/http"

	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// shopView is a vendor's shop.
type shopView struct {
	P     text.Printer
	Shop  catalog.Shop
	Facts []ui.Fact
	Marks []string
	Total string
	Sorts []choice
	Cards []ui.Product
	Turn  ui.Turn
	Ld    string
}

func (f front) vendor(w http.ResponseWriter, r *http.Request) error {
	if done, err := f.asked(w, r); done || err != nil {
		return err
	}
	s, err := f.shelf.Shop(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	q := query(r.URL.Query())
	q.VendorID = s.VendorID
	found, err := f.find(r, q)
	if err != nil {
		return err
	}
	words := f.words(r.Context())
	p := words.P
	list := f.list(r, words, q, found)
	v := shopView{P: p, Shop: s, Total: list.Total, Sorts: list.Sorts, Cards: list.Cards, Turn: list.Turn, Ld: f.shopLd(s),
		Marks: []string{p.T("web_storefront.mark_qualified"), p.T("web_storefront.mark_deposit")}}
	if s.Products == 0 {
		v.Marks = nil
	}
	add := func(key text.Key, value string) {
		if value != "" {
			v.Facts = append(v.Facts, ui.Fact{Term: p.T(key), Value: value})
		}
	}
	add("web_storefront.company", s.Company)
	add("web_storefront.phone", s.Phone)
	add("web_storefront.mail", s.Mail)
	add("web_storefront.service_hours", showcase.Hours(p, s.Hours))
	add("web_storefront.opened", p.Date(s.OpenedAt))
	page := f.page(w, r, "web_storefront.all_products")
	page.Title, page.Description = s.Name, s.Intro
	page.NoIndex = s.Products == 0 || r.URL.RawQuery != "" && !onlyLang(r.URL.Query())
	return f.Show(w, r, http.StatusOK, page, shopPage(v))
}
