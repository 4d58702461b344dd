package sso_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/sso"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

var visitor = access.Actor{Kind: access.Visitor, Address: "192.0.2.7"}

// issuer is an identity provider: discovery and keys of oidctest, and a token
// endpoint that gives for a code the claims that were put there.
type issuer struct {
	t      *testing.T
	url    string
	key    *rsa.PrivateKey
	down   bool
	claims map[string]any // of the next ID token
	asked  url.Values     // of the authorization request
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &issuer{t: t, key: key}
	known := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "k1", Algorithm: oidc.RS256}}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case p.down:
			http.Error(w, "down", http.StatusServiceUnavailable)
		case r.URL.Path == "/token":
			p.token(w, r)
		default:
			known.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	known.SetIssuer(srv.URL)
	p.url = srv.URL
	return p
}

// token answers the code "good" whose verifier fits the challenge.
func (p *issuer) token(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if r.PostFormValue("code") != "good" || base64.RawURLEncoding.EncodeToString(sum[:]) != p.asked.Get("code_challenge") {
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]string{"error": "invalid_grant"})
		return
	}
	body, err := json.Marshal(p.claims)
	if err != nil {
		p.t.Error(err)
	}
	json.NewEncoder(w).Encode(map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": oidctest.SignIDToken(p.key, "k1", oidc.RS256, string(body))})
}

// walk goes to the provider and back, as a browser does; change may spoil what comes back.
func walk(t *testing.T, p *issuer, x *sso.Provider, change func(cookie *string, query url.Values)) (sso.Identity, error) {
	t.Helper()
	ctx := t.Context()
	now := dbtest.Start
	address, cookie, err := x.Begin(ctx, dbtest.Vault(), now, "/office/events")
	if err != nil {
		return sso.Identity{}, err
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p.asked = u.Query()
	if p.asked.Get("code_challenge_method") != "S256" || p.asked.Get("redirect_uri") != "https://market.example"+sso.Callback || p.asked.Get("nonce") == "" {
		t.Errorf("asked with %v", p.asked)
	}
	if p.claims["nonce"] == nil {
		p.claims["nonce"] = p.asked.Get("nonce")
		defer delete(p.claims, "nonce")
	}
	query := url.Values{"code": {"good"}, "state": {p.asked.Get("state")}}
	if change != nil {
		change(&cookie, query)
	}
	i, next, err := x.Finish(ctx, dbtest.Vault(), now.Add(time.Minute), cookie, query)
	if err == nil && next != "/office/events" {
		t.Errorf("leads to %s", next)
	}
	return i, err
}

func (p *issuer) say(more map[string]any) {
	p.claims = map[string]any{"iss": p.url, "aud": "market", "sub": "u1", "exp": dbtest.Start.Add(time.Hour).Unix(), "iat": dbtest.Start.Unix(),
		"email": "Fin@corp.example", "email_verified": true, "name": "周会计", "groups": []string{"market-finance", "else"}}
	for k, v := range more {
		p.claims[k] = v
	}
}

func config(p *issuer) sso.Config {
	return sso.Config{Issuer: p.url, ClientID: "market", Secret: "s", BaseURL: "https://market.example", Domains: []string{"@Corp.example"}}
}

func open(t *testing.T, c sso.Config) *sso.Provider {
	t.Helper()
	x, err := sso.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestOnlyWhatTheProviderSignedForThisBrowserHolds(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	x := open(t, config(p))
	p.say(nil)
	i, err := walk(t, p, x, nil)
	if err != nil || i.Subject != "u1" || !i.Verified || i.Mail != "Fin@corp.example" {
		t.Fatalf("got %+v, %v", i, err)
	}
	for _, c := range []struct {
		name   string
		claims map[string]any
		change func(cookie *string, query url.Values)
		kind   fault.Kind
	}{
		{"another state", nil, func(_ *string, q url.Values) { q.Set("state", "x") }, fault.Invalid},
		{"no state", nil, func(_ *string, q url.Values) { q.Del("state") }, fault.Invalid},
		{"no cookie", nil, func(c *string, _ url.Values) { *c = "" }, fault.Gone},
		{"another cookie", nil, func(c *string, _ url.Values) { *c = "x" }, fault.Gone},
		{"another code", nil, func(_ *string, q url.Values) { q.Set("code", "bad") }, fault.Invalid},
		{"refused there", nil, func(_ *string, q url.Values) { q.Set("error", "access_denied") }, fault.Conflict},
		{"another nonce", map[string]any{"nonce": "x"}, nil, fault.Invalid},
		{"for another client", map[string]any{"aud": "other"}, nil, fault.Invalid},
		{"of another issuer", map[string]any{"iss": "https://evil.example"}, nil, fault.Invalid},
		{"expired", map[string]any{"exp": dbtest.Start.Add(-time.Hour).Unix()}, nil, fault.Invalid},
	} {
		p.say(c.claims)
		if _, err := walk(t, p, x, c.change); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v, want %s", c.name, err, c.kind)
		}
	}
}

// A provider that does not answer is told as such, and asked again next time.
func TestProviderThatIsDownIsToldAndAskedAgain(t *testing.T) {
	t.Parallel()
	p := newIssuer(t)
	x := open(t, config(p))
	p.say(nil)
	p.down = true
	if _, err := walk(t, p, x, nil); !fault.Is(err, fault.Conflict) {
		t.Errorf("discovery: %v", err)
	}
	p.down = false
	if _, err := walk(t, p, x, nil); err != nil {
		t.Error(err)
	}
	if _, err := walk(t, p, x, func(*string, url.Values) { p.down = true }); !fault.Is(err, fault.Conflict) {
		t.Errorf("token: %v", err)
	}
}

func staff(t *testing.T, d *db.DB, mail string, roles ...access.Role) account.Account {
	t.Helper()
	in := account.NewStaff{Mail: mail, Name: "Staff", Roles: roles, Password: "correct horse 42"}
	if err := in.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	var a account.Account
	if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		a, err = account.AddStaff(t.Context(), tx, access.CommandActor("test"), in)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return a
}

func enter(d *db.DB, x *sso.Provider, i sso.Identity) (s account.Session, err error) {
	err = d.Write(context.Background(), func(tx *db.Tx) (err error) {
		s, err = x.Enter(context.Background(), tx, visitor, i, "x")
		return err
	})
	return s, err
}

func refusedBy(t *testing.T, err error, key string) {
	t.Helper()
	f, ok := err.(*fault.Error)
	if !ok || f.Kind != fault.Forbidden || string(f.Message.Key) != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestWhoIsLetIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newIssuer(t)
		a := staff(t, d, "fin@corp.example", access.Finance)
		x := open(t, config(p))
		me := sso.Identity{Issuer: p.url, Subject: "u1", Mail: "Fin@corp.example", Verified: true}
		for _, c := range []struct {
			key    string
			change func(*sso.Identity)
		}{
			{"sso.no_mail", func(i *sso.Identity) { i.Verified = false }},
			{"sso.no_mail", func(i *sso.Identity) { i.Mail = "" }},
			{"sso.domain", func(i *sso.Identity) { i.Mail = "fin@corp.example.evil.example" }},
			{"sso.unknown", func(i *sso.Identity) { i.Mail = "nobody@corp.example" }},
		} {
			i := me
			c.change(&i)
			_, err := enter(d, x, i)
			refusedBy(t, err, c.key)
		}
		s, err := enter(d, x, me)
		if err != nil || s.Account.ID != a.ID || s.Stage != account.Entered {
			t.Fatalf("let in as %+v, %v", s, err)
		}
		// From now on the subject says who it is, whatever the mailbox; another with the same mailbox is not taken for it.
		moved := me
		moved.Mail, moved.Verified = "new@corp.example", false
		if s, err := enter(d, x, moved); err != nil || s.Account.ID != a.ID {
			t.Errorf("by its subject: %+v, %v", s, err)
		}
		taker := me
		taker.Subject = "u2"
		_, err = enter(d, x, taker)
		refusedBy(t, err, "sso.other_subject")
	})
}

func TestRolesComeFromTheClaimAndAccountsAreMadeWhereConfigured(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := newIssuer(t)
		staff(t, d, "boss@corp.example", access.Administrator)
		c := config(p)
		c.RoleClaim, c.Roles, c.Create = "groups", map[string]access.Role{"market-finance": access.Finance, "market-audit": access.Auditor}, true
		x := open(t, c)
		p.say(nil)
		i, err := walk(t, p, x, nil)
		if err != nil {
			t.Fatal(err)
		}
		s, err := enter(d, x, i)
		if err != nil || s.Account.Name != "周会计" || !s.Account.Actor().Has(access.Finance) {
			t.Fatalf("made %+v, %v", s.Account, err)
		}
		if _, err := account.SignIn(t.Context(), d, visitor, account.Credentials{Mail: "fin@corp.example", Password: "correct horse 42"}); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an account without a password takes one: %v", err)
		}
		p.say(map[string]any{"groups": "market-audit"})
		if i, err = walk(t, p, x, nil); err != nil {
			t.Fatal(err)
		}
		if s, err = enter(d, x, i); err != nil || !s.Account.Actor().Has(access.Auditor) || s.Account.Actor().Has(access.Finance) {
			t.Errorf("with another group: %+v, %v", s.Account.Roles, err)
		}
		p.say(map[string]any{"groups": []string{}})
		if i, err = walk(t, p, x, nil); err != nil {
			t.Fatal(err)
		}
		_, err = enter(d, x, i)
		refusedBy(t, err, "sso.no_role")
		p.say(map[string]any{"sub": "boss", "email": "boss@corp.example"})
		if i, err = walk(t, p, x, nil); err != nil {
			t.Fatal(err)
		}
		if _, err = enter(d, x, i); !fault.Is(err, fault.Conflict) {
			t.Errorf("the last administrator lost the role by a claim: %v", err)
		}
	})
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	good := sso.Config{Issuer: "https://id.example", ClientID: "market"}
	for name, change := range map[string]func(*sso.Config){
		"plain http":            func(c *sso.Config) { c.Issuer = "http://id.example" },
		"no address":            func(c *sso.Config) { c.Issuer = "id" },
		"no client":             func(c *sso.Config) { c.ClientID = "" },
		"roles without a claim": func(c *sso.Config) { c.Roles = map[string]access.Role{"x": access.Finance} },
		"a role that is none":   func(c *sso.Config) { c.RoleClaim, c.Roles = "g", map[string]access.Role{"x": access.Owner} },
		"made without a domain": func(c *sso.Config) { c.Create = true },
	} {
		c := good
		change(&c)
		if _, err := sso.New(c); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if x, err := sso.New(good); err != nil || x.Name != "id.example" {
		t.Errorf("%+v, %v", x, err)
	}
}
