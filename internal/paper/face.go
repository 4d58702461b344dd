package paper

import (
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
)

// Face is the embedded font at a size in pixels, for those who draw a picture of a
// document. It belongs to one goroutine.
func Face(pixels float64) (font.Face, error) {
	return opentype.NewFace(builtin().sfnt, &opentype.FaceOptions{Size: pixels, DPI: 72})
}
