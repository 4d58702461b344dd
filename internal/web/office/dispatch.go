package office

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

const dispatchHome = "/office/dispatch"

type dispatch struct{ *web.Site }

// dispatchRoutes are receipts on paper (D-8) and statements of their loss (D-10).
func dispatchRoutes(s *web.Site) {
	o := dispatch{s}
	s.Staff("GET /office/dispatch", o.list)
	s.Staff("GET /office/dispatch/export", o.export)
	s.Staff("POST /office/dispatch/{id}/send", o.send)
	s.Staff("POST /office/dispatch/{id}/arrived", o.arrived)
	s.Staff("POST /office/dispatch/{id}/back", o.back)
	s.Staff("POST /office/dispatch/receipts/{id}/returned", o.returned)
	s.Staff("POST /office/dispatch/losses/{id}/accept", o.accept)
	s.Staff("POST /office/dispatch/losses/{id}/refuse", o.refuse)
}

// dispatchView is the list of papers.
type dispatchView struct {
	P      text.Printer
	Now    time.Time
	Policy policy.Policy
	May    bool
	Status deposit.ParcelStatus
	List   []deposit.Posted
	Losses []deposit.Back
	Names  map[string]string
	Tabs   []ui.NavItem
	Turn   ui.Turn
	Form   ui.Form
	Open   string // the parcel whose form came back
}

func (o dispatch) list(w http.ResponseWriter, r *http.Request) error {
	return o.show(w, r, http.StatusOK, dispatchView{})
}

func (o dispatch) show(w http.ResponseWriter, r *http.Request, status int, v dispatchView) error {
	q := r.URL.Query()
	v.P, v.Now, v.Status = server.Printer(r.Context()), o.DB.Clock().Now(), deposit.ParcelAsked
	if q.Has("status") {
		v.Status = deposit.ParcelStatus(q.Get("status"))
	}
	top := depositsView{P: v.P}
	err := deposits(o).read(r, &top, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ImportMoney)
		v.List, err = deposit.DispatchList(ctx, tx, by, deposit.DispatchFilter{Status: v.Status, Before: q.Get("cursor"), Limit: pageSize})
		if err != nil {
			return err
		}
		if v.Losses, err = deposit.Losses(ctx, tx, by); err != nil {
			return err
		}
		var vendors []string
		for _, b := range v.Losses {
			vendors = append(vendors, b.VendorID)
		}
		v.Names, err = vendor.Names(ctx, tx, vendors)
		return err
	})
	if err != nil {
		return err
	}
	v.Policy, v.Tabs = top.Policy, top.tabs("dispatch")
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_money.dispatch"), dispatchPage(v))
}

// export writes the papers to be sent as CSV or XLSX, for the courier's own form.
func (o dispatch) export(w http.ResponseWriter, r *http.Request) error {
	p := server.Printer(r.Context())
	day := o.DB.Clock().Now().In(p.Zone).Format("20060102")
	return o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		if err := by.Require(access.ImportMoney); err != nil {
			return err
		}
		return sendTable(w, "dispatch-"+day, sheetFormat(r.URL.Query().Get("as")), sheet.Table{Name: p.T("web_money.dispatch"), Columns: []sheet.Column{
			{Title: p.T("web_deposit.receipt_number"), Width: 20}, {Title: p.T("web_bank.vendor"), Width: 30}, {Title: p.T("web_deposit.recipient"), Width: 12},
			{Title: p.T("web_deposit.recipient_phone"), Width: 18}, {Title: p.T("web_deposit.courier_address"), Width: 60},
		}, Rows: toSend(ctx, tx, by)})
	})
}

// toSend is every paper that waits to be sent, read part by part.
func toSend(ctx context.Context, tx *db.Tx, by access.Actor) iter.Seq2[[]sheet.Cell, error] {
	return func(yield func([]sheet.Cell, error) bool) {
		const part = 200
		for before := ""; ; {
			list, err := deposit.DispatchList(ctx, tx, by, deposit.DispatchFilter{Status: deposit.ParcelAsked, Before: before, Limit: part})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, x := range list {
				if !yield([]sheet.Cell{x.Number, x.VendorName, x.To.Recipient, x.To.Phone, x.To.Address}, nil) {
					return
				}
			}
			if len(list) < part {
				return
			}
			before = list[len(list)-1].ID
		}
	}
}

// act runs one act and goes back to the list.
func (o dispatch) act(w http.ResponseWriter, r *http.Request, in any, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	err := web.Form(w, r, in)
	if err == nil {
		err = o.Write(r, do)
	}
	if status, ok := web.Mended(err); ok {
		return o.show(w, r, status, dispatchView{Form: web.Typed(r, err), Open: r.PathValue("id")})
	}
	if err != nil {
		return o.Refused(w, r, dispatchHome, err)
	}
	return o.Done(w, r, web.Safe(r.PostForm.Get("_back"), dispatchHome), said)
}

func (o dispatch) send(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Dispatch
	return o.act(w, r, &in, "web_money.paper_was_sent", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.Send(ctx, tx, by, in)
		return err
	})
}

func (o dispatch) arrived(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return o.act(w, r, &in, "web_money.paper_has_arrived", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.Arrived(ctx, tx, by, in)
		return err
	})
}

func (o dispatch) back(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Undelivered
	return o.act(w, r, &in, "web_money.paper_came_back", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.CameBack(ctx, tx, by, in)
		return err
	})
}

func (o dispatch) returned(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return o.act(w, r, &in, "web_money.paper_was_returned", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.TakePaper(ctx, tx, by, in)
		return err
	})
}

func (o dispatch) accept(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return o.act(w, r, &in, "web_money.loss_was_accepted", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.AcceptLoss(ctx, tx, by, in)
		return err
	})
}

func (o dispatch) refuse(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Declining
	return o.act(w, r, &in, "web_money.loss_was_refused", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.RefuseLoss(ctx, tx, by, in)
		return err
	})
}
