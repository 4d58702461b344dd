package account

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Forgotten asks for a code to set a new password.
type Forgotten struct {
	Mail string `json:"mail"`
}

// Forget mails a code to the account's mailbox, if there is such an account; the
// answer is the same if there is none.
func Forget(ctx context.Context, tx *db.Tx, by access.Actor, in Forgotten) error {
	// Everybody may ask; the code goes to the mailbox only.
	mail, err := cn.ParseEmail(in.Mail)
	if err != nil {
		var f fault.Fields
		f.Take("/mail", err)
		return f.Err()
	}
	if err := attempt(ctx, tx, "forget:"+by.Address, 20); err != nil {
		return err
	}
	a, err := byMail(ctx, tx, mail)
	if err != nil || a.VerifiedAt.IsZero() {
		return ignoreNotFound(err)
	}
	err = sendCode(ctx, tx, a, ByMail, "reset", a.ID)
	if fault.Is(err, fault.TooMany) {
		return nil // what was sent a moment ago still holds; saying so would tell who has an account
	}
	return err
}

// Reset is a new password with the code that proves the mailbox.
type Reset struct {
	Mail     string `json:"mail"`
	Code     string `json:"code"`
	Password string `json:"password"`
	hash     string
}

// Prepare hashes the password, which takes too long for a transaction.
func (r *Reset) Prepare(ctx context.Context) (err error) {
	if weak(r.Password, r.Mail) == nil {
		r.hash, err = hashPassword(ctx, r.Password)
	}
	return err
}

// SetPassword sets a new password and ends every session of the account.
func SetPassword(ctx context.Context, tx *db.Tx, by access.Actor, in Reset) error {
	// Whoever has the code holds the mailbox.
	var f fault.Fields
	mail, err := cn.ParseEmail(in.Mail)
	f.Take("/mail", err)
	f.Take("/password", weak(in.Password, in.Mail))
	if err := f.Err(); err != nil {
		return err
	}
	a, err := byMail(ctx, tx, mail)
	if err == nil {
		err = checkCode(ctx, tx, a, ByMail, "reset", a.ID, in.Code)
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return fault.At("/code", "account.reset_code") // one answer: it must not tell who has an account
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET password_hash = $1 WHERE id = $2`, in.hash, a.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE account_id = $1`, a.ID); err != nil {
		return err
	}
	if err := spend(ctx, tx, a.ID, "reset"); err != nil {
		return err
	}
	me := a.Actor()
	me.Address = by.Address
	if err := PasswordReset.Append(ctx, tx, me, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{}); err != nil {
		return err
	}
	return tell(ctx, tx, a, "notify.password_changed", Word{At: tx.Now()}, Word{Text: MaskAddress(by.Address)})
}
