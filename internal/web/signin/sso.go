package signin

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/sso"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
)

const ssoCookie = "yunshi_sso"

func (d door) ssoRoutes() {
	if d.Provider == nil {
		return
	}
	d.Page("GET /signin/sso", d.toProvider) // a link: the policy of forms would not let one lead to another site
	d.Page("GET "+sso.Callback, d.fromProvider)
}

// ssoSeal is the cookie between the two halves of a sign-in. The provider sends the
// browser back from its own site, so the cookie is lax.
func (d door) ssoSeal(value string, age int) *http.Cookie {
	return &http.Cookie{Name: ssoCookie, Value: value, Path: "/signin/sso", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: len(d.BaseURL) > 6 && d.BaseURL[:6] == "https:"}
}

func (d door) toProvider(w http.ResponseWriter, r *http.Request) error {
	var address, cookie string
	err := d.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		address, cookie, err = d.Provider.Begin(ctx, tx.Vault(), tx.Now(), web.Safe(r.URL.Query().Get("next"), "/office"))
		return err
	})
	if err != nil {
		return d.noProvider(w, r, err)
	}
	http.SetCookie(w, d.ssoSeal(cookie, int(sso.Life/time.Second)))
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

func (d door) fromProvider(w http.ResponseWriter, r *http.Request) error {
	var cookie string
	if c, err := r.Cookie(ssoCookie); err == nil {
		cookie = c.Value
	}
	http.SetCookie(w, d.ssoSeal("", -1))
	var who sso.Identity
	var next string
	err := d.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		who, next, err = d.Provider.Finish(ctx, tx.Vault(), tx.Now(), cookie, r.URL.Query())
		return err
	})
	var s account.Session
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			s, err = d.Provider.Enter(ctx, tx, by, who, r.UserAgent())
			return err
		})
	}
	if err != nil {
		return d.noProvider(w, r, err)
	}
	return d.entered(w, r, s, next)
}

// noProvider says at the door why the provider's way did not lead in; never as ours to
// mend, unless it is.
func (d door) noProvider(w http.ResponseWriter, r *http.Request, err error) error {
	if server.Status(err) == http.StatusInternalServerError {
		return err
	}
	f := d.Fault(r.Context(), err)
	status := server.Status(err)
	if status == http.StatusUnauthorized { // a closed account
		f, status = fault.New(fault.Forbidden, "sso.unknown"), http.StatusForbidden
	}
	return d.show(w, r, status, "signin.sso_title", func(p text.Printer) component {
		return ssoPage(p, d.Provider.Name, p.Say(f.Message), web.Safe(r.URL.Query().Get("next"), ""))
	})
}

// signInAddress is the door with where one wants to go afterwards.
func signInAddress(next string) string {
	if next == "" {
		return "/signin"
	}
	return "/signin?next=" + url.QueryEscape(next)
}
