package db

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Table is one table of the schema, for those who copy all of them and know the
// meaning of none: a backup, and the rotation of keys.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"` // columns of the primary key, in its order
}

// Column is a column of a table.
type Column struct {
	Name string     `json:"name"`
	Kind ColumnKind `json:"kind"`
}

// ColumnKind is what a column holds, alike in both databases.
type ColumnKind string

// The kinds of columns.
const (
	TextColumn    ColumnKind = "text"
	IntegerColumn ColumnKind = "integer"
	BoolColumn    ColumnKind = "bool"
	TimeColumn    ColumnKind = "time"
)

// made again from other tables, or the migrations' own.
var notCopied = []string{"goose_db_version", "goose_lock", "shelf_search", "shelf_details"}

// found is a column as the catalogue of a database tells of it.
type found struct {
	table, column, declared string
	key                     int64 // place in the primary key, from 1; 0 is outside
}

func (f *found) fields() []any { return []any{&f.table, &f.column, &f.declared, &f.key} }

const sqliteColumns = `
	SELECT t.name, c.name, c.type, c.pk
	FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
	WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
	ORDER BY t.name, c.cid`

const postgresColumns = `
	SELECT c.table_name, c.column_name, c.data_type, COALESCE(k.ordinal_position, 0)
	FROM information_schema.columns c
	JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name AND t.table_type = 'BASE TABLE'
	LEFT JOIN information_schema.table_constraints p
		ON p.table_schema = c.table_schema AND p.table_name = c.table_name AND p.constraint_type = 'PRIMARY KEY'
	LEFT JOIN information_schema.key_column_usage k
		ON k.constraint_schema = p.constraint_schema AND k.constraint_name = p.constraint_name AND k.column_name = c.column_name
	WHERE c.table_schema = current_schema()
	ORDER BY c.table_name, c.ordinal_position`

const sqliteArrows = `
	SELECT t.name, f."table" FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f
	WHERE t.schema = 'main' AND t.type = 'table'`

const postgresArrows = `
	SELECT c.relname, r.relname FROM pg_constraint k
	JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
	JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE k.contype = 'f' AND n.nspname = current_schema()`

// Tables lists the tables that hold what cannot be made again, each after those it
// refers to, so that rows can be put in in this order.
func Tables(ctx context.Context, tx *Tx) ([]Table, error) {
	columns, arrows := sqliteColumns, sqliteArrows
	if tx.Dialect() == Postgres {
		columns, arrows = postgresColumns, postgresArrows
	}
	rows, err := All(ctx, tx, (*found).fields, columns)
	if err != nil {
		return nil, err
	}
	pairs, err := All(ctx, tx, func(p *[2]string) []any { return []any{&p[0], &p[1]} }, arrows)
	if err != nil {
		return nil, err
	}
	tables, err := gather(rows)
	if err != nil {
		return nil, err
	}
	return inOrder(tables, pairs), nil
}

// gather makes tables of their columns.
func gather(rows []found) ([]Table, error) {
	var out []Table
	keys := make(map[string][]found)
	for _, r := range rows {
		if slices.Contains(notCopied, r.table) {
			continue
		}
		kind, err := kindOf(r)
		if err != nil {
			return nil, err
		}
		if n := len(out); n == 0 || out[n-1].Name != r.table {
			out = append(out, Table{Name: r.table})
		}
		t := &out[len(out)-1]
		t.Columns = append(t.Columns, Column{r.column, kind})
		if r.key > 0 {
			keys[r.table] = append(keys[r.table], r)
		}
	}
	for i := range out {
		k := keys[out[i].Name]
		slices.SortFunc(k, func(a, b found) int { return cmp.Compare(a.key, b.key) })
		for _, c := range k {
			out[i].Key = append(out[i].Key, c.column)
		}
	}
	return out, nil
}

func kindOf(f found) (ColumnKind, error) {
	switch declared := strings.ToLower(f.declared); {
	case declared == "text":
		return TextColumn, nil
	case declared == "bigint" || declared == "integer":
		return IntegerColumn, nil
	case declared == "boolean":
		return BoolColumn, nil
	case strings.HasPrefix(declared, "timestamp"):
		return TimeColumn, nil
	}
	return "", fmt.Errorf("db: column %s.%s has the type %s, which is not of the common subset", f.table, f.column, f.declared)
}

// inOrder puts every table after those it refers to; arrows are pairs (from, to).
func inOrder(tables []Table, arrows [][2]string) []Table {
	needs := make(map[string][]string)
	for _, a := range arrows {
		needs[a[0]] = append(needs[a[0]], a[1])
	}
	byName := make(map[string]Table, len(tables))
	for _, t := range tables {
		byName[t.Name] = t
	}
	var out []Table
	seen := make(map[string]bool)
	var visit func(name string)
	visit = func(name string) {
		t, ok := byName[name]
		if seen[name] || !ok {
			return
		}
		seen[name] = true
		for _, n := range needs[name] {
			visit(n)
		}
		out = append(out, t)
	}
	for _, t := range tables {
		visit(t.Name)
	}
	return out
}

// names lists the table's columns.
func (t Table) names() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = `"` + c.Name + `"`
	}
	return strings.Join(names, ", ")
}

// scan is where a row of the table is read to, and value what was read: nil,
// string, int64, bool or time.Time.
func (t Table) scan() (into []any, value func() []any) {
	into = make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Kind {
		case IntegerColumn:
			into[i] = new(sql.NullInt64)
		case BoolColumn:
			into[i] = new(sql.NullBool)
		case TimeColumn:
			into[i] = new(timeField)
		default:
			into[i] = new(sql.NullString)
		}
	}
	return into, func() []any {
		row := make([]any, len(into))
		for i := range into {
			switch v := into[i].(type) {
			case *sql.NullInt64:
				if v.Valid {
					row[i] = v.Int64
				}
			case *sql.NullBool:
				if v.Valid {
					row[i] = v.Bool
				}
			case *timeField:
				if at := time.Time(*v); !at.IsZero() {
					row[i] = at
				}
			case *sql.NullString:
				if v.Valid {
					row[i] = v.String
				}
			}
		}
		return row
	}
}

// EachRow hands over every row of the table in the order of its key: nil, string,
// int64, bool or time.Time per column.
func EachRow(ctx context.Context, tx *Tx, t Table, do func(row []any) error) error {
	return EachRowWhere(ctx, tx, t, "1 = 1", nil, do)
}

// EachRowWhere is EachRow of the rows that keep to a condition on $1 and on.
func EachRowWhere(ctx context.Context, tx *Tx, t Table, where string, args []any, do func(row []any) error) error {
	order := make([]string, len(t.Key))
	for i, k := range t.Key {
		order[i] = `"` + k + `"`
	}
	query := fmt.Sprintf(`SELECT %s FROM "%s" WHERE %s`, t.names(), t.Name, where)
	if len(order) > 0 {
		query += " ORDER BY " + strings.Join(order, ", ")
	}
	rows, err := tx.raw.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		into, value := t.scan()
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		if err := do(value()); err != nil {
			return err
		}
	}
	return rows.Err()
}

// rowsAtOnce is how many rows one statement puts in; see ledger.PostAll for why not more.
const rowsAtOnce = 20

// PutRows puts rows of a copy into the table, as EachRow handed them over.
func PutRows(ctx context.Context, tx *Tx, t Table, rows [][]any) error {
	for len(rows) > 0 {
		n := min(rowsAtOnce, len(rows))
		values, args := make([]string, n), make([]any, 0, n*len(t.Columns))
		for i, r := range rows[:n] {
			values[i] = In(len(args)+1, len(t.Columns))
			args = append(args, r...)
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES %s`, t.Name, t.names(), strings.Join(values, ", ")), args...); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		rows = rows[n:]
	}
	return nil
}

// CountRows counts the rows of a table.
func CountRows(ctx context.Context, tx *Tx, t Table) (int64, error) {
	return CountRowsWhere(ctx, tx, t, "1 = 1", nil)
}

// CountRowsWhere counts the rows that keep to a condition on $1 and on.
func CountRowsWhere(ctx context.Context, tx *Tx, t Table, where string, args []any) (int64, error) {
	return One(ctx, tx, Value[int64], fmt.Sprintf(`SELECT COUNT(*) FROM "%s" WHERE %s`, t.Name, where), args...)
}

// ClearTable removes every row of a table, before a copy is put in.
func ClearTable(ctx context.Context, tx *Tx, t Table) error {
	_, err := tx.Exec(ctx, fmt.Sprintf(`DELETE FROM "%s"`, t.Name))
	return err
}

// PutText writes one text of the row with the key, if it is still the old one, and
// reports whether it was: for the rotation of keys, which changes no meaning.
func PutText(ctx context.Context, tx *Tx, t Table, key []any, column, old, text string) (bool, error) {
	where := make([]string, len(t.Key))
	args := append([]any{text, old}, key...)
	for i, k := range t.Key {
		where[i] = fmt.Sprintf(`"%s" = $%d`, k, i+3)
	}
	n, err := tx.Exec(ctx, fmt.Sprintf(`UPDATE "%s" SET "%s" = $1 WHERE "%s" = $2 AND %s`, t.Name, column, column, strings.Join(where, " AND ")), args...)
	return n == 1, err
}
