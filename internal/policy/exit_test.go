package policy_test

import (
	"errors"
	"testing"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Rule D-10: the period is the operator's number; what cannot be is refused.
func TestExitIsValidated(t *testing.T) {
	if days := policy.Shipped().Exit.ReturnWorkingDays; days != 15 {
		t.Errorf("the deposit is returned within %d working days, want 15", days)
	}
	for _, tt := range []struct {
		at     string
		change func(*policy.Exit)
	}{
		{"/exit/return_working_days", func(e *policy.Exit) { e.ReturnWorkingDays = 0 }},
		{"/exit/end_working_days", func(e *policy.Exit) { e.EndWorkingDays = -1 }},
		{"/exit/grace_working_days", func(e *policy.Exit) { e.GraceWorkingDays = 0 }},
		{"/exit/payouts/per_file", func(e *policy.Exit) { e.Payouts.PerFile = 0 }},
		{"/exit/payouts/series", func(e *policy.Exit) { e.Payouts.Series = "" }},
		{"/exit/payouts/bounce_words/0", func(e *policy.Exit) { e.Payouts.BounceWords = []string{" "} }},
	} {
		p := policy.Shipped()
		tt.change(&p.Exit)
		var e *fault.Error
		if err := p.Validate(); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Pointer != tt.at {
			t.Errorf("%s: %v", tt.at, err)
		}
	}
}
