package office

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type changes struct{ *web.Site }

func changeRoutes(s *web.Site) {
	o := changes{s}
	s.Staff("GET /office/changes", o.queue)
	s.Staff("GET /office/changes/ending", o.ending)
	s.Staff("POST /office/renewals/{id}", o.renew)
	s.Staff("GET /office/changes/{id}", o.show)
	s.Staff("POST /office/changes/{id}/claim", o.claim)
	s.Staff("POST /office/changes/{id}/release", o.release)
	s.Staff("POST /office/changes/{id}/decide", o.decide)
	s.Staff("POST /office/changes/{id}/grant", o.grant)
	s.Staff("POST /office/changes/{id}/stop", o.stop)
}

const changesHref = "/office/changes"

func changeHref(id string) string { return changesHref + "/" + url.PathEscape(id) }

// changesView is the staff's queue of requests.
type changesView struct {
	P     text.Printer
	Now   time.Time
	Show  string // "", a kind, "mine", "late", "cooling" or "closed"
	Query string
	List  []amendment.Request
	Waits amendment.Waits
	Turn  ui.Turn
}

func (o changes) queue(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := changesView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Show: q.Get("show"), Query: q.Get("q")}
	f := amendment.Filter{After: q.Get("cursor"), Limit: pageSize, Query: v.Query}
	switch v.Show {
	case "":
	case "mine":
		f.Holder = server.Actor(r.Context()).ID
	case "late":
		f.Late = true
	case "closed":
		f.Closed = true
	case "cooling":
		f.Status = amendment.Pausing
	default:
		f.Kind = amendment.Kind(v.Show)
	}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.List, err = amendment.List(ctx, tx, by, f); err != nil {
			return err
		}
		v.Waits, err = amendment.Queue(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_changes"), changesPage(v))
}

// changeView is one request before the staff.
type changeView struct {
	P       text.Printer
	Now     time.Time
	V       amendment.Review
	Mine    bool // the reader has it and may decide
	Free    bool // the reader may take it
	Back    bool // the reader may put it back
	Stop    bool // the reader may stop the account
	Form    ui.Form
	Moments []ui.Moment
	At      int // which document is in view
}

func (o changes) load(r *http.Request) (changeView, error) {
	v := changeView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	v.At, _ = strconv.Atoi(r.URL.Query().Get("doc"))
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.V, err = amendment.Get(ctx, tx, by, amendment.Turn{ID: r.PathValue("id")}); err != nil {
			return err
		}
		q := v.V.Request
		v.Mine = v.V.Whole && q.Status == amendment.InReview && q.Holder == by.ID
		v.Free = v.V.Whole && q.Status == amendment.Waiting
		v.Back = v.Mine || q.Status == amendment.InReview && by.May(access.ManageStaff)
		v.Stop = q.Status == amendment.Pausing && by.May(access.StopChanges)
		events, err := event.List(ctx, tx, by, event.Filter{VendorID: q.VendorID, Subject: q.ID, Limit: 50})
		if err != nil {
			return err
		}
		v.Moments, err = web.Moments(ctx, tx, by, v.P, events)
		return err
	})
	return v, err
}

func (o changes) show(w http.ResponseWriter, r *http.Request) error {
	v, err := o.load(r)
	if err != nil {
		return err
	}
	v.Form = ui.Form{Values: url.Values{"proposal.mode": {string(v.V.Request.Paper.Mode)}}}
	if v.V.Request.Paper.Months > 0 {
		v.Form.Values.Set("proposal.months", strconv.Itoa(v.V.Request.Paper.Months))
	}
	return o.page(w, r, http.StatusOK, v)
}

func (o changes) page(w http.ResponseWriter, r *http.Request, status int, v changeView) error {
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_change.of", v.V.Request.VendorName), changePage(v))
}

// act does something with a request and leads on.
func (o changes) act(w http.ResponseWriter, r *http.Request, to string, said text.Key, op func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	err := o.Write(r, op)
	if _, ok := web.Mended(err); ok {
		return o.Refused(w, r, changeHref(r.PathValue("id")), err)
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, to, said)
}

func (o changes) claim(w http.ResponseWriter, r *http.Request) error {
	return o.act(w, r, changeHref(r.PathValue("id")), "web_change.claimed", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := amendment.Claim(ctx, tx, by, amendment.Turn{ID: r.PathValue("id")})
		return err
	})
}

func (o changes) release(w http.ResponseWriter, r *http.Request) error {
	return o.act(w, r, changesHref, "web_change.released", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := amendment.Release(ctx, tx, by, amendment.Turn{ID: r.PathValue("id")})
		return err
	})
}

func (o changes) stop(w http.ResponseWriter, r *http.Request) error {
	var in amendment.Stopping
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	return o.act(w, r, changeHref(in.ID), "web_change.stopped", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := amendment.Stop(ctx, tx, by, in)
		return err
	})
}

func (o changes) decide(w http.ResponseWriter, r *http.Request) error {
	var in amendment.Decision
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := amendment.Decide(ctx, tx, by, in)
			return err
		})
	}
	return o.answered(w, r, err, "web_change.was_decided")
}

func (o changes) grant(w http.ResponseWriter, r *http.Request) error {
	var in amendment.Grant
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := amendment.GrantByContract(ctx, tx, by, in)
			return err
		})
	}
	return o.answered(w, r, err, "web_change.was_granted")
}

// answered shows a form again with what is wrong, or leads back to the request.
func (o changes) answered(w http.ResponseWriter, r *http.Request, err error, said text.Key) error {
	if status, ok := web.Mended(err); ok {
		v, err2 := o.load(r)
		if err2 != nil {
			return err2
		}
		v.Form = web.Typed(r, err)
		v.label()
		return o.page(w, r, status, v)
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, changeHref(r.PathValue("id")), said)
}

// label writes beside each error which part it is about.
func (v *changeView) label() {
	for i, f := range v.Form.Errors.Fields {
		var n int
		if len(f.Name) > 6 && f.Name[:6] == "parts." {
			n, _ = strconv.Atoi(f.Name[6:7])
			if n < len(v.V.Request.Parts) {
				v.Form.Errors.Fields[i].Label = v.P.T(v.V.Request.Parts[n].Label())
			}
		}
	}
}

// endingView is the contracts whose term ends soon.
type endingView struct {
	P     text.Printer
	Now   time.Time
	Days  int
	List  []contract.Contract
	Names map[string]string
	Paper []vendor.Licence // licences that end soon, or have
	May   bool
	zone  func(t time.Time) string
}

func (o changes) ending(w http.ResponseWriter, r *http.Request) error {
	v := endingView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		if err := by.Require(access.SeeVendors); err != nil {
			return err
		}
		v.May = by.May(access.SendContracts)
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		v.Days = p.Amendments.RenewalDays
		v.zone = func(t time.Time) string { return p.Today(t).In(v.P.Lang) }
		if v.List, err = contract.EndingBefore(ctx, tx, tx.Now().AddDate(0, 0, v.Days), r.URL.Query().Get("cursor"), 200); err != nil {
			return err
		}
		ids := make([]string, len(v.List))
		for i, c := range v.List {
			ids[i] = c.VendorID
		}
		if v.Names, err = vendor.Names(ctx, tx, ids); err != nil {
			return err
		}
		v.Paper, err = vendor.LicencesUntil(ctx, tx, p.Today(tx.Now()).AddDays(v.Days), "", 200)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_change.ending"), endingPage(v))
}

// renew offers a renewal without being asked.
func (o changes) renew(w http.ResponseWriter, r *http.Request) error {
	var in contract.Proposal
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	in.VendorID = r.PathValue("id")
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := contract.Renew(ctx, tx, by, in)
		return err
	})
	if _, ok := web.Mended(err); ok {
		return o.Refused(w, r, changesHref+"/ending", err)
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, changesHref+"/ending", "web_change.renewal_offered")
}
