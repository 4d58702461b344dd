package qualification

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Every status with every act, as a table a person can read. Rules O-2, O-3, C-3.
func TestStatusMachines(t *testing.T) {
	var b strings.Builder
	b.WriteString("application\n")
	for _, s := range Statuses() {
		for _, a := range Acts() {
			to, err := s.Next(a)
			line(t, &b, string(s), string(a), string(to), err)
		}
	}
	b.WriteString("\ncategory\n")
	for _, s := range CategoryStatuses() {
		for _, a := range CategoryActs() {
			to, err := s.Next(a)
			line(t, &b, string(s), string(a), string(to), err)
		}
	}
	want, err := os.ReadFile("testdata/status.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("the machines changed (−want +got):\n%s", diff)
	}
}

func line(t *testing.T, b *strings.Builder, from, act, to string, err error) {
	t.Helper()
	if err != nil {
		if !errors.Is(err, fault.Conflict) || to != "" {
			t.Errorf("%s %s: %q, %v", from, act, to, err)
		}
		to = "-"
	}
	if from == "" {
		from = "(none)"
	}
	fmt.Fprintf(b, "%-10s %-10s %s\n", from, act, to)
}

func TestEveryStatusAndActHasAWord(t *testing.T) {
	var keys []text.Key
	for _, s := range Statuses() {
		keys = append(keys, s.Name())
	}
	for _, s := range CategoryStatuses() {
		keys = append(keys, s.Name())
	}
	for _, s := range []State{Met, NotMet, WaitingVendor, WaitingReview} {
		keys = append(keys, s.Name())
	}
	for _, a := range Acts() {
		keys = append(keys, text.Key("qualification.act_"+string(a)))
	}
	for _, a := range CategoryActs() {
		keys = append(keys, text.Key("qualification.category_act_"+string(a)))
	}
	for _, k := range keys {
		if !text.Known(k) {
			t.Errorf("%s has no word", k)
		}
	}
}
