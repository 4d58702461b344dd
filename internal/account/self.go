package account

import (
	"context"
	"crypto/subtle"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// sworn is the stored hash that a password was found to match, outside the
// transaction that then acts on it.
type sworn struct{ hash string }

// swear compares the actor's password before a transaction, since that takes long. A
// wrong one is an Invalid field at the pointer and counts as a wrong second factor
// does; staff who never had one are told so.
func (s *sworn) swear(ctx context.Context, d *db.DB, by access.Actor, pointer, password string) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	var a Account
	if err := d.Write(ctx, func(tx *db.Tx) (err error) {
		if err := HoldFactor(ctx, tx, by.ID); err != nil {
			return err
		}
		a, err = Load(ctx, tx, by.ID)
		return err
	}); err != nil {
		return err
	}
	if password == "" {
		return fault.At(pointer, "fault.required")
	}
	stored := a.hash
	if stored == "" {
		stored = decoy
	}
	ok, err := checkPassword(ctx, stored, password)
	if err != nil {
		return err
	}
	if !ok || a.hash == "" {
		return fault.At(pointer, "account.password_wrong")
	}
	s.hash = a.hash
	return d.Write(ctx, func(tx *db.Tx) error { return LetFactor(ctx, tx, by.ID) })
}

// holds reports whether the hash is still the one that was compared.
func (s sworn) holds(a Account) bool {
	return s.hash != "" && subtle.ConstantTimeCompare([]byte(s.hash), []byte(a.hash)) == 1
}

// NewPassword is a person's own new password, with the old one.
type NewPassword struct {
	Old      string `json:"old"`
	Password string `json:"password"`
	hash     string
	sworn
}

// Swear compares the old password; Prepare hashes the new one.
func (n *NewPassword) Swear(ctx context.Context, d *db.DB, by access.Actor) error {
	return n.swear(ctx, d, by, "/old", n.Old)
}

// Prepare hashes the password, which takes too long for a transaction.
func (n *NewPassword) Prepare(ctx context.Context) (err error) {
	if weak(n.Password, "") == nil {
		n.hash, err = hashPassword(ctx, n.Password)
	}
	return err
}

// ChangePassword sets the actor's own password and ends every other session. The old
// one must have been compared (Swear).
func ChangePassword(ctx context.Context, tx *db.Tx, by access.Actor, in NewPassword) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	a, err := Load(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	if !in.holds(a) {
		return fault.At("/old", "account.password_wrong")
	}
	if err := weak(in.Password, a.Mail); err != nil {
		var f fault.Fields
		f.Take("/password", err)
		return f.Err()
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET password_hash = $1 WHERE id = $2`, in.hash, a.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE account_id = $1 AND id <> $2`, a.ID, by.SessionID); err != nil {
		return err
	}
	if err := PasswordChanged.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{}); err != nil {
		return err
	}
	return tell(ctx, tx, a, "notify.password_changed", Word{At: tx.Now()}, Word{Text: MaskAddress(by.Address)})
}

// NewMail is the mailbox that a person wants to have instead.
type NewMail struct {
	Mail string `json:"mail"`
}

// NewPhone is the phone that a person wants to have instead.
type NewPhone struct {
	Phone string `json:"phone"`
}

// Moved are the two codes that prove the old place and the new one.
type Moved struct {
	OldCode string `json:"old_code"`
	NewCode string `json:"new_code"`
}

// AskMail sends a code to the actor's mailbox and one to the new mailbox. One that
// somebody has already is sent nothing, and the answer is the same.
func AskMail(ctx context.Context, tx *db.Tx, by access.Actor, in NewMail) error {
	a, err := self(ctx, tx, by)
	if err != nil {
		return err
	}
	mail, err := cn.ParseEmail(in.Mail)
	var f fault.Fields
	f.Take("/mail", err)
	if err == nil && mailIndex(tx, mail) == mailIndex(tx, a.Mail) {
		f.Add("/mail", "account.same_mail")
	}
	if err := f.Err(); err != nil {
		return err
	}
	taken, err := db.Exists(ctx, tx, `SELECT 1 FROM account WHERE mail_index = $1 AND verified_at IS NOT NULL`, mailIndex(tx, mail))
	if err != nil {
		return err
	}
	return askMove(ctx, tx, a, ByMail, mail, a.Mail, !taken)
}

// AskPhone sends a code to the actor's phone and one to the new phone; who has no
// phone yet proves the mailbox instead.
func AskPhone(ctx context.Context, tx *db.Tx, by access.Actor, in NewPhone) error {
	a, err := self(ctx, tx, by)
	if err != nil {
		return err
	}
	var f fault.Fields
	phone := checkPhone(&f, in.Phone)
	if f.Len() == 0 && phone == a.Phone {
		f.Add("/phone", "account.same_phone")
	}
	if err := f.Err(); err != nil {
		return err
	}
	taken := false
	if a.Kind == access.Member {
		if taken, err = phoneTaken(ctx, tx, phone); err != nil {
			return err
		}
	}
	return askMove(ctx, tx, a, BySMS, phone, a.Phone, !taken)
}

// self is the actor's own account, for changes of how one signs in: a fresh proof is
// needed.
func self(ctx context.Context, tx *db.Tx, by access.Actor) (Account, error) {
	if err := ownPerson(by); err != nil {
		return Account{}, err
	}
	if err := by.Fresh(); err != nil {
		return Account{}, err
	}
	return Load(ctx, tx, by.ID)
}

func askMove(ctx context.Context, tx *db.Tx, a Account, c Channel, to, old string, free bool) error {
	if _, err := tx.Exec(ctx, `
		INSERT INTO account_change (account_id, kind, value, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, kind) DO UPDATE SET value = excluded.value, made_at = excluded.made_at, expires_at = excluded.expires_at`,
		a.ID, string(c), tx.Vault().Seal("account.change:"+a.ID, to), tx.Now(), tx.Now().Add(codeLife)); err != nil {
		return err
	}
	oldBy := c
	if old == "" {
		oldBy = ByMail
	}
	if err := sendCode(ctx, tx, a, oldBy, "move-old", string(c)); err != nil {
		return err
	}
	if !free {
		return nil
	}
	return sendCodeTo(ctx, tx, a, c, to, "move-new", string(c))
}

// Change is what a person wants to have instead and has not proved yet.
type Change struct {
	Channel Channel
	Masked  string
}

// Changes lists what the actor has asked for and not proved yet.
func Changes(ctx context.Context, tx *db.Tx, by access.Actor) ([]Change, error) {
	if err := by.SignedIn(); err != nil {
		return nil, err
	}
	type row struct{ kind, value string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.kind, &r.value} },
		`SELECT kind, value FROM account_change WHERE account_id = $1 AND expires_at > $2 ORDER BY kind`, by.ID, tx.Now())
	if err != nil {
		return nil, err
	}
	var out []Change
	for _, r := range rows {
		plain, err := tx.Vault().Open("account.change:"+by.ID, r.value)
		if err != nil {
			return nil, err
		}
		shown := vault.MaskMail(plain)
		if Channel(r.kind) == BySMS {
			shown = vault.MaskPhone(plain)
		}
		out = append(out, Change{Channel(r.kind), shown})
	}
	return out, nil
}

// MoveMail gives the actor the new mailbox once both codes are right; the old one is
// told.
func MoveMail(ctx context.Context, tx *db.Tx, by access.Actor, in Moved) error {
	a, to, err := move(ctx, tx, by, ByMail, in)
	if err != nil {
		return err
	}
	if err := makeWay(ctx, tx, to); err != nil {
		if fault.Is(err, fault.Invalid) { // meanwhile it is somebody's, which is not told
			return fault.At("/new_code", "account.code_none")
		}
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET mail = $1, mail_index = $2 WHERE id = $3`,
		tx.Vault().Seal("account.mail:"+a.ID, to), mailIndex(tx, to), a.ID); err != nil {
		if db.IsUnique(err) {
			return fault.At("/new_code", "account.code_none")
		}
		return err
	}
	if err := MailChanged.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{}); err != nil {
		return err
	}
	words := []Word{{Text: vault.MaskMail(to)}, {At: tx.Now()}}
	if err := ToldJob.Later(ctx, tx, Told{ID: tx.NewID("tld"), Account: a.ID, Vendor: a.VendorID, To: a.Mail, Lang: a.Lang.Tag(), Template: "notify.mail_changed", Args: words}); err != nil {
		return err
	}
	return tell(ctx, tx, a, "notify.mail_changed", words...)
}

// MovePhone gives the actor the new phone once both codes are right.
func MovePhone(ctx context.Context, tx *db.Tx, by access.Actor, in Moved) error {
	a, to, err := move(ctx, tx, by, BySMS, in)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE account SET phone = $1, phone_index = $2 WHERE id = $3`,
		tx.Vault().Seal("account.phone:"+a.ID, to), tx.Vault().Blind("account.phone", to), a.ID)
	if db.IsUnique(err) {
		return fault.At("/new_code", "account.code_none")
	}
	if err != nil {
		return err
	}
	if err := PhoneChanged.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: a.VendorID}, event.None{}); err != nil {
		return err
	}
	return tell(ctx, tx, a, "notify.phone_changed", Word{Text: vault.MaskPhone(to)}, Word{At: tx.Now()})
}

func move(ctx context.Context, tx *db.Tx, by access.Actor, c Channel, in Moved) (Account, string, error) {
	a, err := self(ctx, tx, by)
	if err != nil {
		return a, "", err
	}
	sealed, err := db.One(ctx, tx, db.Value[string], `SELECT value FROM account_change WHERE account_id = $1 AND kind = $2 AND expires_at > $3`, a.ID, string(c), tx.Now())
	if err != nil {
		return a, "", or(ignoreNotFound(err), fault.At("/new_code", "account.code_none"))
	}
	to, err := tx.Vault().Open("account.change:"+a.ID, sealed)
	if err != nil {
		return a, "", err
	}
	oldBy := c
	if c == BySMS && a.Phone == "" {
		oldBy = ByMail
	}
	var f fault.Fields
	f.Take("/old_code", checkCode(ctx, tx, a, oldBy, "move-old", string(c), in.OldCode))
	f.Take("/new_code", checkCode(ctx, tx, a, c, "move-new", string(c), in.NewCode))
	if err := f.Err(); err != nil {
		return a, "", err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_change WHERE account_id = $1 AND kind = $2`, a.ID, string(c)); err != nil {
		return a, "", err
	}
	if err := spend(ctx, tx, a.ID, "move-old"); err != nil {
		return a, "", err
	}
	return a, to, spend(ctx, tx, a.ID, "move-new")
}

// Proving is the password with which a person proves again who they are.
type Proving struct {
	Password string `json:"password"`
	sworn
}

// Swear compares the password.
func (p *Proving) Swear(ctx context.Context, d *db.DB, by access.Actor) error {
	return p.swear(ctx, d, by, "/password", p.Password)
}

// ProveByPassword notes a fresh proof of somebody who has no second factor; who has
// one gives that instead: fault.Conflict.
func ProveByPassword(ctx context.Context, tx *db.Tx, by access.Actor, in Proving) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	a, err := Load(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	if !in.holds(a) {
		return fault.At("/password", "account.password_wrong")
	}
	if has, err := HasFactor(ctx, tx, a.ID); err != nil || has {
		return or(err, fault.New(fault.Conflict, "account.prove_by_factor"))
	}
	return Prove(ctx, tx, by)
}

// FreshSince is the moment before which a proof is too old for what is guarded.
func FreshSince(p policy.People, now time.Time) time.Time {
	return now.Add(-time.Duration(p.ProofMinutes) * time.Minute)
}
