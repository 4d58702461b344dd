package mailbox

import (
	"context"
	"encoding/json"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// secret is what of a letter is sealed.
type secret struct {
	Content     Content      `json:"content"`
	Attachments []Attachment `json:"attachments,omitempty"`
}

// row is a letter with its content still sealed.
type row struct {
	Letter
	sealed string
}

const columns = `id, status, why, way, file_id, sha256, sealed, passed, kept_by, kept_at, vendor_id, fit, doubts,
	holder, held_at, voucher_id, decided_by, decided_at, reason, answered_by, answered_at`

func (r *row) fields() []any {
	return []any{&r.ID, &r.Status, &r.Why, &r.Way, &r.FileID, &r.SHA256, &r.sealed, &r.Passed, &r.KeptBy, db.Time(&r.KeptAt), &r.VendorID, &r.Fit, db.JSON(&r.Doubts),
		&r.Holder, db.Time(&r.HeldAt), &r.VoucherID, &r.DecidedBy, db.Time(&r.DecidedAt), &r.Reason, &r.AnsweredBy, db.Time(&r.AnsweredAt)}
}

func place(id string) string { return "mail_letter.sealed:" + id }

func (r row) open(tx *db.Tx) (Letter, error) {
	plain, err := tx.Vault().Open(place(r.ID), r.sealed)
	if err != nil {
		return Letter{}, err
	}
	var s secret
	if err := json.Unmarshal([]byte(plain), &s); err != nil {
		return Letter{}, err
	}
	l := r.Letter
	l.Content, l.Attachments = s.Content, s.Attachments
	return l, nil
}

func insert(ctx context.Context, tx *db.Tx, l Letter, messageIndex string) error {
	plain, err := json.Marshal(secret{l.Content, l.Attachments})
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO mail_letter (id, status, why, way, file_id, sha256, message_index, from_index, company_key, sealed, passed, kept_by, kept_at, vendor_id, fit, doubts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING`,
		l.ID, string(l.Status), string(l.Why), string(l.Way), l.FileID, l.SHA256, db.OrNull(messageIndex), senderIndex(tx, l.Content.From.Mail), companyKey(l.Content),
		tx.Vault().Seal(place(l.ID), string(plain)), l.Passed, l.KeptBy, l.KeptAt, l.VendorID, string(l.Fit), db.JSON(noNil(l.Doubts)))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, "fault.changed") // undone with its files; read again it is known
	}
	return err
}

func noNil(d []Doubt) []Doubt {
	if d == nil {
		return []Doubt{}
	}
	return d
}

// known is the id of the letter that a mail was kept as; "" if it was not.
func known(ctx context.Context, tx *db.Tx, sha256, messageIndex string) (string, error) {
	ids, err := db.All(ctx, tx, db.Value[string], `SELECT id FROM mail_letter WHERE sha256 = $1`, sha256)
	if err != nil || len(ids) > 0 {
		return first(ids), err
	}
	if messageIndex == "" {
		return "", nil
	}
	ids, err = db.All(ctx, tx, db.Value[string], `SELECT id FROM mail_letter WHERE message_index = $1`, messageIndex)
	return first(ids), err
}

func first(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

func byID(ctx context.Context, tx *db.Tx, id string) (Letter, error) {
	r, err := db.One(ctx, tx, (*row).fields, `SELECT `+columns+` FROM mail_letter WHERE id = $1`, id)
	if err != nil {
		return Letter{}, err
	}
	return r.open(tx)
}

// move writes what a person did to a letter; was is how it stood.
func move(ctx context.Context, tx *db.Tx, was, l Letter) error {
	return tx.Move(ctx, `
		UPDATE mail_letter SET status = $1, vendor_id = $2, fit = $3, doubts = $4, holder = $5, held_at = $6, voucher_id = $7, decided_by = $8, decided_at = $9, reason = $10
		WHERE id = $11 AND status = $12 AND holder = $13 AND vendor_id = $14`,
		string(l.Status), l.VendorID, string(l.Fit), db.JSON(noNil(l.Doubts)), l.Holder, l.HeldAt, l.VoucherID, l.DecidedBy, l.DecidedAt, l.Reason,
		l.ID, string(was.Status), was.Holder, was.VendorID)
}
