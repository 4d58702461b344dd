package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documents are the texts for people, from the repository's root.
func documents(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"../*.md", "../docs/*.md", "../docs/decisions/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	if len(all) < 10 {
		t.Fatalf("only %d documents were found", len(all))
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Each link between documents, and from them into the code, leads to something.
func TestLinksOfDocumentsLead(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#\s]+)(#[^)]*)?\)`)
	for _, path := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(read(t, path), -1) {
			if strings.Contains(m[1], "://") || strings.HasPrefix(m[1], "mailto:") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s: %s leads nowhere", filepath.Base(path), m[1])
			}
		}
	}
}

// docs/rules.md says where each rule that holds stands.
func TestRulesAreDescribed(t *testing.T) {
	t.Parallel()
	text := read(t, "../docs/rules.md")
	for _, id := range rulesDone(t) {
		if !strings.Contains(text, "\n| "+id+" |") {
			t.Errorf("%s is not in docs/rules.md", id)
		}
	}
}

// Every module the program or its tests ask for has its line in the decisions,
// with the version that is used.
func TestDependenciesAreDecided(t *testing.T) {
	t.Parallel()
	direct := regexp.MustCompile(`(?m)^(?:require |\t)(\S+) (v\S+)$`) // without "// indirect"
	row := regexp.MustCompile(`(?m)^\| (\S+) \| (v[0-9]\S*) \|`)
	var want, got []string
	for _, m := range direct.FindAllStringSubmatch(read(t, "../go.mod"), -1) {
		want = append(want, m[1]+" "+m[2])
	}
	text, _, _ := strings.Cut(read(t, "../docs/decisions/0002-dependencies.md"), "## Tools")
	for _, m := range row.FindAllStringSubmatch(text, -1) {
		got = append(got, m[1]+" "+m[2])
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("docs/decisions/0002-dependencies.md has no line for %s", w)
		}
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("docs/decisions/0002-dependencies.md has a line for %s, which go.mod does not ask for", g)
		}
	}
}
