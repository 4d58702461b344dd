package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Member is one of a company's people, with the mailbox masked.
type Member struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Mail   string        `json:"mail" doc:"masked"`
	Roles  []access.Role `json:"roles" nullable:"false"`
	Factor bool          `json:"second_factor" doc:"has a second factor"`
}

// Invitation asks somebody to join; its link is in the mail alone.
type Invitation struct {
	ID        string        `json:"id"`
	Mail      string        `json:"mail" doc:"masked"`
	Roles     []access.Role `json:"roles" nullable:"false"`
	State     string        `json:"state" doc:"open, accepted or withdrawn"`
	MadeAt    time.Time     `json:"made_at"`
	ExpiresAt time.Time     `json:"expires_at"`
}

// Transfer is the ownership of a company's account on its way to another member.
type Transfer struct {
	ID        string    `json:"id"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	State     string    `json:"state" doc:"offered, accepted, declined or withdrawn"`
	MadeAt    time.Time `json:"made_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Team is a company's people and what is open about them.
type Team struct {
	Members     []Member     `json:"members" nullable:"false"`
	Invitations []Invitation `json:"invitations" nullable:"false" doc:"open ones; for who may invite"`
	Transfer    *Transfer    `json:"transfer,omitempty" doc:"of the ownership, while it is offered"`
}

func viewInvitation(_ text.Printer, i account.Invitation) Invitation {
	return Invitation{ID: i.ID, Mail: vault.MaskMail(i.Mail), Roles: i.Roles, State: i.State, MadeAt: i.MadeAt, ExpiresAt: i.ExpiresAt}
}

func viewTransfer(_ text.Printer, t account.Transfer) Transfer {
	return Transfer{ID: t.ID, From: t.From, To: t.To, State: t.State, MadeAt: t.MadeAt, ExpiresAt: t.ExpiresAt}
}

func viewTeam(p text.Printer, t account.Team) Team {
	out := Team{Members: []Member{}, Invitations: []Invitation{}}
	for _, a := range t.Members {
		out.Members = append(out.Members, Member{ID: a.ID, Name: a.Name, Mail: vault.MaskMail(a.Mail), Roles: a.Roles, Factor: t.Factors[a.ID]})
	}
	for _, i := range t.Invitations {
		out.Invitations = append(out.Invitations, viewInvitation(p, i))
	}
	if t.Transfer != nil {
		x := viewTransfer(p, *t.Transfer)
		out.Transfer = &x
	}
	return out
}

func (a *API) memberRoutes() {
	get(a, route{path: "/members", tag: "members", id: "list-members", summary: "Your company's people and open invitations"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (account.Team, error) {
			return account.Members(ctx, tx, by)
		}, viewTeam)
	post(a, route{path: "/members/{id}", tag: "members", id: "change-member", summary: "Give a member other roles"}, account.ChangeMember, viewAccount)
	act(a, route{path: "/members/{id}/remove", tag: "members", id: "remove-member", summary: "Take a member out of the company; sessions and keys end at once"}, account.RemoveMember, viewAccount)
	act(a, route{path: "/members/leave", tag: "members", id: "leave-company", summary: "Leave the company"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (none, error) {
			return none{}, account.Leave(ctx, tx, by)
		}, done[none])
	post(a, route{path: "/invitations", tag: "members", id: "invite-member", summary: "Invite somebody by mail with a one-time link", status: 201}, account.Invite, viewInvitation)
	act(a, route{path: "/invitations/{id}/send", tag: "members", id: "send-invitation-again", summary: "Send an invitation again with a new link"}, account.SendInvitation, viewInvitation)
	act(a, route{path: "/invitations/{id}/withdraw", tag: "members", id: "withdraw-invitation", summary: "Withdraw an invitation"}, account.WithdrawInvitation, viewInvitation)
	post(a, route{path: "/invitations/accept", tag: "members", id: "accept-invitation", summary: "Accept an invitation by the token of its link"}, account.AcceptInvitation, viewAccount)
	act(a, route{path: "/transfers/code", tag: "members", id: "send-transfer-code", summary: "Send the code that confirms a handover of ownership"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (none, error) {
			return none{}, account.TransferCode(ctx, tx, by)
		}, done[none])
	post(a, route{path: "/transfers", tag: "members", id: "offer-ownership", summary: "Offer the ownership to another member", status: 201}, account.OfferTransfer(factor.Check), viewTransfer)
	act(a, route{path: "/transfers/{id}/accept", tag: "members", id: "accept-ownership", summary: "Accept the ownership"}, account.AcceptTransfer, viewTransfer)
	act(a, route{path: "/transfers/{id}/decline", tag: "members", id: "decline-ownership", summary: "Decline the ownership"}, account.DeclineTransfer, viewTransfer)
	act(a, route{path: "/transfers/{id}/withdraw", tag: "members", id: "withdraw-ownership", summary: "Take the offer of ownership back"}, account.WithdrawTransfer, viewTransfer)
}
