package office

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type exits struct{ *web.Site }

const exitsHref = "/office/exits"

func exitRoutes(s *web.Site) {
	o := exits{s}
	s.Staff("GET /office/exits", o.list)
	s.Staff("GET /office/exits/bars", o.bars)
	s.Staff("GET /office/exits/new", o.draft)
	s.Staff("POST /office/exits/new", o.order)
	s.Staff("GET /office/exits/{id}", o.show)
	s.Staff("POST /office/exits/{id}/end", o.one(exit.End, "web_exit.contract_ended"))
	s.Staff("POST /office/exits/{id}/approve", o.one(exit.Approve, "web_exit.evicted"))
	s.Staff("POST /office/exits/{id}/drop", o.drop)
	s.Staff("POST /office/bars/{id}/lift", o.lift)
}

// exitsView is the list of exits, or of bars.
type exitsView struct {
	P    text.Printer
	Now  time.Time
	All  bool
	List []exit.Listed
	Bars []vendor.Barring
	May  bool // evict
	Turn ui.Turn
}

func (o exits) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := exitsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), All: q.Get("show") == "all"}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.Evict)
		v.List, err = exit.List(ctx, tx, by, exit.Filter{Open: !v.All, Before: q.Get("cursor"), Limit: pageSize})
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_exits"), exitsPage(v))
}

func (o exits) bars(w http.ResponseWriter, r *http.Request) error {
	v := exitsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.Evict)
		v.Bars, err = vendor.Bars(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_exit.bars"), barsPage(v))
}

// exitView is one exit, for staff.
type exitView struct {
	P     text.Printer
	Now   time.Time
	F     exit.Folder
	By    access.Actor
	Names map[string]string
	One   bool
}

func (o exits) show(w http.ResponseWriter, r *http.Request) error {
	v := exitView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), One: o.Policy(r.Context()).OnePersonForMoney}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.By = by
		if v.F, err = exit.Get(ctx, tx, by, exit.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		v.Names, err = account.Names(ctx, tx, []string{v.F.AskedBy, v.F.ApprovedBy, v.F.ClosedBy})
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_exits"), exitPage(v))
}

func (o exits) one(do func(context.Context, *db.Tx, access.Actor, exit.Chosen) (exit.Exit, error), said text.Key) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		var in exit.Chosen
		back := exitsHref + "/" + r.PathValue("id")
		err := web.Form(w, r, &in)
		if err == nil {
			err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
				_, err := do(ctx, tx, by, in)
				return err
			})
		}
		if err != nil {
			return o.Refused(w, r, back, err)
		}
		return o.Done(w, r, back, said)
	}
}

func (o exits) drop(w http.ResponseWriter, r *http.Request) error {
	var in exit.Dropping
	back := exitsHref + "/" + r.PathValue("id")
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := exit.Drop(ctx, tx, by, in)
			return err
		})
	}
	if err != nil {
		return o.Refused(w, r, back, err)
	}
	return o.Done(w, r, back, "web_exit.dropped")
}

func (o exits) lift(w http.ResponseWriter, r *http.Request) error {
	var in vendor.Lift
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := vendor.LiftBar(ctx, tx, by, in)
			return err
		})
	}
	if err != nil {
		return o.Refused(w, r, exitsHref+"/bars", err)
	}
	return o.Done(w, r, exitsHref+"/bars", "web_exit.lifted")
}

// evictView is the form by which an eviction is ordered.
type evictView struct {
	P      text.Printer
	Query  string
	Found  []vendor.Vendor
	Vendor vendor.Vendor
	Desk   exit.Desk
	Rules  policy.Violations
	MaxMB  int
	Kept   []ui.File
	Form   ui.Form
}

func (o exits) evictionOf(r *http.Request, vendorID, query string) (evictView, error) {
	rules := o.Policy(r.Context())
	v := evictView{P: server.Printer(r.Context()), Query: query, Rules: rules.Violations, MaxMB: int(rules.UploadBytes >> 20)}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.Evict); err != nil {
			return err
		}
		if vendorID == "" {
			v.Found, err = vendor.List(ctx, tx, by, vendor.Filter{Query: query, Approved: true, Here: true, Limit: vendorsFound})
			return err
		}
		if v.Vendor, err = vendor.Get(ctx, tx, by, vendorID); err != nil {
			return err
		}
		v.Desk, err = exit.Of(ctx, tx, by, vendorID)
		return err
	})
	return v, err
}

func (o exits) draft(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v, err := o.evictionOf(r, q.Get("vendor"), q.Get("q"))
	if err != nil {
		return err
	}
	v.Form.Values = url.Values{}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_exit.evict"), evictPage(v))
}

func (o exits) order(w http.ResponseWriter, r *http.Request) error {
	vendorID := r.URL.Query().Get("vendor")
	var in exit.EvictionPaper
	var made exit.Exit
	kept, err := o.Uploads(w, r, vendorID, map[string]file.Purpose{"evidence": file.Violation})
	ids := append([]string(nil), r.PostForm["kept_evidence"]...)
	for _, f := range kept["evidence"] {
		ids = append(ids, f.ID)
	}
	if err == nil {
		if err = violations(o).paper(w, r, &in); err == nil {
			in.VendorID, in.Evidence = vendorID, ids
			err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
				made, err = exit.Order(ctx, tx, by, in)
				return err
			})
		}
	}
	if err == nil {
		return o.Done(w, r, exitsHref+"/"+made.ID, "web_exit.ordered")
	}
	status, ok := web.Mended(err)
	if !ok {
		return o.Refused(w, r, exitsHref, err)
	}
	v, err2 := o.evictionOf(r, vendorID, "")
	if err2 != nil {
		return err2
	}
	v.Form = web.Typed(r, err)
	if v.Kept, err2 = violations(o).keptFiles(r, vendorID, ids); err2 != nil {
		return err2
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_exit.evict"), evictPage(v))
}
