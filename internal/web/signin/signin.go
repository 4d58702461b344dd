// Package signin is the door: registering with its two codes, signing in and
// out, and setting a new password. Staff use the same door; their accounts are
// made by an administrator.
package signin

import (
	"context"
	"net/http"
	"net/url"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type door struct{ *web.Site }

// Routes registers the door's pages.
func Routes(s *web.Site) {
	d := door{s}
	s.Page("GET /signin", d.showSignIn)
	s.Page("POST /signin", d.signIn)
	s.Page("POST /signout", d.signOut)
	s.Page("GET /register", d.showRegister)
	s.Page("POST /register", d.register)
	s.Page("GET /register/{id}", d.showVerify)
	s.Page("POST /register/{id}", d.verify)
	s.Page("POST /register/{id}/send", d.sendAgain)
	s.Page("GET /forgot", d.showForgot)
	s.Page("POST /forgot", d.forgot)
	s.Page("GET /reset", d.showReset)
	s.Page("POST /reset", d.reset)
	d.factorRoutes()
	d.ssoRoutes()
	d.invitationRoutes()
	d.securityRoutes()
}

func (d door) show(w http.ResponseWriter, r *http.Request, status int, title text.Key, body func(p text.Printer) component) error {
	page := d.New(w, r, ui.Plain, title)
	page.NoIndex = true
	w.Header().Set("Cache-Control", "no-store")
	return d.Show(w, r, status, page, body(page.P))
}

// home is where a person's work is.
func home(kind access.Kind) string {
	if kind == access.Staff {
		return "/office"
	}
	return "/console"
}

func (d door) showSignIn(w http.ResponseWriter, r *http.Request) error {
	if a := server.Account(r.Context()); a.ID != "" {
		http.Redirect(w, r, web.Safe(r.URL.Query().Get("next"), home(a.Kind)), http.StatusSeeOther)
		return nil
	}
	form := ui.Form{Values: url.Values{"next": {r.URL.Query().Get("next")}}}
	return d.show(w, r, http.StatusOK, "signin.title", func(p text.Printer) component { return signInPage(p, form, d.doorView()) })
}

// doorView is what the door shows beside mailbox and password.
type doorView struct {
	Demo     *web.Rehearsal
	Keys     bool
	Provider string // the identity provider's name, "" without one
}

func (d door) doorView() doorView {
	v := doorView{Demo: d.Rehearsal, Keys: d.Keys != nil}
	if d.Provider != nil {
		v.Provider = d.Provider.Name
	}
	return v
}

func (d door) signIn(w http.ResponseWriter, r *http.Request) error {
	var in account.Credentials
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	in.Agent, in.NoStaff = r.UserAgent(), d.NoStaffPasswords
	s, err := account.SignIn(r.Context(), d.DB, server.Actor(r.Context()), in)
	switch {
	case s.Account.ID != "" && fault.Is(err, fault.Conflict):
		return d.Done(w, r, "/register/"+s.Account.ID, "signin.verify_first")
	case fault.Is(err, fault.Unauthenticated):
		return d.signInAgain(w, r, http.StatusUnauthorized, err)
	case err != nil:
		if status, ok := web.Mended(err); ok {
			return d.signInAgain(w, r, status, err)
		}
		return err
	}
	return d.entered(w, r, s, r.PostForm.Get("next"))
}

func (d door) signInAgain(w http.ResponseWriter, r *http.Request, status int, err error) error {
	form := web.Typed(r, err)
	return d.show(w, r, status, "signin.title", func(p text.Printer) component { return signInPage(p, form, d.doorView()) })
}

func (d door) signOut(w http.ResponseWriter, r *http.Request) error {
	token := server.Token(r.Context())
	d.ClearSession(w)
	if token != "" {
		if err := d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			return account.SignOut(ctx, tx, by, token)
		}); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}

func (d door) showRegister(w http.ResponseWriter, r *http.Request) error {
	form := ui.Form{Values: url.Values{"next": {r.URL.Query().Get("next")}}}
	return d.show(w, r, http.StatusOK, "signin.register_title", func(p text.Printer) component { return registerPage(p, form) })
}

func (d door) register(w http.ResponseWriter, r *http.Request) error {
	var in account.Registration
	err := web.Form(w, r, &in)
	in.Lang = server.Printer(r.Context()).Lang.Tag()
	if err == nil {
		err = in.Prepare(r.Context())
	}
	var a account.Account
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			a, err = account.Register(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		form := web.Typed(r, err)
		return d.show(w, r, status, "signin.register_title", func(p text.Printer) component { return registerPage(p, form) })
	}
	if err != nil {
		return err
	}
	return d.Done(w, r, verifyAddress(a.ID, r.PostForm.Get("next")), "signin.codes_sent")
}

// verifyAddress is where the codes are given, with where one wants to go afterwards.
func verifyAddress(id, next string) string {
	if next = web.Safe(next, ""); next != "" {
		return "/register/" + id + "?next=" + url.QueryEscape(next)
	}
	return "/register/" + id
}

// waiting reads an account that waits for its codes; a verified one goes to sign in.
func (d door) waiting(r *http.Request) (a account.Account, err error) {
	err = d.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		a, err = account.Load(ctx, tx, r.PathValue("id"))
		return err
	})
	if err == nil && a.Kind != access.Member {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return a, err
}

func (d door) showVerify(w http.ResponseWriter, r *http.Request) error {
	a, err := d.waiting(r)
	if err != nil {
		return err
	}
	if !a.VerifiedAt.IsZero() {
		http.Redirect(w, r, "/signin", http.StatusSeeOther)
		return nil
	}
	return d.show(w, r, http.StatusOK, "signin.verify_title", func(p text.Printer) component {
		return verifyPage(p, a, ui.Form{Values: url.Values{"next": {r.URL.Query().Get("next")}}})
	})
}

func (d door) verify(w http.ResponseWriter, r *http.Request) error {
	var in account.Proof
	err := web.Form(w, r, &in)
	var s account.Session
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			a, err := account.Verify(ctx, tx, by, in)
			if err != nil {
				return err
			}
			s, err = account.Begin(ctx, tx, by, a, r.UserAgent())
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		a, err2 := d.waiting(r)
		if err2 != nil {
			return err2
		}
		form := web.Typed(r, err)
		return d.show(w, r, status, "signin.verify_title", func(p text.Printer) component { return verifyPage(p, a, form) })
	}
	if err != nil {
		return err
	}
	d.SetSession(w, s)
	if next := web.Safe(r.PostForm.Get("next"), ""); next != "" {
		return d.Done(w, r, next, "signin.welcome_back")
	}
	return d.Done(w, r, "/console", "signin.welcome")
}

func (d door) sendAgain(w http.ResponseWriter, r *http.Request) error {
	var in account.Resend
	err := web.Form(w, r, &in)
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := account.SendAgain(ctx, tx, by, in)
			return err
		})
	}
	if err != nil {
		return d.Refused(w, r, "/register/"+r.PathValue("id"), err)
	}
	return d.Done(w, r, "/register/"+r.PathValue("id"), "signin.code_sent")
}

func (d door) showForgot(w http.ResponseWriter, r *http.Request) error {
	return d.show(w, r, http.StatusOK, "signin.forgot_title", func(p text.Printer) component { return forgotPage(p, ui.Form{}) })
}

func (d door) forgot(w http.ResponseWriter, r *http.Request) error {
	var in account.Forgotten
	err := web.Form(w, r, &in)
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			return account.Forget(ctx, tx, by, in)
		})
	}
	if status, ok := web.Mended(err); ok {
		form := web.Typed(r, err)
		return d.show(w, r, status, "signin.forgot_title", func(p text.Printer) component { return forgotPage(p, form) })
	}
	if err != nil {
		return err
	}
	return d.Done(w, r, "/reset?mail="+url.QueryEscape(in.Mail), "signin.reset_sent")
}

func (d door) showReset(w http.ResponseWriter, r *http.Request) error {
	form := ui.Form{Values: url.Values{"mail": {r.URL.Query().Get("mail")}}}
	return d.show(w, r, http.StatusOK, "signin.reset_title", func(p text.Printer) component { return resetPage(p, form) })
}

func (d door) reset(w http.ResponseWriter, r *http.Request) error {
	var in account.Reset
	err := web.Form(w, r, &in)
	if err == nil {
		err = in.Prepare(r.Context())
	}
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			return account.SetPassword(ctx, tx, by, in)
		})
	}
	if status, ok := web.Mended(err); ok {
		form := web.Typed(r, err)
		return d.show(w, r, status, "signin.reset_title", func(p text.Printer) component { return resetPage(p, form) })
	}
	if err != nil {
		return err
	}
	return d.Done(w, r, "/signin", "signin.reset_done")
}
