package office

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type violations struct{ *web.Site }

const violationsHref = "/office/violations"

func violationRoutes(s *web.Site) {
	o := violations{s}
	s.Staff("GET /office/violations", o.list)
	s.Staff("GET /office/violations/top-ups", o.topUps)
	s.Staff("GET /office/violations/new", o.draft)
	s.Staff("POST /office/violations/new", o.record)
	s.Staff("GET /office/violations/{id}", o.show)
	s.Staff("POST /office/violations/{id}/decide", o.decide)
	s.Staff("POST /office/violations/{id}/judge", o.judge)
	s.Staff("POST /office/violations/{id}/collect", o.collect)
}

// violationsView is the queue of violations, all of them, or the top-ups that run.
type violationsView struct {
	P       text.Printer
	Now     time.Time
	All     bool // not only what waits for staff
	Status  violation.Status
	Vendor  string // its id, "" is any
	Name    string // of the vendor chosen
	List    []violation.Listed
	Clocks  []deposit.Clock
	Waiting int64
	Oldest  time.Time
	May     bool // record
	Money   bool // see the top-ups
	Turn    ui.Turn
}

func (o violations) read(r *http.Request, v *violationsView, fill func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	v.P, v.Now = server.Printer(r.Context()), o.DB.Clock().Now()
	return o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May, v.Money = by.May(access.RecordViolations), by.May(access.SeeMoney)
		if v.Waiting, v.Oldest, err = violation.Waits(ctx, tx, by); err != nil {
			return err
		}
		return fill(ctx, tx, by)
	})
}

func (o violations) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := violationsView{Status: violation.Status(q.Get("status")), Vendor: q.Get("vendor")}
	v.All = q.Get("show") == "all" || v.Status != "" || v.Vendor != ""
	err := o.read(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		f := violation.Filter{Status: v.Status, Waiting: !v.All, VendorID: v.Vendor, After: q.Get("cursor"), Limit: pageSize}
		if v.List, err = violation.List(ctx, tx, by, f); err != nil || v.Vendor == "" {
			return err
		}
		names, err := vendor.Names(ctx, tx, []string{v.Vendor})
		v.Name = names[v.Vendor]
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_violations"), violationsPage(v))
}

func (o violations) topUps(w http.ResponseWriter, r *http.Request) error {
	var v violationsView
	err := o.read(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.Clocks, err = deposit.Clocks(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_violation.top_ups"), topUpsPage(v))
}

// recordView is the form by which a violation is recorded.
type recordView struct {
	P        text.Printer
	Query    string // for the vendor, while none is chosen
	Found    []vendor.Vendor
	Vendor   vendor.Vendor
	Deposit  deposit.State
	Products []product.Listed
	Rules    policy.Violations
	MaxMB    int
	Kept     []ui.File
	Form     ui.Form
}

// vendorsFound bounds the vendors to choose from; one narrows the search instead of turning pages.
const vendorsFound = 20

// productsShown bounds the products of a vendor to choose from.
const productsShown = 200

func (o violations) recordOf(r *http.Request, vendorID, query string) (recordView, error) {
	rules := o.Policy(r.Context())
	v := recordView{P: server.Printer(r.Context()), Query: query, Rules: rules.Violations, MaxMB: int(rules.UploadBytes >> 20)}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.RecordViolations); err != nil {
			return err
		}
		if vendorID == "" {
			v.Found, err = vendor.List(ctx, tx, by, vendor.Filter{Query: query, Here: true, Limit: vendorsFound})
			return err
		}
		if v.Vendor, err = vendor.Get(ctx, tx, by, vendorID); err != nil {
			return err
		}
		if v.Deposit, err = deposit.Get(ctx, tx, by, vendorID); err != nil {
			return err
		}
		v.Products, err = product.List(ctx, tx, by, product.Filter{VendorID: vendorID, Limit: productsShown})
		return err
	})
	return v, err
}

func (o violations) draft(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v, err := o.recordOf(r, q.Get("vendor"), q.Get("q"))
	if err != nil {
		return err
	}
	v.Form.Values = url.Values{"product": {q.Get("product")}}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_violation.record"), recordPage(v))
}

func (o violations) record(w http.ResponseWriter, r *http.Request) error {
	vendorID := r.URL.Query().Get("vendor")
	var in violation.Paper
	var made violation.Violation
	kept, err := o.Uploads(w, r, vendorID, map[string]file.Purpose{"evidence": file.Violation})
	ids := append([]string(nil), r.PostForm["kept_evidence"]...)
	for _, f := range kept["evidence"] {
		ids = append(ids, f.ID)
	}
	if err == nil {
		if err = o.paper(w, r, &in); err == nil {
			in.VendorID, in.Evidence = vendorID, ids
			err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
				made, err = violation.Record(ctx, tx, by, in)
				return err
			})
		}
	}
	if err == nil {
		return o.Done(w, r, violationsHref+"/"+made.ID, "web_violation.recorded")
	}
	status, ok := web.Mended(err)
	if !ok {
		return err
	}
	v, err2 := o.recordOf(r, vendorID, "")
	if err2 != nil {
		return err2
	}
	v.Form = web.Typed(r, err)
	if v.Kept, err2 = o.keptFiles(r, vendorID, ids); err2 != nil {
		return err2
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_violation.record"), recordPage(v))
}

// paper decodes a form whose amount may be left empty.
func (o violations) paper(w http.ResponseWriter, r *http.Request, in any) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	if r.PostForm.Get("amount") == "" {
		r.PostForm.Del("amount")
	}
	return web.Form(w, r, in)
}

// keptFiles are the documents of a form that came back.
func (o violations) keptFiles(r *http.Request, vendorID string, ids []string) (out []ui.File, err error) {
	err = o.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) error {
		owned, err := file.Owned(ctx, tx, vendorID, ids)
		for _, id := range ids {
			if f, ok := owned[id]; ok {
				out = append(out, uiFile(f))
			}
		}
		return err
	})
	return out, err
}

func uiFile(f file.File) ui.File { return ui.File{ID: f.ID, Name: f.Name, Href: "/files/" + f.ID} }

// violationView is one violation, for staff.
type violationView struct {
	P     text.Printer
	Now   time.Time
	F     violation.Folder
	By    access.Actor
	One   bool // policy lets one person record and decide
	Known bool // the calendar of working days knows the year of the last day
	Form  ui.Form
	Judge ui.Form
}

func (o violations) show(w http.ResponseWriter, r *http.Request) error {
	return o.page(w, r, http.StatusOK, ui.Form{}, ui.Form{})
}

func (o violations) page(w http.ResponseWriter, r *http.Request, status int, decide, judge ui.Form) error {
	rules := o.Policy(r.Context())
	v := violationView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Form: decide, Judge: judge, One: rules.OnePersonForMoney}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.SeeVendors); err != nil {
			return err
		}
		v.By = by
		v.F, err = violation.Get(ctx, tx, by, violation.Chosen{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return err
	}
	last := v.F.AppealBy
	if d := v.F.Deducted; d != nil && d.TopUpBy.After(last) {
		last = d.TopUpBy
	}
	v.Known = last.IsZero() || rules.KnowsYear(rules.Today(last).Year)
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_violation.of", v.F.VendorName), violationPage(v))
}

// act runs one of the two decisions and shows the page again with what is wrong.
func (o violations) act(w http.ResponseWriter, r *http.Request, in any, do func(ctx context.Context, tx *db.Tx, by access.Actor) error, said text.Key, judges bool) error {
	to := violationsHref + "/" + r.PathValue("id")
	err := o.paper(w, r, in)
	if err == nil {
		err = o.Write(r, do)
	}
	if err == nil {
		return o.Done(w, r, to, said)
	}
	status, ok := web.Mended(err)
	if !ok {
		return o.Refused(w, r, to, err)
	}
	if judges {
		return o.page(w, r, status, ui.Form{}, web.Typed(r, err))
	}
	return o.page(w, r, status, web.Typed(r, err), ui.Form{})
}

func (o violations) decide(w http.ResponseWriter, r *http.Request) error {
	var in violation.Decision
	return o.act(w, r, &in, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := violation.Decide(ctx, tx, by, in)
		return err
	}, "web_violation.decided", false)
}

func (o violations) judge(w http.ResponseWriter, r *http.Request) error {
	var in violation.Judgement
	return o.act(w, r, &in, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := violation.Judge(ctx, tx, by, in)
		return err
	}, "web_violation.judged", true)
}

func (o violations) collect(w http.ResponseWriter, r *http.Request) error {
	to := violationsHref + "/" + r.PathValue("id")
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := violation.Collect(ctx, tx, by, violation.Chosen{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, "web_violation.collected")
}
