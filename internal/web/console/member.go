package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

// members is a company's people: who they are, whom it invites, who owns its account.
type members struct{ *web.Site }

func memberRoutes(s *web.Site) {
	m := members{s}
	s.Member("GET /console/members", m.list)
	s.Member("POST /console/members/invite", m.invite)
	s.Member("POST /console/members/leave", m.leave)
	s.Member("POST /console/members/{id}", m.change)
	s.Member("POST /console/members/{id}/remove", m.remove)
	s.Member("POST /console/invitations/{id}/send", m.sendAgain)
	s.Member("POST /console/invitations/{id}/withdraw", m.withdraw)
	s.Member("GET /console/members/ownership", m.ownership)
	s.Member("POST /console/members/ownership", m.offer)
	s.Member("POST /console/members/ownership/code", m.code)
	s.Member("POST /console/transfers/{id}/accept", m.accept)
	s.Member("POST /console/transfers/{id}/decline", m.decline)
	s.Member("POST /console/transfers/{id}/withdraw", m.takeBack)
}

// membersView is the page of a company's people.
type membersView struct {
	P    text.Printer
	Now  time.Time
	Me   access.Actor
	Team account.Team
	May  bool // invite, change, remove
	Form ui.Form
}

func (v membersView) name(id string) string {
	for _, a := range v.Team.Members {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

// lastOwner reports whether the member is the only owner.
func (v membersView) lastOwner(a account.Account) bool {
	n := 0
	for _, x := range v.Team.Members {
		if slices.Contains(x.Roles, access.Owner) {
			n++
		}
	}
	return n == 1 && slices.Contains(a.Roles, access.Owner)
}

func (m members) list(w http.ResponseWriter, r *http.Request) error {
	return m.show(w, r, http.StatusOK, ui.Form{})
}

func (m members) read(r *http.Request) (membersView, error) {
	v := membersView{P: server.Printer(r.Context()), Now: m.DB.Clock().Now(), Me: server.Actor(r.Context())}
	err := m.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.VendorID != "" && by.Has(access.Owner)
		v.Team, err = account.Members(ctx, tx, by)
		return err
	})
	return v, err
}

func (m members) show(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v, err := m.read(r)
	if err != nil {
		return err
	}
	v.Form = form
	return m.Show(w, r, status, m.New(w, r, ui.Console, "web.nav_members"), membersPage(v))
}

func (m members) invite(w http.ResponseWriter, r *http.Request) error {
	var in account.NewInvitation
	err := web.Form(w, r, &in)
	if err == nil {
		err = m.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := account.Invite(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return m.show(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return err
	}
	return m.Done(w, r, "/console/members", "member.invited")
}

// button runs an act of one button on the page of the company's people.
func (m members) button(w http.ResponseWriter, r *http.Request, said text.Key, do func(ctx context.Context, tx *db.Tx, by access.Actor) error) error {
	if err := m.Write(r, do); err != nil {
		return m.Refused(w, r, "/console/members", err)
	}
	return m.Done(w, r, "/console/members", said)
}

func (m members) change(w http.ResponseWriter, r *http.Request) error {
	var in account.MemberChange
	if err := web.Form(w, r, &in); err != nil {
		return m.Refused(w, r, "/console/members", err)
	}
	return m.button(w, r, "member.changed", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.ChangeMember(ctx, tx, by, in)
		return err
	})
}

func (m members) remove(w http.ResponseWriter, r *http.Request) error {
	return m.button(w, r, "member.removed", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.RemoveMember(ctx, tx, by, account.Removal{ID: r.PathValue("id")})
		return err
	})
}

func (m members) leave(w http.ResponseWriter, r *http.Request) error {
	if err := m.Write(r, account.Leave); err != nil {
		return m.Refused(w, r, "/console/members", err)
	}
	m.ClearSession(w) // every session has ended
	return m.Done(w, r, "/signin", "member.left")
}

func (m members) sendAgain(w http.ResponseWriter, r *http.Request) error {
	return m.button(w, r, "member.invitation_sent", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.SendInvitation(ctx, tx, by, account.InvitationChosen{ID: r.PathValue("id")})
		return err
	})
}

func (m members) withdraw(w http.ResponseWriter, r *http.Request) error {
	return m.button(w, r, "member.invitation_withdrawn", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.WithdrawInvitation(ctx, tx, by, account.InvitationChosen{ID: r.PathValue("id")})
		return err
	})
}

// ownershipView is the page on which an owner hands the company's account over.
type ownershipView struct {
	membersView
	Factor bool // the owner has a second factor; otherwise a code comes by SMS
}

func (m members) ownership(w http.ResponseWriter, r *http.Request) error {
	return m.showOwnership(w, r, http.StatusOK, ui.Form{})
}

func (m members) showOwnership(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v, err := m.read(r)
	if err != nil {
		return err
	}
	if !v.May {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	v.Form = form
	return m.Show(w, r, status, m.New(w, r, ui.Console, "member.ownership"), ownershipPage(ownershipView{v, v.Me.Factor}))
}

func (m members) offer(w http.ResponseWriter, r *http.Request) error {
	var in account.Handover
	err := web.Form(w, r, &in)
	if err == nil {
		err = in.Swear(r.Context(), m.DB, server.Actor(r.Context()))
	}
	if err == nil {
		err = m.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := account.OfferTransfer(factor.Check)(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return m.showOwnership(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return err
	}
	return m.Done(w, r, "/console/members", "member.transfer_offered")
}

func (m members) code(w http.ResponseWriter, r *http.Request) error {
	if err := web.Parse(w, r); err != nil {
		return err
	}
	if err := m.Write(r, account.TransferCode); err != nil {
		return m.Refused(w, r, "/console/members/ownership", err)
	}
	form := web.Typed(r, nil)
	form.Values.Del("password")
	return m.showOwnership(w, r, http.StatusOK, form)
}

func (m members) accept(w http.ResponseWriter, r *http.Request) error {
	return m.button(w, r, "member.transfer_accepted", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.AcceptTransfer(ctx, tx, by, account.TransferChosen{ID: r.PathValue("id")})
		return err
	})
}

func (m members) decline(w http.ResponseWriter, r *http.Request) error {
	return m.button(w, r, "member.transfer_declined", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.DeclineTransfer(ctx, tx, by, account.TransferChosen{ID: r.PathValue("id")})
		return err
	})
}

func (m members) takeBack(w http.ResponseWriter, r *http.Request) error {
	return m.button(w, r, "member.transfer_withdrawn", func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.WithdrawTransfer(ctx, tx, by, account.TransferChosen{ID: r.PathValue("id")})
		return err
	})
}

// vendorRoleOptions are a company's roles with what each may do; the owner's is given
// by a handover alone.
func vendorRoleOptions(p text.Printer, owner bool) []ui.Option {
	var out []ui.Option
	for _, r := range access.VendorRoles() {
		if r == access.Owner && !owner {
			continue
		}
		out = append(out, ui.Option{Value: string(r), Label: p.T(web.RoleKey(r)), Note: p.T(roleNote(r))})
	}
	return out
}

func roleNote(r access.Role) text.Key {
	switch r {
	case access.Owner:
		return "member.role_owner"
	case access.VendorFinance:
		return "member.role_finance"
	case access.ProductPeople:
		return "member.role_product"
	}
	return "member.role_support"
}

func rolesOf(p text.Printer, roles []access.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = p.T(web.RoleKey(r))
	}
	return p.List(names)
}
