package demo_test

import (
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/demo"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/sign"
	"github.com/yunshi-market/yunshi/internal/verify"
)

// today is when the demos of the tests are started: Thursday 15:30 in Shanghai.
var today = time.Date(2026, 3, 5, 7, 30, 0, 0, time.UTC)

func build(t *testing.T, address string) *market.Market {
	t.Helper()
	began := time.Now()
	clock := demo.NewClock(func() time.Time { return today.Add(time.Since(began)) })
	d, err := db.Open(t.Context(), address, db.Options{Clock: clock, Vault: dbtest.Vault()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	store, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := file.New(store, dbtest.Vault())
	if err := files.Belongs(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	key, err := sign.NewKey("Yunshi Test", today.AddDate(-1, 0, 0), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return market.Build(d, dbtest.Vault(), files, key, market.Config{BaseURL: "http://demo.example", Demo: true, Log: slog.New(slog.DiscardHandler), Version: "test"})
}

func TestFill(t *testing.T) {
	addresses := map[string]string{"sqlite": filepath.Join(t.TempDir(), "yunshi.db")}
	if dbtest.HasPostgres() {
		addresses["postgres"] = dbtest.PostgresAddress(t)
	}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			m := build(t, address)
			began := time.Now()
			if _, err := demo.Fill(t.Context(), m, nil); err != nil {
				t.Fatal(err)
			}
			t.Logf("filled in %v", time.Since(began))
			ok, err := verify.Run(t.Context(), m.DB, m.Files, func(c verify.Check) {
				t.Logf("%s: %d %v", c.Name, c.Checked, c.Wrong)
			})
			if err != nil || !ok {
				t.Errorf("the demo does not verify: %v", err)
			}
		})
	}
}
