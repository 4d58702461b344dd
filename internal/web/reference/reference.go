// Package reference is the readable page of the API: every operation with its
// parameters, bodies, answers and an example, read from the same OpenAPI document
// that programs get. It loads nothing from elsewhere.
package reference

import (
	"net/http"
	"sync"

	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type view struct {
	P    text.Printer
	Base string // the marketplace's address
	Book book
}

// Routes registers the page for a document, which is read when the page is first
// asked for.
func Routes(s *web.Site, document func() ([]byte, error)) {
	read := sync.OnceValues(func() (book, error) {
		data, err := document()
		if err != nil {
			return book{}, err
		}
		return parse(data)
	})
	s.Page("GET /api", func(w http.ResponseWriter, r *http.Request) error {
		b, err := read()
		if err != nil {
			return err
		}
		page := s.New(w, r, ui.Storefront, "web_reference.title")
		page.Description = page.P.T("web_reference.lead")
		return s.Show(w, r, http.StatusOK, page, referencePage(view{P: server.Printer(r.Context()), Base: s.BaseURL, Book: b}))
	})
}
