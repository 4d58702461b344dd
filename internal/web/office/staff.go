package office

import (
	"context"
	"net/http"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

type staffRoom struct{ *web.Site }

func staffRoutes(s *web.Site) {
	o := staffRoom{s}
	s.Staff("GET /office/staff", o.list)
	s.Staff("POST /office/staff", o.add)
	s.Staff("POST /office/staff/{id}", o.change)
	s.Staff("POST /office/staff/{id}/reset-factors", o.resetFactors)
}

type staffView struct {
	P    text.Printer
	List []account.Account
	Form ui.Form
	Me   string
	May  bool            // add and change
	With map[string]bool // who has a second factor
}

func (o staffRoom) list(w http.ResponseWriter, r *http.Request) error {
	return o.show(w, r, http.StatusOK, ui.Form{})
}

func (o staffRoom) show(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	v := staffView{P: server.Printer(r.Context()), Form: form, Me: server.Actor(r.Context()).ID}
	err := o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		v.May = by.May(access.ManageStaff)
		if v.List, err = account.Staff(ctx, tx, by); err != nil {
			return err
		}
		v.With, err = account.Secured(ctx, tx, by)
		return err
	})
	if err != nil {
		return err
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_office.staff"), staffPage(v))
}

func (o staffRoom) add(w http.ResponseWriter, r *http.Request) error {
	var in account.NewStaff
	err := web.Form(w, r, &in)
	if err == nil {
		err = in.Prepare(r.Context())
	}
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := account.AddStaff(ctx, tx, by, in)
			return err
		})
	}
	if status, ok := web.Mended(err); ok {
		return o.show(w, r, status, web.Typed(r, err))
	}
	if err != nil {
		return err
	}
	return o.Done(w, r, "/office/staff", "web_office.staff_added", in.Name)
}

func (o staffRoom) change(w http.ResponseWriter, r *http.Request) error {
	var in account.StaffChange
	err := web.Form(w, r, &in)
	if err == nil {
		err = o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) error {
			_, err := account.ChangeStaff(ctx, tx, by, in)
			return err
		})
	}
	if err != nil {
		return o.Refused(w, r, "/office/staff", err)
	}
	return o.Done(w, r, "/office/staff", "web_office.staff_changed")
}

func (o staffRoom) resetFactors(w http.ResponseWriter, r *http.Request) error {
	var a account.Account
	err := o.Write(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		a, err = factor.ResetAll(ctx, tx, by, factor.Person{ID: r.PathValue("id")})
		return err
	})
	if err != nil {
		return o.Refused(w, r, "/office/staff", err)
	}
	return o.Done(w, r, "/office/staff", "staff.factors_reset", a.Name)
}

func roleOptions(p text.Printer) []ui.Option {
	var out []ui.Option
	for _, r := range access.StaffRoles() {
		out = append(out, ui.Option{Value: string(r), Label: p.T(web.RoleKey(r))})
	}
	return out
}

func roleNames(p text.Printer, roles []access.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = p.T(web.RoleKey(r))
	}
	return p.List(names)
}
