package amendment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Each status allows what the table says and nothing else.
func TestMoves(t *testing.T) {
	want := map[Status]string{
		Checking: "check→submitted withdraw→withdrawn", Waiting: "withdraw→withdrawn claim→in_review",
		InReview: "withdraw→withdrawn release→submitted settle→decided refuse→refused cool→cooling",
		Pausing:  "stop→stopped effect→decided", Done: "", Refused: "", TakenBack: "", StoppedDead: "",
	}
	for _, s := range Statuses() {
		var got []string
		for _, a := range Acts() {
			if to, err := s.Next(a); err == nil {
				got = append(got, fmt.Sprintf("%s→%s", a, to))
			}
			if !text.Known(text.Key("amendment.act_" + string(a))) {
				t.Errorf("%s has no word", a)
			}
		}
		if d := cmp.Diff(want[s], strings.Join(got, " ")); d != "" {
			t.Errorf("%s: %s", s, d)
		}
		if !text.Known(s.Name()) {
			t.Errorf("%s has no word", s)
		}
		if s.Open() == (len(moves[s]) == 0) {
			t.Errorf("%s: open %v", s, s.Open())
		}
	}
}

// The policy names exactly the fields that can be changed, and each has its words.
func TestFieldsAreThoseOfThePolicy(t *testing.T) {
	var got []string
	for _, f := range fields {
		got = append(got, f.pointer)
		if !text.Known(FieldLabel(f.pointer)) || !text.Known(f.part.Label()) {
			t.Errorf("%s has no label", f.pointer)
		}
	}
	if d := cmp.Diff(policy.Changeable(), got); d != "" {
		t.Error(d)
	}
	for _, k := range Kinds() {
		if !text.Known(k.Name()) || !text.Known(Part(k).Label()) && k != Company {
			t.Errorf("%s has no word", k)
		}
	}
}

// The nearest reminder counts, and none before the first is due.
func TestThreshold(t *testing.T) {
	tests := []struct {
		left, want int
		due        bool
	}{{61, 0, false}, {60, 60, true}, {31, 60, true}, {30, 30, true}, {8, 30, true}, {7, 7, true}, {0, 7, true}}
	for _, tt := range tests {
		if got, due := threshold([]int{60, 7, 30}, tt.left); got != tt.want || due != tt.due {
			t.Errorf("%d days left: %d %v, want %d %v", tt.left, got, due, tt.want, tt.due)
		}
	}
	if _, due := threshold(nil, 1); due {
		t.Error("a reminder that the policy does not name")
	}
}

// A place in the form belongs to the field that it is a part of.
func TestFieldOf(t *testing.T) {
	for pointer, want := range map[string]string{
		"/service/hours/mon/0/from": "/service/hours", "/company/long_term": "/company/term_until", "/company/currency": "/company/capital",
		"/company/name": "/company/name", "/account/holder": "", "/service/team": "",
	} {
		if got := fieldOf(pointer); got != want {
			t.Errorf("%s: %q, want %q", pointer, got, want)
		}
	}
	if !slices.Contains(policy.Shipped().Amendments.AtOnce, "/shop/intro") {
		t.Error("the shipped policy asks for a review of the shop's introduction")
	}
}
