// Package web is what the pages of every room share: the page around a
// component, forms from a request and back, flash messages, error pages and the
// navigation of console and office. The rooms are its subpackages: storefront
// for buyers, console for vendors, office for staff, signin for everybody's door.
// A page holds no rule: it decodes into an operation's paper and shows what the
// operation said.
package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/account/sso"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// Site is the pages' side of the server.
type Site struct {
	*server.Server
	Files *file.Files
	// Letters is where saved mails are read (D-6).
	Letters mailbox.Box
	// Keys takes passkeys; nil where the marketplace's address is no name.
	Keys *factor.Keys
	// Provider is the operator's identity provider, for staff; nil is none.
	Provider *sso.Provider
	// Catalog reads the shelf; the storefront makes one if it is nil.
	Catalog *catalog.Catalog
	// Demo shows the banner of demo data and the mail room.
	Demo bool
	// Rehearsal is whom a reader of a demo can be; nil is nobody.
	Rehearsal *Rehearsal
	// Version is the program's.
	Version string
	// Counts are the numbers beside the office's navigation, by nav key; nil is none.
	Counts func(ctx context.Context, tx *db.Tx, by access.Actor) (map[string]int, error)
	// Company is the name and stage above a vendor's console; nil is none.
	Company func(ctx context.Context, tx *db.Tx, by access.Actor) (name string, stage ui.Status, err error)
	// Effects compute whom a change of the operator's rules touches.
	Effects []policy.Effect
	// Due is what a company has to see to by a time, above its console; "" is nothing.
	Due func(ctx context.Context, tx *db.Tx, by access.Actor) (said, href string, late bool, err error)
	// Categories are the storefront's navigation; nil is none.
	Categories func(ctx context.Context, p text.Printer) []ui.NavItem
}

// Handler answers a page's request; an error becomes an error page.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Page registers a handler for a pattern, open to everybody.
func (s *Site) Page(pattern string, h Handler) {
	s.Handle(pattern, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := calm(h, w, r); err != nil {
			s.Fail(w, r, err)
		}
	}))
}

// calm makes an error of a panic, so that its reader gets a page like any other.
func calm(h Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch v := recover(); v {
		case nil:
		case http.ErrAbortHandler:
			panic(v)
		default:
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return h(w, r)
}

// Member registers a handler for those who registered; others are led to sign in.
func (s *Site) Member(pattern string, h Handler) { s.only(pattern, access.Member, h) }

// Staff registers a handler for the operator's staff; others are led to sign in.
func (s *Site) Staff(pattern string, h Handler) { s.only(pattern, access.Staff, h) }

// Person registers a handler for whoever is signed in; others are led to sign in.
func (s *Site) Person(pattern string, h Handler) {
	s.Page(pattern, func(w http.ResponseWriter, r *http.Request) error {
		if server.Actor(r.Context()).Kind == access.Visitor {
			toDoor(w, r)
			return nil
		}
		w.Header().Set("Cache-Control", "no-store")
		return h(w, r)
	})
}

func (s *Site) only(pattern string, kind access.Kind, h Handler) {
	s.Page(pattern, func(w http.ResponseWriter, r *http.Request) error {
		switch by := server.Actor(r.Context()); {
		case by.Kind == access.Visitor:
			toDoor(w, r)
			return nil
		case by.Kind != kind:
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		w.Header().Set("Cache-Control", "no-store")
		return h(w, r)
	})
}

// toDoor leads to sign in and, from there, back to where one was.
func toDoor(w http.ResponseWriter, r *http.Request) {
	to := "/signin"
	if r.Method == http.MethodGet {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// toProof leads to prove again who one is and, from there, to another page.
func toProof(w http.ResponseWriter, r *http.Request, next string) {
	http.Redirect(w, r, "/security/prove?next="+url.QueryEscape(next), http.StatusSeeOther)
}

// Read runs fn in one read transaction with the request's actor.
func (s *Site) Read(r *http.Request, fn func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	return s.DB.Read(r.Context(), func(tx *db.Tx) error { return fn(r.Context(), tx, server.Actor(r.Context())) })
}

// Write runs fn in one write transaction with the request's actor.
func (s *Site) Write(r *http.Request, fn func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	return s.DB.Write(r.Context(), func(tx *db.Tx) error { return fn(r.Context(), tx, server.Actor(r.Context())) })
}

// New is the page of a request in a room, with everything but its content.
func (s *Site) New(w http.ResponseWriter, r *http.Request, room ui.Room, title text.Key, args ...any) ui.Page {
	ctx := r.Context()
	p := server.Printer(ctx)
	page := ui.Page{
		P: p, Room: room, Title: p.T(title, args...), Market: s.Policy(ctx).Marketplace.In(p.Lang),
		LangHref: otherLanguage(r, p.Lang), Theme: theme(r), Flash: s.takeFlash(w, r), RequestID: server.RequestID(ctx),
	}
	if s.Demo {
		page.Banner, page.BannerHref = p.T("web.demo_banner"), "/mailroom"
	}
	if a := server.Account(ctx); a.ID != "" {
		page.Actor = ui.Actor{Name: a.Name, Role: roleNames(p, a.Roles), Links: personLinks(p, a.Kind)}
	}
	switch room {
	case ui.Office:
		page.Nav = s.officeNav(r, p)
		page.Links.Home = "/office"
	case ui.Console:
		page.Nav = consoleNav(r, p)
		page.Links.Home = "/console"
		if s.Company != nil {
			if err := s.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
				page.Company, page.Stage, err = s.Company(ctx, tx, by)
				return err
			}); err != nil {
				s.Log.ErrorContext(ctx, "console head", "error", err)
			}
		}
		s.remind(r, &page)
	case ui.Storefront:
		page.Foot = storefrontFoot(p)
		if s.Categories != nil {
			page.Nav = s.Categories(ctx, p)
		}
	}
	return page
}

// remind says above a page of the console what the company has to see to, until it
// has: but not on the pages where it does.
func (s *Site) remind(r *http.Request, page *ui.Page) {
	if s.Due == nil || strings.HasPrefix(r.URL.Path, "/console/changes") {
		return
	}
	err := s.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		said, href, late, err := s.Due(ctx, tx, by)
		if err != nil || said == "" {
			return err
		}
		tone := ui.Warn
		if late {
			tone = ui.Bad
		}
		page.Flash = append(page.Flash, ui.Flash{Tone: tone, Text: said, Act: ui.Act{Label: page.P.T("web_change.see_to"), Href: href}})
		return nil
	})
	if err != nil {
		s.Log.ErrorContext(r.Context(), "console duties", "error", err)
	}
}

func theme(r *http.Request) ui.Theme {
	c, err := r.Cookie("theme")
	if err != nil {
		return ""
	}
	return ui.ThemeOf(c.Value)
}

func otherLanguage(r *http.Request, l text.Lang) string {
	u := *r.URL
	if r.Method != http.MethodGet { // the page that the form stood on
		from, err := url.Parse(back(r))
		if err != nil {
			from = &url.URL{Path: "/"}
		}
		u = *from
	}
	q := u.Query()
	q.Set("lang", other(l).Tag())
	u.RawQuery = q.Encode()
	return u.RequestURI()
}

func other(l text.Lang) text.Lang {
	if l == text.ZH {
		return text.EN
	}
	return text.ZH
}

// Show answers with the page around its content.
func (s *Site) Show(w http.ResponseWriter, r *http.Request, status int, page ui.Page, content templ.Component) error {
	ctx := templ.WithChildren(r.Context(), content)
	var b bytes.Buffer
	if err := ui.Shell(page).Render(ctx, &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := b.WriteTo(w)
	return err
}

// Part answers with a component alone, for htmx.
func (s *Site) Part(w http.ResponseWriter, r *http.Request, content templ.Component) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "HX-Request")
	return content.Render(ui.With(r.Context(), server.Printer(r.Context())), w)
}

// Mended reports whether err is one that the form's page shows beside its
// fields, and gives the status to show it with; others go to the error page.
func Mended(err error) (status int, ok bool) {
	var f *fault.Error
	if !errors.As(err, &f) {
		return 0, false
	}
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.TooMany, fault.TooLarge, fault.Gone, fault.TooEarly:
		return server.Status(err), true
	}
	return 0, false
}

// Fail answers with the page of an error in the room of the request; who must sign
// in first is led to do so.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	f := s.Fault(r.Context(), err)
	status := server.Status(err)
	if status == http.StatusUnauthorized {
		toDoor(w, r)
		return
	}
	if fault.Is(err, fault.Unproved) {
		next := back(r)
		if r.Method == http.MethodGet {
			next = r.URL.RequestURI()
		}
		toProof(w, r, next)
		return
	}
	room := ui.Plain
	by := server.Actor(r.Context())
	switch {
	case strings.HasPrefix(r.URL.Path, "/office") && by.Kind == access.Staff:
		room = ui.Office
	case strings.HasPrefix(r.URL.Path, "/console") && by.Kind == access.Member:
		room = ui.Console
	case by.Kind == access.Visitor && status == http.StatusNotFound:
		room = ui.Storefront
	}
	if status == 499 {
		return // nobody is there to read it
	}
	page := s.New(w, r, room, errorTitle(status))
	page.NoIndex = true
	if err := s.Show(w, r, status, page, errorPage(page.P, f, status, back(r))); err != nil {
		s.Log.ErrorContext(r.Context(), "error page", "error", err)
	}
}

func errorTitle(status int) text.Key {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "web.error_not_found"
	case http.StatusForbidden:
		return "web.error_forbidden"
	case http.StatusConflict, http.StatusUnprocessableEntity, http.StatusGone:
		return "web.error_conflict"
	case http.StatusTooManyRequests:
		return "web.error_too_many"
	case http.StatusRequestEntityTooLarge:
		return "web.error_too_large"
	}
	return "web.error_internal"
}

// back is the page the reader came from, if it is one of ours.
func back(r *http.Request) string {
	u, err := url.Parse(r.Referer())
	if err != nil || u.Host != r.Host || u.Path == "" {
		return "/"
	}
	return u.RequestURI()
}

// Safe returns a path of ours, or the other: never another site's address. Browsers
// take tabs and line ends out of an address and read \ as /.
func Safe(next, other string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsRune(next, '\\') || strings.ContainsFunc(next, unicode.IsControl) {
		return other
	}
	return next
}

// NotFound registers the page of every address that nobody else answers.
func (s *Site) NotFound() {
	s.Page("/", func(w http.ResponseWriter, r *http.Request) error { return s.Missing(w, r, "fault.not_found") })
}
