// Package mailroom is the demo's post: mails and SMS land on one page, so that
// the whole story can be walked with nothing else installed. It is registered in
// a demo only: it shows codes and recipients to whoever can open it.
package mailroom

import (
	"context"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type view struct {
	P    text.Printer
	Now  time.Time
	List []notify.Message
	// Statement is the address of a bank statement to import by hand; "" is none.
	Statement string
}

// Routes registers the page and the files that mails carry.
func Routes(s *web.Site) {
	s.Page("GET /mailroom", func(w http.ResponseWriter, r *http.Request) error {
		v := view{P: server.Printer(r.Context()), Now: s.DB.Clock().Now()}
		if s.Rehearsal != nil {
			v.Statement = s.Rehearsal.Statement
		}
		err := s.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
			v.List, err = notify.Everything(ctx, tx, 100)
			return err
		})
		if err != nil {
			return err
		}
		page := s.New(w, r, ui.Plain, "mailroom.title")
		page.Wide, page.NoIndex = true, true
		w.Header().Set("Cache-Control", "no-store")
		return s.Show(w, r, http.StatusOK, page, mailroomPage(v))
	})
}
