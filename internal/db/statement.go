package db

import (
	"context"
	"database/sql"
	"sync"
)

// Bounds of what is kept prepared: long statements are those with many rows in
// them, which seldom come twice.
const (
	mostKept    = 500
	longestKept = 2500
)

// statements are those of one SQLite pool that are kept prepared, since the driver
// would parse each anew every time. (pgx keeps its own.)
type statements struct {
	mu   sync.RWMutex
	kept map[string]*sql.Stmt // nil where a text was seen once
}

// find returns the prepared statement of a text, nil if there is none; again says
// that the text came before and is worth preparing.
func (s *statements) find(query string) (st *sql.Stmt, again bool) {
	s.mu.RLock()
	st, again = s.kept[query]
	s.mu.RUnlock()
	if st != nil || again || len(query) > longestKept {
		return st, again && len(query) <= longestKept
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = make(map[string]*sql.Stmt)
	}
	if len(s.kept) >= 4*mostKept { // of texts that never came again
		for q, st := range s.kept {
			if st == nil {
				delete(s.kept, q)
			}
		}
	}
	s.kept[query] = nil
	return nil, false
}

// keep prepares texts on a pool. The caller holds none of its connections: the
// writing pool has but one. What cannot be prepared stays as it is.
func (s *statements) keep(ctx context.Context, pool *sql.DB, queries []string) {
	for _, q := range queries {
		s.mu.RLock()
		st, n := s.kept[q], 0
		for _, st := range s.kept {
			if st != nil {
				n++
			}
		}
		s.mu.RUnlock()
		if st != nil || n >= mostKept {
			continue
		}
		st, err := pool.PrepareContext(ctx, q)
		if err != nil {
			continue
		}
		s.mu.Lock()
		if s.kept[q] == nil {
			s.kept[q], st = st, nil
		}
		s.mu.Unlock()
		if st != nil { // another was faster
			st.Close()
		}
	}
}

// prepared returns the kept statement of a query for use in the transaction, or
// nil. A statement whose rows are being read is not taken a second time.
func (tx *Tx) prepared(ctx context.Context, query string) *sql.Stmt {
	if tx.statements == nil || tx.reading[query] > 0 {
		return nil
	}
	st, again := tx.statements.find(query)
	if st != nil {
		return tx.raw.StmtContext(ctx, st)
	}
	if again {
		tx.toKeep = append(tx.toKeep, query)
	}
	return nil
}

func (tx *Tx) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if st := tx.prepared(ctx, query); st != nil {
		return st.ExecContext(ctx, args...)
	}
	return tx.raw.ExecContext(ctx, query, args...)
}

func (tx *Tx) queryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if st := tx.prepared(ctx, query); st != nil {
		return st.QueryRowContext(ctx, args...)
	}
	return tx.raw.QueryRowContext(ctx, query, args...)
}

// query reads rows; done is called when they are closed.
func (tx *Tx) query(ctx context.Context, query string, args ...any) (rows *sql.Rows, done func(), err error) {
	st := tx.prepared(ctx, query)
	if st == nil {
		rows, err = tx.raw.QueryContext(ctx, query, args...)
		return rows, func() {}, err
	}
	if tx.reading == nil {
		tx.reading = make(map[string]int)
	}
	tx.reading[query]++
	done = func() { tx.reading[query]-- }
	if rows, err = st.QueryContext(ctx, args...); err != nil {
		done()
	}
	return rows, done, err
}

// Peek reads one row outside any transaction, as a version that tells whether
// what is kept in memory still holds; none is fault.NotFound.
func Peek[T any](ctx context.Context, d *DB, fields func(*T) []any, query string, args ...any) (T, error) {
	var v T
	args = (&Tx{db: d}).bind(args)
	if d.dialect == Postgres {
		return v, missing(d.read.QueryRowContext(ctx, query, args...).Scan(fields(&v)...))
	}
	st, again := d.reads.find(query)
	if st != nil {
		return v, missing(st.QueryRowContext(ctx, args...).Scan(fields(&v)...))
	}
	err := d.read.QueryRowContext(ctx, query, args...).Scan(fields(&v)...)
	if again {
		d.reads.keep(ctx, d.read, []string{query})
	}
	return v, missing(err)
}
