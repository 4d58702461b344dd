package console

import (
	"context"
	"net/http"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type exits struct{ *web.Site }

func exitRoutes(s *web.Site) {
	c := exits{s}
	s.Member("GET /console/exit", c.show)
	s.Member("POST /console/exit", c.ask)
	s.Member("POST /console/exit/{id}/withdraw", c.withdraw)
}

// exitView is the company's exit, before it begins too.
type exitView struct {
	P    text.Printer
	D    exit.Desk
	None bool // no company yet
	Form ui.Form
}

func (c exits) show(w http.ResponseWriter, r *http.Request) error {
	return c.page(w, r, http.StatusOK, ui.Form{})
}

func (c exits) page(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := exitView{P: server.Printer(r.Context()), Form: form}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.None = by.VendorID == ""; v.None {
			return nil
		}
		v.D, err = exit.Mine(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return c.Show(w, r, status, c.New(w, r, ui.Console, "web.nav_exit"), exitPage(v))
}

func (c exits) ask(w http.ResponseWriter, r *http.Request) error {
	var in exit.Paper
	err := web.Form(w, r, &in)
	if err == nil {
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := exit.Ask(ctx, tx, by, in)
			return err
		})
	}
	if err == nil {
		return c.Done(w, r, "/console/exit", "web_exit.asked")
	}
	if status, ok := web.Mended(err); ok {
		return c.page(w, r, status, web.Typed(r, err))
	}
	return c.Refused(w, r, "/console/exit", err)
}

func (c exits) withdraw(w http.ResponseWriter, r *http.Request) error {
	var in exit.Chosen
	err := web.Form(w, r, &in)
	if err == nil {
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := exit.Withdraw(ctx, tx, by, in)
			return err
		})
	}
	if err != nil {
		return c.Refused(w, r, "/console/exit", err)
	}
	return c.Done(w, r, "/console/exit", "web_exit.withdrawn")
}
