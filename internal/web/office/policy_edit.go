package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// editView is a section of a draft on its own page.
type editView struct {
	P       text.Printer
	Now     time.Time
	R       policy.Review
	Section policy.Section
	Fields  []policy.Field
	Form    ui.Form
	Year    int
	typed   bool
}

func (o rules) editView(r *http.Request, id string, s policy.Section) (editView, error) {
	v := editView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Section: s}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.ManagePolicy); err != nil {
			return err
		}
		v.R, err = policy.Look(ctx, tx, by, id)
		return err
	})
	if err != nil {
		return v, err
	}
	if v.R.Status != policy.Draft {
		_, err := v.R.Status.Next(policy.ActChange)
		return v, err
	}
	v.Fields = policy.FieldsOf(v.R.Policy, s)
	v.Year = yearAsked(r, v.R.Policy, v.Now)
	return v, nil
}

func (o rules) edit(w http.ResponseWriter, r *http.Request) error {
	s, ok := policy.SectionOf(r.PathValue("section"))
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	v, err := o.editView(r, r.PathValue("id"), s)
	if err != nil {
		return o.refused(w, r, draftHref(r.PathValue("id")), err)
	}
	if r.URL.Query().Has("check") {
		v.Form.Errors = v.wrong()
	}
	return o.showEdit(w, r, http.StatusOK, v)
}

func (o rules) showEdit(w http.ResponseWriter, r *http.Request, status int, v editView) error {
	return o.Show(w, r, status, o.New(w, r, ui.Office, sectionKey(v.Section)), policyEditPage(v))
}

// wrong is what contradicts itself in the section.
func (v editView) wrong() ui.Errors {
	var list []fault.Field
	for _, f := range v.R.Wrong {
		top, _, _ := strings.Cut(strings.TrimPrefix(f.Pointer, "/"), "/")
		if slices.Contains(v.Section.Has, top) || v.Section.ID == "amounts" && top == "categories" && strings.HasSuffix(f.Pointer, "/deposit_fen") {
			list = append(list, f)
		}
	}
	if len(list) == 0 {
		return ui.Errors{}
	}
	return ui.ErrorsOf(v.P, &fault.Error{Kind: fault.Invalid, Message: text.M("web_policy.section_wrong"), Fields: list}).Named(v.labels())
}

// labels are the names of the section's inputs, for the list above the form.
func (v editView) labels() map[string]string {
	out := make(map[string]string)
	var walk func(fields []policy.Field, before string)
	walk = func(fields []policy.Field, before string) {
		for _, f := range fields {
			label := before + policy.Label(v.P, f.Key)
			out[f.Name] = label
			out[f.Name+".zh-CN"], out[f.Name+".en"] = label+" · "+v.P.T("policy.language_zh"), label+" · "+v.P.T("policy.language_en")
			walk(f.Fields, label+" · ")
			for _, item := range f.Items {
				title := item.Title.In(v.P.Lang)
				out[item.Name] = title
				walk(item.Fields, title+" · ")
			}
		}
	}
	walk(v.Fields, "")
	return out
}

func (o rules) save(w http.ResponseWriter, r *http.Request) error {
	s, ok := policy.SectionOf(r.PathValue("section"))
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if err := web.Parse(w, r); err != nil {
		return err
	}
	in := policy.Edits{ID: r.PathValue("id"), Version: versionOf(r.PostForm), Section: s.ID, Values: r.PostForm, Op: r.PostForm.Get("op")}
	var p policy.Proposal
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		p, err = policy.Edit(ctx, tx, by, in)
		return err
	})
	if status, ok := web.Mended(err); ok {
		v, err2 := o.editView(r, in.ID, s)
		if err2 != nil {
			return o.refused(w, r, draftHref(in.ID), err2)
		}
		v.Form, v.typed = web.Typed(r, err), true
		v.Form.Errors = v.Form.Errors.Named(v.labels())
		return o.showEdit(w, r, status, v)
	}
	if err != nil {
		return err
	}
	to := draftHref(in.ID) + "/sections/" + s.ID
	if in.Op != "" {
		http.Redirect(w, r, to+"#"+place(p.Policy, in.Op), http.StatusSeeOther)
		return nil
	}
	return o.kept(w, r, in.ID, s, to)
}

// kept says what was saved, and in the colour of a warning what is still wrong.
func (o rules) kept(w http.ResponseWriter, r *http.Request, id string, s policy.Section, to string) error {
	v, err := o.editView(r, id, s)
	if err != nil {
		return err
	}
	if n := len(v.wrong().Fields); n > 0 {
		return o.Partly(w, r, draftHref(id)+"/sections/"+s.ID+"?check=1", "web_policy.saved_mend", strconv.Itoa(n))
	}
	if r.PostForm.Get("stay") == "" {
		to = draftHref(id)
	}
	return o.Done(w, r, to, "web_policy.saved")
}

// place is the id of the item that an operation on a list leaves the reader at.
func place(p policy.Policy, op string) string {
	verb, at, _ := strings.Cut(op, ":")
	i := strings.LastIndexByte(at, '.')
	switch n, err := strconv.Atoi(at[i+1:]); {
	case verb == "add":
		return "end-" + strings.ReplaceAll(at, ".", "-")
	case err == nil && verb == "up":
		return itemID(at[:i] + "." + strconv.Itoa(max(n-1, 0)))
	case err == nil && verb == "down":
		return itemID(at[:i] + "." + strconv.Itoa(n+1))
	}
	return itemID(at)
}

func itemID(name string) string { return "item-" + strings.ReplaceAll(name, ".", "-") }

func versionOf(form url.Values) int64 {
	n, err := strconv.ParseInt(form.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// in makes the input of a rule: what was typed, or what the draft says.
func (v editView) in(f policy.Field, name, label, value string) ui.Field {
	in := v.Form.Field(name, label)
	if !v.typed {
		in.Value = value
	} else if _, ok := v.Form.Values[name]; !ok {
		in.Value = value
	}
	return in
}

func (v editView) field(f policy.Field) ui.Field {
	in := v.in(f, f.Name, policy.Label(v.P, f.Key), f.Value).Help(policy.Help(v.P, f.Key))
	if !v.typed {
		in.Values = f.Values
	}
	if f.Unit == "bytes" {
		in.Suffix = v.P.T("web_policy.bytes")
	} else if f.Unit != "" && f.Kind == policy.KindNumber {
		in.Suffix = v.P.T(text.Key("policy.unit_" + f.Unit))
	}
	switch f.Kind {
	case policy.KindRate:
		in.Suffix = "%"
	case policy.KindNumber:
		in = in.As("text")
	}
	return in
}

func (v editView) options(f policy.Field) []ui.Option {
	var out []ui.Option
	for _, o := range f.Options {
		out = append(out, ui.Option{Value: o.Value, Label: o.Label.In(v.P.Lang)})
	}
	return out
}

// month is one month of a year's calendar.
type month struct {
	name  string
	weeks [][7]cell
}

// cell is one day; the zero value is a day of another month.
type cell struct {
	day    calendar.Day
	name   string // of the box: off for weekdays, on for weekends
	ticked bool
	rest   bool // nobody works
}

// months lay a year out, weeks from Monday.
func months(p text.Printer, rules policy.Policy, year int) []month {
	h := rules.Holidays()
	var out []month
	for m := time.January; m <= time.December; m++ {
		mo := month{name: p.T(text.Key("web_policy.month_" + strconv.Itoa(int(m))))}
		for d := calendar.Date(year, m, 1); d.Month == m; d = d.AddDays(1) {
			at := (int(d.Weekday()) + 6) % 7
			if at == 0 || len(mo.weeks) == 0 {
				mo.weeks = append(mo.weeks, [7]cell{})
			}
			c := cell{day: d, name: "off", ticked: h.Off[d], rest: !h.Working(d)}
			if at >= 5 {
				c.name, c.ticked = "on", h.On[d]
			}
			mo.weeks[len(mo.weeks)-1][at] = c
		}
		out = append(out, mo)
	}
	return out
}

func (o rules) markYear(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	year, _ := strconv.Atoi(r.PostForm.Get("year")) // what is no year is refused below
	in := policy.YearMarks{ID: r.PathValue("id"), Version: versionOf(r.PostForm), Year: year, Off: r.PostForm["off"], On: r.PostForm["on"], Paste: r.PostForm.Get("paste")}
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := policy.MarkYear(ctx, tx, by, in)
		return err
	})
	s, _ := policy.SectionOf("calendar")
	if status, ok := web.Mended(err); ok {
		v, err2 := o.editView(r, in.ID, s)
		if err2 != nil {
			return o.refused(w, r, draftHref(in.ID), err2)
		}
		v.Year, v.Form = max(year, 1), web.Typed(r, err)
		return o.showEdit(w, r, status, v)
	}
	if err != nil {
		return err
	}
	r.PostForm.Set("stay", "1")
	return o.kept(w, r, in.ID, s, draftHref(in.ID)+"/sections/calendar?year="+strconv.Itoa(year))
}

// messageView is one message with its texts.
type messageView struct {
	editView
	Template policy.Template
	Policy   policy.Policy
	May      bool
}

func (o rules) message(w http.ResponseWriter, r *http.Request) error {
	t, ok := policy.TemplateOf(r.PathValue("template"))
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	v := messageView{Template: t, editView: editView{P: server.Printer(r.Context())}}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		page, err := policy.On(ctx, tx, by, tx.Now())
		v.Policy, v.May = page.Policy, by.May(access.ManagePolicy)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_policy.message"), policyMessagePage(v))
}

func (o rules) editMessage(w http.ResponseWriter, r *http.Request) error {
	return o.showMessage(w, r, http.StatusOK, nil)
}

func (o rules) showMessage(w http.ResponseWriter, r *http.Request, status int, said error) error {
	t, ok := policy.TemplateOf(r.PathValue("template"))
	if !ok {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	s, _ := policy.SectionOf("messages")
	v, err := o.editView(r, r.PathValue("id"), s)
	if err != nil {
		return o.refused(w, r, draftHref(r.PathValue("id")), err)
	}
	if said != nil {
		v.Form, v.typed = web.Typed(r, said), true
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_policy.message"), policyMessageEdit(messageView{editView: v, Template: t, Policy: v.R.Policy}))
}

func (o rules) reword(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	in := policy.Rewording{ID: r.PathValue("id"), Version: versionOf(r.PostForm), Template: r.PathValue("template"), Texts: map[string]policy.Name{}}
	t, _ := policy.TemplateOf(in.Template)
	if r.PostForm.Get("act") != "reset" {
		for _, k := range t.Texts {
			in.Texts[string(k)] = policy.Name{ZH: r.PostForm.Get(textName(k) + ".zh-CN"), EN: r.PostForm.Get(textName(k) + ".en")}
		}
	}
	if r.PostForm.Get("act") == "try" {
		return o.showMessage(w, r, http.StatusOK, fault.New(fault.Invalid, "web_policy.not_saved_yet"))
	}
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := policy.Reword(ctx, tx, by, in)
		return err
	})
	if status, ok := web.Mended(err); ok {
		return o.showMessage(w, r, status, err)
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, draftHref(in.ID)+"/sections/messages", "web_policy.saved")
}

// textName is the name of a text's inputs, as the fault's pointer has it.
func textName(k text.Key) string { return "texts." + string(k) }
