package office

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/apply"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type applications struct{ *web.Site }

func applicationRoutes(s *web.Site) {
	o := applications{s}
	s.Staff("GET /office/applications", o.queue)
	s.Staff("GET /office/applications/{id}", o.review)
	s.Staff("POST /office/applications/{id}/claim", o.claim)
	s.Staff("POST /office/applications/{id}/release", o.release)
	s.Staff("POST /office/applications/{id}/notes", o.note)
	s.Staff("POST /office/applications/{id}/decide", o.decide)
}

const applicationsHref = "/office/applications"

// queueView is the staff's queue of applications.
type queueView struct {
	P     text.Printer
	Now   time.Time
	By    string
	Show  string // "", "mine", "free", "late" or "decided"
	Items []qualification.Item
	Waits qualification.Waits
	Turn  ui.Turn
	names func(i qualification.Item) string
}

func (o applications) queue(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := queueView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), By: server.Actor(r.Context()).ID, Show: q.Get("show")}
	f := qualification.Filter{After: q.Get("cursor"), Limit: pageSize, Free: v.Show == "free", Late: v.Show == "late", Decided: v.Show == "decided"}
	if v.Show == "mine" {
		f.Holder = v.By
	}
	rules := o.Policy(r.Context())
	v.names = func(i qualification.Item) string { return apply.Categories(v.P, rules, i.Subject) }
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Items, err = qualification.List(ctx, tx, by, f); err != nil {
			return err
		}
		v.Waits, err = qualification.Queue(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.Items); n > 0 {
		v.Turn = turn(r, n, v.Items[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_review.queue"), queuePage(v))
}

// reviewView is one application in review.
type reviewView struct {
	P       text.Printer
	Now     time.Time
	R       qualification.Review
	Mine    bool // the reader has it and may decide
	Free    bool // the reader may take it
	Back    bool // the reader may put it back
	Note    bool // the reader may write notes
	Whole   bool // the reader sees personal data
	At      int  // which document is in view
	Form    ui.Form
	Moments []ui.Moment
	titles  map[string]string // of agreements, by id
	values  url.Values        // of the paper
	was     map[string]string // by input name, what is different
}

func (o applications) load(r *http.Request) (reviewView, error) {
	v := reviewView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	v.At, _ = strconv.Atoi(r.URL.Query().Get("doc"))
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.R, err = qualification.Get(ctx, tx, by, r.PathValue("id")); err != nil {
			return err
		}
		i := v.R.Item
		v.Whole = by.May(access.ReviewApplications)
		v.Note = v.Whole
		v.Mine = v.Whole && i.Status == qualification.InReview && i.Holder == by.ID
		v.Free = v.Whole && i.Status == qualification.Waiting
		v.Back = v.Mine || i.Status == qualification.InReview && by.May(access.ManageStaff)
		agreements, err := agreement.Current(ctx, tx)
		if err != nil {
			return err
		}
		v.titles = make(map[string]string)
		for _, d := range agreements {
			v.titles[d.ID] = d.Title.In(v.P.Lang)
		}
		events, err := event.List(ctx, tx, by, event.Filter{VendorID: i.VendorID, Subject: i.ID, Limit: 100})
		if err != nil {
			return err
		}
		v.Moments, err = web.Moments(ctx, tx, by, v.P, events)
		return err
	})
	if err != nil {
		return v, err
	}
	paper := v.R.Submission.Paper
	if !v.Whole {
		paper = paper.Masked()
	}
	if v.values, err = apply.Values(paper); err != nil {
		return v, err
	}
	v.was = make(map[string]string)
	for _, c := range v.R.Changes {
		was := c.Was
		if !v.Whole && qualification.Personal(c.Field) {
			was = "***"
		}
		v.was[ui.NameOf(c.Field)] = apply.Value(v.P, v.R.Policy, c.Field, was, v.fileName)
	}
	return v, nil
}

// title is an agreement's; one that is no longer in force keeps its id.
func (v reviewView) title(id string) string {
	if t, ok := v.titles[id]; ok {
		return t
	}
	return id
}

func (v reviewView) fileName(id string) string {
	if f, ok := v.R.Files[id]; ok {
		return f.Name
	}
	return v.P.T("web_review.file_removed")
}

func (o applications) review(w http.ResponseWriter, r *http.Request) error {
	v, err := o.load(r)
	if err != nil {
		return err
	}
	return o.showReview(w, r, http.StatusOK, v)
}

func (o applications) showReview(w http.ResponseWriter, r *http.Request, status int, v reviewView) error {
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_review.title", v.R.Item.VendorName), reviewPage(v))
}

func reviewHref(id string) string { return applicationsHref + "/" + url.PathEscape(id) }

func (o applications) claim(w http.ResponseWriter, r *http.Request) error {
	to := reviewHref(r.PathValue("id"))
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := qualification.Claim(ctx, tx, by, qualification.Turn{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, "web_review.claimed")
}

func (o applications) release(w http.ResponseWriter, r *http.Request) error {
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := qualification.Release(ctx, tx, by, qualification.Turn{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return o.Refused(w, r, reviewHref(r.PathValue("id")), err)
	}
	return o.Done(w, r, applicationsHref, "web_review.released")
}

func (o applications) note(w http.ResponseWriter, r *http.Request) error {
	var in qualification.Note
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	to := reviewHref(r.PathValue("id")) + "#notes"
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := qualification.AddNote(ctx, tx, by, in)
		return err
	})
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, "web_review.noted")
}

func (o applications) decide(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	tidyDecision(r.PostForm)
	var in qualification.Decision
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := qualification.Decide(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		v, err2 := o.load(r)
		if err2 != nil {
			return err2
		}
		v.Form = web.Typed(r, err)
		v.label()
		return o.showReview(w, r, status, v)
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, reviewHref(in.ID), "web_review.decided")
}

// tidyDecision takes a ready reason where none was typed, and closes up the rows of
// items that were left empty.
func tidyDecision(form url.Values) {
	for name := range form {
		if i, ok := strings.CutPrefix(name, "_ready."); ok {
			if at := "verdicts." + i + ".reason"; strings.TrimSpace(form.Get(at)) == "" {
				form.Set(at, form.Get(name))
			}
		}
	}
	var rows [][2]string
	for i := range itemRows {
		at := fmt.Sprintf("items.%d.", i)
		if row := [2]string{form.Get(at + "field"), form.Get(at + "text")}; strings.TrimSpace(row[1]) != "" || row[0] != "" {
			rows = append(rows, row)
		}
		form.Del(at + "field")
		form.Del(at + "text")
	}
	for i, row := range rows {
		at := fmt.Sprintf("items.%d.", i)
		form.Set(at+"field", row[0])
		form.Set(at+"text", row[1])
	}
}

// itemRows is how many further items the form offers to name.
const itemRows = 3

// label writes beside each error which condition or category it is about.
func (v *reviewView) label() {
	for i, f := range v.Form.Errors.Fields {
		parts := strings.Split(f.Name, ".")
		if len(parts) < 2 {
			continue
		}
		n, err := strconv.Atoi(parts[1])
		if err != nil {
			continue
		}
		switch parts[0] {
		case "verdicts":
			if asked := v.asked(); n < len(asked) {
				condition, _ := v.R.Policy.Condition(asked[n].Condition)
				v.Form.Errors.Fields[i].Label = condition.Name.In(v.P.Lang)
			}
		case "categories":
			if n < len(v.R.Submission.Categories) {
				c, _ := v.R.Policy.Category(v.R.Submission.Categories[n])
				v.Form.Errors.Fields[i].Label = c.Name.In(v.P.Lang)
			}
		}
	}
}

// asked are the conditions that wait for this reader's verdict, in order.
func (v reviewView) asked() []qualification.Check {
	var list []qualification.Check
	for _, c := range v.R.Check.Checks {
		if v.asks(c) {
			list = append(list, c)
		}
	}
	return list
}

func (v reviewView) asks(c qualification.Check) bool {
	return v.Mine && c.State == qualification.WaitingReview && (c.Category == "" || slices.Contains(v.R.Submission.Categories, c.Category))
}

// place is the number of a condition's verdict in the form.
func (v reviewView) place(c qualification.Check) int {
	return slices.IndexFunc(v.asked(), func(x qualification.Check) bool { return x.Condition == c.Condition && x.Category == c.Category })
}
