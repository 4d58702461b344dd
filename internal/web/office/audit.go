package office

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

const auditHome = "/office/audit"

type audit struct{ *web.Site }

// auditRoutes are the log's search, its exports and the signed heads.
func auditRoutes(s *web.Site) {
	o := audit{s}
	s.Staff("GET /office/audit", o.search)
	s.Staff("GET /office/audit/export", o.export)
	s.Staff("GET /office/audit/heads", o.heads)
	s.Staff("GET /office/audit/heads/{day}/{file}", o.head)
	s.Staff("GET /office/events", func(w http.ResponseWriter, r *http.Request) error { // its address of old
		to := url.URL{Path: auditHome, RawQuery: r.URL.RawQuery}
		http.Redirect(w, r, to.String(), http.StatusMovedPermanently)
		return nil
	})
}

// auditFilter reads the conditions of the address; a day that is none is a fault at its field.
func auditFilter(q url.Values) (report.AuditFilter, error) {
	f := report.AuditFilter{Who: q.Get("who"), Vendor: q.Get("vendor"), Area: q.Get("area"), Kind: q.Get("kind"), Subject: q.Get("subject"),
		Address: q.Get("address"), Text: q.Get("q"), Cursor: q.Get("cursor"), Limit: pageSize}
	var wrong fault.Fields
	for name, day := range map[string]*calendar.Day{"from": &f.From, "to": &f.To} {
		if s := q.Get(name); s != "" {
			d, err := calendar.Parse(s)
			wrong.Take("/"+name, err)
			*day = d
		}
	}
	return f, wrong.Err()
}

type auditView struct {
	P      text.Printer
	Query  url.Values
	Errors ui.Errors
	List   []report.Entry
	Titles []string
	Most   int
	Export string // the query of an export
	Turn   ui.Turn
}

func (o audit) search(w http.ResponseWriter, r *http.Request) error {
	v := auditView{P: server.Printer(r.Context()), Query: r.URL.Query(), Most: o.Policy(r.Context()).Oversight.ExportRows}
	f, wrong := auditFilter(v.Query)
	status := http.StatusOK
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.SeeEvents); err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		v.List, err = report.Audit(ctx, tx, by, f)
		return err
	})
	if code, ok := web.Mended(err); ok {
		status, v.Errors = code, ui.ErrorsOf(v.P, err)
	} else if err != nil {
		return err
	}
	for _, e := range v.List {
		v.Titles = append(v.Titles, auditWho(v.P, e)+" "+v.P.T(text.Key("event."+e.Kind)))
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	kept := url.Values{}
	for k, x := range v.Query {
		if k != "cursor" && len(x) > 0 && x[0] != "" {
			kept[k] = x
		}
	}
	v.Export = kept.Encode()
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_audit.title"), auditPage(v))
}

// auditWho names who did it, as a list and a file of the log show it.
func auditWho(p text.Printer, e report.Entry) string {
	switch access.Kind(e.ActorKind) {
	case access.System:
		return p.T("web.who_system")
	case access.Command:
		return p.T("web.who_command")
	}
	if e.Actor == "" {
		return p.T("web.who_gone")
	}
	return e.Actor
}

// auditLinks is where the office shows the things that events are about, by the
// beginning of their ids.
var auditLinks = map[string]string{
	"ven": "/office/vendors/", "app": "/office/applications/", "con": "/office/contracts/", "ctr": "/office/contracts/", "bln": "/office/bank-lines/",
	"stm": "/office/bank-statements/", "prd": "/office/products/", "rev": "/office/revisions/", "vio": "/office/violations/", "ext": "/office/exits/",
	"pay": "/office/payouts/", "amd": "/office/changes/", "pol": "/office/policy/versions/", "prp": "/office/policy/drafts/",
}

func auditLink(subject string) string {
	kind, _, ok := strings.Cut(subject, "_")
	if to := auditLinks[kind]; ok && to != "" {
		return to + subject
	}
	return ""
}

func (o audit) export(w http.ResponseWriter, r *http.Request) error {
	ctx, p, q := r.Context(), server.Printer(r.Context()), r.URL.Query()
	format := sheetFormat(q.Get("as"))
	q.Del("as")
	q.Del("cursor")
	f, err := auditFilter(q)
	if err != nil {
		return o.Refused(w, r, auditHome, err)
	}
	rows, most, err := report.AuditExport(ctx, o.DB, server.Actor(ctx), f, q.Encode(), format)
	if _, ok := web.Mended(err); ok {
		return o.Refused(w, r, auditHome, err)
	}
	if err != nil {
		return err
	}
	return sendTable(w, "audit-"+o.DB.Clock().Now().In(p.Zone).Format("20060102-150405"), format, report.AuditSheet(p, rows, most, func(e report.Entry) string { return auditWho(p, e) }))
}

type headsView struct {
	P     text.Printer
	Heads []event.Head
	Turn  ui.Turn
}

func (o audit) heads(w http.ResponseWriter, r *http.Request) error {
	v := headsView{P: server.Printer(r.Context())}
	var before calendar.Day
	if c := r.URL.Query().Get("cursor"); c != "" {
		before, _ = calendar.Parse(c) // nonsense begins at the start
	}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.Heads, err = event.Heads(ctx, tx, by, before, pageSize)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.Heads); n > 0 {
		v.Turn = turn(r, n, v.Heads[n-1].Day.String())
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_audit.heads"), headsPage(v))
}

func (o audit) head(w http.ResponseWriter, r *http.Request) error {
	day, err := calendar.Parse(r.PathValue("day"))
	if err != nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	var h event.Head
	err = o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		h, err = event.HeadOf(ctx, tx, by, day)
		return err
	})
	if err != nil {
		return err
	}
	var data []byte
	switch r.PathValue("file") {
	case "head.txt":
		data = []byte(h.Body)
	case "head.sig":
		if data, err = base64.StdEncoding.DecodeString(h.Signature); err != nil {
			return err
		}
	case "head.pem":
		data = []byte(h.Certificate)
	default:
		return fault.New(fault.NotFound, "fault.not_found")
	}
	name := strings.Replace(r.PathValue("file"), "head", "yunshi-"+day.String(), 1)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err = w.Write(data)
	return err
}

// sheetFormat is csv unless xlsx was asked for.
func sheetFormat(as string) string {
	if as == "xlsx" {
		return as
	}
	return "csv"
}

// sendTable answers with a table as a file, written as it is read.
func sendTable(w http.ResponseWriter, name, format string, tables ...sheet.Table) error {
	kind := "text/csv; charset=utf-8"
	if format == "xlsx" {
		kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	return streamTable(w, format, tables...)
}

// streamTable writes the body of such an answer. What goes wrong when a part of it is
// written breaks the connection off: its reader must not take the part for the whole.
func streamTable(w http.ResponseWriter, format string, tables ...sheet.Table) error {
	w.Header().Set("Cache-Control", "private, no-store")
	out := &begun{to: server.Patient(w)}
	write := func() error { return sheet.WriteCSV(out, tables[0]) }
	if format == "xlsx" {
		write = func() error { return sheet.Write(out, tables...) }
	}
	err := write()
	if err != nil && out.any {
		panic(http.ErrAbortHandler)
	}
	return err
}

// begun knows whether anything was written.
type begun struct {
	to  io.Writer
	any bool
}

func (b *begun) Write(p []byte) (int, error) {
	b.any = b.any || len(p) > 0
	return b.to.Write(p)
}
