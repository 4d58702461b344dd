package paper

import (
	"math"
	"strings"
)

// Seal is a round company seal (印章) of 40 mm: the name on the arc, a star in
// the middle and a line below it. It is drawn as a picture, not as text.
type Seal struct {
	Name string // the company's full name
	Line string // below the star, as 财务专用章; may be empty
	Code string // along the lower rim, as 3301060012345; may be empty
}

const (
	sealRadius = 56.7 // 20 mm
	sealRim    = 2.9
)

func (s Seal) words() []string { return []string{s.Name, s.Line, s.Code} }

// draw stamps the seal with its middle at x, y.
func (s Seal) draw(p *page, x, y float64) {
	y = pageHeight - y
	p.op("q")
	p.op("RG", seals[:]...)
	p.op("rg", seals[:]...)
	p.op("w", sealRim)
	p.circle(x, y, sealRadius-sealRim/2)
	p.op("w", 0.3) // the name a little bolder than the font
	p.star(x, y+2.5, 16.5)
	p.arc(s.Name, x, y)
	p.chord(s.Line, x, y-31, 11)
	p.lowerArc(s.Code, x, y)
	p.op("Q")
}

// arc sets the name along the upper rim, each character upright to the middle,
// over as much of the circle as it needs, at most 260 degrees.
func (p *page) arc(name string, x, y float64) {
	rs := []rune(strings.Join(strings.Fields(name), " "))
	if len(rs) == 0 {
		return
	}
	wide := strings.ContainsFunc(name, isWide)
	size, squeeze := 15.0, 0.78 // the tall narrow letters of a seal
	if !wide {
		size, squeeze = 11.5, 0.92
	}
	base := sealRadius - sealRim - 3.6 - size*0.86 // radius of the base line
	mid := base + size*0.36
	total := 0.0
	for _, r := range rs {
		total += p.sealWidth(r, size, squeeze)
	}
	span := total / mid
	spread, most := 1.55, 260*math.Pi/180
	if !wide {
		spread = 1.1
	}
	k := 1.0
	switch {
	case span*spread <= most:
		span *= spread
	case span <= most:
		span = most
	default:
		k = most / span
		span = most
	}
	gap := 0.0
	if len(rs) > 1 {
		gap = (span - total*k/mid) / float64(len(rs)-1)
	}
	angle := math.Pi/2 + span/2
	for _, r := range rs {
		w := p.sealWidth(r, size, squeeze)
		a := angle - w*k/mid/2
		cos, sin := math.Cos(a-math.Pi/2), math.Sin(a-math.Pi/2)
		// The character's middle stands on the ray at angle a.
		half := float64(p.script.glyph(r).adv) / 2000
		h, v := size*squeeze*k, size
		ox, oy := x+base*math.Cos(a), y+base*math.Sin(a)
		m := matrix{h * cos, h * sin, -v * sin, v * cos, ox - h*half*cos, oy - h*half*sin}
		p.shape(r, m, "B")
		angle -= w*k/mid + gap
	}
}

func (p *page) sealWidth(r rune, size, squeeze float64) float64 {
	return float64(p.script.glyph(r).adv) / 1000 * size * squeeze
}

// lowerArc sets small figures along the lower rim, their feet outwards.
func (p *page) lowerArc(code string, x, y float64) {
	const size = 5.6
	base := sealRadius - sealRim - 2.4
	angle := -math.Pi/2 - float64(len([]rune(code))-1)*size*0.85/base/2
	for _, r := range code {
		cos, sin := math.Cos(angle+math.Pi/2), math.Sin(angle+math.Pi/2)
		half := float64(p.script.glyph(r).adv) / 2000 * size
		m := matrix{size * cos, size * sin, -size * sin, size * cos,
			x + base*math.Cos(angle) - half*cos, y + base*math.Sin(angle) - half*sin}
		p.shape(r, m, "f")
		angle += size * 0.85 / base
	}
}

// chord sets a straight line of text with its middle at x, narrowed to the
// width of the circle there.
func (p *page) chord(s string, x, y, size float64) {
	width := 0.0
	for _, r := range s {
		width += float64(p.script.glyph(r).adv) / 1000 * size
	}
	k := min(0.92, 68/max(width, 1))
	at := x - width*k/2
	for _, r := range s {
		p.shape(r, matrix{size * k, 0, 0, size, at, y}, "B")
		at += float64(p.script.glyph(r).adv) / 1000 * size * k
	}
}

// circle strokes a circle, in four curves.
func (p *page) circle(x, y, r float64) {
	const k = 0.5522847498
	p.op("m", x+r, y)
	p.op("c", x+r, y+k*r, x+k*r, y+r, x, y+r)
	p.op("c", x-k*r, y+r, x-r, y+k*r, x-r, y)
	p.op("c", x-r, y-k*r, x-k*r, y-r, x, y-r)
	p.op("c", x+k*r, y-r, x+r, y-k*r, x+r, y)
	p.op("s")
}

// star fills a five-pointed star.
func (p *page) star(x, y, r float64) {
	inner := r * math.Sin(math.Pi/10) / math.Sin(7*math.Pi/10)
	for i := range 10 {
		radius, operator := r, "l"
		if i%2 == 1 {
			radius = inner
		}
		if i == 0 {
			operator = "m"
		}
		a := math.Pi/2 + float64(i)*math.Pi/5
		p.op(operator, x+radius*math.Cos(a), y+radius*math.Sin(a))
	}
	p.op("h")
	p.op("f")
}

// watermarkOn lays the document's watermark across the page, above fills and
// below the text.
func (s *sheet) watermarkOn(p *page) {
	if s.watermark == "" {
		return
	}
	const angle = 35 * math.Pi / 180
	width := 0.0
	for _, r := range s.watermark {
		width += float64(s.script.glyph(r).adv) / 1000
	}
	size := min(120, 500/max(width, 0.1))
	cos, sin := size*math.Cos(angle), size*math.Sin(angle)
	x := pageWidth/2 - width/2*cos + 0.36*sin
	y := pageHeight/2 - width/2*sin - 0.36*cos
	p.op("q")
	p.below = append(p.below, "/Pale gs\n"...)
	p.op("rg", water[:]...)
	for _, r := range s.watermark {
		p.shape(r, matrix{cos, sin, -sin, cos, x, y}, "f")
		adv := float64(s.script.glyph(r).adv) / 1000
		x, y = x+adv*cos, y+adv*sin
	}
	p.op("Q")
}
