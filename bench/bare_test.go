package main

import (
	"context"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
)

// counted counts the rows of every table.
func counted(t *testing.T, d *db.DB) map[string]int64 {
	t.Helper()
	names := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'shelf_search%'`
	if d.Dialect() == db.Postgres {
		names = `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`
	}
	counts := make(map[string]int64)
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		tables, err := db.All(context.Background(), tx, db.Value[string], names)
		if err != nil {
			return err
		}
		for _, table := range tables {
			if counts[table], err = db.One(context.Background(), tx, db.Value[int64], `SELECT COUNT(*) FROM `+table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// changes are the tables whose rows do says became more, and by how many.
func changes(t *testing.T, d *db.DB, do func() error) map[string]int64 {
	t.Helper()
	before := counted(t, d)
	if err := do(); err != nil {
		t.Fatal(err)
	}
	more := make(map[string]int64)
	for table, n := range counted(t, d) {
		if n != before[table] {
			more[table] = n - before[table]
		}
	}
	return more
}

// What is compared must be the same: bare SQL adds the rows that the operation adds
// and leaves line, deposit and announcement in the same state.
func TestBareWritesTheRowsOfAConfirmation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		lines, err := seedDeposits(ctx, &bench{progress: progress{out: io.Discard}}, d, 3)
		if err != nil {
			t.Fatal(err)
		}
		b, err := newBare(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		defer b.close()
		statements := 0
		operation := func(l proposed) func() error {
			return func() error {
				return d.Write(ctx, func(tx *db.Tx) error {
					_, err := deposit.Confirm(ctx, tx, chief, deposit.Confirmation{LineID: l.line, VendorID: l.vendor})
					statements = tx.Statements()
					return err
				})
			}
		}
		changes(t, d, operation(lines[0])) // the first one adds the counter's row
		if err := b.confirm(ctx, lines[1]); err != nil {
			t.Fatal(err)
		}
		want := changes(t, d, operation(lines[2]))
		if len(want) < 6 {
			t.Errorf("a confirmation adds rows to %v only", want)
		}
		if statements > 25 {
			t.Errorf("a confirmation takes %d statements", statements)
		}
		more, err := seedMore(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		got := changes(t, d, func() error { return b.confirm(ctx, more) })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows added (-operation +bare):\n%s", diff)
		}
		if diff := cmp.Diff(state(t, d, lines[2]), state(t, d, more)); diff != "" {
			t.Errorf("state left (-operation +bare):\n%s", diff)
		}
	})
}

// seedMore makes one more vendor with a line of its own.
func seedMore(ctx context.Context, d *db.DB) (proposed, error) {
	var l proposed
	err := d.Write(ctx, func(tx *db.Tx) error { return signedVendor(ctx, tx, 1000) })
	if err == nil {
		err = importTransfers(ctx, d)
	}
	if err == nil {
		err = d.Read(ctx, func(tx *db.Tx) (err error) {
			l, err = db.One(ctx, tx, (*proposed).fields, `SELECT id, subject FROM bank_line WHERE state = 'certain' ORDER BY id DESC LIMIT 1`)
			return err
		})
	}
	return l, err
}

type left struct {
	Line, By       string
	Due, Expected  int64
	Held, Covers   int64
	Ledger, Unseen int64
}

func state(t *testing.T, d *db.DB, p proposed) left {
	t.Helper()
	var l left
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		l, err = db.One(context.Background(), tx, func(l *left) []any {
			return []any{&l.Line, &l.By, &l.Due, &l.Expected, &l.Held, &l.Covers, &l.Ledger, &l.Unseen}
		}, `SELECT l.state, l.taken_by, d.due_fen, a.expected_fen, b.fen,
				(SELECT COUNT(*) FROM deposit_cover WHERE vendor_id = $2),
				(SELECT CAST(SUM(fen) AS BIGINT) FROM ledger_entry WHERE account = $3),
				(SELECT COUNT(*) FROM event_pending p JOIN event e ON e.id = p.event_id WHERE e.vendor_id = $2 AND e.kind = 'deposit.confirmed')
			FROM bank_line l, deposit d, announcement a, ledger_balance b
			WHERE l.id = $1 AND d.vendor_id = $2 AND a.subject = $2 AND b.account = $3`, p.line, p.vendor, "deposit-held:"+p.vendor)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}
