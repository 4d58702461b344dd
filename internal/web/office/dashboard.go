package office

import (
	"context"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type dashboard struct {
	*web.Site
	kept *report.Kept
}

func dashboardRoutes(s *web.Site) {
	s.Staff("GET /office", dashboard{s, &report.Kept{}}.show)
}

type dashboardView struct {
	P    text.Printer
	Now  time.Time
	Sum  report.Overview
	Name string // who reads
	By   access.Actor
	Mail []readingNote // what of the mailbox needs somebody
}

func (o dashboard) show(w http.ResponseWriter, r *http.Request) error {
	v := dashboardView{P: server.Printer(r.Context()), Now: o.DB.Clock().Now(), Name: server.Account(r.Context()).Name}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.By = by
		if v.Sum, err = report.Office(ctx, tx, by, o.kept); err != nil || !by.May(access.SeeMail) {
			return err
		}
		v.Mail, err = lateMail(ctx, tx, by, v.P, v.Now, o.Letters.Source)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, http.StatusOK, o.New(w, r, ui.Office, "web.nav_dashboard"), dashboardPage(v))
}

// places of the queues and of the points of the story.
var queuePlaces = map[string]string{
	"applications": "/office/applications", "contracts": "/office/contracts", "deposits": "/office/bank-lines", "products": "/office/products",
}

func (v dashboardView) figures() []ui.Figure {
	out := make([]ui.Figure, 0, len(v.Sum.Queues))
	for _, q := range v.Sum.Queues {
		f := ui.Figure{Label: v.P.T(text.Key("web_dashboard.queue_" + q.Name)), Value: ui.Many(int(q.Count)), Href: web.Leads(v.By, queuePlaces[q.Name]), Note: v.P.T("web_dashboard.nobody_waits")}
		switch {
		case q.Count > 0 && q.Late > 0:
			f.Tone, f.Note = ui.Bad, v.P.T("web_dashboard.late", v.P.Span(v.Now.Sub(q.Oldest)))
		case q.Count > 0:
			f.Note = v.P.T("web_dashboard.longest", v.P.Span(v.Now.Sub(q.Oldest)), v.P.Span(time.Duration(q.Hours)*time.Hour))
		default:
			f.Tone = ui.OK
		}
		out = append(out, f)
	}
	return out
}

// others are the queues beside those with a promised time, where something waits
// that the reader may see.
func (v dashboardView) others() (out []ui.Figure) {
	for _, name := range []string{"mail", "violations", "payouts", "exits", "changes"} {
		href := web.Leads(v.By, "/office/"+name)
		if n := v.Sum.Others[name]; n > 0 && href != "" {
			out = append(out, ui.Figure{Label: v.P.T(text.Key("web_dashboard.other_" + name)), Value: ui.Many(n), Href: href})
		}
	}
	return out
}

func (v dashboardView) money() []ui.Figure {
	return []ui.Figure{
		{Label: v.P.T("web_dashboard.held"), Value: v.Sum.Held.String(), Unit: v.P.T("web_dashboard.yuan"), Href: web.Leads(v.By, "/office/deposits")},
		{Label: v.P.T("web_dashboard.due"), Value: v.Sum.Due.String(), Unit: v.P.T("web_dashboard.yuan"), Href: web.Leads(v.By, "/office/deposits")},
		{Label: v.P.T("web_dashboard.on_shelf"), Value: v.P.T("web_dashboard.number", v.Sum.OnShelf), Href: "/products"},
	}
}

func (v dashboardView) funnel() []ui.Bar {
	out := make([]ui.Bar, len(v.Sum.Funnel))
	for i, s := range v.Sum.Funnel {
		out[i] = ui.Bar{Label: v.P.T(text.Key("web_dashboard.reached_" + s.Name)), Value: float64(s.Count), Print: v.P.T("web_dashboard.number", s.Count)}
	}
	return out
}
