package storefront

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// sellView tells companies how to sell here, from the policy in force.
type sellView struct {
	P      text.Printer
	Policy policy.Policy
	Start  ui.Act
}

func (f front) sell(w http.ResponseWriter, r *http.Request) error {
	page := f.page(w, r, "web_sell.title")
	page.Description = page.P.T("web_sell.lead")
	v := sellView{P: page.P, Policy: f.Policy(r.Context()), Start: ui.Act{Label: page.P.T("web_sell.register"), Href: "/register", Main: true}}
	if server.Actor(r.Context()).Kind == access.Member {
		v.Start = ui.Act{Label: page.P.T("web_sell.go_on"), Href: "/console", Main: true}
	}
	return f.Show(w, r, http.StatusOK, page, sellPage(v))
}

func (v sellView) steps() []ui.Fact {
	var out []ui.Fact
	for i, s := range []string{"register", "apply", "review", "contract", "deposit", "shelf"} {
		out = append(out, ui.Fact{Term: strconv.Itoa(i+1) + " · " + v.P.T(text.Key("web_sell.step_"+s)), Value: v.P.T(text.Key("web_sell.note_" + s))})
	}
	return out
}

func (v sellView) conditions() []ui.Fact {
	var out []ui.Fact
	for _, c := range v.Policy.Conditions {
		name := c.Name.In(v.P.Lang)
		if own := v.onlyFor(c.ID); own != "" {
			name = v.P.T("web_sell.only_for", own, name)
		}
		out = append(out, ui.Fact{Term: name, Value: c.Help.In(v.P.Lang)})
	}
	return out
}

// onlyFor names the categories that ask for a condition, if not all do.
func (v sellView) onlyFor(id policy.ConditionID) string {
	var names []string
	for _, c := range v.Policy.Categories {
		for _, have := range c.Conditions {
			if have == id {
				names = append(names, c.Name.In(v.P.Lang))
			}
		}
	}
	if len(names) == len(v.Policy.Categories) {
		return ""
	}
	return v.P.List(names)
}

func (v sellView) fees() ui.Table {
	t := ui.Table{
		Caption: v.P.T("web_sell.fees"),
		Columns: []ui.Column{{Label: v.P.T("web_sell.category")}, {Label: v.P.T("web_sell.deposit"), Align: ui.End}, {Label: v.P.T("web_sell.fee"), Align: ui.End}},
	}
	fee := v.P.T("web_sell.percent", percent(v.Policy.Modes[policy.Platform].FeeBasisPoints))
	for _, c := range v.Policy.Categories {
		t.Rows = append(t.Rows, ui.Row{Cells: []templ.Component{ui.S(c.Name.In(v.P.Lang)), ui.Amount(c.Deposit()), ui.S(fee)}})
	}
	return t
}

// percent writes basis points as a percentage: 1000 is "10", 1250 is "12.5".
func percent(bps int64) string {
	whole, rest := bps/100, bps%100
	s := strconv.Itoa(int(whole))
	if rest == 0 {
		return s
	}
	frac := strconv.Itoa(int(100 + rest))[1:]
	if frac[1] == '0' {
		frac = frac[:1]
	}
	return s + "." + frac
}
