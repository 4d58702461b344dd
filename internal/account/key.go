package account

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// keyPrefix begins every API key's secret.
const keyPrefix = "ymk_"

// Key is an API key: a program acts for the person, within its scopes. Secret is
// set once, when it is made.
type Key struct {
	ID        string
	AccountID string
	Name      string
	Prefix    string // the first characters of the secret, to tell keys apart
	Secret    string
	Scopes    []access.Scope
	CreatedAt time.Time
	LastUsed  time.Time
	RevokedAt time.Time
}

const keyColumns = `id, account_id, name, prefix, scopes, created_at, last_used, revoked_at`

func (k *Key) fields() []any {
	return []any{&k.ID, &k.AccountID, &k.Name, &k.Prefix, db.JSON(&k.Scopes), db.Time(&k.CreatedAt), db.Time(&k.LastUsed), db.Time(&k.RevokedAt)}
}

// NewKey asks for an API key.
type NewKey struct {
	Name   string         `json:"name"`
	Scopes []access.Scope `json:"scopes"`
}

// MakeKey makes an API key for the actor. Only a signed-in person makes keys, not
// another key; whoever must have a second factor makes none without it.
func MakeKey(ctx context.Context, tx *db.Tx, by access.Actor, in NewKey) (Key, error) {
	if err := ownPerson(by); err != nil {
		return Key{}, err
	}
	if err := by.Proved(); err != nil {
		return Key{}, err
	}
	if err := needsFactor(ctx, tx, by); err != nil {
		return Key{}, err
	}
	var f fault.Fields
	in.Name = strings.TrimSpace(in.Name)
	switch n := utf8.RuneCountInString(in.Name); {
	case n == 0:
		f.Add("/name", "fault.required")
	case n > 60:
		f.Add("/name", "fault.too_long", 60, n)
	}
	if len(in.Scopes) == 0 {
		f.Add("/scopes", "account.scope_required")
	}
	for _, s := range in.Scopes {
		if !slices.Contains(access.Scopes(), s) {
			f.Add("/scopes", "fault.unknown_choice", string(s))
		}
	}
	n, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM account_key WHERE account_id = $1 AND revoked_at IS NULL`, by.ID)
	if err != nil {
		return Key{}, err
	}
	if n >= 20 {
		f.Add("/name", "account.key_limit", 20)
	}
	if err := f.Err(); err != nil {
		return Key{}, err
	}
	s, err := secret(tx.Random(), keyPrefix)
	if err != nil {
		return Key{}, err
	}
	scopes := slices.Compact(slices.Sorted(slices.Values(in.Scopes)))
	k := Key{ID: tx.NewID("key"), AccountID: by.ID, Name: in.Name, Prefix: s[:len(keyPrefix)+6], Secret: s, Scopes: scopes, CreatedAt: tx.Now()}
	if _, err := tx.Exec(ctx, `
		INSERT INTO account_key (id, account_id, name, prefix, secret_hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		k.ID, k.AccountID, k.Name, k.Prefix, hashSecret(s), db.JSON(k.Scopes), tx.Now()); err != nil {
		return Key{}, err
	}
	return k, KeyMade.Append(ctx, tx, by, event.About{Subject: k.ID, VendorID: by.VendorID}, KeyData{k.ID, k.Scopes})
}

// needsFactor refuses a key to somebody who must have a second factor and has none.
func needsFactor(ctx context.Context, tx *db.Tx, by access.Actor) error {
	p, err := policy.Now(ctx, tx)
	if err != nil || !p.People.MustHaveFactor(by.Kind, by.Roles) {
		return err
	}
	has, err := HasFactor(ctx, tx, by.ID)
	if err == nil && !has {
		err = fault.New(fault.Forbidden, "account.key_needs_factor")
	}
	return err
}

func ownPerson(by access.Actor) error {
	if err := by.SignedIn(); err != nil {
		return err
	}
	if by.KeyID != "" || by.Kind != access.Member && by.Kind != access.Staff {
		return fault.New(fault.Forbidden, "account.key_by_key")
	}
	return nil
}

// Keys lists the actor's API keys, newest first, without their secrets.
func Keys(ctx context.Context, tx *db.Tx, by access.Actor) ([]Key, error) {
	if err := by.SignedIn(); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Key).fields, `SELECT `+keyColumns+` FROM account_key WHERE account_id = $1 ORDER BY id DESC`, by.ID)
}

// Revoke names an API key to end.
type Revoke struct {
	ID string `json:"-" path:"id"`
}

// RevokeKey ends one of the actor's API keys at once; another's is fault.NotFound.
func RevokeKey(ctx context.Context, tx *db.Tx, by access.Actor, in Revoke) (Key, error) {
	if err := ownPerson(by); err != nil {
		return Key{}, err
	}
	k, err := db.One(ctx, tx, (*Key).fields, `SELECT `+keyColumns+` FROM account_key WHERE id = $1 AND account_id = $2`, in.ID, by.ID)
	if err != nil {
		return Key{}, err
	}
	if err := tx.Move(ctx, `UPDATE account_key SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL`, tx.Now(), k.ID); err != nil {
		return Key{}, err
	}
	k.RevokedAt = tx.Now()
	return k, KeyRevoked.Append(ctx, tx, by, event.About{Subject: k.ID, VendorID: by.VendorID}, KeyData{Key: k.ID})
}

// Used notes when a key was last used, at most once in five minutes.
func Used(ctx context.Context, tx *db.Tx, keyID string) error {
	_, err := tx.Exec(ctx, `UPDATE account_key SET last_used = $1 WHERE id = $2 AND (last_used IS NULL OR last_used < $3)`, tx.Now(), keyID, tx.Now().Add(-5*time.Minute))
	return err
}

// UseIsStale reports whether Used would note anything.
func UseIsStale(ctx context.Context, tx *db.Tx, keyID string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM account_key WHERE id = $1 AND (last_used IS NULL OR last_used < $2)`, keyID, tx.Now().Add(-5*time.Minute))
}
