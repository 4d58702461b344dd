package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/product/bulk"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
)

// ProductImport is a spreadsheet of products that was handed in.
type ProductImport struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Status bulk.Status `json:"status" doc:"preview, running, stopped, done"`
	Total  int64       `json:"total" doc:"rows with products"`
	Good   int64       `json:"good" doc:"that can be done"`
	Wrong  int64       `json:"wrong" doc:"that cannot"`
	Done   int64       `json:"done" doc:"that were done or refused since"`
	MadeAt time.Time   `json:"made_at"`
}

func viewImport(_ text.Printer, i bulk.Import) ProductImport {
	return ProductImport{ID: i.ID, Name: i.Name, Status: i.Status, Total: i.Total, Good: i.Good, Wrong: i.Wrong, Done: i.Done, MadeAt: i.MadeAt}
}

// ProductImportRow is one row of an import.
type ProductImportRow struct {
	No        int64        `json:"no"`
	Sheet     string       `json:"sheet" doc:"the delivery form"`
	Line      int64        `json:"line" doc:"in the sheet"`
	Code      string       `json:"code"`
	Name      string       `json:"name"`
	Act       bulk.Act     `json:"act" doc:"make, update, revise, same"`
	State     bulk.State   `json:"state" doc:"good, wrong, done, failed"`
	ProductID string       `json:"product_id,omitempty"`
	Faults    []bulk.Fault `json:"faults" nullable:"false"`
}

type importRowsQuery struct {
	ID     string `path:"id"`
	State  string `query:"state" enum:"good,wrong,done,failed"`
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type importRows struct {
	rows []bulk.Row
	next string
}

func listImportRows(ctx context.Context, tx *db.Tx, by access.Actor, q importRowsQuery) (importRows, error) {
	after := int64(0)
	if q.Cursor != "" {
		n, err := strconv.ParseInt(q.Cursor, 10, 64)
		if err != nil {
			return importRows{}, fault.At("/cursor", "catalog.bad_cursor")
		}
		after = n
	}
	rows, err := bulk.Rows(ctx, tx, by, bulk.RowFilter{ID: q.ID, State: bulk.State(q.State), After: after, Limit: q.Limit})
	out := importRows{rows: rows}
	if len(rows) > 0 && len(rows) == q.Limit {
		out.next = strconv.FormatInt(rows[len(rows)-1].No, 10)
	}
	return out, err
}

func viewImportRows(_ text.Printer, part importRows) Page[ProductImportRow] {
	out := Page[ProductImportRow]{Items: make([]ProductImportRow, len(part.rows)), Next: part.next}
	for i, r := range part.rows {
		out.Items[i] = ProductImportRow{No: r.No, Sheet: r.Sheet, Line: r.Line, Code: r.Code, Name: r.Name, Act: r.Act, State: r.State, ProductID: r.ProductID, Faults: append([]bulk.Fault{}, r.Faults...)}
	}
	return out
}

// importRoutes are the spreadsheets of products; the files themselves go through
// plain handlers, as uploads do.
func (a *API) importRoutes() {
	const tag = "products"
	get(a, route{path: "/product-imports", tag: tag, id: "list-product-imports", summary: "Your company's latest imports"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) ([]bulk.Import, error) {
			return bulk.List(ctx, tx, by)
		}, each(viewImport))
	get(a, route{path: "/product-imports/{id}", tag: tag, id: "get-product-import", summary: "An import and how far it is"}, bulk.Get, viewImport)
	get(a, route{path: "/product-imports/{id}/rows", tag: tag, id: "list-product-import-rows", summary: "Its rows, with what is wrong and what mends it"}, listImportRows, viewImportRows)
	post(a, route{path: "/product-imports/{id}/begin", tag: tag, id: "begin-product-import", summary: "Do the good rows, or go on after a stop"}, bulk.Begin, viewImport)
	act(a, route{path: "/product-imports/{id}/stop", tag: tag, id: "stop-product-import", summary: "Stop after the row it is at"}, bulk.Stop, viewImport)

	schema := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[ProductImport](), true, "ProductImport")
	binary := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	secured := []map[string][]string{{"bearer": {}}}
	a.huma.OpenAPI().AddOperation(&huma.Operation{OperationID: "hand-in-products", Method: http.MethodPost, Path: "/v1/product-imports", Tags: []string{tag}, Security: secured,
		Summary: "Hand in a spreadsheet of products to be looked at; it does nothing yet", RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{bulk.MIME: binary}},
		Responses: map[string]*huma.Response{"201": {Description: "Read and judged", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
			"401": a.failure("Unauthorized"), "422": a.failure("No spreadsheet, or not one of products")}})
	a.s.Handle("POST /v1/product-imports", a.plain(a.handProductsIn))
	for path, file := range map[string]struct {
		id, summary string
		write       func(context.Context, *db.Tx, access.Actor, text.Lang, *http.Request) ([]byte, error)
	}{
		"/v1/product-template": {"get-product-template", "The empty spreadsheet with what may be filled in", func(ctx context.Context, tx *db.Tx, by access.Actor, l text.Lang, _ *http.Request) ([]byte, error) {
			return bulk.Template(ctx, tx, by, l)
		}},
		"/v1/product-export": {"export-products", "All products of your company as a spreadsheet", func(ctx context.Context, tx *db.Tx, by access.Actor, l text.Lang, _ *http.Request) ([]byte, error) {
			return bulk.Export(ctx, tx, by, l)
		}},
		"/v1/product-imports/{id}/faults": {"get-product-import-faults", "The file that was handed in, with the faults beside its rows", func(ctx context.Context, tx *db.Tx, by access.Actor, _ text.Lang, r *http.Request) ([]byte, error) {
			return bulk.Faults(ctx, tx, by, bulk.Chosen{ID: r.PathValue("id")})
		}},
	} {
		op := &huma.Operation{OperationID: file.id, Method: http.MethodGet, Path: path, Tags: []string{tag}, Security: secured, Summary: file.summary,
			Responses: map[string]*huma.Response{"200": {Description: "The file", Content: map[string]*huma.MediaType{bulk.MIME: binary}}, "401": a.failure("Unauthorized")}}
		if file.id == "get-product-import-faults" {
			op.Parameters = []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}}
		}
		a.huma.OpenAPI().AddOperation(op)
		a.s.Handle("GET "+path, a.plain(a.sheetFile(file.write)))
	}
}

func (a *API) sheetFile(write func(context.Context, *db.Tx, access.Actor, text.Lang, *http.Request) ([]byte, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx := r.Context()
		var data []byte
		err := a.s.DB.Read(ctx, func(tx *db.Tx) (err error) {
			data, err = write(ctx, tx, server.Actor(ctx), server.Printer(ctx).Lang, r)
			return err
		})
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", bulk.MIME)
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": "products.xlsx"}))
		_, err = w.Write(data)
		return err
	}
}

func (a *API) handProductsIn(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	rules := a.s.Policy(ctx)
	in, err := bulk.Read(http.MaxBytesReader(w, r.Body, rules.UploadBytes), "products.xlsx", rules, server.Printer(ctx).Lang)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return fault.New(fault.TooLarge, "fault.body_too_large", sizeWords(rules.UploadBytes))
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fault.New(fault.Invalid, "file.cut_off").Because(err)
	case err != nil:
		return err
	}
	var made bulk.Import
	err = a.s.DB.Write(ctx, func(tx *db.Tx) (err error) { made, err = bulk.HandIn(ctx, tx, server.Actor(ctx), in); return err })
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	return json.NewEncoder(w).Encode(viewImport(server.Printer(ctx), made))
}
