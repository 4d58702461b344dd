package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Files lays content into a store and reads it back; safe for use by many at once.
type Files struct {
	store Store
	vault *vault.Vault
}

// New makes Files over a store, whose blobs are sealed by the vault.
func New(store Store, v *vault.Vault) *Files { return &Files{store, v} }

// Open reads a document's content. Content that is gone, does not open or is not
// what was kept is an error for the operator, and never handed out.
func (f *Files) Open(ctx context.Context, file File) ([]byte, error) {
	data, err := f.open(ctx, file.SHA256)
	if err != nil {
		return nil, fmt.Errorf("file %s: %w", file.ID, err)
	}
	if int64(len(data)) != file.Size {
		return nil, fmt.Errorf("file %s: has %d bytes where %d were kept", file.ID, len(data), file.Size)
	}
	return data, nil
}

func (f *Files) open(ctx context.Context, hash string) ([]byte, error) {
	sealed, err := f.store.Get(ctx, hash)
	if err != nil {
		return nil, err
	}
	data, err := f.vault.OpenBytes(BlobPlace(hash), sealed)
	if err != nil {
		return nil, err
	}
	if is := sha256.Sum256(data); hex.EncodeToString(is[:]) != hash {
		return nil, errors.New("its content does not match its hash")
	}
	return data, nil
}

// The mark in the database and the marker in the store that say the two belong together.
const (
	mark   = "file.store"
	marker = "yunshi-store"
	making = "making:" // before the mark's value until the marker is written
)

// Belongs refuses a store that is not this database's: fault.Conflict for one that
// lost its marker, as an empty folder, and for one of another installation. The
// first call of an installation marks both; processes may call it at once.
func (f *Files) Belongs(ctx context.Context, d *db.DB) error {
	id, err := f.mark(ctx, d)
	if err != nil {
		return err
	}
	if id, first := strings.CutPrefix(id, making); first {
		if err := f.store.Put(ctx, marker, f.vault.SealBytes(mark, []byte(id))); err != nil {
			return err
		}
		return d.Write(ctx, func(tx *db.Tx) error { return db.SetMark(ctx, tx, mark, id) })
	}
	sealed, err := f.store.Get(ctx, marker)
	if errors.Is(err, ErrMissing) {
		return fault.New(fault.Conflict, "file.store_empty")
	}
	if err != nil {
		return err
	}
	if is, err := f.vault.OpenBytes(mark, sealed); err != nil || string(is) != id {
		return fault.New(fault.Conflict, "file.store_foreign").Because(err)
	}
	return nil
}

// mark reads the database's mark and makes it where there is none. The mark is
// written before the marker: a marker without a mark is another installation's.
func (f *Files) mark(ctx context.Context, d *db.DB) (id string, err error) {
	load := func(tx *db.Tx) (err error) { id, err = db.Mark(ctx, tx, mark); return err }
	if err := d.Read(ctx, load); err != nil || id != "" {
		return id, err
	}
	_, err = f.store.Stat(ctx, marker)
	switch {
	case err == nil:
		// Unless another process has marked both since we looked.
		if err := d.Read(ctx, load); err != nil || id != "" {
			return id, err
		}
		return "", fault.New(fault.Conflict, "file.store_foreign")
	case !errors.Is(err, ErrMissing):
		return "", err
	}
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = db.Pin(ctx, tx, mark, making+tx.NewID("sto"))
		return err
	})
	return id, err
}

// young is how long a blob without a row is left alone: its transaction may be yet to come.
const young = 24 * time.Hour

// Sweep removes the blobs that no row keeps, older than a day, and returns how
// many. It calls the store and is therefore run outside a transaction.
func (f *Files) Sweep(ctx context.Context, d *db.DB) (int, error) {
	removed := 0
	var old []Blob
	flush := func() error {
		n, err := f.removeLoose(ctx, d, old)
		removed += n
		old = old[:0]
		return err
	}
	before := d.Clock().Now().Add(-young)
	err := f.store.Each(ctx, func(b Blob) error {
		if b.Name == marker || b.At.After(before) {
			return nil
		}
		old = append(old, b)
		if len(old) < 500 {
			return nil
		}
		return flush()
	})
	if err != nil {
		return removed, err
	}
	return removed, flush()
}

func (f *Files) removeLoose(ctx context.Context, d *db.DB, blobs []Blob) (int, error) {
	if len(blobs) == 0 {
		return 0, nil
	}
	names := make([]any, len(blobs))
	for i, b := range blobs {
		names[i] = b.Name
	}
	kept := make(map[string]bool)
	err := d.Read(ctx, func(tx *db.Tx) error {
		return db.Each(ctx, tx, db.Value[string], func(hash string) error { kept[hash] = true; return nil },
			`SELECT sha256 FROM file WHERE sha256 IN `+db.In(1, len(names)), names...)
	})
	if err != nil {
		return 0, err
	}
	n := 0
	for _, b := range blobs {
		if kept[b.Name] {
			continue
		}
		// Received again meanwhile, it is young again.
		now, err := f.store.Stat(ctx, b.Name)
		if err != nil || !now.At.Equal(b.At) {
			continue
		}
		if err := f.store.Delete(ctx, b.Name); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Verify reads every kept document and returns how many it looked at and what is
// wrong, in words for the operator: a blob that is gone, does not open or does not
// match. Progress, if given, is called after each.
func (f *Files) Verify(ctx context.Context, tx *db.Tx, progress func(done, total int64)) (checked int64, wrong []string, err error) {
	total, err := db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM file`)
	if err != nil {
		return 0, nil, err
	}
	err = db.Each(ctx, tx, (*File).fields, func(file File) error {
		if _, err := f.Open(ctx, file); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			wrong = append(wrong, err.Error())
		}
		checked++
		if progress != nil {
			progress(checked, total)
		}
		return nil
	}, `SELECT `+columns+` FROM file ORDER BY sha256, id`)
	return checked, wrong, err
}
