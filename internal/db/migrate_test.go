package db_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

// eachEmpty runs a test on the address of an empty database of each kind.
func eachEmpty(t *testing.T, test func(t *testing.T, address string)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, filepath.Join(t.TempDir(), "new", "yunshi.db")) })
	if dbtest.HasPostgres() {
		t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, dbtest.EmptyPostgres(t)) })
	}
}

func open(t *testing.T, address string) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), address, db.Options{})
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

func TestMigrateBringsTheSchemaUp(t *testing.T) {
	eachEmpty(t, func(t *testing.T, address string) {
		d := open(t, address)
		if ok, err := d.Current(t.Context()); err != nil || ok {
			t.Errorf("an empty database is current: %v, %v", ok, err)
		}
		ran, err := d.Migrate(t.Context())
		if err != nil || len(ran) == 0 || ran[0] != "00001_ground.sql" {
			t.Fatalf("Migrate = %v, %v", ran, err)
		}
		if ok, err := d.Current(t.Context()); err != nil || !ok {
			t.Errorf("a migrated database is not current: %v, %v", ok, err)
		}
		if ran, err := d.Migrate(t.Context()); err != nil || len(ran) != 0 {
			t.Errorf("again: Migrate = %v, %v; want nothing", ran, err)
		}
	})
}

func TestReplicasMigrateTogether(t *testing.T) {
	eachEmpty(t, func(t *testing.T, address string) {
		const replicas = 4
		var wg sync.WaitGroup
		ran := make([][]string, replicas)
		for i := range replicas {
			d := open(t, address)
			wg.Go(func() {
				var err error
				if ran[i], err = d.Migrate(context.Background()); err != nil {
					t.Errorf("replica %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		d := open(t, address)
		if ok, err := d.Current(t.Context()); err != nil || !ok {
			t.Errorf("after four replicas: current %v, %v", ok, err)
		}
		once := make(map[string]int)
		for _, names := range ran {
			for _, name := range names {
				once[name]++
			}
		}
		for name, n := range once {
			if n != 1 {
				t.Errorf("%s was run %d times", name, n)
			}
		}
	})
}

func TestOpenRefusesABadAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"postgres://u:s3cret@host:port/x", "postgres://yunshi:s3cret@127.0.0.1:1/x"} {
		d, err := db.Open(t.Context(), address, db.Options{})
		if err == nil {
			d.Close()
			t.Errorf("%s was opened", address)
			continue
		}
		if contains(err.Error(), "s3cret") {
			t.Errorf("the error shows the password: %v", err)
		}
	}
}
