package demo

import (
	"encoding/json"
	"image"
	"image/color"
	"math"
	"unicode/utf8"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"

	"github.com/yunshi-market/yunshi/internal/paper"
)

// licenceWords are what stands on every specimen of a business licence.
type licenceWords struct {
	Title, Copy, Code, Number string
	Left, Right               []string
	Capital, Long             string
	Registrar, Seal           string
	Specimen, Note            string
}

// licence paints the scan of a company's business licence, marked as a specimen.
func licence(c *company) ([]byte, error) {
	var w licenceWords
	b, err := data.ReadFile("data/licence.json")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &w); err != nil {
		return nil, err
	}
	l := &scan{canvas: canvas{image.NewRGBA(image.Rect(0, 0, 1000, 706)), 1}, faces: make(map[float64]font.Face)}
	l.ground(color.NRGBA{250, 246, 233, 255}, color.NRGBA{243, 236, 216, 255})
	gold, ink, red := color.NRGBA{176, 141, 74, 255}, color.NRGBA{44, 40, 36, 255}, color.NRGBA{190, 30, 36, 255}
	l.frame(26, 9, gold)
	l.frame(42, 2, gold)
	for i := range 9 { // a quiet rosette in the middle
		a := float64(i) * math.Pi / 4.5
		l.circle(500+64*math.Cos(a), 380+64*math.Sin(a), 118, 1.2, gold, 0.20)
	}
	l.write(w.Specimen, 500, 430, 150, red, 0.10, middle)
	l.write(w.Title, 500, 128, 58, ink, 1, middle)
	l.write(w.Copy, 500, 166, 18, ink, 0.75, middle)
	l.write(w.Code, 78, 108, 15, ink, 0.8, left)
	l.write(c.USCC(), 78, 132, 19, ink, 1, left)
	l.write(w.Number, 922, 108, 15, ink, 0.8, right)
	l.write("DEMO-"+c.USCC()[11:17], 922, 132, 17, ink, 1, right)
	l.column(78, w.Left, []string{c.Name, c.Type, c.LegalPerson, c.Scope}, ink)
	l.column(540, w.Right, []string{w.Capital + c.Capital, c.Established, c.Established + w.Long, c.Address}, ink)
	l.write(w.Registrar, 700, 560, 17, ink, 0.8, left)
	l.write(c.Established, 700, 592, 17, ink, 1, left)
	l.stamp(838, 566, w.Seal, red)
	l.write(w.Note, 500, 650, 13, ink, 0.6, middle)
	if l.err != nil {
		return nil, l.err
	}
	return l.bytes()
}

// scan is a picture of a document.
type scan struct {
	canvas
	faces map[float64]font.Face
	err   error
}

// The ways to place a line at a point.
const (
	left = iota
	middle
	right
)

// face is the font at a size.
func (l *scan) face(size float64) font.Face {
	f, ok := l.faces[size]
	if !ok && l.err == nil {
		f, l.err = paper.Face(size)
		l.faces[size] = f
	}
	return f
}

// write puts a line on the scan, y being its base line.
func (l *scan) write(s string, x, y, size float64, k color.NRGBA, alpha float64, place int) {
	f := l.face(size)
	if l.err != nil {
		return
	}
	k.A = uint8(255 * alpha)
	d := font.Drawer{Dst: l.RGBA, Src: image.NewUniform(k), Face: f}
	switch width := float64(d.MeasureString(s)) / 64; place {
	case middle:
		x -= width / 2
	case right:
		x -= width
	}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}
	d.DrawString(s)
}

// column writes labels with their values, each broken into the lines it needs.
func (l *scan) column(x float64, labels, values []string, ink color.NRGBA) {
	const size, most = 17, 18 // pixels, characters in a line
	y := 232.0
	for i, label := range labels {
		l.write(label, x, y, size, ink, 0.7, left)
		rest := []rune(values[i])
		for line := 0; len(rest) > 0 && line < 9; line++ {
			n := min(len(rest), most)
			if latin := len(string(rest)) == len(rest); latin {
				n = len(rest)
			}
			l.write(string(rest[:n]), x+106, y, size, ink, 1, left)
			rest = rest[n:]
			y += 27
		}
		y += 17
	}
}

// frame draws a border so far from the edge.
func (l *scan) frame(in, thick float64, k color.NRGBA) {
	w, h := float64(l.Bounds().Dx()), float64(l.Bounds().Dy())
	l.pane(in, in, w-2*in, thick, 0, k, 0.9)
	l.pane(in, h-in-thick, w-2*in, thick, 0, k, 0.9)
	l.pane(in, in+thick, thick, h-2*in-2*thick, 0, k, 0.9)
	l.pane(w-in-thick, in+thick, thick, h-2*in-2*thick, 0, k, 0.9)
}

// stamp draws a round seal with its words in the middle.
func (l *scan) stamp(x, y float64, words string, k color.NRGBA) {
	l.circle(x, y, 62, 4, k, 0.75)
	l.circle(x, y, 54, 1.2, k, 0.75)
	size := 92 / float64(utf8.RuneCountInString(words))
	l.write(words, x, y+size*0.36, size, k, 0.8, middle)
}
