package paper

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/sfnt"

	"github.com/yunshi-market/yunshi/internal/fault"
)

//go:embed font/microhei.ttf.gz
var microhei []byte

// Font is a TrueType font that documents are set in; it is embedded into them
// with the characters they use. It may be used by several goroutines.
type Font struct {
	sfnt   *sfnt.Font
	tables map[string][]byte
	name   string // PostScript name
	upem   int
	long   bool // loca has 32-bit offsets
	count  int  // of glyphs
	hcount int  // of entries in hmtx with an advance
	bbox   [4]int
	ascent int
	depth  int // below the base line, negative
}

// builtin is the embedded font, unpacked when the first document needs it.
var builtin = sync.OnceValue(func() *Font {
	z, err := gzip.NewReader(bytes.NewReader(microhei))
	if err != nil {
		panic(err) // the file is part of the program
	}
	data, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	f, err := readFont(data)
	if err != nil {
		panic(err)
	}
	return f
})

// LoadFont reads a font file for operators whose documents need characters that
// the embedded font lacks. It must be a single TrueType font with glyf outlines;
// another is fault.Invalid.
func LoadFont(ttf []byte) (*Font, error) {
	f, err := readFont(ttf)
	if err != nil {
		return nil, fault.New(fault.Invalid, "paper.bad_font").Because(err)
	}
	return f, nil
}

func readFont(data []byte) (*Font, error) {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, err
	}
	f := &Font{sfnt: parsed, tables: map[string][]byte{}, name: "Paper", upem: int(parsed.UnitsPerEm()), count: parsed.NumGlyphs()}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		if len(data) < 12+16*(i+1) {
			return nil, errors.New("the table directory is cut")
		}
		rec := data[12+16*i:]
		at, n := uint64(binary.BigEndian.Uint32(rec[8:])), uint64(binary.BigEndian.Uint32(rec[12:]))
		if at+n > uint64(len(data)) {
			return nil, fmt.Errorf("table %q lies outside the file", rec[:4])
		}
		f.tables[string(rec[:4])] = data[at : at+n]
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	if len(f.tables["glyf"]) == 0 || len(head) < 54 || len(hhea) < 36 || len(f.tables["maxp"]) < 6 || f.upem == 0 {
		return nil, errors.New("not a TrueType font with glyf outlines")
	}
	f.long = binary.BigEndian.Uint16(head[50:]) != 0
	for i := range f.bbox {
		f.bbox[i] = f.thousandths(int16At(head, 36+2*i))
	}
	f.ascent, f.depth = f.thousandths(int16At(hhea, 4)), f.thousandths(int16At(hhea, 6))
	f.hcount = int(binary.BigEndian.Uint16(hhea[34:]))
	if f.hcount == 0 || len(f.tables["hmtx"]) < 4*f.hcount || len(f.tables["loca"]) < f.locaSize()*(f.count+1) {
		return nil, errors.New("hmtx or loca is too short")
	}
	if n, err := parsed.Name(nil, sfnt.NameIDPostScript); err == nil && n != "" {
		f.name = strings.Map(func(r rune) rune {
			if r <= ' ' || r > '~' || strings.ContainsRune("()<>[]{}/%#", r) {
				return -1
			}
			return r
		}, n)
	}
	return f, nil
}

func (f *Font) thousandths(units int) int {
	n := units * 1000
	if n < 0 {
		return -((-n + f.upem/2) / f.upem)
	}
	return (n + f.upem/2) / f.upem
}

func (f *Font) locaSize() int {
	if f.long {
		return 4
	}
	return 2
}

// outline returns the glyf data of a glyph; a blank one has none.
func (f *Font) outline(gid int) []byte {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	at := func(i int) int {
		if f.long {
			return int(binary.BigEndian.Uint32(loca[4*i:]))
		}
		return 2 * int(binary.BigEndian.Uint16(loca[2*i:]))
	}
	if gid < 0 || gid >= f.count {
		return nil
	}
	from, to := at(gid), at(gid+1)
	if from >= to || to > len(glyf) || to-from < 10 {
		return nil
	}
	return glyf[from:to]
}

// advance returns a glyph's advance and left side bearing in font units.
func (f *Font) advance(gid int) (adv, lsb int) {
	hmtx := f.tables["hmtx"]
	i := min(gid, f.hcount-1)
	adv, lsb = int(binary.BigEndian.Uint16(hmtx[4*i:])), int16At(hmtx, 4*i+2)
	if at := 4*f.hcount + 2*(gid-f.hcount); gid >= f.hcount {
		lsb = 0
		if at+2 <= len(hmtx) {
			lsb = int16At(hmtx, at)
		}
	}
	return adv, lsb
}

func int16At(b []byte, i int) int { return int(int16(binary.BigEndian.Uint16(b[i:]))) }

// Missing lists the characters of s that the font cannot show, each once; a
// character it would show as a blank counts as missing.
func (f *Font) Missing(s string) []rune {
	var list []rune
	c := newCase(f)
	for _, r := range clean(s) {
		if r != '\n' && c.glyph(r).id == 0 && !strings.ContainsRune(string(list), r) {
			list = append(list, r)
		}
	}
	return list
}

// Missing lists the characters of s that the embedded font cannot show, each
// once: check the names a person types before they reach a document.
func Missing(s string) []rune { return builtin().Missing(s) }

// clean puts every kind of line end as \n and a tabulator as a space.
func clean(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ").Replace(s)
}

// glyph is what setting a character needs to know; lengths are thousandths of the type size.
type glyph struct {
	id         int // 0 if the font lacks the character
	adv        int
	xMin, xMax int // of the ink
}

// typeCase (字盘) looks up characters in a font and keeps what it has found. It
// belongs to one goroutine.
type typeCase struct {
	font *Font
	buf  sfnt.Buffer
	seen map[rune]glyph
}

func newCase(f *Font) *typeCase { return &typeCase{font: f, seen: map[rune]glyph{}} }

func (c *typeCase) glyph(r rune) glyph {
	if g, ok := c.seen[r]; ok {
		return g
	}
	g := c.find(r)
	c.seen[r] = g
	return g
}

func (c *typeCase) find(r rune) glyph {
	f := c.font
	id, err := f.sfnt.GlyphIndex(&c.buf, r)
	if err != nil || id == 0 {
		return glyph{}
	}
	adv, _ := f.advance(int(id))
	g := glyph{id: int(id), adv: f.thousandths(adv)}
	ink := f.outline(g.id)
	if ink == nil {
		if !unicode.Is(unicode.Zs, r) {
			return glyph{}
		}
		return g
	}
	g.xMin, g.xMax = f.thousandths(int16At(ink, 2)), f.thousandths(int16At(ink, 6))
	return g
}
