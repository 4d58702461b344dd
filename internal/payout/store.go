package payout

import (
	"context"
	"encoding/json"

	"github.com/yunshi-market/yunshi/internal/db"
)

// secret is what of a payout is sealed.
type secret struct {
	To     Account `json:"to"`
	Remark string  `json:"remark"`
}

type stored struct {
	Payout
	sealed string
}

const columns = `
	id, reference, subject, purpose, status, fen, currency, sealed, from_account, paper,
	asked_by, asked_at, approved_by, approved_at, batch_id, line_id, paid_at, bounces, reason`

func (s *stored) fields() []any {
	return []any{&s.ID, &s.Reference, &s.Subject, &s.Purpose, &s.Status, &s.Amount.Fen, &s.Amount.Currency, &s.sealed, &s.From, &s.Paper,
		&s.AskedBy, db.Time(&s.AskedAt), &s.ApprovedBy, db.Time(&s.ApprovedAt), &s.BatchID, &s.LineID, db.Time(&s.PaidAt), &s.Bounces, &s.Reason}
}

func place(id string) string { return "payout.sealed:" + id }

func (p Payout) seal(tx *db.Tx) (string, error) {
	plain, err := json.Marshal(secret{p.To, p.Remark})
	if err != nil {
		return "", err
	}
	return tx.Vault().Seal(place(p.ID), string(plain)), nil
}

func (s stored) open(tx *db.Tx) (Payout, error) {
	plain, err := tx.Vault().Open(place(s.ID), s.sealed)
	if err != nil {
		return Payout{}, err
	}
	var x secret
	if err := json.Unmarshal([]byte(plain), &x); err != nil {
		return Payout{}, err
	}
	p := s.Payout
	p.To, p.Remark = x.To, x.Remark
	return p, nil
}

func openAll(tx *db.Tx, rows []stored, err error) ([]Payout, error) {
	if err != nil {
		return nil, err
	}
	out := make([]Payout, len(rows))
	for i, r := range rows {
		if out[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Load reads a payout for other nouns; it checks nothing. None is fault.NotFound.
func Load(ctx context.Context, tx *db.Tx, id string) (Payout, error) {
	r, err := db.One(ctx, tx, (*stored).fields, `SELECT `+columns+` FROM payout WHERE id = $1`, id)
	if err != nil {
		return Payout{}, err
	}
	return r.open(tx)
}

func insert(ctx context.Context, tx *db.Tx, p Payout) error {
	sealed, err := p.seal(tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO payout (id, reference, subject, purpose, status, fen, currency, sealed, from_account, paper, asked_by, asked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.ID, p.Reference, p.Subject, string(p.Purpose), string(p.Status), p.Amount.Fen, p.Amount.Code(), sealed, p.From, p.Paper,
		p.AskedBy, p.AskedAt)
	return err
}

// move puts a payout into the status after an act and writes it, with what change
// does to it. One that moved meanwhile is fault.Conflict.
func (p *Payout) move(ctx context.Context, tx *db.Tx, a Act, change func(*Payout)) error {
	was := p.Status
	next, err := was.Next(a)
	if err != nil {
		return err
	}
	p.Status = next
	if change != nil {
		change(p)
	}
	sealed, err := p.seal(tx)
	if err != nil {
		return err
	}
	return tx.Move(ctx, `
		UPDATE payout SET status = $1, reference = $2, sealed = $3, asked_by = $4, approved_by = $5, approved_at = $6,
			batch_id = $7, line_id = $8, paid_at = $9, bounces = $10, reason = $11
		WHERE id = $12 AND status = $13`,
		string(p.Status), p.Reference, sealed, p.AskedBy, p.ApprovedBy, p.ApprovedAt,
		p.BatchID, p.LineID, p.PaidAt, p.Bounces, p.Reason, p.ID, string(was))
}
