package office

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type records struct{ *web.Site }

func recordRoutes(s *web.Site) {
	o := records{s}
	s.Staff("GET /office/messages", o.messages)
	s.Staff("POST /office/messages/{id}/resend", o.resend)
	s.Staff("GET /office/jobs", o.jobs)
	s.Staff("POST /office/jobs/{id}/retry", o.retry)
}

// pageSize is how many rows a list of the office shows.
const pageSize = 50

// turn is the pager below a list read with one row too many for its page.
func turn(r *http.Request, rows int, last string) ui.Turn {
	t := ui.Turn{}
	q := r.URL.Query()
	if q.Get("cursor") != "" {
		first := url.Values{}
		for k, v := range q {
			if k != "cursor" {
				first[k] = v
			}
		}
		t.First = r.URL.Path + "?" + first.Encode()
	}
	if rows >= pageSize {
		q.Set("cursor", last)
		t.Next = r.URL.Path + "?" + q.Encode()
	}
	return t
}

type messagesView struct {
	P      text.Printer
	Now    time.Time
	Filter notify.Filter
	List   []notify.Message
	May    bool // send again
	Turn   ui.Turn
}

func (o records) messages(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := messagesView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(),
		Filter: notify.Filter{VendorID: q.Get("vendor"), State: notify.State(q.Get("state")), Channel: notify.Channel(q.Get("channel")), Before: q.Get("cursor"), Limit: pageSize}}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ResendMessages)
		v.List, err = notify.List(ctx, tx, by, v.Filter)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_office.messages"), messagesPage(v))
}

func (o records) resend(w http.ResponseWriter, r *http.Request) error {
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := notify.Resend(ctx, tx, by, notify.Again{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return o.Refused(w, r, "/office/messages", err)
	}
	return o.Done(w, r, "/office/messages", "web_office.resent")
}

type jobsView struct {
	P    text.Printer
	Now  time.Time
	List []job.Failure
	May  bool // retry
}

func (o records) jobs(w http.ResponseWriter, r *http.Request) error {
	v := jobsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.SeeEvents); err != nil {
			return err // what failed may tell more than a clerk needs
		}
		v.May = by.May(access.RetryJobs)
		v.List, err = job.Failures(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_office.jobs"), jobsPage(v))
}

func (o records) retry(w http.ResponseWriter, r *http.Request) error {
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return event.RetryJob(ctx, tx, by, r.PathValue("id"))
	})
	if err != nil {
		return o.Refused(w, r, "/office/jobs", err)
	}
	return o.Done(w, r, "/office/jobs", "web_office.retried")
}
