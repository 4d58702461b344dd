package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/apply"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type application struct{ *web.Site }

func applicationRoutes(s *web.Site) {
	a := application{s}
	s.Member("GET /console/application", a.overview)
	s.Member("POST /console/application/begin", a.begin)
	s.Member("POST /console/application/submit", a.submit)
	s.Member("POST /console/application/take-back", a.takeBack)
	s.Member("GET /console/application/{step}", a.step)
	s.Member("POST /console/application/{step}", a.save)
}

const applicationHref = "/console/application"

func stepHref(s qualification.Step) string { return applicationHref + "/" + string(s) }

// fieldHref leads to a field of the form, with its errors shown.
func fieldHref(pointer string) string {
	return stepHref(qualification.StepOf(pointer)) + "?check=1#" + ui.IDOf(ui.NameOf(pointer))
}

// applicationView is an application as its pages show it.
type applicationView struct {
	P     text.Printer
	Rules policy.Policy
	Now   time.Time
	V     qualification.View
	May   bool // fill in and submit
	Step  qualification.Step
	Form  ui.Form
	Fault string // why it could not be submitted
	MaxMB int
}

// Fixed reports whether nothing may be changed now.
func (v applicationView) Fixed() bool {
	return !v.May || v.V.Status == qualification.Waiting || v.V.Status == qualification.InReview
}

func (a application) view(r *http.Request) (applicationView, error) {
	v := applicationView{P: server.Printer(r.Context()), Rules: a.Policy(r.Context()), Now: a.DB.Clock().Now()}
	v.MaxMB = int(v.Rules.UploadBytes >> 20)
	err := a.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.OwnsVendor(by.VendorID, access.Apply) == nil
		v.V, err = qualification.Mine(ctx, tx, by)
		return err
	})
	return v, err
}

func (a application) overview(w http.ResponseWriter, r *http.Request) error {
	if server.Actor(r.Context()).VendorID == "" {
		page := a.New(w, r, ui.Console, "web_apply.begin_title")
		return a.Show(w, r, http.StatusOK, page, beginPage(beginView{P: page.P, Market: page.Market, Rules: a.Policy(r.Context())}))
	}
	v, err := a.view(r)
	if err != nil {
		return err
	}
	return a.Show(w, r, http.StatusOK, a.New(w, r, ui.Console, "web_apply.title"), overviewPage(v))
}

func (a application) begin(w http.ResponseWriter, r *http.Request) error {
	err := a.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := vendor.Register(ctx, tx, by)
		return err
	})
	if err != nil {
		return a.Refused(w, r, applicationHref, err)
	}
	return a.Done(w, r, stepHref(qualification.StepCompany), "web_apply.began")
}

func (a application) submit(w http.ResponseWriter, r *http.Request) error {
	err := a.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := qualification.Submit(ctx, tx, by, qualification.Turn{})
		return err
	})
	if err == nil {
		return a.Done(w, r, applicationHref, "web_apply.submitted")
	}
	status, ok := web.Mended(err)
	if !ok {
		return err
	}
	v, err2 := a.view(r)
	if err2 != nil {
		return err2
	}
	v.Fault = ui.ErrorsOf(v.P, err).Message
	return a.Show(w, r, status, a.New(w, r, ui.Console, "web_apply.title"), overviewPage(v))
}

func (a application) takeBack(w http.ResponseWriter, r *http.Request) error {
	err := a.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := qualification.TakeBack(ctx, tx, by, qualification.Turn{})
		return err
	})
	if err != nil {
		return a.Refused(w, r, applicationHref, err)
	}
	return a.Done(w, r, applicationHref, "web_apply.taken_back")
}

func (a application) step(w http.ResponseWriter, r *http.Request) error {
	step := qualification.Step(r.PathValue("step"))
	if !slices.Contains(qualification.Steps(), step) {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if server.Actor(r.Context()).VendorID == "" {
		http.Redirect(w, r, applicationHref, http.StatusSeeOther)
		return nil
	}
	v, err := a.view(r)
	if err != nil {
		return err
	}
	v.Step = step
	values, err := apply.Values(v.V.Paper)
	if err != nil {
		return err
	}
	v.Form = ui.Form{Values: values, Fixed: v.Fixed()}
	if !v.Fixed() {
		v.Form.Errors = v.errors(values, r.URL.Query().Has("check") || v.V.Last != nil)
	}
	return a.Show(w, r, http.StatusOK, a.New(w, r, ui.Console, "web_apply.title"), stepPage(v))
}

// errors are what is wrong on the step. Before the company has asked for a check,
// what it has simply not come to yet is not held against it.
func (v applicationView) errors(values url.Values, all bool) ui.Errors {
	var list []fault.Field
	for _, f := range v.open() {
		if qualification.StepOf(f.Pointer) == v.Step && (all || typed(values, ui.NameOf(f.Pointer))) {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return ui.Errors{}
	}
	return apply.Said(v.P, v.Rules, text.M("web_apply.step_open"), list)
}

// open is everything to mend: what the program finds, and what the reviewer named
// and is still as it was.
func (v applicationView) open() []fault.Field {
	list := v.V.Check.Problems()
	for _, c := range v.V.Check.Checks {
		if c.Reason != "" {
			list = append(list, fault.Field{Pointer: c.Field, Rule: string(c.Condition), Message: text.M("qualification.in_words", c.Reason)})
		}
	}
	for _, t := range v.told() {
		if t.Rule == "O-3" && !t.Mended {
			list = append(list, t.Field)
		}
	}
	return list
}

// toldItem is one reason of the last review.
type toldItem struct {
	fault.Field
	Mended bool // the field has changed since
}

// told lists what the last review asks for, while the application is with the vendor.
func (v applicationView) told() []toldItem {
	if v.V.Last == nil || v.V.Last.Decision == nil || v.Fixed() && v.May {
		return nil
	}
	changed := qualification.Changes(v.V.Last.Paper, v.V.Paper)
	var out []toldItem
	for _, f := range v.V.Last.Decision.Told() {
		out = append(out, toldItem{f, slices.ContainsFunc(changed, func(c qualification.Change) bool { return near(c.Field, f.Pointer) })})
	}
	return out
}

// near reports whether one pointer is the other or within it.
func near(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

func typed(values url.Values, name string) bool {
	for k, v := range values {
		if len(v) > 0 && v[0] != "" && (k == name || strings.HasPrefix(k, name+".") || strings.HasPrefix(name, k+".")) {
			return true
		}
	}
	return false
}

func (a application) save(w http.ResponseWriter, r *http.Request) error {
	step := qualification.Step(r.PathValue("step"))
	by := server.Actor(r.Context())
	if !slices.Contains(qualification.Steps(), step) || by.VendorID == "" {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if step == qualification.StepAgreements {
		return a.agree(w, r)
	}
	if err := by.OwnsVendor(by.VendorID, access.Apply); err != nil {
		return err // before any document is received
	}
	paper, fileErr := a.paper(w, r, step)
	var told *fault.Error
	if fileErr != nil && (!errors.As(fileErr, &told) || told.Kind != fault.Invalid) {
		if _, ok := web.Mended(fileErr); ok {
			return a.Refused(w, r, stepHref(step), fileErr)
		}
		return fileErr
	}
	var saved qualification.View
	err := a.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		saved, err = qualification.Save(ctx, tx, by, qualification.Saving{Step: step, Version: version(r.PostForm), Application: paper})
		return err
	})
	if err == nil {
		err = fileErr
	}
	if status, ok := web.Mended(err); ok {
		v, err2 := a.view(r)
		if err2 != nil {
			return err2
		}
		v.Step, v.Form = step, web.Typed(r, err)
		for i, f := range v.Form.Errors.Fields {
			v.Form.Errors.Fields[i].Label = apply.Label(v.P, v.Rules, f.Name)
		}
		if fault.Is(err, fault.Conflict) { // what is typed stays; saving again overwrites knowingly
			v.Form.Fixed = v.Fixed()
		}
		return a.Show(w, r, status, a.New(w, r, ui.Console, "web_apply.title"), stepPage(v))
	}
	if err != nil {
		return err
	}
	v := applicationView{P: server.Printer(r.Context()), Rules: a.Policy(r.Context()), V: saved, May: true, Step: step}
	left := len(v.errors(r.PostForm, false).Fields) > 0
	switch act := r.PostForm.Get("act"); {
	case left && act == "stay":
		return a.Partly(w, r, stepHref(step), "web_apply.saved_mend")
	case act == "stay":
		return a.Done(w, r, stepHref(step), "web_apply.saved")
	case left && act != "go":
		return a.Partly(w, r, stepHref(step)+"?check=1", "web_apply.saved_mend")
	case left:
		return a.Partly(w, r, after(step), "web_apply.saved_mend")
	}
	return a.Done(w, r, after(step), "web_apply.saved")
}

// after is the page that follows a step.
func after(step qualification.Step) string {
	steps := qualification.Steps()
	if i := slices.Index(steps, step); i+1 < len(steps) {
		return stepHref(steps[i+1])
	}
	return applicationHref
}

func version(form url.Values) int64 {
	var n int64
	for _, c := range form.Get("version") {
		if c < '0' || c > '9' || n > 1<<40 {
			return 0
		}
		n = 10*n + int64(c-'0')
	}
	return n
}

// paper reads the step's part of the application from the request; documents are
// kept as they come.
func (a application) paper(w http.ResponseWriter, r *http.Request, step qualification.Step) (qualification.Application, error) {
	var paper qualification.Application
	by := server.Actor(r.Context())
	switch step {
	case qualification.StepDocuments:
		purposes := map[string]file.Purpose{"documents.licence": file.Licence, "documents.account": file.Evidence, "documents.team": file.Evidence}
		kept, err := a.Uploads(w, r, by.VendorID, purposes)
		for name := range purposes {
			hold(r.PostForm, name, kept[name])
		}
		paper.Documents = qualification.Documents{Licence: r.PostForm["documents.licence"], Account: r.PostForm["documents.account"], Team: r.PostForm["documents.team"]}
		return paper, err
	case qualification.StepCategories:
		return a.evidence(w, r, by.VendorID)
	}
	err := web.Form(w, r, &paper)
	return paper, err
}

// hold puts the ids of the documents that stay and those that came into the form.
func hold(form url.Values, name string, came []file.File) {
	if form == nil {
		return
	}
	var ids []string
	for _, id := range form["_keep."+name] {
		if !slices.Contains(form["_gone."+name], id) {
			ids = append(ids, id)
		}
	}
	for _, f := range came {
		ids = append(ids, f.ID)
	}
	form[name] = ids
}

// evidence reads the categories and what supports each; it is kept by category,
// which no list of a form can be.
func (a application) evidence(w http.ResponseWriter, r *http.Request, vendorID string) (qualification.Application, error) {
	var paper qualification.Application
	categories := a.Policy(r.Context()).Categories
	purposes := make(map[string]file.Purpose)
	for _, c := range categories {
		for _, f := range []string{"trade_files", "built_files", "rd_files", "files"} {
			purposes["evidence."+string(c.ID)+"."+f] = file.Evidence
		}
	}
	kept, err := a.Uploads(w, r, vendorID, purposes)
	for name := range purposes {
		hold(r.PostForm, name, kept[name])
	}
	form := r.PostForm
	for _, id := range form["categories"] {
		paper.Categories = append(paper.Categories, policy.CategoryID(id))
	}
	paper.Mode = policy.Mode(form.Get("mode"))
	paper.Evidence = make(map[policy.CategoryID]qualification.Evidence)
	for _, c := range categories {
		at := "evidence." + string(c.ID) + "."
		if !form.Has(at + "shown") {
			continue // its fields were not on the page
		}
		paper.Evidence[c.ID] = qualification.Evidence{
			TradeStart: form.Get(at + "trade_start"), TradeFiles: form[at+"trade_files"], BuiltOn: form.Get(at+"built_on") == "true",
			BuiltNote: form.Get(at + "built_note"), BuiltFiles: form[at+"built_files"], Site: form.Get(at + "site"),
			RDFiles: form[at+"rd_files"], Note: form.Get(at + "note"), Files: form[at+"files"],
		}
	}
	return paper, err
}

// agree records the acceptance of the agreements that were ticked.
func (a application) agree(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	var in agreement.Acceptance
	for _, s := range r.PostForm["accept"] {
		id, v, _ := strings.Cut(s, "@")
		in.Documents = append(in.Documents, agreement.Ref{ID: id, Version: v})
	}
	err := a.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := agreement.Accept(ctx, tx, by, in)
		return err
	})
	status, ok := web.Mended(err)
	if !ok && err != nil {
		return err
	}
	v, err2 := a.view(r)
	if err2 != nil {
		return err2
	}
	if err == nil && len(v.V.Missing) == 0 {
		return a.Done(w, r, applicationHref, "web_apply.agreed")
	}
	if !ok {
		status = http.StatusUnprocessableEntity
	}
	v.Step, v.Form = qualification.StepAgreements, ui.Form{Values: r.PostForm}
	v.Form.Errors = v.errors(nil, true)
	return a.Show(w, r, status, a.New(w, r, ui.Console, "web_apply.title"), stepPage(v))
}

// tradeBefore is the last day on which a trade may have begun, submitted today (E-3).
func (v applicationView) tradeBefore() calendar.Day {
	return calendar.Of(v.Now, v.Rules.Location()).AddYears(-v.Rules.Entry.TradeYears)
}
