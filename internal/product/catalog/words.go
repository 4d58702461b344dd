package catalog

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/token"
)

// mostHits bounds how many products a search looks at: of a word that half the
// shelf has, the newest so many are ranked and the rest is not read.
const mostHits = 1000

// fewestHits is below which a search for several words also takes products that
// have only some of them.
const fewestHits = 1

// wordsOf returns the words of the name and those of the rest, each once.
func wordsOf(s Card) (name, rest []string) {
	name = once(token.Index(s.Name))
	seen := make(map[string]bool, len(name))
	for _, w := range name {
		seen[w] = true
	}
	rest = once(token.Index(strings.Join(append(slices.Clone(s.Tags), s.Summary, s.VendorName), " ")))
	return name, slices.DeleteFunc(rest, func(w string) bool { return seen[w] })
}

func once(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

func facetsOf(s Card) []string {
	return []string{facet("c", string(s.Category)), facet("f", string(s.Form)), facet("v", s.VendorID)}
}

func putWords(ctx context.Context, tx *db.Tx, all []Shelf, some bool) error {
	if tx.Dialect() == db.SQLite {
		return putWordsSQLite(ctx, tx, all, some)
	}
	args := make([]any, 0, 2*len(all))
	values := make([]string, len(all))
	for i, s := range all {
		args = append(args, s.no, vectorOf(s.Card))
		values[i] = "(" + strings.Trim(db.In(2*i+1, 1), "()") + ", CAST(" + strings.Trim(db.In(2*i+2, 1), "()") + " AS tsvector))"
	}
	_, err := tx.Exec(ctx, `INSERT INTO shelf_search (no, words) VALUES `+strings.Join(values, ", ")+`
		ON CONFLICT (no) DO UPDATE SET words = excluded.words`, args...)
	return err
}

func putWordsSQLite(ctx context.Context, tx *db.Tx, all []Shelf, some bool) error {
	if some {
		nos := make([]any, len(all))
		for i, s := range all {
			nos[i] = s.no
		}
		if _, err := tx.Exec(ctx, `DELETE FROM shelf_search WHERE rowid IN `+db.In(1, len(nos)), nos...); err != nil {
			return err
		}
	}
	args := make([]any, 0, 4*len(all))
	for _, s := range all {
		name, rest := wordsOf(s.Card)
		args = append(args, s.no, token.Join(name), token.Join(rest), token.Join(facetsOf(s.Card)))
	}
	_, err := tx.Exec(ctx, `INSERT INTO shelf_search (rowid, name, words, facets) VALUES `+rows(len(all), 4), args...)
	return err
}

// vectorOf writes a tsvector; words hold letters and digits only, so nothing is to be escaped.
func vectorOf(s Card) string {
	name, rest := wordsOf(s)
	var b strings.Builder
	add := func(before string, words []string) {
		for _, w := range words {
			b.WriteString("'" + before + w + "' ")
		}
	}
	add("", name)
	add("n.", name)
	add("", rest)
	add("f.", facetsOf(s))
	return b.String()
}

// match is one question to the word index.
type match struct {
	words  []string // all of them
	facets []string // and all of these
	inName bool     // the words must stand in the name
}

func (m match) key() string {
	k := strings.Join(m.words, " ") + "|" + strings.Join(m.facets, " ")
	if m.inName {
		k += "|n"
	}
	return k
}

func (m match) sqlite() string {
	columns := "{name words}"
	if m.inName {
		columns = "{name}"
	}
	q := columns + ` : ("` + strings.Join(m.words, `" AND "`) + `")`
	for _, f := range m.facets {
		q += ` AND {facets} : "` + f + `"`
	}
	return q
}

func (m match) postgres() string {
	before := ""
	if m.inName {
		before = "n."
	}
	parts := make([]string, 0, len(m.words)+len(m.facets))
	for _, w := range m.words {
		parts = append(parts, "'"+before+w+"'")
	}
	for _, f := range m.facets {
		parts = append(parts, "'f."+f+"'")
	}
	return strings.Join(parts, " & ")
}

// hits returns the numbers of the newest products that match, newest first, at
// most limit.
func (m match) hits(ctx context.Context, tx *db.Tx, limit int) ([]int64, error) {
	if tx.Dialect() == db.SQLite {
		return db.All(ctx, tx, db.Value[int64],
			`SELECT rowid FROM shelf_search WHERE shelf_search MATCH $1 ORDER BY rowid DESC LIMIT $2`, m.sqlite(), limit)
	}
	// A plan made for any word would read the whole shelf backwards for a rare one.
	if _, err := tx.Exec(ctx, `SET LOCAL plan_cache_mode = force_custom_plan`); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, db.Value[int64],
		`SELECT no FROM shelf_search WHERE words @@ CAST($1 AS tsquery) ORDER BY no DESC LIMIT $2`, m.postgres(), limit)
}

// found is what a search for words gives: products in the order of how well they fit.
type found struct {
	nos     []int64
	inName  int     // so many from the start have all words in their name
	atLeast bool    // there are more than were looked at
	loose   bool    // they have some of the words, not all
	entries []entry // of those on the shelf, in the same order; not to be changed
}

// errNoWords is a search in which there is nothing to look for.
var errNoWords = errors.New("no words")

// lookUp searches for products that have all the words, those first that have
// them in the name; if there are none, for those that have most of them.
func lookUp(ctx context.Context, tx *db.Tx, words, facets []string) (found, error) {
	if len(words) == 0 {
		return found{}, errNoWords
	}
	all, err := match{words, facets, false}.hits(ctx, tx, mostHits)
	if err != nil {
		return found{}, err
	}
	var deep []int64
	if len(all) < enoughHits {
		if deep, err = (match{words, facets, false}).inDetails(ctx, tx, mostHits/4); err != nil {
			return found{}, err
		}
	}
	if len(all)+len(deep) < fewestHits && len(words) > 1 {
		return lookAround(ctx, tx, words, facets)
	}
	named, err := namedOf(ctx, tx, words, facets, all)
	if err != nil {
		return found{}, err
	}
	f := found{nos: named, inName: len(named), atLeast: len(all) == mostHits || len(named) == mostHits}
	if len(named) == mostHits {
		return f, nil
	}
	seen := make(map[int64]bool, len(named))
	for _, no := range named {
		seen[no] = true
	}
	for _, no := range all {
		if !seen[no] {
			f.nos = append(f.nos, no)
		}
		seen[no] = true
	}
	for _, no := range deep { // only in the details: last
		if !seen[no] {
			f.nos = append(f.nos, no)
		}
	}
	return f, nil
}

// fewNames is up to how many hits their names are read rather than the word index
// asked a second time.
const fewNames = 64

// namedOf are those products that have all the words in their name, newest first;
// all are those that have them anywhere.
func namedOf(ctx context.Context, tx *db.Tx, words, facets []string, all []int64) ([]int64, error) {
	if len(all) > fewNames {
		return match{words, facets, true}.hits(ctx, tx, mostHits)
	}
	if len(all) == 0 {
		return nil, nil
	}
	args := make([]any, len(all))
	for i, no := range all {
		args[i] = no
	}
	type row struct {
		no   int64
		name string
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.no, &r.name} }, `SELECT no, name FROM shelf WHERE no IN `+db.In(1, len(args))+` ORDER BY no DESC`, args...)
	var named []int64
	for _, r := range rows {
		has := token.Index(r.name)
		if !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(has, w) }) {
			named = append(named, r.no)
		}
	}
	return named, err
}

// lookAround takes the newest products of each word and keeps those that have at
// least half of the words, the most first.
func lookAround(ctx context.Context, tx *db.Tx, words, facets []string) (found, error) {
	words = words[:min(len(words), 8)]
	count := make(map[int64]int)
	for _, w := range words {
		nos, err := match{[]string{w}, facets, false}.hits(ctx, tx, mostHits/8)
		if err != nil {
			return found{}, err
		}
		for _, no := range nos {
			count[no]++
		}
	}
	f := found{loose: true}
	for no, n := range count {
		if 2*n >= len(words) {
			f.nos = append(f.nos, no)
		}
	}
	slices.SortFunc(f.nos, func(a, b int64) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return int(b - a)
	})
	return f, nil
}
