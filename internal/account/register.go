package account

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Registration is what a person fills in to register (O-1).
type Registration struct {
	Mail     string `json:"mail"`
	Phone    string `json:"phone"`
	Name     string `json:"name"`
	Password string `json:"password"`
	Lang     string `json:"lang,omitempty"`
	hash     string
}

// Prepare hashes the password, which takes too long for a transaction.
func (r *Registration) Prepare(ctx context.Context) (err error) {
	if weak(r.Password, r.Mail) == nil {
		r.hash, err = hashPassword(ctx, r.Password)
	}
	return err
}

// Register makes an account that waits for its two codes, which it sends. Somebody
// who registered with the mailbox and never gave the codes is replaced; a mailbox or
// phone in use is an Invalid field. Rule O-1.
func Register(ctx context.Context, tx *db.Tx, by access.Actor, in Registration) (Account, error) {
	// Everybody may register; by carries the address.
	mail, name, f := checkPerson(in.Mail, in.Name)
	phone := checkPhone(&f, in.Phone)
	f.Take("/password", weak(in.Password, in.Mail))
	if err := f.Err(); err != nil {
		return Account{}, err
	}
	if err := attempt(ctx, tx, "register:"+by.Address, 20); err != nil {
		return Account{}, err
	}
	if err := makeWay(ctx, tx, mail); err != nil {
		return Account{}, err
	}
	if taken, err := phoneTaken(ctx, tx, phone); err != nil || taken {
		return Account{}, or(err, fault.At("/phone", "account.phone_taken"))
	}
	a := Account{ID: tx.NewID("acc"), Kind: access.Member, Mail: mail, Phone: phone, Name: name, Lang: text.Match(in.Lang), Roles: []access.Role{}, hash: in.hash}
	if err := insert(ctx, tx, a); err != nil {
		return Account{}, err
	}
	if err := Registered.Append(ctx, tx, access.Actor{Kind: access.Member, ID: a.ID, Address: by.Address}, event.About{Subject: a.ID}, event.None{}); err != nil {
		return Account{}, err
	}
	for _, c := range []Channel{ByMail, BySMS} {
		if err := sendCode(ctx, tx, a, c, "verify", a.ID); err != nil {
			return Account{}, err
		}
	}
	return Load(ctx, tx, a.ID)
}

// makeWay lets a mailbox be registered: who never gave the codes is replaced, and
// anybody else is an Invalid field.
func makeWay(ctx context.Context, tx *db.Tx, mail string) error {
	old, err := byMail(ctx, tx, mail)
	switch {
	case err != nil:
		return ignoreNotFound(err)
	case !old.VerifiedAt.IsZero() || old.Kind != access.Member:
		return fault.At("/mail", "account.mail_taken")
	}
	return forget(ctx, tx, old.ID)
}

// checkPerson reads a mailbox and a name, which is one line of text.
func checkPerson(mail, name string) (string, string, fault.Fields) {
	var f fault.Fields
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		f.Add("/name", "fault.required")
	case n > 40:
		f.Add("/name", "fault.too_long", 40, n)
	}
	mail, err := cn.ParseEmail(mail)
	f.Take("/mail", err)
	return mail, name, f
}

func checkPhone(f *fault.Fields, phone string) string {
	p, err := cn.ParseMobile(phone)
	f.Take("/phone", err)
	return string(p)
}

func or(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func phoneTaken(ctx context.Context, tx *db.Tx, phone string) (bool, error) {
	return db.Exists(ctx, tx, `SELECT 1 FROM account WHERE phone_index = $1 AND kind = 'member' AND verified_at IS NOT NULL`, tx.Vault().Blind("account.phone", phone))
}

func insert(ctx context.Context, tx *db.Tx, a Account) error {
	v := tx.Vault()
	_, err := tx.Exec(ctx, `
		INSERT INTO account (id, kind, mail, mail_index, phone, phone_index, name, password_hash, lang, vendor_id, roles, created_at, verified_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', $10, $11, $12)`,
		a.ID, string(a.Kind), v.Seal("account.mail:"+a.ID, a.Mail), mailIndex(tx, a.Mail),
		v.Seal("account.phone:"+a.ID, a.Phone), v.Blind("account.phone", a.Phone), v.Seal("account.name:"+a.ID, a.Name),
		a.hash, a.Lang.Tag(), db.JSON(a.Roles), tx.Now(), a.VerifiedAt)
	if db.IsUnique(err) {
		return fault.At("/mail", "account.mail_taken")
	}
	return err
}

// forget removes an account that never gave its codes.
func forget(ctx context.Context, tx *db.Tx, id string) error {
	for _, q := range []string{
		`DELETE FROM account_code WHERE account_id = $1`,
		`DELETE FROM account_session WHERE account_id = $1`,
		`DELETE FROM account WHERE id = $1 AND verified_at IS NULL`,
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// Proof is the two codes that a new account was sent.
type Proof struct {
	Account   string `json:"-" path:"id"`
	MailCode  string `json:"mail_code"`
	PhoneCode string `json:"phone_code"`
}

// Verify takes both codes; afterwards the person can sign in. A wrong code is an
// Invalid field; after five wrong ones a new code must be asked for.
func Verify(ctx context.Context, tx *db.Tx, by access.Actor, in Proof) (Account, error) {
	// Whoever knows both codes is the person.
	a, err := Load(ctx, tx, in.Account)
	if err != nil {
		return Account{}, err
	}
	if !a.VerifiedAt.IsZero() {
		return Account{}, fault.New(fault.Conflict, "account.already_verified")
	}
	var f fault.Fields
	f.Take("/mail_code", checkCode(ctx, tx, a, ByMail, "verify", a.ID, in.MailCode))
	f.Take("/phone_code", checkCode(ctx, tx, a, BySMS, "verify", a.ID, in.PhoneCode))
	if err := f.Err(); err != nil {
		return Account{}, err
	}
	if taken, err := phoneTaken(ctx, tx, a.Phone); err != nil || taken {
		return Account{}, or(err, fault.New(fault.Conflict, "account.phone_taken"))
	}
	if err := tx.Move(ctx, `UPDATE account SET verified_at = $1 WHERE id = $2 AND verified_at IS NULL`, tx.Now(), a.ID); err != nil {
		return Account{}, err
	}
	if err := spend(ctx, tx, a.ID, "verify"); err != nil {
		return Account{}, err
	}
	me := a.Actor()
	me.Address = by.Address
	if err := Verified.Append(ctx, tx, me, event.About{Subject: a.ID}, event.None{}); err != nil {
		return Account{}, err
	}
	return Load(ctx, tx, a.ID)
}
