package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// place is one entry of a navigation.
type place struct {
	key   string // names its count
	label text.Key
	group text.Key
	href  string
	icon  string
	may   access.Permission // office only
	also  []string          // other addresses that belong to it
}

// officePlaces is the office's navigation in order.
var officePlaces = []place{
	{key: "home", label: "web.nav_dashboard", href: "/office", icon: "home", may: access.SeeOffice},
	{key: "applications", label: "web.nav_applications", group: "web.nav_queues", href: "/office/applications", icon: "check", may: access.SeeVendors},
	{key: "contracts", label: "web.nav_contracts", group: "web.nav_queues", href: "/office/contracts", icon: "contract", may: access.SeeVendors},
	{key: "bank-lines", label: "web.nav_bank_lines", group: "web.nav_queues", href: "/office/bank-lines", icon: "bank", may: access.SeeMoney},
	{key: "mail", label: "web.nav_mail", group: "web.nav_queues", href: "/office/mail", icon: "inbox", may: access.SeeMail},
	{key: "products", label: "web.nav_products", group: "web.nav_queues", href: "/office/products", icon: "box", may: access.SeeVendors},
	{key: "violations", label: "web.nav_violations", group: "web.nav_queues", href: "/office/violations", icon: "warn", may: access.SeeVendors},
	{key: "payouts", label: "web.nav_payouts", group: "web.nav_queues", href: "/office/payouts", icon: "bank", may: access.SeeMoney, also: []string{"/office/payment-files", "/office/payout-matches"}},
	{key: "exits", label: "web.nav_exits", group: "web.nav_queues", href: "/office/exits", icon: "company", may: access.SeeVendors},
	{key: "changes", label: "web.nav_changes", group: "web.nav_queues", href: "/office/changes", icon: "history", may: access.SeeVendors},
	{key: "vendors", label: "web.nav_vendors", group: "web.nav_records", href: "/office/vendors", icon: "company", may: access.SeeVendors},
	{key: "deposits", label: "web.nav_deposits", group: "web.nav_records", href: "/office/deposits", icon: "deposit", may: access.SeeMoney, also: []string{"/office/dispatch"}},
	{key: "statements", label: "web.nav_statements", group: "web.nav_records", href: "/office/bank-statements", icon: "receipt", may: access.SeeMoney},
	{key: "messages", label: "web.nav_messages", group: "web.nav_records", href: "/office/messages", icon: "mail", may: access.SeeMessages},
	{key: "agreements", label: "web.nav_agreements", group: "web.nav_system", href: "/office/agreements", icon: "book", may: access.SeeVendors},
	{key: "policy", label: "web.nav_policy", group: "web.nav_system", href: "/office/policy", icon: "scale", may: access.SeePolicy},
	{key: "reports", label: "web.nav_reports", group: "web.nav_system", href: "/office/reports", icon: "chart", may: access.SeeReports},
	{key: "audit", label: "web.nav_events", group: "web.nav_system", href: "/office/audit", icon: "history", may: access.SeeEvents},
	{key: "jobs", label: "web.nav_jobs", group: "web.nav_system", href: "/office/jobs", icon: "gear", may: access.SeeEvents},
	{key: "staff", label: "web.nav_staff", group: "web.nav_system", href: "/office/staff", icon: "people", may: access.SeeStaff},
}

var consolePlaces = []place{
	{key: "home", label: "web.nav_home", href: "/console", icon: "home"},
	{key: "application", label: "web.nav_application", group: "web.nav_entry", href: "/console/application", icon: "check"},
	{key: "contract", label: "web.nav_contract", group: "web.nav_entry", href: "/console/contract", icon: "contract"},
	{key: "deposit", label: "web.nav_deposit", group: "web.nav_entry", href: "/console/deposit", icon: "deposit"},
	{key: "products", label: "web.nav_my_products", group: "web.nav_trade", href: "/console/products", icon: "box"},
	{key: "violations", label: "web.nav_my_violations", group: "web.nav_trade", href: "/console/violations", icon: "warn"},
	{key: "changes", label: "web.nav_changes", group: "web.nav_company", href: "/console/changes", icon: "company"},
	{key: "exit", label: "web.nav_exit", group: "web.nav_company", href: "/console/exit", icon: "out"},
	{key: "inbox", label: "web.nav_inbox", group: "web.nav_company", href: "/console/inbox", icon: "inbox"},
	{key: "timeline", label: "web.nav_timeline", group: "web.nav_company", href: "/console/timeline", icon: "history"},
	{key: "members", label: "web.nav_members", group: "web.nav_company", href: "/console/members", icon: "people"},
	{key: "keys", label: "web.nav_keys", group: "web.nav_company", href: "/console/keys", icon: "key"},
	{key: "data", label: "web.nav_data", group: "web.nav_company", href: "/console/data", icon: "download"},
}

// holds reports whether an address belongs to the place, and by how long a match.
func (x place) holds(path string) (length int) {
	for _, href := range append([]string{x.href}, x.also...) {
		if path == href || strings.HasPrefix(path, href+"/") {
			length = max(length, len(href))
		}
	}
	return length
}

// Leads is an address of the office for one who may look there, and "" for others.
func Leads(by access.Actor, href string) string {
	path, _, _ := strings.Cut(href, "?")
	best, length := place{}, 0
	for _, x := range officePlaces {
		if n := x.holds(path); n > length {
			best, length = x, n
		}
	}
	if length == 0 || !by.May(best.may) {
		return ""
	}
	return href
}

func items(r *http.Request, p text.Printer, places []place, show func(place) bool, counts map[string]int) []ui.NavItem {
	var nav []ui.NavItem
	best := -1
	length := 0
	for _, x := range places {
		if !show(x) {
			continue
		}
		item := ui.NavItem{Label: p.T(x.label), Href: x.href, Icon: x.icon, Count: counts[x.key]}
		if x.group != "" {
			item.Group = p.T(x.group)
		}
		nav = append(nav, item)
		if n := x.holds(r.URL.Path); n > length {
			best, length = len(nav)-1, n
		}
	}
	if best >= 0 {
		nav[best].Current = true
	}
	return nav
}

func (s *Site) officeNav(r *http.Request, p text.Printer) []ui.NavItem {
	by := server.Actor(r.Context())
	var counts map[string]int
	if s.Counts != nil {
		if err := s.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			counts, err = s.Counts(ctx, tx, by)
			return err
		}); err != nil {
			s.Log.ErrorContext(r.Context(), "office counts", "error", err)
		}
	}
	return items(r, p, officePlaces, func(x place) bool { return by.May(x.may) }, counts)
}

func consoleNav(r *http.Request, p text.Printer) []ui.NavItem {
	return items(r, p, consolePlaces, func(place) bool { return true }, nil)
}

func storefrontFoot(p text.Printer) []ui.NavItem {
	return []ui.NavItem{
		{Group: p.T("web.foot_buyers"), Label: p.T("web.foot_products"), Href: "/products"},
		{Group: p.T("web.foot_vendors"), Label: p.T("web.foot_sell"), Href: "/sell"},
		{Group: p.T("web.foot_vendors"), Label: p.T("web.foot_console"), Href: "/console"},
		{Group: p.T("web.foot_vendors"), Label: p.T("web.foot_api"), Href: "/api"},
		{Group: p.T("web.foot_trust"), Label: p.T("web.foot_verify"), Href: "/verify"},
		{Group: p.T("web.foot_trust"), Label: p.T("web.foot_staff"), Href: "/office"},
	}
}

func personLinks(p text.Printer, kind access.Kind) []ui.NavItem {
	if kind == access.Staff {
		return []ui.NavItem{{Label: p.T("web.to_office"), Href: "/office", Icon: "home"}, {Label: p.T("web.to_security"), Href: "/security", Icon: "lock"}, {Label: p.T("web.to_shop"), Href: "/", Icon: "shop"}}
	}
	return []ui.NavItem{{Label: p.T("web.to_console"), Href: "/console", Icon: "home"}, {Label: p.T("web.to_security"), Href: "/security", Icon: "lock"}, {Label: p.T("web.to_shop"), Href: "/", Icon: "shop"}}
}

func roleNames(p text.Printer, roles []access.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = p.T(RoleKey(r))
	}
	return p.List(names)
}

// RoleKey is the text of a role's name.
func RoleKey(r access.Role) text.Key {
	return text.Key("web.role_" + strings.ReplaceAll(string(r), "-", "_"))
}
