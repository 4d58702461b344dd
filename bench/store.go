package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
)

// store is one of the two databases as a place for marketplaces.
type store struct {
	b        *bench
	postgres bool
}

func (b *bench) stores() []store {
	var all []store
	if b.only != "postgres" {
		all = append(all, store{b: b})
	}
	if b.postgres != "" && b.only != "sqlite" {
		all = append(all, store{b: b, postgres: true})
	}
	return all
}

func (s store) name() string {
	if s.postgres {
		return "postgres"
	}
	return "sqlite"
}

func (s store) title(ctx context.Context) string {
	if !s.postgres {
		return "SQLite"
	}
	// The head tells the settings of the last run; a section that was spared the disk says so itself.
	if words, err := s.settings(ctx); err == nil && strings.Contains(words, "fsync=off") {
		return "PostgreSQL (fsync off)"
	}
	return "PostgreSQL"
}

// secrets are the keys of every marketplace made here; PostgreSQL wants them given.
type secrets struct{ Keys, Signing string }

func (b *bench) secrets() (secrets, error) {
	path := filepath.Join(b.dir, "secrets.json")
	var s secrets
	data, err := os.ReadFile(path)
	if err == nil {
		return s, json.Unmarshal(data, &s)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if s.Keys, s.Signing, err = market.NewSecrets(); err != nil {
		return s, err
	}
	if data, err = json.Marshal(s); err != nil {
		return s, err
	}
	return s, os.WriteFile(path, data, 0o600)
}

func (s store) folder(what string) string { return filepath.Join(s.b.dir, what+"-"+s.name()) }

func (s store) database(what string) string { return "yunshi_bench_" + what }

// address is the --database of a marketplace, "" on SQLite.
func (s store) address(what string) string {
	if !s.postgres {
		return ""
	}
	u, err := url.Parse(s.b.postgres)
	if err != nil {
		return s.b.postgres
	}
	u.Path = "/" + s.database(what)
	return u.String()
}

// remove deletes a marketplace with all it holds.
func (s store) remove(ctx context.Context, what string) error {
	if err := os.RemoveAll(s.folder(what)); err != nil || !s.postgres {
		return err
	}
	return s.admin(ctx, "DROP DATABASE IF EXISTS "+s.database(what)+" WITH (FORCE)")
}

// make makes the place of a marketplace, unless it is there.
func (s store) make(ctx context.Context, what string) error {
	if err := os.MkdirAll(s.folder(what), 0o700); err != nil || !s.postgres {
		return err
	}
	var there bool
	err := s.server(ctx, func(d *db.DB) error {
		return d.SQL().QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", s.database(what)).Scan(&there)
	})
	if err != nil || there {
		return err
	}
	return s.admin(ctx, "CREATE DATABASE "+s.database(what))
}

func (s store) admin(ctx context.Context, statement string) error {
	return s.server(ctx, func(d *db.DB) error {
		_, err := d.SQL().ExecContext(ctx, statement)
		return err
	})
}

func (s store) server(ctx context.Context, do func(d *db.DB) error) error {
	d, err := db.Open(ctx, s.b.postgres, db.Options{})
	if err != nil {
		return err
	}
	return errors.Join(do(d), d.Close())
}

// config is how a marketplace is opened in this process.
func (s store) config(what string) (market.Config, error) {
	c := market.Config{Data: s.folder(what), Database: s.address(what), BaseURL: "http://127.0.0.1", Log: quiet, Version: "bench"}
	if s.postgres {
		k, err := s.b.secrets()
		if err != nil {
			return c, err
		}
		c.Keys, c.Signing = k.Keys, k.Signing
	}
	return c, nil
}

// settings names what of the database's settings bears on the figures.
func (s store) settings(ctx context.Context) (string, error) {
	if !s.postgres {
		d, err := db.Open(ctx, filepath.Join(s.b.dir, "version.db"), db.Options{})
		if err != nil {
			return "", err
		}
		var v string
		err = d.SQL().QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&v)
		return "SQLite " + v + " (in the program; WAL, synchronous=FULL)", errors.Join(err, d.Close())
	}
	var words []string
	err := s.server(ctx, func(d *db.DB) error {
		for _, name := range []string{"server_version", "fsync", "synchronous_commit", "shared_buffers"} {
			var v string
			if err := d.SQL().QueryRowContext(ctx, "SHOW "+name).Scan(&v); err != nil {
				return err
			}
			words = append(words, name+"="+v)
		}
		return nil
	})
	version, rest, _ := strings.Cut(strings.Join(words, ", "), ", ")
	return fmt.Sprintf("PostgreSQL %s (%s)", strings.TrimPrefix(version, "server_version="), rest), err
}
