package signin

import (
	"context"
	"net/http"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/web"
)

// invitationView is the page of an invitation's link.
type invitationView struct {
	P       text.Printer
	Token   string
	In      account.Invitation
	Company string
	From    string
	Me      account.Account // zero for a visitor
}

func (d door) invitationRoutes() {
	d.Page("GET /invitation/{token}", d.showInvitation)
	d.Page("POST /invitation/{token}", d.accept)
}

func (d door) showInvitation(w http.ResponseWriter, r *http.Request) error {
	v := invitationView{P: server.Printer(r.Context()), Token: r.PathValue("token"), Me: server.Account(r.Context())}
	err := d.Read(r, func(ctx context.Context, tx *db.Tx, _ access.Actor) (err error) {
		if v.In, err = account.InvitedBy(ctx, tx, v.Token); err != nil {
			return err
		}
		company, err := vendor.Load(ctx, tx, v.In.VendorID)
		if err != nil {
			return err
		}
		v.Company = company.Name
		names, err := account.Names(ctx, tx, []string{v.In.MadeBy})
		v.From = names[v.In.MadeBy]
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	return d.show(w, r, http.StatusOK, "signin.invitation_title", func(text.Printer) component { return invitationPage(v) })
}

func (d door) accept(w http.ResponseWriter, r *http.Request) error {
	var in account.Acceptance
	if err := web.Form(w, r, &in); err != nil {
		return err
	}
	in.Token = r.PathValue("token")
	err := d.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
		_, err := account.AcceptInvitation(ctx, tx, by, in)
		return err
	})
	if err != nil {
		if _, ok := web.Mended(err); ok {
			return d.Refused(w, r, "/invitation/"+in.Token, err)
		}
		return err
	}
	return d.Done(w, r, "/console", "signin.invitation_done")
}

// mail is the invited mailbox as whoever holds the link may see it.
func (v invitationView) mail() string { return vault.MaskMail(v.In.Mail) }
