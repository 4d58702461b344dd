package onboarding

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// licence: what goes on the shelf anew needs a business licence that has not run out,
// where the policy says so. What is there stays. Rule E-1.
func (f Facts) licence(p policy.Policy, now time.Time) (Need, bool) {
	n := Need{Rule: "E-1", Waiting: Vendor}
	if !p.Amendments.ShelveByLicence || f.LicenceUntil.IsZero() || !p.Today(now).After(f.LicenceUntil) {
		return n, false
	}
	n.Message, n.Mend = text.M("onboarding.licence_ended", f.LicenceUntil), text.M("onboarding.mend_licence")
	return n, true
}

// Accepts refuses a new submission of a vendor that let the time of grace of a new
// version of an agreement pass: fault.Conflict with each document. The live shop is
// not touched. Rule C-4.
func Accepts(ctx context.Context, tx *db.Tx, vendorID string) error {
	p, err := policy.Now(ctx, tx)
	if err != nil || !p.Amendments.SubmitByAgreement {
		return err
	}
	open, err := agreement.Again(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	e := fault.New(fault.Conflict, "onboarding.accept_first").Of("C-4")
	for _, d := range open {
		if d.Overdue {
			e.Fields = append(e.Fields, fault.Field{Pointer: "/agreements/" + d.ID, Rule: "C-4",
				Message: text.M("onboarding.not_accepted", d.Title, d.Version), Mend: text.M("onboarding.mend_accept")})
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	return e
}
