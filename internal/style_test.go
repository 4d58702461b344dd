package internal_test

import (
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// clocks are the files that may read the process's clock; everywhere else the time
// is tx.Now(), which tests can move.
var clocks = map[string]string{
	"internal/db/db.go":          "the wall clock behind tx.Now",
	"internal/job/runner.go":     "how often this process looks for periodic work",
	"internal/server/request.go": "how long a request took",
	"internal/server/patient.go": "until when a reader has to take what is written",
	"internal/market/config.go":  "the date of a certificate made at the first start",
	"internal/market/market.go":  "the same, where the folder has none",
	"internal/market/check.go":   "when a certificate ends, before there is a database",
}

func TestTimeComesFromTheTransaction(t *testing.T) {
	t.Parallel()
	used := make(map[string]bool)
	for _, s := range files(t) {
		if s.test || strings.HasPrefix(s.path, "cmd/") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			x, ok := sel.X.(*ast.Ident)
			if !ok || x.Name != "time" || !slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				return true
			}
			used[s.path] = true
			if clocks[s.path] == "" {
				t.Errorf("%s: time.%s; take tx.Now(), or the clock of the database", fset.Position(sel.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
	for file := range clocks {
		if !used[file] {
			t.Errorf("%s reads no clock any more: take it off the list", file)
		}
	}
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func TestFilesAreSmall(t *testing.T) {
	t.Parallel()
	for _, s := range files(t) {
		if n := strings.Count(s.text, "\n"); n > 800 && !generated.MatchString(s.text) {
			t.Errorf("%s has %d lines: look for the second word inside it", s.path, n)
		}
	}
}

// A package is a word of the business: these are none.
func TestNoPackageIsADrawer(t *testing.T) {
	t.Parallel()
	drawers := []string{"util", "utils", "common", "models", "model", "service", "services", "manager", "helper", "helpers", "impl", "misc", "base", "core", "lib", "shared", "types"}
	for _, s := range files(t) {
		if slices.Contains(drawers, path.Base(s.pkg)) {
			t.Errorf("%s: %s is not a word of the business", s.path, s.pkg)
		}
	}
}

var leftover = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

func TestNothingIsLeftOver(t *testing.T) {
	t.Parallel()
	for _, s := range files(t) {
		for _, group := range s.file.Comments {
			if m := leftover.FindString(group.Text()); m != "" {
				t.Errorf("%s: %s in a comment; do it, or write an issue", fset.Position(group.Pos()), m)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch v := n.(type) {
			case *ast.FuncDecl:
				if !s.test && v.Recv == nil && v.Name.Name == "init" {
					t.Errorf("%s: func init runs without being called", fset.Position(v.Pos()))
				}
			case *ast.SelectorExpr:
				x, ok := v.X.(*ast.Ident)
				if !ok {
					return true
				}
				if s.test && (x.Name == "t" || x.Name == "b") && strings.HasPrefix(v.Sel.Name, "Skip") {
					t.Errorf("%s: a skipped test proves nothing", fset.Position(v.Pos()))
				}
				if s.test && x.Name == "time" && v.Sel.Name == "Sleep" {
					t.Errorf("%s: a test that sleeps is slow when it passes and wrong when it fails", fset.Position(v.Pos()))
				}
			}
			return true
		})
	}
}

// Each package says first what its word means.
func TestEachPackageIsDescribed(t *testing.T) {
	t.Parallel()
	described := make(map[string]bool)
	for _, s := range files(t) {
		if s.test {
			continue
		}
		described[s.pkg] = described[s.pkg] || s.file.Doc.Text() != ""
	}
	for pkg, ok := range described {
		if !ok {
			t.Errorf("package %s has no comment that says what it owns", pkg)
		}
	}
}
