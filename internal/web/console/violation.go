package console

import (
	"context"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type violations struct{ *web.Site }

const violationsHref = "/console/violations"

func violationRoutes(s *web.Site) {
	c := violations{s}
	s.Member("GET /console/violations", c.list)
	s.Member("GET /console/violations/{id}", c.show)
	s.Member("POST /console/violations/{id}/appeal", c.appeal)
	s.Member("POST /console/products/{id}/keep-off", c.keepOff)
}

// keepOff keeps a product off that left the shelf with the closed shop.
func (c violations) keepOff(w http.ResponseWriter, r *http.Request) error {
	to := "/console/products/" + r.PathValue("id")
	err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := product.KeepOff(ctx, tx, by, product.Chosen{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return c.Refused(w, r, to, err)
	}
	return c.Done(w, r, to, "web_violation.kept_off")
}

// violationsPerPage is how many penalties a page of the list shows.
const violationsPerPage = 50

// violationsView is the list of a company's penalties.
type violationsView struct {
	P    text.Printer
	Now  time.Time
	List []violation.Listed
	Turn ui.Turn
}

func (c violations) list(w http.ResponseWriter, r *http.Request) error {
	v := violationsView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now()}
	after := r.URL.Query().Get("cursor")
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if by.VendorID == "" {
			return nil // no company yet, and so no penalty
		}
		v.List, err = violation.List(ctx, tx, by, violation.Filter{After: after, Limit: violationsPerPage})
		return err
	})
	if err != nil {
		return err
	}
	if after != "" {
		v.Turn.First = violationsHref
	}
	if n := len(v.List); n == violationsPerPage {
		v.Turn.Next = violationsHref + "?cursor=" + v.List[n-1].ID
	}
	return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, "web.nav_my_violations"), violationsPage(v))
}

// violationView is one penalty, for the vendor.
type violationView struct {
	P     text.Printer
	Now   time.Time
	F     violation.Folder
	Rules policy.Violations
	MaxMB int
	Late  bool // the time of appeal has ended
	May   bool // the reader may appeal
	Kept  []ui.File
	Form  ui.Form
}

func (c violations) show(w http.ResponseWriter, r *http.Request) error {
	return c.page(w, r, http.StatusOK, ui.Form{}, nil)
}

func (c violations) page(w http.ResponseWriter, r *http.Request, status int, form ui.Form, kept []string) error {
	rules := c.Policy(r.Context())
	v := violationView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now(), Rules: rules.Violations, MaxMB: int(rules.UploadBytes >> 20), Form: form}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.F, err = violation.Get(ctx, tx, by, violation.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		v.May, v.Late = by.OwnsVendor(v.F.VendorID, access.Appeal) == nil, tx.Now().After(v.F.AppealBy)
		owned, err := file.Owned(ctx, tx, v.F.VendorID, kept)
		for _, id := range kept {
			if f, ok := owned[id]; ok {
				v.Kept = append(v.Kept, penaltyFile(f))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.Show(w, r, status, c.New(w, r, ui.Console, "web_violation.penalty"), violationPage(v))
}

func penaltyFile(f file.File) ui.File { return ui.File{ID: f.ID, Name: f.Name, Href: "/files/" + f.ID} }

func (c violations) appeal(w http.ResponseWriter, r *http.Request) error {
	by := server.Actor(r.Context())
	to := violationsHref + "/" + r.PathValue("id")
	kept, err := c.Uploads(w, r, by.VendorID, map[string]file.Purpose{"files": file.Appeal})
	ids := append([]string(nil), r.PostForm["kept_files"]...)
	for _, f := range kept["files"] {
		ids = append(ids, f.ID)
	}
	if err == nil {
		in := violation.Objection{ID: r.PathValue("id"), Text: r.PostForm.Get("text"), Files: ids}
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := violation.Appeal(ctx, tx, by, in)
			return err
		})
	}
	if err == nil {
		return c.Done(w, r, to, "web_violation.appealed")
	}
	status, ok := web.Mended(err)
	if !ok {
		return c.Refused(w, r, to, err)
	}
	return c.page(w, r, status, web.Typed(r, err), ids)
}
