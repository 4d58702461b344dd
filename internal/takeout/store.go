package takeout

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
)

func load(ctx context.Context, tx *db.Tx, id string) (Takeout, error) {
	return db.One(ctx, tx, (*Takeout).fields, `SELECT `+columns+` FROM takeout WHERE id = $1`, id)
}

// Load reads a takeout for reactions; it checks nothing. None is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Takeout, error) { return load(ctx, tx, id) }

// move puts a takeout into the status after an act; one that moved meanwhile is
// fault.Conflict.
func (t *Takeout) move(ctx context.Context, tx *db.Tx, a act) error {
	was := t.Status
	to, err := was.next(a)
	if err != nil {
		return err
	}
	t.Status = to
	switch a {
	case actBegin:
		t.Run, t.Done, t.Total = tx.NewID("run"), 0, 0
	case actFail, actExpire, actStop:
		t.EndedAt = tx.Now()
	}
	return tx.Move(ctx, `
		UPDATE takeout SET status = $1, run = $2, tries = $3, done = $4, total = $5, records = $6, files = $7, missing = $8, bytes = $9,
			sha256 = $10, made_at = $11, until_at = $12, ended_at = $13
		WHERE id = $14 AND status = $15`,
		string(t.Status), t.Run, t.Tries, t.Done, t.Total, t.Records, t.Files, t.Missing, t.Bytes,
		t.SHA256, t.MadeAt, t.UntilAt, t.EndedAt, t.ID, string(was))
}

// progress notes how far a run is. It is errOver when the run is not the one any
// more: somebody stopped it, or another process has taken it over.
func (t *Takeout) progress(ctx context.Context, tx *db.Tx) error {
	n, err := tx.Exec(ctx, `UPDATE takeout SET done = $1, total = $2 WHERE id = $3 AND status = 'making' AND run = $4`, t.Done, t.Total, t.ID, t.Run)
	if err == nil && n != 1 {
		return errOver
	}
	return err
}

// keepPart writes the row of a piece, unless the run is over: errOver.
func (t *Takeout) keepPart(ctx context.Context, tx *db.Tx, no int64, up file.Upload) error {
	if err := t.progress(ctx, tx); err != nil {
		return err
	}
	f, err := file.Keep(ctx, tx, program, up, t.VendorID, file.Takeout)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO takeout_part (takeout_id, no, file_id) VALUES ($1, $2, $3)`, t.ID, no, f.ID)
	return err
}

func parts(ctx context.Context, tx *db.Tx, id string) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `SELECT file_id FROM takeout_part WHERE takeout_id = $1 ORDER BY no`, id)
}

// forget removes the rows of all pieces and returns the hashes of their blobs.
func (t Takeout) forget(ctx context.Context, tx *db.Tx) ([]string, error) {
	ids, err := parts(ctx, tx, t.ID)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM takeout_part WHERE takeout_id = $1`, t.ID); err != nil {
		return nil, err
	}
	return file.Forget(ctx, tx, ids)
}
