package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed schema/*.sql
var schema embed.FS

// migrations are the files of one dialect: the common ones, and of a pair
// x.sqlite.sql and x.postgres.sql the one that fits.
func migrations(dialect Dialect) (fs.FS, error) {
	out := fstest.MapFS{}
	entries, err := schema.ReadDir("schema")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		base, rest, forOne := strings.Cut(strings.TrimSuffix(name, ".sql"), ".")
		if forOne && rest != string(dialect) {
			continue
		}
		data, err := schema.ReadFile("schema/" + name)
		if err != nil {
			return nil, err
		}
		out[base+".sql"] = &fstest.MapFile{Data: data}
	}
	return out, nil
}

// SchemaID names this program's set of migrations for a dialect: another name is
// another schema.
func SchemaID(dialect Dialect) (string, error) {
	files, err := migrations(dialect)
	if err != nil {
		return "", err
	}
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, name := range names { // Glob sorts them
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %d\n%s", name, len(data), data)
	}
	return hex.EncodeToString(h.Sum(nil))[:12], nil
}

func (d *DB) provider() (*goose.Provider, error) {
	files, err := migrations(d.dialect)
	if err != nil {
		return nil, err
	}
	if d.dialect == SQLite {
		return goose.NewProvider(goose.DialectSQLite3, d.write, files)
	}
	locker, err := lock.NewPostgresTableLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, d.write, files, goose.WithLocker(locker))
}

// Version is the number of the last migration that was run; 0 is an empty database.
func (d *DB) Version(ctx context.Context) (int64, error) {
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

// Newest is the number of this program's last migration.
func (d *DB) Newest() (int64, error) {
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	all := p.ListSources()
	return all[len(all)-1].Version, nil
}

// MigrateTo brings an older schema up to one that this program knows, and no
// further: that of the program a backup comes from.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(p.ListSources(), func(s *goose.Source) bool { return s.Version == version }) {
		return fmt.Errorf("migrate: this program does not know the schema %d; a newer one does", version)
	}
	unlock, err := d.alone(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	_, err = p.UpTo(ctx, version)
	return errors.Join(err, unlock())
}

// Migrate brings the schema up to this program's. Replicas may call it together.
// It returns the names of the migrations it ran.
func (d *DB) Migrate(ctx context.Context) ([]string, error) {
	p, err := d.provider()
	if err != nil {
		return nil, err
	}
	if pending, err := p.HasPending(ctx); err == nil && !pending {
		return nil, nil
	}
	unlock, err := d.alone(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	done, err := p.Up(ctx)
	if err := errors.Join(err, unlock()); err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	names := make([]string, len(done))
	for i, r := range done {
		names[i] = r.Source.Path
	}
	return names, nil
}

// alone waits until no other process migrates this SQLite file: a second file beside
// it holds the lock, which the system gives back when a process dies. PostgreSQL
// has goose's table of locks.
func (d *DB) alone(ctx context.Context) (unlock func() error, err error) {
	if d.dialect != SQLite {
		return func() error { return nil }, nil
	}
	var path string
	if err := d.write.QueryRowContext(ctx, `SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&path); err != nil {
		return nil, err
	}
	guard, err := sql.Open("sqlite", sqliteName(path+"-migrate")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		return nil, err
	}
	guard.SetMaxOpenConns(1)
	if _, err := guard.ExecContext(ctx, "BEGIN EXCLUSIVE"); err != nil {
		return nil, errors.Join(err, guard.Close())
	}
	return guard.Close, nil
}

// Current reports whether the schema is this program's.
func (d *DB) Current(ctx context.Context) (bool, error) {
	p, err := d.provider()
	if err != nil {
		return false, err
	}
	pending, err := p.HasPending(ctx)
	return !pending, err
}
