package console

import (
	"context"
	"net/http"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type company struct{ *web.Site }

func companyRoutes(s *web.Site) {
	c := company{s}
	s.Member("GET /console/inbox", c.inbox)
	s.Member("GET /console/timeline", c.timeline)
	s.Member("GET /console/keys", c.keys)
	s.Member("POST /console/keys", c.makeKey)
	s.Member("POST /console/keys/{id}/revoke", c.revokeKey)
}

type inboxView struct {
	P    text.Printer
	Now  time.Time
	List []notify.Message
	Turn ui.Turn
}

func (c company) inbox(w http.ResponseWriter, r *http.Request) error {
	v := inboxView{P: server.Printer(r.Context()), Now: c.DB.Clock().Now()}
	unread := 0
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if v.List, err = notify.OwnInbox(ctx, tx, by, r.URL.Query().Get("cursor")); err != nil {
			return err
		}
		unread, err = notify.Unread(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	if unread > 0 { // seen now; the list above still shows which were new
		if err := c.Write(r, notify.MarkRead); err != nil {
			return err
		}
	}
	if n := len(v.List); n >= 50 {
		v.Turn.Next = "/console/inbox?cursor=" + v.List[n-1].ID
	}
	if r.URL.Query().Get("cursor") != "" {
		v.Turn.First = "/console/inbox"
	}
	return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, "web.nav_inbox"), inboxPage(v))
}

type timelineView struct {
	P       text.Printer
	Moments []ui.Moment
	Turn    ui.Turn
}

func (c company) timeline(w http.ResponseWriter, r *http.Request) error {
	v := timelineView{P: server.Printer(r.Context())}
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		if by.VendorID == "" {
			return nil
		}
		events, err := event.List(ctx, tx, by, event.Filter{VendorID: by.VendorID, Before: r.URL.Query().Get("cursor"), Limit: 100})
		if err != nil {
			return err
		}
		if len(events) == 100 {
			v.Turn.Next = "/console/timeline?cursor=" + events[99].ID
		}
		v.Moments, err = web.Moments(ctx, tx, by, v.P, events)
		return err
	})
	if err != nil {
		return err
	}
	if r.URL.Query().Get("cursor") != "" {
		v.Turn.First = "/console/timeline"
	}
	return c.Show(w, r, http.StatusOK, c.New(w, r, ui.Console, "web.nav_timeline"), timelinePage(v))
}

type keysView struct {
	P    text.Printer
	Now  time.Time
	List []account.Key
	Made account.Key // shown once, with its secret
	Form ui.Form
}

func (c company) keys(w http.ResponseWriter, r *http.Request) error {
	return c.showKeys(w, r, http.StatusOK, keysView{})
}

func (c company) showKeys(w http.ResponseWriter, r *http.Request, status int, v keysView) error {
	v.P, v.Now = server.Printer(r.Context()), c.DB.Clock().Now()
	err := c.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.List, err = account.Keys(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return c.Show(w, r, status, c.New(w, r, ui.Console, "web.nav_keys"), keysPage(v))
}

func (c company) makeKey(w http.ResponseWriter, r *http.Request) error {
	var in account.NewKey
	err := web.Form(w, r, &in)
	var k account.Key
	if err == nil {
		err = c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			k, err = account.MakeKey(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return c.showKeys(w, r, status, keysView{Form: web.Typed(r, err)})
	}
	if err != nil {
		return err
	}
	return c.showKeys(w, r, http.StatusCreated, keysView{Made: k})
}

func (c company) revokeKey(w http.ResponseWriter, r *http.Request) error {
	err := c.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.RevokeKey(ctx, tx, by, account.Revoke{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return c.Refused(w, r, "/console/keys", err)
	}
	return c.Done(w, r, "/console/keys", "web_company.key_revoked")
}

func scopeOptions(p text.Printer) []ui.Option {
	var out []ui.Option
	for _, s := range access.Scopes() {
		if s != access.ScopeOffice && s != access.ScopeAccount {
			out = append(out, ui.Option{Value: string(s), Label: p.T(text.Key("web_company.scope_" + string(s)))})
		}
	}
	return out
}

func scopeNames(p text.Printer, scopes []access.Scope) string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = p.T(text.Key("web_company.scope_" + string(s)))
	}
	return p.List(names)
}
