package demo

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/product"
)

// The products whose change waits for a reviewer, one by the full route and one by
// the fast one, and the image whose security report ends soon.
const (
	changedGood  = "10-luting-lnmp"
	cheaperGood  = "11-luting-tomcat"
	scannedGood  = "12-luting-container"
	reportEndsIn = 12 // days
)

// scanned is the day of an image's security report: just before it was made, and of
// one so long ago that it ends soon.
func (s *story) scanned(g *good, made time.Time) calendar.Day {
	if g.slug == scannedGood {
		return s.day(s.policy.Reports.MaxDays - reportEndsIn)
	}
	return s.policy.Today(made).AddDays(-1)
}

// changes notes that two products on the shelf are changed of late: the changes wait
// for a reviewer while what is live keeps selling. Rule S-2.
func (s *story) changes(c *company, g *good) {
	switch g.slug {
	case changedGood:
		s.lately(5*time.Hour, g.slug+" is changed", s.revises(c, g, func(in *product.Content) {
			in.Summary = s.words["change_summary"]
			in.Details += s.words["change_details"]
			in.Plans[0].Sale = cheaper(in.Plans[0].Sale)
		}))
	case cheaperGood:
		s.lately(90*time.Minute, g.slug+" is made cheaper", s.revises(c, g, func(in *product.Content) {
			in.Plans[0].Sale = cheaper(in.Plans[0].Sale)
		}))
	}
}

// cheaper is a tenth less, in whole yuan.
func cheaper(a money.Amount) money.Amount { return money.CNY(a.Fen * 9 / 10 / 100 * 100) }

// revises hands in a change of a product.
func (s *story) revises(c *company, g *good, change func(*product.Content)) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			p, err := product.Load(ctx, tx, g.id)
			if err != nil {
				return err
			}
			in := product.Change{ID: p.ID, Content: p.Content}
			if g.slug == changedGood {
				in.Note = s.words["change_note"]
			}
			change(&in.Content)
			if _, err := product.Revise(ctx, tx, c.person, in); err != nil {
				return err
			}
			_, err = product.SubmitRevision(ctx, tx, c.person, product.Chosen{ID: p.ID})
			return err
		})
	}
}
