package office

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

const decisionsHome = "/office/deposits/decisions"

type approvals struct{ *web.Site }

// decisionRoutes are the decisions on received money that two people take.
func decisionRoutes(s *web.Site) {
	o := approvals{s}
	s.Staff("GET /office/deposits/decisions", o.list)
	s.Staff("POST /office/deposits/decisions/{id}/approve", o.approve)
	s.Staff("POST /office/deposits/decisions/{id}/decline", o.decline)
	s.Staff("POST /office/deposits/decisions/{id}/recall", o.recall)
	s.Staff("POST /office/deposits/{id}/apply", o.apply)
	s.Staff("POST /office/deposits/{id}/return-overpaid", o.repay)
	s.Staff("POST /office/deposits/vouchers/{id}/claim", o.claim)
	s.Staff("POST /office/deposits/vouchers/{id}/release", o.release)
}

// decisionsView is the list of decisions.
type decisionsView struct {
	P      text.Printer
	Now    time.Time
	Me     access.Actor
	One    bool // policy allows one person
	Status deposit.DecisionStatus
	List   []deposit.Decision
	Names  map[string]string // of vendors
	People map[string]string
	Tabs   []ui.NavItem
	Turn   ui.Turn
}

func (o approvals) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := decisionsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Me: server.Actor(r.Context()), Status: deposit.DecisionAsked}
	if q.Has("status") {
		v.Status = deposit.DecisionStatus(q.Get("status"))
	}
	top := depositsView{P: v.P}
	err := deposits(o).read(r, &top, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.List, err = deposit.Decisions(ctx, tx, by, deposit.DecisionFilter{Status: v.Status, Before: q.Get("cursor"), Limit: pageSize})
		if err != nil {
			return err
		}
		var vendors, people []string
		for _, d := range v.List {
			vendors, people = append(vendors, d.VendorID), append(people, d.AskedBy, d.DecidedBy)
		}
		if v.Names, err = vendor.Names(ctx, tx, vendors); err != nil {
			return err
		}
		v.People, err = account.Names(ctx, tx, people)
		return err
	})
	if err != nil {
		return err
	}
	v.One, v.Tabs = top.Policy.OnePersonForMoney, top.tabs("decisions")
	if n := len(v.List); n > 0 {
		v.Turn = turn(r, n, v.List[n-1].ID)
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_money.decisions"), decisionsPage(v))
}

// act runs one act and goes back with a word on it.
func (o approvals) act(w http.ResponseWriter, r *http.Request, in any, to string, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	err := web.Form(w, r, in)
	if err == nil {
		err = o.Write(r, do)
	}
	if err != nil {
		return o.Refused(w, r, to, err)
	}
	return o.Done(w, r, to, said)
}

func (o approvals) approve(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return o.act(w, r, &in, decisionsHome, "web_money.was_approved", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.Approve(ctx, tx, by, in)
		return err
	})
}

func (o approvals) decline(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Declining
	return o.act(w, r, &in, decisionsHome, "web_money.was_declined", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.Decline(ctx, tx, by, in)
		return err
	})
}

func (o approvals) recall(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return o.act(w, r, &in, decisionsHome, "web_money.was_recalled", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.Recall(ctx, tx, by, in)
		return err
	})
}

func (o approvals) apply(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Application
	return o.act(w, r, &in, "/office/deposits/"+url.PathEscape(r.PathValue("id")), "web_money.was_asked", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.AskApply(ctx, tx, by, in)
		return err
	})
}

func (o approvals) repay(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Repayment
	return o.act(w, r, &in, "/office/deposits/"+url.PathEscape(r.PathValue("id")), "web_money.was_sent_back", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.ReturnOverpaid(ctx, tx, by, in)
		return err
	})
}

func (o approvals) claim(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return o.act(w, r, &in, "/office/deposits/vouchers", "web_money.was_claimed", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.ClaimVoucher(ctx, tx, by, in)
		return err
	})
}

func (o approvals) release(w http.ResponseWriter, r *http.Request) error {
	var in deposit.Chosen
	return o.act(w, r, &in, "/office/deposits/vouchers", "web_money.was_released", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := deposit.ReleaseVoucher(ctx, tx, by, in)
		return err
	})
}

// mine reports whether the reader asked for it and so may not approve. Rule D-7.
func (v decisionsView) mine(d deposit.Decision) bool { return d.AskedBy == v.Me.ID && !v.One }
