package server

import (
	"encoding/json"
	"html"
	"net/http"
	"strings"

	"github.com/yunshi-market/yunshi/internal/text"
)

// plainly answers where no face can: a sentence and the request's id, as a problem
// for a program and as a bare page for a person.
func (s *Server) plainly(w http.ResponseWriter, r *http.Request, status int, key text.Key) {
	i := of(r.Context())
	say := i.printer.T(key)
	h := w.Header()
	h.Del("Content-Encoding")
	h.Del("Content-Length")
	h.Set("Cache-Control", "no-store")
	if strings.HasPrefix(r.URL.Path, "/v1/") {
		h.Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]any{ // a client that went away is nobody's error
			"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": say, "code": codes[status], "instance": i.id})
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write([]byte(`<!doctype html><html lang="` + i.printer.Lang.Tag() + `"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
		`<title>` + http.StatusText(status) + `</title><p>` + html.EscapeString(say) + `</p><p><code>` + i.id + `</code></p></html>`))
}

// codes are the problems' words for the statuses that plainly answers with.
var codes = map[int]string{
	http.StatusBadRequest: "invalid", http.StatusForbidden: "forbidden",
	http.StatusInternalServerError: "internal", http.StatusServiceUnavailable: "internal",
}
