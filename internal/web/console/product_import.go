package console

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/product/bulk"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

const (
	importsHref = productsHref + "/import"
	importHref  = "/console/product-imports/" // of one; below the products it would look like one of them
)

func importRoutes(g goods) {
	g.Member("GET /console/products/import", g.imports)
	g.Member("POST /console/products/import", g.handSheetIn)
	g.Member("GET /console/products/import/template", g.sheetOf("web_import.template_file", bulk.Template))
	g.Member("GET /console/products/import/export", g.sheetOf("web_import.export_file", bulk.Export))
	g.Member("GET /console/product-imports/{id}", g.oneImport)
	g.Member("GET /console/product-imports/{id}/faults", g.importFaults)
	g.Member("POST /console/product-imports/{id}/begin", g.beginImport)
	g.Member("POST /console/product-imports/{id}/stop", g.stopImport)
}

// importsView is where files of products are handed in and taken out.
type importsView struct {
	P     text.Printer
	Form  ui.Form
	May   bool
	MaxMB int
	Most  int
	Rows  []bulk.Import
	Now   time.Time
}

func (g goods) imports(w http.ResponseWriter, r *http.Request) error {
	return g.showImports(w, r, ui.Form{}, http.StatusOK)
}

func (g goods) showImports(w http.ResponseWriter, r *http.Request, form ui.Form, code int) error {
	rules := g.Policy(r.Context())
	v := importsView{P: server.Printer(r.Context()), Form: form, MaxMB: int(rules.UploadBytes >> 20), Most: rules.Imports.RowsAtMost, Now: g.DB.Clock().Now()}
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.OwnsVendor(by.VendorID, access.EditProducts) == nil
		v.Rows, err = bulk.List(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return g.Show(w, r, code, g.New(w, r, ui.Console, "web_import.title"), importsPage(v))
}

// handSheetIn reads the file before the transaction and judges it in it.
func (g goods) handSheetIn(w http.ResponseWriter, r *http.Request) error {
	rules, p := g.Policy(r.Context()), server.Printer(r.Context())
	r.Body = http.MaxBytesReader(w, r.Body, rules.UploadBytes+1<<20)
	name, data, err := sheetIn(r)
	var made bulk.Import
	if err == nil {
		var in bulk.Sheets
		if in, err = bulk.Read(data, name, rules, p.Lang); err == nil {
			err = g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
				made, err = bulk.HandIn(ctx, tx, by, in)
				return err
			})
		}
	}
	if code, ok := web.Mended(err); ok {
		return g.showImports(w, r, ui.Form{Errors: ui.ErrorsOf(p, err)}, code)
	}
	if err != nil {
		return err
	}
	return g.Done(w, r, importHref+made.ID, "web_import.read")
}

// sheetIn finds the file in a multipart form.
func sheetIn(r *http.Request) (string, io.Reader, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, fault.At("/file", "fault.required")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, fault.At("/file", "fault.required")
		}
		if err != nil {
			return "", nil, fault.New(fault.Invalid, "web.form_unreadable").Because(err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part.FileName(), part, nil
		}
	}
}

// sheetOf answers with a file that an operation writes.
func (g goods) sheetOf(name text.Key, write func(context.Context, *db.Tx, access.Actor, text.Lang) ([]byte, error)) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p := server.Printer(r.Context())
		var data []byte
		err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			data, err = write(ctx, tx, by, p.Lang)
			return err
		})
		if err != nil {
			return err
		}
		return sendSheet(w, p.T(name)+".xlsx", data)
	}
}

func sendSheet(w http.ResponseWriter, name string, data []byte) error {
	w.Header().Set("Content-Type", bulk.MIME)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	w.Header().Set("Cache-Control", "private, no-store")
	_, err := w.Write(data)
	return err
}

func (g goods) importFaults(w http.ResponseWriter, r *http.Request) error {
	var data []byte
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		data, err = bulk.Faults(ctx, tx, by, bulk.Chosen{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return err
	}
	return sendSheet(w, server.Printer(r.Context()).T("web_import.faults_file")+".xlsx", data)
}

// importView is one import with its rows.
type importView struct {
	P text.Printer
	bulk.Import
	Now  time.Time
	May  bool
	Show bulk.State
	Rows []bulk.Row
	Turn ui.Turn
}

func (g goods) oneImport(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := importView{P: server.Printer(r.Context()), Now: g.DB.Clock().Now(), Show: bulk.State(q.Get("state"))}
	after, _ := strconv.ParseInt(q.Get("cursor"), 10, 64) // nonsense begins at the start
	err := g.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Import, err = bulk.Get(ctx, tx, by, bulk.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		v.May = by.OwnsVendor(v.VendorID, access.EditProducts) == nil
		v.Rows, err = bulk.Rows(ctx, tx, by, bulk.RowFilter{ID: v.ID, State: v.Show, After: after, Limit: onPage})
		return err
	})
	if err != nil {
		return err
	}
	here := importHref + v.ID + "?state=" + string(v.Show)
	if len(v.Rows) == onPage {
		v.Turn.Next = here + "&cursor=" + strconv.FormatInt(v.Rows[onPage-1].No, 10)
	}
	if after > 0 {
		v.Turn.First = here
	}
	if v.Status == bulk.Running {
		w.Header().Set("Refresh", "3")
	}
	return g.Show(w, r, http.StatusOK, g.New(w, r, ui.Console, "web_import.title"), importPage(v))
}

func (g goods) beginImport(w http.ResponseWriter, r *http.Request) error {
	var in bulk.Order
	err := web.Form(w, r, &in)
	if err == nil {
		err = g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := bulk.Begin(ctx, tx, by, in)
			return err
		})
	}
	return g.importDone(w, r, err, "web_import.begun")
}

func (g goods) stopImport(w http.ResponseWriter, r *http.Request) error {
	err := g.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := bulk.Stop(ctx, tx, by, bulk.Chosen{ID: r.PathValue("id")})
		return err
	})
	return g.importDone(w, r, err, "web_import.halted")
}

func (g goods) importDone(w http.ResponseWriter, r *http.Request, err error, said text.Key) error {
	back := importHref + r.PathValue("id")
	if _, mended := web.Mended(err); mended {
		return g.Refused(w, r, back, err)
	}
	if err != nil {
		return err
	}
	return g.Done(w, r, back, said)
}

func importTone(s bulk.Status) ui.Tone {
	switch s {
	case bulk.Done:
		return ui.OK
	case bulk.Running:
		return ui.Info
	case bulk.Stopped:
		return ui.Warn
	}
	return ui.Neutral
}

func rowTone(s bulk.State) ui.Tone {
	switch s {
	case bulk.RowDone:
		return ui.OK
	case bulk.RowWrong, bulk.Failed:
		return ui.Bad
	}
	return ui.Info
}
