package sso

import (
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Bound records that a person of the provider was recognised as one of the staff.
var Bound = event.Kind[event.None]{Name: "account.provider_bound", Internal: true}

// Enter opens a session for whom the provider has proved: the account that its subject
// is bound to, else the one of the verified mailbox, which it is bound to from then
// on, else a new one where that is configured. Others, and members of vendors, are
// fault.Forbidden. Where roles come from a claim they are set anew each time.
func (p *Provider) Enter(ctx context.Context, tx *db.Tx, by access.Actor, i Identity, agent string) (account.Session, error) {
	// The provider's signed word says who it is.
	a, err := p.find(ctx, tx, i)
	if err != nil {
		return account.Session{}, err
	}
	if i.Mapped {
		if a, err = p.assign(ctx, tx, a, i.Roles); err != nil {
			return account.Session{}, err
		}
	}
	return account.Enter(ctx, tx, by, a, agent, account.ByProvider)
}

func (p *Provider) find(ctx context.Context, tx *db.Tx, i Identity) (account.Account, error) {
	index := tx.Vault().Blind("account.subject", i.Issuer+"\n"+i.Subject)
	id, err := db.One(ctx, tx, db.Value[string], `SELECT account_id FROM account_subject WHERE subject_index = $1`, index)
	if err == nil {
		a, err := account.Load(ctx, tx, id)
		if err == nil && a.Kind != access.Staff {
			err = fault.New(fault.Forbidden, "sso.unknown")
		}
		return a, err
	}
	if !fault.Is(err, fault.NotFound) {
		return account.Account{}, err
	}
	mail, err := cn.ParseEmail(i.Mail)
	if err != nil || !i.Verified {
		return account.Account{}, fault.New(fault.Forbidden, "sso.no_mail")
	}
	if !p.takes(mail) {
		return account.Account{}, fault.New(fault.Forbidden, "sso.domain")
	}
	a, err := account.StaffByMail(ctx, tx, mail)
	if fault.Is(err, fault.NotFound) && p.Create {
		a, err = p.create(ctx, tx, mail, i)
	}
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return a, fault.New(fault.Forbidden, "sso.unknown")
	}
	if err != nil {
		return a, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO account_subject (subject_index, account_id, issuer, bound_at) VALUES ($1, $2, $3, $4)`, index, a.ID, i.Issuer, tx.Now())
	if db.IsUnique(err) { // the account is bound to another person of the provider
		return a, fault.New(fault.Forbidden, "sso.other_subject")
	}
	if err != nil {
		return a, err
	}
	return a, Bound.Append(ctx, tx, a.Actor(), event.About{Subject: a.ID}, event.None{})
}

// create makes an account without a password for somebody whom the claim gives a role.
func (p *Provider) create(ctx context.Context, tx *db.Tx, mail string, i Identity) (account.Account, error) {
	if len(i.Roles) == 0 {
		return account.Account{}, fault.New(fault.Forbidden, "sso.no_role")
	}
	name := i.Name
	if name == "" {
		name = mail
	}
	if r := []rune(name); len(r) > 40 {
		name = string(r[:40])
	}
	return account.AddProvided(ctx, tx, access.SystemActor("sso"), account.NewStaff{Mail: mail, Name: name, Roles: i.Roles})
}

// assign gives the account the roles of the claim; one that has none any more is let
// in no more, and so is nobody who was the last administrator taken out by it.
func (p *Provider) assign(ctx context.Context, tx *db.Tx, a account.Account, roles []access.Role) (account.Account, error) {
	if len(roles) == 0 {
		return a, fault.New(fault.Forbidden, "sso.no_role")
	}
	was, is := slices.Sorted(slices.Values(a.Roles)), slices.Sorted(slices.Values(roles))
	if slices.Equal(was, is) || !a.DisabledAt.IsZero() {
		return a, nil
	}
	return account.ChangeStaff(ctx, tx, access.SystemActor("sso"), account.StaffChange{ID: a.ID, Roles: roles})
}
