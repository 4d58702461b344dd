package mailbox

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/mailbox/letter"
)

// A mail that breaks its reader is kept as its bytes. Rule D-6.
func TestAMailThatBreaksItsReaderIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store, err := file.OpenLocal(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		b := Box{Files: file.New(store, dbtest.Vault()), read: func(io.Reader, letter.Limits) (letter.Letter, error) { panic("never thought of") }}
		raw := []byte("Subject: x\r\n\r\ny")
		in, err := b.Take(t.Context(), "7.eml", raw, false)
		if err != nil {
			t.Fatal(err)
		}
		var l Letter
		var got []byte
		by := access.SystemActor("test")
		err = d.Write(t.Context(), func(tx *db.Tx) (err error) {
			l, _, err = Keep(t.Context(), tx, by, in)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var f file.File
		err = d.Read(t.Context(), func(tx *db.Tx) (err error) {
			f, err = file.Get(t.Context(), tx, by, l.FileID)
			return err
		})
		if err == nil {
			got, err = b.Files.Open(context.Background(), f)
		}
		if err != nil || l.Status != Unreadable || !slices.Contains(l.Content.Problems, letter.Damaged) || string(got) != string(raw) {
			t.Errorf("the letter is %s with %v, its file %q, %v", l.Status, l.Content.Problems, got, err)
		}
	})
}
