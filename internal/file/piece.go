package file

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Piece reads the row of a piece for the package that keeps it; a document of any
// other purpose is fault.NotFound.
func Piece(ctx context.Context, tx *db.Tx, id string) (File, error) {
	f, err := load(ctx, tx, id)
	if err == nil && !purposes[f.Purpose].piece {
		return File{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return f, err
}

// Forget removes the rows of pieces, for the package that keeps them, and returns
// the hashes of their blobs for Drop. Documents of other purposes stay.
func Forget(ctx context.Context, tx *db.Tx, ids []string) ([]string, error) {
	var hashes []string
	for len(ids) > 0 {
		n := min(200, len(ids))
		args := []any{string(Takeout)}
		for _, id := range ids[:n] {
			args = append(args, id)
		}
		gone, err := db.All(ctx, tx, db.Value[string], `DELETE FROM file WHERE purpose = $1 AND id IN `+db.In(2, n)+` RETURNING sha256`, args...)
		if err != nil {
			return nil, err
		}
		hashes, ids = append(hashes, gone...), ids[n:]
	}
	return hashes, nil
}

// Drop removes blobs that no row keeps any more, at once and not at the next sweep,
// which finds those that a killed process left. It is called after the transaction
// that forgot the rows.
func (f *Files) Drop(ctx context.Context, d *db.DB, hashes []string) error {
	for len(hashes) > 0 {
		n := min(500, len(hashes))
		blobs := make([]Blob, 0, n)
		for _, h := range hashes[:n] {
			if b, err := f.store.Stat(ctx, h); err == nil {
				blobs = append(blobs, b)
			}
		}
		if _, err := f.removeLoose(ctx, d, blobs); err != nil {
			return err
		}
		hashes = hashes[n:]
	}
	return nil
}
