// Package db is the two databases behind one door: SQLite (embedded) and
// PostgreSQL, both spoken to in the common subset of SQL that docs/design.md
// names. Write and Read run a function in one transaction; the function must have
// no effect outside it, because Write runs it again when the database asks for
// that. The package owns connections, clocks, ids, migrations and the mapping of
// database errors; tables belong to the packages that name them in their SQL.
package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // registers the "sqlite" driver

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Dialect is which of the two databases is behind the door.
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Clock tells the time; tests hand in one they move.
type Clock interface{ Now() time.Time }

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

// DB is an open database.
type DB struct {
	dialect Dialect
	write   *sql.DB
	read    *sql.DB
	clock   Clock
	random  io.Reader
	vault   *vault.Vault
	wake    chan struct{}
	made    atomic.Uint32 // ids, for their order
	queue   chan *call    // SQLite: writes that share a commit; never closed
	closing chan struct{} // closed by Close; no write is taken after it
	done    chan struct{} // closed when the last write is answered
	once    sync.Once
	writes  statements // of the writing SQLite pool
	reads   statements // of the reading one
	turns   turns
}

// Options are what a test or an operator may set; the zero value is right for both.
type Options struct {
	Clock    Clock        // nil is the wall clock
	Random   io.Reader    // nil is crypto/rand
	Vault    *vault.Vault // seals what operations write; nil where nothing is sealed
	MaxConns int          // PostgreSQL connections; 0 is 4 per core, at least 8
}

// Open opens "postgres://…" or, for any other text, the SQLite file of that path
// (its folder is made). It does not migrate.
func Open(ctx context.Context, address string, opt Options) (*DB, error) {
	d := &DB{clock: opt.Clock, random: opt.Random, vault: opt.Vault, wake: make(chan struct{}, 1)}
	if d.clock == nil {
		d.clock = wallClock{}
	}
	if d.random == nil {
		d.random = rand.Reader
	}
	var err error
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		err = d.openPostgres(address, opt)
	} else {
		err = d.openSQLite(strings.TrimPrefix(address, "sqlite:"))
	}
	if err != nil {
		return nil, err
	}
	if err := d.write.PingContext(ctx); err != nil {
		d.write.Close()
		return nil, fmt.Errorf("open %s database: %w", d.dialect, redact(err))
	}
	if d.dialect == SQLite {
		d.queue = make(chan *call, 256)
		d.closing = make(chan struct{})
		d.done = make(chan struct{})
		go d.commitGroups()
	}
	return d, nil
}

func (d *DB) openPostgres(address string, opt Options) error {
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return errors.New("the --database address is not a valid postgres:// URL")
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	d.dialect = Postgres
	d.write = stdlib.OpenDB(*cfg)
	n := opt.MaxConns
	if n == 0 {
		n = max(8, 4*runtime.NumCPU())
	}
	d.write.SetMaxOpenConns(n)
	d.write.SetMaxIdleConns(n)
	d.write.SetConnMaxLifetime(5 * time.Minute)
	d.read = d.write
	return nil
}

func (d *DB) openSQLite(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	common := url.Values{"_time_format": {"sqlite"}, "_timezone": {"UTC"}}
	common["_pragma"] = []string{"busy_timeout(5000)", "foreign_keys(1)", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-16000)", "temp_store(MEMORY)"}
	w := url.Values{"_time_format": common["_time_format"], "_timezone": common["_timezone"], "_pragma": common["_pragma"], "_txlock": {"immediate"}}
	r := url.Values{"_time_format": common["_time_format"], "_timezone": common["_timezone"], "_pragma": append([]string{"query_only(1)"}, common["_pragma"]...)}
	name := sqliteName(path)
	d.dialect = SQLite
	var err error
	if d.write, err = sql.Open("sqlite", name+"?"+w.Encode()); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	if d.read, err = sql.Open("sqlite", name+"?"+r.Encode()); err != nil {
		return err
	}
	n := max(4, runtime.NumCPU())
	d.read.SetMaxOpenConns(n)
	d.read.SetMaxIdleConns(n)
	return nil
}

// sqliteName is the file's name as the driver wants it.
func sqliteName(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// Close waits for running writes and closes the database; a write that comes
// later is refused.
func (d *DB) Close() error {
	if d.queue != nil {
		d.once.Do(func() { close(d.closing) })
		<-d.done
	}
	err := d.write.Close()
	if d.read != d.write {
		err = errors.Join(err, d.read.Close())
	}
	return err
}

// Dialect tells which database this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// Clock returns the clock that tx.Now reads.
func (d *DB) Clock() Clock { return d.clock }

// SQL returns the pool that writes, for migrations and health checks only.
func (d *DB) SQL() *sql.DB { return d.write }

// tries is how often Write runs its function before it gives up.
const tries = 12

// Write runs fn in one read-write transaction and commits if it returns nil. When
// the database reports a conflict with another transaction, fn runs again from the
// start; it therefore has no effect outside the transaction.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) (err error) {
	var last *Tx
	ctx, span := d.beginSpan(ctx, "db.write")
	tried := 0
	defer func() { endSpan(span, last, tried, err) }()
	held := make(held)
	defer held.leave()
	run := func(tx *Tx) error { last, tx.held = tx, held; return fn(tx) }
	for try := range tries {
		tried = try + 1
		if d.dialect == SQLite {
			err = d.writeGrouped(ctx, run)
		} else {
			err = d.writeAlone(ctx, run)
		}
		if err == nil {
			return nil
		}
		if !retryable(err) {
			held.leave()
			return d.despite(ctx, last, err)
		}
		if len(held) > 0 && try < 2 {
			continue // nobody in this process stands in the way
		}
		pause := time.Duration(mrand.Int64N(int64(4*time.Millisecond) << min(try, 6)))
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
	return fault.New(fault.Conflict, "fault.busy").Because(err)
}

// despite writes what must be kept although the transaction was refused.
func (d *DB) despite(ctx context.Context, tx *Tx, err error) error {
	if tx == nil {
		return err
	}
	for _, fn := range tx.refused {
		if e := d.Write(context.WithoutCancel(ctx), fn); e != nil {
			return errors.Join(err, e)
		}
	}
	return err
}

func (d *DB) writeAlone(ctx context.Context, fn func(tx *Tx) error) error {
	raw, err := d.write.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return redact(err)
	}
	defer raw.Rollback()
	tx := d.newTx(raw)
	if err := fn(tx); err != nil {
		return err
	}
	if err := raw.Commit(); err != nil {
		if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
			return ctx.Err() // database/sql undid it when the caller gave up
		}
		return redact(err)
	}
	d.wakeIf(tx.wakes)
	return nil
}

// Woken gives a signal after a commit that left work for the job runner of this
// process; other processes find it by polling.
func (d *DB) Woken() <-chan struct{} { return d.wake }

func (d *DB) wakeIf(wakes bool) {
	if !wakes {
		return
	}
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

// Read runs fn in one read-only transaction: all it reads is of one moment.
func (d *DB) Read(ctx context.Context, fn func(tx *Tx) error) (err error) {
	var tx *Tx
	ctx, span := d.beginSpan(ctx, "db.read")
	defer func() { endSpan(span, tx, 1, err) }()
	opt := &sql.TxOptions{ReadOnly: true}
	if d.dialect == Postgres {
		opt.Isolation = sql.LevelRepeatableRead
	}
	raw, err := d.read.BeginTx(ctx, opt)
	if err != nil {
		return redact(err)
	}
	tx = d.newTx(raw)
	if d.dialect == SQLite {
		tx.statements = &d.reads
		defer func() { d.reads.keep(context.WithoutCancel(ctx), d.read, tx.toKeep) }()
	}
	defer raw.Rollback()
	return fn(tx)
}

// redact keeps a connection string's password out of errors: pgx names host and
// user in connection errors, never the password; this is the one place to look.
func redact(err error) error { return err }
