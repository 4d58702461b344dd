package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Tx is one transaction, with its own moment and its own source of ids.
type Tx struct {
	raw     *sql.Tx
	db      *DB
	now     time.Time
	shared  bool // other calls' work stands in the same SQLite transaction
	wakes   bool
	refused []func(tx *Tx) error
	count   int
	held    held // turns; nil in a reading transaction

	statements *statements    // SQLite: those kept prepared
	reading    map[string]int // of these, the ones whose rows are open
	toKeep     []string       // to be prepared when the connection is free
}

func (d *DB) newTx(raw *sql.Tx) *Tx {
	return &Tx{raw: raw, db: d, now: d.clock.Now().UTC().Truncate(time.Microsecond)}
}

// Now is the moment of the transaction, UTC, in microseconds: the same at each call.
func (tx *Tx) Now() time.Time { return tx.now }

// Random is the source of the transaction's randomness.
func (tx *Tx) Random() io.Reader { return tx.db.random }

// Vault seals and opens what the transaction writes and reads.
func (tx *Tx) Vault() *vault.Vault { return tx.db.vault }

// Despite keeps what must be remembered even if this transaction is refused, as
// a wrong code that was tried: fn then runs in a transaction of its own.
func (tx *Tx) Despite(fn func(tx *Tx) error) { tx.refused = append(tx.refused, fn) }

// Wake asks for the job runner's attention once this transaction is committed.
func (tx *Tx) Wake() { tx.wakes = true }

// Dialect tells which database the transaction is on.
func (tx *Tx) Dialect() Dialect { return tx.db.dialect }

// Statements counts what was sent to the database so far, for tests that bound it.
func (tx *Tx) Statements() int { return tx.count }

// ForUpdate returns the words that lock the rows a SELECT reads, "" on SQLite,
// where a write transaction is alone anyway.
func (tx *Tx) ForUpdate() string {
	if tx.db.dialect == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// SkipLocked is ForUpdate that passes over rows somebody else holds.
func (tx *Tx) SkipLocked() string {
	if tx.db.dialect == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

const crockford = "0123456789abcdefghjkmnpqrstvwxyz"

// NewID makes an id: the prefix, "_" and 26 characters of 128 bits, so that ids
// sort by when they were made: 48 bits are the transaction's time in milliseconds,
// 24 count this process's ids, which keeps those of one transaction in order, and
// 56 are random, which keeps those of two processes apart.
func (tx *Tx) NewID(prefix string) string {
	var b [16]byte
	n := tx.db.made.Add(1)
	binary.BigEndian.PutUint64(b[:8], uint64(tx.now.UnixMilli())<<16|uint64(n>>8&0xffff))
	b[8] = byte(n)
	if _, err := io.ReadFull(tx.db.random, b[9:]); err != nil {
		panic(err) // the operating system has no randomness
	}
	return encodeID(prefix, b)
}

// Exec runs a statement and returns how many rows it changed.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, err := tx.ready(ctx)
	if err != nil {
		return 0, err
	}
	res, err := tx.exec(ctx, query, tx.bind(args)...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Move runs an UPDATE that must change exactly one row, as one that repeats the
// old state in WHERE; otherwise somebody else was first: fault.Conflict.
func (tx *Tx) Move(ctx context.Context, query string, args ...any) error {
	n, err := tx.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if n != 1 {
		return fault.New(fault.Conflict, "fault.changed")
	}
	return nil
}

// ready checks the caller's patience. On SQLite a statement is not interrupted
// midway, since that would undo the others in the shared transaction.
func (tx *Tx) ready(ctx context.Context) (context.Context, error) {
	tx.count++
	if err := ctx.Err(); err != nil {
		return ctx, err
	}
	if tx.shared {
		return context.WithoutCancel(ctx), nil
	}
	return ctx, nil
}

// sqliteTime is fixed in width, so that times sort as text.
const sqliteTime = "2006-01-02T15:04:05.000000Z"

// bind puts times into the database's form: the zero time is NULL.
func (tx *Tx) bind(args []any) []any {
	for i, a := range args {
		t, ok := a.(time.Time)
		if !ok {
			continue
		}
		switch {
		case t.IsZero():
			args[i] = nil
		case tx.db.dialect == SQLite:
			args[i] = t.UTC().Format(sqliteTime)
		default:
			args[i] = t.UTC().Truncate(time.Microsecond)
		}
	}
	return args
}

// One reads one row into the fields of a T; none is fault.NotFound.
func One[T any](ctx context.Context, tx *Tx, fields func(*T) []any, query string, args ...any) (T, error) {
	var v T
	ctx, err := tx.ready(ctx)
	if err != nil {
		return v, err
	}
	return v, missing(tx.queryRow(ctx, query, tx.bind(args)...).Scan(fields(&v)...))
}

func missing(err error) error {
	if err == sql.ErrNoRows {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return err
}

// All reads every row into a T each.
func All[T any](ctx context.Context, tx *Tx, fields func(*T) []any, query string, args ...any) ([]T, error) {
	var all []T
	err := Each(ctx, tx, fields, func(v T) error { all = append(all, v); return nil }, query, args...)
	return all, err
}

// Each hands every row to do, one at a time.
func Each[T any](ctx context.Context, tx *Tx, fields func(*T) []any, do func(T) error, query string, args ...any) error {
	ctx, err := tx.ready(ctx)
	if err != nil {
		return err
	}
	rows, done, err := tx.query(ctx, query, tx.bind(args)...)
	if err != nil {
		return err
	}
	defer done()
	defer rows.Close()
	for rows.Next() {
		var v T
		if err := rows.Scan(fields(&v)...); err != nil {
			return err
		}
		if err := do(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Value is the fields function of a single column: db.One(ctx, tx, db.Value[int64], …).
func Value[T any](v *T) []any { return []any{v} }

// Exists reports whether the query finds a row.
func Exists(ctx context.Context, tx *Tx, query string, args ...any) (bool, error) {
	n, err := One(ctx, tx, Value[int64], "SELECT CASE WHEN EXISTS ("+query+") THEN 1 ELSE 0 END", args...)
	return n == 1, err
}

// In writes "($n, $n+1, …)" for a list, numbering from the given place.
func In(from, n int) string {
	if n == 0 {
		return "(NULL)"
	}
	parts := make([]string, n)
	for i := range parts {
		parts[i] = fmt.Sprintf("$%d", from+i)
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// Time scans a TIMESTAMPTZ column of either database into t; NULL is the zero time.
func Time(t *time.Time) sql.Scanner { return (*timeField)(t) }

type timeField time.Time

// Scan reads what either driver gives for a time.
func (f *timeField) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*f = timeField{}
	case time.Time:
		*f = timeField(v.UTC())
	case []byte:
		return f.Scan(string(v))
	case string:
		for _, layout := range []string{sqliteTime, time.RFC3339Nano, "2006-01-02 15:04:05.999999999-07:00", "2006-01-02 15:04:05"} {
			if t, err := time.Parse(layout, v); err == nil {
				*f = timeField(t.UTC())
				return nil
			}
		}
		return fmt.Errorf("not a time: %q", v)
	default:
		return fmt.Errorf("not a time: %T", src)
	}
	return nil
}

// Null scans a nullable text column into s; NULL is "".
func Null(s *string) sql.Scanner { return (*nullField)(s) }

type nullField string

// Scan reads text or NULL.
func (f *nullField) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*f = ""
	case string:
		*f = nullField(v)
	case []byte:
		*f = nullField(v)
	default:
		return fmt.Errorf("not a text: %T", src)
	}
	return nil
}

// OrNull hands "" to the database as NULL.
func OrNull(s string) driver.Value {
	if s == "" {
		return nil
	}
	return s
}
