package qualification

import (
	"context"
	"errors"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Profile reads the part of a paper that becomes a company's profile, and names what
// is wrong with it; changes after signing are read by it too, so that one rule holds
// for both.
func Profile(p policy.Policy, day calendar.Day, a Application) (vendor.Company, []fault.Field) {
	r := &reader{day: day, policy: p}
	c := r.company(a)
	return c, r.problemFields()
}

// CorporateAccount reads a corporate account, which must be the company's own, with
// what is wrong and what a person should look at again. Rule D-5.
func CorporateAccount(in Account, company string) (account vendor.BankAccount, problems, hints []fault.Field) {
	r := &reader{}
	account = r.account(in, company)
	return account, r.problemFields(), r.hints
}

func (r *reader) problemFields() []fault.Field {
	var list []fault.Field
	for _, p := range r.problems {
		list = append(list, p.Field)
	}
	return list
}

// InOffice reports whether an application of the vendor lies before the reviewers.
func InOffice(ctx context.Context, tx *db.Tx, vendorID string) (bool, error) {
	r, err := byVendor(ctx, tx, vendorID)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	return r.status == Waiting || r.status == InReview, err
}

// Adopt puts into a vendor's draft what was changed in its profile by another way, so
// that its next application does not bring the old data back. An application that
// lies before the reviewers stays as it was submitted.
func Adopt(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string, change func(a *Application)) error {
	r, err := byVendor(ctx, tx, vendorID)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil || r.status == Waiting || r.status == InReview || r.sealed == "" {
		return err
	}
	draft, err := r.draft(tx)
	if err != nil {
		return err
	}
	change(&draft)
	to := r
	if to.sealed, err = sealPaper(tx, draftPlace(r.id), draft); err != nil {
		return err
	}
	to.savedAt, to.savedBy = tx.Now(), by.ID
	return r.move(ctx, tx, to)
}

// sameAccount is the fault of an application that names another account than the one
// in force: an account is changed by its own way, with two people and a pause.
func sameAccount(ctx context.Context, tx *db.Tx, vendorID string, account vendor.BankAccount) error {
	v, err := vendor.Load(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	if now := v.Company.Account; v.ApprovedAt.IsZero() || now.Number == "" || now.Number == account.Number {
		return nil
	}
	e := fault.At("/account/number", "qualification.account_by_request")
	e.Fields[0].Rule = d5
	return e
}

// ownAccount keeps the account of a company that was approved before: by a decision
// on an application it never changes.
func ownAccount(ctx context.Context, tx *db.Tx, vendorID string, c vendor.Company) (vendor.Company, error) {
	v, err := vendor.Load(ctx, tx, vendorID)
	if err == nil && !v.ApprovedAt.IsZero() && v.Company.Account.Number != "" {
		c.Account = v.Company.Account
	}
	return c, err
}
