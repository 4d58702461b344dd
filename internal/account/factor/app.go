package factor

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/totp"
)

// Draft is an authenticator that is being set up: nothing holds before a first code.
type Draft struct {
	Secret string // base32, to be typed where the picture cannot be read
	URI    string // what the picture says
}

// BeginApp makes a secret for an authenticator app; one that was begun and not
// confirmed is replaced.
func BeginApp(ctx context.Context, tx *db.Tx, by access.Actor) (Draft, error) {
	a, err := setter(ctx, tx, by)
	if err != nil {
		return Draft{}, err
	}
	secret, err := totp.NewSecret(tx.Random())
	if err != nil {
		return Draft{}, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_factor WHERE account_id = $1 AND kind = 'totp' AND confirmed_at IS NULL`, a.ID); err != nil {
		return Draft{}, err
	}
	id := tx.NewID("fac")
	if _, err := tx.Exec(ctx, `INSERT INTO account_factor (id, account_id, kind, name, secret, made_at) VALUES ($1, $2, 'totp', '', $3, $4)`,
		id, a.ID, tx.Vault().Seal(place(id), secret), tx.Now()); err != nil {
		return Draft{}, err
	}
	return draft(ctx, tx, a, secret)
}

func draft(ctx context.Context, tx *db.Tx, a account.Account, secret string) (Draft, error) {
	p, err := policy.Now(ctx, tx)
	return Draft{Secret: secret, URI: totp.URI(p.Marketplace.In(a.Lang), a.Mail, secret)}, err
}

func begun(ctx context.Context, tx *db.Tx, accountID string) (Factor, string, error) {
	f, err := db.One(ctx, tx, (*Factor).fields, `SELECT `+columns+` FROM account_factor WHERE account_id = $1 AND kind = 'totp' AND confirmed_at IS NULL`, accountID)
	if err != nil {
		return f, "", err
	}
	secret, err := tx.Vault().Open(place(f.ID), f.secret)
	return f, secret, err
}

// Begun is the authenticator that the actor has begun to set up; none is fault.NotFound.
func Begun(ctx context.Context, tx *db.Tx, by access.Actor) (Draft, error) {
	a, err := setter(ctx, tx, by)
	if err != nil {
		return Draft{}, err
	}
	_, secret, err := begun(ctx, tx, a.ID)
	if err != nil {
		return Draft{}, err
	}
	return draft(ctx, tx, a, secret)
}

// FirstCode is the first code of an app that is being set up.
type FirstCode struct {
	Code string `json:"code"`
	Name string `json:"name"` // of the app or phone
}

// Made is a new factor; Recovery are the recovery codes, with the first factor alone,
// to be shown once.
type Made struct {
	Factor   Factor
	Recovery []string
}

// ConfirmApp takes the first code of an app that was begun; it replaces the one there
// was. A wrong code is an Invalid field.
func ConfirmApp(ctx context.Context, tx *db.Tx, by access.Actor, in FirstCode) (Made, error) {
	a, err := setter(ctx, tx, by)
	if err != nil {
		return Made{}, err
	}
	name, err := naming(in.Name, "App")
	if err != nil {
		return Made{}, err
	}
	f, secret, err := begun(ctx, tx, a.ID)
	if err != nil {
		return Made{}, err
	}
	if err := account.HoldFactor(ctx, tx, a.ID); err != nil {
		return Made{}, err
	}
	step, ok, err := totp.Match(secret, clean(in.Code), tx.Now())
	switch {
	case err != nil:
		return Made{}, err
	case clean(in.Code) == "":
		return Made{}, fault.At("/code", "fault.required")
	case !ok:
		return Made{}, fault.At("/code", "factor.first_code_wrong")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_factor WHERE account_id = $1 AND kind = 'totp' AND confirmed_at IS NOT NULL`, a.ID); err != nil {
		return Made{}, err
	}
	if err := tx.Move(ctx, `UPDATE account_factor SET name = $1, confirmed_at = $2, last_step = $3, last_used = $2 WHERE id = $4 AND confirmed_at IS NULL`,
		name, tx.Now(), step, f.ID); err != nil {
		return Made{}, err
	}
	f.Name, f.LastUsed = name, tx.Now()
	if err := account.LetFactor(ctx, tx, a.ID); err != nil {
		return Made{}, err
	}
	recovery, err := added(ctx, tx, by, a, f)
	return Made{f, recovery}, err
}

// clean takes what people put between the digits, and full-width digits for plain ones.
func clean(code string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\u3000' {
			return -1
		}
		return r
	}, cn.Fold(strings.TrimSpace(code)))
}

// Check takes a code: of the app, which holds once and one step of thirty seconds
// either way, or a recovery code. A wrong one is an Invalid field /code; wrong ones
// make the next wait.
func Check(ctx context.Context, tx *db.Tx, accountID, code string) error {
	// Whose code it is was established by the caller.
	code = clean(code)
	if code == "" {
		return fault.At("/code", "fault.required")
	}
	if err := account.HoldFactor(ctx, tx, accountID); err != nil {
		return err
	}
	ok, err := checkApp(ctx, tx, accountID, code)
	if err == nil && !ok {
		ok, err = checkRecovery(ctx, tx, accountID, code)
	}
	if err != nil {
		return err
	}
	if !ok {
		return fault.At("/code", "factor.code_wrong")
	}
	return account.LetFactor(ctx, tx, accountID)
}

func checkApp(ctx context.Context, tx *db.Tx, accountID, code string) (bool, error) {
	all, err := list(ctx, tx, accountID)
	if err != nil {
		return false, err
	}
	for _, f := range all {
		if f.Kind != App {
			continue
		}
		secret, err := tx.Vault().Open(place(f.ID), f.secret)
		if err != nil {
			return false, err
		}
		step, ok, err := totp.Match(secret, code, tx.Now())
		if err != nil || !ok {
			return false, err
		}
		// A code that was used holds no more, nor do those before it.
		n, err := tx.Exec(ctx, `UPDATE account_factor SET last_step = $1, last_used = $2 WHERE id = $3 AND last_step < $1`, step, tx.Now(), f.ID)
		return n == 1, err
	}
	return false, nil
}
