// Package sheet reads and writes tables as spreadsheets (XLSX): bank statements,
// products in bulk, exports. Cells are texts as the file holds them; what they mean
// is the caller's. A file from outside is hostile until it is read to its end: how
// much it may unpack to is limited, and nothing in it is computed or fetched.
package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"iter"
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Limits is how large a file may be.
type Limits struct {
	Bytes    int64 // of the file itself
	Unpacked int64 // of all its parts
	Columns  int   // of a row; those beyond are fault.Invalid
}

// Usual are limits for what people fill in by hand.
func Usual() Limits { return Limits{Bytes: 20 << 20, Unpacked: 300 << 20, Columns: 200} }

// Book is an open file. Close it: large sheets lie in temporary files.
type Book struct {
	file   *excelize.File
	limits Limits
}

// IsXLSX reports whether a file's first bytes are a zip archive's, as an XLSX is.
func IsXLSX(head []byte) bool { return bytes.HasPrefix(head, []byte("PK\x03\x04")) }

// IsXLS reports whether a file's first bytes are those of the old binary format,
// which nobody reads safely any more.
func IsXLS(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
}

// Open reads a file; one that is no XLSX, is damaged, protected by a password, or
// unpacks to more than allowed is fault.Invalid.
func Open(r io.Reader, limits Limits) (*Book, error) {
	data, err := io.ReadAll(io.LimitReader(r, limits.Bytes+1))
	switch {
	case err != nil:
		return nil, err
	case int64(len(data)) > limits.Bytes:
		return nil, fault.New(fault.Invalid, "sheet.too_large", limits.Bytes>>20)
	case IsXLS(data):
		return nil, fault.New(fault.Invalid, "sheet.old_or_locked")
	case !IsXLSX(data):
		return nil, fault.New(fault.Invalid, "sheet.not_xlsx")
	}
	if err := fits(data, limits); err != nil {
		return nil, err
	}
	// A sheet beyond a few MB is read from a temporary file, not from memory.
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: limits.Unpacked, UnzipXMLSizeLimit: min(limits.Unpacked, 4<<20), RawCellValue: true,
	})
	if err != nil {
		return nil, fault.New(fault.Invalid, "sheet.damaged").Because(err)
	}
	return &Book{f, limits}, nil
}

// fits adds up what the archive's directory promises; the reader of the parts holds
// each to its promise.
func fits(data []byte, limits Limits) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fault.New(fault.Invalid, "sheet.damaged").Because(err)
	}
	var sum uint64
	for _, part := range z.File {
		sum += part.UncompressedSize64
		if part.UncompressedSize64 > uint64(limits.Unpacked) || sum > uint64(limits.Unpacked) {
			return fault.New(fault.Invalid, "sheet.bomb", limits.Unpacked>>20)
		}
	}
	for _, part := range z.File {
		if !strings.HasSuffix(strings.ToLower(part.Name), ".xml") {
			continue
		}
		if err := whole(part); err != nil {
			return fault.New(fault.Invalid, "sheet.damaged").Because(err)
		}
	}
	return nil
}

// whole reads a part to its end, by which its checksum is compared, and refuses one
// that declares entities or ends before its root does: the library would take what
// it had read so far for all there is.
func whole(part *zip.File) error {
	f, err := part.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	buf := make([]byte, 64<<10)
	var head, tail []byte
	for {
		n, err := f.Read(buf)
		if len(head) < 4096 {
			head = append(head, buf[:n]...)
		}
		if tail = append(tail, buf[:n]...); len(tail) > 256 {
			tail = append(tail[:0], tail[len(tail)-256:]...)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if bytes.Contains(head, []byte("<!DOCTYPE")) || bytes.Contains(head, []byte("<!ENTITY")) {
		return errors.New("sheet: " + part.Name + " declares entities")
	}
	return closes(part.Name, head, tail)
}

// closes compares the first element of a part with what it ends in.
func closes(name string, head, tail []byte) error {
	root := rootTag.FindSubmatch(head)
	tail = bytes.TrimSpace(tail)
	if root == nil || bytes.HasSuffix(tail, []byte("</"+string(root[1])+">")) || bytes.HasSuffix(tail, []byte("/>")) && len(head) < 4096 {
		return nil
	}
	return errors.New("sheet: " + name + " ends before its root element does")
}

var rootTag = regexp.MustCompile(`<([A-Za-z_][\w.:-]*)`)

// Sheets lists the names of the sheets in order.
func (b *Book) Sheets() []string { return b.file.GetSheetList() }

// From1904 reports whether days are counted from 1 January 1904, as once on the
// Mac, and not from 1900.
func (b *Book) From1904() bool {
	p, err := b.file.GetWorkbookProps()
	return err == nil && p.Date1904 != nil && *p.Date1904
}

// Rows reads a sheet row by row, numbered from 1; empty rows are left out. Trailing
// empty cells are cut. It yields an error once and ends there.
func (b *Book) Rows(sheet string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := b.file.Rows(sheet)
		if err != nil {
			yield(Row{}, fault.New(fault.Invalid, "sheet.damaged").Because(err))
			return
		}
		defer rows.Close()
		for n := 1; rows.Next(); n++ {
			cells, err := rows.Columns()
			if err == nil {
				cells = trim(cells)
				if len(cells) > b.limits.Columns {
					err = fault.New(fault.Invalid, "sheet.too_wide", n, b.limits.Columns)
				}
			} else {
				err = fault.New(fault.Invalid, "sheet.damaged").Because(err)
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if len(cells) > 0 && !yield(Row{n, cells}, nil) {
				return
			}
		}
		if err := rows.Error(); err != nil {
			yield(Row{}, fault.New(fault.Invalid, "sheet.damaged").Because(err))
		}
	}
}

// Close frees what the file took.
func (b *Book) Close() error { return b.file.Close() }

// Row is one row of a sheet.
type Row struct {
	No    int // from 1, as the spreadsheet program shows it
	Cells []string
}

// Cell is a cell's text without blanks around it, "" beyond the row's end.
func (r Row) Cell(i int) string {
	if i < 0 || i >= len(r.Cells) {
		return ""
	}
	return strings.TrimSpace(r.Cells[i])
}

func trim(cells []string) []string {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}

// errNoTable is a fault of the program.
var errNoTable = errors.New("sheet: a table needs a name and columns")
