package ui

import (
	"context"
	"html"
	"io"

	"github.com/a-h/templ"
)

// Align is where the words of a column stand.
type Align string

// The alignments. The zero value is Start.
const (
	Start Align = ""
	End   Align = "end" // numbers and money
	Mid   Align = "mid"
)

// Column is one column of a Table.
type Column struct {
	Label  string
	Align  Align
	Tight  bool   // no wider than its content
	Sort   string // address that sorts by this column; "" cannot be sorted
	Sorted string // "ascending" or "descending" if the list is sorted by it
	Unseen bool   // the label is for screen readers only, as over buttons
}

// Row is one row of a Table.
type Row struct {
	Href  string // where the row leads; its first cell is the link
	Tone  Tone
	Cells []templ.Component
}

// Table is a list of things of one kind.
type Table struct {
	Caption string // what the rows are, for screen readers
	Columns []Column
	Rows    []Row
	Foot    []templ.Component // sums; empty is no foot
	Blank   Blank             // shown instead when there are no rows
	Keys    bool              // j, k, Enter and / work (office queues)
	Wide    bool              // scrolls sideways on a phone instead of becoming cards
}

// S is a cell of plain text.
func S(s string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, html.EscapeString(s))
		return err
	})
}

// Two is a cell with a second, fainter line.
func Two(main, below string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		s := html.EscapeString(main)
		if below != "" {
			s += "<small>" + html.EscapeString(below) + "</small>"
		}
		_, err := io.WriteString(w, s)
		return err
	})
}

// Join is several components in one place, with a space between.
func Join(parts ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for i, p := range parts {
			if i > 0 {
				if _, err := io.WriteString(w, " "); err != nil {
					return err
				}
			}
			if err := p.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c Column) class() string { return classes(string(c.Align), when(c.Tight, "tight")) }

func (tb Table) column(i int) Column {
	if i < len(tb.Columns) {
		return tb.Columns[i]
	}
	return Column{}
}
