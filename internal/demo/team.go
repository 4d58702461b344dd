package demo

import (
	"context"
	"fmt"
	"regexp"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/text"
)

// colleagues join companies: two have come by their invitations, one has not yet.
func (s *story) colleagues() {
	yanqing, luting := s.company("yanqing"), s.company("luting")
	s.joins(9, yanqing, "colleague_finance", "caiwu@yanqing.example", 61, access.VendorFinance)
	s.joins(8, luting, "colleague_product", "product@luting.example", 62, access.ProductPeople)
	s.then(1, "09:25", "yanqing invites a third", s.invites(yanqing, "kefu@yanqing.example", access.Support))
}

// joins has a colleague register, be invited and accept within an hour.
func (s *story) joins(back int, c *company, name, mail string, phone int, role access.Role) {
	person := company{Owner: s.words[name], Mail: mail, number: phone}
	s.then(back, "10:05", mail+" registers", s.registers(&person))
	s.then(back, "10:20", mail+" is invited", s.invites(c, mail, role))
	s.then(back, "10:50", mail+" joins", s.accepts(&person))
}

func (s *story) invites(c *company, mail string, role access.Role) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := account.Invite(ctx, tx, c.person, account.NewInvitation{Mail: mail, Roles: []access.Role{role}, Lang: text.ZH.Tag()})
			return err
		})
	}
}

var invitation = regexp.MustCompile(`/invitation/(ysi_[0-9A-Za-z_-]+)`)

func (s *story) accepts(person *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		body, err := s.told(ctx, person.Mail, invitation)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := account.AcceptInvitation(ctx, tx, person.person, account.Acceptance{Token: invitation.FindStringSubmatch(body)[1]})
			if err != nil {
				return fmt.Errorf("%s: %w", person.Mail, err)
			}
			return nil
		})
	}
}
