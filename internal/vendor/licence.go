package vendor

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
)

// forever stands in the column for a licence without an end.
const forever = "long-term"

// licenceColumn is what stands beside the sealed profile of the licence's end.
func licenceColumn(c Company) string {
	if c.TermUntil.IsZero() {
		return forever
	}
	return c.TermUntil.String()
}

// LicenceEnd is the last day of a vendor's business licence as last approved; zero is
// long-term, or not known yet. Rule E-1.
func LicenceEnd(ctx context.Context, tx *db.Tx, vendorID string) (calendar.Day, error) {
	_, day, err := Standing(ctx, tx, vendorID)
	return day, err
}

// Standing reads with one question whether a vendor is on its way out and what
// LicenceEnd says.
func Standing(ctx context.Context, tx *db.Tx, vendorID string) (Parting, calendar.Day, error) {
	type row struct{ parting, until string }
	r, err := db.One(ctx, tx, func(r *row) []any { return []any{&r.parting, &r.until} }, `SELECT parting, licence_until FROM vendor WHERE id = $1`, vendorID)
	if err != nil || r.until == "" || r.until == forever {
		return Parting(r.parting), calendar.Day{}, err
	}
	day, err := calendar.Parse(r.until)
	return Parting(r.parting), day, err
}

// Licence is a vendor whose licence ends on a day.
type Licence struct {
	VendorID   string
	VendorName string
	Until      calendar.Day
}

// LicencesUntil lists the vendors whose licence ends on or before a day, the earliest
// first, beyond the vendor after; for the clock that reminds them.
func LicencesUntil(ctx context.Context, tx *db.Tx, last calendar.Day, after string, limit int) ([]Licence, error) {
	type row struct{ id, name, until string }
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.id, &r.name, &r.until} }, `
		SELECT id, name, licence_until FROM vendor
		WHERE licence_until <> '' AND licence_until <> 'long-term' AND licence_until <= $1 AND id > $2 ORDER BY id LIMIT $3`,
		last.String(), after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Licence, len(rows))
	for i, r := range rows {
		out[i] = Licence{VendorID: r.id, VendorName: r.name}
		if out[i].Until, err = calendar.Parse(r.until); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ReadLicences fills the licence's end of profiles that were written before it was
// kept, some at a time, and tells how many it filled.
func ReadLicences(ctx context.Context, tx *db.Tx, limit int) (int, error) {
	ids, err := db.All(ctx, tx, db.Value[string], `SELECT id FROM vendor WHERE company <> '' AND licence_until = '' ORDER BY id LIMIT $1`, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		v, err := Load(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, `UPDATE vendor SET licence_until = $1 WHERE id = $2`, licenceColumn(v.Company), id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}
