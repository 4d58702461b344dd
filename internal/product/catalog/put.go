package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
)

// batch is how many products one statement writes; SQLite's time for numbered
// arguments grows with the square of their number.
const batch = 20

// Put puts a product on the shelf, or new content in its place there. For other
// nouns inside a transaction; it checks nothing.
func Put(ctx context.Context, tx *db.Tx, s Shelf) error { return Load(ctx, tx, []Shelf{s}) }

// Load puts many products on the shelf with few statements.
func Load(ctx context.Context, tx *db.Tx, all []Shelf) error {
	for len(all) > 0 {
		n := min(batch, len(all))
		if err := put(ctx, tx, all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// bump raises the shelf's version and takes n new numbers. On PostgreSQL it makes
// changes of the shelf wait for each other, which puts their versions in the
// order of their commits.
func bump(ctx context.Context, tx *db.Tx, n int) (version, firstNo int64, err error) {
	state, err := db.One(ctx, tx, func(v *[2]int64) []any { return []any{&v[0], &v[1]} }, `
		UPDATE shelf_state SET version = version + 1, last_no = last_no + $1 WHERE one = 1
		RETURNING version, last_no`, n)
	return state[0], state[1] - int64(n) + 1, err
}

type numbered struct {
	no int64
	id string
}

func put(ctx context.Context, tx *db.Tx, all []Shelf) error {
	ids := make([]any, len(all))
	for i, s := range all {
		ids[i] = s.ID
	}
	known, err := db.All(ctx, tx, func(n *numbered) []any { return []any{&n.no, &n.id} },
		`SELECT no, product_id FROM shelf WHERE product_id IN `+db.In(1, len(ids)), ids...)
	if err != nil {
		return err
	}
	no := make(map[string]int64, len(all))
	for _, k := range known {
		no[k.id] = k.no
	}
	version, next, err := bump(ctx, tx, len(all)-len(known))
	if err != nil {
		return err
	}
	for i := range all {
		if no[all[i].ID] == 0 {
			no[all[i].ID] = next
			next++
		}
		all[i].no = no[all[i].ID]
	}
	if err := putRows(ctx, tx, version, all); err != nil {
		return err
	}
	if err := putPages(ctx, tx, all); err != nil {
		return err
	}
	if err := putDetails(ctx, tx, all, len(known) > 0); err != nil {
		return err
	}
	return putWords(ctx, tx, all, len(known) > 0)
}

func putRows(ctx context.Context, tx *db.Tx, version int64, all []Shelf) error {
	const columns = 20
	args := make([]any, 0, len(all)*columns)
	for _, s := range all {
		tags, err := db.JSON(s.Tags).Value()
		if err != nil {
			return err
		}
		shelved := s.ShelvedAt
		if shelved.IsZero() {
			shelved = tx.Now()
		}
		args = append(args, s.no, s.ID, true, version, s.VendorID, s.VendorName, string(s.Category), string(s.Form),
			s.Name, s.Summary, tags, s.Picture, s.Price.Fen, s.Was.Fen, s.Price.Code(), string(s.Unit), s.Span, s.Offers, shelved, tx.Now())
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO shelf (no, product_id, live, version, vendor_id, vendor_name, category, form,
			name, summary, tags, picture, price_fen, was_fen, currency, unit, span, plans, shelved_at, changed_at)
		VALUES `+rows(len(all), columns)+`
		ON CONFLICT (product_id) DO UPDATE SET live = excluded.live, version = excluded.version, vendor_name = excluded.vendor_name,
			category = excluded.category, form = excluded.form, name = excluded.name, summary = excluded.summary,
			tags = excluded.tags, picture = excluded.picture, price_fen = excluded.price_fen, was_fen = excluded.was_fen,
			currency = excluded.currency, unit = excluded.unit, span = excluded.span, plans = excluded.plans,
			changed_at = excluded.changed_at`, args...)
	return err
}

func putPages(ctx context.Context, tx *db.Tx, all []Shelf) error {
	args := make([]any, 0, len(all)*2)
	for _, s := range all {
		body, err := db.JSON(s.Body).Value()
		if err != nil {
			return err
		}
		args = append(args, s.no, body)
	}
	_, err := tx.Exec(ctx, `INSERT INTO shelf_page (no, body) VALUES `+rows(len(all), 2)+`
		ON CONFLICT (no) DO UPDATE SET body = excluded.body`, args...)
	return err
}

// Remove takes a product off the shelf; one that is not there is left alone. For
// other nouns inside a transaction; it checks nothing.
func Remove(ctx context.Context, tx *db.Tx, productID string) error {
	version, _, err := bump(ctx, tx, 0)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE shelf SET live = FALSE, version = $1, changed_at = $2 WHERE product_id = $3 AND live`,
		version, tx.Now(), productID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM shelf_search WHERE `+rowid(tx)+` IN (SELECT no FROM shelf WHERE product_id = $1)`, productID); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM shelf_details WHERE `+rowid(tx)+` IN (SELECT no FROM shelf WHERE product_id = $1)`, productID)
	return err
}

// PutShop writes how buyers see a vendor. Products already on the shelf take the
// shop's name.
func PutShop(ctx context.Context, tx *db.Tx, s Shop) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO shop (vendor_id, name, intro, company, phone, mail, hours, opened_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
		ON CONFLICT (vendor_id) DO UPDATE SET name = excluded.name, intro = excluded.intro, company = excluded.company,
			phone = excluded.phone, mail = excluded.mail, hours = excluded.hours, changed_at = excluded.changed_at`,
		s.VendorID, s.Name, s.Intro, s.Company, s.Phone, s.Mail, db.JSON(s.Hours), tx.Now())
	if err != nil {
		return err
	}
	stale, err := db.All(ctx, tx, (*Card).fields, `
		SELECT `+cardColumns+` FROM shelf WHERE vendor_id = $1 AND vendor_name <> $2 AND live`, s.VendorID, s.Name)
	if err != nil || len(stale) == 0 {
		return err
	}
	version, _, err := bump(ctx, tx, 0)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE shelf SET vendor_name = $1, version = $2 WHERE vendor_id = $3 AND vendor_name <> $1`,
		s.Name, version, s.VendorID)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(stale, batch) {
		all := make([]Shelf, len(part))
		for i, c := range part {
			c.VendorName = s.Name
			all[i].Card = c
		}
		if err := putWords(ctx, tx, all, true); err != nil {
			return err
		}
	}
	return nil
}

// rows writes "($1, $2), ($3, $4), …".
func rows(n, columns int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = db.In(i*columns+1, columns)
	}
	return strings.Join(parts, ", ")
}

// rowid is the column of shelf_search that holds shelf.no.
func rowid(tx *db.Tx) string {
	if tx.Dialect() == db.SQLite {
		return "rowid"
	}
	return "no"
}

func facet(kind string, id string) string { return fmt.Sprintf("%s%x", kind, id) }
