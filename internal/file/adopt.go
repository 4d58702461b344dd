package file

import (
	"context"
	"errors"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Adopt marks a store that a restore has filled as this database's. One that bears
// another installation's marker is fault.Conflict.
func (f *Files) Adopt(ctx context.Context, d *db.DB) error {
	var id string
	err := d.Read(ctx, func(tx *db.Tx) (err error) { id, err = db.Mark(ctx, tx, mark); return err })
	if err != nil || id == "" || strings.HasPrefix(id, making) {
		return err // Belongs marks both
	}
	sealed, err := f.store.Get(ctx, marker)
	if errors.Is(err, ErrMissing) {
		return f.store.Put(ctx, marker, f.vault.SealBytes(mark, []byte(id)))
	}
	if err != nil {
		return err
	}
	if is, err := f.vault.OpenBytes(mark, sealed); err != nil || string(is) != id {
		return fault.New(fault.Conflict, "file.store_foreign").Because(err)
	}
	return nil
}

// BlobPlace is the place that a blob of the store is sealed to.
func BlobPlace(name string) string {
	if name == marker {
		return mark
	}
	return "blob:" + name
}
