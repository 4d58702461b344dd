package qualification

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Saving is a draft as one leaves it: one step of it, or all with Step "".
type Saving struct {
	Step        Step        `json:"step,omitempty"`
	Version     int64       `json:"version,omitempty"` // as last read; 0 overwrites whatever is there
	Application Application `json:"application"`
	absent      bool        // it was left out, which is not to empty the draft
}

// UnmarshalJSON reads a saving and notices an application that is not sent.
func (s *Saving) UnmarshalJSON(data []byte) error {
	type plain Saving
	var sent struct {
		Application json.RawMessage `json:"application"`
	}
	if err := json.Unmarshal(data, (*plain)(s)); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &sent); err != nil {
		return err
	}
	s.absent = len(sent.Application) == 0 || string(sent.Application) == "null"
	return nil
}

// View is a vendor's application as its own people see it.
type View struct {
	ID          string // "" before the first save
	VendorID    string
	Status      Status
	Version     int64
	Paper       Application
	SavedAt     time.Time
	SubmittedAt time.Time // of the submission that lies before a reviewer or was the last
	PromisedBy  time.Time
	Check       SelfCheck
	Standings   []Standing
	Last        *Submission // the last one, with its decision; nil before the first
	Changed     bool        // the draft differs from the last submission
	Files       map[string]file.File
	Agreements  []agreement.Document // in force
	Missing     []agreement.Document // of these, not accepted yet
}

// Standing finds where the vendor stands with a category.
func (v View) Standing(c policy.CategoryID) Standing { return standingOf(v.Standings, c) }

func standingOf(all []Standing, c policy.CategoryID) Standing {
	if i := slices.IndexFunc(all, func(s Standing) bool { return s.Category == c }); i >= 0 {
		return all[i]
	}
	return Standing{Category: c}
}

// Save keeps the draft as typed, whether it is right or not, and returns how it
// stands. Only what no form could have made is refused (fault.Invalid); while the
// application lies before a reviewer, or when somebody saved in between, it is
// fault.Conflict. Rule O-2.
func Save(ctx context.Context, tx *db.Tx, by access.Actor, in Saving) (View, error) {
	if err := by.OwnsVendor(by.VendorID, access.Apply); err != nil {
		return View{}, err
	}
	if in.absent {
		return View{}, fault.At("/application", "fault.required")
	}
	if err := in.Application.bounded(); err != nil {
		return View{}, err
	}
	r, err := byVendor(ctx, tx, by.VendorID)
	fresh := errors.Is(err, fault.NotFound)
	if err != nil && !fresh {
		return View{}, err
	}
	if fresh {
		r = record{id: tx.NewID("app"), vendorID: by.VendorID, status: Draft}
	}
	to := r
	if to.status, err = r.status.Next(ActSave); err != nil {
		return View{}, err
	}
	if in.Version != 0 && in.Version != r.version {
		return View{}, fault.New(fault.Conflict, "qualification.saved_elsewhere")
	}
	draft, err := r.draft(tx)
	if err != nil {
		return View{}, err
	}
	if draft, err = draft.take(in.Step, in.Application); err != nil {
		return View{}, err
	}
	if err := draft.bounded(); err != nil {
		return View{}, err
	}
	if to.sealed, err = sealPaper(tx, draftPlace(r.id), draft); err != nil {
		return View{}, err
	}
	to.savedAt, to.savedBy = tx.Now(), by.ID
	if fresh {
		err = tx.Move(ctx, `
			INSERT INTO application (id, vendor_id, status, version, draft, saved_at, saved_by)
			VALUES ($1, $2, $3, 1, $4, $5, $6)
			ON CONFLICT (vendor_id) DO NOTHING`, to.id, to.vendorID, string(to.status), to.sealed, to.savedAt, to.savedBy)
	} else {
		err = r.move(ctx, tx, to)
	}
	if err != nil {
		return View{}, err
	}
	return Mine(ctx, tx, by)
}

// Mine is the application of the actor's company with the self-check of its draft;
// before the first save it holds what the account already says.
func Mine(ctx context.Context, tx *db.Tx, by access.Actor) (View, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return View{}, err
	}
	r, err := byVendor(ctx, tx, by.VendorID)
	if errors.Is(err, fault.NotFound) {
		return blank(ctx, tx, by)
	}
	if err != nil {
		return View{}, err
	}
	return view(ctx, tx, r)
}

func blank(ctx context.Context, tx *db.Tx, by access.Actor) (View, error) {
	r := record{vendorID: by.VendorID, status: Draft}
	v, err := viewOf(ctx, tx, r, Application{}, nil)
	if err != nil {
		return v, err
	}
	if person, err := account.Load(ctx, tx, by.ID); err == nil {
		v.Paper.Contact = Contact{Name: person.Name, Phone: cn.Mobile(person.Phone).National(), Mail: person.Mail}
	} else if !errors.Is(err, fault.NotFound) {
		return v, err
	}
	return v, nil
}

func view(ctx context.Context, tx *db.Tx, r record) (View, error) {
	draft, err := r.draft(tx)
	if err != nil {
		return View{}, err
	}
	all, err := submissions(ctx, tx, r.vendorID)
	if err != nil {
		return View{}, err
	}
	return viewOf(ctx, tx, r, draft, all)
}

func viewOf(ctx context.Context, tx *db.Tx, r record, draft Application, all []Submission) (View, error) {
	v := View{ID: r.id, VendorID: r.vendorID, Status: r.status, Version: r.version, Paper: draft, SavedAt: r.savedAt,
		SubmittedAt: r.submittedAt, PromisedBy: r.promisedBy}
	f, owned, standings, err := known(ctx, tx, r.vendorID, draft)
	if err != nil {
		return v, err
	}
	if r.status == Waiting || r.status == InReview {
		if err := f.asSubmitted(ctx, tx, all[0]); err != nil {
			return v, err
		}
	}
	v.Files, v.Standings = owned, standings
	v.Missing = f.missing
	if v.Agreements, err = agreement.Current(ctx, tx); err != nil {
		return v, err
	}
	v.Check, _ = examine(f)
	if len(all) > 0 {
		v.Last = &all[0]
		v.Changed = len(Changes(all[0].Paper, draft)) > 0
	}
	return v, nil
}

// known gathers what the conditions of a draft depend on.
func known(ctx context.Context, tx *db.Tx, vendorID string, paper Application) (facts, map[string]file.File, []Standing, error) {
	var f facts
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return f, nil, nil, err
	}
	f = facts{policy: p, paper: paper, day: calendar.Of(tx.Now(), p.Location()), owned: map[string]bool{}, approved: map[policy.CategoryID]bool{},
		blind: func(s string) string { return tx.Vault().Blind("verdict.basis", s) }}
	owned, err := file.Owned(ctx, tx, vendorID, paper.fileIDs())
	if err != nil {
		return f, nil, nil, err
	}
	for id := range owned {
		f.owned[id] = true
	}
	if f.missing, err = agreement.Accepted(ctx, tx, vendorID); err != nil {
		return f, nil, nil, err
	}
	standings, err := Standings(ctx, tx, vendorID)
	if err != nil {
		return f, nil, nil, err
	}
	for _, s := range standings {
		f.approved[s.Category] = s.Status == Qualified
	}
	if f.verdicts, err = lastVerdicts(ctx, tx, vendorID); err != nil {
		return f, nil, nil, err
	}
	if uscc, err := cn.ParseUSCC(paper.Company.USCC); err == nil {
		if f.taken, err = vendor.Taken(ctx, tx, vendorID, uscc); err != nil {
			return f, nil, nil, err
		}
		if f.barred, err = vendor.Barred(ctx, tx, uscc); err != nil {
			return f, nil, nil, err
		}
	}
	return f, owned, standings, nil
}

// asSubmitted looks at the facts as they were when the paper was submitted: its
// day, its policy, and the agreements accepted by then.
func (f *facts) asSubmitted(ctx context.Context, tx *db.Tx, s Submission) error {
	p, err := policy.At(ctx, tx, s.At)
	if err != nil {
		return err
	}
	f.policy, f.day, f.submitted = p, calendar.Of(s.At, p.Location()), s.ID
	f.missing, f.taken = nil, false
	return nil
}
