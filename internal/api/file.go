package api

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
)

// File is a kept document; its content is at GET /v1/files/{id}.
type File struct {
	ID      string    `json:"id"`
	Purpose string    `json:"purpose"`
	Name    string    `json:"name"`
	Type    string    `json:"type"`
	Size    int64     `json:"size" doc:"bytes"`
	SHA256  string    `json:"sha256"`
	MadeAt  time.Time `json:"made_at"`
}

func viewFile(_ text.Printer, f file.File) File {
	return File{ID: f.ID, Purpose: string(f.Purpose), Name: f.Name, Type: f.Type, Size: f.Size, SHA256: f.SHA256, MadeAt: f.MadeAt}
}

// fileRoutes are plain handlers: an upload is streamed past its limit's check and
// never stands in a JSON body. They are written into the document by hand.
func (a *API) fileRoutes() {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[File](), true, "File")
	problem := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[Problem](), true, "Problem")
	failure := func(words string) *huma.Response {
		return &huma.Response{Description: words, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	secured := []map[string][]string{{"bearer": {}}}
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "upload-file", Method: http.MethodPost, Path: "/v1/files", Tags: []string{"files"}, Security: secured,
		Summary: "Upload a PDF, JPEG or PNG, decided by its content",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: "object", Required: []string{"purpose", "file"}, Properties: map[string]*huma.Schema{
				"purpose": {Type: "string", Enum: []any{"licence", "evidence", "voucher", "signed-contract", "product-picture", "product-paper", "shop-logo"}, Description: "must come before file"},
				"file":    {Type: "string", Format: "binary"},
			}}}}},
		Responses: map[string]*huma.Response{
			"201": {Description: "Kept", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
			"401": failure("Unauthorized"), "413": failure("Larger than the limit"), "422": failure("Not one of the types, or damaged"),
		},
	})
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "get-file", Method: http.MethodGet, Path: "/v1/files/{id}", Tags: []string{"files"}, Security: secured, Summary: "A document's content",
		Parameters: []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: "string"}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "The content", Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}},
			"401": failure("Unauthorized"), "404": failure("Not found, or not yours"),
		},
	})
	a.s.Handle("POST /v1/files", a.plain(a.upload))
	a.s.Handle("GET /v1/files/{id}", a.plain(a.download))
}

// plain makes a handler of one that returns an error.
func (a *API) plain(h func(w http.ResponseWriter, r *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := server.Denied(r.Context())
		if err == nil {
			err = server.Actor(r.Context()).SignedIn()
		}
		if err == nil {
			err = h(w, r)
		}
		if err != nil {
			p := a.problem(r.Context(), err).(*Problem)
			writeJSON(w, p.Status, "application/problem+json", p)
		}
	})
}

func writeJSON(w http.ResponseWriter, status int, kind string, v any) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // a client that went away is nobody's error
}

func (a *API) upload(w http.ResponseWriter, r *http.Request) error {
	limit := a.s.Policy(r.Context()).UploadBytes
	r.Body = http.MaxBytesReader(w, r.Body, limit+(1<<20))
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "api.multipart_only").Because(err)
	}
	var purpose file.Purpose
	for {
		part, err := parts.NextPart()
		if err != nil {
			return fault.At("/file", "fault.required")
		}
		switch part.FormName() {
		case "purpose":
			b := make([]byte, 64)
			n, _ := part.Read(b)
			purpose = file.Purpose(b[:n])
		case "file":
			if purpose == "" {
				return fault.At("/purpose", "fault.required")
			}
			up, err := a.Files.Receive(r.Context(), part, part.FileName(), limit)
			if err != nil {
				return err
			}
			by := server.Actor(r.Context())
			var f file.File
			if err := a.s.DB.Write(r.Context(), func(tx *db.Tx) (err error) {
				f, err = file.Keep(r.Context(), tx, by, up, by.VendorID, purpose)
				return err
			}); err != nil {
				return err
			}
			writeJSON(w, http.StatusCreated, "application/json", viewFile(server.Printer(r.Context()), f))
			return nil
		}
	}
}

func (a *API) download(w http.ResponseWriter, r *http.Request) error {
	var f file.File
	err := a.s.DB.Read(r.Context(), func(tx *db.Tx) (err error) {
		f, err = file.Get(r.Context(), tx, server.Actor(r.Context()), r.PathValue("id"))
		return err
	})
	if err != nil {
		return err
	}
	return server.SendFile(w, r, a.Files, f, true)
}
