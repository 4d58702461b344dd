package office

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type goods struct{ *web.Site }

func productRoutes(s *web.Site) {
	g := goods{s}
	s.Staff("GET /office/products", g.list)
	s.Staff("GET /office/products/{id}", g.review)
	s.Staff("POST /office/products/{id}/claim", g.act(product.Claim, "web_product.claimed"))
	s.Staff("POST /office/products/{id}/release", g.act(product.Release, "web_product.released"))
	s.Staff("POST /office/products/{id}/review", g.decide)
	s.Staff("POST /office/products/{id}/take-off", g.takeOff)
	s.Staff("POST /office/products/{id}/lift", g.lift)
	revisionRoutes(g)
}

const goodsHref = "/office/products"

// goodsView is the reviewers' queue, or the list of all products.
type goodsView struct {
	P      text.Printer
	Rules  policy.Policy
	Now    time.Time
	Queue  bool
	Narrow product.QueueFilter // of the queue
	Waits  []product.QueueLine
	Spots  bool // there is something to be looked at that went live unseen
	Filter product.Filter
	Rows   []product.Listed
	Turn   ui.Turn
}

func (g goods) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := goodsView{P: server.Printer(r.Context()), Rules: g.Policy(r.Context()), Now: g.DB.Clock().Now(), Queue: q.Get("show") != "all"}
	if v.Queue {
		return g.queue(w, r, v)
	}
	v.Filter = product.Filter{After: q.Get("cursor"), Limit: pageSize, Status: product.Status(q.Get("status")), Category: policy.CategoryID(q.Get("category")), Name: q.Get("name"), VendorID: q.Get("vendor")}
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.Rows, err = product.List(ctx, tx, by, v.Filter)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.Rows); n > 0 {
		v.Turn = turn(r, n, v.Rows[n-1].ID)
	}
	return g.Show(w, r, http.StatusOK, g.New(w, r, ui.Office, "web_product.queue"), goodsPage(v))
}

// queue is what waits for a reviewer: new products and changes.
func (g goods) queue(w http.ResponseWriter, r *http.Request, v goodsView) error {
	q := r.URL.Query()
	v.Narrow = product.QueueFilter{Route: product.Route(q.Get("route")), Category: policy.CategoryID(q.Get("category")), Mine: q.Get("mine") != "",
		Spot: q.Get("show") == "spot", After: q.Get("cursor"), Limit: pageSize}
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Waits, err = product.Waits(ctx, tx, by, v.Narrow); err != nil {
			return err
		}
		spots, err := product.Waits(ctx, tx, by, product.QueueFilter{Spot: true, Limit: 1})
		v.Spots = len(spots) > 0 || v.Narrow.Spot
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.Waits); n > 0 {
		v.Turn = turn(r, n, v.Waits[n-1].Cursor())
	}
	return g.Show(w, r, http.StatusOK, g.New(w, r, ui.Office, "web_product.queue"), goodsPage(v))
}

// checkView is a product beside its check list.
type checkView struct {
	P     text.Printer
	Rules policy.Policy
	Now   time.Time
	product.Folder
	Buyer   showcase.View
	Papers  []ui.File
	Form    ui.Form
	Mine    bool // the reader has it and may decide
	Free    bool // the reader may claim it
	TakeOff bool // the reader may take it off the shelf
	Lift    bool // or let it back
	Past    []product.PastRevision
}

func (g goods) open(r *http.Request) (checkView, error) {
	v := checkView{P: server.Printer(r.Context()), Rules: g.Policy(r.Context()), Now: g.DB.Clock().Now()}
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Folder, err = product.Open(ctx, tx, by, product.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		may := by.May(access.ReviewProducts)
		v.Mine = may && v.Status == product.InReview && v.Holder == by.ID
		v.Free = may && v.Status == product.InReview && v.Holder == ""
		v.TakeOff = may && v.Status.May(product.ActTakeOff)
		v.Lift = may && v.Status.May(product.ActLift)
		if v.Past, err = product.History(ctx, tx, by, product.Chosen{ID: v.ID}); err != nil {
			return err
		}
		v.Papers, err = papers(ctx, tx, by, v.Content, v.P)
		return err
	})
	v.Buyer = showcase.Of(v.P, v.Rules, v.Page, v.Shop, true)
	return v, err
}

// papers are the files of a product that only the review sees, or opens as a whole.
func papers(ctx context.Context, tx *db.Tx, by access.Actor, c product.Content, p text.Printer) ([]ui.File, error) {
	var all []ui.File
	for _, x := range []struct {
		label text.Key
		id    string
	}{{"web_product.image_report", c.Image.Report}, {"web_product.document", c.Document}, {"web_product.agreement_file", c.AgreementFile}} {
		if x.id == "" {
			continue
		}
		f, err := file.Get(ctx, tx, by, x.id)
		if err != nil {
			return nil, err
		}
		all = append(all, ui.File{ID: x.id, Name: f.Name, Href: "/files/" + x.id, Note: p.T(x.label)})
	}
	return all, nil
}

func (g goods) review(w http.ResponseWriter, r *http.Request) error {
	v, err := g.open(r)
	if err != nil {
		return err
	}
	v.Form = ui.Form{Values: v.before()}
	return g.show(w, r, v, http.StatusOK)
}

func (g goods) show(w http.ResponseWriter, r *http.Request, v checkView, code int) error {
	page := g.New(w, r, ui.Office, "web_product.queue")
	page.Title = v.name()
	return g.Show(w, r, code, page, checkPage(v))
}

func (v checkView) name() string {
	if v.Content.Name == "" {
		return v.P.T("web_product.no_name")
	}
	return v.Content.Name
}

// before fills in the verdicts of the last review: what was met then is likely met
// now, what was not is to be looked at first.
func (v checkView) before() url.Values {
	out := url.Values{}
	for i, c := range v.Checks {
		at := "verdicts." + strconv.Itoa(i)
		out.Set(at+".check", c.ID)
		if len(v.Reviews) == 0 {
			continue
		}
		for _, x := range v.Reviews[0].Verdicts {
			if x.Check == c.ID && x.Finding == product.Met {
				out.Set(at+".finding", string(x.Finding))
			}
		}
	}
	return out
}

// last is what the last review said of a check, if it was not met.
func (v checkView) last(check string) string {
	if len(v.Reviews) > 0 {
		for _, x := range v.Reviews[0].Verdicts {
			if x.Check == check && x.Finding == product.NotMet {
				return x.Reason
			}
		}
	}
	return ""
}

func (g goods) act(op func(context.Context, *db.Tx, access.Actor, product.Chosen) (product.Product, error), said text.Key) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		err := g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := op(ctx, tx, by, product.Chosen{ID: r.PathValue("id")})
			return err
		})
		back := goodsHref + "/" + url.PathEscape(r.PathValue("id"))
		if _, mended := web.Mended(err); mended {
			return g.Refused(w, r, back, err)
		}
		if err != nil {
			return err
		}
		return g.Done(w, r, back, said)
	}
}

func (g goods) decide(w http.ResponseWriter, r *http.Request) error {
	var in product.Decision
	var done product.Product
	err := web.Form(w, r, &in)
	if err == nil {
		err = g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			done, err = product.Decide(ctx, tx, by, in)
			return err
		})
	}
	if code, ok := web.Mended(err); ok {
		v, e := g.open(r)
		if e != nil {
			return e
		}
		if !v.Mine {
			return g.Refused(w, r, goodsHref+"/"+v.ID, err)
		}
		v.Form = web.Typed(r, err)
		return g.show(w, r, v, code)
	}
	if err != nil {
		return err
	}
	said := text.Key("web_product.refused")
	switch done.Status {
	case product.OnShelf:
		said = "web_product.passed_shelved"
	case product.Approved:
		said = "web_product.passed"
	}
	return g.Done(w, r, goodsHref, said)
}

func (g goods) takeOff(w http.ResponseWriter, r *http.Request) error {
	var in product.Removal
	err := web.Form(w, r, &in)
	if err == nil {
		err = g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := product.ForceOff(ctx, tx, by, in)
			return err
		})
	}
	back := goodsHref + "/" + url.PathEscape(r.PathValue("id"))
	if _, mended := web.Mended(err); mended {
		return g.Refused(w, r, back, err)
	}
	if err != nil {
		return err
	}
	return g.Done(w, r, back, "web_product.taken_off")
}

// lift lets a product back that was taken off.
func (g goods) lift(w http.ResponseWriter, r *http.Request) error {
	back := goodsHref + "/" + url.PathEscape(r.PathValue("id"))
	err := g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := product.Lift(ctx, tx, by, product.Lifting{ID: r.PathValue("id")})
		return err
	})
	if _, mended := web.Mended(err); mended {
		return g.Refused(w, r, back, err)
	}
	if err != nil {
		return err
	}
	return g.Done(w, r, back, "web_revision.lifted")
}

func goodsTone(s product.Status) ui.Tone {
	switch s {
	case product.OnShelf:
		return ui.OK
	case product.Waiting:
		return ui.Warn
	case product.InReview, product.Approved:
		return ui.Info
	case product.Rejected, product.TakenOff:
		return ui.Bad
	}
	return ui.Neutral
}
