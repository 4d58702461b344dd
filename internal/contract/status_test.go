package contract_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Every act on every status: what is not listed here is refused.
func TestStatusMoves(t *testing.T) {
	want := map[string]contract.Status{
		"preparing render":   contract.AtVendor,
		"preparing withdraw": contract.TakenBack,
		"offered sign":       contract.InForce,
		"offered upload":     contract.AtOffice,
		"offered withdraw":   contract.TakenBack,
		"scanned upload":     contract.AtOffice,
		"scanned return":     contract.AtVendor,
		"scanned confirm":    contract.InForce,
		"scanned withdraw":   contract.TakenBack,
		"signed replace":     contract.Superseded,
		"signed end":         contract.Ended,
	}
	got := map[string]contract.Status{}
	for _, s := range contract.Statuses() {
		for _, a := range contract.Acts() {
			to, err := s.Next(a)
			if s.Can(a) != (err == nil) {
				t.Errorf("%s %s: Can and Next disagree", s, a)
			}
			if err == nil {
				got[string(s)+" "+string(a)] = to
				continue
			}
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("%s %s: %v is no conflict", s, a, err)
			}
			word := text.Printer{Lang: text.EN}.T(s.Name())
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s %s: %q does not name the status %q", s, a, err, word)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("moves: −want +got\n%s", diff)
	}
}

func TestStatusesHaveNames(t *testing.T) {
	for _, s := range contract.Statuses() {
		if !text.Known(s.Name()) {
			t.Errorf("the status %s has no name", s)
		}
	}
}
