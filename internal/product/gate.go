package product

import (
	"context"
	"slices"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// may asks onboarding whether the product's vendor may do the act with it:
// fault.Conflict with what is missing. Rule O-8.
func may(ctx context.Context, tx *db.Tx, p Product, act policy.Act) error {
	err := onboarding.Require(ctx, tx, p.VendorID, act, onboarding.Target{Category: p.Content.Category, Product: &onboarding.Product{
		Approved: slices.Contains([]Status{Approved, OnShelf, OffShelf}, p.Status),
		InReview: p.Status == InReview || p.Status == Waiting,
	}})
	if err == nil && act == policy.Shelve {
		return fresh(ctx, tx, p)
	}
	return err
}

// missing tells an unmet gate from a failure to ask.
func missing(err error) (bool, error) {
	if fault.Is(err, fault.Conflict) {
		return true, nil
	}
	return false, err
}
