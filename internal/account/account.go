// Package account is the people: those who register for a company and the
// operator's staff; how they sign in, prove a mailbox and a phone, and let
// programs act for them by API keys. It owns the tables account*. What a person
// may do is access's; which company they belong to is told to it by vendor.
package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Account is a person. Mail, phone and name are personal: faces mask them.
type Account struct {
	ID         string
	Kind       access.Kind // Member or Staff
	Mail       string
	Phone      string // E.164
	Name       string
	Lang       text.Lang
	VendorID   string
	Roles      []access.Role
	CreatedAt  time.Time
	VerifiedAt time.Time // zero until both codes were given
	DisabledAt time.Time
	hash       string
	langTag    string
}

// Actor is the person as an actor of the whole account, without a request's address.
func (a Account) Actor() access.Actor {
	return access.Actor{Kind: a.Kind, ID: a.ID, VendorID: a.VendorID, Roles: a.Roles}
}

// Events of an account.
var (
	Registered    = event.Kind[event.None]{Name: "account.registered"}
	Verified      = event.Kind[event.None]{Name: "account.verified"}
	PasswordReset = event.Kind[event.None]{Name: "account.password_reset"}
	SignedIn      = event.Kind[SignInData]{Name: "account.signed_in", Internal: true}
	StaffAdded    = event.Kind[StaffData]{Name: "account.staff_added", Internal: true}
	StaffChanged  = event.Kind[StaffData]{Name: "account.staff_changed", Internal: true}
	KeyMade       = event.Kind[KeyData]{Name: "account.key_made"}
	KeyRevoked    = event.Kind[KeyData]{Name: "account.key_revoked"}

	PasswordChanged = event.Kind[event.None]{Name: "account.password_changed"}
	MailChanged     = event.Kind[event.None]{Name: "account.mail_changed"}
	PhoneChanged    = event.Kind[event.None]{Name: "account.phone_changed"}
	SessionsEnded   = event.Kind[EndedData]{Name: "account.sessions_ended", Internal: true}
	LinkMade        = event.Kind[event.None]{Name: "account.link_made", Internal: true}

	Invited             = event.Kind[MemberData]{Name: "account.invited"}
	InvitationWithdrawn = event.Kind[MemberData]{Name: "account.invitation_withdrawn"}
	InvitationAccepted  = event.Kind[MemberData]{Name: "account.invitation_accepted"}
	MemberChanged       = event.Kind[MemberData]{Name: "account.member_changed"}
	MemberRemoved       = event.Kind[MemberData]{Name: "account.member_removed"}
	MemberLeft          = event.Kind[MemberData]{Name: "account.member_left"}

	TransferOffered   = event.Kind[TransferData]{Name: "account.transfer_offered"}
	TransferWithdrawn = event.Kind[TransferData]{Name: "account.transfer_withdrawn"}
	TransferDeclined  = event.Kind[TransferData]{Name: "account.transfer_declined"}
	TransferAccepted  = event.Kind[TransferData]{Name: "account.transfer_accepted"}
)

// SignInData tells how somebody came in, and whether from a device or network that
// was not known.
type SignInData struct {
	Via Via  `json:"via"`
	New bool `json:"new,omitempty"`
}

// EndedData tells how many sessions were ended.
type EndedData struct {
	Sessions int `json:"sessions"`
}

// MemberData names a member and the roles from then on.
type MemberData struct {
	Account    string        `json:"account,omitempty"`
	Invitation string        `json:"invitation,omitempty"`
	Roles      []access.Role `json:"roles,omitempty"`
}

// TransferData names a transfer of ownership and the two people.
type TransferData struct {
	Transfer string `json:"transfer"`
	From     string `json:"from"`
	To       string `json:"to"`
}

// StaffData tells the roles that a staff account has from then on.
type StaffData struct {
	Roles    []access.Role `json:"roles"`
	Disabled bool          `json:"disabled,omitempty"`
}

// KeyData names an API key by its id and scopes.
type KeyData struct {
	Key    string         `json:"key"`
	Scopes []access.Scope `json:"scopes,omitempty"`
}

const columns = `id, kind, mail, phone, name, password_hash, lang, vendor_id, roles, created_at, verified_at, disabled_at`

func (a *Account) fields() []any {
	return []any{&a.ID, &a.Kind, &a.Mail, &a.Phone, &a.Name, &a.hash, &a.langTag, &a.VendorID, db.JSON(&a.Roles),
		db.Time(&a.CreatedAt), db.Time(&a.VerifiedAt), db.Time(&a.DisabledAt)}
}

func (a *Account) open(tx *db.Tx) (err error) {
	a.Lang = text.Match(a.langTag)
	if a.Mail, err = tx.Vault().Open("account.mail:"+a.ID, a.Mail); err != nil {
		return err
	}
	if a.Phone, err = tx.Vault().Open("account.phone:"+a.ID, a.Phone); err != nil {
		return err
	}
	a.Name, err = tx.Vault().Open("account.name:"+a.ID, a.Name)
	return err
}

// Load reads a person, mail and phone opened; none is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Account, error) {
	return load(ctx, tx, `WHERE id = $1`, id)
}

func byMail(ctx context.Context, tx *db.Tx, mail string) (Account, error) {
	return load(ctx, tx, `WHERE mail_index = $1`, mailIndex(tx, mail))
}

// MemberByMail finds a company's person by the mailbox; staff and who belongs to no
// company are fault.NotFound.
func MemberByMail(ctx context.Context, tx *db.Tx, mail string) (Account, error) {
	a, err := byMail(ctx, tx, mail)
	if err == nil && (a.Kind != access.Member || a.VendorID == "" || !a.DisabledAt.IsZero()) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return a, err
}

// mailIndex finds a mailbox however its letters are typed; no provider gives two
// people mailboxes that differ in case alone.
func mailIndex(tx *db.Tx, mail string) string {
	return tx.Vault().Blind("account.mail", strings.ToLower(mail))
}

func load(ctx context.Context, tx *db.Tx, where string, args ...any) (Account, error) {
	a, err := db.One(ctx, tx, (*Account).fields, `SELECT `+columns+` FROM account `+where, args...)
	if err != nil {
		return a, err
	}
	return a, a.open(tx)
}

func loadAll(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Account, error) {
	all, err := db.All(ctx, tx, (*Account).fields, `SELECT `+columns+` FROM account `+where, args...)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if err := all[i].open(tx); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// People lists the verified people of a vendor, in the order in which they joined.
func People(ctx context.Context, tx *db.Tx, vendorID string) ([]Account, error) {
	return loadAll(ctx, tx, `WHERE vendor_id = $1 AND vendor_id <> '' AND disabled_at IS NULL ORDER BY id`, vendorID)
}

// Names reads the names of people by id, for lists; unknown ids are left out.
func Names(ctx context.Context, tx *db.Tx, ids []string) (map[string]string, error) {
	names := make(map[string]string)
	if len(ids) == 0 {
		return names, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	type row struct{ id, name string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.name} },
		`SELECT id, name FROM account WHERE id IN `+db.In(1, len(ids)), args...)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if names[r.id], err = tx.Vault().Open("account.name:"+r.id, r.name); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// Join makes a person one of a vendor's people. Who already belongs to another is
// refused with fault.Conflict.
func Join(ctx context.Context, tx *db.Tx, accountID, vendorID string, role access.Role) error {
	n, err := tx.Exec(ctx, `UPDATE account SET vendor_id = $1, roles = $2 WHERE id = $3 AND kind = 'member' AND vendor_id = ''`,
		vendorID, db.JSON([]access.Role{role}), accountID)
	if err == nil && n != 1 {
		return fault.New(fault.Conflict, "account.has_vendor")
	}
	return err
}

// Me reads the actor's own account.
func Me(ctx context.Context, tx *db.Tx, by access.Actor) (Account, error) {
	if err := by.SignedIn(); err != nil {
		return Account{}, err
	}
	return Load(ctx, tx, by.ID)
}

// Preference is what a person sets for themselves.
type Preference struct {
	Lang string `json:"lang"` // zh-CN or en
}

// Prefer keeps the actor's language, in which messages to them are written. One we
// do not speak is an Invalid field; a key needs the scope account.
func Prefer(ctx context.Context, tx *db.Tx, by access.Actor, in Preference) (Account, error) {
	if err := by.SignedIn(); err != nil {
		return Account{}, err
	}
	if by.Scopes != nil && !slices.Contains(by.Scopes, access.ScopeAccount) {
		return Account{}, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if !slices.ContainsFunc(text.Langs(), func(l text.Lang) bool { return l.Tag() == in.Lang }) {
		return Account{}, fault.At("/lang", "fault.unknown_choice", in.Lang)
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET lang = $1 WHERE id = $2`, text.Match(in.Lang).Tag(), by.ID); err != nil {
		return Account{}, err
	}
	return Load(ctx, tx, by.ID)
}
