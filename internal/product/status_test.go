package product_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Rule S-1: every status with every act; what is not named here is refused.
const moves = `
draft      edit → draft, submit → in_review, wait → waiting
waiting    queue → in_review, take_back → draft
in_review  take_back → draft, claim → in_review, release → in_review, approve → approved, reject → rejected
approved   shelve → on_shelf, revise → approved
rejected   edit → draft, submit → in_review, wait → waiting
on_shelf   unshelve → off_shelf, take_off → taken_off, revise → on_shelf
off_shelf  shelve → on_shelf, take_off → taken_off, revise → off_shelf
taken_off  submit → in_review, wait → waiting, revise → taken_off, lift → approved
`

func TestMovesAreThoseOfTheRule(t *testing.T) {
	var b strings.Builder
	b.WriteString("\n")
	for _, s := range product.Statuses() {
		var possible []string
		for _, a := range product.Acts() {
			next, err := s.Next(a)
			if s.May(a) != (err == nil) {
				t.Errorf("%s %s: May is %v, Next %v", s, a, s.May(a), err)
			}
			if err == nil {
				possible = append(possible, fmt.Sprintf("%s → %s", a, next))
				continue
			}
			if !errors.Is(err, fault.Conflict) || !strings.Contains(err.Error(), (text.Printer{Lang: text.EN}).T(s.Name())) {
				t.Errorf("%s %s: %v does not name the status", s, a, err)
			}
		}
		fmt.Fprintf(&b, "%-10s %s\n", s, strings.Join(possible, ", "))
	}
	if diff := cmp.Diff(moves, b.String()); diff != "" {
		t.Errorf("−want +got\n%s", diff)
	}
	for _, s := range product.Statuses() {
		if !text.Known(s.Name()) {
			t.Errorf("%s has no word", s)
		}
	}
	for _, a := range product.Acts() {
		if !text.Known(a.Name()) {
			t.Errorf("%s has no word", a)
		}
	}
}
