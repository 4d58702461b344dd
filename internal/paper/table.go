package paper

// Row is a line of a KeyTable.
type Row struct {
	Label  string
	Value  string
	Strong bool // in bold type, as the amount
}

// KeyTable puts a table of two columns, the labels on a tint at the left.
func (d *Document) KeyTable(rows ...Row) { d.blocks = append(d.blocks, keyTable(rows)) }

// Align says where a column's text stands.
type Align int

// The alignments.
const (
	Left Align = iota
	Centre
	Right
)

// Column is a column of a Table.
type Column struct {
	Title string
	Width float64 // in proportion to the others; 0 is 1
	Align Align
}

// Table is a table whose header is repeated on each page it reaches.
type Table struct {
	Columns []Column
	Rows    [][]string
	Total   []string // the last line, in bold; may be nil
}

// Table puts a table.
func (d *Document) Table(t Table) { d.blocks = append(d.blocks, t) }

type keyTable []Row

func (k keyTable) words() []string {
	var all []string
	for _, r := range k {
		all = append(all, r.Label, r.Value)
	}
	return all
}

const (
	cellPad     = 9.0
	cellLeading = 16.0
	cellAir     = 5.5 // above and below the lines of a cell
)

func (k keyTable) items(s *sheet) ([]item, error) {
	f := face{size: bodySize, colour: ink}
	labels := 0.0
	for _, r := range k {
		labels = max(labels, s.script.one(r.Label, s.latin()).width(f.size))
	}
	left := min(max(labels+2*cellPad+14, 0.24*measure), 0.4*measure)
	g := grid{widths: []float64{left, measure - left}}
	align := Centre
	if s.latin() {
		align = Left
	}
	for _, r := range k {
		value := f
		value.bold = r.Strong
		g.rows = append(g.rows, []cell{{r.Label, f, align, true}, {r.Value, value, Left, false}})
	}
	return g.items(s), nil
}

func (t Table) words() []string {
	var all []string
	for _, c := range t.Columns {
		all = append(all, c.Title)
	}
	for _, r := range t.Rows {
		all = append(all, r...)
	}
	return append(all, t.Total...)
}

func (t Table) items(s *sheet) ([]item, error) {
	sum := 0.0
	weight := func(c Column) float64 {
		if c.Width <= 0 {
			return 1
		}
		return c.Width
	}
	for _, c := range t.Columns {
		sum += weight(c)
	}
	f := face{size: 9.5, colour: ink}
	strong := f
	strong.bold = true
	g := grid{}
	for _, c := range t.Columns {
		g.widths = append(g.widths, measure*weight(c)/sum)
		align := Centre
		if s.latin() {
			align = c.Align
		}
		g.header = append(g.header, cell{c.Title, strong, align, true})
	}
	g.widen(s)
	row := func(texts []string, f face, fill bool) []cell {
		cells := make([]cell, len(t.Columns))
		for i := range cells {
			cells[i] = cell{face: f, align: t.Columns[i].Align, fill: fill}
			if i < len(texts) {
				cells[i].text = texts[i]
			}
		}
		return cells
	}
	for _, r := range t.Rows {
		g.rows = append(g.rows, row(r, f, false))
	}
	if t.Total != nil {
		g.rows = append(g.rows, row(t.Total, strong, true))
	}
	return g.items(s), nil
}

type cell struct {
	text  string
	face  face
	align Align
	fill  bool
}

type grid struct {
	widths []float64
	header []cell
	rows   [][]cell
}

func (g grid) items(s *sheet) []item {
	const most = pageHeight - topMargin - bottomMargin
	var items []item
	var header *item
	if g.header != nil {
		h := g.row(g.set(s, g.header), g.header)
		header = &h
	}
	for _, cells := range g.rows {
		lines := g.set(s, cells)
		room := most
		if header != nil {
			room -= header.height
		}
		// A row taller than a page goes on in further rows.
		limit := int((room - 2*cellAir) / cellLeading)
		for from := 0; from == 0 || longest(lines) > from; from += limit {
			it := g.row(cut(lines, from, limit), cells)
			it.header = header
			items = append(items, it)
		}
	}
	if header != nil {
		h := *header
		h.keep = len(items) > 0
		items = append([]item{h}, items...)
		if n := len(items); n > 2 { // no row alone on a page
			items[1].keep = true
			items[n-2].keep = true
		}
		if len(items) > 1 {
			items[1].header = nil // it stands below the first header
		}
	}
	if len(items) > 0 {
		items[0].space = 6
		items[len(items)-1].after = 8
	}
	return items
}

// widen gives each column the width of its title, as far as the others have more
// than they need for theirs.
func (g grid) widen(s *sheet) {
	var lack, spare float64
	need := make([]float64, len(g.widths))
	for i, c := range g.header {
		need[i] = s.script.one(c.text, s.latin()).width(c.face.size) + 2*cellPad + 0.5
		lack += max(0, need[i]-g.widths[i])
		spare += max(0, g.widths[i]-need[i])
	}
	if lack == 0 || lack > spare {
		return
	}
	for i, w := range g.widths {
		if w < need[i] {
			g.widths[i] = need[i]
		} else {
			g.widths[i] -= (w - need[i]) * lack / spare
		}
	}
}

func longest(lines [][]line) int {
	n := 1
	for _, c := range lines {
		n = max(n, len(c))
	}
	return n
}

// cut takes up to n lines of each cell, beginning at from.
func cut(lines [][]line, from, n int) [][]line {
	part := make([][]line, len(lines))
	for i, c := range lines {
		part[i] = c[min(from, len(c)):min(from+n, len(c))]
	}
	return part
}

// set breaks each cell's text into lines.
func (g grid) set(s *sheet, cells []cell) [][]line {
	lines := make([][]line, len(cells))
	for i, c := range cells {
		lines[i] = s.script.lines(c.text, c.face.size, g.widths[i]-2*cellPad, 0, s.latin())
	}
	return lines
}

// row is the item of one row. Fills cover the rule above, so each row rules its own top.
func (g grid) row(lines [][]line, cells []cell) item {
	height := float64(longest(lines))*cellLeading + 2*cellAir
	return item{height: height, draw: func(p *page, y float64) {
		x := sideMargin
		for i, c := range cells {
			if c.fill {
				p.fill(tint, x, y, g.widths[i], height)
			}
			x += g.widths[i]
		}
		x = sideMargin
		for i, c := range cells {
			p.rule(rule, 0.5, x, y, x, y+height)
			base := y + (height-float64(len(lines[i]))*cellLeading)/2 + (cellLeading+c.face.size*0.72)/2
			for n, l := range lines[i] {
				at := x + cellPad
				room := g.widths[i] - 2*cellPad - l.width(c.face.size)
				switch c.align {
				case Centre:
					at += room / 2
				case Right:
					at += room
				}
				p.write(l, c.face, at, base+float64(n)*cellLeading)
			}
			x += g.widths[i]
		}
		p.rule(rule, 0.5, x, y, x, y+height)
		p.rule(rule, 0.5, sideMargin-0.25, y+height, x+0.25, y+height)
		p.rule(rule, 0.5, sideMargin-0.25, y, x+0.25, y)
	}}
}
