package office

import (
	"context"
	"net/http"
	"net/url"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func revisionRoutes(g goods) {
	g.Staff("GET /office/products/revisions/{id}", g.revision)
	g.Staff("POST /office/products/revisions/{id}/claim", g.onRevision(product.ClaimRevision, "web_product.claimed"))
	g.Staff("POST /office/products/revisions/{id}/release", g.onRevision(product.ReleaseRevision, "web_product.released"))
	g.Staff("POST /office/products/revisions/{id}/spot", g.onRevision(product.CheckSpot, "web_revision.spot_done"))
	g.Staff("POST /office/products/revisions/{id}/review", g.decideRevision)
}

func revisionHref(id string) string { return "/office/products/revisions/" + url.PathEscape(id) }

// revisionView is a change of a product beside its check list.
type revisionView struct {
	product.RevisionFolder
	Check      checkView // the check list, the reader's words and rights
	Difference showcase.Difference
	Buyer      showcase.View
	Past       []product.PastRevision
}

func (g goods) openRevision(r *http.Request) (revisionView, error) {
	v := revisionView{Check: checkView{P: server.Printer(r.Context()), Rules: g.Policy(r.Context()), Now: g.DB.Clock().Now()}}
	p := v.Check.P
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.RevisionFolder, err = product.OpenRevision(ctx, tx, by, product.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		c := &v.Check
		c.Checks, c.Reviews, c.VendorName, c.HolderName = v.Checks, v.Reviews, v.VendorName, v.HolderName
		c.Product = v.Product
		may := by.May(access.ReviewProducts)
		c.Mine = may && v.Status == product.RevisionInReview && v.Holder == by.ID
		c.Free = may && v.Status == product.RevisionSubmitted
		if v.Past, err = product.History(ctx, tx, by, product.Chosen{ID: v.ProductID}); err != nil {
			return err
		}
		v.Difference = showcase.Difference{P: p, Changes: v.Changes}
		if v.Difference.Files, err = file.Owned(ctx, tx, v.VendorID, showcase.FileIDs(v.Changes)); err != nil {
			return err
		}
		c.Papers, err = papers(ctx, tx, by, v.Content, p)
		return err
	})
	v.Buyer = showcase.Of(p, v.Check.Rules, v.Page, v.Shop, true)
	return v, err
}

func (g goods) revision(w http.ResponseWriter, r *http.Request) error {
	v, err := g.openRevision(r)
	if err != nil {
		return err
	}
	v.Check.Form = ui.Form{Values: v.Check.before()}
	return g.showRevision(w, r, v, http.StatusOK)
}

func (g goods) showRevision(w http.ResponseWriter, r *http.Request, v revisionView, code int) error {
	page := g.New(w, r, ui.Office, "web_product.queue")
	page.Title = v.Content.Name
	return g.Show(w, r, code, page, revisionPage(v))
}

// onRevision is a button that does one thing to a revision.
func (g goods) onRevision(op func(context.Context, *db.Tx, access.Actor, product.Chosen) (product.Revision, error), said text.Key) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := op(ctx, tx, by, product.Chosen{ID: r.PathValue("id")})
			return err
		})
		if _, mended := web.Mended(err); mended {
			return g.Refused(w, r, revisionHref(r.PathValue("id")), err)
		}
		if err != nil {
			return err
		}
		return g.Done(w, r, revisionHref(r.PathValue("id")), said)
	}
}

func (g goods) decideRevision(w http.ResponseWriter, r *http.Request) error {
	var in product.Decision
	var done product.Revision
	err := web.Form(w, r, &in)
	if err == nil {
		err = g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			done, err = product.DecideRevision(ctx, tx, by, in)
			return err
		})
	}
	if code, ok := web.Mended(err); ok {
		v, e := g.openRevision(r)
		if e != nil {
			return e
		}
		if !v.Check.Mine {
			return g.Refused(w, r, revisionHref(v.ID), err)
		}
		v.Check.Form = web.Typed(r, err)
		return g.showRevision(w, r, v, code)
	}
	if err != nil {
		return err
	}
	said := text.Key("web_revision.refused")
	if done.Status == product.RevisionApproved {
		said = "web_revision.passed"
	}
	return g.Done(w, r, goodsHref, said)
}

// pastMoments are the revisions of a product as a timeline.
func pastMoments(p text.Printer, past []product.PastRevision) []ui.Moment {
	var all []ui.Moment
	for _, r := range past {
		m := ui.Moment{Time: r.ChangedAt, Title: p.T(r.Status.Name()), Body: r.Note, Who: r.MadeByName, Tone: revisionTone(r.Status), Href: revisionHref(r.ID)}
		if r.EndedByName != "" {
			m.Who = p.T("web_revision.by_and", r.MadeByName, r.EndedByName)
		}
		for _, reason := range r.Reasons {
			m.Body += "\n" + reason
		}
		all = append(all, m)
	}
	return all
}

func revisionTone(s product.RevisionStatus) ui.Tone {
	switch s {
	case product.RevisionApproved:
		return ui.OK
	case product.RevisionRejected:
		return ui.Bad
	case product.RevisionSubmitted, product.RevisionInReview:
		return ui.Info
	}
	return ui.Neutral
}
