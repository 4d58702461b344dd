package storefront

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
)

func (f front) product(w http.ResponseWriter, r *http.Request) error {
	if done, err := f.asked(w, r); done || err != nil {
		return err
	}
	ctx := r.Context()
	x, err := f.shelf.Product(ctx, r.PathValue("id"))
	if fault.Is(err, fault.Gone) {
		w.Header().Del("ETag")
		return f.gone(w, r, err)
	}
	if err != nil {
		return err
	}
	shop, err := f.shelf.Shop(ctx, x.VendorID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	words := f.words(ctx)
	v := showcase.Of(words.P, words.Policy, x, shop, false)
	v.MarkReport(words.Policy.Reports, words.Policy.Today(f.DB.Clock().Now()))
	others, err := f.shelf.Find(ctx, catalog.Query{VendorID: x.VendorID, Limit: 5})
	if err != nil {
		return err
	}
	for _, c := range others.Cards {
		if c.ID != x.ID && len(v.More) < 4 {
			v.More = append(v.More, words.Card(c))
		}
	}
	v.Ld = f.productLd(x, v.Category)
	page := f.page(w, r, "web_storefront.all_products")
	page.Title, page.Description = x.Name, x.Summary
	for i := range page.Nav {
		page.Nav[i].Current = page.Nav[i].Href == "/categories/"+string(x.Category)
	}
	return f.Show(w, r, http.StatusOK, page, showcase.Page(v))
}

// gone is the page of a product that has left the shelf.
func (f front) gone(w http.ResponseWriter, r *http.Request, why error) error {
	page := f.page(w, r, "web_storefront.gone")
	page.NoIndex = true
	said := text.M("catalog.gone")
	var known *fault.Error
	if errors.As(why, &known) {
		said = known.Message // as that its shop is closed
	}
	return f.Show(w, r, http.StatusGone, page, gonePage(page.P, said))
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
		show := id
		if width, _ := strconv.Atoi(r.URL.Query().Get("w")); width > 0 { // any other width shows the picture itself
			small, err := product.Thumb(ctx, tx, id, width)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if err == nil {
				show = small
			}
		}
		kept, err = file.Get(ctx, tx, access.SystemActor("storefront"), show)
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
	// A vendor's paper is not shown by our own origin: it is saved.
	return server.SendFile(w, r, f.Files, kept, kept.Type == file.PDF)
}
