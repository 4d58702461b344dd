package violation_test

import (
	"errors"
	"testing"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// All statuses × all acts: what is not here is refused.
func TestMoves(t *testing.T) {
	t.Parallel()
	want := map[violation.Status]map[violation.Act]violation.Status{
		violation.Recorded: {violation.ActConfirm: violation.Decided, violation.ActDrop: violation.Dropped},
		violation.Decided:  {violation.ActAppeal: violation.Appealed, violation.ActEnd: violation.Final},
		violation.Appealed: {violation.ActUphold: violation.Upheld, violation.ActReduce: violation.Reduced, violation.ActRevoke: violation.Revoked},
	}
	for _, s := range violation.Statuses() {
		if s.Open() != (want[s] != nil) {
			t.Errorf("%s open: %v", s, s.Open())
		}
		for _, a := range violation.Acts() {
			to, err := s.Next(a)
			if to != want[s][a] || s.May(a) != (err == nil) {
				t.Errorf("%s %s: %q, %v", s, a, to, err)
			}
			if want[s][a] == "" && !errors.Is(err, fault.Conflict) {
				t.Errorf("%s %s: %v, want a conflict", s, a, err)
			}
		}
	}
}
