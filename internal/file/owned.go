package file

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
)

// Owned reads those of the documents that belong to a vendor, by id; others, and
// ids of no document, are left out. For nouns that have checked who asks.
func Owned(ctx context.Context, tx *db.Tx, vendorID string, ids []string) (map[string]File, error) {
	owned := make(map[string]File, len(ids))
	if len(ids) == 0 || vendorID == "" {
		return owned, nil
	}
	args := []any{vendorID}
	for _, id := range ids {
		args = append(args, id)
	}
	files, err := db.All(ctx, tx, (*File).fields,
		`SELECT `+columns+` FROM file WHERE vendor_id = $1 AND id IN `+db.In(2, len(ids)), args...)
	for _, f := range files {
		owned[f.ID] = f
	}
	return owned, err
}
