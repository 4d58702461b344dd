package api

import (
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/server"
)

// letterUploadRoute takes a saved mail as a plain upload, past the limits of JSON.
func (a *API) letterUploadRoute(tag string) {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(typeOf[MailLetter](), true, "MailLetter")
	answer := func(words string) *huma.Response {
		return &huma.Response{Description: words, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	}
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "upload-letter", Method: http.MethodPost, Path: "/v1/operator/mail", Tags: []string{tag}, Security: []map[string][]string{{"bearer": {}}},
		Summary:     "Hand in a saved mail (.eml); the same mail is kept once (D-6)",
		Description: "Whatever could be read of it, the mail is kept: one that cannot be read waits for a person. The same mail again answers 200 with the letter that stands, so a retry needs no key.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
			Type: "object", Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: "string", Format: "binary"}}}}}},
		Responses: map[string]*huma.Response{
			"200": answer("Known already"), "201": answer("Kept"),
			"401": a.failure("Unauthorized"), "403": a.failure("Not of a role that handles mail"), "413": a.failure("Larger than the limit"), "422": a.failure("No file, or an empty one"),
		},
	})
	a.s.Handle("POST /v1/operator/mail", a.plain(a.uploadLetter))
}

func (a *API) uploadLetter(w http.ResponseWriter, r *http.Request) error {
	by := server.Actor(r.Context())
	if err := by.Require(access.HandleMail); err != nil {
		return err // before its bytes are read
	}
	limit := mailbox.Limit()
	tooLarge := fault.New(fault.TooLarge, "fault.body_too_large", sizeWords(limit))
	if r.ContentLength > limit+formRoom {
		return tooLarge
	}
	r.Body = http.MaxBytesReader(w, r.Body, limit+formRoom)
	parts, err := r.MultipartReader()
	if err != nil {
		return fault.New(fault.Invalid, "api.multipart_only").Because(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fault.At("/file", "fault.required")
		}
		if err == nil && part.FormName() != "file" {
			continue
		}
		var raw []byte
		if err == nil {
			raw, err = io.ReadAll(part)
		}
		var cut *http.MaxBytesError
		switch {
		case errors.As(err, &cut):
			return tooLarge
		case err != nil:
			return fault.At("/file", "file.cut_off").Because(err)
		}
		l, fresh, err := a.Letters.Read(r.Context(), a.s.DB, by, mailbox.ByUpload, part.FileName(), raw)
		if err != nil {
			return err
		}
		status := http.StatusOK
		if fresh {
			status = http.StatusCreated
		}
		writeJSON(w, status, "application/json", viewLetter(server.Printer(r.Context()), l))
		return nil
	}
}
