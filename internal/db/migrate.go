package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
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
	done, err := p.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	names := make([]string, len(done))
	for i, r := range done {
		names[i] = r.Source.Path
	}
	return names, nil
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
