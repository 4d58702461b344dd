package internal_test

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// owners is who writes which table: one package, its sub-packages with it.
var owners = map[string]string{
	"db":            "mark counter",
	"job":           "job",
	"event":         "event event_pending event_seal event_head",
	"ledger":        "ledger_transfer ledger_entry ledger_balance",
	"policy":        "policy policy_proposal",
	"file":          "file",
	"account":       "account account_attempt account_challenge account_change account_code account_device account_factor account_invitation account_key account_recovery account_session account_subject account_throttle account_transfer",
	"vendor":        "vendor vendor_bar",
	"agreement":     "agreement agreement_acceptance agreement_draft",
	"amendment":     "amendment amendment_told",
	"payment":       "announcement announcement_payer bank_statement bank_statement_part bank_line bank_line_reference bank_line_share statement_mapping",
	"qualification": "application application_note submission verdict qualification",
	"contract":      "contract contract_claim contract_series",
	"exit":          "exit",
	"payout":        "payout payout_batch payout_batch_item payout_proposal payout_movement",
	"deposit":       "deposit deposit_cover deposit_voucher deposit_receipt deposit_receipt_new deposit_decision deposit_deduction deposit_deduction_posting courier_address receipt_parcel receipt_back",
	"violation":     "violation violation_file",
	"product":       "product product_review product_revision product_thumb product_import product_import_row shelf shelf_page shelf_search shelf_details shelf_state shop",
	"mailbox":       "mail_letter mail_reading",
	"notify":        "message",
	"takeout":       "takeout takeout_part",
	"api":           "api_answer",
}

// literals hands over every string of a file, with the expression it stands in.
func literals(s source, do func(at token.Position, value string, joined bool)) {
	joined := make(map[*ast.BasicLit]bool)
	ast.Inspect(s.file, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && b.Op == token.ADD {
			if lit, ok := b.X.(*ast.BasicLit); ok {
				joined[lit] = true
			}
			if left, ok := b.X.(*ast.BinaryExpr); ok { // a + "b" + c: the middle one is the right side of the left
				if lit, ok := left.Y.(*ast.BasicLit); ok {
					joined[lit] = true
				}
			}
		}
		return true
	})
	ast.Inspect(s.file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		value, err := strconv.Unquote(lit.Value)
		if err == nil {
			do(fset.Position(lit.Pos()), oneLine(value), joined[lit])
		}
		return true
	})
}

// oneLine writes a statement with single spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var (
	writes    = regexp.MustCompile(`(?:\b(?:INSERT INTO|DELETE FROM|TRUNCATE|REPLACE INTO)|(?:^|[^OR] )UPDATE) ("?[A-Za-z_][A-Za-z_.]*)`)
	unnamed   = regexp.MustCompile(`(?:\b(?:INSERT INTO|DELETE FROM)|(?:^|[^OR] )UPDATE)$`)
	isSQL     = regexp.MustCompile(`\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|VALUES|ON CONFLICT|RETURNING)\b`)
	notBoth   = regexp.MustCompile(`::[a-z]|\b[Nn][Oo][Ww]\(\)|\bILIKE\b|\bANY ?\(|SELECT \*|SELECT [a-z]\.\*|RETURNING \*|\bCURRENT_TIMESTAMP\b|\bSERIAL\b|\bAUTOINCREMENT\b|\bIFNULL\b|\bdatetime\(|\bstrftime\(`)
	notATable = map[string]bool{"SET": true, "SKIP": true, "OF": true, "NOWAIT": true}
)

func ownerOf(t *testing.T) map[string]string {
	t.Helper()
	of := make(map[string]string)
	for pkg, tables := range owners {
		for _, table := range strings.Fields(tables) {
			if other, twice := of[table]; twice {
				t.Errorf("%s has two owners: %s and %s", table, pkg, other)
			}
			of[table] = pkg
		}
	}
	return of
}

func TestEachTableHasOneOwner(t *testing.T) {
	t.Parallel()
	of := ownerOf(t)
	paths, err := filepath.Glob("db/schema/*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no migrations were found: %v", err)
	}
	made := regexp.MustCompile(`(?m)^CREATE (?:VIRTUAL )?TABLE ([a-z_]+)`)
	there := make(map[string]bool)
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range made.FindAllStringSubmatch(string(data), -1) {
			there[m[1]] = true
			if of[m[1]] == "" {
				t.Errorf("%s: table %s has no owner (internal/sql_test.go)", filepath.Base(p), m[1])
			}
		}
	}
	for table, pkg := range of {
		if !there[table] {
			t.Errorf("%s is said to own %s, which no migration makes", pkg, table)
		}
	}
}

// A package writes its own tables only: their rules hold nowhere else. Fixtures for
// tests are left out; no program imports them.
func TestTablesAreWrittenByTheirOwner(t *testing.T) {
	t.Parallel()
	of, found := ownerOf(t), 0
	for _, s := range files(t) {
		noun, _, _ := strings.Cut(s.pkg, "/")
		if s.test || noun == "yunshitest" {
			continue
		}
		literals(s, func(at token.Position, value string, joined bool) {
			for _, m := range writes.FindAllStringSubmatch(value, -1) {
				table := strings.Trim(m[1], `"`)
				if notATable[table] {
					continue
				}
				owner, known := of[table]
				if !known && !isSQLStatement(value) {
					continue // a sentence, not a statement
				}
				found++
				if owner != noun {
					t.Errorf("%s: %s writes table %q of %s; call an operation of its owner", at, s.pkg, table, owner)
				}
			}
			if joined && unnamed.MatchString(value) {
				t.Errorf("%s: name the table in the statement, so that its owner can be checked", at)
			}
		})
	}
	if found < 30 {
		t.Errorf("only %d writing statements were found: the test does not see them", found)
	}
}

// isSQLStatement tells a statement from a sentence by what follows the table.
func isSQLStatement(s string) bool {
	return regexp.MustCompile(`\b(SET|VALUES|WHERE|SELECT)\b`).MatchString(s) || strings.Contains(s, "(")
}

// SQL is written once for both databases: what only one of them knows is refused.
func TestSQLIsOfTheCommonSubset(t *testing.T) {
	t.Parallel()
	found := 0
	for _, s := range files(t) {
		if s.test {
			continue
		}
		literals(s, func(at token.Position, value string, _ bool) {
			if !isSQL.MatchString(value) {
				return
			}
			found++
			if m := notBoth.FindString(value); m != "" {
				t.Errorf("%s: %q is not of the common subset of SQL (docs/design.md)", at, strings.TrimSpace(m))
			}
		})
	}
	if found < 60 {
		t.Errorf("only %d pieces of SQL were found: the test does not see them", found)
	}
}

func TestThePatternsSee(t *testing.T) {
	t.Parallel()
	for sql, table := range map[string]string{
		"INSERT INTO job (id) VALUES ($1)": "job", "\n\t\tUPDATE job SET a = 1": "job", "UPDATE job SET": "job",
		"DELETE FROM job WHERE": "job", "WITH x AS (SELECT 1) UPDATE job SET a = 1": "job",
		"ON CONFLICT (id) DO UPDATE SET a = 1": "", " FOR UPDATE SKIP LOCKED": "", " FOR UPDATE": "", "SELECT 1 FROM job FOR UPDATE OF job": "",
	} {
		got := ""
		if m := writes.FindStringSubmatch(oneLine(sql)); m != nil && !notATable[m[1]] {
			got = m[1]
		}
		if got != table {
			t.Errorf("%q: sees table %q, want %q", sql, got, table)
		}
	}
	for sql, bad := range map[string]bool{
		"SELECT a::text": true, "WHERE at < now()": true, "SELECT * FROM x": true, "SELECT e.* FROM x": true, "a = ANY($1)": true, "a ILIKE $1": true,
		"SELECT a FROM x WHERE company(a)": false, "SELECT COUNT(*) FROM x": false, "SELECT many(x)": false,
	} {
		if got := notBoth.MatchString(sql); got != bad {
			t.Errorf("%q: refused %v, want %v", sql, got, bad)
		}
	}
	for sql, bad := range map[string]bool{"UPDATE ": true, "INSERT INTO ": true, "SELECT 1 FOR UPDATE": false, "DELETE FROM job": false} {
		if got := unnamed.MatchString(oneLine(sql)); got != bad {
			t.Errorf("%q: unnamed %v, want %v", sql, got, bad)
		}
	}
}
