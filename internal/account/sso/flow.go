package sso

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Life is how long a sign-in at the provider may take.
const Life = 10 * time.Minute

// waits is what a browser carries, sealed, between the two halves of a sign-in.
type waits struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Next     string    `json:"to"`
	Until    time.Time `json:"u"`
}

// Begin gives the provider's address to send the browser to, and the sealed cookie it
// carries meanwhile. A provider that does not answer is fault.Conflict.
func (p *Provider) Begin(ctx context.Context, v *vault.Vault, now time.Time, next string) (address, cookie string, err error) {
	found, err := p.discover(ctx)
	if err != nil {
		return "", "", err
	}
	w := waits{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Next: next, Until: now.Add(Life)}
	body, err := json.Marshal(w)
	if err != nil {
		return "", "", err
	}
	return p.oauth(found).AuthCodeURL(w.State, oidc.Nonce(w.Nonce), oauth2.S256ChallengeOption(w.Verifier)), v.Seal("account.sso", string(body)), nil
}

// Finish takes what the provider sent the browser back with. Without the cookie, with
// another state, a code that the provider does not know, or a token that does not
// hold, it is refused as fault.Invalid; it returns where the person wanted to go.
func (p *Provider) Finish(ctx context.Context, v *vault.Vault, now time.Time, cookie string, query url.Values) (Identity, string, error) {
	refused := func(err error) (Identity, string, error) {
		return Identity{}, "", fault.New(fault.Invalid, "sso.refused").Because(err)
	}
	plain, err := v.Open("account.sso", cookie)
	var w waits
	if err != nil || plain == "" || json.Unmarshal([]byte(plain), &w) != nil || !now.Before(w.Until) {
		return Identity{}, "", fault.New(fault.Gone, "sso.late")
	}
	if subtle.ConstantTimeCompare([]byte(w.State), []byte(query.Get("state"))) != 1 {
		return refused(errors.New("the state is another one"))
	}
	if e := query.Get("error"); e != "" {
		return Identity{}, "", fault.New(fault.Conflict, "sso.denied").Because(errors.New("the provider says " + e))
	}
	found, err := p.discover(ctx)
	if err != nil {
		return Identity{}, "", err
	}
	ctx = oidc.ClientContext(ctx, p.Client)
	given, err := p.oauth(found).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(w.Verifier))
	var said *oauth2.RetrieveError
	switch {
	case errors.As(err, &said) && said.Response != nil && said.Response.StatusCode < 500:
		return refused(errors.New("the provider does not take the code: " + said.ErrorCode))
	case err != nil:
		return Identity{}, "", unreachable(scrub(err))
	}
	raw, ok := given.Extra("id_token").(string)
	if !ok {
		return refused(errors.New("the provider gave no ID token"))
	}
	token, err := found.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: func() time.Time { return now }}).Verify(ctx, raw)
	if err != nil {
		return refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(w.Nonce)) != 1 {
		return refused(errors.New("the nonce is another one"))
	}
	i, err := p.identity(token)
	if err != nil {
		return refused(err)
	}
	return i, w.Next, nil
}

// scrub keeps the code, which stands in the address of a failed request, out of the log.
func scrub(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return errors.New("the token endpoint did not answer as it should")
}
