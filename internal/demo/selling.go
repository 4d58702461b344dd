package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
)

// portfolio is the files of one product.
type portfolio struct {
	pictures         []upload
	document, report upload
}

// illustrates has a product's pictures, manual and report made.
func (s *story) illustrates(ctx context.Context, c *company, g *good, made time.Time) portfolio {
	var p portfolio
	p.pictures = append(p.pictures, s.printed(ctx, "封面.jpg", func() ([]byte, error) { return cover(g.slug, g.content.Category, g.content.Form) }))
	if g.content.Form == policy.SaaSForm {
		p.pictures = append(p.pictures, s.printed(ctx, "界面.jpg", func() ([]byte, error) { return screen(g.slug, g.content.Category) }))
	}
	fill := map[string]any{"Company": c, "Product": g.content, "Body": plain(g.content.Details), "Day": on(made, s.zone), "Code": fmt.Sprintf("AQ-%04d", len(g.slug)*37+c.number)}
	if s.policy.Products.Forms[g.content.Form].Document {
		p.document = s.printed(ctx, "使用说明.pdf", func() ([]byte, error) { return sheet("manual", made, fill) })
	}
	if g.content.Form == policy.ImageForm {
		g.content.Image.Scanner, g.content.Image.ScannedOn = s.words["scanner"], s.scanned(g, made)
		p.report = s.printed(ctx, "主机安全检测报告.pdf", func() ([]byte, error) { return sheet("report", made, fill) })
	}
	return p
}

// makes begins a product and, unless it stays a draft, submits it. Rules O-5, S-1.
func (s *story) makes(c *company, g *good, p portfolio) func(ctx context.Context) error {
	s.changes(c, g)
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) (err error) {
			in := g.content
			if in.Pictures, err = keep(ctx, tx, c.person, file.ProductPicture, p.pictures...); err != nil {
				return err
			}
			for _, d := range []struct {
				to   *string
				from upload
			}{{&in.Document, p.document}, {&in.Image.Report, p.report}} {
				if d.from == nil {
					continue
				}
				ids, err := keep(ctx, tx, c.person, file.ProductPaper, d.from)
				if err != nil {
					return err
				}
				*d.to = ids[0]
			}
			if p.report != nil { // made on the day before
				in.Image.Scanner, in.Image.ScannedOn = "ClamAV 1.4", calendar.Of(tx.Now(), s.zone).AddDays(-1)
			}
			made, err := product.Make(ctx, tx, c.person, product.Paper{Content: in})
			if err != nil {
				return err
			}
			if g.id = made.ID; g.state == goodDraft {
				return nil
			}
			_, err = product.Submit(ctx, tx, c.person, product.Chosen{ID: made.ID})
			return err
		})
	}
}

// judges decides on a product: every check met, or not met where a reason is given.
// Rules S-1, S-3.
func (s *story) judges(g *good) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		by := s.by(access.ProductReviewer)
		return s.write(ctx, func(tx *db.Tx) error {
			if _, err := product.Claim(ctx, tx, by, product.Chosen{ID: g.id}); err != nil || g.state == goodClaimed {
				return err
			}
			in := product.Decision{ID: g.id, Outcome: product.Approve}
			if g.state == goodRejected {
				in.Outcome, in.Note = product.Reject, s.words["reject_note"]
			}
			for _, k := range s.policy.ChecksFor(g.content.Form) {
				v := product.Verdict{Check: k.ID, Finding: product.Met}
				if reason := g.reasons[k.ID]; reason != "" && g.state == goodRejected {
					v.Finding, v.Reason = product.NotMet, reason
				}
				in.Verdicts = append(in.Verdicts, v)
			}
			_, err := product.Decide(ctx, tx, by, in)
			return err
		})
	}
}

// takesOff takes a product off the shelf for the operator, with a reason.
func (s *story) takesOff(g *good) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := product.ForceOff(ctx, tx, s.by(access.ProductReviewer), product.Removal{ID: g.id, Rule: s.words["off_rule"], Reason: g.reasons[""], Mend: s.words["off_mend"]})
			return err
		})
	}
}
