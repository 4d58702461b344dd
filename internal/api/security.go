package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Signed is one place where a person is signed in.
type Signed struct {
	ID        string    `json:"id"`
	Device    string    `json:"device"`
	Address   string    `json:"address" doc:"masked"`
	Via       string    `json:"via" doc:"password, passkey, provider or link"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
	This      bool      `json:"this" doc:"the one that asks"`
}

func viewSigned(p text.Printer, s account.Signed) Signed {
	return Signed{ID: s.ID, Device: account.DeviceWords(p, s.Agent), Address: s.Address, Via: string(s.Via), CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, ExpiresAt: s.ExpiresAt, This: s.This}
}

// Factor is one of a person's second factors.
type Factor struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind" doc:"totp or passkey"`
	Name     string     `json:"name"`
	MadeAt   time.Time  `json:"made_at"`
	LastUsed *time.Time `json:"last_used,omitempty"`
}

// Secured is how a person is secured.
type Secured struct {
	Factors  []Factor `json:"factors" nullable:"false"`
	Recovery int      `json:"recovery_codes_left"`
	Must     bool     `json:"required" doc:"the operator's rules ask a second factor of this person"`
}

func viewFactor(_ text.Printer, f factor.Factor) Factor {
	return Factor{ID: f.ID, Kind: string(f.Kind), Name: f.Name, MadeAt: f.MadeAt, LastUsed: when(f.LastUsed)}
}

func viewSecured(p text.Printer, s factor.State) Secured {
	out := Secured{Factors: []Factor{}, Recovery: s.Recovery, Must: s.Must}
	for _, f := range s.Factors {
		out.Factors = append(out.Factors, viewFactor(p, f))
	}
	return out
}

// AppDraft is an authenticator app that is being set up.
type AppDraft struct {
	Secret string `json:"secret"`
	URI    string `json:"uri"`
}

func (d AppDraft) forget() any { return AppDraft{} }

// NewFactor is a factor that was set up; its recovery codes are told once.
type NewFactor struct {
	Factor   Factor   `json:"factor"`
	Recovery []string `json:"recovery_codes,omitempty"`
}

func (n NewFactor) forget() any { n.Recovery = nil; return n }

// RecoveryCodes are told once.
type RecoveryCodes struct {
	Codes []string `json:"codes,omitempty"`
}

func (r RecoveryCodes) forget() any { return RecoveryCodes{} }

func (a *API) securityRoutes() {
	get(a, route{path: "/sessions", tag: "sessions", id: "list-sessions", summary: "Where you are signed in"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]account.Signed, error) {
			return account.Sessions(ctx, tx, by)
		}, each(viewSigned))
	act(a, route{path: "/sessions/{id}/end", tag: "sessions", id: "end-session", summary: "End one of your sessions"}, quiet(account.EndSession), done[none])
	act(a, route{path: "/sessions/end-others", tag: "sessions", id: "end-other-sessions", summary: "End every session but this one"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (none, error) {
			return none{}, account.EndOthers(ctx, tx, by)
		}, done[none])
	get(a, route{path: "/factors", tag: "factors", id: "list-factors", summary: "Your second factors"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (factor.State, error) {
			return factor.Of(ctx, tx, by)
		}, viewSecured)
	act(a, route{path: "/factors/app", tag: "factors", id: "begin-app", summary: "Begin to set up an authenticator app", status: 201},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (factor.Draft, error) {
			return factor.BeginApp(ctx, tx, by)
		}, func(_ text.Printer, d factor.Draft) AppDraft { return AppDraft{Secret: d.Secret, URI: d.URI} })
	post(a, route{path: "/factors/app/confirm", tag: "factors", id: "confirm-app", summary: "Turn the app on with its first code; the first factor comes with recovery codes", status: 201},
		factor.ConfirmApp, func(p text.Printer, m factor.Made) NewFactor {
			return NewFactor{Factor: viewFactor(p, m.Factor), Recovery: m.Recovery}
		})
	act(a, route{path: "/factors/recovery", tag: "factors", id: "renew-recovery-codes", summary: "Make new recovery codes; the old ones hold no more", status: 201},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]string, error) {
			return factor.Renew(ctx, tx, by)
		}, func(_ text.Printer, codes []string) RecoveryCodes { return RecoveryCodes{codes} })
	act(a, route{path: "/factors/{id}/remove", tag: "factors", id: "remove-factor", summary: "Remove one of your second factors"}, factor.Remove, viewFactor)
	post(a, route{path: "/sessions/current/prove", tag: "sessions", id: "prove-session", summary: "Give the second factor again, for what is guarded"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, in Proof) (none, error) {
			var keys *factor.Keys // a program has no passkey
			return none{}, keys.Prove(ctx, tx, by, factor.Given{Code: in.Code})
		}, done[none])
	post(a, route{path: "/password", tag: "accounts", id: "change-password", summary: "Change your own password; other sessions end"}, quiet(account.ChangePassword), done[none])
	post(a, route{path: "/accounts/me/mail", tag: "accounts", id: "ask-new-mail", summary: "Ask for another mailbox: one code each goes to the old and the new"}, quiet(account.AskMail), done[none])
	post(a, route{path: "/accounts/me/mail/confirm", tag: "accounts", id: "confirm-new-mail", summary: "Change the mailbox with both codes"}, quiet(account.MoveMail), done[none])
	post(a, route{path: "/accounts/me/phone", tag: "accounts", id: "ask-new-phone", summary: "Ask for another phone: one code each goes to the old and the new"}, quiet(account.AskPhone), done[none])
	post(a, route{path: "/accounts/me/phone/confirm", tag: "accounts", id: "confirm-new-phone", summary: "Change the phone with both codes"}, quiet(account.MovePhone), done[none])
	act(a, route{path: "/operator/staff/{id}/reset-factors", tag: "operator", id: "reset-factors", summary: "Take a member of staff's second factors away"}, factor.ResetAll, viewAccount)
}

// Proof is the code with which a session's person proves again who they are.
type Proof struct {
	Code string `json:"code"`
}
