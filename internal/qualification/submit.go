package qualification

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Turn says which state of an application an act is meant for.
type Turn struct {
	ID      string `path:"id" json:"-"`       // the application; a vendor's own need not be named
	Version int64  `json:"version,omitempty"` // as last read; 0 is whatever is there
}

func (t Turn) fits(r record) error {
	if t.Version != 0 && t.Version != r.version {
		return fault.New(fault.Conflict, "fault.changed")
	}
	return nil
}

// Submit puts the draft before the reviewers, as it is now. Everything that is
// wrong is told at once (fault.Invalid, a field each, with rule and what would mend
// it); an application that lies there already, or comes back unchanged after it was
// returned, is fault.Conflict. Rules O-2, E-1 to E-6.4.
func Submit(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (View, error) {
	if err := by.OwnsVendor(by.VendorID, access.Apply); err != nil {
		return View{}, err
	}
	if err := vendor.Lock(ctx, tx, by.VendorID); err != nil {
		return View{}, err
	}
	if err := vendor.ComeBack(ctx, tx, by.VendorID); err != nil {
		return View{}, err
	}
	r, err := byVendor(ctx, tx, by.VendorID)
	if errors.Is(err, fault.NotFound) {
		return View{}, fault.New(fault.Conflict, "qualification.nothing_saved").Of("O-2")
	}
	if err != nil {
		return View{}, err
	}
	to := r
	if to.status, err = r.status.Next(ActSubmit); err != nil {
		return View{}, err
	}
	if err := in.fits(r); err != nil {
		return View{}, err
	}
	draft, err := r.draft(tx)
	if err != nil {
		return View{}, err
	}
	f, _, standings, err := known(ctx, tx, r.vendorID, draft)
	if err != nil {
		return View{}, err
	}
	check, company := examine(f)
	if !check.Ready {
		return View{}, &fault.Error{Kind: fault.Invalid, Message: text.M("qualification.not_ready"), Rule: "O-2", Fields: check.Problems()}
	}
	if err := sameAccount(ctx, tx, r.vendorID, company.Account); err != nil {
		return View{}, err
	}
	earlier, err := submissions(ctx, tx, r.vendorID)
	if err != nil {
		return View{}, err
	}
	if r.status == SentBack && len(Changes(earlier[0].Paper, draft)) == 0 {
		return View{}, fault.New(fault.Conflict, "qualification.nothing_changed").Of("E-1")
	}
	if err := vendor.Claim(ctx, tx, r.vendorID, cn.USCC(company.USCC), company.Name); err != nil {
		return View{}, err
	}
	s := Submission{ID: tx.NewID("sub"), Number: 1, Paper: draft, Mode: draft.Mode, By: by.ID, At: tx.Now(), Address: by.Address}
	if len(earlier) > 0 {
		s.Number = earlier[0].Number + 1
	}
	if s.Agreements, err = accepted(ctx, tx); err != nil {
		return View{}, err
	}
	s.Categories = applying(draft, f)
	if err := s.insert(ctx, tx, r); err != nil {
		return View{}, err
	}
	if err := apply(ctx, tx, r.vendorID, s, standings); err != nil {
		return View{}, err
	}
	to.submission, to.submittedAt = s.ID, s.At
	to.promisedBy = s.At.Add(time.Duration(f.policy.Promise.Review) * time.Hour)
	to.holder, to.heldSince = "", time.Time{}
	if err := r.move(ctx, tx, to); err != nil {
		return View{}, err
	}
	data := SubmittedData{Submission: s.ID, Number: s.Number, Categories: s.Categories}
	if base, ok := baseline(append([]Submission{s}, earlier...)); ok {
		for _, c := range Changes(base.Paper, s.Paper) {
			data.Changed = append(data.Changed, c.Field)
		}
	}
	if err := Submitted.Append(ctx, tx, by, event.About{Subject: r.id, VendorID: r.vendorID}, data); err != nil {
		return View{}, err
	}
	return Mine(ctx, tx, by)
}

// applying lists the categories of the paper that are not qualified yet. Rule C-3.
func applying(a Application, f facts) []policy.CategoryID {
	var ids []policy.CategoryID
	for _, c := range f.policy.Categories {
		if slices.Contains(a.Categories, c.ID) && !f.approved[c.ID] {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// apply moves every category of a submission, and those left out of it.
func apply(ctx context.Context, tx *db.Tx, vendorID string, s Submission, standings []Standing) error {
	for _, c := range s.Categories {
		if _, err := put(ctx, tx, vendorID, s.ID, standingOf(standings, c), Apply); err != nil {
			return err
		}
	}
	for _, was := range standings {
		if was.Status == Returned && !slices.Contains(s.Categories, was.Category) {
			if _, err := put(ctx, tx, vendorID, s.ID, was, Withdraw); err != nil {
				return err
			}
		}
	}
	return nil
}

func accepted(ctx context.Context, tx *db.Tx) ([]agreement.Mark, error) {
	docs, err := agreement.Current(ctx, tx)
	marks := make([]agreement.Mark, len(docs))
	for i, d := range docs {
		marks[i] = agreement.Mark{Document: d.ID, Version: d.Version, Hash: d.Hash}
	}
	return marks, err
}

// baseline is the earlier submission that the last one is compared with: the last
// one decided on, else the one before. The list begins with the last one.
func baseline(all []Submission) (Submission, bool) {
	if len(all) < 2 {
		return Submission{}, false
	}
	for _, s := range all[1:] {
		if s.Decision != nil {
			return s, true
		}
	}
	return all[1], true
}

// TakeBack makes a submitted application a draft again, whether a reviewer has it
// or not; what was qualified stays so. One that lies before nobody is fault.Conflict.
func TakeBack(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (View, error) {
	if err := by.OwnsVendor(by.VendorID, access.Apply); err != nil {
		return View{}, err
	}
	if err := vendor.Lock(ctx, tx, by.VendorID); err != nil {
		return View{}, err
	}
	r, err := byVendor(ctx, tx, by.VendorID)
	if errors.Is(err, fault.NotFound) {
		return View{}, fault.New(fault.Conflict, "qualification.nothing_saved").Of("O-2")
	}
	if err != nil {
		return View{}, err
	}
	to := r
	if to.status, err = r.status.Next(ActTakeBack); err != nil {
		return View{}, err
	}
	if err := in.fits(r); err != nil {
		return View{}, err
	}
	standings, err := Standings(ctx, tx, r.vendorID)
	if err != nil {
		return View{}, err
	}
	data := SubmittedData{Submission: r.submission}
	for _, was := range standings {
		if was.Status != Applied {
			continue
		}
		data.Categories = append(data.Categories, was.Category)
		if _, err := put(ctx, tx, r.vendorID, r.submission, was, Withdraw); err != nil {
			return View{}, err
		}
	}
	if data.Number, err = db.One(ctx, tx, db.Value[int64], `SELECT number FROM submission WHERE id = $1`, r.submission); err != nil {
		return View{}, err
	}
	if err := settle(ctx, tx, r.submission, OutcomeTakenBack, by.ID, nil); err != nil {
		return View{}, err
	}
	to.submittedAt, to.promisedBy, to.holder, to.heldSince = time.Time{}, time.Time{}, "", time.Time{}
	if err := r.move(ctx, tx, to); err != nil {
		return View{}, err
	}
	if err := vendor.Free(ctx, tx, r.vendorID); err != nil {
		return View{}, err
	}
	if err := TakenBack.Append(ctx, tx, by, event.About{Subject: r.id, VendorID: r.vendorID}, data); err != nil {
		return View{}, err
	}
	return Mine(ctx, tx, by)
}
