package signin

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"

	"rsc.io/qr"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

func (d door) factorRoutes() {
	d.Page("GET /signin/factor", d.showFactor)
	d.Page("POST /signin/factor", d.factor)
	d.Page("POST /signin/factor/ask", d.askFactor)
	d.Page("GET /signin/setup", d.showSetup)
	d.Page("POST /signin/setup/app", d.setupApp)
	d.Page("POST /signin/setup", d.confirmSetup)
	d.Page("POST /signin/setup/ask", d.askSetup)
	d.Page("POST /signin/setup/passkey", d.setupPasskey)
	d.Page("POST /signin/passkey/ask", d.askPasskey)
	d.Page("POST /signin/passkey", d.passkey)
	d.Page("GET /signin/link/{id}", d.showLink)
	d.Page("POST /signin/link/{id}", d.openLink)
}

// entered leads on after a first proof: into the rooms, or to what the session waits for.
func (d door) entered(w http.ResponseWriter, r *http.Request, s account.Session, next string) error {
	to := web.Safe(next, home(s.Account.Kind))
	switch s.Stage {
	case account.WaitFactor:
		d.SetPending(w, s)
		to = "/signin/factor?next=" + url.QueryEscape(to)
	case account.WaitSetup:
		d.SetPending(w, s)
		to = "/signin/setup?next=" + url.QueryEscape(to)
	default:
		d.ClearPending(w)
		d.SetSession(w, s)
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// pending is who gave a password and has not gone further; without one the door is shown.
func (d door) pending(r *http.Request, stage account.Stage) (a account.Account, err error) {
	err = d.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) error {
		var at account.Stage
		a, at, err = account.Pending(ctx, tx, d.Pending(r))
		if err == nil && at != stage {
			err = fault.New(fault.Unauthenticated, "account.pending_gone")
		}
		return err
	})
	return a, err
}

// factorView is the page that asks for a second factor.
type factorView struct {
	P       text.Printer
	Form    ui.Form
	Action  string
	Ask     string // where a passkey's challenge is, "" without passkeys
	App     bool
	Next    string
	Proving bool // again, in the middle of a session
	ByWord  bool // by password, where there is no second factor
}

func (d door) showFactor(w http.ResponseWriter, r *http.Request) error {
	return d.factorPage(w, r, http.StatusOK, ui.Form{Values: url.Values{"next": {r.URL.Query().Get("next")}}})
}

func (d door) factorPage(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	a, err := d.pending(r, account.WaitFactor)
	if err != nil {
		return d.again(w, r, err)
	}
	v := factorView{P: server.Printer(r.Context()), Form: form, Action: "/signin/factor", Next: form.Values.Get("next")}
	if err := d.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) error {
		return v.ways(ctx, tx, d, a.Actor(), "/signin/factor/ask")
	}); err != nil {
		return err
	}
	return d.show(w, r, status, "signin.factor_title", func(text.Printer) component { return factorPage(v) })
}

// ways fills in by what the person can prove who they are.
func (v *factorView) ways(ctx context.Context, tx *db.Tx, d door, by access.Actor, ask string) error {
	s, err := factor.Of(ctx, tx, by)
	v.App = s.Has(factor.App)
	if d.Keys != nil && s.Has(factor.Passkey) {
		v.Ask = ask
	}
	return err
}

// again leads back to the door where a sign-in is over, and says why.
func (d door) again(w http.ResponseWriter, r *http.Request, err error) error {
	if fault.Is(err, fault.Unauthenticated) {
		d.ClearPending(w)
		return d.Refused(w, r, "/signin", err)
	}
	return err
}

func (d door) factor(w http.ResponseWriter, r *http.Request) error {
	var in factor.Given
	err := web.Form(w, r, &in)
	in.Token = d.Pending(r)
	var s account.Session
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			s, err = d.Keys.Finish(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return d.factorPage(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return d.again(w, r, err)
	}
	return d.entered(w, r, s, r.PostForm.Get("next"))
}

// answerJSON answers a script with a challenge, or with why there is none.
func (d door) answerJSON(w http.ResponseWriter, r *http.Request, c factor.Challenge, err error) error {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		f := d.Fault(r.Context(), err)
		w.WriteHeader(server.Status(err))
		return json.NewEncoder(w).Encode(map[string]string{"error": server.Printer(r.Context()).Say(f.Message)})
	}
	return json.NewEncoder(w).Encode(c)
}

func (d door) askFactor(w http.ResponseWriter, r *http.Request) error {
	a, err := d.pending(r, account.WaitFactor)
	var c factor.Challenge
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
			c, err = d.Keys.AskProof(ctx, tx, a.ID)
			return err
		})
	}
	return d.answerJSON(w, r, c, err)
}

func (d door) askPasskey(w http.ResponseWriter, r *http.Request) error {
	var c factor.Challenge
	err := d.Write(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		c, err = d.Keys.AskSignIn(ctx, tx)
		return err
	})
	return d.answerJSON(w, r, c, err)
}

func (d door) passkey(w http.ResponseWriter, r *http.Request) error {
	var in factor.Answer
	err := web.Form(w, r, &in)
	var s account.Session
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			s, err = d.Keys.SignIn(ctx, tx, by, in, r.UserAgent())
			return err
		})
	}
	if fault.Is(err, fault.Unauthenticated) {
		return d.signInAgain(w, r, http.StatusUnauthorized, err)
	}
	if status, ok := web.Mended(err); ok {
		return d.signInAgain(w, r, status, err)
	}
	if err != nil {
		return err
	}
	return d.entered(w, r, s, r.PostForm.Get("next"))
}

// setupView is the page on which a second factor is set up: at the door by somebody
// who must have one, later by whoever wants one.
type setupView struct {
	P      text.Printer
	Form   ui.Form
	Base   string // of the addresses: /signin/setup or /security
	Next   string
	Draft  factor.Draft // of an app, once begun
	Image  string       // the QR code as a data address
	Ask    string       // where a passkey's challenge is, "" without passkeys
	AtDoor bool
}

// draw makes the QR code of a draft.
func (v *setupView) draw() error {
	code, err := qr.Encode(v.Draft.URI, qr.M)
	if err != nil {
		return err
	}
	code.Scale = 5
	var b bytes.Buffer
	b.WriteString("data:image/png;base64,")
	b.WriteString(base64.StdEncoding.EncodeToString(code.PNG()))
	v.Image = b.String()
	return nil
}

func (d door) showSetup(w http.ResponseWriter, r *http.Request) error {
	return d.setupPage(w, r, http.StatusOK, ui.Form{Values: url.Values{"next": {r.URL.Query().Get("next")}}})
}

func (d door) setupPage(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	a, err := d.pending(r, account.WaitSetup)
	if err != nil {
		return d.again(w, r, err)
	}
	v := setupView{P: server.Printer(r.Context()), Form: form, Base: "/signin/setup", Next: form.Values.Get("next"), AtDoor: true}
	if d.Keys != nil {
		v.Ask = "/signin/setup/ask"
	}
	err = d.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		v.Draft, err = factor.Begun(ctx, tx, a.Actor())
		return err
	})
	if err == nil {
		err = v.draw()
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return d.show(w, r, status, "signin.setup_title", func(text.Printer) component { return setupPage(v) })
}

// setter is the person at the door as the actor who sets up a factor.
func (d door) setter(ctx context.Context, tx *db.Tx, r *http.Request, by access.Actor) (access.Actor, error) {
	a, stage, err := account.Pending(ctx, tx, d.Pending(r))
	if err == nil && stage != account.WaitSetup {
		err = fault.New(fault.Unauthenticated, "account.pending_gone")
	}
	me := a.Actor()
	me.Address = by.Address
	return me, err
}

func (d door) setupApp(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	err := d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		me, err := d.setter(ctx, tx, r, by)
		if err == nil {
			_, err = factor.BeginApp(ctx, tx, me)
		}
		return err
	})
	if err != nil {
		return d.again(w, r, err)
	}
	http.Redirect(w, r, "/signin/setup?next="+url.QueryEscape(r.PostForm.Get("next")), http.StatusSeeOther)
	return nil
}

func (d door) confirmSetup(w http.ResponseWriter, r *http.Request) error {
	var in factor.FirstCode
	err := web.Form(w, r, &in)
	return d.finishSetup(w, r, err, func(ctx context.Context, tx *db.Tx, me access.Actor) (factor.Made, error) {
		return factor.ConfirmApp(ctx, tx, me, in)
	})
}

func (d door) askSetup(w http.ResponseWriter, r *http.Request) error {
	var c factor.Challenge
	err := d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		me, err := d.setter(ctx, tx, r, by)
		if err == nil {
			c, err = d.Keys.Register(ctx, tx, me)
		}
		return err
	})
	return d.answerJSON(w, r, c, err)
}

func (d door) setupPasskey(w http.ResponseWriter, r *http.Request) error {
	var in factor.Answer
	err := web.Form(w, r, &in)
	return d.finishSetup(w, r, err, func(ctx context.Context, tx *db.Tx, me access.Actor) (factor.Made, error) {
		return d.Keys.Registered(ctx, tx, me, in)
	})
}

// finishSetup makes the factor, opens the session and shows the recovery codes.
func (d door) finishSetup(w http.ResponseWriter, r *http.Request, err error, make func(ctx context.Context, tx *db.Tx, me access.Actor) (factor.Made, error)) error {
	var made factor.Made
	var s account.Session
	if err == nil {
		err = d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			me, err := d.setter(ctx, tx, r, by)
			if err != nil {
				return err
			}
			if made, err = make(ctx, tx, me); err != nil {
				return err
			}
			s, err = account.Complete(ctx, tx, by, d.Pending(r))
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return d.setupPage(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return d.again(w, r, err)
	}
	d.ClearPending(w)
	d.SetSession(w, s)
	next := web.Safe(r.PostForm.Get("next"), home(s.Account.Kind))
	return d.show(w, r, http.StatusCreated, "signin.recovery_title", func(p text.Printer) component { return recoveryPage(p, made.Recovery, next) })
}

func (d door) showLink(w http.ResponseWriter, r *http.Request) error {
	return d.show(w, r, http.StatusOK, "signin.link_title", func(p text.Printer) component { return linkPage(p, r.PathValue("id")) })
}

func (d door) openLink(w http.ResponseWriter, r *http.Request) error {
	var s account.Session
	err := d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		s, err = account.OpenLink(ctx, tx, by, account.Link{Token: r.PathValue("id"), Agent: r.UserAgent()})
		return err
	})
	if err != nil {
		return err
	}
	return d.entered(w, r, s, "")
}
