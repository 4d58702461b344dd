package product

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
)

const revisionColumns = `id, product_id, vendor_id, status, is_open, version, base, was, content, note, route, fields, made_by, made_at, changed_at,
	submitted_by, submitted_at, promised_at, holder, held_at, ended_by, ended_at, spot`

func (r *Revision) fields() []any {
	return []any{&r.ID, &r.ProductID, &r.VendorID, &r.Status, &r.Open, &r.Version, &r.Base, db.JSON(&r.Was), db.JSON(&r.Content), &r.Note, &r.Route, db.JSON(&r.Fields),
		&r.MadeBy, db.Time(&r.MadeAt), db.Time(&r.ChangedAt), &r.SubmittedBy, db.Time(&r.SubmittedAt), db.Time(&r.PromisedAt), &r.Holder, db.Time(&r.HeldAt),
		&r.EndedBy, db.Time(&r.EndedAt), &r.Spot}
}

// openRevision reads the one open revision of a product; none is fault.NotFound.
func openRevision(ctx context.Context, tx *db.Tx, productID string) (Revision, error) {
	return db.One(ctx, tx, (*Revision).fields, `SELECT `+revisionColumns+` FROM product_revision WHERE product_id = $1 AND is_open`, productID)
}

// loadRevision reads a revision by its id; none is fault.NotFound.
func loadRevision(ctx context.Context, tx *db.Tx, id string) (Revision, error) {
	return db.One(ctx, tx, (*Revision).fields, `SELECT `+revisionColumns+` FROM product_revision WHERE id = $1`, id)
}

func (r Revision) insert(ctx context.Context, tx *db.Tx) error {
	was, err := encode(r.Was)
	if err != nil {
		return err
	}
	body, err := encode(r.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO product_revision (id, product_id, vendor_id, status, is_open, version, base, was, content, note, route, fields,
			made_by, made_at, changed_at, submitted_by, holder, ended_by, spot)
		VALUES ($1, $2, $3, $4, TRUE, $5, $6, $7, $8, $9, '', '[]', $10, $11, $11, '', '', '', '')`,
		r.ID, r.ProductID, r.VendorID, string(r.Status), r.Version, r.Base, was, body, r.Note, r.MadeBy, r.MadeAt)
	return err
}

// move puts a revision into the status after an act and writes it, with what change
// does to it; if somebody changed it since it was read, it is fault.Conflict.
func (r *Revision) move(ctx context.Context, tx *db.Tx, a Act, change func(*Revision)) error {
	was, version := r.Status, r.Version
	next, err := was.Next(a)
	if err != nil {
		return err
	}
	r.Status = next
	if next != RevisionInReview {
		r.Holder, r.HeldAt = "", zero
	}
	if next == RevisionDraft {
		r.PromisedAt, r.EndedBy, r.EndedAt = zero, "", zero
	}
	r.Open = next != RevisionApproved && next != RevisionDropped
	if change != nil {
		change(r)
	}
	r.Version++
	r.ChangedAt = tx.Now()
	body, err := encode(r.Content)
	if err != nil {
		return err
	}
	return tx.Move(ctx, `
		UPDATE product_revision SET status = $1, is_open = $2, version = $3, content = $4, note = $5, route = $6, fields = $7, changed_at = $8,
			submitted_by = $9, submitted_at = $10, promised_at = $11, holder = $12, held_at = $13, ended_by = $14, ended_at = $15, spot = $16
		WHERE id = $17 AND status = $18 AND version = $19`,
		string(r.Status), r.Open, r.Version, body, r.Note, string(r.Route), db.JSON(r.Fields), r.ChangedAt,
		r.SubmittedBy, r.SubmittedAt, r.PromisedAt, r.Holder, r.HeldAt, r.EndedBy, r.EndedAt, string(r.Spot), r.ID, string(was), version)
}
