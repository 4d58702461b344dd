package office

import (
	"context"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type payouts struct{ *web.Site }

const (
	payoutsHref = "/office/payouts"
	filesHref   = "/office/payment-files"
	matchesHref = "/office/payout-matches"
)

func payoutRoutes(s *web.Site) {
	o := payouts{s}
	s.Staff("GET /office/payouts", o.list)
	s.Staff("GET /office/payouts/{id}", o.show)
	s.Staff("POST /office/payouts/{id}/approve", o.one(payout.Approve, "web_payout.approved"))
	s.Staff("POST /office/payouts/{id}/cancel", o.cancel(payout.Cancel, "web_payout.cancelled"))
	s.Staff("POST /office/payouts/{id}/refuse", o.cancel(payout.Refuse, "web_payout.refused"))
	s.Staff("POST /office/payouts/{id}/correct", o.correct)
	s.Staff("POST /office/payouts/{id}/match", o.match)
	s.Staff("POST /office/payouts/{id}/dismiss", o.dismiss)
	s.Staff("GET /office/payout-matches", o.matches)
	s.Staff("GET /office/payment-files", o.files)
	s.Staff("POST /office/payment-files", o.makeFile)
	s.Staff("GET /office/payment-files/{id}", o.file)
	s.Staff("POST /office/payment-files/{id}/reject", o.reject)
}

// payoutsView is the queue of payouts and its neighbours.
type payoutsView struct {
	P       text.Printer
	Now     time.Time
	Policy  policy.Policy
	Status  payout.Status
	All     bool
	Counts  []payout.Count
	Waiting int // lines to match
	List    []payout.Listed
	Ready   []payout.Listed // approved, for a new file
	Files   []payout.Batch
	Matches []payout.Matched
	May     bool
	Form    ui.Form
	Turn    ui.Turn
}

func (o payouts) read(r *http.Request, v *payoutsView, fill func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	v.P, v.Now, v.Policy = server.Printer(r.Context()), o.DB.Clock().Now(), o.Policy(r.Context())
	return o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Counts, err = payout.Counts(ctx, tx, by); err != nil {
			return err
		}
		v.May = by.May(access.PayOut)
		if v.Matches, err = payout.Matches(ctx, tx, by); err != nil {
			return err
		}
		v.Waiting = len(v.Matches)
		return fill(ctx, tx, by)
	})
}

func (v payoutsView) count(s payout.Status) payout.Count {
	for _, c := range v.Counts {
		if c.Status == s {
			return c
		}
	}
	return payout.Count{}
}

func (o payouts) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := payoutsView{Status: payout.Status(q.Get("status")), All: q.Get("show") == "all"}
	if v.Status == "" && !v.All {
		v.Status = payout.Ordered
	}
	err := o.read(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.List, err = payout.List(ctx, tx, by, payout.Filter{Status: v.Status, Before: q.Get("cursor"), Limit: pageSize})
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_payouts"), payoutsPage(v))
}

func (o payouts) matches(w http.ResponseWriter, r *http.Request) error {
	var v payoutsView
	if err := o.read(r, &v, func(context.Context, *db.Tx, access.Actor) error { return nil }); err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_payout.matches"), payoutMatchesPage(v))
}

func (o payouts) files(w http.ResponseWriter, r *http.Request) error {
	return o.filesPage(w, r, http.StatusOK, ui.Form{})
}

func (o payouts) filesPage(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := payoutsView{Form: form}
	err := o.read(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Ready, err = payout.List(ctx, tx, by, payout.Filter{Status: payout.Approved, Limit: 200}); err != nil {
			return err
		}
		v.Files, err = payout.Batches(ctx, tx, by, r.URL.Query().Get("cursor"), pageSize)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.Files); n > 0 {
		v.Turn = turn(r, n, v.Files[n-1].ID)
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_payout.files"), paymentFilesPage(v))
}

func (o payouts) makeFile(w http.ResponseWriter, r *http.Request) error {
	var in payout.Making
	var made payout.Batch
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			made, err = payout.MakeFile(ctx, tx, by, in)
			return err
		})
	}
	if err == nil {
		return o.Done(w, r, filesHref+"/"+made.ID, "web_payout.file_made")
	}
	if status, ok := web.Mended(err); ok {
		return o.filesPage(w, r, status, web.Typed(r, err))
	}
	return o.Refused(w, r, filesHref, err)
}

// fileView is one payment file.
type fileView struct {
	P    text.Printer
	Now  time.Time
	B    payout.Batch
	From policy.Payee
	List []payout.Listed
	May  bool
}

func (o payouts) file(w http.ResponseWriter, r *http.Request) error {
	v := fileView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.B, err = payout.GetBatch(ctx, tx, by, payout.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		v.May = by.May(access.PayOut)
		v.List, err = payout.List(ctx, tx, by, payout.Filter{Batch: v.B.ID, Limit: 200})
		return err
	})
	if err != nil {
		return err
	}
	v.From, _ = o.Policy(r.Context()).Payee(v.B.PayeeID)
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_payout.files"), paymentFilePage(v))
}

func (o payouts) reject(w http.ResponseWriter, r *http.Request) error {
	var in payout.Rejection
	return o.act(w, r, &in, filesHref+"/"+r.PathValue("id"), "web_payout.file_rejected", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := payout.Reject(ctx, tx, by, in)
		return err
	})
}

// act decodes a small form, runs an operation and leads back, with a word of what
// was done or why not.
func (o payouts) act(w http.ResponseWriter, r *http.Request, in any, back string, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	err := web.Form(w, r, in)
	if err == nil {
		err = o.Write(r, do)
	}
	if err != nil {
		return o.Refused(w, r, back, err)
	}
	return o.Done(w, r, back, said)
}

func (o payouts) one(do func(context.Context, *db.Tx, access.Actor, payout.Chosen) (payout.Payout, error), said text.Key) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		var in payout.Chosen
		return o.act(w, r, &in, payoutsHref+"/"+r.PathValue("id"), said, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := do(ctx, tx, by, in)
			return err
		})
	}
}

func (o payouts) cancel(do func(context.Context, *db.Tx, access.Actor, payout.Cancellation) (payout.Payout, error), said text.Key) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		var in payout.Cancellation
		return o.act(w, r, &in, payoutsHref+"/"+r.PathValue("id"), said, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := do(ctx, tx, by, in)
			return err
		})
	}
}

func (o payouts) match(w http.ResponseWriter, r *http.Request) error {
	var in payout.Match
	return o.act(w, r, &in, payoutsHref+"/"+r.PathValue("id"), "web_payout.matched", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := payout.Settle(ctx, tx, by, in)
		return err
	})
}

func (o payouts) dismiss(w http.ResponseWriter, r *http.Request) error {
	var in payout.Match
	return o.act(w, r, &in, payoutsHref+"/"+r.PathValue("id"), "web_payout.dismissed", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return payout.Dismiss(ctx, tx, by, in)
	})
}

// payoutView is one payout, for staff.
type payoutView struct {
	P     text.Printer
	Now   time.Time
	D     payout.Detail
	By    access.Actor
	Names map[string]string // of staff
	One   bool              // policy lets one person order and approve
	Form  ui.Form
}

// mine reports whether the reader ordered the payout and so may not approve it.
func (v payoutView) mine() bool { return v.By.ID == v.D.AskedBy && !v.One }

func (o payouts) show(w http.ResponseWriter, r *http.Request) error {
	return o.page(w, r, http.StatusOK, ui.Form{})
}

func (o payouts) page(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := payoutView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), One: o.Policy(r.Context()).OnePersonForMoney, Form: form}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.By = by
		if v.D, err = payout.Get(ctx, tx, by, payout.Chosen{ID: r.PathValue("id")}); err != nil {
			return err
		}
		v.Names, err = account.Names(ctx, tx, []string{v.D.AskedBy, v.D.ApprovedBy})
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web.nav_payouts"), payoutPage(v))
}

func (o payouts) correct(w http.ResponseWriter, r *http.Request) error {
	var in payout.Correction
	to := payoutsHref + "/" + r.PathValue("id")
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := payout.Correct(ctx, tx, by, in)
			return err
		})
	}
	if err == nil {
		return o.Done(w, r, to, "web_payout.corrected")
	}
	if status, ok := web.Mended(err); ok {
		return o.page(w, r, status, web.Typed(r, err))
	}
	return o.Refused(w, r, to, err)
}
