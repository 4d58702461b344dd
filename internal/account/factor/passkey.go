package factor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Keys registers passkeys for one marketplace's address and takes their answers.
// Where it is nil there are none.
type Keys struct{ w *webauthn.WebAuthn }

// NewKeys makes Keys for the address that browsers see. A passkey belongs to a name:
// where the address is a bare number there are none, and the answer is nil.
func NewKeys(baseURL, name string) (*Keys, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return nil, err
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || host == "" {
		return nil, nil
	}
	w, err := webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host}})
	if err != nil {
		return nil, err
	}
	return &Keys{w}, nil
}

// challengeLife is how long a browser may take to answer.
const challengeLife = 5 * time.Minute

// What a challenge was made for; its answer serves nothing else.
const (
	toRegister = "register"
	toSignIn   = "sign-in" // without a password
	toProve    = "prove"   // after a password, or again later
)

// Challenge is what a browser is asked to sign.
type Challenge struct {
	ID      string          `json:"id"`
	Options json.RawMessage `json:"options"` // as navigator.credentials takes it
}

// Answer is what the browser gave back, as JSON.
type Answer struct {
	Challenge string `json:"challenge"`
	Name      string `json:"name"`
	Response  string `json:"response"`
}

// person is an account as the library sees one.
type person struct {
	a    account.Account
	keys []webauthn.Credential
}

func (p person) WebAuthnID() []byte                         { return []byte(p.a.ID) }
func (p person) WebAuthnName() string                       { return p.a.Mail }
func (p person) WebAuthnDisplayName() string                { return p.a.Name }
func (p person) WebAuthnCredentials() []webauthn.Credential { return p.keys }

func withKeys(ctx context.Context, tx *db.Tx, a account.Account) (person, error) {
	p := person{a: a}
	all, err := list(ctx, tx, a.ID)
	if err != nil {
		return p, err
	}
	for _, f := range all {
		if f.Kind != Passkey {
			continue
		}
		plain, err := tx.Vault().Open(place(f.ID), f.secret)
		if err != nil {
			return p, err
		}
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(plain), &c); err != nil {
			return p, err
		}
		p.keys = append(p.keys, c)
	}
	return p, nil
}

func credentialIndex(tx *db.Tx, id []byte) string {
	return tx.Vault().Blind("account.passkey", base64.RawURLEncoding.EncodeToString(id))
}

// ask keeps a challenge and returns it for the browser.
func ask(ctx context.Context, tx *db.Tx, accountID, purpose string, options any, s *webauthn.SessionData) (Challenge, error) {
	body, err := json.Marshal(options)
	if err != nil {
		return Challenge{}, err
	}
	kept, err := json.Marshal(s)
	if err != nil {
		return Challenge{}, err
	}
	c := Challenge{ID: tx.NewID("chl"), Options: body}
	_, err = tx.Exec(ctx, `INSERT INTO account_challenge (id, account_id, purpose, data, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, accountID, purpose, tx.Vault().Seal("account.challenge:"+c.ID, string(kept)), tx.Now().Add(challengeLife))
	return c, err
}

// take finds a challenge and spends it, even if its answer turns out to be wrong.
func take(ctx context.Context, tx *db.Tx, id, accountID, purpose string) (webauthn.SessionData, error) {
	var s webauthn.SessionData
	sealed, err := db.One(ctx, tx, db.Value[string], `
		SELECT data FROM account_challenge WHERE id = $1 AND account_id = $2 AND purpose = $3 AND expires_at > $4`, id, accountID, purpose, tx.Now())
	if fault.Is(err, fault.NotFound) {
		return s, fault.New(fault.Invalid, "factor.passkey_late")
	}
	if err != nil {
		return s, err
	}
	spend := func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM account_challenge WHERE id = $1`, id)
		return err
	}
	tx.Despite(spend)
	if err := tx.Move(ctx, `DELETE FROM account_challenge WHERE id = $1`, id); err != nil {
		return s, err
	}
	plain, err := tx.Vault().Open("account.challenge:"+id, sealed)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(plain), &s)
}

// unavailable is the answer where the marketplace has no name.
func (k *Keys) unavailable() error {
	if k == nil {
		return fault.New(fault.Conflict, "factor.passkey_unavailable")
	}
	return nil
}

// Register asks the actor's browser for a new passkey.
func (k *Keys) Register(ctx context.Context, tx *db.Tx, by access.Actor) (Challenge, error) {
	a, err := setter(ctx, tx, by)
	if err != nil {
		return Challenge{}, err
	}
	if err := k.unavailable(); err != nil {
		return Challenge{}, err
	}
	p, err := withKeys(ctx, tx, a)
	if err != nil {
		return Challenge{}, err
	}
	rules, err := policy.Now(ctx, tx)
	if err != nil {
		return Challenge{}, err
	}
	if len(p.keys) >= rules.People.PasskeysAtMost {
		return Challenge{}, fault.New(fault.Conflict, "factor.passkey_limit", rules.People.PasskeysAtMost)
	}
	options, s, err := k.w.BeginRegistration(p,
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred}),
		webauthn.WithExclusions(webauthn.Credentials(p.keys).CredentialDescriptors()))
	if err != nil {
		return Challenge{}, err
	}
	return ask(ctx, tx, a.ID, toRegister, options.Response, s)
}

// Registered keeps the passkey that a browser made.
func (k *Keys) Registered(ctx context.Context, tx *db.Tx, by access.Actor, in Answer) (Made, error) {
	a, err := setter(ctx, tx, by)
	if err != nil {
		return Made{}, err
	}
	if err := k.unavailable(); err != nil {
		return Made{}, err
	}
	name, err := naming(in.Name, "Passkey")
	if err != nil {
		return Made{}, err
	}
	s, err := take(ctx, tx, in.Challenge, a.ID, toRegister)
	if err != nil {
		return Made{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(in.Response))
	if err != nil {
		return Made{}, wrongAnswer(err)
	}
	p, err := withKeys(ctx, tx, a)
	if err != nil {
		return Made{}, err
	}
	c, err := k.w.CreateCredential(p, s, parsed)
	if err != nil {
		return Made{}, wrongAnswer(err)
	}
	record, err := json.Marshal(c)
	if err != nil {
		return Made{}, err
	}
	f := Factor{ID: tx.NewID("fac"), AccountID: a.ID, Kind: Passkey, Name: name, MadeAt: tx.Now()}
	_, err = tx.Exec(ctx, `
		INSERT INTO account_factor (id, account_id, kind, name, secret, credential_index, made_at, confirmed_at) VALUES ($1, $2, 'passkey', $3, $4, $5, $6, $6)`,
		f.ID, a.ID, name, tx.Vault().Seal(place(f.ID), string(record)), credentialIndex(tx, c.ID), tx.Now())
	if db.IsUnique(err) {
		return Made{}, fault.New(fault.Conflict, "factor.passkey_known")
	}
	if err != nil {
		return Made{}, err
	}
	recovery, err := added(ctx, tx, by, a, f)
	return Made{f, recovery}, err
}

// AskSignIn asks a browser for any passkey of ours: who it belongs to is told by the
// passkey, which must have seen its owner's finger, face or PIN.
func (k *Keys) AskSignIn(ctx context.Context, tx *db.Tx) (Challenge, error) {
	// Everybody may ask.
	if err := k.unavailable(); err != nil {
		return Challenge{}, err
	}
	options, s, err := k.w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Challenge{}, err
	}
	return ask(ctx, tx, "", toSignIn, options.Response, s)
}

// AskProof asks a browser for one of a person's own passkeys.
func (k *Keys) AskProof(ctx context.Context, tx *db.Tx, accountID string) (Challenge, error) {
	// Who it is was established by the caller.
	if err := k.unavailable(); err != nil {
		return Challenge{}, err
	}
	a, err := account.Load(ctx, tx, accountID)
	if err != nil {
		return Challenge{}, err
	}
	p, err := withKeys(ctx, tx, a)
	if err != nil {
		return Challenge{}, err
	}
	if len(p.keys) == 0 {
		return Challenge{}, fault.New(fault.Conflict, "factor.passkey_none")
	}
	options, s, err := k.w.BeginLogin(p, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return Challenge{}, err
	}
	return ask(ctx, tx, a.ID, toProve, options.Response, s)
}

// SignIn opens a session by a passkey alone. One that is not ours, or whose owner was
// not verified, is refused.
func (k *Keys) SignIn(ctx context.Context, tx *db.Tx, by access.Actor, in Answer, agent string) (account.Session, error) {
	if err := k.unavailable(); err != nil {
		return account.Session{}, err
	}
	s, err := take(ctx, tx, in.Challenge, "", toSignIn)
	if err != nil {
		return account.Session{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(in.Response))
	if err != nil {
		return account.Session{}, wrongAnswer(err)
	}
	var who person
	var broken error // of ours, not of the answer
	_, c, err := k.w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		a, err := account.Load(ctx, tx, string(handle))
		if err == nil {
			who, err = withKeys(ctx, tx, a)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			broken = err
		}
		return who, err
	}, s, parsed)
	if broken != nil {
		return account.Session{}, broken
	}
	if err := used(ctx, tx, c, err); err != nil {
		return account.Session{}, err
	}
	return account.Enter(ctx, tx, by, who.a, agent, account.ByPasskey)
}

// CheckAnswer takes a passkey's answer as a person's second factor.
func (k *Keys) CheckAnswer(ctx context.Context, tx *db.Tx, accountID string, in Answer) error {
	if err := k.unavailable(); err != nil {
		return err
	}
	s, err := take(ctx, tx, in.Challenge, accountID, toProve)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(in.Response))
	if err != nil {
		return wrongAnswer(err)
	}
	a, err := account.Load(ctx, tx, accountID)
	if err != nil {
		return err
	}
	p, err := withKeys(ctx, tx, a)
	if err != nil {
		return err
	}
	c, err := k.w.ValidateLogin(p, s, parsed)
	return used(ctx, tx, c, err)
}

// used notes a passkey's use and its counter; one whose counter went back was copied
// and is refused.
func used(ctx context.Context, tx *db.Tx, c *webauthn.Credential, err error) error {
	if err != nil {
		return wrongAnswer(err)
	}
	if c.Authenticator.CloneWarning {
		return fault.New(fault.Invalid, "factor.passkey_copied")
	}
	record, err := json.Marshal(c)
	if err != nil {
		return err
	}
	f, err := db.One(ctx, tx, (*Factor).fields, `SELECT `+columns+` FROM account_factor WHERE credential_index = $1`, credentialIndex(tx, c.ID))
	if err != nil {
		return err
	}
	return tx.Move(ctx, `UPDATE account_factor SET secret = $1, last_used = $2 WHERE id = $3`, tx.Vault().Seal(place(f.ID), string(record)), tx.Now(), f.ID)
}

// wrongAnswer is an answer of a browser that does not hold.
func wrongAnswer(err error) error {
	var e *protocol.Error
	cause := err
	if errors.As(err, &e) && e.DevInfo != "" {
		cause = errors.New(strings.TrimSpace(e.Details + ": " + e.DevInfo))
	}
	return fault.New(fault.Invalid, "factor.passkey_wrong").Because(cause)
}
