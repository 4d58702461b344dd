package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type agreements struct{ *web.Site }

func agreementRoutes(s *web.Site) {
	o := agreements{s}
	s.Staff("GET /office/agreements", o.list)
	s.Staff("GET /office/agreements/{id}", o.draft)
	s.Staff("POST /office/agreements/{id}", o.save)
	s.Staff("POST /office/agreements/{id}/publish", o.publish)
	s.Staff("GET /office/agreements/{id}/{version}", o.version)
}

const agreementsHref = "/office/agreements"

func writingHref(id string) string { return agreementsHref + "/" + url.PathEscape(id) }

func acceptHref(d agreement.Document) string {
	return writingHref(d.ID) + "/" + url.PathEscape(d.Version)
}

// agreementsView is every version of every agreement.
type agreementsView struct {
	P      text.Printer
	Now    time.Time
	List   []agreement.Standing
	Drafts []agreement.Draft
	May    bool
}

func (o agreements) list(w http.ResponseWriter, r *http.Request) error {
	v := agreementsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ManagePolicy)
		if v.List, err = agreement.Versions(ctx, tx, by); err != nil {
			return err
		}
		v.Drafts, err = agreement.Drafts(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_agreements"), agreementsPage(v))
}

// writingView is a draft beside the version in force.
type writingView struct {
	P     text.Printer
	Now   time.Time
	Rules policy.Policy
	V     agreement.Preview
	Form  ui.Form
	May   bool
}

func (o agreements) look(r *http.Request) (writingView, error) {
	v := writingView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Rules: o.Policy(r.Context())}
	id := r.PathValue("id")
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ManagePolicy)
		v.V, err = agreement.Look(ctx, tx, by, id)
		if fault.Is(err, fault.NotFound) && id == "new" {
			v.V, err = agreement.Preview{}, nil
		}
		return err
	})
	return v, err
}

// values are the inputs of a draft's form.
func (v writingView) values() url.Values {
	d := v.V.Draft
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return v.Rules.Today(t).String()
	}
	return url.Values{"id": {d.ID}, "version": {d.Version.Version}, "holds_from": {day(d.HoldsFrom)}, "required_from": {day(d.RequiredFrom)},
		"title.zh": {d.Title.ZH}, "title.en": {d.Title.EN}, "body.zh": {d.Body.ZH}, "body.en": {d.Body.EN}}
}

func (o agreements) draft(w http.ResponseWriter, r *http.Request) error {
	v, err := o.look(r)
	if err != nil {
		return err
	}
	v.Form = ui.Form{Values: v.values(), Fixed: !v.May}
	return o.page(w, r, http.StatusOK, v)
}

func (o agreements) page(w http.ResponseWriter, r *http.Request, status int, v writingView) error {
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_agreement.draft"), writingPage(v))
}

// typed reads the form of a draft. Days are days of the operator's zone; today is at
// once.
func (o agreements) typed(w http.ResponseWriter, r *http.Request) (agreement.Version, error) {
	if err := web.Parse(w, r); err != nil {
		return agreement.Version{}, err
	}
	f := r.PostForm
	in := agreement.Version{ID: strings.TrimSpace(f.Get("id")), Version: strings.TrimSpace(f.Get("version")),
		Title: policy.Name{ZH: strings.TrimSpace(f.Get("title.zh")), EN: strings.TrimSpace(f.Get("title.en"))}, Body: agreement.Body{ZH: f.Get("body.zh"), EN: f.Get("body.en")}}
	if id := r.PathValue("id"); id != "new" {
		in.ID = id
	}
	rules := o.Policy(r.Context())
	var bad fault.Fields
	for name, into := range map[string]*time.Time{"holds_from": &in.HoldsFrom, "required_from": &in.RequiredFrom} {
		s := strings.TrimSpace(f.Get(name))
		if s == "" {
			continue
		}
		d, err := calendar.Parse(s)
		bad.Take("/"+name, err)
		if err != nil || name == "holds_from" && d == rules.Today(o.DB.Clock().Now()) {
			continue
		}
		*into = d.Time(rules.Location())
	}
	return in, bad.Err()
}

func (o agreements) save(w http.ResponseWriter, r *http.Request) error {
	in, err := o.typed(w, r)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := agreement.Save(ctx, tx, by, in)
			return err
		})
	}
	return o.answered(w, r, err, writingHref(in.ID), "web_agreement.saved")
}

func (o agreements) publish(w http.ResponseWriter, r *http.Request) error {
	var d agreement.Document
	err := web.Parse(w, r)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			v, err := agreement.Look(ctx, tx, by, r.PathValue("id"))
			if err != nil {
				return err
			}
			d, err = agreement.Publish(ctx, tx, by, v.Draft.Version)
			return err
		})
	}
	return o.answered(w, r, err, acceptHref(d), "web_agreement.published")
}

func (o agreements) answered(w http.ResponseWriter, r *http.Request, err error, to string, said text.Key) error {
	if status, ok := web.Mended(err); ok {
		v, err2 := o.look(r)
		if err2 != nil {
			return err2
		}
		v.Form = web.Typed(r, err)
		if !r.PostForm.Has("body.zh") { // published from the draft as it was kept
			v.Form.Values = v.values()
		}
		names := map[string]string{"title.zh-CN": "title.zh", "body.zh-CN": "body.zh"}
		for i, f := range v.Form.Errors.Fields {
			if n := names[f.Name]; n != "" {
				v.Form.Errors.Fields[i].Name = n
			}
		}
		return o.page(w, r, status, v)
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, to, said)
}

// acceptView is one version with who has not accepted it.
type acceptView struct {
	P     text.Printer
	Now   time.Time
	D     agreement.Document
	Reach agreement.Reach
	List  []agreement.Asked
	Have  bool // those who have accepted
	Query string
	Turn  ui.Turn
}

func (o agreements) version(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := acceptView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Have: q.Get("show") == "accepted", Query: q.Get("q")}
	ref := agreement.Ref{ID: r.PathValue("id"), Version: r.PathValue("version")}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.D, err = agreement.Get(ctx, tx, ref); err != nil {
			return err
		}
		if v.Reach, err = agreement.Reaches(ctx, tx, by, ref); err != nil {
			return err
		}
		v.List, err = agreement.Vendors(ctx, tx, by, agreement.Search{Ref: ref, Accepted: v.Have, Query: v.Query, After: q.Get("cursor"), Limit: pageSize})
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].VendorID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_agreements"), acceptPage(v))
}
