package catalog

import (
	"context"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/token"
)

// enoughHits is how many products with all words in name, tags or summary are enough:
// with fewer, those that have them in their details follow.
const enoughHits = 64

var tag = regexp.MustCompile(`<[^>]*>`)

// detailWords are all words of a product, those of its details among them, each once.
func detailWords(s Shelf) []string {
	plain := html.UnescapeString(tag.ReplaceAllString(s.Details, " "))
	return once(token.Index(strings.Join(append(slices.Clone(s.Tags), s.Name, s.Summary, s.VendorName, plain), " ")))
}

// putDetails writes every word of products, for searches that find little in names.
func putDetails(ctx context.Context, tx *db.Tx, all []Shelf, some bool) error {
	if tx.Dialect() == db.SQLite {
		if some {
			nos := make([]any, len(all))
			for i, s := range all {
				nos[i] = s.no
			}
			if _, err := tx.Exec(ctx, `DELETE FROM shelf_details WHERE rowid IN `+db.In(1, len(nos)), nos...); err != nil {
				return err
			}
		}
		args := make([]any, 0, 3*len(all))
		for _, s := range all {
			args = append(args, s.no, token.Join(detailWords(s)), token.Join(facetsOf(s.Card)))
		}
		_, err := tx.Exec(ctx, `INSERT INTO shelf_details (rowid, words, facets) VALUES `+rows(len(all), 3), args...)
		return err
	}
	args := make([]any, 0, 2*len(all))
	values := make([]string, len(all))
	for i, s := range all {
		var b strings.Builder
		for _, w := range detailWords(s) {
			b.WriteString("'" + w + "' ")
		}
		for _, f := range facetsOf(s.Card) {
			b.WriteString("'f." + f + "' ")
		}
		args = append(args, s.no, b.String())
		values[i] = "(" + strings.Trim(db.In(2*i+1, 1), "()") + ", CAST(" + strings.Trim(db.In(2*i+2, 1), "()") + " AS tsvector))"
	}
	_, err := tx.Exec(ctx, `INSERT INTO shelf_details (no, words) VALUES `+strings.Join(values, ", ")+`
		ON CONFLICT (no) DO UPDATE SET words = excluded.words`, args...)
	return err
}

// inDetails returns the newest products that have all the words anywhere.
func (m match) inDetails(ctx context.Context, tx *db.Tx, limit int) ([]int64, error) {
	if tx.Dialect() == db.SQLite {
		q := `{words} : ("` + strings.Join(m.words, `" AND "`) + `")`
		for _, f := range m.facets {
			q += ` AND {facets} : "` + f + `"`
		}
		return db.All(ctx, tx, db.Value[int64],
			`SELECT rowid FROM shelf_details WHERE shelf_details MATCH $1 ORDER BY rowid DESC LIMIT $2`, q, limit)
	}
	return db.All(ctx, tx, db.Value[int64],
		`SELECT no FROM shelf_details WHERE words @@ CAST($1 AS tsquery) ORDER BY no DESC LIMIT $2`, m.postgres(), limit)
}

// FillDetails writes the words of products that went on the shelf before their details
// were searched, some in each transaction.
func FillDetails(ctx context.Context, d *db.DB) error {
	for {
		done := 0
		err := d.Write(ctx, func(tx *db.Tx) error {
			all, err := db.All(ctx, tx, (*onShelf).fields, `
				SELECT s.`+cardColumnsOf+`, s.live, p.body FROM shelf s JOIN shelf_page p ON p.no = s.no
				WHERE s.live AND NOT EXISTS (SELECT 1 FROM shelf_details w WHERE w.`+rowid(tx)+` = s.no) ORDER BY s.no LIMIT $1`, batch)
			if err != nil || len(all) == 0 {
				return err
			}
			done = len(all)
			list := make([]Shelf, len(all))
			for i, x := range all {
				list[i] = x.Product
			}
			return putDetails(ctx, tx, list, false)
		})
		if err != nil || done == 0 {
			return err
		}
	}
}
