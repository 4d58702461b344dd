package paper

import (
	"encoding/binary"
	"fmt"
	"sort"

	"github.com/yunshi-market/yunshi/internal/pdf"
)

// script is the font of one document: the characters used so far, in the order
// of their first use. A character's code in the document is its place here, so
// two characters that share a glyph stay two when the text is read back.
type script struct {
	*typeCase
	code  map[form]int
	forms []form // forms[0] is .notdef
}

// form is a character as it is set: in the width the font gives it, or slim.
type form struct {
	r    rune
	slim bool
}

func newScript(f *Font) *script {
	return &script{typeCase: newCase(f), code: map[form]int{}, forms: []form{{}}}
}

// use returns the character's code.
func (s *script) use(m mark) int {
	f := form{m.r, m.slim}
	if n, ok := s.code[f]; ok {
		return n
	}
	s.forms = append(s.forms, f)
	s.code[f] = len(s.forms) - 1
	return s.code[f]
}

// shape is the glyph of a form.
func (s *script) shape(f form) glyph {
	g := s.glyph(f.r)
	if f.slim {
		return g.slim()
	}
	return g
}

// runes are the characters used.
func (s *script) runes() string {
	var b []rune
	for _, f := range s.forms[1:] {
		b = append(b, f.r)
	}
	return string(b)
}

// embed adds the font with the characters used to the document.
func (s *script) embed(w *pdf.Writer) pdf.Ref {
	f := s.font
	name := pdf.Name(s.tag() + "+" + f.name)
	file := s.subset()
	data := pdf.Deflate(pdf.Dict{"Length1": len(file)}, file)
	desc := w.Add(pdf.Dict{
		"Type": pdf.Name("FontDescriptor"), "FontName": name, "Flags": 4, "ItalicAngle": 0, "StemV": 80,
		"FontBBox": pdf.Array{f.bbox[0], f.bbox[1], f.bbox[2], f.bbox[3]},
		"Ascent":   f.ascent, "Descent": f.depth, "CapHeight": 714,
		"FontFile2": w.Add(data),
	})
	widths := make(pdf.Array, len(s.forms))
	widths[0] = 1000
	for i, f := range s.forms[1:] {
		widths[i+1] = s.shape(f).adv
	}
	cid := w.Add(pdf.Dict{
		"Type": pdf.Name("Font"), "Subtype": pdf.Name("CIDFontType2"), "BaseFont": name,
		"CIDSystemInfo":  pdf.Dict{"Registry": pdf.Text("Adobe"), "Ordering": pdf.Text("Identity"), "Supplement": 0},
		"FontDescriptor": desc, "CIDToGIDMap": pdf.Name("Identity"), "DW": 1000, "W": pdf.Array{0, widths},
	})
	return w.Add(pdf.Dict{
		"Type": pdf.Name("Font"), "Subtype": pdf.Name("Type0"), "BaseFont": name, "Encoding": pdf.Name("Identity-H"),
		"DescendantFonts": pdf.Array{cid}, "ToUnicode": w.Add(pdf.Deflate(pdf.Dict{}, s.toUnicode())),
	})
}

// tag names the subset by what is in it, as the format wants: six capitals.
func (s *script) tag() string {
	sum := digest([]byte(s.runes()))
	b := make([]byte, 6)
	for i := range b {
		b[i] = 'A' + sum[i]%26
	}
	return string(b)
}

// toUnicode maps codes back to characters, in blocks of at most 100.
func (s *script) toUnicode() []byte {
	b := []byte("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 1; from < len(s.forms); from += 100 {
		to := min(from+100, len(s.forms))
		b = fmt.Appendf(b, "%d beginbfchar\n", to-from)
		for code := from; code < to; code++ {
			b = fmt.Appendf(b, "<%04X> <%s>\n", code, utf16Hex(s.forms[code].r))
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"...)
}

func utf16Hex(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf("%04X", r)
	}
	r -= 0x10000
	return fmt.Sprintf("%04X%04X", 0xD800+r>>10, 0xDC00+r&0x3FF)
}

// subset writes a TrueType font whose glyph n is the character of code n,
// followed by the parts that composite glyphs are made of.
func (s *script) subset() []byte {
	f := s.font
	ids := make([]int, len(s.forms))
	for i, form := range s.forms[1:] {
		ids[i+1] = s.glyph(form.r).id
	}
	var glyf, loca, hmtx []byte
	place := map[int]int{} // of parts: id in f → id here
	for i := 0; i < len(ids); i++ {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))
		outline := append([]byte(nil), f.outline(ids[i])...)
		eachPart(outline, func(at int) {
			part := int(binary.BigEndian.Uint16(outline[at:]))
			if _, known := place[part]; !known {
				place[part] = len(ids)
				ids = append(ids, part)
			}
			binary.BigEndian.PutUint16(outline[at:], uint16(place[part]))
		})
		glyf = append(glyf, outline...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		adv, lsb := f.advance(ids[i])
		if i < len(s.forms) && s.forms[i].slim { // the bearing moves the outline
			slim := s.shape(s.forms[i])
			adv, lsb = slim.adv*f.upem/1000, slim.xMin*f.upem/1000
		}
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(adv))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(lsb))
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf)))

	head := append([]byte(nil), f.tables["head"]...)
	binary.BigEndian.PutUint32(head[8:], 0)  // checkSumAdjustment, below
	head[17] &^= 2                           // outlines begin at their bearing, not at their own zero
	binary.BigEndian.PutUint16(head[50:], 1) // loca has 32-bit offsets
	hhea := append([]byte(nil), f.tables["hhea"]...)
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(ids)))
	maxp := append([]byte(nil), f.tables["maxp"]...)
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(ids)))
	tables := map[string][]byte{"glyf": glyf, "loca": loca, "hmtx": hmtx, "head": head, "hhea": hhea, "maxp": maxp}
	for _, hint := range []string{"cvt ", "fpgm", "prep"} {
		if t := f.tables[hint]; len(t) > 0 {
			tables[hint] = t
		}
	}
	return assemble(tables)
}

// eachPart calls do with the place of each part's id in a composite glyph.
func eachPart(outline []byte, do func(at int)) {
	const words, scale, more, scaleXY, matrix = 1, 8, 32, 64, 128
	if len(outline) < 10 || int16At(outline, 0) >= 0 {
		return
	}
	for at := 10; at+4 <= len(outline); {
		flags := binary.BigEndian.Uint16(outline[at:])
		do(at + 2)
		at += 6
		if flags&words != 0 {
			at += 2
		}
		switch {
		case flags&scale != 0:
			at += 2
		case flags&scaleXY != 0:
			at += 4
		case flags&matrix != 0:
			at += 8
		}
		if flags&more == 0 {
			return
		}
	}
}

// assemble puts tables into a font file with its checksums.
func assemble(tables map[string][]byte) []byte {
	tags := make([]string, 0, len(tables))
	for t := range tables {
		tags = append(tags, t)
	}
	sort.Strings(tags)
	n, log := len(tags), 0
	for 2<<log <= n {
		log++
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, 16 << log, log, 16*n - 16<<log} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at, head := 12+16*n, 0
	var body []byte
	for _, t := range tags {
		data := tables[t]
		if t == "head" {
			head = at
		}
		out = append(out, t...)
		out = binary.BigEndian.AppendUint32(out, checksum(data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		padded := (len(data) + 3) &^ 3
		body = append(body, data...)
		body = append(body, make([]byte, padded-len(data))...)
		at += padded
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(b []byte) uint32 {
	var sum uint32
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	if len(b) > 0 {
		var last [4]byte
		copy(last[:], b)
		sum += binary.BigEndian.Uint32(last[:])
	}
	return sum
}
