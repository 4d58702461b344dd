package product

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

const columns = `id, vendor_id, status, content, revision, made_at, changed_at, submitted_at, queued_at, shelved_at, holder, held_at, off_reason,
	promised_at, off_rule, off_mend, off_cause, report_on, report_told`

func (p *Product) fields() []any {
	return []any{&p.ID, &p.VendorID, &p.Status, db.JSON(&p.Content), &p.Revision, db.Time(&p.MadeAt), db.Time(&p.ChangedAt),
		db.Time(&p.SubmittedAt), db.Time(&p.QueuedAt), db.Time(&p.ShelvedAt), &p.Holder, db.Time(&p.HeldAt), &p.OffReason,
		db.Time(&p.PromisedAt), &p.OffRule, &p.OffMend, &p.OffCause, &p.ReportOn, &p.ReportTold}
}

// mostContent bounds a draft as it is kept, in bytes of JSON.
const mostContent = 256 << 10

// Load reads a product for other nouns; it checks nothing. None is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Product, error) {
	return db.One(ctx, tx, (*Product).fields, `SELECT `+columns+` FROM product WHERE id = $1`, id)
}

func encode(c Content) (string, error) {
	v, err := db.JSON(c).Value()
	if err != nil {
		return "", err
	}
	s := fmt.Sprint(v)
	if len(s) > mostContent {
		return "", fault.New(fault.TooLarge, "product.too_large")
	}
	return s, nil
}

// insert writes a new product.
func insert(ctx context.Context, tx *db.Tx, p Product) error {
	body, err := encode(p.Content)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO product (id, vendor_id, category, form, name, status, content, revision, made_at, changed_at, code)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
		p.ID, p.VendorID, string(p.Content.Category), string(p.Content.Form), p.Content.Name, string(p.Status), body, p.Revision, tx.Now(), p.Content.Code)
	return err
}

// save writes a product back that was read in the status and revision given; if
// somebody changed it since, it is fault.Conflict.
func save(ctx context.Context, tx *db.Tx, p Product, was Status, revision int64) error {
	body, err := encode(p.Content)
	if err != nil {
		return err
	}
	return tx.Move(ctx, `
		UPDATE product SET category = $1, form = $2, name = $3, status = $4, content = $5, revision = $6, changed_at = $7,
			submitted_at = $8, queued_at = $9, shelved_at = $10, holder = $11, held_at = $12, off_reason = $13,
			promised_at = $14, off_rule = $15, off_mend = $16, off_cause = $17, report_on = $18, report_told = $19, code = $20
		WHERE id = $21 AND status = $22 AND revision = $23`,
		string(p.Content.Category), string(p.Content.Form), p.Content.Name, string(p.Status), body, p.Revision, tx.Now(),
		p.SubmittedAt, p.QueuedAt, p.ShelvedAt, p.Holder, p.HeldAt, p.OffReason,
		p.PromisedAt, p.OffRule, p.OffMend, string(p.OffCause), p.ReportOn, p.ReportTold, p.Content.Code, p.ID, string(was), revision)
}

// move puts a product into the status after an act and writes it, with what
// change does to it.
func (p *Product) move(ctx context.Context, tx *db.Tx, a Act, change func(*Product)) error {
	was, revision := p.Status, p.Revision
	next, err := was.Next(a)
	if err != nil {
		return err
	}
	p.Status = next
	if next != InReview {
		p.QueuedAt, p.PromisedAt, p.Holder, p.HeldAt = zero, zero, "", zero
	}
	if change != nil {
		change(p)
	}
	p.ChangedAt = tx.Now()
	return save(ctx, tx, *p, was, revision)
}
