package signin

import (
	"context"
	"net/http"
	"net/url"
	"time"

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

// security is a person's own page: how they sign in, and where they have.
type security struct{ door }

func (d door) securityRoutes() {
	s := security{d}
	d.Person("GET /security", s.page)
	d.Person("POST /security/password", s.password)
	d.Person("POST /security/mail", s.askMail)
	d.Person("POST /security/mail/confirm", s.moveMail)
	d.Person("POST /security/phone", s.askPhone)
	d.Person("POST /security/phone/confirm", s.movePhone)
	d.Person("POST /security/app", s.beginApp)
	d.Person("GET /security/app", s.showApp)
	d.Person("POST /security/app/confirm", s.confirmApp)
	d.Person("POST /security/passkeys/ask", s.askRegister)
	d.Person("POST /security/passkeys", s.register)
	d.Person("POST /security/factors/{id}/remove", s.remove)
	d.Person("POST /security/recovery", s.renew)
	d.Person("POST /security/sessions/{id}/end", s.end)
	d.Person("POST /security/sessions/end-others", s.endOthers)
	d.Person("GET /security/prove", s.showProve)
	d.Person("POST /security/prove", s.prove)
	d.Person("POST /security/prove/ask", s.askProve)
}

// securityView is the page of one's own security.
type securityView struct {
	P        text.Printer
	Now      time.Time
	Me       account.Account
	State    factor.State
	Sessions []account.Signed
	Changes  []account.Change
	Keys     bool // passkeys can be made here
	Form     ui.Form
	At       string // the form that was sent: password, mail, phone …
}

// form is what was typed, for the form that was sent alone.
func (v securityView) form(at string) ui.Form {
	if v.At == at {
		return v.Form
	}
	return ui.Form{}
}

// waits reports whether a new mailbox or phone is still to be proved.
func (v securityView) waits(c account.Channel) (account.Change, bool) {
	for _, x := range v.Changes {
		if x.Channel == c {
			return x, true
		}
	}
	return account.Change{}, false
}

func room(by access.Actor) ui.Room {
	if by.Kind == access.Staff {
		return ui.Office
	}
	return ui.Console
}

func (s security) page(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, "", ui.Form{})
}

func (s security) render(w http.ResponseWriter, r *http.Request, status int, at string, form ui.Form) error {
	v := securityView{P: server.Printer(r.Context()), Now: s.DB.Clock().Now(), Keys: s.Keys != nil, At: at, Form: form}
	var where ui.Room
	err := s.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		where = room(by)
		if v.Me, err = account.Me(ctx, tx, by); err != nil {
			return err
		}
		if v.State, err = factor.Of(ctx, tx, by); err != nil {
			return err
		}
		if v.Changes, err = account.Changes(ctx, tx, by); err != nil {
			return err
		}
		v.Sessions, err = account.Sessions(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return s.Show(w, r, status, s.New(w, r, where, "security.title"), securityPage(v))
}

// act runs a change and leads back, or shows the page again with what is wrong.
func (s security) act(w http.ResponseWriter, r *http.Request, at string, err error, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	if err == nil {
		err = s.Write(r, do)
	}
	if status, ok := web.Mended(err); ok {
		return s.render(w, r, status, at, web.Typed(r, err))
	}
	if fault.Is(err, fault.Unproved) {
		return s.Refused(w, r, "/security", err)
	}
	if err != nil {
		return err
	}
	return s.Done(w, r, "/security", said)
}

func (s security) password(w http.ResponseWriter, r *http.Request) error {
	var in account.NewPassword
	err := web.Form(w, r, &in)
	if err == nil {
		err = in.Swear(r.Context(), s.DB, server.Actor(r.Context()))
	}
	if err == nil {
		err = in.Prepare(r.Context())
	}
	return s.act(w, r, "password", err, "security.password_done", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return account.ChangePassword(ctx, tx, by, in)
	})
}

func (s security) askMail(w http.ResponseWriter, r *http.Request) error {
	var in account.NewMail
	err := web.Form(w, r, &in)
	return s.act(w, r, "mail", err, "security.codes_sent", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return account.AskMail(ctx, tx, by, in)
	})
}

func (s security) moveMail(w http.ResponseWriter, r *http.Request) error {
	var in account.Moved
	err := web.Form(w, r, &in)
	return s.act(w, r, "mail", err, "security.mail_done", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return account.MoveMail(ctx, tx, by, in)
	})
}

func (s security) askPhone(w http.ResponseWriter, r *http.Request) error {
	var in account.NewPhone
	err := web.Form(w, r, &in)
	return s.act(w, r, "phone", err, "security.codes_sent", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return account.AskPhone(ctx, tx, by, in)
	})
}

func (s security) movePhone(w http.ResponseWriter, r *http.Request) error {
	var in account.Moved
	err := web.Form(w, r, &in)
	return s.act(w, r, "phone", err, "security.phone_done", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return account.MovePhone(ctx, tx, by, in)
	})
}

func (s security) beginApp(w http.ResponseWriter, r *http.Request) error {
	err := s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := factor.BeginApp(ctx, tx, by)
		return err
	})
	if err != nil {
		return s.Refused(w, r, "/security", err)
	}
	http.Redirect(w, r, "/security/app", http.StatusSeeOther)
	return nil
}

func (s security) showApp(w http.ResponseWriter, r *http.Request) error {
	return s.appPage(w, r, http.StatusOK, ui.Form{})
}

func (s security) appPage(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := setupView{P: server.Printer(r.Context()), Form: form, Base: "/security/app"}
	var where ui.Room
	err := s.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		where = room(by)
		v.Draft, err = factor.Begun(ctx, tx, by)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		http.Redirect(w, r, "/security", http.StatusSeeOther)
		return nil
	}
	if err == nil {
		err = v.draw()
	}
	if err != nil {
		return err
	}
	return s.Show(w, r, status, s.New(w, r, where, "security.app_title"), appPage(v))
}

// made shows the recovery codes of a first factor once, or leads back.
func (s security) made(w http.ResponseWriter, r *http.Request, codes []string) error {
	if len(codes) == 0 {
		return s.Done(w, r, "/security", "security.factor_added")
	}
	p := server.Printer(r.Context())
	return s.Show(w, r, http.StatusCreated, s.New(w, r, room(server.Actor(r.Context())), "signin.recovery_title"), recoveryPage(p, codes, "/security"))
}

func (s security) confirmApp(w http.ResponseWriter, r *http.Request) error {
	var in factor.FirstCode
	err := web.Form(w, r, &in)
	var made factor.Made
	if err == nil {
		err = s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			made, err = factor.ConfirmApp(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return s.appPage(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return err
	}
	return s.made(w, r, made.Recovery)
}

func (s security) askRegister(w http.ResponseWriter, r *http.Request) error {
	var c factor.Challenge
	err := s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		c, err = s.Keys.Register(ctx, tx, by)
		return err
	})
	return s.answerJSON(w, r, c, err)
}

func (s security) register(w http.ResponseWriter, r *http.Request) error {
	var in factor.Answer
	err := web.Form(w, r, &in)
	var made factor.Made
	if err == nil {
		err = s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
			made, err = s.Keys.Registered(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return s.render(w, r, status, "passkey", web.Typed(r, err))
	}
	if err != nil {
		return err
	}
	return s.made(w, r, made.Recovery)
}

func (s security) remove(w http.ResponseWriter, r *http.Request) error {
	return s.button(w, r, "security.factor_removed", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := factor.Remove(ctx, tx, by, factor.Chosen{ID: r.PathValue("id")})
		return err
	})
}

// button runs an act of one button.
func (s security) button(w http.ResponseWriter, r *http.Request, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	if err := s.Write(r, do); err != nil {
		return s.Refused(w, r, "/security", err)
	}
	return s.Done(w, r, "/security", said)
}

func (s security) renew(w http.ResponseWriter, r *http.Request) error {
	var codes []string
	err := s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		codes, err = factor.Renew(ctx, tx, by)
		return err
	})
	if err != nil {
		return s.Refused(w, r, "/security", err)
	}
	return s.made(w, r, codes)
}

func (s security) end(w http.ResponseWriter, r *http.Request) error {
	return s.button(w, r, "security.session_ended", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		return account.EndSession(ctx, tx, by, account.Ended{ID: r.PathValue("id")})
	})
}

func (s security) endOthers(w http.ResponseWriter, r *http.Request) error {
	return s.button(w, r, "security.others_ended", account.EndOthers)
}

func (s security) showProve(w http.ResponseWriter, r *http.Request) error {
	return s.provePage(w, r, http.StatusOK, ui.Form{Values: url.Values{"next": {r.URL.Query().Get("next")}}})
}

func (s security) provePage(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := factorView{P: server.Printer(r.Context()), Form: form, Action: "/security/prove", Next: form.Values.Get("next"), Proving: true}
	by := server.Actor(r.Context())
	if by.Factor {
		if err := s.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			return v.ways(ctx, tx, s.door, by, "/security/prove/ask")
		}); err != nil {
			return err
		}
	} else {
		v.ByWord = true
	}
	return s.Show(w, r, status, s.New(w, r, room(by), "security.prove_title"), factorPage(v))
}

func (s security) askProve(w http.ResponseWriter, r *http.Request) error {
	var c factor.Challenge
	err := s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		c, err = s.Keys.AskProof(ctx, tx, by.ID)
		return err
	})
	return s.answerJSON(w, r, c, err)
}

func (s security) prove(w http.ResponseWriter, r *http.Request) error {
	var given factor.Given
	var word account.Proving
	by := server.Actor(r.Context())
	err := web.Form(w, r, &given)
	if err == nil && !by.Factor {
		if err = web.Form(w, r, &word); err == nil {
			err = word.Swear(r.Context(), s.DB, by)
		}
	}
	if err == nil {
		err = s.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			if by.Factor {
				return s.Keys.Prove(ctx, tx, by, given)
			}
			return account.ProveByPassword(ctx, tx, by, word)
		})
	}
	if status, ok := web.Mended(err); ok {
		return s.provePage(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return err
	}
	return s.Done(w, r, web.Safe(r.PostForm.Get("next"), "/security"), "security.proved")
}
