package takeout

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/sheet"
)

// who is what is told of an actor that is none of the company's people.
const (
	theOperator = "operator"
	theProgram  = "system"
)

// reader reads the rows of one company at one moment.
type reader struct {
	tx     *db.Tx
	vendor string
	zone   *time.Location
	tables map[string]db.Table
	people map[string]bool // account ids of its people, those who left too
	seen   func() error    // called for each row
}

func newReader(ctx context.Context, tx *db.Tx, vendorID string, zone *time.Location) (*reader, error) {
	r := &reader{tx: tx, vendor: vendorID, zone: zone, tables: map[string]db.Table{}, people: map[string]bool{}, seen: func() error { return nil }}
	all, err := db.Tables(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, t := range all {
		r.tables[t.Name] = t
	}
	return r, db.Each(ctx, tx, db.Value[string], func(id string) error { r.people[id] = true; return nil }, `
		SELECT id FROM account WHERE vendor_id = $1 AND kind = $2
		UNION SELECT actor_id FROM event WHERE vendor_id = $1 AND actor_kind = $2
		UNION SELECT made_by FROM vendor WHERE id = $1`, vendorID, string(access.Member))
}

// table is the noun's table with its own columns alone.
func (r *reader) table(n noun) (db.Table, error) {
	t, ok := r.tables[n.table]
	if !ok {
		return t, fmt.Errorf("takeout: no table %s", n.table)
	}
	out := db.Table{Name: t.Name, Key: t.Key}
	for _, c := range n.list() {
		i := slices.IndexFunc(t.Columns, func(x db.Column) bool { return x.Name == c.name })
		if i < 0 {
			return t, fmt.Errorf("takeout: no column %s.%s", n.table, c.name)
		}
		out.Columns = append(out.Columns, t.Columns[i])
	}
	return out, nil
}

func (r *reader) count(ctx context.Context, n noun) (int64, error) {
	t, err := r.table(n)
	if err != nil {
		return 0, err
	}
	return db.CountRowsWhere(ctx, r.tx, t, n.where, []any{r.vendor})
}

// each hands over the noun's rows, opened: nil, string, int64, bool, time.Time or
// json.RawMessage per column.
func (r *reader) each(ctx context.Context, n noun, do func(row []any) error) error {
	t, err := r.table(n)
	if err != nil {
		return err
	}
	columns := n.list()
	return db.EachRowWhere(ctx, r.tx, t, n.where, []any{r.vendor}, func(row []any) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := r.seen(); err != nil {
			return err
		}
		out := slices.Clone(row)
		value := func(name string) string {
			i := slices.IndexFunc(columns, func(c column) bool { return c.name == name })
			if i < 0 || row[i] == nil {
				return ""
			}
			return fmt.Sprint(row[i])
		}
		for i, c := range columns {
			s, ok := row[i].(string)
			if !ok {
				continue
			}
			switch c.kind {
			case "json":
				out[i] = raw(s)
			case "sealed":
				if s == "" {
					continue
				}
				plain, err := r.tx.Vault().Open(n.place(c.name, value), s)
				if err != nil {
					return fmt.Errorf("%s.%s of %s: %w", n.table, c.name, value("id"), err)
				}
				out[i] = raw(plain)
			case "person":
				out[i] = r.person(s)
			case "address":
				if value("actor_kind") != string(access.Member) {
					out[i] = ""
				}
			}
		}
		return do(out)
	})
}

// person keeps the ids of the company's people and hides who of the staff it was.
func (r *reader) person(id string) string {
	switch {
	case id == "" || r.people[id]:
		return id
	case strings.HasPrefix(id, "acc_"):
		return theOperator
	}
	return theProgram
}

// raw is a text that is JSON as such, any other as it is.
func raw(s string) any {
	if s == "" {
		return nil
	}
	if strings.ContainsRune(`{["`, rune(s[0])) && json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	return s
}

// writeJSON writes the noun's rows as a list of objects, a line each.
func (r *reader) writeJSON(ctx context.Context, n noun, w io.Writer) (rows int64, err error) {
	var heads [][]byte
	for _, c := range n.list() {
		heads = append(heads, append(encode(c.name), ':'))
	}
	var line bytes.Buffer
	err = r.each(ctx, n, func(row []any) error {
		line.Reset()
		if rows == 0 {
			line.WriteString("[\n{")
		} else {
			line.WriteString(",\n{")
		}
		for i, v := range row {
			if i > 0 {
				line.WriteByte(',')
			}
			line.Write(heads[i])
			line.Write(encode(v))
		}
		line.WriteByte('}')
		rows++
		_, err := w.Write(line.Bytes())
		return err
	})
	if err != nil {
		return rows, err
	}
	end := "\n]\n"
	if rows == 0 {
		end = "[]\n"
	}
	_, err = io.WriteString(w, end)
	return rows, err
}

// encode writes a value as JSON, with < and & as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // of what a database holds, each value can be
	}
	return bytes.TrimRight(b.Bytes(), "\n")
}

// writeCSV writes the noun's rows as a table for spreadsheet programs.
func (r *reader) writeCSV(ctx context.Context, n noun, w io.Writer) error {
	var t sheet.Table
	for _, c := range n.list() {
		t.Columns = append(t.Columns, sheet.Column{Title: c.name})
	}
	t.Rows = r.cells(ctx, n)
	return sheet.WriteCSV(w, t)
}

func (r *reader) cells(ctx context.Context, n noun) iter.Seq2[[]sheet.Cell, error] {
	return func(yield func([]sheet.Cell, error) bool) {
		stopped := false
		err := r.each(ctx, n, func(row []any) error {
			for i, v := range row {
				switch v := v.(type) {
				case json.RawMessage:
					row[i] = string(v)
				case time.Time:
					row[i] = v.In(r.zone)
				}
			}
			if !yield(row, nil) {
				stopped = true
				return errOver
			}
			return nil
		})
		if err != nil && !stopped {
			yield(nil, err)
		}
	}
}
