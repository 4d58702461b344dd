package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// lite gives a small SQLite database with one table.
func lite(t *testing.T) *DB {
	t.Helper()
	d, err := Open(context.Background(), filepath.Join(t.TempDir(), "t.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if _, err := d.write.Exec(`CREATE TABLE note (n BIGINT PRIMARY KEY)`); err != nil {
		t.Fatal(err)
	}
	return d
}

func insert(ctx context.Context, tx *Tx, n int) error {
	_, err := tx.Exec(ctx, `INSERT INTO note (n) VALUES ($1)`, n)
	return err
}

func notes(t *testing.T, d *DB) (list []int64) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *Tx) (err error) {
		list, err = All(context.Background(), tx, Value[int64], `SELECT n FROM note ORDER BY n`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// together runs calls so that all of them are waiting when the first has its turn,
// and therefore share one transaction; it returns how each ended.
func together(t *testing.T, d *DB, calls ...func() error) []error {
	t.Helper()
	errs := make([]error, len(calls))
	begun, start := make(chan struct{}), make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) }) // it may be run again
	var first, others sync.WaitGroup
	first.Go(func() {
		err := d.Write(context.Background(), func(tx *Tx) error { begin(); <-start; return nil })
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	for i, call := range calls {
		others.Go(func() { errs[i] = call() })
		for len(d.queue) < i+1 {
			runtime.Gosched()
		}
	}
	close(start)
	first.Wait()
	others.Wait()
	return errs
}

func TestWaitingWritesShareOneTransaction(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	var mu sync.Mutex
	shared := make(map[*sql.Tx]int)
	calls := make([]func() error, 20)
	for i := range calls {
		calls[i] = func() error {
			return d.Write(ctx, func(tx *Tx) error {
				mu.Lock()
				shared[tx.raw]++
				mu.Unlock()
				return insert(ctx, tx, i)
			})
		}
	}
	for i, err := range together(t, d, calls...) {
		if err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if len(shared) != 1 || len(notes(t, d)) != 20 {
		t.Errorf("20 writes that waited took %d transactions and left %d rows", len(shared), len(notes(t, d)))
	}
}

func TestFailingWriteIsUndoneAlone(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	mine := errors.New("mine")
	errs := together(t, d,
		func() error { return d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 1) }) },
		func() error {
			return d.Write(ctx, func(tx *Tx) error {
				if err := insert(ctx, tx, 2); err != nil {
					return err
				}
				return mine
			})
		},
		func() error { return d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 1) }) }, // twice
		func() error { return d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 4) }) },
	)
	if errs[0] != nil || !errors.Is(errs[1], mine) || !IsUnique(errs[2]) || errs[3] != nil {
		t.Errorf("errors = %v", errs)
	}
	if got := fmt.Sprint(notes(t, d)); got != "[1 4]" {
		t.Errorf("rows = %s, want those of the writes that returned nil", got)
	}
}

func TestPanicIsItsCallersAlone(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	var got any
	errs := together(t, d,
		func() error { return d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 1) }) },
		func() (err error) {
			defer func() { got = recover() }()
			return d.Write(ctx, func(tx *Tx) error {
				if err := insert(ctx, tx, 2); err != nil {
					return err
				}
				panic("ouch")
			})
		},
		func() error { // as t.Fatal does
			var wg sync.WaitGroup
			wg.Go(func() {
				d.Write(ctx, func(tx *Tx) error {
					if err := insert(ctx, tx, 3); err != nil {
						return err
					}
					runtime.Goexit()
					return nil
				})
			})
			wg.Wait()
			return nil
		},
		func() error { return d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 4) }) },
	)
	if err := errors.Join(errs...); err != nil || got != "ouch" {
		t.Errorf("errors %v, panic %v; want none and the caller's own", err, got)
	}
	if rows := fmt.Sprint(notes(t, d)); rows != "[1 4]" {
		t.Errorf("rows = %s, want [1 4]", rows)
	}
}

func TestCancelledWriteIsUndoneAlone(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	midway, cancel := context.WithCancel(ctx)
	late, cancelLate := context.WithCancel(ctx)
	errs := together(t, d,
		func() error { return d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 1) }) },
		func() error {
			return d.Write(midway, func(tx *Tx) error {
				if err := insert(midway, tx, 2); err != nil {
					return err
				}
				cancel()
				return insert(midway, tx, 3)
			})
		},
		func() error {
			return d.Write(late, func(tx *Tx) error {
				defer cancelLate() // after its last statement, before the commit
				return insert(late, tx, 4)
			})
		},
		func() error { return d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 5) }) },
	)
	if errs[0] != nil || !errors.Is(errs[1], context.Canceled) || !errors.Is(errs[2], context.Canceled) || errs[3] != nil {
		t.Errorf("errors = %v", errs)
	}
	if rows := fmt.Sprint(notes(t, d)); rows != "[1 5]" {
		t.Errorf("rows = %s, want [1 5]", rows)
	}
}

// When the shared transaction itself breaks, the writes that lost their work with
// it are run again, and only the one that broke it gets its error.
func TestOthersAreRunAgainWhenTheTransactionBreaks(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	runs := 0
	errs := together(t, d,
		func() error {
			return d.Write(ctx, func(tx *Tx) error { runs++; return insert(ctx, tx, 1) })
		},
		func() error {
			return d.Write(ctx, func(tx *Tx) error {
				if _, err := tx.raw.Exec(`ROLLBACK`); err != nil { // as SQLite does by itself on a full disk
					return err
				}
				return errors.New("broke it")
			})
		},
	)
	if errs[0] != nil || errs[1] == nil || errs[1].Error() != "broke it" {
		t.Errorf("errors = %v", errs)
	}
	if runs != 2 || fmt.Sprint(notes(t, d)) != "[1]" {
		t.Errorf("run %d times, rows %v; want twice and [1]", runs, notes(t, d))
	}
}

func TestCloseFinishesWhatCameBefore(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	path, err := pathOf(d)
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan error)
	errs := together(t, d,
		func() error {
			return d.Write(ctx, func(tx *Tx) error {
				go func() { closed <- d.Close() }()
				<-d.closing
				return insert(ctx, tx, 1)
			})
		},
	)
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, 2) }); !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("a write after Close: %v, want %v", err, sql.ErrConnDone)
	}
	again, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if rows := fmt.Sprint(notes(t, again)); rows != "[1]" {
		t.Errorf("rows = %s, want [1]", rows)
	}
}

// pathOf reads the path of the open file.
func pathOf(d *DB) (path string, err error) {
	err = d.read.QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&path)
	return path, err
}

func TestWriteRunsAgainOnAConflict(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	runs := 0
	err := d.Write(ctx, func(tx *Tx) error {
		if runs++; runs < 4 {
			return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: "40001"})
		}
		return insert(ctx, tx, runs)
	})
	if err != nil || runs != 4 || fmt.Sprint(notes(t, d)) != "[4]" {
		t.Errorf("err = %v after %d runs, rows %v; want none after 4", err, runs, notes(t, d))
	}
	runs = 0
	err = d.Write(ctx, func(tx *Tx) error { runs++; return &pgconn.PgError{Code: "40P01"} })
	if !errors.Is(err, fault.Conflict) || runs != tries {
		t.Errorf("for ever in conflict: %v after %d runs, want a conflict after %d", err, runs, tries)
	}
	runs = 0
	mine := errors.New("mine")
	if err = d.Write(ctx, func(tx *Tx) error { runs++; return mine }); err != mine || runs != 1 {
		t.Errorf("an error of ours: %v after %d runs, want it after one", err, runs)
	}
}

func TestRetryable(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"40001": true, "40P01": true, "25006": true, "57P01": true, "08006": true,
		"23505": false, "23503": false, "42601": false, "57014": false,
	} {
		if got := retryable(fmt.Errorf("x: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("retryable(%s) = %v", code, got)
		}
	}
	if retryable(context.Canceled) || retryable(sql.ErrNoRows) || retryable(sql.ErrConnDone) {
		t.Error("what will not change is tried again")
	}
}
