package sheet

import (
	"encoding/csv"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/yunshi-market/yunshi/internal/money"
)

// Column is the head of a column.
type Column struct {
	Title string
	Width float64 // in characters; 0 is 16
}

// Cell is what stands in a field: a string, an int, an int64, a bool, a time.Time,
// a money.Amount; nil is empty.
type Cell = any

// Table is one sheet to write.
type Table struct {
	Name    string // of the sheet, at most 31 characters
	Columns []Column
	Rows    iter.Seq2[[]Cell, error]
}

// Each makes rows of a list.
func Each[T any](list []T, row func(T) []Cell) iter.Seq2[[]Cell, error] {
	return func(yield func([]Cell, error) bool) {
		for _, v := range list {
			if !yield(row(v), nil) {
				return
			}
		}
	}
}

// Write writes tables as one XLSX file, row by row, the head bold and held in view.
// A text that a spreadsheet program would take for a formula stays a text.
func Write(w io.Writer, tables ...Table) error {
	f := excelize.NewFile()
	defer f.Close()
	styles, err := stylesOf(f)
	if err != nil {
		return err
	}
	for i, t := range tables {
		if t.Name == "" || len(t.Columns) == 0 {
			return errNoTable
		}
		if i == 0 {
			err = f.SetSheetName(f.GetSheetName(0), t.Name)
		} else {
			_, err = f.NewSheet(t.Name)
		}
		if err != nil {
			return err
		}
		if err := writeTable(f, t, styles); err != nil {
			return err
		}
	}
	return f.Write(w)
}

type styles struct{ head, money, at int }

func stylesOf(f *excelize.File) (s styles, err error) {
	if s.head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF7"}}}); err != nil {
		return s, err
	}
	amount, at := "#,##0.00", "yyyy-mm-dd hh:mm"
	if s.money, err = f.NewStyle(&excelize.Style{CustomNumFmt: &amount}); err != nil {
		return s, err
	}
	s.at, err = f.NewStyle(&excelize.Style{CustomNumFmt: &at})
	return s, err
}

func writeTable(f *excelize.File, t Table, s styles) error {
	out, err := f.NewStreamWriter(t.Name)
	if err != nil {
		return err
	}
	head := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		width := c.Width
		if width == 0 {
			width = 16
		}
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		head[i] = excelize.Cell{StyleID: s.head, Value: c.Title}
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := out.SetRow("A1", head); err != nil {
		return err
	}
	n := 1
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		n++
		cells := make([]any, len(row))
		for i, c := range row {
			cells[i] = s.cell(c)
		}
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		if err := out.SetRow(at, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

// cell puts a value into a cell. An amount becomes a number here and nowhere else:
// the file's format has no other, and its shortest decimal is the amount's own text.
func (s styles) cell(c Cell) any {
	switch v := c.(type) {
	case money.Amount:
		return excelize.Cell{StyleID: s.money, Value: float64(v.Fen) / 100}
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return excelize.Cell{StyleID: s.at, Value: v}
	case string:
		return clip(v)
	}
	return c
}

// clip keeps to what a cell may hold, 32,767 characters.
func clip(s string) string {
	if r := []rune(s); len(r) > 32000 {
		return string(r[:32000])
	}
	return s
}

// WriteCSV writes a table as CSV in UTF-8 with a byte order mark, which spreadsheet
// programs in Chinese need, and with formulas made harmless.
func WriteCSV(w io.Writer, t Table) error {
	if len(t.Columns) == 0 {
		return errNoTable
	}
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	head := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		head[i] = c.Title
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for row, err := range t.Rows {
		if err != nil {
			return err
		}
		texts := make([]string, len(row))
		for i, c := range row {
			texts[i] = Text(c)
		}
		if err := out.Write(texts); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet program from taking a text for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
