package policy_test

import (
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/policy"
)

// Rule D-7: what a policy says of statements must be able to hold.
func TestStatementRulesAreChecked(t *testing.T) {
	tests := []struct {
		name, pointer string
		change        func(*policy.Statements)
	}{
		{"a way with gaps", "/statements/gap", func(s *policy.Statements) { s.Gap = "ignore" }},
		{"an empty word", "/statements/reversal_words/0", func(s *policy.Statements) { s.ReversalWords = []string{" "} }},
		{"no upload", "/statements/upload_bytes", func(s *policy.Statements) { s.UploadBytes = 0 }},
		{"never at once", "/statements/at_once_bytes", func(s *policy.Statements) { s.AtOnceBytes = -1 }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := policy.Shipped()
			test.change(&p.Statements)
			if err := p.Validate(); err == nil || !strings.Contains(err.Error(), test.pointer) {
				t.Errorf("got %v, want a fault at %s", err, test.pointer)
			}
		})
	}
	p := policy.Shipped()
	p.Statements.Gap = policy.GapRefuses
	if err := p.Validate(); err != nil {
		t.Errorf("the other way with gaps: %v", err)
	}
}
