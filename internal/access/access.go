// Package access says who acts and what each role may. An operation asks in its
// first line: by.Require(access.ConfirmMoney) for staff, by.Vendor(id, act) for a
// company's own people. What is not in the tables is refused.
package access

import (
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Kind is what sort of actor it is.
type Kind string

// The kinds of actor.
const (
	Visitor Kind = "visitor" // nobody signed in
	Member  Kind = "member"  // a person who registered: a vendor's, or soon
	Staff   Kind = "staff"   // the operator's
	System  Kind = "system"  // a job or a reaction, named by ID
	Command Kind = "command" // the command line on the server itself
)

// Role is a staff role, or a role within a vendor.
type Role string

// The roles of the operator's staff.
const (
	Reviewer        Role = "reviewer"
	Contracts       Role = "contracts"
	Finance         Role = "finance"
	ProductReviewer Role = "product-reviewer"
	Administrator   Role = "administrator"
	Auditor         Role = "auditor"
)

// The roles within a vendor.
const (
	Owner         Role = "owner"
	VendorFinance Role = "vendor-finance"
	ProductPeople Role = "product"
	Support       Role = "support"
)

// StaffRoles lists the operator's roles in the order people read them.
func StaffRoles() []Role {
	return []Role{Reviewer, Contracts, Finance, ProductReviewer, Administrator, Auditor}
}

// VendorRoles lists a vendor's roles in the order people read them.
func VendorRoles() []Role { return []Role{Owner, VendorFinance, ProductPeople, Support} }

// Actor is who does something, as a face established it. The zero value is a visitor.
type Actor struct {
	Kind     Kind
	ID       string // account, reaction or command
	VendorID string // of a Member whose company has begun an application
	Roles    []Role
	Scopes   []Scope // of an API key; nil is all that the person may
	KeyID    string  // the API key, if it came by one
	Address  string  // IP address

	SessionID string    // the session, if it came by one
	ProvedAt  time.Time // when the session's person last proved who they are
	Factor    bool      // the person has a second factor
	Stale     bool      // ProvedAt is too long ago for what is guarded
}

// SystemActor is the actor of a job or reaction.
func SystemActor(name string) Actor { return Actor{Kind: System, ID: name} }

// CommandActor is the actor of the command line.
func CommandActor(name string) Actor { return Actor{Kind: Command, ID: name} }

// SignedIn refuses a visitor.
func (a Actor) SignedIn() error {
	if a.Kind == Visitor || a.Kind == "" {
		return fault.New(fault.Unauthenticated, "fault.unauthenticated")
	}
	return nil
}

// Has reports whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(a.Roles, r) })
}

// May reports whether the actor holds the permission.
func (a Actor) May(p Permission) bool {
	switch a.Kind {
	case System, Command:
		return true
	case Staff:
		return a.scoped(p.scope()) && a.Has(staffMay[p]...)
	}
	return false
}

// Require refuses an actor without the permission: fault.Unauthenticated or fault.Forbidden.
func (a Actor) Require(p Permission) error {
	if err := a.SignedIn(); err != nil {
		return err
	}
	if !a.May(p) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if guarded[p] {
		return a.Proved()
	}
	return nil
}

// Proved refuses a session of somebody with a second factor whose last proof is too
// old: fault.Unproved, which a face answers by asking for the factor.
func (a Actor) Proved() error {
	if a.Stale && a.Factor {
		return fault.New(fault.Unproved, "fault.unproved")
	}
	return nil
}

// Fresh refuses a session whose last proof is too old, whether or not its person has
// a second factor: who changes how one signs in proves first who they are.
func (a Actor) Fresh() error {
	if a.Stale {
		return fault.New(fault.Unproved, "fault.unproved")
	}
	return nil
}

// OwnsVendor refuses whoever does not act for the vendor in one of the roles that
// may do the act. Somebody of another company, or a member without any, gets
// fault.NotFound: that the thing exists is not theirs to know.
func (a Actor) OwnsVendor(vendorID string, act Act) error {
	if err := a.SignedIn(); err != nil {
		return err
	}
	if a.Kind == System || a.Kind == Command {
		return nil
	}
	if a.Kind != Member || vendorID == "" || a.VendorID != vendorID {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if !a.Has(vendorMay[act]...) || !a.scoped(act.scope()) {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if guardedActs[act] {
		return a.Proved()
	}
	return nil
}

// Sees refuses whoever is neither of the vendor nor staff that may look at vendors.
func (a Actor) Sees(vendorID string) error {
	if err := a.SignedIn(); err != nil {
		return err
	}
	if a.Kind == Staff {
		return a.Require(SeeVendors)
	}
	return a.OwnsVendor(vendorID, Look)
}

func (a Actor) scoped(s Scope) bool { return a.Scopes == nil || slices.Contains(a.Scopes, s) }
