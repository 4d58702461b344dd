package amendment

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// When tells how urgent a duty is.
type When string

// The urgencies of duties, as programs name them.
const (
	PastDue      When = "past_due"             // its time has passed, and something is kept back
	CurrentlyDue When = "currently_due"        // to be done by a time
	Eventually   When = "eventually_due"       // known, and not yet to be done
	Pending      When = "pending_verification" // done, and with the operator
)

// Duty is one thing that a company has to see to, so as to stay in.
type Duty struct {
	When    When
	Code    string // for programs: licence, term, agreement, account_check, request
	Field   string // JSON pointer of where
	Rule    string
	Message text.Message
	Mend    text.Message
	By      time.Time // by when; zero is no time
	Link    string    // a path of the console
}

// Due lists what a company has to see to, the most urgent first, for its own people
// and for staff; to others it is fault.NotFound.
func Due(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) ([]Duty, error) {
	if err := by.Sees(vendorID); err != nil {
		return nil, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return nil, err
	}
	var list []Duty
	for _, find := range []func(context.Context, *db.Tx, string, policy.Policy) ([]Duty, error){agreementDuties, licenceDuty, termDuty, requestDuties} {
		more, err := find(ctx, tx, vendorID, p)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	var sorted []Duty
	for _, w := range []When{PastDue, CurrentlyDue, Eventually, Pending} {
		for _, d := range list {
			if d.When == w {
				sorted = append(sorted, d)
			}
		}
	}
	return sorted, nil
}

func agreementDuties(ctx context.Context, tx *db.Tx, vendorID string, p policy.Policy) ([]Duty, error) {
	open, err := agreement.Again(ctx, tx, vendorID)
	var list []Duty
	for _, d := range open {
		x := Duty{When: CurrentlyDue, Code: "agreement", Field: "/agreements/" + d.ID, Rule: "C-4", By: d.RequiredFrom, Link: "/console/changes/agreements",
			Message: text.M("amendment.due_agreement", d.Title, d.Version), Mend: text.M("amendment.due_agreement_mend", d.RequiredFrom)}
		if d.Overdue {
			x.When, x.Mend = PastDue, text.M("amendment.due_agreement_now")
			if p.Amendments.SubmitByAgreement {
				x.Mend = text.M("amendment.due_agreement_blocked")
			}
		}
		list = append(list, x)
	}
	return list, err
}

func licenceDuty(ctx context.Context, tx *db.Tx, vendorID string, p policy.Policy) ([]Duty, error) {
	until, err := vendor.LicenceEnd(ctx, tx, vendorID)
	if err != nil || until.IsZero() {
		return nil, err
	}
	left := until.DaysSince(p.Today(tx.Now()))
	x := Duty{When: CurrentlyDue, Code: "licence", Field: "/company/term_until", Rule: "E-1", By: until.AddDays(1).Time(p.Location()).Add(-time.Microsecond), Link: "/console/changes/company",
		Message: text.M("amendment.due_licence", until, left), Mend: text.M("amendment.due_licence_mend")}
	if left < 0 {
		x.When, x.Message = PastDue, text.M("amendment.due_licence_out", until)
		if p.Amendments.ShelveByLicence {
			x.Mend = text.M("amendment.due_licence_blocked")
		}
		return []Duty{x}, nil
	}
	if _, due := threshold(p.Amendments.LicenceReminders, left); !due {
		return nil, nil
	}
	return []Duty{x}, nil
}

func termDuty(ctx context.Context, tx *db.Tx, vendorID string, p policy.Policy) ([]Duty, error) {
	c, err := contract.Renewable(ctx, tx, vendorID)
	if fault.Is(err, fault.Conflict) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	left := p.Today(c.Until).DaysSince(p.Today(tx.Now()))
	x := Duty{When: Eventually, Code: "term", Field: "/contract", Rule: "O-5", By: c.Until, Link: "/console/changes/renewal",
		Message: text.M("amendment.due_term", c.Number, p.Today(c.Until), left), Mend: text.M("amendment.due_term_mend")}
	if _, due := threshold(p.Amendments.TermReminders, left); due {
		x.When = CurrentlyDue
	}
	return []Duty{x}, nil
}

func requestDuties(ctx context.Context, tx *db.Tx, vendorID string, _ policy.Policy) ([]Duty, error) {
	open, err := all(ctx, tx, `WHERE r.vendor_id = $1 AND r.kind <> 'supplement' AND r.status IN ('checking', 'submitted', 'in_review', 'cooling') ORDER BY r.id`, vendorID)
	var list []Duty
	for _, r := range open {
		x := Duty{When: Pending, Code: "request", Field: "/changes/" + r.ID, By: r.PromisedBy, Link: "/console/changes/" + r.ID,
			Message: text.M("amendment.due_request", text.M(r.Kind.Name()), text.M(r.Status.Name()))}
		switch r.Status {
		case Checking:
			x.When, x.Code, x.Rule, x.Mend = CurrentlyDue, "account_check", "D-5", text.M("amendment.due_check_mend")
		case Pausing:
			x.By, x.Mend = r.EffectAt, text.M("amendment.due_cooling_mend", r.EffectAt)
		}
		list = append(list, x)
	}
	return list, err
}
