package factor_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

var rp = virtualwebauthn.RelyingParty{Name: "Market", ID: "market.example", Origin: "https://market.example"}

// device is an authenticator with one credential for a person.
type device struct {
	virtualwebauthn.Authenticator
	key virtualwebauthn.Credential
}

func newDevice(accountID string) device {
	return device{virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(accountID)}), virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)}
}

func wrap(t *testing.T, c factor.Challenge) string {
	t.Helper()
	b, err := json.Marshal(map[string]json.RawMessage{"publicKey": c.Options})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (v *device) register(t *testing.T, c factor.Challenge) string {
	t.Helper()
	o, err := virtualwebauthn.ParseAttestationOptions(wrap(t, c))
	if err != nil {
		t.Fatal(err)
	}
	s := virtualwebauthn.CreateAttestationResponse(rp, v.Authenticator, v.key, *o)
	v.AddCredential(v.key)
	return s
}

func (v *device) sign(t *testing.T, c factor.Challenge) string {
	t.Helper()
	o, err := virtualwebauthn.ParseAssertionOptions(wrap(t, c))
	if err != nil {
		t.Fatal(err)
	}
	v.key.Counter++
	return virtualwebauthn.CreateAssertionResponse(rp, v.Authenticator, v.key, *o)
}

func TestPasskeyAloneAndAsSecondFactor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.staff("fin@example.com", access.Finance)
		keys, err := factor.NewKeys("https://market.example", "Market")
		if err != nil {
			t.Fatal(err)
		}
		v := newDevice(a.ID)
		var c factor.Challenge
		k.must(func(ctx context.Context, tx *db.Tx) (err error) {
			c, err = keys.Register(ctx, tx, a.Actor())
			return err
		})
		in := factor.Answer{Challenge: c.ID, Name: " 办公 电脑 ", Response: v.register(t, c)}
		var made factor.Made
		k.must(func(ctx context.Context, tx *db.Tx) (err error) {
			made, err = keys.Registered(ctx, tx, a.Actor(), in)
			return err
		})
		if made.Factor.Name != "办公 电脑" || len(made.Recovery) != 10 {
			t.Errorf("made %+v", made)
		}
		err = k.write(func(ctx context.Context, tx *db.Tx) error {
			_, err := keys.Registered(ctx, tx, a.Actor(), in)
			return err
		})
		kindOf(t, err, fault.Invalid, "factor.passkey_late") // its challenge is spent

		// Without a password.
		ask := func() (c factor.Challenge) {
			k.must(func(ctx context.Context, tx *db.Tx) (err error) { c, err = keys.AskSignIn(ctx, tx); return err })
			return c
		}
		signIn := func(in factor.Answer) (s account.Session, err error) {
			err = k.write(func(ctx context.Context, tx *db.Tx) (err error) {
				s, err = keys.SignIn(ctx, tx, visitor, in, "x")
				return err
			})
			return s, err
		}
		c = ask()
		answer := factor.Answer{Challenge: c.ID, Response: v.sign(t, c)}
		s, err := signIn(answer)
		if err != nil || s.Stage != account.Entered || s.Account.ID != a.ID {
			t.Fatalf("signed in as %+v, %v", s, err)
		}
		_, err = signIn(answer)
		kindOf(t, err, fault.Invalid, "factor.passkey_late")

		// The answer to another challenge, another's passkey, and one that came late.
		other, stranger := ask(), newDevice("acc_nobody")
		_, err = signIn(factor.Answer{Challenge: other.ID, Response: v.sign(t, ask())})
		kindOf(t, err, fault.Invalid, "factor.passkey_wrong")
		c = ask()
		_, err = signIn(factor.Answer{Challenge: c.ID, Response: stranger.sign(t, c)})
		kindOf(t, err, fault.Invalid, "factor.passkey_wrong")
		c = ask()
		answer = factor.Answer{Challenge: c.ID, Response: v.sign(t, c)}
		dbtest.Advance(d, 6*time.Minute)
		_, err = signIn(answer)
		kindOf(t, err, fault.Invalid, "factor.passkey_late")
		for _, junk := range []string{"", "{}", "null", "[]", `{"id":"x"}`} {
			c = ask()
			_, err = signIn(factor.Answer{Challenge: c.ID, Response: junk})
			kindOf(t, err, fault.Invalid, "factor.passkey_wrong")
		}

		// After the password, as the second factor.
		waiting := k.signIn(a.Mail)
		if waiting.Stage != account.WaitFactor {
			t.Fatalf("the session waits for %q", waiting.Stage)
		}
		k.must(func(ctx context.Context, tx *db.Tx) (err error) { c, err = keys.AskProof(ctx, tx, a.ID); return err })
		k.must(func(ctx context.Context, tx *db.Tx) (err error) {
			s, err = keys.Finish(ctx, tx, visitor, factor.Given{Token: waiting.Token, Answer: factor.Answer{Challenge: c.ID, Response: v.sign(t, c)}})
			return err
		})
		if s.Stage != account.Entered {
			t.Errorf("after the passkey the session waits for %q", s.Stage)
		}

		// One whose counter goes back was copied.
		c = ask()
		v.key.Counter = 0
		_, err = signIn(factor.Answer{Challenge: c.ID, Response: v.sign(t, c)})
		kindOf(t, err, fault.Invalid, "factor.passkey_copied")
	})
}

func TestPasskeysNeedAName(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{"http://127.0.0.1:8080": false, "http://[::1]:8080": false, "http://localhost:8080": true, "https://market.example": true} {
		k, err := factor.NewKeys(address, "Market")
		if err != nil || (k != nil) != want {
			t.Errorf("%s: %v, %v", address, k != nil, err)
		}
	}
}
