package office

import (
	"context"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/violation"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type vendors struct{ *web.Site }

func vendorRoutes(s *web.Site) {
	o := vendors{s}
	s.Staff("GET /office/vendors", o.list)
	s.Staff("GET /office/vendors/{id}", o.show)
}

// vendorLine is a vendor with how far it has come.
type vendorLine struct {
	vendor.Vendor
	Stage onboarding.Stage
}

type vendorsView struct {
	P     text.Printer
	Now   time.Time
	Query string
	List  []vendorLine
	Turn  ui.Turn
}

func (o vendors) list(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := vendorsView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Query: q.Get("q")}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		all, err := vendor.List(ctx, tx, by, vendor.Filter{Query: v.Query, Before: q.Get("cursor"), Limit: vendorPage})
		if err != nil {
			return err
		}
		for _, x := range all {
			f, err := onboarding.Load(ctx, tx, x.ID)
			if err != nil {
				return err
			}
			v.List = append(v.List, vendorLine{x, f.Stage(tx.Now())})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n := len(v.List); n == vendorPage {
		next := r.URL.Query()
		next.Set("cursor", v.List[n-1].ID)
		v.Turn.Next = "/office/vendors?" + next.Encode()
	}
	if q.Get("cursor") != "" {
		v.Turn.First = "/office/vendors"
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_vendors"), vendorsPage(v))
}

// vendorPage is how many vendors stand on one page; each one's stage is concluded from its facts.
const vendorPage = 25

type vendorView struct {
	P       text.Printer
	Now     time.Time
	Policy  policy.Policy
	Vendor  vendor.Vendor
	State   onboarding.State
	Deposit deposit.State
	Moments []ui.Moment
	Exit    *exit.Exit // nil where it never asked to leave
	Against []violation.Listed
	Turn    ui.Turn

	SeesMoney bool
}

func (o vendors) show(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	v := vendorView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Policy: o.Policy(r.Context())}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Vendor, err = vendor.Get(ctx, tx, by, id); err != nil {
			return err
		}
		v.SeesMoney = by.May(access.SeeMoney)
		if v.State, err = onboarding.Of(ctx, tx, by, id); err != nil {
			return err
		}
		if v.Deposit, err = deposit.Load(ctx, tx, id); err != nil {
			return err
		}
		if v.Against, err = violation.List(ctx, tx, by, violation.Filter{VendorID: id, Limit: 5}); err != nil {
			return err
		}
		desk, err := exit.Of(ctx, tx, by, id)
		if err != nil {
			return err
		}
		v.Exit = desk.Exit
		events, err := event.List(ctx, tx, by, event.Filter{VendorID: id, Before: r.URL.Query().Get("cursor"), Limit: 100})
		if err != nil {
			return err
		}
		if len(events) == 100 {
			v.Turn.Next = "/office/vendors/" + id + "?cursor=" + events[99].ID
		}
		v.Moments, err = web.Moments(ctx, tx, by, v.P, events)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web_vendor.title", v.name()), vendorPageOf(v))
}

func (v vendorView) name() string {
	if v.Vendor.Name == "" {
		return v.P.T("web_vendor.unnamed")
	}
	return v.Vendor.Name
}

// facts are what staff read of a company; people and accounts are masked.
func (v vendorView) facts() []ui.Fact {
	c := v.Vendor.Company
	out := []ui.Fact{
		{Term: v.P.T("web_vendor.id"), Value: v.Vendor.ID, Copy: true},
		{Term: v.P.T("web_vendor.uscc"), Value: v.Vendor.USCC},
	}
	if c.Name == "" {
		return out
	}
	return append(out,
		ui.Fact{Term: v.P.T("web_vendor.legal_person"), Value: vault.Mask(c.LegalPerson, 1, 0)},
		ui.Fact{Term: v.P.T("web_vendor.capital"), Value: c.Capital.In(v.P.Lang)},
		ui.Fact{Term: v.P.T("web_vendor.contact"), Value: vault.Mask(c.Contact.Name, 1, 0) + " · " + vault.MaskPhone(c.Contact.Phone) + " · " + vault.MaskMail(c.Contact.Mail)},
		ui.Fact{Term: v.P.T("web_vendor.service"), Value: c.ServicePhone + " · " + c.ServiceMail},
		ui.Fact{Term: v.P.T("web_vendor.account"), Value: c.Account.Bank + " " + c.Account.Branch + " " + vault.MaskAccount(c.Account.Number)},
	)
}

// missing lists what stands between the vendor and the shelf.
func (v vendorView) missing() []ui.Requirement {
	var out []ui.Requirement
	for _, a := range v.State.Acts {
		if a.Act != policy.Shelve {
			continue
		}
		for _, n := range a.Needs {
			state := ui.NotMet
			if n.Waiting == onboarding.Operator {
				state = ui.InReview
			}
			x := ui.Requirement{State: state, Rule: n.Rule, Text: v.P.Say(n.Message)}
			if n.Mend.Key != "" {
				x.Mend = v.P.Say(n.Mend)
			}
			out = append(out, x)
		}
	}
	return out
}

// money leads those who see money to the vendor's deposit.
func (v vendorView) money() []ui.Act {
	if !v.SeesMoney {
		return nil
	}
	return []ui.Act{{Label: v.P.T("web_vendor.open"), Href: "/office/deposits/" + v.Vendor.ID, Quiet: true}}
}
