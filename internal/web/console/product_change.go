package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func goodsChangeRoutes(g goods) {
	g.Member("GET /console/products/{id}/changes/{revision}", g.change)
	g.Member("POST /console/products/{id}/revision/submit", g.onChange(product.SubmitRevision, ""))
	g.Member("POST /console/products/{id}/revision/take-back", g.onChange(product.TakeRevisionBack, "web_revision.taken_back"))
	g.Member("POST /console/products/{id}/revision/drop", g.onChange(product.DropRevision, "web_revision.dropped"))
}

// desk is the content that the vendor works on: the open revision's where there is one.
func (v productView) desk() product.Content {
	if v.Change != nil {
		return v.Change.Content
	}
	return v.Content
}

// lacking is what the content on the desk lacks.
func (v productView) lacking() []fault.Field {
	if v.Change != nil {
		return v.Change.Lacking
	}
	return v.Lacking
}

// mayEdit reports whether the reader may change the product now: as a draft, or by a
// revision that is not being reviewed.
func (v productView) mayEdit() bool {
	if !v.May {
		return false
	}
	if v.Change != nil {
		return v.Change.Status.May(product.ActEdit)
	}
	return v.Status.May(product.ActEdit) || v.Status.May(product.ActRevise)
}

// goodsChangeHref is the page of what a revision changes.
func goodsChangeHref(productID, revisionID string) string {
	return productHref(productID) + "/changes/" + revisionID
}

// submittedBy says which way a change that was handed in goes.
func submittedBy(r product.Revision) text.Key {
	switch {
	case r.Status == product.RevisionApproved:
		return "web_revision.published"
	case r.Route == product.LightRoute:
		return "web_revision.submitted_light"
	}
	return "web_revision.submitted"
}

// onChange is a button that does one thing to a product's open revision.
func (g goods) onChange(op func(context.Context, *db.Tx, access.Actor, product.Chosen) (product.Revision, error), said text.Key) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		var done product.Revision
		err := g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			done, err = op(ctx, tx, by, product.Chosen{ID: r.PathValue("id")})
			return err
		})
		back := productHref(r.PathValue("id"))
		if _, mended := web.Mended(err); mended {
			return g.Refused(w, r, back, err)
		}
		if err != nil {
			return err
		}
		if said == "" {
			return g.Done(w, r, back, submittedBy(done))
		}
		return g.Done(w, r, back, said)
	}
}

// goodsChangeView is the page of one revision.
type goodsChangeView struct {
	P text.Printer
	product.RevisionFolder
	Now        time.Time
	Difference showcase.Difference
}

func (g goods) change(w http.ResponseWriter, r *http.Request) error {
	v := goodsChangeView{P: server.Printer(r.Context()), Now: g.DB.Clock().Now()}
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.RevisionFolder, err = product.OpenRevision(ctx, tx, by, product.Chosen{ID: r.PathValue("revision")}); err != nil {
			return err
		}
		if v.ProductID != r.PathValue("id") {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		v.Difference = showcase.Difference{P: v.P, Changes: v.Changes}
		v.Difference.Files, err = file.Owned(ctx, tx, v.VendorID, showcase.FileIDs(v.Changes))
		return err
	})
	if err != nil {
		return err
	}
	page := g.New(w, r, ui.Console, "web_revision.change")
	return g.Show(w, r, http.StatusOK, page, goodsChangePage(v))
}

func goodsChangeTone(s product.RevisionStatus) ui.Tone {
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

// past is the history of the product's revisions.
func (v productView) past() []ui.Moment {
	var all []ui.Moment
	for _, r := range v.Past {
		m := ui.Moment{Time: r.ChangedAt, Title: v.P.T(r.Status.Name()), Body: r.Note, Who: r.MadeByName, Tone: goodsChangeTone(r.Status), Href: goodsChangeHref(v.ID, r.ID)}
		for _, reason := range r.Reasons {
			m.Body += "\n" + reason
		}
		all = append(all, m)
	}
	return all
}

// reportUntil is the last day of the security report, coloured when it is near.
func (v productView) reportUntil() templ.Component {
	until := v.ReportUntil(v.Rules)
	left := until.DaysSince(v.Rules.Today(v.Now))
	said := until.In(v.P.Lang)
	switch {
	case left < 0:
		return ui.Tag(ui.Bad, v.P.T("web_revision.report_over", said))
	case soon(v.Rules, left):
		return ui.Tag(ui.Warn, v.P.T("web_revision.report_left", said, left))
	}
	return ui.S(said)
}

// soon reports whether a report with so many days left is one to be reminded of.
func soon(p policy.Policy, left int) bool {
	return len(p.Reports.Remind) > 0 && left <= slices.Max(p.Reports.Remind)
}
