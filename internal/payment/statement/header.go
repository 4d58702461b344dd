package statement

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/fault"
)

const (
	delimiters  = ",\t;|"
	maxPreamble = 200       // rows in which the column names must come
	prefixSize  = 128 << 10 // bytes in which they must come
)

// columns is where each column of a file stands.
type columns struct {
	at     map[string]int // by role
	remark []int
	names  []string // as the file writes them
}

// cell returns the cell of a role, "" when the file has no such column.
func (c columns) cell(r record, role string) string {
	i, ok := c.at[role]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return r.cells[i]
}

// name returns what the file calls the column.
func (c columns) name(role string) string {
	if i, ok := c.at[role]; ok {
		return c.names[i]
	}
	return role
}

// match tries a row as the row of column names. It returns the names still
// missing (the first spelling of each), and the column named twice, if any.
func (m Mapping) match(r record) (c columns, found int, missing []string, twice string) {
	c.at = map[string]int{}
	where := map[string][]int{}
	for i, cell := range r.cells {
		name := heading(cell)
		c.names = append(c.names, clean(cell))
		if name != "" {
			where[name] = append(where[name], i)
		}
	}
	for _, role := range m.roles() {
		for _, name := range role.names {
			if at := where[heading(name)]; len(at) > 0 {
				c.at[role.key] = at[0]
				found++
				if len(at) > 1 && twice == "" {
					twice = c.names[at[0]]
				}
				break
			}
		}
	}
	for i, cell := range r.cells {
		if clean(cell) != "" && oneOf(cell, m.Columns.Remark) {
			c.remark = append(c.remark, i)
		}
	}
	for _, role := range m.required() {
		if _, ok := c.at[role.key]; !ok {
			missing = append(missing, role.names[0])
		}
	}
	return c, found, missing, twice
}

// nearest looks for the row of column names among the first rows. Where none has
// all that is needed it returns the row that comes nearest and what it lacks, and
// why reading ended early.
func (m Mapping) nearest(next func() (record, error)) (ok bool, best near, stop error) {
	for range maxPreamble {
		r, err := next()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				stop = err
			}
			break
		}
		_, found, missing, _ := m.match(r)
		if len(missing) == 0 {
			return true, best, nil
		}
		if found > best.found {
			best = near{found, r.no, missing}
		}
	}
	return false, best, stop
}

// near is a row that may be the column names.
type near struct {
	found, row int
	lacking    []string
}

// delimiter finds the delimiter by the row of column names in the beginning of the
// file; the fault says which names are missing in the row that comes nearest.
func (m Mapping) delimiter(beginning []byte) (rune, error) {
	wanted := m.Delimiter
	if wanted == "auto" {
		wanted = delimiters
	}
	var best near
	var stop error // why reading with a delimiter ended early
	for _, d := range wanted {
		ok, n, why := m.nearest(newRecords(bufio.NewReader(bytes.NewReader(beginning)), d).next)
		if ok {
			return d, nil
		}
		if n.found > best.found {
			best = n
		}
		if stop == nil {
			stop = why
		}
	}
	if best.found <= 1 && stop != nil && len(beginning) < prefixSize {
		return 0, stop
	}
	return 0, m.noHeader(best)
}

// noHeader says that no row has the column names, and what the nearest lacks.
func (m Mapping) noHeader(best near) error {
	if best.found > 1 {
		return fault.At("/header", "statement.header_lacks", best.row, best.lacking)
	}
	var all []string
	for _, role := range m.required() {
		all = append(all, role.names[0])
	}
	return fault.At("/header", "statement.no_header", maxPreamble, all)
}

// labelled returns the words of a row in pairs of neighbours, of which some are a
// label and its value: 账号 | 7559… in two cells, or 账号：7559… in one.
func labelled(r record) [][2]string {
	var words []string
	for _, cell := range r.cells {
		s := clean(cell)
		pieces := []string{s}
		if strings.Count(s, "：")+strings.Count(s, ":") > 1 {
			pieces = strings.Fields(s)
		}
		for _, p := range pieces {
			if i := strings.IndexAny(p, "：:"); i >= 0 {
				_, size := utf8.DecodeRuneInString(p[i:])
				words = append(words, p[:i], p[i+size:])
				continue
			}
			words = append(words, p)
		}
	}
	var pairs [][2]string
	label := ""
	for _, w := range words {
		if w = strings.Trim(strings.TrimSpace(w), "[]【】"); w == "" {
			continue
		}
		if label != "" {
			pairs = append(pairs, [2]string{label, w})
		}
		label = w
	}
	return pairs
}
