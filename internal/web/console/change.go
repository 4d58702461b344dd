package console

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/apply"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type changes struct{ *web.Site }

func changeRoutes(s *web.Site) {
	c := changes{s}
	s.Member("GET /console/changes", c.overview)
	for _, form := range []string{"company", "account", "mode", "renewal"} {
		s.Member("GET /console/changes/"+form, c.form(form))
		s.Member("POST /console/changes/"+form, c.ask(form))
	}
	s.Member("GET /console/changes/agreements", c.agreements)
	s.Member("POST /console/changes/agreements", c.accept)
	s.Member("GET /console/changes/{id}", c.show)
	s.Member("POST /console/changes/{id}/withdraw", c.withdraw)
	s.Member("POST /console/changes/{id}/code", c.code)
	s.Member("POST /console/changes/{id}/check", c.check)
	s.Member("POST /console/changes/{id}/stop", c.stop)
	s.Page("GET /account-change/{token}", c.warned)
	s.Page("POST /account-change/{token}", c.stopped)
}

const changesHref = "/console/changes"

func changeHref(id string) string { return changesHref + "/" + url.PathEscape(id) }

// changesView is what a company has to see to and what it has asked for.
type changesView struct {
	P    text.Printer
	Now  time.Time
	Due  []amendment.Duty
	List []amendment.Request
	In   bool // the company is approved: there is something to change
}

func (c changes) overview(w http.ResponseWriter, r *http.Request) error {
	v := changesView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now()}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		if by.VendorID == "" {
			return nil
		}
		company, err := vendor.Get(ctx, tx, by, by.VendorID)
		if err != nil {
			return err
		}
		v.In = !company.ApprovedAt.IsZero()
		if v.Due, err = amendment.Due(ctx, tx, by, by.VendorID); err != nil {
			return err
		}
		v.List, err = amendment.Mine(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, "web_change.title"), changesPage(v))
}

// formView is one of the forms that ask for a change.
type formView struct {
	P       text.Printer
	Now     time.Time
	Which   string
	Rules   policy.Policy
	Company vendor.Company
	Current *contract.Contract // in term; nil is none
	Form    ui.Form
	Kept    []ui.File // documents of a form that came back
	MaxMB   int
	Blocked string // why nothing can be asked for now
	May     bool
}

func (v formView) field(name string) ui.Field {
	if name == "note" || name == "licence" || name == "proof" || name == "months" {
		return v.Form.Field(name, v.P.T(text.Key("amendment.field_"+name)))
	}
	return v.Form.Field(name, apply.Label(v.P, v.Rules, name))
}

// account is a field of the corporate account.
func (v formView) account(name string) ui.Field { return v.field("account." + name) }

func (v formView) drop(name string) ui.Drop {
	return ui.Drop{Accept: documentTypes, MaxMB: v.MaxMB, Multiple: true, Keep: "_keep." + name, Remove: "_gone." + name, Files: v.Kept}
}

// waits says of a field that its change is reviewed, or nothing.
func (v formView) hint(pointer string) string {
	if v.Rules.Amendments.Immediate(pointer) {
		return v.P.T("web_change.at_once")
	}
	return v.P.T("web_change.reviewed")
}

// hinted is the field with how its change takes effect.
func (v formView) hinted(name string) ui.Field {
	return v.field(name).Help(v.hint(ui.PointerOf(name)))
}

func (c changes) load(r *http.Request, which string) (formView, error) {
	v := formView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now(), Which: which, Rules: c.Policy(r.Context())}
	v.MaxMB = int(v.Rules.UploadBytes >> 20)
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		if by.VendorID == "" {
			return fault.New(fault.NotFound, "fault.not_found")
		}
		x, err := vendor.Get(ctx, tx, by, by.VendorID)
		if err != nil {
			return err
		}
		v.Company = x.Company
		acts := map[string]access.Act{"company": access.ChangeData, "account": access.ChangeAccount, "mode": access.SignContract, "renewal": access.SignContract}
		v.May = by.OwnsVendor(by.VendorID, acts[which]) == nil
		if x.ApprovedAt.IsZero() {
			v.Blocked = v.P.T("amendment.not_in")
			return nil
		}
		var now contract.Contract
		switch which {
		case "mode":
			now, err = contract.InForceNow(ctx, tx, by.VendorID)
		case "renewal":
			now, err = contract.Renewable(ctx, tx, by.VendorID)
		default:
			return nil
		}
		if fault.Is(err, fault.Conflict) {
			v.Blocked, err = ui.ErrorsOf(v.P, err).Message, nil
			return err
		}
		v.Current = &now
		return err
	})
	return v, err
}

func (c changes) form(which string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := c.load(r, which)
		if err != nil {
			return err
		}
		values, err := apply.Values(amendment.Form(v.Company))
		if err != nil {
			return err
		}
		switch which {
		case "account":
			for _, name := range apply.Names("account") {
				values.Del(name)
			}
			values.Set(v.account("holder").Name, v.Company.Name)
		case "renewal":
			if v.Current != nil {
				values.Set("months", strconv.Itoa(v.Current.Months))
			}
		}
		v.Form = ui.Form{Values: values, Fixed: !v.May || v.Blocked != ""}
		return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, text.Key("web_change.title_"+which)), formPage(v))
	}
}

// ask hands a form in. Documents are kept as they come, so that a form that is
// refused has them still.
func (c changes) ask(which string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		by := server.Actor(r.Context())
		documents := map[string]string{"company": "licence", "account": "proof"}
		purposes := map[string]file.Purpose{"licence": file.Licence, "proof": file.AccountProof}
		var err error
		if name := documents[which]; name != "" {
			var kept map[string][]file.File
			kept, err = c.Uploads(w, r, by.VendorID, map[string]file.Purpose{name: purposes[name]})
			hold(r.PostForm, name, kept[name])
		}
		to, said := changesHref, text.Key("web_change.asked")
		if err == nil {
			to, said, err = c.handIn(w, r, which)
		}
		status, mendable := web.Mended(err)
		switch {
		case err == nil:
			return c.Done(w, r, to, said)
		case !mendable:
			return err
		}
		v, err2 := c.load(r, which)
		if err2 != nil {
			return err2
		}
		v.Form = web.Typed(r, err)
		for i, f := range v.Form.Errors.Fields {
			v.Form.Errors.Fields[i].Label = v.field(f.Name).Label
		}
		if v.Kept, err2 = c.kept(r, r.PostForm[documents[which]]); err2 != nil {
			return err2
		}
		return c.Show(w, r, status, c.New(w, r, ui.Console, text.Key("web_change.title_"+which)), formPage(v))
	}
}

// handIn runs the operation of a form and tells where one goes on.
func (c changes) handIn(w http.ResponseWriter, r *http.Request, which string) (to string, said text.Key, err error) {
	var filing amendment.Filing
	var account amendment.NewAccount
	var mode amendment.NewMode
	var term amendment.NewTerm
	papers := map[string]any{"company": &filing, "account": &account, "mode": &mode, "renewal": &term}
	if err := web.Form(w, r, papers[which]); err != nil {
		return "", "", err
	}
	to, said = changesHref, "web_change.asked"
	err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		var made amendment.Request
		var err error
		switch which {
		case "company":
			var done amendment.Filed
			if done, err = amendment.File(ctx, tx, by, filing); err != nil {
				return err
			}
			if done.Request == nil {
				said = "web_change.done_at_once"
				return nil
			}
			made = *done.Request
			if len(done.Applied) > 0 {
				said = "web_change.asked_in_part"
			}
		case "account":
			made, err = amendment.AskAccount(ctx, tx, by, account)
			said = "web_change.asked_account"
		case "mode":
			made, err = amendment.AskMode(ctx, tx, by, mode)
		default:
			made, err = amendment.AskRenewal(ctx, tx, by, term)
		}
		to = changeHref(made.ID)
		return err
	})
	return to, said, err
}

// kept are the documents of a form that came back.
func (c changes) kept(r *http.Request, ids []string) ([]ui.File, error) {
	var out []ui.File
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		files, err := file.Owned(ctx, tx, by.VendorID, ids)
		for _, id := range ids {
			if f, ok := files[id]; ok {
				out = append(out, ui.File{ID: id, Name: f.Name, Href: "/files/" + id})
			}
		}
		return err
	})
	return out, err
}

// changeView is one request of the company.
type changeView struct {
	P        text.Printer
	Now      time.Time
	By       string // who reads
	V        amendment.Review
	Form     ui.Form
	May      bool // withdraw, check or stop it
	ByCode   bool // the reader checks by a code
	ByOther  bool // the reader is the second person
	CodeSent bool
}

func (c changes) view(r *http.Request) (changeView, error) {
	v := changeView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now(), CodeSent: r.URL.Query().Has("sent")}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.By = by.ID
		if v.V, err = amendment.Get(ctx, tx, by, amendment.Turn{ID: r.PathValue("id")}); err != nil {
			return err
		}
		v.May = v.V.Whole && v.V.Request.Kind != amendment.Supplement
		if q := v.V.Request; q.Status == amendment.Checking && v.May {
			v.ByCode = v.V.Checker == "" && q.MadeBy == by.ID && by.Has(access.Owner)
			v.ByOther = q.MadeBy != by.ID
		}
		return nil
	})
	return v, err
}

func (c changes) show(w http.ResponseWriter, r *http.Request) error {
	v, err := c.view(r)
	if err != nil {
		return err
	}
	return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, v.V.Request.Kind.Name()), changePage(v))
}

// act does something with a request and leads back to it.
func act[T any](c changes, said text.Key, query string, op func(ctx context.Context, tx *db.Tx, by access.Actor, r *http.Request) (T, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := web.Parse(w, r); err != nil {
			return err
		}
		to := changeHref(r.PathValue("id"))
		err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := op(ctx, tx, by, r)
			return err
		})
		if _, ok := web.Mended(err); ok {
			return c.Refused(w, r, to+query, err)
		}
		if err != nil {
			return err
		}
		return c.Done(w, r, to+query, said)
	}
}

func (c changes) withdraw(w http.ResponseWriter, r *http.Request) error {
	return act(c, "web_change.withdrawn", "", func(ctx context.Context, tx *db.Tx, by access.Actor, r *http.Request) (amendment.Request, error) {
		return amendment.Withdraw(ctx, tx, by, amendment.Turn{ID: r.PathValue("id")})
	})(w, r)
}

func (c changes) code(w http.ResponseWriter, r *http.Request) error {
	return act(c, "web_change.code_sent", "?sent=1", func(ctx context.Context, tx *db.Tx, by access.Actor, r *http.Request) (amendment.Request, error) {
		return amendment.AskCode(ctx, tx, by, amendment.Turn{ID: r.PathValue("id")})
	})(w, r)
}

func (c changes) stop(w http.ResponseWriter, r *http.Request) error {
	return act(c, "web_change.stopped", "", func(ctx context.Context, tx *db.Tx, by access.Actor, r *http.Request) (amendment.Request, error) {
		return amendment.Stop(ctx, tx, by, amendment.Stopping{ID: r.PathValue("id"), Reason: r.PostForm.Get("reason")})
	})(w, r)
}

func (c changes) check(w http.ResponseWriter, r *http.Request) error {
	var in amendment.Check
	err := web.Form(w, r, &in)
	if err == nil {
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := amendment.CheckAccount(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		v, err2 := c.view(r)
		if err2 != nil {
			return err2
		}
		v.Form, v.CodeSent = web.Typed(r, err), true
		return c.Show(w, r, status, c.New(w, r, ui.Console, v.V.Request.Kind.Name()), changePage(v))
	}
	if err != nil {
		return err
	}
	return c.Done(w, r, changeHref(in.ID), "web_change.checked")
}

// againView is what is to be accepted again.
type againView struct {
	P    text.Printer
	Now  time.Time
	Open []agreement.Pending
	May  bool
	Form ui.Form
}

func (c changes) again(r *http.Request) (againView, error) {
	v := againView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now()}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.OwnsVendor(by.VendorID, access.Apply) == nil
		if by.VendorID != "" {
			v.Open, err = agreement.Again(ctx, tx, by.VendorID)
		}
		return err
	})
	return v, err
}

func (c changes) agreements(w http.ResponseWriter, r *http.Request) error {
	v, err := c.again(r)
	if err != nil {
		return err
	}
	return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, "web_change.agreements"), againPage(v))
}

func (c changes) accept(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	var in agreement.Acceptance
	for _, s := range r.PostForm["accept"] {
		id, version, _ := strings.Cut(s, "@")
		in.Documents = append(in.Documents, agreement.Ref{ID: id, Version: version})
	}
	err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := agreement.Accept(ctx, tx, by, in)
		return err
	})
	if status, ok := web.Mended(err); ok {
		v, err2 := c.again(r)
		if err2 != nil {
			return err2
		}
		v.Form = web.Typed(r, err)
		return c.Show(w, r, status, c.New(w, r, ui.Console, "web_change.agreements"), againPage(v))
	}
	if err != nil {
		return err
	}
	return c.Done(w, r, changesHref, "web_change.accepted")
}

// warnedView is the page of a stopping link.
type warnedView struct {
	P     text.Printer
	Now   time.Time
	R     amendment.Request
	Token string
	Phone string // the operator's
}

func (c changes) warned(w http.ResponseWriter, r *http.Request) error {
	v := warnedView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now(), Token: r.PathValue("token"), Phone: c.Policy(r.Context()).Operator.Phone}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		v.R, err = amendment.ByLink(ctx, tx, amendment.Link{Token: v.Token})
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	page := c.New(w, r, ui.Plain, "web_change.warned")
	page.NoIndex = true
	return c.Show(w, r, http.StatusOK, page, warnedPage(v))
}

func (c changes) stopped(w http.ResponseWriter, r *http.Request) error {
	to := "/account-change/" + url.PathEscape(r.PathValue("token"))
	err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := amendment.StopByLink(ctx, tx, by, amendment.Link{Token: r.PathValue("token")})
		return err
	})
	if _, ok := web.Mended(err); ok {
		return c.Refused(w, r, to, err)
	}
	if err != nil {
		return err
	}
	return c.Done(w, r, to, "web_change.stopped")
}
