package demo_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/demo"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/takeout"
)

// known is what tells one company from the others.
type known struct{ id, owner, name, uscc, reference string }

// TestTakeoutsOfTheDemo: every company of the demo, at whatever stage, takes its data
// out, and in none stands anything of another, nor what staff keep to themselves.
func TestTakeoutsOfTheDemo(t *testing.T) {
	addresses := map[string]string{"sqlite": filepath.Join(t.TempDir(), "yunshi.db")}
	if dbtest.HasPostgres() {
		addresses["postgres"] = dbtest.PostgresAddress(t)
	}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			m := build(t, address)
			if _, err := demo.Fill(t.Context(), m, nil); err != nil {
				t.Fatal(err)
			}
			var all []known
			read(t, m, func(ctx context.Context, tx *db.Tx) (err error) {
				all, err = db.All(ctx, tx, func(k *known) []any { return []any{&k.id, &k.owner, &k.name, &k.uscc, &k.reference} }, `
					SELECT v.id, v.made_by, v.name, COALESCE(v.uscc, ''), COALESCE((SELECT reference FROM deposit d WHERE d.vendor_id = v.id), '') FROM vendor v ORDER BY v.id`)
				return err
			})
			greatest, most := known{}, int64(0)
			nouns := map[string]int{}
			for _, k := range all {
				made, entries := takenOut(t, m, k)
				if made.Records > most {
					greatest, most = k, made.Records
				}
				for path, body := range entries {
					for _, other := range all {
						for _, word := range []string{other.id, other.uscc, other.reference, other.owner} {
							if other.id != k.id && word != "" && bytes.Contains(body, []byte(word)) {
								t.Errorf("%s in what %s takes out holds %s of %s", path, k.name, word, other.name)
							}
						}
					}
					if noun, ok := strings.CutPrefix(path, "data/json/"); ok {
						var rows []any
						if err := json.Unmarshal(body, &rows); err != nil {
							t.Errorf("%s: %v", path, err)
						}
						nouns[noun] += len(rows)
					}
				}
			}
			if most < 200 {
				t.Errorf("the greatest has %d records", most)
			}
			for noun, n := range nouns {
				if n == 0 {
					t.Logf("no company of the demo has any of %s", noun)
				}
			}
			planted := plant(t, m, greatest)
			if planted < 150 {
				t.Errorf("only %d columns were planted", planted)
			}
			_, entries := takenOut(t, m, greatest)
			for path, body := range entries {
				if at := bytes.Index(body, []byte(mark)); at >= 0 {
					t.Errorf("%s holds what is not its company's: …%s…", path, body[max(0, at-60):min(len(body), at+120)])
				}
			}
		})
	}
}

const mark = "FOREIGN-BYTE-"

// takenOut makes a company's takeout and unpacks it.
func takenOut(t *testing.T, m *market.Market, k known) (made takeout.Takeout, entries map[string][]byte) {
	t.Helper()
	owner := access.Actor{Kind: access.Member, ID: k.owner, VendorID: k.id, Roles: []access.Role{access.Owner}}
	if err := m.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		made, err = takeout.Ask(t.Context(), tx, owner, struct{}{})
		return err
	}); err != nil {
		t.Fatalf("%s: %v", k.name, err)
	}
	if err := m.Runner.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.DB.Write(t.Context(), func(tx *db.Tx) (err error) {
		made, err = takeout.Fetch(t.Context(), tx, owner, takeout.Chosen{ID: made.ID})
		return err
	}); err != nil {
		t.Fatalf("%s: %v", k.name, err)
	}
	if made.Missing > 0 {
		t.Errorf("%s: %d documents are missing", k.name, made.Missing)
	}
	var b bytes.Buffer
	if err := takeout.Send(t.Context(), m.DB, m.Files, made, &b); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	entries = make(map[string][]byte, len(z.File))
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if entries[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return made, entries
}

// foreign says which rows of a table without vendor_id are not the company's ($1),
// or are nobody's but the staff's.
var foreign = map[string]string{
	"account_key": `account_id NOT IN (SELECT id FROM account WHERE vendor_id = $1)`, "account_session": `$1 <> ''`, "account_device": `$1 <> ''`,
	"announcement": `subject <> $1`, "application_note": `$1 <> ''`, "bank_line": `$1 <> ''`, "bank_line_share": `$1 <> ''`, "bank_statement": `$1 <> ''`,
	"deposit_deduction_posting": `deduction_id NOT IN (SELECT id FROM deposit_deduction WHERE vendor_id = $1)`,
	"ledger_entry":              `account <> 'deposit-held:' || $1 AND account <> 'overpaid:' || $1`,
	"ledger_balance":            `account <> 'deposit-held:' || $1 AND account <> 'overpaid:' || $1`,
	"ledger_transfer":           `id NOT IN (SELECT transfer_id FROM ledger_entry WHERE account = 'deposit-held:' || $1 OR account = 'overpaid:' || $1)`,
	"payout":                    `subject <> $1`, "payout_batch": `$1 <> ''`, "payout_batch_item": `$1 <> ''`,
	"product_import_row": `import_id NOT IN (SELECT id FROM product_import WHERE vendor_id = $1)`,
	"product_review":     `product_id NOT IN (SELECT id FROM product WHERE vendor_id = $1)`,
	"violation_file":     `violation_id NOT IN (SELECT id FROM violation WHERE vendor_id = $1)`,
	"vendor":             `id <> $1`, "policy_proposal": `$1 <> ''`,
}

// inner are columns of the company's own rows that are none of its business.
var inner = map[string][]string{
	"application": {"holder"}, "product": {"holder"}, "product_review": {"note"}, "product_revision": {"holder", "spot"}, "deposit_voucher": {"holder"},
	"deposit_receipt": {"reason", "void_reason", "voided_by"}, "deposit_decision": {"reason", "note"}, "payout": {"reason", "from_account"},
	"amendment": {"holder", "stop_token"}, "account": {"password_hash"}, "account_key": {"secret_hash", "prefix"}, "message": {"last_error"}, "exit": {"closed_why"}, "vendor_bar": {"lift_reason"},
}

// filled keeps to the values that are each once by themselves; others get the mark
// where they are empty too.
func filled(table, column string) string {
	switch table + "." + column {
	case "vendor.uscc", "product.code", "ledger_transfer.reverses":
		return ` AND ` + column + ` <> ''`
	}
	return ""
}

// plant writes the mark into every text of everybody else, of the staff, and of what
// of the company's own rows is internal, and returns how many columns took it.
func plant(t *testing.T, m *market.Market, k known) (planted int) {
	t.Helper()
	var tables []db.Table
	read(t, m, func(ctx context.Context, tx *db.Tx) (err error) { tables, err = db.Tables(ctx, tx); return err })
	put := func(table, column, where string) {
		err := m.DB.Write(t.Context(), func(tx *db.Tx) error {
			n, err := tx.Exec(t.Context(), fmt.Sprintf(`UPDATE "%s" SET "%s" = '%s' || "%s" WHERE %s%s`, table, column, mark, column, where, filled(table, column)), k.id)
			if n > 0 && err == nil {
				planted++
			}
			return err
		})
		if err != nil && !strings.Contains(strings.ToLower(err.Error()), "foreign key") {
			t.Errorf("%s.%s: %v", table, column, err)
		}
	}
	for _, x := range tables {
		where := foreign[x.Name]
		if where == "" && slices.ContainsFunc(x.Columns, func(c db.Column) bool { return c.Name == "vendor_id" }) {
			where = `vendor_id <> $1`
		}
		if where == "" {
			continue
		}
		for _, c := range x.Columns {
			// what says which rows are whose stays, and what the jobs find their work by
			if c.Kind == db.TextColumn && !slices.Contains(x.Key, c.Name) && !slices.Contains([]string{"vendor_id", "subject", "status", "kind", "account"}, c.Name) {
				put(x.Name, c.Name, where)
			}
		}
		for _, c := range inner[x.Name] {
			own := `vendor_id = $1`
			switch x.Name {
			case "payout":
				own = `subject = $1`
			case "product_review":
				own = `product_id IN (SELECT id FROM product WHERE vendor_id = $1)`
			case "account_key":
				own = `account_id IN (SELECT id FROM account WHERE vendor_id = $1)`
			}
			put(x.Name, c, own)
		}
	}
	for _, c := range []string{"data", "subject", "address", "kind"} {
		put("event", c, `vendor_id = $1 AND internal = TRUE`)
	}
	// What staff have recorded and not decided, and an eviction that waits for its second person.
	if err := m.DB.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), `INSERT INTO violation (id, vendor_id, status, offence_id, offence, measure, proposed_fen, fen, currency, description, recorded_by, recorded_at)
			VALUES ('vio_secret', $1, 'recorded', $2, '{}', 'warning', 0, 0, 'CNY', $2, $2, $3)`, k.id, mark, tx.Now()); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `INSERT INTO file (id, vendor_id, purpose, name, type, size, sha256, made_by, made_at) VALUES ('fil_secret', $1, 'violation', $2, 'x', 1, 'x', 'x', $3)`, k.id, mark, tx.Now()); err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `INSERT INTO violation_file (violation_id, part, place, file_id) VALUES ('vio_secret', 'evidence', 0, 'fil_secret')`); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `INSERT INTO exit (id, vendor_id, number, kind, status, reason, asked_by, asked_at) VALUES ('ext_secret', $1, 'TC-X', 'eviction', 'proposed', $2, $2, $3)`, k.id, mark, tx.Now())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return planted
}
