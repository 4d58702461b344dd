package api

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
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
	failure := a.failure
	secured := []map[string][]string{{"bearer": {}}}
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "upload-file", Method: http.MethodPost, Path: "/v1/files", Tags: []string{"files"}, Security: secured,
		Summary:    "Upload a PDF, JPEG or PNG, decided by its content",
		Parameters: []*huma.Param{{Name: "Idempotency-Key", In: "header", Description: "The same key with the same file gives the same answer for 24 hours.", Schema: &huma.Schema{Type: "string"}}},
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

// failure describes an answer that tells a problem.
func (a *API) failure(words string) *huma.Response {
	problem := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[Problem](), true, "Problem")
	return &huma.Response{Description: words, Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
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
			a.refuse(w, r, err)
		}
	})
}

// refuse answers with an error as a problem.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := a.problem(r.Context(), err).(*Problem)
	maps.Copy(w.Header(), p.GetHeaders())
	writeJSON(w, p.Status, "application/problem+json", p)
}

func writeJSON(w http.ResponseWriter, status int, kind string, v any) {
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) // a client that went away is nobody's error
}

func (a *API) upload(w http.ResponseWriter, r *http.Request) error {
	limit := a.s.Policy(r.Context()).UploadBytes
	if r.ContentLength > limit+formRoom {
		return fault.New(fault.TooLarge, "fault.body_too_large", sizeWords(limit))
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit+formRoom)
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "api.multipart_only").Because(err)
	}
	by := server.Actor(r.Context())
	var purpose file.Purpose
	for {
		part, err := parts.NextPart()
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			return fault.New(fault.TooLarge, "fault.body_too_large", sizeWords(limit))
		case err != nil:
			return fault.At("/file", "fault.required")
		}
		switch part.FormName() {
		case "purpose":
			b, err := io.ReadAll(io.LimitReader(part, 64))
			if err != nil {
				return fault.At("/purpose", "api.unreadable")
			}
			purpose = file.Purpose(strings.ToValidUTF8(string(b), ""))
		case "file":
			if purpose == "" {
				return fault.At("/purpose", "fault.required")
			}
			if err := purpose.MayKeep(by, by.VendorID); err != nil {
				return err // before its bytes are read
			}
			up, err := a.Files.Receive(r.Context(), part, part.FileName(), limit)
			if err != nil {
				return err
			}
			return a.keepUpload(w, r, up, purpose)
		}
	}
}

// formRoom is what a form may take beside its file, in bytes.
const formRoom = 1 << 20

func sizeWords(n int64) string { return strconv.FormatInt(n>>20, 10) + " MB" }

// keepUpload writes the row of an upload, once for an Idempotency-Key.
func (a *API) keepUpload(w http.ResponseWriter, r *http.Request, up file.Upload, purpose file.Purpose) error {
	ctx, by := r.Context(), server.Actor(r.Context())
	key := r.Header.Get("Idempotency-Key")
	if len(key) > 200 {
		return fault.At("/Idempotency-Key", "api.text_at_most", "200")
	}
	o := route{method: http.MethodPost, path: "/files"}
	request, err := hashRequest(o, struct{ Purpose, Name, SHA256 string }{string(purpose), up.Name, up.SHA256})
	if err != nil {
		return err
	}
	var out File
	err = a.s.DB.Write(ctx, func(tx *db.Tx) error {
		slot, err := claim(ctx, tx, by, o, key, request)
		if err != nil {
			return err
		}
		if slot.replayed {
			return slot.into(&out)
		}
		f, err := file.Keep(ctx, tx, by, up, by.VendorID, purpose)
		if err != nil {
			return err
		}
		out = viewFile(server.Printer(ctx), f)
		return slot.keep(ctx, tx, out)
	})
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, "application/json", out)
	return nil
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
