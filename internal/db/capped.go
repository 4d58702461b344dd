package db

import (
	"context"
	"strconv"
	"strings"
)

// Most is where numbers that stand beside a queue stop: people read "999+", and
// counting further would cost as much as the queue is long.
const Most = 1000

// Capped writes the query that counts the rows of "FROM …", at most Most of them.
func Capped(from string) string {
	return "SELECT COUNT(*) FROM (SELECT 1 AS one " + from + " LIMIT " + strconv.Itoa(Most) + ") capped"
}

// CappedEach counts the rows of "FROM … WHERE column =" for each of the values, at
// most Most of each.
func CappedEach[V ~string](ctx context.Context, tx *Tx, from string, values []V) (map[V]int, error) {
	type count struct {
		value V
		n     int
	}
	var parts []string
	var args []any
	for _, v := range values {
		args = append(args, string(v))
		place := "$" + strconv.Itoa(len(args))
		parts = append(parts, "SELECT CAST("+place+" AS TEXT), ("+Capped(from+" "+place)+")")
	}
	counts := make(map[V]int, len(values))
	return counts, Each(ctx, tx, func(c *count) []any { return []any{&c.value, &c.n} }, func(c count) error {
		if c.n > 0 {
			counts[c.value] = c.n
		}
		return nil
	}, strings.Join(parts, " UNION ALL "), args...)
}
