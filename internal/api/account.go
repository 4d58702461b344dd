package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Account is a person, with mailbox and phone masked.
type Account struct {
	ID       string        `json:"id"`
	Kind     string        `json:"kind" doc:"member or staff"`
	Name     string        `json:"name"`
	Mail     string        `json:"mail" doc:"masked"`
	Phone    string        `json:"phone" doc:"masked"`
	Lang     string        `json:"lang"`
	VendorID string        `json:"vendor_id,omitempty"`
	Roles    []access.Role `json:"roles" nullable:"false"`
	Verified bool          `json:"verified"`
}

func viewAccount(_ text.Printer, a account.Account) Account {
	return Account{ID: a.ID, Kind: string(a.Kind), Name: a.Name, Mail: vault.MaskMail(a.Mail), Phone: vault.MaskPhone(a.Phone),
		Lang: a.Lang.Tag(), VendorID: a.VendorID, Roles: a.Roles, Verified: !a.VerifiedAt.IsZero()}
}

// Session is a signed-in person's token.
type Session struct {
	Token     string    `json:"token"`
	ExpiresAt time.Time `json:"expires_at"`
	Account   Account   `json:"account"`
}

// Key is an API key; Secret is told once, when it is made.
type Key struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`
	Prefix    string         `json:"prefix"`
	Secret    string         `json:"secret,omitempty"`
	Scopes    []access.Scope `json:"scopes" nullable:"false"`
	CreatedAt time.Time      `json:"created_at"`
	LastUsed  *time.Time     `json:"last_used,omitempty"`
	RevokedAt *time.Time     `json:"revoked_at,omitempty"`
}

func (k Key) forget() any { k.Secret = ""; return k }

func viewKey(_ text.Printer, k account.Key) Key {
	return Key{ID: k.ID, Name: k.Name, Prefix: k.Prefix, Secret: k.Secret, Scopes: k.Scopes, CreatedAt: k.CreatedAt,
		LastUsed: when(k.LastUsed), RevokedAt: when(k.RevokedAt)}
}

// when leaves a zero time out of an answer.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// each shows every element of a list that has no further page.
func each[T, O any](show view[T, O]) view[[]T, Page[O]] {
	return func(p text.Printer, all []T) Page[O] {
		out := Page[O]{Items: make([]O, len(all))}
		for i, v := range all {
			out.Items[i] = show(p, v)
		}
		return out
	}
}

// none is a request without parameters.
type none struct{}

// nothing is the answer of an act that has nothing to show.
type nothing struct {
	Done bool `json:"done"`
}

func done[T any](text.Printer, T) nothing { return nothing{true} }

// quiet makes an operation of one that returns only an error.
func quiet[I any](op func(ctx context.Context, tx *db.Tx, by access.Actor, in I) error) do[I, none] {
	return func(ctx context.Context, tx *db.Tx, by access.Actor, in I) (none, error) {
		return none{}, op(ctx, tx, by, in)
	}
}

func (a *API) accountRoutes() {
	post(a, route{path: "/accounts", tag: "accounts", id: "register", summary: "Register (O-1): sends a code by mail and one by SMS", public: true, status: 201}, account.Register, viewAccount)
	post(a, route{path: "/accounts/{id}/verify", tag: "accounts", id: "verify-account", summary: "Give both codes", public: true}, account.Verify, viewAccount)
	post(a, route{path: "/accounts/{id}/send-code", tag: "accounts", id: "send-code-again", summary: "Send one of the codes again", public: true}, account.SendAgain, done[account.Account])
	get(a, route{path: "/accounts/me", tag: "accounts", id: "get-me", summary: "The signed-in person"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (account.Account, error) {
			return account.Me(ctx, tx, by)
		}, viewAccount)
	post(a, route{path: "/accounts/me", tag: "accounts", id: "update-me", summary: "Choose the language of messages"}, account.Prefer, viewAccount)
	post(a, route{path: "/password/forgot", tag: "accounts", id: "forgot-password", summary: "Ask for a code to set a new password", public: true}, quiet(account.Forget), done[none])
	post(a, route{path: "/password/reset", tag: "accounts", id: "reset-password", summary: "Set a new password with the code", public: true}, quiet(account.SetPassword), done[none])

	get(a, route{path: "/api-keys", tag: "api-keys", id: "list-api-keys", summary: "Your API keys"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]account.Key, error) {
			return account.Keys(ctx, tx, by)
		}, each(viewKey))
	post(a, route{path: "/api-keys", tag: "api-keys", id: "make-api-key", summary: "Make an API key; its secret is told once", status: 201}, account.MakeKey, viewKey)
	act(a, route{path: "/api-keys/{id}/revoke", tag: "api-keys", id: "revoke-api-key", summary: "End an API key"}, account.RevokeKey, viewKey)

	a.signIn()
	a.signOut()
}

// signIn is not one transaction (the password's hash is compared between two), so
// it is registered by hand. Its answer, a secret, is not kept for repetition.
func (a *API) signIn() {
	o := route{method: http.MethodPost, path: "/sessions", tag: "sessions", id: "sign-in", summary: "Sign in", public: true, status: 201}
	type input struct {
		Agent string `header:"User-Agent" hidden:"true"`
		Key   string `header:"Idempotency-Key" maxLength:"200" doc:"Taken and not kept: each answer is a session of its own."`
		Body  Entry
	}
	huma.Register(a.huma, o.operation(), func(ctx context.Context, in *input) (*answer[Session], error) {
		s, err := a.enter(ctx, in.Body, in.Agent)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[Session]{Body: Session{Token: s.Token, ExpiresAt: s.ExpiresAt, Account: viewAccount(server.Printer(ctx), s.Account)}}, nil
	})
}

// Entry is what a program signs in with: the code where there is a second factor.
type Entry struct {
	Mail     string `json:"mail"`
	Password string `json:"password"`
	Code     string `json:"code,omitempty" doc:"Of the authenticator app, or a recovery code; asked for where the account has a second factor"`
}

// enter signs in with password and, where there is a second factor, its code.
func (a *API) enter(ctx context.Context, in Entry, agent string) (account.Session, error) {
	by := server.Actor(ctx)
	s, err := account.SignIn(ctx, a.s.DB, by, account.Credentials{Mail: in.Mail, Password: in.Password, Agent: agent, NoStaff: a.s.NoStaffPasswords})
	if err != nil || s.Stage == account.Entered {
		return s, err
	}
	if s.Stage == account.WaitSetup {
		return s, fault.New(fault.Forbidden, "factor.setup_first")
	}
	if in.Code == "" {
		return s, fault.At("/code", "factor.code_needed")
	}
	token := s.Token
	err = a.s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		var none *factor.Keys // a program has no passkey
		s, err = none.Finish(ctx, tx, by, factor.Given{Token: token, Code: in.Code})
		return err
	})
	return s, err
}

// signOut ends the session whose token the request carries.
func (a *API) signOut() {
	o := route{method: http.MethodDelete, path: "/sessions/current", tag: "sessions", id: "sign-out", summary: "Sign out"}
	huma.Register(a.huma, o.operation(), func(ctx context.Context, _ *struct{}) (*answer[nothing], error) {
		by, err := actor(ctx, false)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		token := server.Token(ctx)
		if !strings.HasPrefix(token, "yss_") {
			return &answer[nothing]{Body: nothing{true}}, nil
		}
		if err := a.s.DB.Write(ctx, func(tx *db.Tx) error { return account.SignOut(ctx, tx, by, token) }); err != nil {
			return nil, a.problem(ctx, err)
		}
		return &answer[nothing]{Body: nothing{true}}, nil
	})
}
