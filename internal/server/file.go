package server

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/yunshi-market/yunshi/internal/file"
)

// SendFile writes a file's content.
func SendFile(w http.ResponseWriter, r *http.Request, files *file.Files, f file.File, download bool) error {
	data, err := files.Open(r.Context(), f)
	if err != nil {
		return err
	}
	disposition := "attachment"
	if !download && (f.Type == "application/pdf" || f.Type == "image/png" || f.Type == "image/jpeg") {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	h.Set("Cache-Control", "private, max-age=300")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox")
	if f.Type == "application/pdf" {
		h.Set("Content-Security-Policy", "default-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'")
	}
	_, err = w.Write(data)
	return err
}
