package demo

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Password is everybody's in the demo.
const Password = "yunshi-demo"

// prepare hashes the password once; everybody's paper is a copy of the first.
func (s *story) prepare(ctx context.Context) error {
	s.pass = account.Registration{Mail: "somebody@yunshi.example", Password: Password, Lang: text.ZH.Tag()}
	return s.pass.Prepare(ctx)
}

// hires makes the operator's staff.
func (s *story) hires(ctx context.Context) error {
	first := account.NewStaff{Mail: "somebody@yunshi.example", Password: Password}
	if err := first.Prepare(ctx); err != nil {
		return err
	}
	return s.write(ctx, func(tx *db.Tx) error {
		clear(s.office)
		for _, m := range s.staff {
			in := first
			in.Mail, in.Phone, in.Name, in.Roles = m.Mail, m.Phone, m.Name, []access.Role{m.Role}
			a, err := account.AddStaff(ctx, tx, access.CommandActor("demo"), in)
			if err != nil {
				return err
			}
			by := a.Actor()
			by.Address = "198.51.100.20"
			s.office[m.Role] = append(s.office[m.Role], by)
		}
		return nil
	})
}

// registers makes the account of a company's owner and gives both codes. Rule O-1.
func (s *story) registers(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		visitor := access.Actor{Kind: access.Visitor, Address: c.address()}
		in := s.pass
		in.Mail, in.Phone, in.Name = c.Mail, c.phone(), c.Owner
		var a account.Account
		if err := s.write(ctx, func(tx *db.Tx) (err error) { a, err = account.Register(ctx, tx, visitor, in); return err }); err != nil {
			return err
		}
		mail, err := s.code(ctx, a.Mail)
		if err != nil {
			return err
		}
		phone, err := s.code(ctx, a.Phone)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) (err error) {
			a, err = account.Verify(ctx, tx, visitor, account.Proof{Account: a.ID, MailCode: mail, PhoneCode: phone})
			c.person = a.Actor()
			c.person.Address = c.address()
			return err
		})
	}
}

// begins presses 服务商入驻. Rule O-2.
func (s *story) begins(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			v, err := vendor.Register(ctx, tx, c.person)
			if err != nil {
				return err
			}
			c.person.VendorID, c.person.Roles = v.ID, []access.Role{access.Owner}
			return nil
		})
	}
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code reads the newest one-time code for a mailbox or phone in the mail room.
func (s *story) code(ctx context.Context, to string) (string, error) {
	body, err := s.told(ctx, to, sixDigits)
	return sixDigits.FindString(body), err
}

// told is the newest message to a mailbox or phone that says what is looked for.
func (s *story) told(ctx context.Context, to string, what *regexp.Regexp) (string, error) {
	if err := s.Runner.Drain(ctx); err != nil {
		return "", err
	}
	var newest []notify.Message
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		newest, err = notify.Everything(ctx, tx, 6)
		return err
	})
	if err != nil {
		return "", err
	}
	for _, m := range newest {
		if strings.HasSuffix(m.ShownAs, to) && what.MatchString(m.Body) {
			return m.Body, nil
		}
	}
	return "", fmt.Errorf("no message with %s reached %s", what, to)
}

// receive lays a document into the store by the way of an upload, which looks at its content.
func (s *story) receive(ctx context.Context, name string, b []byte) (file.Upload, error) {
	return s.Files.Receive(ctx, bytes.NewReader(b), name, 0)
}

// on is a day as the documents of the demo write it.
func on(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.DateOnly) }
