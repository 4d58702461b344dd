package contract

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

const columns = `id, vendor_id, number, status, template, lang, mode, fee_basis_points, deposit_fen, currency, fixed_deposit, months, kind, renews, begins_at, categories, terms,
	offered_by, offered_at, file_id, file_hash, rendered_at, scan_file_id, scan_by, scan_at, scan_reason, way, signed_at, signed_by, confirmed_at, until, evidence,
	signed_file_id, sealed_at, ended_at, end_reason`

// row is a contract with its sealed parts still closed.
type row struct {
	Contract
	evidence string
}

func (r *row) fields() []any {
	c := &r.Contract
	return []any{&c.ID, &c.VendorID, &c.Number, &c.Status, &c.Template, &c.Lang, &c.Mode, &c.FeeBasisPoints, &c.Deposit.Fen, &c.Deposit.Currency, &c.FixedDeposit, &c.Months, &c.Kind, &c.Renews, db.Time(&c.BeginsAt),
		db.JSON(&c.Categories), &c.Terms, &c.OfferedBy, db.Time(&c.OfferedAt), &c.FileID, &c.FileHash, db.Time(&c.RenderedAt),
		&c.ScanFileID, &c.ScanBy, db.Time(&c.ScanAt), &c.ScanReason, &c.Way, db.Time(&c.SignedAt), &c.SignedBy, db.Time(&c.ConfirmedAt), db.Time(&c.Until), &r.evidence,
		&c.SignedFileID, db.Time(&c.SealedAt), db.Time(&c.EndedAt), &c.EndReason}
}

func (r row) open(tx *db.Tx) (Contract, error) {
	c := r.Contract
	for place, s := range map[string]*string{"terms": &c.Terms, "scan_reason": &c.ScanReason, "end_reason": &c.EndReason} {
		if *s == "" {
			continue
		}
		plain, err := tx.Vault().Open(placeOf(place, c.ID), *s)
		if err != nil {
			return c, err
		}
		*s = plain
	}
	if r.evidence == "" {
		return c, nil
	}
	plain, err := tx.Vault().Open(placeOf("evidence", c.ID), r.evidence)
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(plain), &c.Evidence)
}

func placeOf(column, id string) string { return "contract." + column + ":" + id }

// sealed is the text as a column holds it; "" stays so.
func sealed(tx *db.Tx, column, id, plain string) string {
	if plain == "" {
		return ""
	}
	return tx.Vault().Seal(placeOf(column, id), plain)
}

func one(ctx context.Context, tx *db.Tx, where string, args ...any) (Contract, error) {
	r, err := db.One(ctx, tx, (*row).fields, `SELECT `+columns+` FROM contract `+where, args...)
	if err != nil {
		return Contract{}, err
	}
	return r.open(tx)
}

func all(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Contract, error) {
	rows, err := db.All(ctx, tx, (*row).fields, `SELECT `+columns+` FROM contract `+where, args...)
	if err != nil {
		return nil, err
	}
	contracts := make([]Contract, len(rows))
	for i, r := range rows {
		if contracts[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return contracts, nil
}

// nextNumber gives contracts their numbers, counted by year: YSHT-2026-000045.
func nextNumber(ctx context.Context, tx *db.Tx, zone *time.Location) (string, error) {
	year := calendar.Of(tx.Now(), zone).Year
	n, err := db.One(ctx, tx, db.Value[int64], `
		INSERT INTO contract_series (year, last) VALUES ($1, 1)
		ON CONFLICT (year) DO UPDATE SET last = contract_series.last + 1 RETURNING last`, year)
	return fmt.Sprintf("YSHT-%d-%06d", year, n), err
}

func (c Contract) insert(ctx context.Context, tx *db.Tx, p Particulars) error {
	plain, err := json.Marshal(p)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO contract (id, vendor_id, number, status, template, lang, mode, fee_basis_points, deposit_fen, currency, fixed_deposit, months,
			categories, terms, particulars, offered_by, offered_at, kind, renews)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		c.ID, c.VendorID, c.Number, string(c.Status), c.Template, string(c.Lang), string(c.Mode), c.FeeBasisPoints, c.Deposit.Fen, c.Deposit.Code(), c.FixedDeposit, c.Months,
		db.JSON(c.Categories), sealed(tx, "terms", c.ID, c.Terms), sealed(tx, "particulars", c.ID, string(plain)), c.OfferedBy, c.OfferedAt, string(c.Kind), c.Renews)
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "fault.changed").Of("O-4")
	}
	return err
}

// particulars reads what the document of a contract says of the parties.
func particulars(ctx context.Context, tx *db.Tx, id string) (Particulars, error) {
	var p Particulars
	s, err := db.One(ctx, tx, db.Value[string], `SELECT particulars FROM contract WHERE id = $1`, id)
	if err != nil {
		return p, err
	}
	plain, err := tx.Vault().Open(placeOf("particulars", id), s)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(plain), &p)
}

// about says whom the contract's events are about.
func (c Contract) about() event.About { return event.About{Subject: c.ID, VendorID: c.VendorID} }

// end closes a contract: withdrawn, or replaced by a later one.
func (c Contract) end(ctx context.Context, tx *db.Tx, by access.Actor, act Act, reason string) error {
	to, err := c.Status.Next(act)
	if err != nil {
		return err
	}
	return tx.Move(ctx, `UPDATE contract SET status = $1, ended_by = $2, ended_at = $3, end_reason = $4 WHERE id = $5 AND status = $6`,
		string(to), by.ID, tx.Now(), sealed(tx, "end_reason", c.ID, reason), c.ID, string(c.Status))
}
