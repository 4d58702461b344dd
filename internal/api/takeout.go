package api

import (
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/takeout"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Takeout is one file with everything held about a company.
type Takeout struct {
	ID        string         `json:"id"`
	Status    takeout.Status `json:"status" doc:"asked, making, ready, stopped, failed, expired"`
	AskedAt   time.Time      `json:"asked_at"`
	Done      int64          `json:"done" doc:"records and files written so far; a record is written twice"`
	Total     int64          `json:"total" doc:"of them; 0 until it is known"`
	Percent   int            `json:"percent"`
	Records   int64          `json:"records"`
	Files     int64          `json:"files"`
	Missing   int64          `json:"missing" doc:"files whose content could not be found"`
	Bytes     int64          `json:"bytes"`
	SHA256    string         `json:"sha256,omitempty" doc:"of the whole file"`
	Name      string         `json:"name,omitempty"`
	MadeAt    *time.Time     `json:"made_at,omitempty"`
	UntilAt   *time.Time     `json:"until_at,omitempty" doc:"when it is removed"`
	Downloads int64          `json:"downloads"`
}

func viewTakeout(_ text.Printer, t takeout.Takeout) Takeout {
	v := Takeout{ID: t.ID, Status: t.Status, AskedAt: t.AskedAt, Done: t.Done, Total: t.Total, Percent: t.Percent(), Records: t.Records, Files: t.Files,
		Missing: t.Missing, Bytes: t.Bytes, SHA256: t.SHA256, Downloads: t.Downloads}
	if !t.MadeAt.IsZero() {
		v.Name, v.MadeAt, v.UntilAt = t.Name(), &t.MadeAt, &t.UntilAt
	}
	return v
}

// takeoutRoutes are a company's copies of its data, its owner's alone. The file itself
// goes through a plain handler, as it is written piece by piece.
func (a *API) takeoutRoutes() {
	const tag = "takeouts"
	act(a, route{path: "/takeouts", tag: tag, id: "ask-for-takeout", summary: "Put together everything held about your company; one at a time", status: 201}, takeout.Ask, viewTakeout)
	get(a, route{path: "/takeouts", tag: tag, id: "list-takeouts", summary: "Your company's latest takeouts"}, takeout.List, each(viewTakeout))
	get(a, route{path: "/takeouts/{id}", tag: tag, id: "get-takeout", summary: "One of them and how far it is"}, takeout.Get, viewTakeout)
	act(a, route{path: "/takeouts/{id}/stop", tag: tag, id: "stop-takeout", summary: "Stop making it"}, takeout.Stop, viewTakeout)
	a.huma.OpenAPI().AddOperation(&huma.Operation{OperationID: "download-takeout", Method: http.MethodGet, Path: "/v1/takeouts/{id}/content", Tags: []string{tag},
		Security: []map[string][]string{{"bearer": {}}}, Summary: "The file, a ZIP; each download is put in the timeline",
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "The file", Content: map[string]*huma.MediaType{takeout.MIME: {Schema: &huma.Schema{Type: "string", Format: "binary"}}}},
			"401": a.failure("Unauthorized"), "403": a.failure("Not the owner, or the last proof is too old"), "404": a.failure("Not found, or not yours"),
			"409": a.failure("Not ready"), "410": a.failure("Expired"),
		}})
	a.s.Handle("GET /v1/takeouts/{id}/content", a.plain(a.sendTakeout))
}

func (a *API) sendTakeout(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	var t takeout.Takeout
	err := a.s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		t, err = takeout.Fetch(ctx, tx, server.Actor(ctx), takeout.Chosen{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", takeout.MIME)
	h.Set("Content-Length", strconv.FormatInt(t.Bytes, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": t.Name()}))
	h.Set("Cache-Control", "no-store")
	return takeout.Send(ctx, a.s.DB, a.Files, t, server.Patient(w))
}
