package storefront

import (
	"net/http"

	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// perRow is how many products the entrance shows of a category.
const perRow = 4

// homeView is the entrance.
type homeView struct {
	P      text.Printer
	Market string
	Tiles  []ui.Tile
	Rows   []homeRow
	Ld     string
}

type homeRow struct {
	Title string
	More  ui.Act
	Cards []ui.Product
}

func (f front) home(w http.ResponseWriter, r *http.Request) error {
	words := f.words(r.Context())
	var ids []policy.CategoryID
	for _, c := range words.Policy.Categories {
		ids = append(ids, c.ID)
	}
	rows, totals, err := f.shelf.Home(r.Context(), ids, perRow)
	if err != nil {
		return err
	}
	if f.fresh(w, r, totals.Version) {
		return nil
	}
	page := f.page(w, r, "web_storefront.all_products")
	page.Title, page.Description = "", words.P.T("web_storefront.home_description", page.Market)
	page.Canonical = f.BaseURL + "/"
	v := homeView{P: words.P, Market: page.Market, Ld: f.siteLd(page.Market)}
	for _, row := range rows {
		c, _ := words.Policy.Category(row.Category)
		href := "/categories/" + string(row.Category)
		v.Tiles = append(v.Tiles, ui.Tile{Href: href, Label: c.Name.In(words.P.Lang), Note: c.About.In(words.P.Lang), Icon: showcase.Icon(c.ID), Count: words.P.T("web_storefront.n_products", count(row.Total, false))})
		if len(row.Cards) > 0 {
			v.Rows = append(v.Rows, homeRow{c.Name.In(words.P.Lang), ui.Act{Label: words.P.T("web_storefront.see_category", count(row.Total, false)), Href: href}, words.Cards(row.Cards)})
		}
	}
	return f.Show(w, r, http.StatusOK, page, homePage(v))
}
