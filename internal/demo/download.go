package demo

import (
	"net/http"
	"net/url"

	"github.com/yunshi-market/yunshi/internal/market"
)

// statementPath is where the demo offers Statement, made anew at each request.
const statementPath = "/mailroom/statement.csv"

func giveStatement(m *market.Market) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := Statement(r.Context(), m)
		if err != nil {
			m.Server.Log.ErrorContext(r.Context(), "demo statement", "error", err)
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/csv; charset=GB18030")
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(StatementName))
		h.Set("Cache-Control", "no-store")
		w.Write(b) //nolint:errcheck // the reader has gone
	})
}
