package payout_test

import (
	"testing"

	"github.com/yunshi-market/yunshi/internal/payout"
)

// What is not in the table is refused; each word has its text.
func TestMoves(t *testing.T) {
	want := map[payout.Status]string{
		payout.Ordered:   "approve correct cancel",
		payout.Approved:  "file pay correct cancel",
		payout.Filed:     "unfile refuse pay",
		payout.Paid:      "bounce",
		payout.SentBack:  "correct cancel",
		payout.Cancelled: "",
	}
	for _, s := range payout.Statuses() {
		got := ""
		for _, a := range payout.Acts() {
			if _, err := s.Next(a); (err == nil) != s.Can(a) {
				t.Errorf("%s: %s: Next and Can disagree", s, a)
			}
			if s.Can(a) {
				if got != "" {
					got += " "
				}
				got += string(a)
			}
		}
		if got != want[s] {
			t.Errorf("%s: %q, want %q", s, got, want[s])
		}
	}
}
