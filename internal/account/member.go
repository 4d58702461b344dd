package account

import (
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Team is a company's people and whom it has invited.
type Team struct {
	VendorID    string
	Members     []Account
	Invitations []Invitation // that are open, newest first; the owner's to see
	Transfer    *Transfer    // of the ownership, while it is offered
	Factors     map[string]bool
}

// Members lists the actor's company's people, in the order in which they joined. Who
// belongs to no company has none.
func Members(ctx context.Context, tx *db.Tx, by access.Actor) (Team, error) {
	if err := by.SignedIn(); err != nil {
		return Team{}, err
	}
	if by.VendorID == "" {
		return Team{}, nil
	}
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return Team{}, err
	}
	return team(ctx, tx, by, by.VendorID)
}

// TeamOf lists a vendor's people for whoever may see it.
func TeamOf(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (Team, error) {
	if err := by.Sees(vendorID); err != nil {
		return Team{}, err
	}
	return team(ctx, tx, by, vendorID)
}

func team(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (Team, error) {
	t := Team{VendorID: vendorID, Factors: map[string]bool{}}
	var err error
	if t.Members, err = People(ctx, tx, vendorID); err != nil {
		return t, err
	}
	with, err := db.All(ctx, tx, db.Value[string], `
		SELECT DISTINCT f.account_id FROM account_factor f JOIN account a ON a.id = f.account_id
		WHERE a.vendor_id = $1 AND f.confirmed_at IS NOT NULL`, vendorID)
	if err != nil {
		return t, err
	}
	for _, id := range with {
		t.Factors[id] = true
	}
	if t.Transfer, err = openTransfer(ctx, tx, vendorID); err != nil {
		return t, err
	}
	if by.Kind == access.Member && by.OwnsVendor(vendorID, access.ManagePeople) != nil && !fault.Is(by.OwnsVendor(vendorID, access.ManagePeople), fault.Unproved) {
		return t, nil
	}
	t.Invitations, err = invitations(ctx, tx, vendorID)
	return t, err
}

// MemberChange gives a member other roles.
type MemberChange struct {
	ID    string        `json:"-" path:"id"`
	Roles []access.Role `json:"roles"`
}

// ChangeMember gives one of the company's people other roles, which hold from the
// next request on. Ownership passes by a transfer alone: an owner stays one here and
// nobody becomes one, both fault.Conflict. The last owner cannot give it up.
func ChangeMember(ctx context.Context, tx *db.Tx, by access.Actor, in MemberChange) (Account, error) {
	if err := managesPeople(by); err != nil {
		return Account{}, err
	}
	in.Roles = unique(in.Roles)
	if err := memberRoles(in.Roles); err != nil {
		return Account{}, err
	}
	people, err := lockTeam(ctx, tx, by.VendorID)
	if err != nil {
		return Account{}, err
	}
	a, err := memberOf(people, in.ID)
	if err != nil {
		return Account{}, err
	}
	was, is := slices.Contains(a.Roles, access.Owner), slices.Contains(in.Roles, access.Owner)
	switch {
	case is && !was:
		return Account{}, fault.New(fault.Conflict, "account.owner_by_transfer")
	case was && !is && owners(people) == 1:
		return Account{}, fault.New(fault.Conflict, "account.last_owner")
	}
	if _, err := tx.Exec(ctx, `UPDATE account SET roles = $1 WHERE id = $2 AND vendor_id = $3`, db.JSON(in.Roles), a.ID, by.VendorID); err != nil {
		return Account{}, err
	}
	if err := endTransferOf(ctx, tx, by, by.VendorID, a.ID, was && !is); err != nil {
		return Account{}, err
	}
	if err := MemberChanged.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: by.VendorID}, MemberData{Account: a.ID, Roles: in.Roles}); err != nil {
		return Account{}, err
	}
	return Load(ctx, tx, a.ID)
}

// Removal names a member to remove.
type Removal struct {
	ID string `json:"-" path:"id"`
}

// RemoveMember takes somebody out of the company: their sessions and API keys end at
// once. The last owner stays: fault.Conflict.
func RemoveMember(ctx context.Context, tx *db.Tx, by access.Actor, in Removal) (Account, error) {
	if err := managesPeople(by); err != nil {
		return Account{}, err
	}
	if in.ID == by.ID {
		return Account{}, fault.New(fault.Conflict, "account.remove_self")
	}
	a, err := takeOut(ctx, tx, by, in.ID)
	if err != nil {
		return Account{}, err
	}
	if err := MemberRemoved.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: by.VendorID}, MemberData{Account: a.ID}); err != nil {
		return Account{}, err
	}
	return a, tell(ctx, tx, a, "notify.member_removed", Word{At: tx.Now()})
}

// Leave takes the actor out of the company; the last owner stays: fault.Conflict.
func Leave(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	if by.Kind != access.Member || by.VendorID == "" {
		return fault.New(fault.Conflict, "account.no_vendor")
	}
	a, err := takeOut(ctx, tx, by, by.ID)
	if err != nil {
		return err
	}
	return MemberLeft.Append(ctx, tx, by, event.About{Subject: a.ID, VendorID: by.VendorID}, MemberData{Account: a.ID})
}

// takeOut removes a person from the actor's company, with everything that would let
// them in again.
func takeOut(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Account, error) {
	people, err := lockTeam(ctx, tx, by.VendorID)
	if err != nil {
		return Account{}, err
	}
	a, err := memberOf(people, id)
	if err != nil {
		return Account{}, err
	}
	if slices.Contains(a.Roles, access.Owner) && owners(people) == 1 {
		return Account{}, fault.New(fault.Conflict, "account.last_owner")
	}
	if err := tx.Move(ctx, `UPDATE account SET vendor_id = '', roles = '[]' WHERE id = $1 AND vendor_id = $2`, a.ID, by.VendorID); err != nil {
		return Account{}, err
	}
	if err := endTransferOf(ctx, tx, by, by.VendorID, a.ID, true); err != nil {
		return Account{}, err
	}
	return a, endAll(ctx, tx, a.ID, true)
}

// managesPeople refuses whoever may not invite, change and remove.
func managesPeople(by access.Actor) error {
	if err := ownPerson(by); err != nil {
		return err
	}
	return by.OwnsVendor(by.VendorID, access.ManagePeople)
}

// lockTeam reads a company's people so that nobody else changes them meanwhile.
func lockTeam(ctx context.Context, tx *db.Tx, vendorID string) ([]Account, error) {
	return loadAll(ctx, tx, `WHERE vendor_id = $1 AND vendor_id <> '' AND disabled_at IS NULL ORDER BY id`+tx.ForUpdate(), vendorID)
}

func memberOf(people []Account, id string) (Account, error) {
	i := slices.IndexFunc(people, func(a Account) bool { return a.ID == id })
	if i < 0 {
		return Account{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return people[i], nil
}

func owners(people []Account) (n int) {
	for _, a := range people {
		if slices.Contains(a.Roles, access.Owner) {
			n++
		}
	}
	return n
}

// memberRoles refuses no role and roles that are not a vendor's.
func memberRoles(roles []access.Role) error {
	var f fault.Fields
	if len(roles) == 0 {
		f.Add("/roles", "fault.required")
	}
	for _, r := range roles {
		if !slices.Contains(access.VendorRoles(), r) {
			f.Add("/roles", "fault.unknown_choice", string(r))
		}
	}
	return f.Err()
}
