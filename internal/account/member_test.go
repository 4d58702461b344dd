package account_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// owner is somebody who owns the account of a company.
func (p *people) owner(mail, phone, vendorID string) account.Session {
	p.t.Helper()
	a := p.registered(mail, phone)
	err := p.d.Write(context.Background(), func(tx *db.Tx) error {
		return account.Join(context.Background(), tx, a.ID, vendorID, access.Owner)
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return p.session(mail, password)
}

// link is the newest invitation's token.
func (p *people) link() string {
	p.t.Helper()
	return p.newest("notify.invitation").Args[2].Path[len("/invitation/"):]
}

// joined invites somebody who registers and accepts.
func (p *people) joined(owner access.Actor, mail, phone string, roles ...access.Role) account.Session {
	p.t.Helper()
	must(p, owner, account.NewInvitation{Mail: mail, Roles: roles}, account.Invite)
	token := p.link()
	s := p.sessionOf(mail, phone)
	must(p, p.who(s.Token), account.Acceptance{Token: token}, account.AcceptInvitation)
	return s
}

func teamOf(p *people, by access.Actor) account.Team {
	p.t.Helper()
	return must(p, by, "", func(ctx ctxt, tx *db.Tx, by actor, _ string) (account.Team, error) {
		return account.Members(ctx, tx, by)
	})
}

func TestInvitedPersonJoinsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		wang := p.who(p.owner("wang@example.com", "13800138000", "ven_1").Token)
		li := p.sessionOf("li@example.com", "13900139000")

		in := account.NewInvitation{Mail: "li@example.com", Roles: []access.Role{access.VendorFinance}, Lang: "en"}
		for _, c := range []struct {
			at, key string
			change  func(*account.NewInvitation)
		}{
			{"/mail", "cn.bad_email", func(n *account.NewInvitation) { n.Mail = "x" }},
			{"/roles", "fault.required", func(n *account.NewInvitation) { n.Roles = nil }},
			{"/roles", "fault.unknown_choice", func(n *account.NewInvitation) { n.Roles = []access.Role{access.Finance} }},
			{"/roles", "account.owner_by_transfer", func(n *account.NewInvitation) { n.Roles = []access.Role{access.Owner} }},
			{"/mail", "account.member_already", func(n *account.NewInvitation) { n.Mail = "WANG@example.com" }},
		} {
			x := in
			c.change(&x)
			_, err := try(p, wang, x, account.Invite)
			refused(t, err, fault.Invalid, c.at, c.key)
		}
		_, err := try(p, p.who(li.Token), in, account.Invite)
		refused(t, err, fault.NotFound, "", "")
		i := must(p, wang, in, account.Invite)
		old := p.link()
		_, err = try(p, wang, in, account.Invite)
		refused(t, err, fault.Invalid, "/mail", "account.invited_already")
		_, err = try(p, wang, account.InvitationChosen{ID: i.ID}, account.SendInvitation)
		refused(t, err, fault.TooMany, "", "")
		p.later(time.Hour)
		must(p, wang, account.InvitationChosen{ID: i.ID}, account.SendInvitation)
		token := p.link()
		if token == old {
			t.Fatal("sent again with the old link")
		}
		for _, bad := range []string{old, "", "ysi_x", "yss_x"} {
			_, err := try(p, p.who(li.Token), account.Acceptance{Token: bad}, account.AcceptInvitation)
			refused(t, err, fault.Gone, "", "account.invitation_gone")
		}
		zhao := p.sessionOf("zhao@example.com", "13700137000")
		_, err = try(p, p.who(zhao.Token), account.Acceptance{Token: token}, account.AcceptInvitation)
		refused(t, err, fault.Conflict, "", "account.invitation_other")
		_, err = try(p, visitor, account.Acceptance{Token: token}, account.AcceptInvitation)
		refused(t, err, fault.Unauthenticated, "", "")
		must(p, p.who(li.Token), account.Acceptance{Token: token}, account.AcceptInvitation)
		if by := p.who(li.Token); by.VendorID != "ven_1" || !by.Has(access.VendorFinance) || by.OwnsVendor("ven_1", access.PayDeposit) != nil || by.OwnsVendor("ven_1", access.SignContract) == nil {
			t.Errorf("joined as %+v", by)
		}
		_, err = try(p, p.who(li.Token), account.Acceptance{Token: token}, account.AcceptInvitation)
		refused(t, err, fault.Gone, "", "account.invitation_gone")
		if got := p.newest("notify.invitation_accepted"); got.Account != wang.ID {
			t.Errorf("the owner is not told: %+v", got)
		}

		// Withdrawn and expired ones hold no more, and one company is enough.
		i = must(p, wang, account.NewInvitation{Mail: "zhao@example.com", Roles: []access.Role{access.Support}}, account.Invite)
		must(p, wang, account.InvitationChosen{ID: i.ID}, account.WithdrawInvitation)
		_, err = try(p, p.who(zhao.Token), account.Acceptance{Token: p.link()}, account.AcceptInvitation)
		refused(t, err, fault.Gone, "", "")
		must(p, wang, account.NewInvitation{Mail: "zhao@example.com", Roles: []access.Role{access.Support}}, account.Invite)
		p.later(7 * 24 * time.Hour)
		_, err = try(p, p.who(zhao.Token), account.Acceptance{Token: p.link()}, account.AcceptInvitation)
		refused(t, err, fault.Gone, "", "")
		other := p.who(p.owner("chen@example.com", "13600136000", "ven_2").Token)
		must(p, other, account.NewInvitation{Mail: "li@example.com", Roles: []access.Role{access.Support}}, account.Invite)
		_, err = try(p, p.who(li.Token), account.Acceptance{Token: p.link()}, account.AcceptInvitation)
		refused(t, err, fault.Conflict, "", "account.one_company")
		if all := dump(t, d, "account_invitation"); contains(all, "zhao@example.com", "ysi_") {
			t.Error("a mailbox or a link stands in the database in plain")
		}
	})
}

func TestMembersAreChangedAndRemoved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		wang := p.who(p.owner("wang@example.com", "13800138000", "ven_1").Token)
		s := p.joined(wang, "li@example.com", "13900139000", access.VendorFinance)
		li := p.who(s.Token)
		stranger := p.who(p.owner("chen@example.com", "13600136000", "ven_2").Token)
		for _, by := range []access.Actor{li, stranger, visitor} {
			if _, err := try(p, by, account.Removal{ID: wang.ID}, account.RemoveMember); err == nil {
				t.Errorf("%+v removes the owner", by)
			}
			if _, err := try(p, by, account.MemberChange{ID: li.ID, Roles: []access.Role{access.Support}}, account.ChangeMember); err == nil {
				t.Errorf("%+v changes a member", by)
			}
		}
		got := must(p, wang, account.MemberChange{ID: li.ID, Roles: []access.Role{access.ProductPeople, access.Support, access.Support}}, account.ChangeMember)
		if diff := cmp.Diff([]access.Role{access.ProductPeople, access.Support}, got.Roles); diff != "" {
			t.Error(diff)
		}
		if by := p.who(s.Token); by.OwnsVendor("ven_1", access.EditProducts) != nil {
			t.Error("the new role does not hold at once")
		}
		_, err := try(p, wang, account.MemberChange{ID: li.ID, Roles: []access.Role{access.Owner}}, account.ChangeMember)
		refused(t, err, fault.Conflict, "", "account.owner_by_transfer")
		_, err = try(p, wang, account.MemberChange{ID: wang.ID, Roles: []access.Role{access.Support}}, account.ChangeMember)
		refused(t, err, fault.Conflict, "", "account.last_owner")
		_, err = try(p, wang, account.Removal{ID: wang.ID}, account.RemoveMember)
		refused(t, err, fault.Conflict, "", "account.remove_self")
		leave := only(func(ctx ctxt, tx *db.Tx, by actor, _ string) error { return account.Leave(ctx, tx, by) })
		_, err = try(p, wang, "", leave)
		refused(t, err, fault.Conflict, "", "account.last_owner")
		if team := teamOf(p, li); len(team.Members) != 2 || team.Invitations != nil {
			t.Errorf("a member sees %+v", team)
		}

		k := must(p, p.who(s.Token), account.NewKey{Name: "x", Scopes: access.Scopes()}, account.MakeKey)
		must(p, wang, account.Removal{ID: li.ID}, account.RemoveMember)
		if p.who(s.Token).ID != "" || p.who(k.Secret).ID != "" {
			t.Error("a removed member's session or key still holds")
		}
		if by := p.who(p.session("li@example.com", password).Token); by.VendorID != "" || len(by.Roles) != 0 {
			t.Errorf("acts as %+v", by)
		}
		_, err = try(p, wang, account.Removal{ID: li.ID}, account.RemoveMember)
		refused(t, err, fault.NotFound, "", "")
	})
}

// handover offers the ownership with the code that comes by SMS.
func (p *people) handover(by access.Actor, phone, to string, keeps ...access.Role) (account.Transfer, error) {
	p.t.Helper()
	must(p, by, "", only(func(ctx ctxt, tx *db.Tx, by actor, _ string) error { return account.TransferCode(ctx, tx, by) }))
	in := account.Handover{To: to, Keeps: keeps, Password: password, Code: p.code(phone)}
	if err := in.Swear(p.t.Context(), p.d, by); err != nil {
		p.t.Fatal(err)
	}
	return try(p, by, in, account.OfferTransfer(nil))
}

func TestOwnershipPassesWithBothPeoplesConsent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		ws := p.owner("wang@example.com", "13800138000", "ven_1")
		wang := p.who(ws.Token)
		ls := p.joined(wang, "li@example.com", "13900139000", access.VendorFinance)
		li := p.who(ls.Token)

		wrong := account.Handover{To: li.ID, Password: "wrong horse 42"}
		f, _ := wrong.Swear(t.Context(), d, wang).(*fault.Error)
		if f == nil || f.Fields[0].Pointer != "/password" {
			t.Errorf("a wrong password is sworn: %v", f)
		}
		_, err := try(p, wang, wrong, account.OfferTransfer(nil))
		refused(t, err, fault.Invalid, "/password", "account.password_wrong")
		_, err = p.handover(wang, "+8613800138000", wang.ID)
		refused(t, err, fault.Invalid, "/to", "account.transfer_self")
		p.later(time.Hour)
		x, err := p.handover(wang, "+8613800138000", li.ID, access.Support)
		if err != nil {
			t.Fatal(err)
		}
		chosen := account.TransferChosen{ID: x.ID}
		p.later(time.Hour)
		_, err = p.handover(wang, "+8613800138000", li.ID)
		refused(t, err, fault.Conflict, "", "account.transfer_open")
		_, err = try(p, wang, chosen, account.AcceptTransfer)
		refused(t, err, fault.Forbidden, "", "")
		_, err = try(p, li, chosen, account.WithdrawTransfer)
		refused(t, err, fault.Forbidden, "", "")

		// Accepting and withdrawing at once: one goes through.
		var wg sync.WaitGroup
		errs := make([]error, 2)
		wg.Go(func() { _, errs[0] = try(p, li, chosen, account.AcceptTransfer) })
		wg.Go(func() { _, errs[1] = try(p, wang, chosen, account.WithdrawTransfer) })
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("accepted: %v, withdrawn: %v", errs[0], errs[1])
		}
		if errs[1] == nil { // it was withdrawn: offer it again
			p.later(time.Hour)
			if x, err = p.handover(wang, "+8613800138000", li.ID, access.Support); err != nil {
				t.Fatal(err)
			}
			must(p, li, account.TransferChosen{ID: x.ID}, account.AcceptTransfer)
		}
		if by := p.who(ls.Token); !by.Has(access.Owner) || !by.Has(access.VendorFinance) {
			t.Errorf("the new owner acts as %+v", by)
		}
		if by := p.who(ws.Token); by.Has(access.Owner) || !by.Has(access.Support) || by.VendorID != "ven_1" {
			t.Errorf("the former owner acts as %+v", by)
		}
		_, err = try(p, p.who(ls.Token), account.TransferChosen{ID: x.ID}, account.AcceptTransfer)
		refused(t, err, fault.Conflict, "", "account.transfer_over")

		// Offered and left unanswered it expires; keeping no role is leaving.
		y, err := p.handover(p.who(ls.Token), "+8613900139000", wang.ID)
		if err != nil {
			t.Fatal(err)
		}
		p.later(7 * 24 * time.Hour)
		_, err = try(p, p.who(ws.Token), account.TransferChosen{ID: y.ID}, account.AcceptTransfer)
		refused(t, err, fault.Gone, "", "account.transfer_expired")
		if y, err = p.handover(p.who(ls.Token), "+8613900139000", wang.ID); err != nil {
			t.Fatal(err)
		}
		must(p, p.who(ws.Token), account.TransferChosen{ID: y.ID}, account.AcceptTransfer)
		if p.who(ls.Token).ID != "" || !p.who(ws.Token).Has(access.Owner) {
			t.Error("who kept no role is still signed in, or the ownership did not pass")
		}
	})
}

func TestOwnMailboxAndPasswordAreChangedWithProof(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := door(t, d)
		a := p.registered("wang@example.com", "13800138000")
		p.registered("taken@example.com", "13900139000")
		s, other := p.session(a.Mail, password), p.session(a.Mail, password)
		me := p.who(s.Token)
		stale := me
		stale.Stale = true
		_, err := try(p, stale, account.NewMail{Mail: "new@example.com"}, only(account.AskMail))
		refused(t, err, fault.Unproved, "", "")

		sent := len(p.sent)
		must(p, me, account.NewMail{Mail: "taken@example.com"}, only(account.AskMail))
		p.code(a.Mail)
		if n := len(p.sent) - sent; n != 1 {
			t.Errorf("%d codes for a mailbox that is taken, want the old place's alone", n)
		}
		_, err = try(p, me, account.Moved{OldCode: p.code(a.Mail), NewCode: "000000"}, only(account.MoveMail))
		refused(t, err, fault.Invalid, "/new_code", "account.code_none")
		p.later(time.Hour)
		must(p, me, account.NewMail{Mail: "new@example.com"}, only(account.AskMail))
		in := account.Moved{OldCode: p.code(a.Mail), NewCode: p.code("new@example.com")}
		_, err = try(p, me, account.Moved{OldCode: in.NewCode, NewCode: in.OldCode}, only(account.MoveMail))
		if in.OldCode != in.NewCode {
			refused(t, err, fault.Invalid, "/old_code", "account.code_wrong")
		}
		must(p, me, in, only(account.MoveMail))
		p.session("new@example.com", password)
		_, err = p.signIn(a.Mail, password)
		refused(t, err, fault.Unauthenticated, "", "")
		var to []string
		p.newest("notify.mail_changed")
		for _, x := range p.told {
			if x.Template == "notify.mail_changed" {
				to = append(to, x.To)
			}
		}
		slices.Sort(to) // two of one moment come in any order
		if diff := cmp.Diff([]string{"", "wang@example.com"}, to); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}

		must(p, me, account.NewPhone{Phone: "13500135000"}, only(account.AskPhone))
		must(p, me, account.Moved{OldCode: p.code("+8613800138000"), NewCode: p.code("+8613500135000")}, only(account.MovePhone))

		next := account.NewPassword{Old: "wrong horse 42", Password: "a new password 7"}
		if err := next.Swear(t.Context(), d, me); !fault.Is(err, fault.Invalid) {
			t.Errorf("a wrong password is sworn: %v", err)
		}
		_, err = try(p, me, next, only(account.ChangePassword))
		refused(t, err, fault.Invalid, "/old", "account.password_wrong")
		next.Old = password
		if err := next.Swear(t.Context(), d, me); err != nil {
			t.Fatal(err)
		}
		must(p, me, next, only(account.ChangePassword))
		if p.who(s.Token).ID == "" || p.who(other.Token).ID != "" {
			t.Error("a new password ended this session, or not the others")
		}
		p.session("new@example.com", "a new password 7")
	})
}
