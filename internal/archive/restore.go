package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
)

// Mark is under which a database notes a restore that is not finished: the id of
// the backup and the last part that is in. It is not to be served meanwhile.
const Mark = "restore"

// allIn stands in the mark for the last part, when only what is derived is missing.
const allIn = "all"

// Finish clears the mark: the database may be served.
func Finish(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error { return db.DropMark(ctx, tx, Mark) })
}

// biggest bounds one entry of a file, since it is read into memory.
const biggest = 512 << 20

// Read is a backup that is being read.
type Read struct {
	Head Head
	Keys []byte // sealed; nil where it holds none
	tar  *tar.Reader
	next *tar.Header // already read, not yet worked on
	end  func()
}

// Open reads the beginning of a backup; what is none is an error that says so.
func Open(r io.Reader) (*Read, error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(1<<30))
	if err != nil {
		return nil, err
	}
	in := &Read{tar: tar.NewReader(z), end: z.Close}
	h, err := in.tar.Next()
	if err != nil || h.Name != headName {
		z.Close()
		return nil, errors.Join(errors.New("this is not a backup of Yunshi"), err)
	}
	data, err := in.entry(h)
	if err == nil {
		err = json.Unmarshal(data, &in.Head)
	}
	if err == nil && in.Head.Format != format {
		err = fmt.Errorf("the backup has format %d; this program reads %d", in.Head.Format, format)
	}
	if err == nil {
		in.next, err = in.tar.Next()
	}
	if err == nil && in.next.Name == keysName {
		if in.Keys, err = in.entry(in.next); err == nil {
			in.next, err = in.tar.Next()
		}
	}
	if err != nil {
		z.Close()
		return nil, cut(err)
	}
	return in, nil
}

// Close ends the reading.
func (in *Read) Close() { in.end() }

func (in *Read) entry(h *tar.Header) ([]byte, error) {
	if h.Size > biggest {
		return nil, fmt.Errorf("%s is too large (%d bytes)", h.Name, h.Size)
	}
	data := make([]byte, h.Size)
	_, err := io.ReadFull(in.tar, data)
	return data, err
}

// cut puts the errors of a file that ends early into words.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the backup is cut off: its end is missing")
	}
	return err
}

// Restore puts the backup into an empty database and store, at the schema it was
// made with, and checks it against its own counts and hashes. A restore that was
// stopped goes on where it was when called again with the same file; another file,
// or a database that holds anything, is refused. The schema is then to be brought up
// and what is derived made again.
func (in *Read) Restore(ctx context.Context, d *db.DB, store file.Store, told func(Progress)) (Report, error) {
	r := Report{Head: in.Head}
	if told == nil {
		told = func(Progress) {}
	}
	w := &restorer{in: in, d: d, store: store, told: told, seen: foot{Rows: map[string]int64{}, Parts: map[string]string{}}}
	if err := w.begin(ctx); err != nil {
		return r, err
	}
	if w.until == allIn {
		return r, nil
	}
	for h := in.next; ; {
		data, err := in.entry(h)
		if err != nil {
			return r, cut(err)
		}
		if h.Name == footName {
			err = w.finish(ctx, data)
			for _, n := range w.seen.Rows {
				r.Rows += n
			}
			r.Files = w.seen.Blobs
			return r, err
		}
		if err := w.put(ctx, h.Name, data); err != nil {
			return r, err
		}
		if h, err = in.tar.Next(); err != nil {
			return r, cut(err)
		}
	}
}

type restorer struct {
	in     *Read
	d      *db.DB
	store  file.Store
	told   func(Progress)
	tables map[string]db.Table // of the database
	until  string              // parts up to this one are in from an earlier try, none of them if it is "-"
	seen   foot
}

// begin makes the schema and the empty tables, or finds how far an earlier try came.
func (w *restorer) begin(ctx context.Context) error {
	version, err := w.d.Version(ctx)
	if err != nil {
		return err
	}
	if version > 0 {
		if err := w.d.Read(ctx, func(tx *db.Tx) error { return w.earlier(ctx, tx) }); err != nil || w.until == allIn {
			return err
		}
	}
	if version > w.in.Head.Schema {
		return fmt.Errorf("the database has the schema %d already, the backup %d: restore into an empty one", version, w.in.Head.Schema)
	}
	if err := w.d.MigrateTo(ctx, w.in.Head.Schema); err != nil {
		return err
	}
	return w.d.Write(ctx, func(tx *db.Tx) error {
		list, err := db.Tables(ctx, tx)
		if err != nil {
			return err
		}
		if err := same(list, w.in.Head.Tables); err != nil {
			return err
		}
		w.tables = make(map[string]db.Table, len(list))
		for _, t := range list {
			w.tables[t.Name] = t
		}
		if w.until != "" {
			return nil
		}
		if err := empty(ctx, tx, list); err != nil {
			return err
		}
		return db.SetMark(ctx, tx, Mark, w.in.Head.ID+" -")
	})
}

// earlier finds how far an earlier try came; one with another backup is refused.
func (w *restorer) earlier(ctx context.Context, tx *db.Tx) error {
	mark, err := db.Mark(ctx, tx, Mark)
	if err != nil || mark == "" {
		return err
	}
	id, part, _ := strings.Cut(mark, " ")
	if id != w.in.Head.ID {
		return errors.New("another backup was begun to be restored here: go on with that one, or take an empty database")
	}
	w.until = part
	return nil
}

// same refuses a schema that is not the backup's: the order of columns is, their
// database is not, of importance.
func same(list, want []db.Table) error {
	for _, t := range want {
		i := slices.IndexFunc(list, func(x db.Table) bool { return x.Name == t.Name })
		if i < 0 || !slices.Equal(list[i].Columns, t.Columns) {
			return fmt.Errorf("the table %s is not as in the backup, though both schemas have the same number: take the program that made it", t.Name)
		}
	}
	return nil
}

// empty refuses a database that somebody uses, and removes what migrations put in.
func empty(ctx context.Context, tx *db.Tx, list []db.Table) error {
	for _, t := range list {
		if t.Name != "account" && t.Name != "event" {
			continue
		}
		n, err := db.CountRows(ctx, tx, t)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("the database is in use (%d rows in %s): restore into an empty one", n, t.Name)
		}
	}
	for _, t := range slices.Backward(list) {
		if err := db.ClearTable(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}

func (w *restorer) put(ctx context.Context, name string, data []byte) error {
	if hash, ok := strings.CutPrefix(name, blobsDir); ok {
		w.seen.Blobs++
		w.told(Progress{Step: "blobs", Done: w.seen.Blobs})
		if have, err := w.store.Stat(ctx, hash); err == nil && have.Size == int64(len(data)) {
			return nil
		}
		return w.store.Put(ctx, hash, data)
	}
	rest, ok := strings.CutPrefix(name, tablesDir)
	table, _, _ := strings.Cut(rest, "/")
	t, known := w.tables[table]
	if !ok || !known {
		return fmt.Errorf("the backup holds %q, which is nothing this program knows", name)
	}
	w.seen.Parts[name] = hashOf(data)
	rows, err := decode(t, data)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w.seen.Rows[table] += int64(len(rows))
	if w.until != "" && w.until != "-" {
		if w.until == name {
			w.until = ""
		}
		return nil
	}
	if table == "mark" { // ours stands there too
		rows = slices.DeleteFunc(rows, func(r []any) bool { return r[0] == Mark })
	}
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		if err := db.PutRows(ctx, tx, t, rows); err != nil {
			return err
		}
		return db.SetMark(ctx, tx, Mark, w.in.Head.ID+" "+name)
	})
	w.told(Progress{Step: table, Done: w.seen.Rows[table]})
	return err
}

// decode reads the lines of a part back into values of the columns.
func decode(t db.Table, data []byte) ([][]any, error) {
	var out [][]any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	for dec.More() {
		var row []any
		if err := dec.Decode(&row); err != nil {
			return nil, err
		}
		if len(row) != len(t.Columns) {
			return nil, fmt.Errorf("a row has %d values for %d columns", len(row), len(t.Columns))
		}
		for i, c := range t.Columns {
			v, err := valueOf(c, row[i])
			if err != nil {
				return nil, fmt.Errorf("column %s: %w", c.Name, err)
			}
			row[i] = v
		}
		out = append(out, row)
	}
	return out, nil
}

func valueOf(c db.Column, v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case bool:
		if c.Kind == db.BoolColumn {
			return x, nil
		}
	case json.Number:
		if c.Kind == db.IntegerColumn {
			return x.Int64()
		}
	case string:
		switch c.Kind {
		case db.TextColumn:
			return x, nil
		case db.TimeColumn:
			return time.Parse(time.RFC3339Nano, x)
		}
	}
	return nil, fmt.Errorf("%v is no %s", v, c.Kind)
}

// finish compares what was put in with what the backup says it holds, and with what
// the database holds now.
func (w *restorer) finish(ctx context.Context, data []byte) error {
	var said foot
	if err := json.Unmarshal(data, &said); err != nil {
		return err
	}
	if !maps.Equal(said.Parts, w.seen.Parts) || said.Blobs != w.seen.Blobs {
		return errors.New("the backup is damaged: its parts are not what its end says")
	}
	return w.d.Write(ctx, func(tx *db.Tx) error {
		for name, t := range w.tables {
			n, err := db.CountRows(ctx, tx, t)
			if err != nil {
				return err
			}
			want := said.Rows[name]
			if name == "mark" {
				n-- // ours
			}
			if n != want {
				return fmt.Errorf("the table %s has %d rows; the backup has %d", name, n, want)
			}
		}
		return db.SetMark(ctx, tx, Mark, w.in.Head.ID+" "+allIn)
	})
}
