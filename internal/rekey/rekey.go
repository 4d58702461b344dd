// Package rekey seals anew, by the key that seals now, what older keys of the same
// set have sealed: fields wherever they stand in the database, and the blobs of the
// file store. It finds them by the key's id that stands before every sealed value,
// and knows no table's meaning. The marketplace may run meanwhile.
package rekey

import (
	"context"
	"fmt"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/vault"
)

// Report is what was found and done.
type Report struct {
	Fields  int64 // sealed anew, or to be
	Blobs   int64
	Unknown []string // sealed values that open at no place: "table.column key"
}

// Done reports whether nothing of an older key is left.
func (r Report) Done() bool { return r.Fields == 0 && r.Blobs == 0 && len(r.Unknown) == 0 }

// Options say how to go about it.
type Options struct {
	DryRun bool // count, change nothing
	Told   func(step string, done, of int64)
}

// batch is how many fields one transaction writes.
const batch = 200

// Run seals everything anew. It is safe to stop and to run again: what is done is
// found no more, and a field that changed meanwhile is left to whoever changed it.
func Run(ctx context.Context, d *db.DB, v *vault.Vault, store file.Store, opt Options) (Report, error) {
	if opt.Told == nil {
		opt.Told = func(string, int64, int64) {}
	}
	w := worker{d: d, v: v, store: store, opt: opt}
	var tables []db.Table
	err := d.Read(ctx, func(tx *db.Tx) (err error) { tables, err = db.Tables(ctx, tx); return err })
	if err != nil {
		return w.report, err
	}
	for i, t := range tables {
		if err := w.table(ctx, t); err != nil {
			return w.report, err
		}
		opt.Told("fields", int64(i+1), int64(len(tables)))
	}
	return w.report, w.blobs(ctx)
}

type worker struct {
	d      *db.DB
	v      *vault.Vault
	store  file.Store
	opt    Options
	report Report
}

// field is one sealed value to be sealed anew.
type field struct {
	table    db.Table
	column   string
	key      []any
	old, now string
}

// table looks through a table and writes what it finds after the reading is over.
func (w *worker) table(ctx context.Context, t db.Table) error {
	if len(t.Key) == 0 {
		return fmt.Errorf("rekey: the table %s has no primary key", t.Name)
	}
	var found []field
	err := w.d.Read(ctx, func(tx *db.Tx) error {
		return db.EachRow(ctx, tx, t, func(row []any) error {
			for i, c := range t.Columns {
				text, ok := row[i].(string)
				if !ok || !w.v.TextSealedByOther(text) {
					continue
				}
				f, ok := w.open(t, row, i, text)
				if !ok {
					w.report.Unknown = append(w.report.Unknown, fmt.Sprintf("%s.%s %v", t.Name, c.Name, f.key))
					continue
				}
				w.report.Fields++
				if !w.opt.DryRun {
					found = append(found, f)
				}
			}
			return ctx.Err()
		})
	})
	for err == nil && len(found) > 0 {
		n := min(batch, len(found))
		err = w.d.Write(ctx, func(tx *db.Tx) error {
			for _, f := range found[:n] {
				if _, err := db.PutText(ctx, tx, f.table, f.key, f.column, f.old, f.now); err != nil {
					return err
				}
			}
			return nil
		})
		found = found[n:]
	}
	return err
}

// open opens a value at the place it was sealed to: "table.column:" and the row's
// key, or some columns of the row that stand together.
func (w *worker) open(t db.Table, row []any, column int, text string) (field, bool) {
	f := field{table: t, column: t.Columns[column].Name, old: text}
	var key, texts []string
	for _, k := range t.Key {
		for i, c := range t.Columns {
			if c.Name == k {
				f.key, key = append(f.key, row[i]), append(key, fmt.Sprint(row[i]))
			}
		}
	}
	for i, v := range row {
		if s, ok := v.(string); ok && i != column && len(s) < 80 {
			texts = append(texts, s)
		}
	}
	try := func(parts []string) bool {
		place := t.Name + "." + f.column + ":" + strings.Join(parts, ":")
		plain, err := w.v.Open(place, text)
		if err != nil {
			return false
		}
		f.now = w.v.Seal(place, plain)
		return true
	}
	if try(key) {
		return f, true
	}
	for length := 1; length <= 3; length++ {
		for i := 0; i+length <= len(texts); i++ {
			if try(texts[i : i+length]) {
				return f, true
			}
		}
	}
	return f, false
}

// blobs seals the contents of the store anew, the marker among them.
func (w *worker) blobs(ctx context.Context) error {
	var names []string
	if err := w.store.Each(ctx, func(b file.Blob) error { names = append(names, b.Name); return nil }); err != nil {
		return err
	}
	for i, name := range names {
		if err := w.blob(ctx, name); err != nil {
			return err
		}
		w.opt.Told("blobs", int64(i+1), int64(len(names)))
	}
	return nil
}

func (w *worker) blob(ctx context.Context, name string) error {
	sealed, err := w.store.Get(ctx, name)
	if err != nil {
		if _, gone := w.store.Stat(ctx, name); gone != nil {
			return nil // swept since it was listed
		}
		return err
	}
	if !w.v.SealedByOther(sealed) {
		return nil
	}
	place := file.BlobPlace(name)
	data, err := w.v.OpenBytes(place, sealed)
	if err != nil {
		w.report.Unknown = append(w.report.Unknown, "blob "+name)
		return nil
	}
	w.report.Blobs++
	if w.opt.DryRun {
		return nil
	}
	return w.store.Put(ctx, name, w.v.SealBytes(place, data))
}
