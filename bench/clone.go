package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
)

// cloner writes rows in bulk that are those of the operations but for ids, names,
// times and states: each is a copy of one that an operation wrote.
type cloner struct {
	m *market.Market
	b *bench
}

// fields are a row's values by column.
type fields map[string]any

// model is a row that operations wrote.
type model struct {
	table   string
	columns []string
	row     fields
}

// model reads the first row of "table WHERE …".
func (c cloner) model(ctx context.Context, table, where string) (model, error) {
	rows, err := c.m.DB.SQL().QueryContext(ctx, `SELECT * FROM `+table+` WHERE `+where+` LIMIT 1`)
	if err != nil {
		return model{}, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return model{}, err
	}
	if !rows.Next() {
		return model{}, fmt.Errorf("the demo has no row of %s WHERE %s: %w", table, where, sql.ErrNoRows)
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	if err := rows.Scan(into...); err != nil {
		return model{}, err
	}
	t := model{table, names, make(fields, len(names))}
	for i, n := range names {
		t.row[n] = values[i]
	}
	return t, rows.Close()
}

// text is a value of the model as text.
func (t model) text(column string) string {
	switch v := t.row[column].(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

// part is how many rows one statement writes.
const rowsAtOnce = 100

// write writes n copies; change says what differs in the i-th.
func (c cloner) write(ctx context.Context, t model, n int, change func(tx *db.Tx, i int) fields) error {
	for made := 0; made < n; made += 20 * rowsAtOnce {
		err := c.m.DB.Write(ctx, func(tx *db.Tx) error {
			for from := made; from < min(made+20*rowsAtOnce, n); from += rowsAtOnce {
				if err := c.insert(ctx, tx, t, from, min(from+rowsAtOnce, n), change); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", t.table, err)
		}
		c.b.progress.at(t.table, min(made+20*rowsAtOnce, n), n)
	}
	return nil
}

func (c cloner) insert(ctx context.Context, tx *db.Tx, t model, from, to int, change func(tx *db.Tx, i int) fields) error {
	var args []any
	var values []string
	for i := from; i < to; i++ {
		other := change(tx, i)
		for name := range other {
			if !slices.Contains(t.columns, name) {
				return fmt.Errorf("no column %s", name)
			}
		}
		for _, name := range t.columns {
			v, ok := other[name]
			if !ok {
				v = t.row[name]
			}
			args = append(args, v)
		}
		values = append(values, db.In(len(args)-len(t.columns)+1, len(t.columns)))
	}
	_, err := tx.Exec(ctx, `INSERT INTO `+t.table+` (`+strings.Join(t.columns, ", ")+`) VALUES `+strings.Join(values, ", "), args...)
	return err
}

// again gives a sealer for the i-th copies of a sealed column: what it says is the
// model's, sealed for the row it stands in.
func (c cloner) again(ctx context.Context, t model, column, key string) (func(tx *db.Tx, id string) string, error) {
	var plain string
	err := c.m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		plain, err = tx.Vault().Open(t.table+"."+column+":"+t.text(key), t.text(column))
		return err
	})
	return func(tx *db.Tx, id string) string { return tx.Vault().Seal(t.table+"."+column+":"+id, plain) }, err
}
