package demo

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
)

// offers makes a contract out to the company; its document follows by a job. Rule O-4.
func (s *story) offers(c *company, in contract.Proposal) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		in.VendorID = c.person.VendorID
		return s.write(ctx, func(tx *db.Tx) (err error) {
			c.contract, err = contract.Offer(ctx, tx, s.by(access.Contracts), in)
			return err
		})
	}
}

// signs has the owner sign online with a code by SMS. Rules O-4, O-5.
func (s *story) signs(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		if err := s.write(ctx, func(tx *db.Tx) error {
			_, err := contract.AskCode(ctx, tx, c.person, contract.Turn{})
			return err
		}); err != nil {
			return err
		}
		code, err := s.code(ctx, c.phone())
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			offer, err := contract.Load(ctx, tx, c.contract.ID)
			if err != nil {
				return err
			}
			_, err = contract.Sign(ctx, tx, c.person, contract.Signature{ID: offer.ID, Hash: offer.FileHash, Code: code, Consent: true})
			return err
		})
	}
}

// returnsPaper uploads the scan of the contract signed on paper. Rule O-4.
func (s *story) returnsPaper(c *company) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		made := s.clock.Now()
		b, err := sheet("signed", made, map[string]any{"Company": c, "Number": c.contract.Number, "Operator": s.policy.Operator.Company, "Day": on(made, s.zone)})
		if err != nil {
			return err
		}
		up, err := s.receive(ctx, "合同签署页扫描件.pdf", b)
		if err != nil {
			return err
		}
		return s.write(ctx, func(tx *db.Tx) error {
			f, err := file.Keep(ctx, tx, c.person, up, c.person.VendorID, file.SignedContract)
			if err != nil {
				return err
			}
			_, err = contract.Upload(ctx, tx, c.person, contract.Scan{File: f.ID})
			return err
		})
	}
}
