package market_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/mailbox"
	"github.com/yunshi-market/yunshi/internal/mailbox/imap"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/text"
)

// finds runs a check and lists what is not fine, by its words.
func finds(t *testing.T, c market.Config) map[text.Key]market.Grade {
	t.Helper()
	out := make(map[text.Key]market.Grade)
	for _, f := range c.Check(t.Context(), "") {
		for _, lang := range []text.Lang{text.ZH, text.EN} {
			if s := (text.Printer{Lang: lang}).Say(f.Words); s == "" || s == string(f.Words.Key) {
				t.Errorf("%s says nothing", f.Words.Key)
			}
		}
		if f.Grade != market.Fine {
			out[f.Words.Key] = f.Grade
		}
	}
	return out
}

// Each thing that is wrong with a set-up is found, and named as what it is.
func TestCheckFinds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, c *market.Config)
		key   text.Key
		grade market.Grade
	}{
		"no folder yet":    {func(t *testing.T, c *market.Config) { c.Data += "x" }, "check.folder_new", market.Warn},
		"a folder for all": {func(t *testing.T, c *market.Config) { do(t, os.Chmod(c.Data, 0o755)) }, "check.folder_open", market.Warn},
		"no folder":        {func(t *testing.T, c *market.Config) { c.Data = filepath.Join(c.Data, "keys.json") }, "check.folder_no_folder", market.Bad},
		"plain http":       {func(t *testing.T, c *market.Config) { c.BaseURL = "http://market.example.com" }, "check.address_plain", market.Warn},
		"no address":       {func(t *testing.T, c *market.Config) { c.BaseURL = "market.example.com" }, "check.address_bad", market.Bad},
		"a path":           {func(t *testing.T, c *market.Config) { c.BaseURL = "https://example.com/market" }, "check.address_bad", market.Bad},
		"lost keys":        {func(t *testing.T, c *market.Config) { do(t, os.Remove(filepath.Join(c.Data, "keys.json"))) }, "check.keys_missing", market.Bad},
		"keys for all":     {func(t *testing.T, c *market.Config) { do(t, os.Chmod(filepath.Join(c.Data, "keys.json"), 0o644)) }, "check.keys_open", market.Warn},
		"torn keys":        {func(t *testing.T, c *market.Config) { c.Keys = `{"fields":{}}` }, "check.keys_bad", market.Bad},
		"another's keys":   {func(t *testing.T, c *market.Config) { c.Keys, c.Signing = newKeys(t) }, "check.keys_foreign", market.Bad},
		"a torn database": {func(t *testing.T, c *market.Config) {
			do(t, os.WriteFile(filepath.Join(c.Data, "yunshi.db"), []byte("no database, and longer than a header"), 0o600))
		}, "check.database_closed", market.Bad},
		"a newer schema": {func(t *testing.T, c *market.Config) {
			sql(t, *c, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`)
		}, "check.database_newer", market.Bad},
		"half a restore": {func(t *testing.T, c *market.Config) {
			sql(t, *c, `INSERT INTO mark (name, value) VALUES ('restore', 'bak_1 -')`)
		}, "check.database_half", market.Bad},
		"another's files": {func(t *testing.T, c *market.Config) { c.Files = filepath.Join(t.TempDir(), "empty") }, "check.files_foreign", market.Bad},
		"a mailbox that is not there": {func(t *testing.T, c *market.Config) {
			c.Letters.IMAP = imap.Settings{Host: "127.0.0.1", Port: 1, User: "u", Password: "p"}
		}, mailbox.Unreachable.Label(), market.Bad},
		"nobody":           {func(t *testing.T, c *market.Config) {}, "check.people_nobody", market.Warn},
		"example operator": {func(t *testing.T, c *market.Config) {}, "check.rules_operator", market.Warn},
		"example account":  {func(t *testing.T, c *market.Config) {}, "check.rules_payee", market.Warn},
		"no mail":          {func(t *testing.T, c *market.Config) {}, "check.mail_none", market.Warn},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(t)
			c.BaseURL = "https://market.example.com"
			must(t, c)
			tt.spoil(t, &c)
			if got := finds(t, c); got[tt.key] != tt.grade {
				t.Errorf("found %v, want %s %s", got, tt.grade, tt.key)
			}
		})
	}
}

func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newKeys(t *testing.T) (keys, signing string) {
	t.Helper()
	keys, signing, err := market.NewSecrets()
	do(t, err)
	return keys, signing
}

func sql(t *testing.T, c market.Config, statement string) {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(c.Data, "yunshi.db"), db.Options{})
	do(t, err)
	_, err = d.SQL().Exec(statement)
	do(t, err)
	do(t, d.Close())
}
