// Package dbtest gives each test a database of its own, migrated and empty: on
// SQLite always, on PostgreSQL too when YUNSHI_TEST_POSTGRES holds the address of
// a server whose user may create databases. Its clock stands still until moved.
package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Start is the moment at which every test begins: Monday 2 March 2026, 09:00 in Shanghai.
var Start = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// Clock is a clock that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now returns the time it was last moved to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the database's clock.
func Advance(d *db.DB, by time.Duration) {
	c := d.Clock().(*Clock)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// Each runs the test on every database there is, in parallel.
func Each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	if HasPostgres() {
		t.Run("postgres", func(t *testing.T) {
			t.Parallel()
			test(t, Postgres(t))
		})
	}
}

// HasPostgres reports whether there is a PostgreSQL server to test on.
func HasPostgres() bool { return os.Getenv("YUNSHI_TEST_POSTGRES") != "" }

var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "yunshi-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "t.db")
	d, err := db.Open(context.Background(), path, db.Options{})
	if err != nil {
		return nil, err
	}
	if _, err := d.Migrate(context.Background()); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// SQLite gives a migrated database in the test's own folder.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	data, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "yunshi.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

var number atomic.Int64

// postgresTemplate makes the migrated database that those of the tests are copied
// from. It is named by the schema and shared by all test processes on the server;
// the first one makes it, under another name until it is ready.
var postgresTemplate = sync.OnceValues(func() (string, error) {
	id, err := db.SchemaID(db.Postgres)
	if err != nil {
		return "", err
	}
	ctx := context.Background()
	d, err := db.Open(ctx, os.Getenv("YUNSHI_TEST_POSTGRES"), db.Options{})
	if err != nil {
		return "", err
	}
	defer d.Close()
	conn, err := d.SQL().Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(20260302)"); err != nil {
		return "", err
	}
	defer conn.ExecContext(ctx, "SELECT pg_advisory_unlock(20260302)")
	name := "yunshi_template_" + id
	var there bool
	if err := conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
		return name, err
	}
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name + "_new WITH (FORCE)", "CREATE DATABASE " + name + "_new"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return "", err
		}
	}
	if err := migrated(address(name + "_new")); err != nil {
		return "", err
	}
	_, err = conn.ExecContext(ctx, "ALTER DATABASE "+name+"_new RENAME TO "+name)
	return name, err
})

func migrated(addr string) error {
	d, err := db.Open(context.Background(), addr, db.Options{})
	if err != nil {
		return err
	}
	_, err = d.Migrate(context.Background())
	return errors.Join(err, d.Close())
}

// Postgres gives a migrated database of its own on the server.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	return open(t, PostgresAddress(t))
}

// PostgresOrNil is Postgres where there is a server, for what cannot happen on
// SQLite; elsewhere it is nil.
func PostgresOrNil(t testing.TB) *db.DB {
	t.Helper()
	if !HasPostgres() {
		return nil
	}
	return Postgres(t)
}

// PostgresAddress makes a migrated database and returns its address.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	template, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return create(t, " TEMPLATE "+template)
}

// EmptyPostgres makes a database without any table and returns its address.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	return create(t, "")
}

func create(t testing.TB, how string) string {
	t.Helper()
	name := fmt.Sprintf("yunshi_t%d_%d", os.Getpid(), number.Add(1))
	if err := admin("CREATE DATABASE " + name + how); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return address(name)
}

// Connect opens a database by its address, as PostgresAddress returns it or as a
// test changed it.
func Connect(t testing.TB, addr string) *db.DB {
	t.Helper()
	return open(t, addr)
}

func open(t testing.TB, addr string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), addr, db.Options{Clock: &Clock{now: Start}, Vault: Vault(), MaxConns: 12})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func address(name string) string {
	u, err := url.Parse(os.Getenv("YUNSHI_TEST_POSTGRES"))
	if err != nil {
		return ""
	}
	u.Path = "/" + name
	return u.String()
}

// Vault gives the vault of every test database, with keys made once for the process.
var Vault = sync.OnceValue(func() *vault.Vault {
	keys, err := vault.NewKeys(rand.Reader)
	if err != nil {
		panic(err)
	}
	v, err := vault.Open(keys)
	if err != nil {
		panic(err)
	}
	return v
})

var adminMu sync.Mutex

// admin runs one statement on the server, one at a time.
func admin(statement string) error {
	adminMu.Lock()
	defer adminMu.Unlock()
	d, err := db.Open(context.Background(), os.Getenv("YUNSHI_TEST_POSTGRES"), db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	_, err = d.SQL().Exec(statement)
	return err
}

// Again opens a test's PostgreSQL database a second time, as another process does;
// both have one clock. SQLite is one process's alone.
func Again(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	var name string
	if err := d.SQL().QueryRow("SELECT current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	again, err := db.Open(context.Background(), address(name), db.Options{Clock: d.Clock(), Vault: Vault(), MaxConns: 6})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
	return again
}
