package account

import (
	"context"
	"crypto/subtle"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Channel is where a code goes.
type Channel string

// The channels of codes.
const (
	ByMail Channel = "mail"
	BySMS  Channel = "sms"
)

const (
	codeLife  = 10 * time.Minute
	codePause = 60 * time.Second // between two codes to one place
	codeTries = 5
)

// Code is a one-time code on its way to a person; it travels sealed and is erased
// when it was handed to the mail server or the SMS service.
type Code struct {
	ID      string  `json:"id"`
	Channel Channel `json:"channel"`
	To      string  `json:"to"`
	Purpose string  `json:"purpose"`
	Code    string  `json:"code"`
	Lang    string  `json:"lang"`
	Account string  `json:"account"`
	Minutes int     `json:"minutes"`
}

// CodeJob carries codes to notify, which sends them.
var CodeJob = job.Kind[Code]{Name: "account.code", Sealed: true, Tries: 4}

// CodeAsk asks for a code to the actor's own phone, for an act on a thing.
type CodeAsk struct {
	Purpose string `json:"purpose"` // "sign"
	Subject string `json:"subject"` // the contract's id
}

// SendCode sends a code by SMS to the actor's own phone. Asked again within a
// minute it is fault.TooMany.
func SendCode(ctx context.Context, tx *db.Tx, by access.Actor, in CodeAsk) error {
	if err := by.SignedIn(); err != nil {
		return err
	}
	a, err := Load(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	return sendCode(ctx, tx, a, BySMS, in.Purpose, in.Subject)
}

// CheckCode takes a code that SendCode sent for the same purpose and subject; it
// can be used once. A wrong one is an Invalid field /code.
func CheckCode(ctx context.Context, tx *db.Tx, by access.Actor, purpose, subject, code string) error {
	if err := by.SignedIn(); err != nil {
		return err
	}
	a, err := Load(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	var f fault.Fields
	f.Take("/code", checkCode(ctx, tx, a, BySMS, purpose, subject, code))
	if err := f.Err(); err != nil {
		return err
	}
	return spend(ctx, tx, a.ID, purpose)
}

// Resend asks for the codes of a new account again.
type Resend struct {
	Account string  `json:"-" path:"id"`
	Channel Channel `json:"channel"`
}

// SendAgain sends one of the two codes of a new account again, at most once a minute.
func SendAgain(ctx context.Context, tx *db.Tx, by access.Actor, in Resend) (Account, error) {
	// Whoever registered; the code goes to the registered mailbox or phone only.
	a, err := Load(ctx, tx, in.Account)
	if err != nil {
		return Account{}, err
	}
	if !a.VerifiedAt.IsZero() {
		return Account{}, fault.New(fault.Conflict, "account.already_verified")
	}
	if in.Channel != ByMail && in.Channel != BySMS {
		return Account{}, fault.At("/channel", "fault.unknown_choice", string(in.Channel))
	}
	return a, sendCode(ctx, tx, a, in.Channel, "verify", a.ID)
}

func sendCode(ctx context.Context, tx *db.Tx, a Account, c Channel, purpose, subject string) error {
	to := a.Mail
	if c == BySMS {
		to = a.Phone
	}
	return sendCodeTo(ctx, tx, a, c, to, purpose, subject)
}

// sendCodeTo is sendCode to a mailbox or phone that is not the account's yet.
func sendCodeTo(ctx context.Context, tx *db.Tx, a Account, c Channel, to, purpose, subject string) error {
	recent, err := db.Exists(ctx, tx, `SELECT 1 FROM account_code WHERE account_id = $1 AND channel = $2 AND purpose = $3 AND subject = $4 AND created_at > $5`,
		a.ID, string(c), purpose, subject, tx.Now().Add(-codePause))
	if err != nil {
		return err
	}
	if recent {
		return fault.New(fault.TooMany, "account.code_too_soon", int(codePause/time.Second))
	}
	// By where it goes, not by whom: registering anew must not send without end.
	if err := attempt(ctx, tx, "code:"+string(c)+":"+to, 5); err != nil {
		return err
	}
	code, err := digits(tx.Random(), 6)
	if err != nil {
		return err
	}
	id := tx.NewID("cod")
	if _, err := tx.Exec(ctx, `
		INSERT INTO account_code (id, account_id, channel, purpose, subject, code_hash, tries_left, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (account_id, channel, purpose, subject) DO UPDATE SET
			id = excluded.id, code_hash = excluded.code_hash, tries_left = excluded.tries_left, created_at = excluded.created_at, expires_at = excluded.expires_at`,
		id, a.ID, string(c), purpose, subject, tx.Vault().Blind("account.code:"+id, code), codeTries, tx.Now(), tx.Now().Add(codeLife)); err != nil {
		return err
	}
	return CodeJob.Later(ctx, tx, Code{ID: id, Channel: c, To: to, Purpose: purpose, Code: code, Lang: a.Lang.Tag(), Account: a.ID, Minutes: int(codeLife / time.Minute)})
}

func digits(random io.Reader, n int) (string, error) {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	// 64 random bits over a million values: the bias is below 1 in 10^13.
	v := new(big.Int).Mod(new(big.Int).SetBytes(b[:]), limit)
	return fmt.Sprintf("%0*d", n, v), nil
}

type codeRow struct {
	id, hash string
	left     int
	expires  time.Time
}

func (r *codeRow) fields() []any { return []any{&r.id, &r.hash, &r.left, db.Time(&r.expires)} }

// checkCode compares; a wrong code is remembered although the operation is refused.
func checkCode(ctx context.Context, tx *db.Tx, a Account, c Channel, purpose, subject, code string) error {
	code = strings.ReplaceAll(cn.Fold(strings.TrimSpace(code)), " ", "")
	if code == "" {
		return fault.New(fault.Invalid, "fault.required")
	}
	row, err := db.One(ctx, tx, (*codeRow).fields, `
		SELECT id, code_hash, tries_left, expires_at FROM account_code
		WHERE account_id = $1 AND channel = $2 AND purpose = $3 AND subject = $4`, a.ID, string(c), purpose, subject)
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.New(fault.Invalid, "account.code_none")
	case err != nil:
		return err
	case row.left == 0:
		return fault.New(fault.Invalid, "account.code_spent")
	case !tx.Now().Before(row.expires):
		return fault.New(fault.Invalid, "account.code_expired")
	}
	want := tx.Vault().Blind("account.code:"+row.id, code)
	if subtle.ConstantTimeCompare([]byte(want), []byte(row.hash)) == 1 {
		return nil
	}
	tx.Despite(func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE account_code SET tries_left = tries_left - 1 WHERE id = $1 AND tries_left > 0`, row.id)
		return err
	})
	return fault.New(fault.Invalid, "account.code_wrong", row.left-1)
}

// spend removes the codes of a purpose once they were used.
func spend(ctx context.Context, tx *db.Tx, accountID, purpose string) error {
	_, err := tx.Exec(ctx, `DELETE FROM account_code WHERE account_id = $1 AND purpose = $2`, accountID, purpose)
	return err
}

// attempt counts one try of something and refuses beyond the limit per quarter of
// an hour. The try counts although the operation is refused.
func attempt(ctx context.Context, tx *db.Tx, what string, limit int) error {
	n, err := count(ctx, tx, what)
	if err != nil {
		return err
	}
	tx.Despite(func(tx *db.Tx) error {
		_, err := count(ctx, tx, what)
		return err
	})
	if n > limit {
		return fault.New(fault.TooMany, "account.too_many", text.M("time.minutes", 15))
	}
	return nil
}

func count(ctx context.Context, tx *db.Tx, what string) (int, error) {
	return db.One(ctx, tx, db.Value[int], `
		INSERT INTO account_attempt (what, slot, count) VALUES ($1, $2, 1)
		ON CONFLICT (what, slot) DO UPDATE SET count = account_attempt.count + 1 RETURNING count`,
		tx.Vault().Blind("account.attempt", what), tx.Now().Truncate(15*time.Minute))
}
