package demo

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/text"
)

// sheet sets a document of the demo from data/papers: each line of the filled-in
// template is a block, told by how it begins.
func sheet(name string, made time.Time, fill any) ([]byte, error) {
	t, err := template.ParseFS(data, "data/papers/"+name+".txt")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, fill); err != nil {
		return nil, err
	}
	lines := strings.Split(b.String(), "\n")
	meta := paper.Meta{Lang: text.ZH, Created: made}
	for _, l := range lines {
		if s, ok := strings.CutPrefix(l, "# "); ok {
			meta.Title, _, _ = strings.Cut(s, " | ")
		}
	}
	d := paper.New(meta)
	for i := 0; i < len(lines); {
		i += block(d, lines[i:])
	}
	return d.Bytes()
}

// block puts the first lines of a document into it and returns how many it took.
func block(d *paper.Document, lines []string) int {
	mark, rest, _ := strings.Cut(strings.TrimSpace(lines[0]), " ")
	f := strings.Split(rest, " | ")
	pair := func() (string, string) {
		if len(f) < 2 {
			return f[0], ""
		}
		return f[0], f[1]
	}
	switch mark {
	case "":
	case "%":
		d.Watermark(rest)
	case "#":
		d.Title(pair())
	case ":":
		d.Line(pair())
	case "##":
		d.Heading(rest)
	case ">":
		d.Note(rest)
	case "-", "-!":
		return keyTable(d, lines)
	case "+":
		return table(d, lines)
	case "@":
		return signatures(d, lines)
	default:
		d.Paragraph(strings.TrimSpace(lines[0]))
	}
	return 1
}

func keyTable(d *paper.Document, lines []string) (n int) {
	var rows []paper.Row
	for _, l := range lines {
		mark, rest, _ := strings.Cut(l, " ")
		if mark != "-" && mark != "-!" {
			break
		}
		label, value, _ := strings.Cut(rest, " | ")
		rows = append(rows, paper.Row{Label: label, Value: value, Strong: mark == "-!"})
	}
	d.KeyTable(rows...)
	return len(rows)
}

func table(d *paper.Document, lines []string) (n int) {
	var t paper.Table
	for _, l := range lines {
		rest, ok := strings.CutPrefix(l, "+ ")
		if !ok {
			break
		}
		cells := strings.Split(rest, " | ")
		if n++; n > 1 {
			t.Rows = append(t.Rows, cells)
			continue
		}
		for _, c := range cells {
			t.Columns = append(t.Columns, paper.Column{Title: c})
		}
	}
	for i := range t.Columns { // as wide as the longest cell wants, within reason
		most := 4
		for _, row := range t.Rows {
			if i < len(row) {
				most = max(most, utf8.RuneCountInString(row[i]))
			}
		}
		t.Columns[i].Width = float64(min(most, 18))
	}
	d.Table(t)
	return n
}

// signatures are up to two lines "@ role | label = value; … | name in the seal | its line".
func signatures(d *paper.Document, lines []string) (n int) {
	var parts []paper.Part
	for _, l := range lines {
		rest, ok := strings.CutPrefix(l, "@ ")
		if !ok {
			break
		}
		f := append(strings.Split(rest, " | "), "", "", "")
		s := paper.Signature{Role: f[0]}
		for _, row := range strings.Split(f[1], "; ") {
			label, value, _ := strings.Cut(row, " = ")
			s.Rows = append(s.Rows, paper.Row{Label: label, Value: value})
		}
		if f[2] != "" {
			s.Seal = &paper.Seal{Name: f[2], Line: f[3]}
		}
		parts = append(parts, s)
	}
	d.Columns(parts...)
	return len(parts)
}

// plain makes lines of a document of a product's Markdown; tables are left out.
func plain(markdown string) string {
	var b strings.Builder
	for _, l := range strings.Split(markdown, "\n") {
		l = strings.NewReplacer("**", "", "`", "").Replace(strings.TrimSpace(l))
		switch {
		case l == "" || strings.HasPrefix(l, "|"):
		case strings.HasPrefix(l, "#"):
			fmt.Fprintf(&b, "## %s\n", strings.TrimLeft(l, "# "))
		case strings.HasPrefix(l, "- "):
			fmt.Fprintf(&b, "· %s\n", l[2:])
		default:
			b.WriteString(l + "\n")
		}
	}
	return b.String()
}
