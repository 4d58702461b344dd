package demo

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// penalty is a violation of the demo: what, how much, and in which words.
type penalty struct {
	c       *company
	offence string
	fen     int64 // of a deduction; 0 is what the rule says
	words   string
	id      string
}

// records writes a violation down with a sheet of evidence, by a reviewer. Rule D-11.
func (s *story) records(p *penalty) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		b, err := sheet("violation", s.clock.Now(), map[string]any{"Company": p.c, "Day": on(s.clock.Now(), s.zone), "Found": s.words[p.words+"_found"]})
		if err != nil {
			return err
		}
		up, err := s.receive(ctx, s.words["violation_sheet"]+".pdf", b)
		if err != nil {
			return err
		}
		by := s.by(access.Reviewer)
		return s.write(ctx, func(tx *db.Tx) error {
			f, err := file.Keep(ctx, tx, by, up, p.c.person.VendorID, file.Violation)
			if err != nil {
				return err
			}
			v, err := violation.Record(ctx, tx, by, violation.Paper{VendorID: p.c.person.VendorID, Offence: p.offence, Amount: money.CNY(p.fen), Description: s.words[p.words+"_found"], Evidence: []string{f.ID}})
			p.id = v.ID
			return err
		})
	}
}

// punishes confirms it, by the second person of finance.
func (s *story) punishes(p *penalty) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := violation.Decide(ctx, tx, s.confirmer(), violation.Decision{ID: p.id, Outcome: violation.Confirm, Reason: s.words[p.words+"_decided"]})
			return err
		})
	}
}

// appeals objects, by the owner.
func (s *story) appeals(p *penalty) func(ctx context.Context) error {
	return func(ctx context.Context) error {
		return s.write(ctx, func(tx *db.Tx) error {
			_, err := violation.Appeal(ctx, tx, p.c.person, violation.Objection{ID: p.id, Text: s.words[p.words+"_appeal"]})
			return err
		})
	}
}

// penalties are a shop that is closed, a deduction in its time to top up, an appeal
// that waits, and a record that waits for the second person. It comes last: the
// companies have traded by then.
func (s *story) penalties() {
	closed := &penalty{c: s.company("suihe"), offence: "dishonesty", words: "violation_late"}
	s.then(14, "09:20", "suihe breaks a rule", s.records(closed))
	s.then(14, "11:40", "suihe is punished", s.punishes(closed))
	topUp := &penalty{c: s.company("luting"), offence: "dishonesty", fen: 80000, words: "violation_promise"}
	s.then(2, "10:10", "luting breaks a rule", s.records(topUp))
	s.then(2, "14:30", "luting is punished", s.punishes(topUp))
	appeal := &penalty{c: s.company("yanqing"), offence: "unreachable", words: "violation_silent"}
	s.then(3, "09:50", "yanqing breaks a rule", s.records(appeal))
	s.then(3, "15:10", "yanqing is punished", s.punishes(appeal))
	s.then(1, "10:40", "yanqing appeals", s.appeals(appeal))
	s.then(1, "16:20", "tangli breaks a rule", s.records(&penalty{c: s.company("tangli"), offence: "fake_trade", words: "violation_picture"}))
}
