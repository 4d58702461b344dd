// Package internal_test holds the architecture of docs/design.md to what stands in
// the files: which package may import which, who writes which table, what SQL is
// made of, and which rules have a test.
package internal_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/yunshi-market/yunshi/"

// layers is the table: a package imports only packages of lower rows. A new
// package gets its place here before its first import.
var layers = []string{
	"text",
	"fault",
	"cn calendar vault pdf token", // crafts and words: pure
	"money paper sign payment/reference",
	"sheet payout/bankfile mailbox/letter totp", // pure too
	"payment/statement",
	"access db",
	"job ledger",
	"event",
	"policy file",
	// nouns: what they may import of each other stands in arrows
	"account",
	"account/factor account/sso",
	"vendor agreement payment",
	"payout",
	"qualification",
	"contract",
	"deposit",
	"onboarding",
	"product/catalog",
	"product",
	"product/bulk",
	"mailbox",
	"mailbox/imap",
	"violation",
	"amendment",
	"exit",
	// consequences and faces
	"notify/mail notify/sms",
	"notify verify archive rekey",
	"report takeout",
	"flow server",
	"web/assets",
	"web/ui",
	"web",
	"web/apply web/showcase", // what two rooms show alike
	"web/amend",
	"web/signin web/storefront web/console web/office web/mailroom web/reference api api/clientgen",
	"market",
	"demo",
	"db/dbtest yunshitest", // for tests alone
	"yunshitest/world",
	"story",
}

// arrows is what a noun may import of other nouns; everything below the nouns is
// free to it. An arrow that is not here is a question about the business: ask it.
var arrows = map[string]string{
	"account":         "",
	"vendor":          "account",
	"agreement":       "",
	"payment":         "payment/reference payment/statement",
	"qualification":   "account vendor agreement",
	"contract":        "account vendor qualification",
	"account/factor":  "account",
	"account/sso":     "account",
	"payout":          "account vendor payment payment/reference payout/bankfile",
	"deposit":         "account vendor qualification contract payment payment/reference payout",
	"onboarding":      "vendor agreement qualification contract deposit",
	"product/catalog": "",
	"product":         "account vendor onboarding product/catalog",
	"product/bulk":    "account vendor onboarding product",
	"mailbox":         "account vendor deposit mailbox/letter", // the prescribed mail, D-6
	"mailbox/imap":    "mailbox",
	"violation":       "account vendor product deposit",
	"amendment":       "account vendor agreement qualification contract deposit", // changes after signing
	"exit":            "account vendor qualification contract deposit payment product violation amendment payout",
}

// testsOnly are packages that no program imports.
var testsOnly = []string{"db/dbtest", "yunshitest", "yunshitest/world", "story", "api/clientgen"}

// drivers are what db alone may know of.
var drivers = []string{"modernc.org/", "github.com/jackc/pgx", "github.com/pressly/goose", "github.com/mattn/go-sqlite3", "github.com/lib/pq"}

// source is one Go file of this repository.
type source struct {
	path string // from the repository's root, with slashes
	pkg  string // "deposit", "web/ui", or "cmd/yunshi" and "client" outside internal
	test bool
	file *ast.File
	text string
}

var fset = token.NewFileSet()

var sources = sync.OnceValues(func() ([]source, error) {
	var list []source
	for _, top := range []string{"internal", "cmd", "client"} {
		err := filepath.WalkDir(filepath.Join("..", top), func(path string, e fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil
			}
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			f, err := parser.ParseFile(fset, path, data, parser.ParseComments)
			if err != nil {
				return err
			}
			rel := filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))
			list = append(list, source{
				path: rel, pkg: pkgOf(rel[:strings.LastIndexByte(rel, '/')]),
				test: strings.HasSuffix(rel, "_test.go"), file: f, text: string(data),
			})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
})

func files(t *testing.T) []source {
	t.Helper()
	list, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < 20 {
		t.Fatalf("only %d Go files were found", len(list))
	}
	return list
}

// pkgOf shortens internal/deposit to deposit.
func pkgOf(dir string) string { return strings.TrimPrefix(dir, "internal/") }

// imports lists what of this repository a file imports.
func (s source) imports() (own, foreign []string) {
	for _, i := range s.file.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			continue
		}
		if rest, ok := strings.CutPrefix(path, module); ok {
			own = append(own, pkgOf(rest))
		} else {
			foreign = append(foreign, path)
		}
	}
	return own, foreign
}

// rank is the row of each package; cmd stands above all, client beside.
func rank() map[string]int {
	rows := map[string]int{"cmd/yunshi": len(layers)}
	for i, row := range layers {
		for _, p := range strings.Fields(row) {
			rows[p] = i
		}
	}
	return rows
}

func TestEachPackageHasItsLayer(t *testing.T) {
	t.Parallel()
	rows := rank()
	for _, s := range files(t) {
		if _, ok := rows[s.pkg]; !ok && s.pkg != "client" && s.pkg != "internal" {
			t.Errorf("%s: package %s has no row in the table of layers (internal/arch_test.go)", s.path, s.pkg)
		}
	}
	seen := make(map[string]bool)
	for _, row := range layers {
		for _, p := range strings.Fields(row) {
			if seen[p] {
				t.Errorf("%s stands in two rows", p)
			}
			seen[p] = true
		}
	}
}

func TestArrowsGoDown(t *testing.T) {
	t.Parallel()
	rows := rank()
	for _, s := range files(t) {
		if s.test {
			continue
		}
		own, foreign := s.imports()
		for _, to := range own {
			if why := forbidden(rows, s.pkg, to); why != "" {
				t.Errorf("%s imports %s: %s", s.path, to, why)
			}
		}
		for _, to := range foreign {
			if s.pkg != "db" && slices.ContainsFunc(drivers, func(d string) bool { return strings.HasPrefix(to, d) }) {
				t.Errorf("%s imports %s: only db knows which databases there are", s.path, to)
			}
		}
	}
}

// forbidden says why one package may not import another, or "".
func forbidden(rows map[string]int, from, to string) string {
	below, known := rows[to]
	switch {
	case from == "client":
		return "the client stands alone: it is for other people's programs"
	case !known:
		return to + " has no row in the table of layers"
	case slices.Contains(testsOnly, to) && !slices.Contains(testsOnly, from):
		return to + " is for tests alone"
	case below > rows[from]:
		return fmt.Sprintf("%s stands above %s; let flow react to an event, or hand the fact in", to, from)
	case below == rows[from] && !slices.Contains(testsOnly, from):
		return fmt.Sprintf("%s and %s stand on one layer; one of them has to be the lower word", to, from)
	}
	may, noun := arrows[from]
	if _, other := arrows[to]; noun && (other || strings.HasPrefix(to, "payment/")) && !slices.Contains(strings.Fields(may), to) {
		return fmt.Sprintf("no arrow from %s to %s: add it to the table only if the business says so", from, to)
	}
	return ""
}

// Tests of a package may look down and at what they are given; only stories look from above.
func TestTestsImportNoFace(t *testing.T) {
	t.Parallel()
	rows := rank()
	for _, s := range files(t) {
		if !s.test {
			continue
		}
		own, _ := s.imports()
		for _, to := range own {
			// market's Config is what a world is opened with.
			if slices.Contains(testsOnly, to) || to == "market" || s.pkg == "internal" || s.pkg == "client" || slices.Contains(testsOnly, s.pkg) {
				continue
			}
			if to != s.pkg && rows[to] > rows[s.pkg] && rows[to] > rows["product"] {
				t.Errorf("%s imports %s, which stands above it: such a test belongs to yunshitest", s.path, to)
			}
		}
	}
}

// The table itself would let a wrong import through if it did not say so here.
func TestTheTableRefuses(t *testing.T) {
	t.Parallel()
	rows := rank()
	for _, c := range []struct {
		from, to string
		ok       bool
	}{
		{"deposit", "ledger", true}, {"deposit", "contract", true}, {"cmd/yunshi", "market", true},
		{"web/office", "deposit", true}, {"payment", "payment/statement", true}, {"money", "cn", true},
		{"contract", "deposit", false}, {"vendor", "web", false}, {"product", "api", false},
		{"deposit", "agreement", false}, {"qualification", "payment/reference", false}, {"job", "ledger", false},
		{"client", "fault", false}, {"deposit", "db/dbtest", false}, {"deposit", "novel", false}, {"text", "fault", false},
	} {
		if why := forbidden(rows, c.from, c.to); (why == "") != c.ok {
			t.Errorf("%s → %s: %q, allowed should be %v", c.from, c.to, why, c.ok)
		}
	}
}
