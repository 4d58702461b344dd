package demo

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// amends lets companies that trade ask for changes: one waits with what differs, one
// new account pauses, one licence ends soon.
func (s *story) amends(ctx context.Context) {
	scan := s.printed(ctx, "变更后的营业执照.pdf", func() ([]byte, error) {
		return sheet("signed", s.at(1, "11:00"), map[string]any{"Company": s.company("luting"), "Number": "", "Operator": s.policy.Operator.Company, "Day": on(s.at(1, "11:00"), s.zone)})
	})
	s.then(1, "11:20", "luting changes its data", s.files(s.company("luting"), scan, func(f *amendment.Filing) {
		f.Company.Address = strings.ReplaceAll(f.Company.Address, "3 幢 502 室", "6 幢 901 室")
		f.Shop.Name += "服务"
	}))
	soon := calendar.Of(s.now, s.zone).AddDays(21)
	s.then(6, "15:10", "suihe's licence ends soon", func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			v, err := vendor.Load(ctx, tx, s.company("suihe").person.VendorID)
			if err != nil {
				return err
			}
			v.Company.TermUntil = soon
			return vendor.Update(ctx, tx, s.by(access.Reviewer), v.ID, v.Company)
		})
	})
	s.then(1, "10:40", "qiwu asks for another account", s.moves(s.company("qiwu"), scan))
	s.lately(50*time.Minute, "what runs out is told", func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error { return amendment.Watch(ctx, tx, access.SystemActor("amendment.watch")) })
	})
}

// files hands a change of data in.
func (s *story) files(c *company, scan upload, change func(f *amendment.Filing)) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			v, err := vendor.Load(ctx, tx, c.person.VendorID)
			if err != nil {
				return err
			}
			a := amendment.Form(v.Company)
			f := amendment.Filing{Company: a.Company, Contact: a.Contact, Service: a.Service, Shop: a.Shop}
			change(&f)
			if f.Licence, err = keep(ctx, tx, c.person, file.Licence, scan); err != nil {
				return err
			}
			_, err = amendment.File(ctx, tx, c.person, f)
			return err
		})
	}
}

// moves asks for another account, checks it with a code and has finance approve it.
func (s *story) moves(c *company, proof upload) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		var r amendment.Request
		if err := s.write(ctx, func(tx *db.Tx) error {
			ids, err := keep(ctx, tx, c.person, file.AccountProof, proof)
			if err != nil {
				return err
			}
			r, err = amendment.AskAccount(ctx, tx, c.person, amendment.NewAccount{Proof: ids, Account: qualification.Account{
				Holder: c.Name, Bank: c.Bank, Branch: c.Branch, Province: c.Province, City: c.City, Number: c.AccountNumber() + "8"}})
			if err != nil {
				return err
			}
			_, err = amendment.AskCode(ctx, tx, c.person, amendment.Turn{ID: r.ID})
			return err
		}); err != nil {
			return err
		}
		code, err := s.code(ctx, c.phone())
		if err != nil {
			return err
		}
		if err := s.write(ctx, func(tx *db.Tx) error {
			_, err := amendment.CheckAccount(ctx, tx, c.person, amendment.Check{ID: r.ID, Code: code})
			return err
		}); err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			by := s.by(access.Finance)
			if _, err := amendment.Claim(ctx, tx, by, amendment.Turn{ID: r.ID}); err != nil {
				return err
			}
			_, err := amendment.Decide(ctx, tx, by, amendment.Decision{ID: r.ID, Parts: []amendment.Ruling{{Part: amendment.Part(amendment.Account), Decision: amendment.Approve}}})
			return err
		})
	}
}
