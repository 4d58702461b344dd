package factor

import (
	"context"
	"io"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// letters of recovery codes: none that is taken for another.
const letters = "23456789abcdefghjkmnpqrstuvwxyz"

// codeLetters is the length of a recovery code without its dash: 49 bits.
const codeLetters = 10

func newCode(random io.Reader) (string, error) {
	var b strings.Builder
	one := make([]byte, 1)
	for b.Len() < codeLetters {
		if _, err := io.ReadFull(random, one); err != nil {
			return "", err
		}
		if int(one[0]) < 256/len(letters)*len(letters) { // each letter as likely as any other
			b.WriteByte(letters[int(one[0])%len(letters)])
		}
	}
	s := b.String()
	return s[:codeLetters/2] + "-" + s[codeLetters/2:], nil
}

func hashCode(tx *db.Tx, accountID, code string) string {
	return tx.Vault().Blind("account.recovery:"+accountID, strings.ToLower(clean(code)))
}

// makeRecovery replaces a person's recovery codes and returns them, this once.
func makeRecovery(ctx context.Context, tx *db.Tx, accountID string) ([]string, error) {
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_recovery WHERE account_id = $1`, accountID); err != nil {
		return nil, err
	}
	codes := make([]string, p.People.RecoveryCodes)
	for i := range codes {
		if codes[i], err = newCode(tx.Random()); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO account_recovery (account_id, code_hash, made_at) VALUES ($1, $2, $3)`,
			accountID, hashCode(tx, accountID, codes[i]), tx.Now()); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

func left(ctx context.Context, tx *db.Tx, accountID string) (int, error) {
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM account_recovery WHERE account_id = $1 AND used_at IS NULL`, accountID)
}

// Renew makes new recovery codes, which are returned once; the old ones hold no more.
// Who has no factor needs none: fault.Conflict.
func Renew(ctx context.Context, tx *db.Tx, by access.Actor) ([]string, error) {
	a, err := setter(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	has, err := account.HasFactor(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	if !has {
		return nil, fault.New(fault.Conflict, "factor.none")
	}
	codes, err := makeRecovery(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	if err := Renewed.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{}); err != nil {
		return nil, err
	}
	return codes, account.Tell(ctx, tx, a.ID, "notify.recovery_made", account.Word{At: tx.Now()})
}

// checkRecovery takes a recovery code; it holds once, and its person is told that it
// was used and how many are left.
func checkRecovery(ctx context.Context, tx *db.Tx, accountID, code string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE account_recovery SET used_at = $1 WHERE account_id = $2 AND code_hash = $3 AND used_at IS NULL`,
		tx.Now(), accountID, hashCode(tx, accountID, code))
	if err != nil || n != 1 {
		return false, err
	}
	a, err := account.Load(ctx, tx, accountID)
	if err != nil {
		return false, err
	}
	if err := Recovered.Append(ctx, tx, a.Actor(), event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{}); err != nil {
		return false, err
	}
	rest, err := left(ctx, tx, accountID)
	if err != nil {
		return false, err
	}
	return true, account.Tell(ctx, tx, accountID, "notify.recovery_used", account.Word{At: tx.Now()}, account.Word{Number: rest})
}
