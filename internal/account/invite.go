package account

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Invitation asks somebody by mail to become one of a company's people.
type Invitation struct {
	ID        string
	VendorID  string
	Mail      string // opened; faces mask it
	Roles     []access.Role
	MadeBy    string
	MadeAt    time.Time
	SentAt    time.Time
	ExpiresAt time.Time
	State     string // open, accepted or withdrawn
	lang      string
}

// Expired reports whether its link holds no more.
func (i Invitation) Expired(now time.Time) bool { return !now.Before(i.ExpiresAt) }

const invitationColumns = `id, vendor_id, mail, roles, made_by, made_at, sent_at, expires_at, state, lang`

func (i *Invitation) fields() []any {
	return []any{&i.ID, &i.VendorID, &i.Mail, db.JSON(&i.Roles), &i.MadeBy, db.Time(&i.MadeAt), db.Time(&i.SentAt), db.Time(&i.ExpiresAt), &i.State, &i.lang}
}

func (i *Invitation) open(tx *db.Tx) (err error) {
	i.Mail, err = tx.Vault().Open("account.invitation:"+i.ID, i.Mail)
	return err
}

func invitations(ctx context.Context, tx *db.Tx, vendorID string) ([]Invitation, error) {
	all, err := db.All(ctx, tx, (*Invitation).fields, `SELECT `+invitationColumns+` FROM account_invitation WHERE vendor_id = $1 AND state = 'open' ORDER BY id DESC`, vendorID)
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

// NewInvitation is whom to invite, and as what.
type NewInvitation struct {
	Mail  string        `json:"mail"`
	Roles []access.Role `json:"roles"`
	Lang  string        `json:"lang,omitempty"` // of the mail: zh-CN or en
}

// Invite mails somebody a one-time link by which they join the actor's company. Who is
// of the company already, or invited already, is an Invalid field; whether the mailbox
// has an account with us is not told.
func Invite(ctx context.Context, tx *db.Tx, by access.Actor, in NewInvitation) (Invitation, error) {
	if err := managesPeople(by); err != nil {
		return Invitation{}, err
	}
	mail, err := cn.ParseEmail(in.Mail)
	var f fault.Fields
	f.Take("/mail", err)
	in.Roles = unique(in.Roles)
	f.Take("", memberRoles(in.Roles))
	if slices.Contains(in.Roles, access.Owner) {
		f.Add("/roles", "account.owner_by_transfer")
	}
	if err := f.Err(); err != nil {
		return Invitation{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Invitation{}, err
	}
	people, err := lockTeam(ctx, tx, by.VendorID)
	if err != nil {
		return Invitation{}, err
	}
	if slices.ContainsFunc(people, func(a Account) bool { return mailIndex(tx, a.Mail) == mailIndex(tx, mail) }) {
		return Invitation{}, fault.At("/mail", "account.member_already")
	}
	if err := attempt(ctx, tx, "invite:"+by.VendorID, p.People.InvitationsOpen); err != nil {
		return Invitation{}, err
	}
	open, err := db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM account_invitation WHERE vendor_id = $1 AND state = 'open'`, by.VendorID)
	if err != nil {
		return Invitation{}, err
	}
	switch {
	case open >= p.People.InvitationsOpen:
		return Invitation{}, fault.At("/mail", "account.invitations_full", p.People.InvitationsOpen)
	case len(people)+open >= p.People.MembersAtMost:
		return Invitation{}, fault.At("/mail", "account.members_full", p.People.MembersAtMost)
	}
	token, err := secret(tx.Random(), "ysi_")
	if err != nil {
		return Invitation{}, err
	}
	i := Invitation{ID: tx.NewID("inv"), VendorID: by.VendorID, Mail: mail, Roles: in.Roles, MadeBy: by.ID, MadeAt: tx.Now(), SentAt: tx.Now(),
		ExpiresAt: invitedUntil(p, tx.Now()), State: "open", lang: text.Match(in.Lang).Tag()}
	_, err = tx.Exec(ctx, `
		INSERT INTO account_invitation (id, vendor_id, mail, mail_index, roles, lang, token_hash, state, made_by, made_at, sent_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $9, $10)`,
		i.ID, i.VendorID, tx.Vault().Seal("account.invitation:"+i.ID, mail), mailIndex(tx, mail), db.JSON(i.Roles), i.lang, hashSecret(token), by.ID, tx.Now(), i.ExpiresAt)
	if db.IsUnique(err) {
		return Invitation{}, fault.At("/mail", "account.invited_already")
	}
	if err != nil {
		return Invitation{}, err
	}
	if err := mailInvitation(ctx, tx, by, i, token); err != nil {
		return Invitation{}, err
	}
	return i, Invited.Append(ctx, tx, by, event.About{Subject: i.ID, VendorID: i.VendorID}, MemberData{Invitation: i.ID, Roles: i.Roles})
}

func invitedUntil(p policy.Policy, now time.Time) time.Time {
	return now.Add(time.Duration(p.People.InvitationDays) * 24 * time.Hour)
}

func mailInvitation(ctx context.Context, tx *db.Tx, by access.Actor, i Invitation, token string) error {
	me, err := Load(ctx, tx, by.ID)
	if err != nil {
		return err
	}
	return ToldJob.Later(ctx, tx, Told{ID: tx.NewID("tld"), Vendor: i.VendorID, To: i.Mail, Lang: i.lang, Template: "notify.invitation", Once: true,
		Args: []Word{{Text: me.Name}, {At: i.ExpiresAt}, {Path: "/invitation/" + token}}})
}

// InvitationChosen names an invitation of the actor's company.
type InvitationChosen struct {
	ID string `json:"-" path:"id"`
}

// SendInvitation mails an open invitation again with a new link and a new term; the
// old link holds no more.
func SendInvitation(ctx context.Context, tx *db.Tx, by access.Actor, in InvitationChosen) (Invitation, error) {
	i, err := ownInvitation(ctx, tx, by, in.ID)
	if err != nil {
		return i, err
	}
	if tx.Now().Before(i.SentAt.Add(codePause)) {
		return i, fault.New(fault.TooMany, "account.code_too_soon", int(codePause/time.Second))
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return i, err
	}
	if err := attempt(ctx, tx, "invite:"+by.VendorID, p.People.InvitationsOpen); err != nil {
		return i, err
	}
	token, err := secret(tx.Random(), "ysi_")
	if err != nil {
		return i, err
	}
	i.SentAt, i.ExpiresAt = tx.Now(), invitedUntil(p, tx.Now())
	if err := tx.Move(ctx, `UPDATE account_invitation SET token_hash = $1, sent_at = $2, expires_at = $3 WHERE id = $4 AND state = 'open'`,
		hashSecret(token), i.SentAt, i.ExpiresAt, i.ID); err != nil {
		return i, err
	}
	return i, mailInvitation(ctx, tx, by, i, token)
}

// WithdrawInvitation takes an open invitation back: its link holds no more.
func WithdrawInvitation(ctx context.Context, tx *db.Tx, by access.Actor, in InvitationChosen) (Invitation, error) {
	i, err := ownInvitation(ctx, tx, by, in.ID)
	if err != nil {
		return i, err
	}
	if err := tx.Move(ctx, `UPDATE account_invitation SET state = 'withdrawn', ended_at = $1 WHERE id = $2 AND state = 'open'`, tx.Now(), i.ID); err != nil {
		return i, err
	}
	i.State = "withdrawn"
	return i, InvitationWithdrawn.Append(ctx, tx, by, event.About{Subject: i.ID, VendorID: i.VendorID}, MemberData{Invitation: i.ID})
}

func ownInvitation(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Invitation, error) {
	if err := managesPeople(by); err != nil {
		return Invitation{}, err
	}
	i, err := db.One(ctx, tx, (*Invitation).fields, `SELECT `+invitationColumns+` FROM account_invitation WHERE id = $1 AND vendor_id = $2`, id, by.VendorID)
	if err != nil {
		return i, err
	}
	if i.State != "open" {
		return i, fault.New(fault.Conflict, "account.invitation_over")
	}
	return i, i.open(tx)
}

// Acceptance is the token of an invitation's link.
type Acceptance struct {
	Token string `json:"token" path:"token"`
}

// InvitedBy finds the invitation of a link. A used, withdrawn, replaced, expired or
// unknown one is fault.Gone: all are told alike.
func InvitedBy(ctx context.Context, tx *db.Tx, token string) (Invitation, error) {
	// Whoever holds the link was sent it.
	gone := fault.New(fault.Gone, "account.invitation_gone")
	if !strings.HasPrefix(token, "ysi_") {
		return Invitation{}, gone
	}
	i, err := db.One(ctx, tx, (*Invitation).fields, `SELECT `+invitationColumns+` FROM account_invitation WHERE token_hash = $1 AND state = 'open'`, hashSecret(token))
	if err != nil {
		return i, or(ignoreNotFound(err), gone)
	}
	if i.Expired(tx.Now()) {
		return Invitation{}, gone
	}
	return i, i.open(tx)
}

// AcceptInvitation makes the actor one of the company's people. The account must be of
// the mailbox that was invited, and of no company: one person belongs to one company.
// Of two who accept at once one goes through.
func AcceptInvitation(ctx context.Context, tx *db.Tx, by access.Actor, in Acceptance) (Account, error) {
	if err := ownPerson(by); err != nil {
		return Account{}, err
	}
	i, err := InvitedBy(ctx, tx, in.Token)
	if err != nil {
		return Account{}, err
	}
	a, err := Load(ctx, tx, by.ID)
	if err != nil {
		return a, err
	}
	switch {
	case a.Kind != access.Member:
		return a, fault.New(fault.Forbidden, "account.invitation_staff")
	case mailIndex(tx, a.Mail) != mailIndex(tx, i.Mail):
		return a, fault.New(fault.Conflict, "account.invitation_other")
	case a.VendorID != "":
		return a, fault.New(fault.Conflict, "account.one_company")
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return a, err
	}
	people, err := lockTeam(ctx, tx, i.VendorID)
	if err != nil {
		return a, err
	}
	if len(people) >= p.People.MembersAtMost {
		return a, fault.New(fault.Conflict, "account.members_full", p.People.MembersAtMost)
	}
	if err := tx.Move(ctx, `UPDATE account_invitation SET state = 'accepted', ended_at = $1, accepted_by = $2 WHERE id = $3 AND state = 'open'`, tx.Now(), a.ID, i.ID); err != nil {
		return a, err
	}
	if err := tx.Move(ctx, `UPDATE account SET vendor_id = $1, roles = $2 WHERE id = $3 AND vendor_id = '' AND kind = 'member'`, i.VendorID, db.JSON(i.Roles), a.ID); err != nil {
		return a, err
	}
	by.VendorID, by.Roles = i.VendorID, i.Roles
	if err := InvitationAccepted.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: i.VendorID}, MemberData{Account: a.ID, Invitation: i.ID, Roles: i.Roles}); err != nil {
		return a, err
	}
	if err := Tell(ctx, tx, i.MadeBy, "notify.invitation_accepted", Word{Text: a.Name}); err != nil {
		return a, err
	}
	return Load(ctx, tx, a.ID)
}
