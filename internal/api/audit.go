package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
)

// AuditEntry is an event with the names of who did it and whom it concerns.
type AuditEntry struct {
	Event
	Actor  string `json:"actor,omitempty" doc:"name of the person"`
	Vendor string `json:"vendor,omitempty" doc:"name of the company"`
}

func viewEntry(p text.Printer, e report.Entry) AuditEntry {
	return AuditEntry{Event: viewEvent(p, e.Ref), Actor: e.Actor, Vendor: e.Vendor}
}

// auditQuery is report.AuditFilter as the address has it.
type auditQuery struct {
	From    string `query:"from" format:"date" doc:"first day, in the operator's zone"`
	To      string `query:"to" format:"date" doc:"last day"`
	Who     string `query:"who" doc:"account id, mailbox, or name of a member of staff"`
	Vendor  string `query:"vendor" doc:"id, credit code, or name of a company"`
	Area    string `query:"area" doc:"first part of kinds, as deposit"`
	Kind    string `query:"kind"`
	Subject string `query:"subject" doc:"id of the thing"`
	Address string `query:"address" doc:"of the network"`
	Text    string `query:"q" doc:"words of the sentence, in either language"`
	Cursor  string `query:"cursor"`
	Limit   int    `query:"limit" minimum:"0" maximum:"200"`
}

func (q auditQuery) filter() (report.AuditFilter, error) {
	f := report.AuditFilter{Who: q.Who, Vendor: q.Vendor, Area: q.Area, Kind: q.Kind, Subject: q.Subject, Address: q.Address, Text: q.Text, Cursor: q.Cursor, Limit: upTo(q.Limit)}
	var wrong fault.Fields
	for _, x := range []struct {
		name, value string
		day         *calendar.Day
	}{{"from", q.From, &f.From}, {"to", q.To, &f.To}} {
		if x.value != "" {
			d, err := calendar.Parse(x.value)
			wrong.Take("/"+x.name, err)
			*x.day = d
		}
	}
	return f, wrong.Err()
}

// EventHead is the signed end of the log's chain on a day.
type EventHead struct {
	Day         calendar.Day `json:"day"`
	Seq         int64        `json:"seq" doc:"number of the last event it covers"`
	Count       int64        `json:"count" doc:"events since the head before"`
	Hash        string       `json:"hash"`
	Body        string       `json:"body" doc:"the text that is signed"`
	Signature   string       `json:"signature" doc:"base64, ECDSA with SHA-256 in ASN.1"`
	Certificate string       `json:"certificate" doc:"PEM"`
}

func viewHead(_ text.Printer, h event.Head) EventHead {
	return EventHead{Day: h.Day, Seq: h.Seq, Count: h.Count, Hash: h.Hash, Body: h.Body, Signature: h.Signature, Certificate: h.Certificate}
}

type headQuery struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

func (a *API) auditRoutes() {
	const tag = "operator/events"
	get(a, route{path: "/operator/audit", tag: tag, id: "search-audit-log", summary: "Search the log, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q auditQuery) (listed[report.Entry], error) {
			if err := by.Require(access.SeeEvents); err != nil {
				return listed[report.Entry]{}, err
			}
			f, err := q.filter()
			if err != nil {
				return listed[report.Entry]{}, err
			}
			all, err := report.Audit(ctx, tx, by, f)
			return listed[report.Entry]{all, f.Limit}, err
		}, paged(func(e report.Entry) string { return e.ID }, viewEntry))
	get(a, route{path: "/operator/event-heads", tag: tag, id: "list-event-heads", summary: "The signed daily heads of the log's chain, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q headQuery) (listed[event.Head], error) {
			var before calendar.Day
			if q.Cursor != "" {
				d, err := calendar.Parse(q.Cursor)
				if err != nil {
					return listed[event.Head]{}, fault.At("/cursor", "catalog.bad_cursor")
				}
				before = d
			}
			limit := upTo(q.Limit)
			all, err := event.Heads(ctx, tx, by, before, limit)
			return listed[event.Head]{all, limit}, err
		}, paged(func(h event.Head) string { return h.Day.String() }, viewHead))
	a.huma.OpenAPI().AddOperation(&huma.Operation{OperationID: "export-audit-log", Method: http.MethodGet, Path: "/v1/operator/audit/export", Tags: []string{tag},
		Security: []map[string][]string{{"bearer": {}}}, Summary: "What a search finds as CSV; the export is put in the log",
		Responses: map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: "string"}}}}, "401": a.failure("Unauthorized"), "403": a.failure("Forbidden")}})
	a.s.Handle("GET /v1/operator/audit/export", a.plain(a.exportAudit))
}

func (a *API) exportAudit(w http.ResponseWriter, r *http.Request) error {
	ctx, v := r.Context(), r.URL.Query()
	q := auditQuery{From: v.Get("from"), To: v.Get("to"), Who: v.Get("who"), Vendor: v.Get("vendor"), Area: v.Get("area"), Kind: v.Get("kind"), Subject: v.Get("subject"), Address: v.Get("address"), Text: v.Get("q")}
	f, err := q.filter()
	if err != nil {
		return err
	}
	rows, most, err := report.AuditExport(ctx, a.s.DB, server.Actor(ctx), f, v.Encode(), "csv")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="audit.csv"`)
	return sheet.WriteCSV(w, report.AuditSheet(server.Printer(ctx), rows, most, func(e report.Entry) string {
		if e.Actor != "" {
			return e.Actor
		}
		return e.ActorID
	}))
}
