package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
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

type bankLines struct{ *web.Site }

const linesHome = "/office/bank-lines"

func bankLineRoutes(s *web.Site) {
	o := bankLines{s}
	s.Staff("GET /office/bank-lines", o.list)
	s.Staff("GET /office/bank-lines/{id}", o.one)
	s.Staff("POST /office/bank-lines/{id}/confirm", o.confirm)
	s.Staff("POST /office/bank-lines/{id}/assign", o.assign)
	s.Staff("POST /office/bank-lines/{id}/withdraw", o.withdraw)
	outlookRoutes(s)
}

// linesView is the workbench of the lines of bank statements.
type linesView struct {
	P         text.Printer
	Now       time.Time
	Me        access.Actor
	Policy    policy.Policy
	State     payment.State
	Statement string
	File      string // the name of the statement's file, or of the one line's
	Counts    []payment.Count
	Lines     []payment.Line
	Vendors   map[string]deposit.Account // of whom lines are proposed
	People    map[string]string
	Turn      ui.Turn
	Form      ui.Form // of a confirmation that came back
	Query     string  // one line: who to look for
	Found     []deposit.Account
	Receipt   deposit.Receipt // one line: what it was taken for
	Ways      []deposit.Outlook
	Decisions []deposit.Decision
	Presented []deposit.Voucher // of the vendor it is proposed for
}

func (o bankLines) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := linesView{State: payment.State(q.Get("state")), Statement: q.Get("statement")}
	if v.State == "" && v.Statement == "" {
		v.State = payment.Certain
	}
	err := o.fill(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Counts, err = payment.Counts(ctx, tx, by); err != nil {
			return err
		}
		if v.Statement != "" {
			s, err := payment.GetStatement(ctx, tx, by, v.Statement)
			if err != nil {
				return err
			}
			v.File = s.FileName
		}
		v.Lines, err = payment.Lines(ctx, tx, by, payment.Filter{State: v.State, Statement: v.Statement, Before: q.Get("cursor"), Limit: pageSize})
		return err
	})
	if err != nil {
		return err
	}
	if n := len(v.Lines); n > 0 {
		v.Turn = turn(r, n, v.Lines[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_bank_lines"), linesPage(v))
}

// fill reads the lines and the names of everybody in them.
func (o bankLines) fill(r *http.Request, v *linesView, read func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	v.P, v.Now, v.Me = server.Printer(r.Context()), o.DB.Clock().Now(), server.Actor(r.Context())
	return o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		if err := read(ctx, tx, by); err != nil {
			return err
		}
		vendors, people := []string{}, []string{}
		for _, l := range v.Lines {
			if l.Subject != "" && !slices.Contains(vendors, l.Subject) {
				vendors = append(vendors, l.Subject)
			}
			for _, s := range l.Shares {
				if s.Subject != "" && !slices.Contains(vendors, s.Subject) {
					vendors = append(vendors, s.Subject)
				}
			}
			people = append(people, l.ImportedBy, l.ProposedBy, l.TakenBy)
		}
		for _, d := range v.Decisions {
			people = append(people, d.AskedBy, d.DecidedBy)
		}
		if v.Receipt.VendorID != "" {
			vendors = append(vendors, v.Receipt.VendorID)
		}
		accounts, err := deposit.Accounts(ctx, tx, by, deposit.Filter{IDs: vendors, Limit: 200})
		if err != nil {
			return err
		}
		v.Vendors = make(map[string]deposit.Account, len(accounts))
		for _, a := range accounts {
			v.Vendors[a.VendorID] = a
		}
		v.People, err = account.Names(ctx, tx, people)
		return err
	})
}

func (o bankLines) one(w http.ResponseWriter, r *http.Request) error {
	return o.showOne(w, r, http.StatusOK, ui.Form{})
}

func (o bankLines) showOne(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := linesView{Form: form, Query: r.URL.Query().Get("q")}
	err := o.fill(r, &v, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		l, err := payment.Get(ctx, tx, by, r.PathValue("id"))
		if err != nil {
			return err
		}
		v.Lines = []payment.Line{l}
		of, err := payment.GetStatement(ctx, tx, by, l.StatementID)
		if err != nil {
			return err
		}
		v.File = of.FileName
		if v.Ways, err = deposit.Outlooks(ctx, tx, by, l.Target()); err != nil {
			return err
		}
		if v.Decisions, err = deposit.Decisions(ctx, tx, by, deposit.DecisionFilter{Target: l.Target(), Limit: 20}); err != nil {
			return err
		}
		if l.State == payment.Taken {
			if strings.HasPrefix(l.TakenFor, "rct_") {
				v.Receipt, err = deposit.GetReceipt(ctx, tx, by, l.TakenFor)
			}
			return err
		}
		if l.Subject != "" {
			if v.Presented, err = deposit.Vouchers(ctx, tx, by, l.Subject); err != nil {
				return err
			}
			v.Presented = slices.DeleteFunc(v.Presented, func(x deposit.Voucher) bool { return x.Status != deposit.VoucherPresented })
		}
		filter := deposit.Filter{Limit: 20}
		if v.Query != "" {
			found, err := vendor.List(ctx, tx, by, vendor.Filter{Query: v.Query, Limit: 50})
			if err != nil {
				return err
			}
			filter.IDs = []string{}
			for _, x := range found {
				filter.IDs = append(filter.IDs, x.ID)
			}
		}
		v.Found, err = deposit.Accounts(ctx, tx, by, filter)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_bank.line"), linePage(v))
}

func (o bankLines) confirm(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Confirmation
	err := web.Form(w, r, &in)
	var receipt deposit.Receipt
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			receipt, err = deposit.Confirm(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return o.showOne(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return o.Refused(w, r, linesHome+"/"+url.PathEscape(in.LineID), err)
	}
	return o.Done(w, r, backTo(r), "web_bank.confirmed", receipt.Number, receipt.Payer)
}

// backTo is the list that the reader came from.
func backTo(r *http.Request) string {
	return web.Safe(r.PostForm.Get("_back"), linesHome)
}

func (o bankLines) assign(w http.ResponseWriter, r *http.Request) error {
	var in payment.Assignment
	return o.act(w, r, &in, "web_bank.assigned", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := payment.Assign(ctx, tx, by, in)
		return err
	})
}

func (o bankLines) withdraw(w http.ResponseWriter, r *http.Request) error {
	var in payment.Withdrawal
	return o.act(w, r, &in, "web_bank.withdrawn", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := payment.Withdraw(ctx, tx, by, in)
		return err
	})
}

func (o bankLines) act(w http.ResponseWriter, r *http.Request, in any, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	err := web.Form(w, r, in)
	if err == nil {
		err = o.Write(r, do)
	}
	to := linesHome + "/" + url.PathEscape(r.PathValue("id"))
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, said)
}

// effect says in words what the confirmation of a line does. Rules D-3 and D-12.
func (v linesView) effect(l payment.Line) string {
	a := v.Vendors[l.Subject]
	held := money.CNY(min(l.Amount.Fen, a.Due.Fen))
	left, excess := money.CNY(a.Due.Fen-held.Fen), money.CNY(l.Amount.Fen-held.Fen)
	switch {
	case held.Fen == 0:
		return v.P.T("web_bank.effect_excess_only", excess, a.VendorName)
	case excess.Fen > 0:
		return v.P.T("web_bank.effect_excess", a.VendorName, held, excess)
	case left.Fen > 0:
		return v.P.T("web_bank.effect_part", a.VendorName, held, left)
	}
	return v.P.T("web_bank.effect_full", a.VendorName, held)
}

// barred says why the reader may not confirm the line; "" is that it may. Rule D-7.
func (v linesView) barred(l payment.Line) string {
	switch {
	case !v.Me.May(access.ConfirmMoney):
		return v.P.T("fault.forbidden")
	case v.Policy.OnePersonForMoney:
		return ""
	case l.ImportedBy == v.Me.ID:
		return v.P.T("deposit.imported_by_you")
	case l.ProposedBy == v.Me.ID:
		return v.P.T("deposit.assigned_by_you")
	}
	return ""
}

func (v linesView) mayPropose() bool { return v.Me.May(access.ImportMoney) }

func (v linesView) vendorName(id string) string {
	if a, ok := v.Vendors[id]; ok && a.VendorName != "" {
		return a.VendorName
	}
	return id
}

// here is the address of the list as it stands, to come back to after an act.
func (v linesView) here() string {
	q := url.Values{}
	if v.State != "" {
		q.Set("state", string(v.State))
	}
	if v.Statement != "" {
		q.Set("statement", v.Statement)
	}
	return linesHome + "?" + q.Encode()
}

func (v linesView) tabs() []ui.NavItem {
	var out []ui.NavItem
	for _, c := range v.Counts {
		item := ui.NavItem{Label: v.P.T(c.State.Label()), Href: linesHome + "?state=" + string(c.State), Current: v.State == c.State && v.Statement == ""}
		if c.State != payment.Taken && c.State != payment.Debit {
			item.Count = c.Lines
		}
		out = append(out, item)
	}
	return out
}

func lineStatus(p text.Printer, s payment.State) ui.Status {
	tone := map[payment.State]ui.Tone{payment.Certain: ui.OK, payment.Doubtful: ui.Warn, payment.Unknown: ui.Neutral, payment.Taken: ui.Info}[s]
	return ui.Status{Label: p.T(s.Label()), Tone: tone}
}
