package qualification

import (
	"context"
	"maps"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Review is an application as staff see it: what was submitted, never the draft.
type Review struct {
	Item       Item
	Policy     policy.Policy // at the time of the submission
	Submission Submission    // the last one
	Company    vendor.Company
	Check      SelfCheck
	Changes    []Change // since the last submission that was decided on, or the one before
	Compared   int64    // the number of that submission; 0 is none
	Standings  []Standing
	Signed     []agreement.Signed
	Files      map[string]file.File
	Notes      []Note
	History    []Submission      // all, the last one first
	People     map[string]string // names of everybody in it, by account id
}

// Standing finds where the vendor stands with a category.
func (r Review) Standing(c policy.CategoryID) Standing { return standingOf(r.Standings, c) }

// Get reads an application for staff; one never submitted is fault.NotFound, for a
// draft is the vendor's own affair.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Review, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return Review{}, err
	}
	r, err := byID(ctx, tx, id)
	if err != nil {
		return Review{}, err
	}
	if r.submission == "" {
		return Review{}, fault.New(fault.NotFound, "fault.not_found")
	}
	v, _, err := review(ctx, tx, r)
	if err != nil {
		return v, err
	}
	if v.Item, err = item(ctx, tx, id); err != nil {
		return v, err
	}
	if v.Signed, err = agreement.By(ctx, tx, r.vendorID); err != nil {
		return v, err
	}
	if v.Notes, err = notes(ctx, tx, id); err != nil {
		return v, err
	}
	var ids []string
	for _, s := range v.History {
		ids = append(ids, s.By, s.DecidedBy)
	}
	for _, s := range v.Signed {
		ids = append(ids, s.AccountID)
	}
	for _, c := range v.Check.Checks {
		if c.Verdict != nil {
			ids = append(ids, c.Verdict.By)
		}
	}
	v.People, err = account.Names(ctx, tx, ids)
	return v, err
}

// review gathers what a decision on the last submission depends on.
func review(ctx context.Context, tx *db.Tx, r record) (Review, facts, error) {
	var v Review
	var err error
	if v.History, err = submissions(ctx, tx, r.vendorID); err != nil {
		return v, facts{}, err
	}
	v.Submission = v.History[0]
	f, owned, standings, err := known(ctx, tx, r.vendorID, v.Submission.Paper)
	if err != nil {
		return v, f, err
	}
	if err := f.asSubmitted(ctx, tx, v.Submission); err != nil {
		return v, f, err
	}
	v.Policy, v.Files, v.Standings = f.policy, owned, standings
	v.Check, v.Company = examine(f)
	if base, ok := baseline(v.History); ok {
		v.Changes, v.Compared = Changes(base.Paper, v.Submission.Paper), base.Number
		before, err := file.Owned(ctx, tx, r.vendorID, base.Paper.fileIDs())
		if err != nil {
			return v, f, err
		}
		maps.Copy(v.Files, before) // so that what was replaced still has its name
	}
	return v, f, nil
}
