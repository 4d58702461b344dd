package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
)

// bareStatements write what one confirmation writes, row for row; bare_test.go
// compares the two.
var bareStatements = []string{
	`UPDATE vendor SET locks = locks + 1 WHERE id = $1`,
	`UPDATE bank_line SET state = 'taken', taken_for = $1, taken_by = $2, taken_at = $3 WHERE id = $4 AND taken_for IS NULL`,
	`INSERT INTO ledger_transfer (id, at, once_key, kind) VALUES ($1, $2, $3, 'deposit')`,
	`INSERT INTO ledger_entry (id, transfer_id, account, fen, currency) VALUES ($1, $2, 'unidentified', $3, 'CNY'), ($4, $2, $5, $6, 'CNY')`,
	`INSERT INTO ledger_balance (account, fen, currency) VALUES ($1, $2, 'CNY') ON CONFLICT (account) DO UPDATE SET fen = excluded.fen`,
	`INSERT INTO deposit_cover (vendor_id, category, covered_at) VALUES ($1, 'image', $2), ($1, 'ops', $2)`,
	`UPDATE deposit SET due_fen = 0, asked_at = $1 WHERE vendor_id = $2`,
	`UPDATE announcement SET expected_fen = 0, mark = '', changed_at = $1 WHERE subject = $2`,
	`INSERT INTO counter (series, last) VALUES ($1, 1) ON CONFLICT (series) DO UPDATE SET last = counter.last + 1 RETURNING last`,
	`INSERT INTO deposit_receipt (id, number, code, vendor_id, line_id, fen, held_fen, excess_fen, currency, paid_on, issued_on, way, sealed, reason, confirmed_by, confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $6, 0, 'CNY', $7, $7, '', $8, '', $9, $10)`,
	`INSERT INTO job (id, kind, dedupe_key, payload, state, run_at, created_at) VALUES ($1, 'receipt.render', $2, $3, 'available', $4, $4)`,
	`INSERT INTO event (id, at, kind, subject, vendor_id, actor_kind, actor_id, address, internal, data) VALUES ($1, $2, 'deposit.confirmed', $3, $4, 'staff', $5, '', FALSE, $6)`,
	`INSERT INTO event_pending (event_id) VALUES ($1)`,
}

// bare writes rows and decides nothing.
type bare struct {
	pool     *sql.DB
	postgres bool
	prepared []*sql.Stmt
}

func newBare(ctx context.Context, d *db.DB) (*bare, error) {
	b := &bare{pool: d.SQL(), postgres: d.Dialect() == db.Postgres}
	for _, q := range bareStatements {
		st, err := b.pool.PrepareContext(ctx, q)
		if err != nil {
			return nil, errors.Join(err, b.close())
		}
		b.prepared = append(b.prepared, st)
	}
	return b, nil
}

func (b *bare) close() error {
	var err error
	for _, st := range b.prepared {
		err = errors.Join(err, st.Close())
	}
	return err
}

// id is as long as ours and rises with time.
func (b *bare) id(prefix string) string {
	var raw [12]byte
	rand.Read(raw[:])
	return fmt.Sprintf("%s_%010x%s", prefix, time.Now().UnixMilli(), base64.RawURLEncoding.EncodeToString(raw[:]))
}

// at is a moment as the database keeps it.
func (b *bare) at(t time.Time) any {
	if b.postgres {
		return t
	}
	return t.Format("2006-01-02T15:04:05.000000Z")
}

func (b *bare) confirm(ctx context.Context, l proposed) error {
	tx, err := b.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	moment := time.Now().UTC().Truncate(time.Microsecond)
	now, day := b.at(moment), moment.Format("2006-01-02")
	receipt, transfer, event := b.id("rct"), b.id("tfr"), b.id("evt")
	sealed := strings.Repeat("0", 280)
	exec := func(i int, args ...any) {
		if err == nil {
			_, err = tx.StmtContext(ctx, b.prepared[i]).ExecContext(ctx, args...)
		}
	}
	exec(0, l.vendor)
	exec(1, receipt, chief.ID, now, l.line)
	exec(2, transfer, now, "deposit:"+l.line)
	exec(3, b.id("ent"), transfer, due, b.id("ent"), "deposit-held:"+l.vendor, -due)
	exec(4, "deposit-held:"+l.vendor, due)
	exec(5, l.vendor, now)
	exec(6, now, l.vendor)
	exec(7, now, l.vendor)
	var number int64
	if err == nil {
		err = tx.StmtContext(ctx, b.prepared[8]).QueryRowContext(ctx, fmt.Sprintf("BARE-%04d", moment.Year())).Scan(&number)
	}
	exec(9, receipt, fmt.Sprintf("BARE-%04d-%06d", moment.Year(), number), b.id("code"), l.vendor, l.line, due, day, sealed, chief.ID, now)
	exec(10, b.id("job"), receipt, `{"receipt":"`+receipt+`"}`, now)
	exec(11, event, now, receipt, l.vendor, chief.ID, fmt.Sprintf(`{"line":%q,"number":"BARE-2026-%06d","held_fen":500000,"excess_fen":0,"doubtful":false,"covered":["image","ops"]}`, l.line, number))
	exec(12, event)
	if err != nil {
		return err
	}
	return tx.Commit()
}
