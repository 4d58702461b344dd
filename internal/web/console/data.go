package console

import (
	"context"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/takeout"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

const dataHref = "/console/data"

type data struct{ *web.Site }

func dataRoutes(s *web.Site) {
	c := data{s}
	s.Member("GET /console/data", c.show)
	s.Member("POST /console/data", c.ask)
	s.Member("POST /console/data/{id}/stop", c.stop)
	s.Member("GET /console/data/{id}/download", c.download)
}

// dataView is where the owner takes out everything held about the company.
type dataView struct {
	P     text.Printer
	Now   time.Time
	Rules policy.Oversight
	None  bool // no company yet
	May   bool
	List  []takeout.Takeout
}

// open is the one that is being made; its ID is "" where none is.
func (v dataView) open() takeout.Takeout {
	for _, t := range v.List {
		if t.Status.Open() {
			return t
		}
	}
	return takeout.Takeout{}
}

func (c data) show(w http.ResponseWriter, r *http.Request) error {
	v := dataView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now(), Rules: c.Policy(r.Context()).Oversight}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.None = by.VendorID == ""; v.None {
			return nil
		}
		v.List, err = takeout.List(ctx, tx, by, struct{}{})
		if fault.Is(err, fault.Forbidden) { // a colleague is told whose it is
			return nil
		}
		v.May = err == nil
		return err
	})
	if err != nil {
		return err
	}
	if v.open().ID != "" {
		w.Header().Set("Refresh", "3")
	}
	return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, "web_data.title"), dataPage(v))
}

func (c data) ask(w http.ResponseWriter, r *http.Request) error {
	err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := takeout.Ask(ctx, tx, by, struct{}{})
		return err
	})
	if _, mended := web.Mended(err); mended || fault.Is(err, fault.Unproved) {
		return c.Refused(w, r, dataHref, err)
	}
	if err != nil {
		return err
	}
	return c.Done(w, r, dataHref, "web_data.asked")
}

func (c data) stop(w http.ResponseWriter, r *http.Request) error {
	err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := takeout.Stop(ctx, tx, by, takeout.Chosen{ID: r.PathValue("id")})
		return err
	})
	if _, mended := web.Mended(err); mended {
		return c.Refused(w, r, dataHref, err)
	}
	if err != nil {
		return err
	}
	return c.Done(w, r, dataHref, "web_data.cancelled")
}

func (c data) download(w http.ResponseWriter, r *http.Request) error {
	var t takeout.Takeout
	err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		t, err = takeout.Fetch(ctx, tx, by, takeout.Chosen{ID: r.PathValue("id")})
		return err
	})
	if fault.Is(err, fault.Unproved) || fault.Is(err, fault.Gone) || fault.Is(err, fault.Conflict) {
		return c.Refused(w, r, dataHref, err) // from the page it is one step again
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", takeout.MIME)
	h.Set("Content-Length", strconv.FormatInt(t.Bytes, 10))
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": t.Name()}))
	h.Set("Cache-Control", "no-store")
	return takeout.Send(r.Context(), c.DB, c.Files, t, server.Patient(w))
}

func takeoutTone(s takeout.Status) ui.Tone {
	switch s {
	case takeout.Ready:
		return ui.OK
	case takeout.Waiting, takeout.Making:
		return ui.Info
	case takeout.Failed:
		return ui.Bad
	}
	return ui.Neutral
}

// weight writes the bytes of a file, once there is one.
func weight(n int64) string {
	if n <= 0 {
		return "–"
	}
	return size(n)
}
