// Package factor is the second proof of who somebody is: codes of an authenticator
// app (TOTP), passkeys, and recovery codes for the day when both are lost. Secrets
// are sealed, recovery codes kept as keyed hashes; each code holds once. It writes
// the tables account_factor, account_recovery and account_challenge of account.
package factor

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Kind is what sort of factor it is.
type Kind string

// The kinds of factor.
const (
	App     Kind = "totp"
	Passkey Kind = "passkey"
)

// Factor is one of a person's second factors.
type Factor struct {
	ID        string
	AccountID string
	Kind      Kind
	Name      string
	MadeAt    time.Time
	LastUsed  time.Time
	secret    string // sealed until opened
	lastStep  int64
}

// State is how a person is secured.
type State struct {
	Factors  []Factor // newest last
	Recovery int      // codes that are left
	Must     bool     // the policy asks a second factor of this person
}

// Has reports whether a factor of the kind is there.
func (s State) Has(k Kind) bool {
	return slices.ContainsFunc(s.Factors, func(f Factor) bool { return f.Kind == k })
}

// Events of second factors.
var (
	Added     = event.Kind[Data]{Name: "account.factor_added"}
	Removed   = event.Kind[Data]{Name: "account.factor_removed"}
	Recovered = event.Kind[event.None]{Name: "account.recovery_used"}
	Renewed   = event.Kind[event.None]{Name: "account.recovery_made"}
	Reset     = event.Kind[ResetData]{Name: "account.factors_reset"}
)

// Data names a factor by its id and kind.
type Data struct {
	Factor string `json:"factor"`
	Kind   Kind   `json:"kind"`
}

// ResetData tells how many factors were taken away.
type ResetData struct {
	Factors int `json:"factors"`
}

const columns = `id, account_id, kind, name, secret, last_step, made_at, last_used`

func (f *Factor) fields() []any {
	return []any{&f.ID, &f.AccountID, &f.Kind, &f.Name, &f.secret, &f.lastStep, db.Time(&f.MadeAt), db.Time(&f.LastUsed)}
}

func place(id string) string { return "account.factor:" + id }

func list(ctx context.Context, tx *db.Tx, accountID string) ([]Factor, error) {
	return db.All(ctx, tx, (*Factor).fields, `SELECT `+columns+` FROM account_factor WHERE account_id = $1 AND confirmed_at IS NOT NULL ORDER BY id`, accountID)
}

// Of is how the actor is secured.
func Of(ctx context.Context, tx *db.Tx, by access.Actor) (State, error) {
	if err := by.SignedIn(); err != nil {
		return State{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return State{}, err
	}
	s := State{Must: p.People.MustHaveFactor(by.Kind, by.Roles)}
	if s.Factors, err = list(ctx, tx, by.ID); err != nil {
		return s, err
	}
	s.Recovery, err = left(ctx, tx, by.ID)
	return s, err
}

// setter is the person whose factors the actor sets: themselves, by a session and no
// key; a session in which they are signed in already must have a fresh proof.
func setter(ctx context.Context, tx *db.Tx, by access.Actor) (account.Account, error) {
	if err := by.SignedIn(); err != nil {
		return account.Account{}, err
	}
	if by.KeyID != "" || by.Kind != access.Member && by.Kind != access.Staff {
		return account.Account{}, fault.New(fault.Forbidden, "account.key_by_key")
	}
	if err := by.Fresh(); err != nil {
		return account.Account{}, err
	}
	return account.Load(ctx, tx, by.ID)
}

// Chosen names one of the actor's factors.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// Remove takes one of the actor's factors away; with the last one go the recovery
// codes. Who must have a factor keeps one: fault.Conflict.
func Remove(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Factor, error) {
	a, err := setter(ctx, tx, by)
	if err != nil {
		return Factor{}, err
	}
	s, err := Of(ctx, tx, by)
	if err != nil {
		return Factor{}, err
	}
	i := slices.IndexFunc(s.Factors, func(f Factor) bool { return f.ID == in.ID })
	if i < 0 {
		return Factor{}, fault.New(fault.NotFound, "fault.not_found")
	}
	if s.Must && len(s.Factors) == 1 {
		return Factor{}, fault.New(fault.Conflict, "factor.last")
	}
	if err := tx.Move(ctx, `DELETE FROM account_factor WHERE id = $1 AND account_id = $2`, in.ID, a.ID); err != nil {
		return Factor{}, err
	}
	if len(s.Factors) == 1 {
		if _, err := tx.Exec(ctx, `DELETE FROM account_recovery WHERE account_id = $1`, a.ID); err != nil {
			return Factor{}, err
		}
	}
	f := s.Factors[i]
	if err := Removed.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, Data{f.ID, f.Kind}); err != nil {
		return Factor{}, err
	}
	return f, account.Tell(ctx, tx, a.ID, "notify.factor_removed", account.Word{Text: f.Name}, account.Word{At: tx.Now()})
}

// added records a new factor, tells its person and, with the first one, makes the
// recovery codes, which are returned once.
func added(ctx context.Context, tx *db.Tx, by access.Actor, a account.Account, f Factor) ([]string, error) {
	if err := Added.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, Data{f.ID, f.Kind}); err != nil {
		return nil, err
	}
	if err := account.Tell(ctx, tx, a.ID, "notify.factor_added", account.Word{Text: f.Name}, account.Word{At: tx.Now()}); err != nil {
		return nil, err
	}
	n, err := left(ctx, tx, a.ID)
	if err != nil || n > 0 {
		return nil, err
	}
	return makeRecovery(ctx, tx, a.ID)
}

// Person names somebody whose factors are reset.
type Person struct {
	ID string `json:"-" path:"id"`
}

// ResetAll takes every factor and recovery code of a member of staff away and ends
// their sessions, so that they set up a new one at the next sign-in. An administrator
// does it for others, never for themselves; the command line for anybody.
func ResetAll(ctx context.Context, tx *db.Tx, by access.Actor, in Person) (account.Account, error) {
	if err := by.Require(access.ManageStaff); err != nil {
		return account.Account{}, err
	}
	a, err := account.Load(ctx, tx, in.ID)
	if err != nil {
		return a, err
	}
	switch {
	case a.Kind != access.Staff && by.Kind != access.Command:
		return a, fault.New(fault.NotFound, "fault.not_found")
	case a.ID == by.ID:
		return a, fault.New(fault.Forbidden, "factor.not_own_reset")
	}
	n, err := tx.Exec(ctx, `DELETE FROM account_factor WHERE account_id = $1`, a.ID)
	if err != nil {
		return a, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_recovery WHERE account_id = $1`, a.ID); err != nil {
		return a, err
	}
	if err := account.EndSessions(ctx, tx, a.ID); err != nil {
		return a, err
	}
	if err := account.LetFactor(ctx, tx, a.ID); err != nil {
		return a, err
	}
	if err := Reset.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, ResetData{int(n)}); err != nil {
		return a, err
	}
	return a, account.Tell(ctx, tx, a.ID, "notify.factors_reset", account.Word{At: tx.Now()})
}

// naming cleans what somebody calls a factor; "" takes the other.
func naming(name, other string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		name = other
	}
	if n := utf8.RuneCountInString(name); n > 40 {
		return "", fault.At("/name", "fault.too_long", 40, n)
	}
	return name, nil
}
