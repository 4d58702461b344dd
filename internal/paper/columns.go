package paper

import (
	"rsc.io/qr"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Part is what may stand beside another in Columns: a Signature or a QR.
type Part interface {
	words() []string
	// measure returns the part's height in a column of the width and how it is drawn.
	measure(s *sheet, width float64) (float64, func(p *page, x, y float64), error)
}

// Columns puts parts side by side in columns of one width; they stay together,
// and with the line of text before them.
func (d *Document) Columns(parts ...Part) { d.blocks = append(d.blocks, columns(parts)) }

// Signature is a party's block at the end: its role, lines, and where it is
// signed. A line without a value is ruled, to be signed by hand.
type Signature struct {
	Role string // 甲方（盖章）
	Rows []Row
	Seal *Seal // stamped over the lines; nil for none
}

// QR is a code to scan, with a caption below.
type QR struct {
	Content string
	Caption string
}

type columns []Part

func (c columns) words() []string {
	var all []string
	for _, p := range c {
		all = append(all, p.words()...)
	}
	return all
}

func (c columns) items(s *sheet) ([]item, error) {
	const gutter = 24
	width := (measure - gutter*float64(len(c)-1)) / float64(len(c))
	it := item{space: 24}
	var draws []func(p *page, x, y float64)
	for _, part := range c {
		h, draw, err := part.measure(s, width)
		if err != nil {
			return nil, err
		}
		it.height = max(it.height, h)
		draws = append(draws, draw)
	}
	it.draw = func(p *page, y float64) {
		for i, draw := range draws {
			draw(p, sideMargin+float64(i)*(width+gutter), y)
		}
	}
	return []item{it}, nil
}

func (g Signature) words() []string {
	all := []string{g.Role}
	for _, r := range g.Rows {
		all = append(all, r.Label, r.Value)
	}
	if g.Seal != nil {
		all = append(all, g.Seal.words()...)
	}
	return all
}

func (g Signature) measure(s *sheet, width float64) (float64, func(*page, float64, float64), error) {
	const leading, gap = 17.0, 5.0
	strong := body
	strong.bold = true
	role := s.script.lines(g.Role, body.size, width, 0, s.latin())
	height := float64(len(role))*leading + 6
	type placed struct {
		label line
		lines []line
		y     float64
	}
	var rows []placed
	for _, r := range g.Rows {
		label := s.script.one(s.say.T("paper.label", r.Label), s.latin())
		indent := label.width(body.size)
		if s.latin() {
			indent += 4
		}
		var lines []line
		if r.Value != "" {
			lines = s.script.lines(r.Value, body.size, width-indent, 0, s.latin())
		}
		rows = append(rows, placed{label: label, lines: lines, y: height})
		height += float64(max(1, len(lines)))*leading + gap
	}
	middle := height * 0.55
	if g.Seal != nil {
		middle = max(middle, sealRadius-6)
		height = max(height, middle+sealRadius)
	}
	return height, func(p *page, x, y float64) {
		for i, l := range role {
			p.write(l, strong, x, y+12+leading*float64(i))
		}
		for i, r := range rows {
			base := y + r.y + 12
			p.write(r.label, body, x, base)
			at := x + r.label.width(body.size)
			if s.latin() {
				at += 4
			}
			for n, l := range r.lines {
				p.write(l, body, at, base+leading*float64(n))
			}
			if g.Rows[i].Value == "" {
				p.rule(grey, 0.5, at, base+2.5, max(at+30, x+width-10), base+2.5)
			}
		}
		if g.Seal != nil {
			g.Seal.draw(p, x+min(width-sealRadius, max(width*0.7, sealRadius)), y+middle)
		}
	}, nil
}

func (q QR) words() []string { return []string{q.Caption} }

func (q QR) measure(s *sheet, width float64) (float64, func(*page, float64, float64), error) {
	const side = 84.0 // 30 mm, with the white border that scanners want
	code, err := qr.Encode(q.Content, qr.M)
	if err != nil {
		return 0, nil, fault.New(fault.Invalid, "paper.qr_too_long").Because(err)
	}
	f := face{size: noteSize, colour: grey}
	caption := s.script.lines(q.Caption, f.size, width, 0, s.latin())
	return side + 14 + float64(len(caption))*12, func(p *page, x, y float64) {
		dot := side / float64(code.Size)
		p.op("rg", 0, 0, 0)
		for row := range code.Size {
			for col := 0; col < code.Size; col++ {
				run := 0
				for col+run < code.Size && code.Black(col+run, row) {
					run++
				}
				if run > 0 {
					p.op("re", x+float64(col)*dot, pageHeight-y-float64(row+1)*dot, float64(run)*dot, dot)
					col += run
				}
			}
		}
		p.op("f")
		for i, l := range caption {
			p.write(l, f, x, y+side+14+12*float64(i))
		}
	}, nil
}
