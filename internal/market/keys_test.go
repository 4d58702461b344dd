package market_test

import (
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/rekey"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// change makes a step of a rotation and takes the new set over.
func change(t *testing.T, c *market.Config, step func(vault.Keys) (vault.Keys, error)) {
	t.Helper()
	text, err := c.ChangeKeys(step)
	if err != nil {
		t.Fatal(err)
	}
	if text != "" {
		c.Keys = text
	}
}

func reseal(t *testing.T, c market.Config, dry bool) rekey.Report {
	t.Helper()
	r, err := c.Reseal(t.Context(), rekey.Options{DryRun: dry})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Keys are rotated while everything sealed stays readable, and afterwards nothing
// needs the old one.
func TestKeysAreRotated(t *testing.T) {
	data := released(t)
	eachPlace(t, data, func(t *testing.T, c market.Config) {
		if err := restore(t.Context(), c, data, nil); err != nil {
			t.Fatal(err)
		}
		before := c
		change(t, &c, vault.Keys.Add)
		if r := reseal(t, c, true); !r.Done() {
			t.Errorf("after adding a key something is to be sealed anew: %+v", r)
		}
		change(t, &c, vault.Keys.Promote)
		if _, err := c.ChangeKeys(vault.Keys.Promote); err == nil {
			t.Error("the newest key was promoted twice")
		}
		found := reseal(t, c, true)
		if found.Fields < 100 || found.Blobs == 0 || len(found.Unknown) > 0 {
			t.Fatalf("before: %+v", found)
		}
		if done := reseal(t, c, false); done.Fields != found.Fields || done.Blobs != found.Blobs || len(done.Unknown) > 0 {
			t.Errorf("sealed anew %+v, found %+v", done, found)
		}
		if r := reseal(t, c, true); !r.Done() {
			t.Errorf("afterwards: %+v", r)
		}
		change(t, &c, vault.Keys.Retire)
		m := whole(t, c, false)
		err := m.DB.Read(t.Context(), func(tx *db.Tx) error {
			staff, err := account.Staff(t.Context(), tx, access.CommandActor("test"))
			for _, a := range staff {
				if !strings.Contains(a.Mail, "@") || a.Name == "" {
					t.Errorf("staff reads as %q %q", a.Name, a.Mail)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if before.Keys != "" { // those of the data folder are replaced
			if m, err := market.Open(t.Context(), before); err == nil {
				m.Close()
				t.Error("the set before the rotation still opens everything")
			}
		}
	})
}
