package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/showcase"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// newView is the choice of what a new product is.
type newView struct {
	P     text.Printer
	Form  ui.Form
	Kinds []ui.Option
	Needs []onboarding.Need
}

// makePaper is a category with a form, "software/saas", and a name.
type makePaper struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

func (g goods) fresh(w http.ResponseWriter, r *http.Request) error {
	return g.showNew(w, r, ui.Form{}, http.StatusOK)
}

func (g goods) showNew(w http.ResponseWriter, r *http.Request, form ui.Form, code int) error {
	p := server.Printer(r.Context())
	v := newView{P: p, Form: form}
	rules := g.Policy(r.Context())
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		state, err := onboarding.Of(ctx, tx, by, by.VendorID)
		v.Needs = state.Needs(policy.CreateProduct)
		for _, c := range rules.Categories {
			v.Kinds = append(v.Kinds, kindsOf(p, c, slices.Contains(state.Facts.Approved, c.ID))...)
		}
		return err
	})
	if err != nil {
		return err
	}
	return g.Show(w, r, code, g.New(w, r, ui.Console, "web_product.new"), newPage(v))
}

func kindsOf(p text.Printer, c policy.Category, approved bool) []ui.Option {
	var all []ui.Option
	for _, f := range c.Forms {
		o := ui.Option{Value: string(c.ID) + "/" + string(f), Label: c.Name.In(p.Lang), Note: c.About.In(p.Lang), Off: !approved}
		if len(c.Forms) > 1 {
			o.Label += p.T("web_product.dash") + p.T(product.FormName(f))
		}
		if !approved {
			o.Note = p.T("web_product.not_qualified")
		}
		all = append(all, o)
	}
	return all
}

func (g goods) make(w http.ResponseWriter, r *http.Request) error {
	var in makePaper
	var made product.Product
	err := web.Form(w, r, &in)
	if err == nil && in.Kind == "" {
		err = fault.At("/kind", "fault.required")
	}
	if err == nil {
		category, form, _ := strings.Cut(in.Kind, "/")
		err = g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			made, err = product.Make(ctx, tx, by, product.Paper{Content: product.Content{Category: policy.CategoryID(category), Form: policy.Form(form), Name: in.Name}})
			return err
		})
	}
	if code, ok := web.Mended(err); ok {
		return g.showNew(w, r, web.Typed(r, err), code)
	}
	if err != nil {
		return err
	}
	return g.Done(w, r, productHref(made.ID)+"/edit", "web_product.made")
}

// editView is the form of a product.
type editView struct {
	productView
	Form  ui.Form
	Files map[string]file.File // by id: those the content names
	Plans int                  // rows shown
	MaxMB int
}

func (g goods) edit(w http.ResponseWriter, r *http.Request) error {
	v, err := g.open(r)
	if err != nil {
		return err
	}
	v.Content = v.desk()
	form := ui.Form{Values: valuesOf(v.Content), Fixed: !v.mayEdit()}
	if v.Change != nil {
		form.Values.Set("note", v.Change.Note)
	}
	if r.URL.Query().Has("check") && !form.Fixed {
		form.Errors = ui.ErrorsOf(v.P, &fault.Error{Kind: fault.Invalid, Message: text.M("fault.invalid"), Fields: v.lacking()})
		if len(v.lacking()) == 0 {
			form.Errors = ui.Errors{}
		}
	}
	extra, _ := strconv.Atoi(r.URL.Query().Get("rows")) // nonsense adds none
	return g.showEdit(w, r, v, form, len(v.Content.Plans)+min(max(extra, 1), 10), http.StatusOK)
}

func (g goods) showEdit(w http.ResponseWriter, r *http.Request, v productView, form ui.Form, plans, code int) error {
	e := editView{productView: v, Form: form, Plans: max(plans, 3), Files: make(map[string]file.File), MaxMB: int(v.Rules.UploadBytes >> 20)}
	if form.Fixed {
		e.Plans = len(v.Content.Plans)
	}
	e.Form.Errors = e.Form.Errors.Named(labels(v.P, e.Form.Errors))
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		for _, name := range []string{"pictures", "document", "agreement_file", "image.report"} {
			for _, id := range form.Values[name] {
				f, err := file.Get(ctx, tx, by, id)
				if err != nil && !errors.Is(err, fault.NotFound) {
					return err
				}
				if err == nil {
					e.Files[id] = f
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	page := g.New(w, r, ui.Console, "web_product.edit")
	return g.Show(w, r, code, page, editPage(e))
}

// labels names the fields that have errors, for the list above the form.
func labels(p text.Printer, e ui.Errors) map[string]string {
	out := make(map[string]string)
	for _, f := range e.Fields {
		out[f.Name] = p.T(showcase.FieldName(ui.PointerOf(f.Name)))
		if rest, ok := strings.CutPrefix(f.Name, "plans."); ok {
			if n, err := strconv.Atoi(strings.SplitN(rest, ".", 2)[0]); err == nil {
				out[f.Name] = p.T("web_product.plan_n", n+1)
			}
		}
	}
	return out
}

// uploads are the inputs of files with what they are kept for; each adds to the
// value of the name without "_new".
var uploads = map[string]file.Purpose{
	"pictures_new": file.ProductPicture, "document_new": file.ProductPaper, "agreement_file_new": file.ProductPaper, "image.report_new": file.ProductPaper,
}

// split are the fields in which people write a list on one line.
var split = []string{"tags", "image.software"}

func isComma(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }

// save keeps what was typed and then does what the button said.
func (g goods) save(w http.ResponseWriter, r *http.Request) error {
	v, err := g.open(r)
	if err != nil {
		return err
	}
	kept, uploadErr := g.Uploads(w, r, v.VendorID, uploads)
	if _, mended := web.Mended(uploadErr); uploadErr != nil && !mended || fault.Is(uploadErr, fault.TooLarge) {
		return uploadErr
	}
	arrange(r, kept)
	err = g.keepContent(w, r, v)
	stored := err == nil
	if err == nil {
		err = uploadErr
	}
	here := productHref(v.ID)
	act := r.PostForm.Get("_act")
	said := text.Key("web_product.submitted")
	if err == nil && act == "submit" {
		said, err = g.handIn(r, v)
	}
	if code, ok := web.Mended(err); ok {
		if again, e := g.open(r); e == nil {
			v = again
			v.Content = v.desk()
		}
		form := web.Typed(r, err)
		if stored { // shown as it is kept, so that errors stand at their rows
			form.Values = valuesOf(v.Content)
			form.Values.Set("note", r.PostForm.Get("note"))
		}
		return g.showEdit(w, r, v, form, rowsOf(form.Values), code)
	}
	if err != nil {
		return err
	}
	switch act {
	case "submit":
		return g.Done(w, r, here, said)
	case "preview":
		return g.Done(w, r, here+"/preview", "web_product.saved")
	case "rows":
		return g.Done(w, r, here+"/edit?rows=5#plans", "web_product.saved")
	}
	return g.Done(w, r, here+"/edit", "web_product.saved")
}

// keepContent writes what the form has: a draft, or a revision of what was approved.
func (g goods) keepContent(w http.ResponseWriter, r *http.Request, v productView) error {
	if v.Status.May(product.ActRevise) {
		in := product.Change{}
		if err := web.Form(w, r, &in); err != nil {
			return err
		}
		return g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := product.Revise(ctx, tx, by, in)
			return err
		})
	}
	in := product.Paper{}
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	return g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := product.Update(ctx, tx, by, in)
		return err
	})
}

// handIn submits what keepContent wrote.
func (g goods) handIn(r *http.Request, v productView) (said text.Key, err error) {
	err = g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		if v.Status.May(product.ActRevise) {
			done, err := product.SubmitRevision(ctx, tx, by, product.Chosen{ID: v.ID})
			said = submittedBy(done)
			return err
		}
		done, err := product.Submit(ctx, tx, by, product.Chosen{ID: v.ID})
		said = "web_product.submitted"
		if done.Status == product.Waiting {
			said = "web_product.waits"
		}
		return err
	})
	return said, err
}

// arrange makes of the form's values what the paper has: kept files join those
// that stay, lists on one line become lists.
func arrange(r *http.Request, kept map[string][]file.File) {
	if r.PostForm == nil {
		return
	}
	gone := r.PostForm["_remove"]
	for input := range uploads {
		name := strings.TrimSuffix(input, "_new")
		ids := slices.DeleteFunc(slices.Clone(r.PostForm[name]), func(id string) bool { return slices.Contains(gone, id) })
		for _, f := range kept[input] {
			if name != "pictures" {
				ids = nil // one takes the place of the other
			}
			ids = append(ids, f.ID)
		}
		r.PostForm[name] = ids
	}
	for _, name := range split {
		r.PostForm[name] = strings.FieldsFunc(strings.Join(r.PostForm[name], ","), isComma)
	}
}

// rowsOf counts the plans of a form as it was sent.
func rowsOf(v url.Values) int {
	n := 0
	for name := range v {
		if rest, ok := strings.CutPrefix(name, "plans."); ok {
			if i, err := strconv.Atoi(strings.SplitN(rest, ".", 2)[0]); err == nil && i < 100 {
				n = max(n, i+1)
			}
		}
	}
	return n
}

// ofAPI begins the names of an API's fields.
const ofAPI = "api."

// valuesOf is a content as its form has it.
func valuesOf(c product.Content) url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	flag := func(name string, is bool) {
		if is {
			v.Set(name, "true")
		}
	}
	count := func(name string, n int64) {
		if n != 0 {
			v.Set(name, strconv.FormatInt(n, 10))
		}
	}
	set("category", string(c.Category))
	set("form", string(c.Form))
	set("code", c.Code)
	set("name", c.Name)
	v["tags"] = c.Tags
	set("summary", c.Summary)
	set("details", c.Details)
	set("after_sales", c.AfterSales)
	set("built_on", c.BuiltOn)
	set("agreement", string(c.Agreement))
	set("agreement_file", c.AgreementFile)
	set("document", c.Document)
	v["pictures"] = c.Pictures
	for i, p := range c.Plans {
		at := "plans." + strconv.Itoa(i)
		set(at+".name", p.Name)
		set(at+".unit", string(p.Unit))
		count(at+".span", p.Span)
		set(at+".original", p.Original.String())
		set(at+".sale", p.Sale.String())
	}
	set("image.version", c.Image.Version)
	set("image.os", c.Image.OS)
	v["image.software"] = c.Image.Software
	set("image.machine", c.Image.Machine)
	set("image.report", c.Image.Report)
	set("image.scanner", c.Image.Scanner)
	set("image.scanned_on", c.Image.ScannedOn.String())
	set("saas.delivery", string(c.SaaS.Delivery))
	set("saas.notify_url", c.SaaS.NotifyURL)
	set("saas.site", c.SaaS.Site)
	flag("saas.trial", c.SaaS.Trial)
	count("saas.trial_days", c.SaaS.TrialDays)
	count("service.days", c.Service.Days)
	set("service.requirement", c.Service.Requirement)
	flag("service.asked_first", c.Service.AskedFirst)
	flag("service.vendor_does", c.Service.VendorDoes)
	flag("service.buyer_confirms", c.Service.BuyerConfirms)
	set(ofAPI+"gateway", c.API.Gateway)
	set(ofAPI+"methods", c.API.Methods)
	flag(ofAPI+"test_first", c.API.TestFirst)
	return v
}
