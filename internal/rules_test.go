package internal_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rulesDone reads the ids of docs/rules.done.
func rulesDone(t *testing.T) (ids []string) {
	t.Helper()
	data, err := os.ReadFile("../docs/rules.done")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			ids = append(ids, strings.Fields(line)...)
		}
	}
	if len(ids) == 0 {
		t.Fatal("docs/rules.done names no rule")
	}
	return ids
}

// Every rule said to hold is cited by a test of the package that keeps it.
func TestEachRuleDoneIsCitedByATest(t *testing.T) {
	t.Parallel()
	ids := rulesDone(t)
	quoted := make([]string, len(ids))
	for i, id := range ids {
		quoted[i] = regexp.QuoteMeta(id)
	}
	// The longer id first: E-6.1 is not E-6 and a point.
	slices.SortFunc(quoted, func(a, b string) int { return len(b) - len(a) })
	cites := regexp.MustCompile(`\b(` + strings.Join(quoted, "|") + `)\b`)
	cited := make(map[string]bool)
	for _, s := range files(t) {
		if s.test && s.pkg != "internal" {
			for _, id := range cites.FindAllString(s.text, -1) {
				cited[id] = true
			}
		}
	}
	var missing []string
	for _, id := range ids {
		if !cited[id] {
			missing = append(missing, id)
		}
	}
	if len(missing) > 0 {
		t.Errorf("%d of %d rules of docs/rules.done are cited by no test: %s", len(missing), len(ids), strings.Join(missing, " "))
	}
}

func TestRuleIDsAreWellFormed(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[A-Z]-[1-9][0-9]*(\.[1-9])?$`)
	seen := make(map[string]bool)
	for _, id := range rulesDone(t) {
		if !form.MatchString(id) || seen[id] {
			t.Errorf("docs/rules.done: %q is no id, or stands twice", id)
		}
		seen[id] = true
	}
}
