// Package ui is the kit of Yunshi's pages: the shells of its three rooms (the
// storefront, the vendor's console, the operator's office), and each part of a
// page once, as a templ component with typed parameters. It owns how things
// look and how a form keeps what was typed; it knows nothing of the business.
// What it is handed is already in the reader's language; its own few words come
// from the catalogue through the printer that Shell puts in the context.
package ui

import (
	"context"
	"strconv"
	"strings"

	"github.com/yunshi-market/yunshi/internal/text"
)

// Room is which of the shells a page stands in.
type Room string

// The rooms.
const (
	Storefront Room = "storefront" // for buyers: 16 px, air
	Console    Room = "console"    // for a vendor
	Office     Room = "office"     // for the operator's staff
	Plain      Room = "plain"      // sign-in, registration, verification: one thing in the middle
)

// Tone is what a colour says.
type Tone string

// The tones. The zero value is Neutral.
const (
	Neutral Tone = ""
	OK      Tone = "ok"
	Warn    Tone = "warn"
	Bad     Tone = "bad"
	Info    Tone = "info"
)

// Theme is the reader's choice of light or dark; the zero value follows the system.
type Theme string

// The themes a reader may choose.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// ThemeOf reads the value of the "theme" cookie; anything unknown follows the system.
func ThemeOf(cookie string) Theme {
	if t := Theme(cookie); t == Light || t == Dark {
		return t
	}
	return ""
}

// Page is what a shell needs to know of a page.
type Page struct {
	P           text.Printer
	Room        Room
	Title       string // of this page; the marketplace's name is added
	Market      string // the marketplace's name; "" is the catalogue's
	Description string // for search engines; storefront only
	Canonical   string // absolute address of the page, or ""
	NoIndex     bool   // search engines are asked to leave it out
	Htmx        bool   // load htmx in the storefront too; console and office always do
	Wide        bool   // a broader column in the plain room
	LangHref    string // leads to this page in the other language
	Theme       Theme
	Flash       []Flash
	Actor       Actor
	Nav         []NavItem // side navigation, or the storefront's categories
	Foot        []NavItem // footer links of the storefront; Group makes the columns
	Company     string    // console: whose console it is
	Stage       Status    // console: where the company stands
	Query       string    // storefront: what is in the search box
	Banner      string    // a line above everything, as "demo data"
	BannerHref  string    // where it leads, or ""
	RequestID   string    // shown in the footer so that a person can name it
	Links       Links
}

// Links are the addresses the shells themselves point to; "" takes the default
// in brackets.
type Links struct {
	Home    string // the logo ["/"]
	Search  string // the storefront's search form ["/products"]
	Sell    string // 服务商入驻 ["/sell"]
	SignIn  string // ["/signin"]
	SignOut string // target of the sign-out form ["/signout"]
}

func or(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// Actor is who is reading; the zero value is nobody.
type Actor struct {
	Name  string
	Role  string    // in words, or the e-mail address
	Links []NavItem // the menu under the name, as "my console", "account"
}

// Flash is a message above a page after an act: what happened and what is next.
type Flash struct {
	Tone Tone
	Text string
	Act  Act // optional
}

// Act is a link or button that leads somewhere.
type Act struct {
	Label string
	Href  string
	Icon  string
	Main  bool // the one thing to do on this page
	Quiet bool // without a border
	Bad   bool
	Off   bool   // shown but not to be used yet
	Open  string // id of a Drawer to open instead, where scripts run
}

// Many writes a number that is counted no further than a thousand.
func Many(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}

// NavItem is one entry of a navigation.
type NavItem struct {
	Label   string
	Href    string
	Icon    string
	Count   int // how many wait, printed by Many; 0 is not shown
	Current bool
	Group   string // heading; printed where it differs from the entry before
}

// Status is a state in words and the tone it is shown in; one without Label is not shown.
type Status struct {
	Label string
	Tone  Tone
}

type printerKey struct{}

// With puts the printer in the context for the components below it. Shell does
// so by itself; a handler that renders a part of a page alone must do it.
func With(ctx context.Context, p text.Printer) context.Context {
	return context.WithValue(ctx, printerKey{}, p)
}

// Printer returns the printer of the context; without one it speaks Chinese.
func Printer(ctx context.Context) text.Printer {
	p, _ := ctx.Value(printerKey{}).(text.Printer)
	return p
}

// t is a sentence of the kit's own in the reader's language.
func t(ctx context.Context, key text.Key, args ...any) string {
	return Printer(ctx).T(key, args...)
}

func (p Page) market() string {
	if p.Market != "" {
		return p.Market
	}
	return p.P.T("ui.market")
}

func (p Page) fullTitle() string {
	if p.Title == "" {
		return p.market()
	}
	return p.Title + p.P.T("ui.title_join") + p.market()
}

func (p Page) room() Room {
	if p.Room == "" {
		return Plain
	}
	return p.Room
}

func (p Page) bodyClass() string {
	c := "room-" + string(p.room())
	if p.Wide {
		c += " wide"
	}
	return c
}

// classes joins what is not empty.
func classes(names ...string) string {
	var kept []string
	for _, n := range names {
		if n != "" {
			kept = append(kept, n)
		}
	}
	return strings.Join(kept, " ")
}

func when(cond bool, s string) string {
	if cond {
		return s
	}
	return ""
}

// toned is "tag tag-ok" for ("tag", OK), "tag" for Neutral.
func toned(base string, t Tone) string {
	if t == Neutral {
		return base
	}
	return base + " " + base + "-" + string(t)
}
