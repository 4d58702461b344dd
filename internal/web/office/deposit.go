package office

import (
	"context"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type deposits struct{ *web.Site }

func depositRoutes(s *web.Site) {
	o := deposits{s}
	s.Staff("GET /office/deposits", o.list)
	s.Staff("GET /office/deposits/vouchers", o.vouchers)
	s.Staff("POST /office/deposits/vouchers/{id}/refuse", o.refuse)
	decisionRoutes(s)
	s.Staff("GET /office/deposits/{id}", o.one)
}

// depositsView is the list of deposits, or the queue of vouchers.
type depositsView struct {
	P       text.Printer
	Now     time.Time
	Policy  policy.Policy
	Total   money.Amount
	Query   string
	List    []deposit.Account
	Waiting int
	Status  deposit.VoucherStatus
	Queue   []deposit.Queued
	May     bool // refuse
	Me      string
	People  map[string]string
	Decides int // that wait for a second person
	Turn    ui.Turn
}

func (o deposits) read(r *http.Request, v *depositsView, fill func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	v.P, v.Now = server.Printer(r.Context()), o.DB.Clock().Now()
	return o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.SeeMoney); err != nil {
			return err
		}
		v.May = by.May(access.ConfirmMoney)
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		waits, err := deposit.Waits(ctx, tx, by)
		if err != nil {
			return err
		}
		v.Waiting, v.Me = waits.Count, by.ID
		if v.Decides, err = deposit.DecisionsWaiting(ctx, tx, by); err != nil {
			return err
		}
		return fill(ctx, tx, by)
	})
}

func (o deposits) list(w http.ResponseWriter, r *http.Request) error {
	v := depositsView{Query: r.URL.Query().Get("q")}
	err := o.read(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Total, err = deposit.Total(ctx, tx, by); err != nil {
			return err
		}
		f := deposit.Filter{Before: r.URL.Query().Get("cursor"), Limit: pageSize}
		if v.Query != "" {
			found, err := vendor.List(ctx, tx, by, vendor.Filter{Query: v.Query, Limit: 200})
			if err != nil {
				return err
			}
			f.IDs = []string{}
			for _, x := range found {
				f.IDs = append(f.IDs, x.ID)
			}
		}
		v.List, err = deposit.Accounts(ctx, tx, by, f)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].VendorID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_deposits"), depositsPage(v))
}

func (o deposits) vouchers(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := depositsView{Status: deposit.VoucherPresented}
	if q.Has("status") {
		v.Status = deposit.VoucherStatus(q.Get("status"))
	}
	err := o.read(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.Queue, err = deposit.Queue(ctx, tx, by, deposit.Filter{Status: v.Status, Before: q.Get("cursor"), Limit: pageSize})
		if err != nil {
			return err
		}
		var holders []string
		for _, x := range v.Queue {
			holders = append(holders, x.Holder)
		}
		v.People, err = account.Names(ctx, tx, holders)
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.Queue); n > 0 {
		v.Turn = turn(r, n, v.Queue[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_bank.vouchers"), vouchersPage(v))
}

func (o deposits) refuse(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Refusal
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := deposit.Refuse(ctx, tx, by, in)
			return err
		})
	}
	const to = "/office/deposits/vouchers"
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, "web_bank.refused")
}

// depositView is one vendor's deposit, for staff.
type depositView struct {
	P        text.Printer
	Now      time.Time
	Policy   policy.Policy
	Vendor   vendor.Vendor
	State    deposit.State
	Vouchers []deposit.Voucher
	Receipts []deposit.Receipt
	May      bool // propose
	Lines    []payment.Line
}

func (o deposits) one(w http.ResponseWriter, r *http.Request) error {
	v := depositView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now()}
	id := r.PathValue("id")
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.SeeMoney); err != nil {
			return err
		}
		v.May = by.May(access.ImportMoney)
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		if v.Vendor, err = vendor.Get(ctx, tx, by, id); err != nil {
			return err
		}
		if v.State, err = deposit.Get(ctx, tx, by, id); err != nil {
			return err
		}
		if v.Vouchers, err = deposit.Vouchers(ctx, tx, by, id); err != nil {
			return err
		}
		if v.Receipts, err = deposit.Receipts(ctx, tx, by, id); err != nil {
			return err
		}
		v.Lines, err = payment.Lines(ctx, tx, by, payment.Filter{Subject: id, Limit: 100})
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_bank.deposit_of", v.Vendor.Name), depositPage(v))
}

func (v depositsView) tabs(current string) []ui.NavItem {
	return []ui.NavItem{
		{Label: v.P.T("web.nav_deposits"), Href: "/office/deposits", Current: current == ""},
		{Label: v.P.T("web_bank.vouchers"), Href: "/office/deposits/vouchers", Count: v.Waiting, Current: current == "vouchers"},
		{Label: v.P.T("web_money.decisions"), Href: decisionsHome, Count: v.Decides, Current: current == "decisions"},
		{Label: v.P.T("web_money.dispatch"), Href: dispatchHome, Current: current == "dispatch"},
	}
}

// most is how much of the overpayment can count as deposit now.
func (v depositView) most() string {
	return money.CNY(min(v.State.Overpaid.Fen, v.State.Missing.Fen)).String()
}

func wayName(p text.Printer, rules policy.Policy, id string) string {
	if w, ok := rules.Way(id); ok {
		return w.Name.In(p.Lang)
	}
	return p.T("deposit.way_transfer")
}

func voucherStatus(p text.Printer, s deposit.VoucherStatus) ui.Status {
	tone := map[deposit.VoucherStatus]ui.Tone{deposit.VoucherPresented: ui.Warn, deposit.VoucherConfirmed: ui.OK, deposit.VoucherRefused: ui.Bad}[s]
	return ui.Status{Label: p.T(s.Label()), Tone: tone}
}
