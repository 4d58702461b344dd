package storefront

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// verification is where anybody who holds a receipt checks it. Rule D-8.
type verification struct{ *web.Site }

func verifyRoutes(s *web.Site) {
	x := verification{s}
	s.Page("GET /verify", x.ask)
	s.Page("GET /verify/{code}", x.show)
}

type verifyView struct {
	P     text.Printer
	Code  string
	Found bool
	Proof deposit.Proof
}

// again is the heading above the form once a receipt was looked for.
func (v verifyView) again() string {
	if v.Code == "" {
		return ""
	}
	return v.P.T("web_verify.another")
}

// typed keeps a code that was not found, to be mended.
func (v verifyView) typed() string {
	if v.Found {
		return ""
	}
	return v.Code
}

func (x verification) ask(w http.ResponseWriter, r *http.Request) error {
	if code := strings.TrimSpace(r.URL.Query().Get("code")); code != "" {
		http.Redirect(w, r, "/verify/"+url.PathEscape(deposit.ReadCode(code)), http.StatusSeeOther)
		return nil
	}
	v := verifyView{P: server.Printer(r.Context())}
	return x.Show(w, r, http.StatusOK, x.New(w, r, ui.Plain, "web_verify.title"), verifyPage(v))
}

func (x verification) show(w http.ResponseWriter, r *http.Request) error {
	v := verifyView{P: server.Printer(r.Context()), Code: r.PathValue("code"), Found: true}
	status := http.StatusOK
	err := x.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		v.Proof, err = deposit.Check(ctx, tx, v.Code)
		return err
	})
	if errors.Is(err, fault.NotFound) {
		v.Found, status = false, http.StatusNotFound
	} else if err != nil {
		return err
	}
	page := x.New(w, r, ui.Plain, "web_verify.title")
	page.NoIndex = true
	return x.Show(w, r, status, page, verifyPage(v))
}
