// Package sso signs staff in with the operator's own identity provider by OpenID
// Connect: authorization code with PKCE, state and nonce, which wait in one sealed
// cookie of a few minutes. Who somebody is follows from the provider's subject once
// it is bound, before that from a mailbox that the provider has verified; an account
// is made only where that is configured. It writes the table account_subject of
// account.
package sso

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Config is how the operator's identity provider is reached and trusted.
type Config struct {
	Name      string // as the button says it
	Issuer    string
	ClientID  string
	Secret    string
	Scopes    []string               // beside openid; none is profile and email
	RoleClaim string                 // the claim that lists groups or roles; "" gives none
	Roles     map[string]access.Role // a value of the claim to a role of ours
	Domains   []string               // of mailboxes that are taken; none is any
	Create    bool                   // make an account for whom we do not know yet
	BaseURL   string                 // of the marketplace, as browsers see it
	Client    *http.Client           // nil is one with a time limit
}

// Callback is where the provider sends the browser back to.
const Callback = "/signin/sso/callback"

// Provider is a configured identity provider. It is asked for its keys and addresses
// when it is first used, so that a start does not wait for it.
type Provider struct {
	Config
	mu    sync.Mutex
	found *oidc.Provider // guarded by mu; nil until the issuer answered
}

// New checks the configuration without asking the provider.
func New(c Config) (*Provider, error) {
	u, err := url.Parse(c.Issuer)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1":
		return nil, fmt.Errorf("the identity provider's issuer %q is no https address", c.Issuer)
	case c.ClientID == "":
		return nil, errors.New("the identity provider needs a client id")
	case len(c.Roles) > 0 && c.RoleClaim == "":
		return nil, errors.New("roles are given by a claim of the identity provider: name the claim")
	case c.Create && len(c.Domains) == 0:
		return nil, errors.New("accounts are made for the identity provider's people only with a list of mail domains")
	}
	for value, r := range c.Roles {
		if !slices.Contains(access.StaffRoles(), r) {
			return nil, fmt.Errorf("%q gives the role %q, which is none of the staff's", value, r)
		}
	}
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"profile", "email"}
	}
	if c.Name == "" {
		c.Name = u.Hostname()
	}
	for i, d := range c.Domains {
		c.Domains[i] = strings.ToLower(strings.TrimPrefix(d, "@"))
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 10 * time.Second}
	}
	return &Provider{Config: c}, nil
}

// unreachable is told while the provider does not answer; it is asked again next time.
func unreachable(err error) error {
	return fault.New(fault.Conflict, "sso.unreachable").Because(err)
}

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// Its keys are fetched with this context later on: the request's would be over.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.Client), p.Issuer)
	if err != nil {
		return nil, unreachable(err)
	}
	p.found = found
	return found, nil
}

func (p *Provider) oauth(found *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, Endpoint: found.Endpoint(), RedirectURL: strings.TrimSuffix(p.BaseURL, "/") + Callback,
		Scopes: append([]string{oidc.ScopeOpenID}, p.Scopes...)}
}

// Identity is who the provider says it is.
type Identity struct {
	Issuer   string
	Subject  string
	Mail     string
	Verified bool // the provider has verified the mailbox
	Name     string
	Roles    []access.Role // by the claim
	Mapped   bool          // a claim for roles is configured
}

// claims are what we read of an ID token.
type claims struct {
	Mail     string `json:"email"`
	Verified any    `json:"email_verified"` // some providers write "true"
	Name     string `json:"name"`
	Nonce    string `json:"nonce"`
}

// identity reads who a checked ID token speaks of.
func (p *Provider) identity(token *oidc.IDToken) (Identity, error) {
	var c claims
	if err := token.Claims(&c); err != nil {
		return Identity{}, err
	}
	i := Identity{Issuer: token.Issuer, Subject: token.Subject, Mail: strings.TrimSpace(c.Mail), Name: strings.TrimSpace(c.Name), Mapped: p.RoleClaim != ""}
	switch v := c.Verified.(type) {
	case bool:
		i.Verified = v
	case string:
		i.Verified = v == "true"
	}
	if p.RoleClaim == "" {
		return i, nil
	}
	all := map[string]any{}
	if err := token.Claims(&all); err != nil {
		return i, err
	}
	for _, value := range listed(at(all, p.RoleClaim)) {
		if r, ok := p.Roles[value]; ok && !slices.Contains(i.Roles, r) {
			i.Roles = append(i.Roles, r)
		}
	}
	return i, nil
}

// at finds a claim by its name, or by a path with dots as "realm_access.roles".
func at(all map[string]any, name string) any {
	if v, ok := all[name]; ok {
		return v
	}
	first, rest, ok := strings.Cut(name, ".")
	if inner, isMap := all[first].(map[string]any); ok && isMap {
		return at(inner, rest)
	}
	return nil
}

// listed reads a claim that is a list or one text.
func listed(v any) []string {
	switch v := v.(type) {
	case string:
		return strings.Fields(v)
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// takes reports whether the mailbox is of a domain that may come in.
func (p *Provider) takes(mail string) bool {
	if len(p.Domains) == 0 {
		return true
	}
	_, domain, ok := strings.Cut(strings.ToLower(mail), "@")
	return ok && slices.Contains(p.Domains, domain)
}
