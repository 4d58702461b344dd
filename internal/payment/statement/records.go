package statement

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// record is one row of a table, whatever file it comes from.
type record struct {
	no    int // the row it begins on, from 1
	cells []string
	raw   string
}

// first returns the first cell in which something stands.
func (r record) first() string {
	for _, c := range r.cells {
		if s := clean(c); s != "" {
			return s
		}
	}
	return ""
}

// records cuts delimited text into rows. It is encoding/csv's job, but banks
// write ="6222…", leave quotes inside bare cells and put tabs after closing
// quotes, and a quote that is never closed must not pull the rest of the file into memory.
type records struct {
	in    *bufio.Reader
	comma rune
	row   int // rows begun so far
	cell  strings.Builder
	raw   strings.Builder
}

func newRecords(in *bufio.Reader, comma rune) *records {
	return &records{in: in, comma: comma}
}

// pointer names a row, and a column of it, in a fault.
func pointer(row int, column string) string {
	p := "/lines/" + strconv.Itoa(row)
	if column != "" {
		p += "/" + column
	}
	return p
}

// end marks what a cell ended with besides the delimiter.
type end int

const (
	atDelimiter end = iota
	atRow
	atFile
)

// next returns the next row; io.EOF after the last. Faults name the row.
func (s *records) next() (record, error) {
	s.row++
	s.raw.Reset()
	r := record{no: s.row}
	for {
		c, e, err := s.one(r.no, len(r.cells)+1)
		if err != nil {
			return record{}, err
		}
		if e == atFile && s.raw.Len() == 0 && len(r.cells) == 0 {
			return record{}, io.EOF
		}
		if len(r.cells) == MaxColumns {
			return record{}, fault.At(pointer(r.no, ""), "statement.too_many_cells", r.no, MaxColumns)
		}
		r.cells = append(r.cells, c)
		if e != atDelimiter {
			r.raw = strings.TrimRight(s.raw.String(), "\r\n")
			return r, nil
		}
	}
}

// read returns the next character and keeps it for Raw.
func (s *records) read(row int) (rune, error) {
	r, size, err := s.in.ReadRune()
	if err != nil {
		return 0, err
	}
	if r == utf8.RuneError || r == 0 {
		return 0, fault.At(pointer(row, ""), "statement.unreadable", row)
	}
	if s.raw.Len()+size > MaxRecord {
		return 0, fault.At(pointer(row, ""), "statement.line_too_long", row, MaxRecord>>10)
	}
	s.raw.WriteRune(r)
	return r, nil
}

// one reads the cell number n of a row.
func (s *records) one(row, n int) (string, end, error) {
	s.cell.Reset()
	begin, quoted := true, false
	for {
		r, err := s.read(row)
		if errors.Is(err, io.EOF) {
			if quoted {
				return "", 0, fault.At(pointer(row, ""), "statement.quote_open", row, n)
			}
			return s.cell.String(), atFile, nil
		}
		if err != nil {
			return "", 0, err
		}
		switch {
		case quoted && r == '"':
			if !s.follows('"') {
				e, err := s.afterQuote(row, n)
				return s.cell.String(), e, err
			}
			if _, err := s.read(row); err != nil {
				return "", 0, err
			}
		case quoted:
			if r == '\n' || r == '\r' && !s.follows('\n') {
				s.row++ // the row after next counts this one, too
			}
		case begin && r == '"':
			quoted, begin = true, false
			continue
		case begin && r == '=' && s.follows('"'): // ="6222…", against Excel's arithmetic
			if _, err := s.read(row); err != nil {
				return "", 0, err
			}
			quoted, begin = true, false
			continue
		case begin && r == ' ':
			continue
		case r == s.comma:
			return s.cell.String(), atDelimiter, nil
		case r == '\n':
			return s.cell.String(), atRow, nil
		case r == '\r':
			if s.follows('\n') {
				if _, err := s.read(row); err != nil {
					return "", 0, err
				}
			}
			return s.cell.String(), atRow, nil
		}
		begin = false
		s.cell.WriteRune(r)
		if s.cell.Len() > MaxField {
			return "", 0, fault.At(pointer(row, ""), "statement.cell_too_long", row, n, MaxField>>10)
		}
	}
}

// afterQuote reads from the closing quote to the end of the cell; only blanks may stand there.
func (s *records) afterQuote(row, n int) (end, error) {
	for {
		r, err := s.read(row)
		if errors.Is(err, io.EOF) {
			return atFile, nil
		}
		if err != nil {
			return 0, err
		}
		switch {
		case r == s.comma:
			return atDelimiter, nil
		case r == '\n':
			return atRow, nil
		case r == '\r':
			if s.follows('\n') {
				if _, err := s.read(row); err != nil {
					return 0, err
				}
			}
			return atRow, nil
		case r == ' ', r == '\t', r == '\u3000':
		default:
			return 0, fault.At(pointer(row, ""), "statement.quote_after", row, n)
		}
	}
}

// follows reports whether the next byte is c.
func (s *records) follows(c byte) bool {
	b, err := s.in.Peek(1)
	return err == nil && b[0] == c
}
