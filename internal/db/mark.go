package db

import "context"

// Mark reads what this installation once noted about itself under a name, as the
// fingerprint of its keys; "" where nothing is noted.
func Mark(ctx context.Context, tx *Tx, name string) (string, error) {
	values, err := All(ctx, tx, Value[string], `SELECT value FROM mark WHERE name = $1`, name)
	if err != nil || len(values) == 0 {
		return "", err
	}
	return values[0], nil
}

// SetMark notes the value under the name, over an earlier one.
func SetMark(ctx context.Context, tx *Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO mark (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

// DropMark removes a note.
func DropMark(ctx context.Context, tx *Tx, name string) error {
	_, err := tx.Exec(ctx, `DELETE FROM mark WHERE name = $1`, name)
	return err
}

// Pin notes the value if nothing is noted yet and returns what stands: of several
// processes that start at once, all get the value of the first.
func Pin(ctx context.Context, tx *Tx, name, value string) (string, error) {
	if _, err := tx.Exec(ctx, `INSERT INTO mark (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, value); err != nil {
		return "", err
	}
	return Mark(ctx, tx, name)
}
