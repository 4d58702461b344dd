package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type home struct{ *web.Site }

func homeRoutes(s *web.Site) {
	s.Member("GET /console", home{s}.show)
}

// homeView is the console's first page: what is next.
type homeView struct {
	P      text.Printer
	Now    time.Time
	Name   string // who reads
	State  onboarding.State
	Policy policy.Policy
	Events []ui.Moment
}

func (h home) show(w http.ResponseWriter, r *http.Request) error {
	v := homeView{P: server.Printer(r.Context()), Now: h.DB.Clock().Now(), Name: server.Account(r.Context()).Name}
	err := h.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.Policy, err = policy.Now(ctx, tx); err != nil {
			return err
		}
		if v.State, err = onboarding.Of(ctx, tx, by, by.VendorID); err != nil || by.VendorID == "" {
			return err
		}
		events, err := event.List(ctx, tx, by, event.Filter{VendorID: by.VendorID, Limit: 6})
		if err != nil {
			return err
		}
		v.Events, err = web.Moments(ctx, tx, by, v.P, events)
		return err
	})
	if err != nil {
		return err
	}
	return h.Show(w, r, http.StatusOK, h.New(w, r, ui.Console, "web.nav_home"), homePage(v))
}

// steps is the way in, with where the vendor stands on it.
func (v homeView) steps() []ui.Step {
	places := map[onboarding.Stage]string{
		onboarding.Applying: "/console/application", onboarding.InReview: "/console/application", onboarding.Contract: "/console/contract",
		onboarding.Deposit: "/console/deposit", onboarding.Open: "/console/products",
	}
	at := slices.Index(onboarding.Stages(), v.stage())
	var out []ui.Step
	for i, s := range onboarding.Stages() {
		step := ui.Step{Label: v.P.T(s.Label())}
		switch {
		case i < at:
			step.State, step.Href = ui.Done, places[s]
		case i == at:
			step.State, step.Href = ui.Now, places[s]
			if v.State.Stage != s {
				step.State, step.Note = ui.Wrong, v.P.T(v.State.Stage.Label())
			}
		}
		if s == onboarding.Open && i == at && v.State.Stage == s {
			step.State = ui.Done
		}
		out = append(out, step)
	}
	return out
}

// stage is the step of the way at which a vendor that fell back stands.
func (v homeView) stage() onboarding.Stage {
	switch v.State.Stage {
	case onboarding.Closed:
		return onboarding.Deposit
	case onboarding.OutOfTerm:
		return onboarding.Contract
	}
	return v.State.Stage
}

// next is the one thing that is next: the first need before anything can be sold,
// or, with none left, products.
func (v homeView) next() ui.NextStep {
	if v.State.VendorID == "" {
		return ui.NextStep{Title: v.P.T("web_home.begin"), Why: v.P.T("web_home.begin_why"), Then: v.P.T("web_home.begin_then"), Act: ui.Act{Label: v.P.T("web_home.begin_act"), Href: "/console/application"}}
	}
	needs := v.State.Needs(policy.Shelve)
	if len(needs) == 0 {
		return ui.NextStep{Title: v.P.T("web_home.sell"), Why: v.P.T("web_home.sell_why"), Act: ui.Act{Label: v.P.T("web_home.sell_act"), Href: "/console/products"}}
	}
	n := needs[0]
	if v.parted() {
		return ui.NextStep{Title: v.P.Say(n.Message), Why: v.P.Say(n.Mend), Act: ui.Act{Label: v.P.T("web_home.go_staying"), Href: "/console/exit"}}
	}
	next := ui.NextStep{Title: v.P.Say(n.Mend), Why: v.P.Say(n.Message), Then: v.P.T(text.Key("web_home.then_" + string(n.Fact))), Waits: n.Waiting != onboarding.Vendor,
		Act: ui.Act{Label: v.P.T(text.Key("web_home.go_" + string(n.Fact))), Href: placeOf(n.Fact)}}
	if !n.Until.IsZero() {
		next.Until = v.P.T("web_home.until", v.P.Time(n.Until), v.P.Ago(n.Until, v.Now))
	}
	if next.Waits {
		next.Act.Label = v.P.T("web_home.look")
	}
	return next
}

// parted reports whether the vendor leaves or has left: nothing is next but that.
func (v homeView) parted() bool {
	return v.State.Stage == onboarding.Leaving || v.State.Stage == onboarding.Left || v.State.Stage == onboarding.Evicted
}

// checklist is every need before a product can be sold, met or not.
func (v homeView) checklist() []ui.Requirement {
	missing := map[policy.Fact]onboarding.Need{}
	for _, n := range v.State.Needs(policy.Shelve) {
		missing[n.Fact] = n
	}
	var out []ui.Requirement
	for _, fact := range v.Policy.Gates[policy.Shelve] {
		if fact == policy.NeedsApproved {
			continue // each product's own, shown with it
		}
		n, isMissing := missing[fact]
		if !isMissing {
			out = append(out, ui.Requirement{State: ui.IsMet, Text: v.P.T(text.Key("web_home.met_" + string(fact)))})
			continue
		}
		out = append(out, requirements(v.P, []onboarding.Need{n})...)
	}
	return out
}

func (v homeView) mayCreate() bool { return len(v.State.Needs(policy.CreateProduct)) == 0 }
