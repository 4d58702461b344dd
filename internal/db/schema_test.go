package db_test

import (
	"context"
	"flag"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

var update = flag.Bool("update", false, "write schema.sql anew")

func contains(s, part string) bool { return strings.Contains(s, part) }

// columnsOf reads table.column → type, as both databases name it.
func columnsOf(t *testing.T, d *db.DB, query string) map[string]string {
	t.Helper()
	words := strings.NewReplacer("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
	columns := make(map[string]string)
	rows, err := d.SQL().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, column, kind string
		var required bool
		if err := rows.Scan(&table, &column, &kind, &required); err != nil {
			t.Fatal(err)
		}
		kind = words.Replace(strings.ToUpper(kind))
		if required {
			kind += " NOT NULL"
		}
		columns[table+"."+column] = kind
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return columns
}

// indexesOf reads the names of the indexes that the migrations name.
func indexesOf(t *testing.T, d *db.DB, query string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	rows, err := d.SQL().Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var index, table string
		if err := rows.Scan(&index, &table); err != nil {
			t.Fatal(err)
		}
		all[index] = table
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

const (
	sqliteColumns = `
		SELECT m.name, c.name, c.type, c."notnull" OR c.pk > 0 FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' AND m.name NOT IN (SELECT name FROM pragma_table_list WHERE type IN ('shadow', 'virtual'))`
	postgresColumns = `
		SELECT table_name, column_name, data_type, is_nullable = 'NO' FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%'`
	sqliteIndexes   = `SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`
	postgresIndexes = `
		SELECT i.indexname, i.tablename FROM pg_indexes i WHERE schemaname = 'public' AND tablename NOT LIKE 'goose_%'
		AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)`
)

// tokenTables are the storefront's search index: each database has its own kind
// (migration 00007), and nothing else may differ.
var tokenTables = regexp.MustCompile(`^[a-z_]*(search|token|shelf_details)[a-z_]*(\.|$)`)

// Both databases have the same tables, columns, types and indexes: SQL is written once.
func TestBothDialectsHaveOneSchema(t *testing.T) {
	t.Parallel()
	if !dbtest.HasPostgres() {
		t.Log("PostgreSQL is not given; SQLite alone is looked at")
	}
	lite := dbtest.SQLite(t)
	have := columnsOf(t, lite, sqliteColumns)
	for name, kind := range have {
		switch strings.TrimSuffix(kind, " NOT NULL") {
		case "TEXT", "BIGINT", "INTEGER", "BOOLEAN", "TIMESTAMPTZ":
		default:
			if !tokenTables.MatchString(name) {
				t.Errorf("%s is %s: not a type of the common subset", name, kind)
			}
		}
	}
	if !dbtest.HasPostgres() {
		return
	}
	pg := dbtest.Postgres(t)
	own := func(name, _ string) bool { return tokenTables.MatchString(name) }
	want := columnsOf(t, pg, postgresColumns)
	maps.DeleteFunc(have, own)
	maps.DeleteFunc(want, own)
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("columns of PostgreSQL (-) and SQLite (+) differ:\n%s", diff)
	}
	wantIndexes, haveIndexes := indexesOf(t, pg, postgresIndexes), indexesOf(t, lite, sqliteIndexes)
	maps.DeleteFunc(wantIndexes, func(_, table string) bool { return own(table, "") })
	maps.DeleteFunc(haveIndexes, func(_, table string) bool { return own(table, "") })
	if diff := cmp.Diff(wantIndexes, haveIndexes); diff != "" {
		t.Errorf("indexes of PostgreSQL (-) and SQLite (+) differ:\n%s", diff)
	}
}

// schema.sql is the whole schema as the migrations leave it, for people to read.
func TestSchemaFileIsTheSchema(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	rows, err := d.SQL().QueryContext(context.Background(), `
		SELECT sql FROM sqlite_master
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name NOT LIKE 'goose_%' AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
		ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 ELSE 1 END, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	b.WriteString("-- The whole schema as the migrations leave it on SQLite; PostgreSQL has the same\n-- tables. Written by go test ./internal/db -update; do not edit.\n")
	for rows.Next() {
		var sql string
		if err := rows.Scan(&sql); err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n" + strings.TrimSpace(sql) + ";\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("schema.sql", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(b.String(), string(have)); diff != "" {
		t.Errorf("schema.sql is not what the migrations make (-); run go test ./internal/db -update:\n%s", diff)
	}
}
