package market_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/market"
)

func config(t *testing.T) market.Config {
	t.Helper()
	return market.Config{Data: filepath.Join(t.TempDir(), "data"), BaseURL: "http://x", Log: slog.New(slog.DiscardHandler)}
}

// open opens and closes, and gives the fingerprint of the keys.
func open(c market.Config) (string, error) {
	m, err := market.Open(context.Background(), c)
	if err != nil {
		return "", err
	}
	return m.Vault.Fingerprint() + " " + m.Key.Fingerprint(), m.Close()
}

func must(t *testing.T, c market.Config) string {
	t.Helper()
	print, err := open(c)
	if err != nil {
		t.Fatal(err)
	}
	return print
}

func TestFirstStartMakesKeysThatOthersCannotRead(t *testing.T) {
	t.Parallel()
	c := config(t)
	first := must(t, c)
	for _, name := range []string{"keys.json", "signing.pem"} {
		info, err := os.Stat(filepath.Join(c.Data, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
	if info, err := os.Stat(c.Data); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
	if second := must(t, c); second != first {
		t.Error("the second start made other keys")
	}
	entries, err := os.ReadDir(c.Data)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".new-") {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}

func TestTwoFirstStartsHaveOneSetOfKeys(t *testing.T) {
	t.Parallel()
	c := config(t)
	prints := make([]string, 4)
	var wg sync.WaitGroup
	for i := range prints {
		wg.Go(func() {
			print, err := open(c)
			// One that comes when the database is there and a key is not yet may be refused.
			if err != nil && !strings.Contains(err.Error(), "missing beside") {
				t.Error(err)
			}
			prints[i] = print
		})
	}
	wg.Wait()
	want := must(t, c)
	for _, got := range prints {
		if got != "" && got != want {
			t.Errorf("one started with %s, want %s", got, want)
		}
	}
}

func TestMissingKeyIsNotMadeAnew(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"keys.json", "signing.pem"} {
		c := config(t)
		must(t, c)
		if err := os.Remove(filepath.Join(c.Data, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := open(c); err == nil || !strings.Contains(err.Error(), name+" is missing beside an existing database") {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

func TestOtherKeysAreRefused(t *testing.T) {
	t.Parallel()
	c := config(t)
	must(t, c)
	keys, signing, err := market.NewSecrets()
	if err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*market.Config){
		"give it its own YUNSHI_KEYS":        func(c *market.Config) { c.Keys = keys },
		"give it its own YUNSHI_SIGNING_KEY": func(c *market.Config) { c.Signing = signing },
		"YUNSHI_KEYS is not the JSON":        func(c *market.Config) { c.Keys = "hunter2" },
		"the encryption keys cannot be read": func(c *market.Config) { c.Keys = "{}" },
	} {
		x := c
		change(&x)
		if _, err := open(x); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the refusal shows the key: %v", err)
		}
	}
	must(t, c) // nothing was changed by the refused
}

func TestForeignFileStoreIsRefused(t *testing.T) {
	t.Parallel()
	c := config(t)
	must(t, c)
	empty := c
	empty.Files = t.TempDir()
	if _, err := open(empty); !errors.Is(err, fault.Conflict) {
		t.Errorf("with an empty store: %v", err)
	}
	other := config(t)
	must(t, other)
	foreign := c
	foreign.Files = filepath.Join(other.Data, "files")
	if _, err := open(foreign); !errors.Is(err, fault.Conflict) {
		t.Errorf("with another's store: %v", err)
	}
	must(t, c)
}

func TestPostgresNeedsItsKeysGiven(t *testing.T) {
	t.Parallel()
	c := config(t)
	c.Database = "postgres://nobody@127.0.0.1:1/none"
	if _, err := open(c); err == nil || !strings.Contains(err.Error(), "YUNSHI_KEYS must be set when the database is PostgreSQL") || !strings.Contains(err.Error(), "yunshi keys") {
		t.Errorf("without keys: %v", err)
	}
	keys, signing, err := market.NewSecrets()
	if err != nil {
		t.Fatal(err)
	}
	c.Keys = keys
	if _, err := open(c); err == nil || !strings.Contains(err.Error(), "YUNSHI_SIGNING_KEY must be set") {
		t.Errorf("without a signing key: %v", err)
	}
	if _, err := os.Stat(c.Data); err == nil {
		t.Error("a folder was made")
	}
	if !dbtest.HasPostgres() {
		return
	}
	c.Database, c.Signing, c.Files = dbtest.EmptyPostgres(t), signing, filepath.Join(t.TempDir(), "files")
	first := must(t, c)
	if second := must(t, c); second != first {
		t.Error("opened with other keys")
	}
	c.Keys, c.Signing, err = market.NewSecrets()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(c); err == nil || !strings.Contains(err.Error(), "give it its own YUNSHI_KEYS") {
		t.Errorf("with other keys: %v", err)
	}
}

// Keys of another installation are refused before its schema is touched.
func TestOtherKeysDoNotMigrate(t *testing.T) {
	t.Parallel()
	c := config(t)
	must(t, c)
	path := filepath.Join(c.Data, "yunshi.db")
	behind := func(change string) (current bool) {
		t.Helper()
		d, err := db.Open(t.Context(), path, db.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if change != "" {
			if _, err := d.SQL().Exec(change); err != nil {
				t.Fatal(err)
			}
		}
		current, err = d.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return current
	}
	if behind(`DELETE FROM goose_db_version WHERE version_id = (SELECT MAX(version_id) FROM goose_db_version)`) {
		t.Fatal("the schema is not behind")
	}
	keys, _, err := market.NewSecrets()
	if err != nil {
		t.Fatal(err)
	}
	x := c
	x.Keys = keys
	if _, err := open(x); err == nil || !strings.Contains(err.Error(), "give it its own YUNSHI_KEYS") {
		t.Errorf("with other keys: %v", err)
	}
	if behind("") {
		t.Error("the schema was migrated with other keys")
	}
}
