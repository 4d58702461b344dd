package demo

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"github.com/yunshi-market/yunshi/internal/policy"
)

// The size of a product's picture, 16 to 9 as the shelf shows it.
const (
	coverWidth  = 720
	coverHeight = 405
)

// hues are the colours of the categories, in degrees.
var hues = map[policy.CategoryID]float64{"image": 224, "ops": 190, "software": 258, "api": 24, "miniprogram": 152}

// canvas is a picture being painted, in units of so many pixels.
type canvas struct {
	*image.RGBA
	unit float64
}

// The size of a picture in units.
const (
	wide = 960.0
	high = 540.0
)

func newCover() canvas {
	return canvas{image.NewRGBA(image.Rect(0, 0, coverWidth, coverHeight)), coverWidth / wide}
}

// cover paints the first picture of a product: the category's colour, two quiet
// rings whose place is the product's own, and a drawing of its form.
func cover(slug string, category policy.CategoryID, form policy.Form) ([]byte, error) {
	h := fnv.New32a()
	h.Write([]byte(slug))
	seed := float64(h.Sum32()%1000) / 1000
	hue := hues[category] + 22*(seed-0.5)
	c := newCover()
	c.ground(hsl(hue-8, 0.50, 0.47), hsl(hue+12, 0.56, 0.29))
	x, y := 120+720*seed, 60+400*math.Mod(seed*7.3, 1)
	for i, r := range []float64{150, 250, 370} {
		c.ring(x, y, r, 3, 0.20-0.05*float64(i))
	}
	c.disc(wide-x, high-y, 190, 0.07)
	draw := emblems[form]
	if category == "miniprogram" && form == policy.SaaSForm {
		draw = phone
	}
	draw(c, hue, seed)
	return c.bytes()
}

// screen paints a second picture: a window with a list and a chart, as software
// looks from far away.
func screen(slug string, category policy.CategoryID) ([]byte, error) {
	h := fnv.New32a()
	h.Write([]byte(slug))
	hue := hues[category]
	c := newCover()
	c.ground(hsl(hue, 0.35, 0.95), hsl(hue+20, 0.35, 0.88))
	pen := c.pane
	ink, tint := hsl(hue, 0.18, 0.30), hsl(hue, 0.55, 0.52)
	pen(92, 62, 784, 424, 18, ink, 0.10)
	pen(88, 54, 784, 424, 18, white, 1)
	pen(88, 54, 168, 424, 18, hsl(hue, 0.45, 0.30), 1)
	for i := range 6 {
		a := 0.28
		if i == 1 {
			a = 0.9
		}
		pen(112, 104+42*float64(i), 118-12*float64(i%3), 14, 7, white, a)
	}
	n := h.Sum32()
	for i := range 3 {
		pen(284+194*float64(i), 84, 172, 78, 12, hsl(hue, 0.5, 0.95), 1)
		pen(302+194*float64(i), 102, 62, 10, 5, ink, 0.25)
		pen(302+194*float64(i), 124, 80+float64(n>>uint(4*i)%40), 18, 9, tint, 0.9)
	}
	for i := range 12 {
		ht := 40 + float64((n>>uint(2*i%28))%7)*16
		pen(296+28*float64(i), 440-ht, 16, ht, 6, tint, 0.35+0.05*float64(i%12))
	}
	for i := range 6 {
		pen(664, 214+38*float64(i), 176, 1.5, 0, ink, 0.12)
		pen(664, 192+38*float64(i), 100+float64((n>>uint(3*i))%50), 10, 5, ink, 0.35)
		pen(806, 192+38*float64(i), 34, 10, 5, tint, 0.7)
	}
	return c.bytes()
}

var white = color.NRGBA{255, 255, 255, 255}

// emblems draw what a product of the form is.
var emblems = map[policy.Form]func(c canvas, hue, seed float64){
	policy.ImageForm: func(c canvas, hue, seed float64) {
		for i := range 3 {
			y := 138 + 92*float64(i)
			c.pane(290, y, 380, 72, 16, white, 0.90-0.16*float64(i))
			c.disc(330, y+36, 9, 0)
			for k := range 4 {
				c.pane(318+24*float64(k), y+30, 12, 12, 6, hsl(hue, 0.5, 0.45), 0.55)
			}
			c.pane(520, y+31, 118, 10, 5, hsl(hue, 0.4, 0.40), 0.35)
		}
	},
	policy.SaaSForm: func(c canvas, hue, seed float64) {
		c.pane(250, 116, 460, 308, 22, white, 0.16)
		c.pane(266, 132, 428, 276, 16, white, 0.92)
		for i := range 3 {
			c.pane(286+22*float64(i), 150, 12, 12, 6, hsl(hue, 0.3, 0.55), 0.5)
		}
		for i := range 6 {
			ht := 40 + 120*math.Abs(math.Sin(seed*9+float64(i)*1.3))
			c.pane(300+62*float64(i), 384-ht, 38, ht, 8, hsl(hue-10*float64(i), 0.50, 0.55), 0.85)
		}
	},
	policy.ServiceForm: func(c canvas, hue, seed float64) {
		c.pane(300, 150, 200, 240, 24, white, 0.90)
		c.pane(460, 190, 200, 220, 24, white, 0.55)
		for i := range 4 {
			y := 188 + 48*float64(i)
			c.pane(326, y, 22, 22, 11, hsl(hue, 0.55, 0.45), 0.9)
			c.pane(362, y+6, 108-22*float64(i%2), 10, 5, hsl(hue, 0.35, 0.35), 0.35)
		}
		c.ring(560, 300, 54, 12, 0.95)
		c.line(600, 340, 638, 378, 16, 0.95)
	},
	policy.APIForm: func(c canvas, hue, seed float64) {
		nodes := [][2]float64{{480, 270}, {300, 170}, {300, 370}, {660, 170}, {660, 370}, {480, 110 + 20*seed}, {480, 430 - 20*seed}}
		for _, n := range nodes[1:] {
			c.line(nodes[0][0], nodes[0][1], n[0], n[1], 5, 0.55)
		}
		for i, n := range nodes {
			r := 34.0
			if i == 0 {
				r = 62
			}
			c.pane(n[0]-r, n[1]-r, 2*r, 2*r, r*0.62, white, 0.93)
		}
		c.pane(456, 252, 48, 10, 5, hsl(hue, 0.6, 0.5), 0.9)
		c.pane(456, 276, 34, 10, 5, hsl(hue, 0.6, 0.5), 0.55)
	},
}

// phone draws a mini program on a telephone.
func phone(c canvas, hue, seed float64) {
	c.pane(376, 76, 208, 388, 34, white, 0.18)
	c.pane(386, 86, 188, 368, 26, white, 0.94)
	c.pane(450, 100, 60, 10, 5, hsl(hue, 0.3, 0.4), 0.3)
	c.pane(404, 126, 152, 84, 14, hsl(hue, 0.5, 0.5), 0.85)
	for i := range 4 {
		c.pane(404+40*float64(i), 224, 30, 30, 10, hsl(hue+24*float64(i), 0.45, 0.6), 0.75)
	}
	for i := range 3 {
		y := 274 + 46*float64(i)
		c.pane(404, y, 38, 34, 8, hsl(hue, 0.3, 0.88), 1)
		c.pane(452, y+4, 70+30*seed, 9, 4, hsl(hue, 0.2, 0.4), 0.4)
		c.pane(452, y+20, 44, 8, 4, hsl(hue, 0.5, 0.5), 0.6)
	}
	c.pane(404, 416, 152, 24, 12, hsl(hue, 0.55, 0.45), 0.95)
}

func (c canvas) bytes() ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, c.RGBA, &jpeg.Options{Quality: 90})
	return b.Bytes(), err
}

// ground fills the picture from one corner's colour to the other's.
func (c canvas) ground(from, to color.NRGBA) {
	size := c.Bounds().Size()
	for y := range size.Y {
		for x := range size.X {
			t := (float64(x)/float64(size.X) + float64(y)/float64(size.Y)) / 2
			i := c.PixOffset(x, y)
			c.Pix[i] = mix(from.R, to.R, t)
			c.Pix[i+1] = mix(from.G, to.G, t)
			c.Pix[i+2] = mix(from.B, to.B, t)
			c.Pix[i+3] = 255
		}
	}
}

// paint lays a colour over the pixels of a box, as much as inside says: 1 within, 0 without.
func (c canvas) paint(x0, y0, x1, y1 float64, k color.NRGBA, alpha float64, inside func(x, y float64) float64) {
	size := c.Bounds().Size()
	for y := max(0, int(y0*c.unit)-1); y < min(size.Y, int(y1*c.unit)+2); y++ {
		for x := max(0, int(x0*c.unit)-1); x < min(size.X, int(x1*c.unit)+2); x++ {
			a := alpha * inside((float64(x)+0.5)/c.unit, (float64(y)+0.5)/c.unit)
			if a <= 0 {
				continue
			}
			i := c.PixOffset(x, y)
			c.Pix[i] = mix(c.Pix[i], k.R, a)
			c.Pix[i+1] = mix(c.Pix[i+1], k.G, a)
			c.Pix[i+2] = mix(c.Pix[i+2], k.B, a)
		}
	}
}

// pane is a rectangle with round corners.
func (c canvas) pane(x, y, w, h, r float64, k color.NRGBA, alpha float64) {
	c.paint(x, y, x+w, y+h, k, alpha, func(px, py float64) float64 {
		dx, dy := math.Abs(px-x-w/2)-w/2+r, math.Abs(py-y-h/2)-h/2+r
		return c.edge(math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - r)
	})
}

func (c canvas) disc(x, y, r, alpha float64) {
	c.paint(x-r, y-r, x+r, y+r, white, alpha, func(px, py float64) float64 { return c.edge(math.Hypot(px-x, py-y) - r) })
}

func (c canvas) ring(x, y, r, thick, alpha float64) { c.circle(x, y, r, thick, white, alpha) }

func (c canvas) circle(x, y, r, thick float64, k color.NRGBA, alpha float64) {
	in, out := max(0, r-thick)*max(0, r-thick), (r+thick)*(r+thick)
	c.paint(x-r-thick, y-r-thick, x+r+thick, y+r+thick, k, alpha, func(px, py float64) float64 {
		if d := (px-x)*(px-x) + (py-y)*(py-y); d < in || d > out { // most of the box
			return 0
		}
		return c.edge(math.Abs(math.Hypot(px-x, py-y)-r) - thick/2)
	})
}

func (c canvas) line(x0, y0, x1, y1, thick, alpha float64) {
	dx, dy := x1-x0, y1-y0
	c.paint(min(x0, x1)-thick, min(y0, y1)-thick, max(x0, x1)+thick, max(y0, y1)+thick, white, alpha, func(px, py float64) float64 {
		t := min(1, max(0, ((px-x0)*dx+(py-y0)*dy)/(dx*dx+dy*dy)))
		return c.edge(math.Hypot(px-x0-t*dx, py-y0-t*dy) - thick/2)
	})
}

// edge turns a distance from a shape's edge into how much of a pixel it covers.
func (c canvas) edge(d float64) float64 { return min(1, max(0, 0.5-d*c.unit)) }

func mix(a, b uint8, t float64) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*t + 0.5) }

// hsl is a colour by hue in degrees, saturation and lightness.
func hsl(h, s, l float64) color.NRGBA {
	h = math.Mod(math.Mod(h, 360)+360, 360)
	part := func(n float64) uint8 {
		k := math.Mod(n+h/30, 12)
		return uint8(255*(l-s*min(l, 1-l)*max(-1, min(k-3, min(9-k, 1)))) + 0.5)
	}
	return color.NRGBA{part(0), part(8), part(4), 255}
}
