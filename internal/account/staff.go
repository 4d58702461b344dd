package account

import (
	"context"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// NewStaff is somebody of the operator's staff.
type NewStaff struct {
	Mail     string        `json:"mail"`
	Phone    string        `json:"phone,omitempty"`
	Name     string        `json:"name"`
	Roles    []access.Role `json:"roles"`
	Password string        `json:"password"`
	hash     string
}

// Prepare hashes the password, which takes too long for a transaction.
func (n *NewStaff) Prepare(ctx context.Context) (err error) {
	if weak(n.Password, n.Mail) == nil {
		n.hash, err = hashPassword(ctx, n.Password)
	}
	return err
}

// AddStaff makes a staff account, which can sign in at once.
func AddStaff(ctx context.Context, tx *db.Tx, by access.Actor, in NewStaff) (Account, error) {
	if err := by.Require(access.ManageStaff); err != nil {
		return Account{}, err
	}
	mail, name, f := checkPerson(in.Mail, in.Name)
	phone := ""
	if in.Phone != "" {
		phone = checkPhone(&f, in.Phone)
	}
	f.Take("/password", weak(in.Password, in.Mail))
	checkRoles(&f, in.Roles)
	if err := f.Err(); err != nil {
		return Account{}, err
	}
	return addStaff(ctx, tx, by, Account{Mail: mail, Phone: phone, Name: name, Roles: in.Roles, hash: in.hash})
}

func addStaff(ctx context.Context, tx *db.Tx, by access.Actor, a Account) (Account, error) {
	if err := makeWay(ctx, tx, a.Mail); err != nil {
		return Account{}, err
	}
	a.ID, a.Kind, a.Lang, a.Roles, a.VerifiedAt = tx.NewID("acc"), access.Staff, text.ZH, unique(a.Roles), tx.Now()
	if err := insert(ctx, tx, a); err != nil {
		return Account{}, err
	}
	if err := StaffAdded.Append(ctx, tx, by, event.About{Subject: a.ID}, StaffData{Roles: a.Roles}); err != nil {
		return Account{}, err
	}
	return Load(ctx, tx, a.ID)
}

// AddProvided makes a staff account without a password: its person comes by the
// identity provider alone.
func AddProvided(ctx context.Context, tx *db.Tx, by access.Actor, in NewStaff) (Account, error) {
	if err := by.Require(access.ManageStaff); err != nil {
		return Account{}, err
	}
	mail, name, f := checkPerson(in.Mail, in.Name)
	checkRoles(&f, in.Roles)
	if err := f.Err(); err != nil {
		return Account{}, err
	}
	return addStaff(ctx, tx, by, Account{Mail: mail, Name: name, Roles: in.Roles})
}

func checkRoles(f *fault.Fields, roles []access.Role) {
	if len(roles) == 0 {
		f.Add("/roles", "fault.required")
	}
	for _, r := range roles {
		if !slices.Contains(access.StaffRoles(), r) {
			f.Add("/roles", "fault.unknown_choice", string(r))
		}
	}
}

// unique leaves out what is named twice and keeps the order.
func unique(roles []access.Role) []access.Role {
	out := []access.Role{}
	for _, r := range roles {
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// StaffChange gives a staff account other roles, or closes or opens it.
type StaffChange struct {
	ID       string        `json:"-" path:"id"`
	Roles    []access.Role `json:"roles"`
	Disabled bool          `json:"disabled"`
}

// ChangeStaff changes a staff account and ends its sessions. The last active
// administrator cannot be taken away.
func ChangeStaff(ctx context.Context, tx *db.Tx, by access.Actor, in StaffChange) (Account, error) {
	if err := by.Require(access.ManageStaff); err != nil {
		return Account{}, err
	}
	var f fault.Fields
	checkRoles(&f, in.Roles)
	if err := f.Err(); err != nil {
		return Account{}, err
	}
	// Locked, since two who take each other's role must not both go through.
	staff, err := loadAll(ctx, tx, `WHERE kind = 'staff' ORDER BY id`+tx.ForUpdate())
	if err != nil {
		return Account{}, err
	}
	in.Roles = unique(in.Roles)
	found, admins := false, 0
	for _, a := range staff {
		found = found || a.ID == in.ID
		if a.ID != in.ID && a.DisabledAt.IsZero() && slices.Contains(a.Roles, access.Administrator) {
			admins++
		}
	}
	if !found {
		return Account{}, fault.New(fault.NotFound, "fault.not_found")
	}
	if admins == 0 && (in.Disabled || !slices.Contains(in.Roles, access.Administrator)) {
		return Account{}, fault.New(fault.Conflict, "account.last_administrator")
	}
	var disabled time.Time // zero is NULL
	if in.Disabled {
		disabled = tx.Now()
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET roles = $1, disabled_at = $2 WHERE id = $3`, db.JSON(in.Roles), disabled, in.ID); err != nil {
		return Account{}, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM account_session WHERE account_id = $1`, in.ID); err != nil {
		return Account{}, err
	}
	if err := StaffChanged.Append(ctx, tx, by, event.About{Subject: in.ID}, StaffData{in.Roles, in.Disabled}); err != nil {
		return Account{}, err
	}
	return Load(ctx, tx, in.ID)
}

// Secured lists who of the staff has a second factor.
func Secured(ctx context.Context, tx *db.Tx, by access.Actor) (map[string]bool, error) {
	if err := by.Require(access.SeeStaff); err != nil {
		return nil, err
	}
	ids, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT f.account_id FROM account_factor f JOIN account a ON a.id = f.account_id WHERE a.kind = 'staff' AND f.confirmed_at IS NOT NULL`)
	with := make(map[string]bool, len(ids))
	for _, id := range ids {
		with[id] = true
	}
	return with, err
}

// Staff lists the operator's people.
func Staff(ctx context.Context, tx *db.Tx, by access.Actor) ([]Account, error) {
	if err := by.Require(access.SeeStaff); err != nil {
		return nil, err
	}
	return loadAll(ctx, tx, `WHERE kind = 'staff' ORDER BY id`)
}

// StaffByMail finds a staff account, for the command line's --as.
func StaffByMail(ctx context.Context, tx *db.Tx, mail string) (Account, error) {
	a, err := byMail(ctx, tx, mail)
	if err == nil && (a.Kind != access.Staff || !a.DisabledAt.IsZero()) {
		err = fault.New(fault.NotFound, "fault.not_found")
	}
	return a, err
}

// IDByMail finds whose mailbox it is, for staff who search the log; nobody is
// fault.NotFound.
func IDByMail(ctx context.Context, tx *db.Tx, by access.Actor, mail string) (string, error) {
	if err := by.Require(access.SeeEvents); err != nil {
		return "", err
	}
	a, err := byMail(ctx, tx, mail)
	return a.ID, err
}

// Watchers lists the staff who see the whole log and are not disabled.
func Watchers(ctx context.Context, tx *db.Tx) ([]Account, error) {
	all, err := loadAll(ctx, tx, `WHERE kind = 'staff' AND disabled_at IS NULL ORDER BY id`)
	return slices.DeleteFunc(all, func(a Account) bool {
		return !slices.ContainsFunc(access.Permissions()[access.SeeEvents], func(r access.Role) bool { return slices.Contains(a.Roles, r) })
	}), err
}
