// Package paper sets the documents of the marketplace: receipts, contracts,
// pages of evidence. It owns how they look (A4, one font, one set of sizes) and
// knows nothing of what they say. A document is a list of blocks, put down in
// reading order and laid out by Bytes:
//
//	d := paper.New(paper.Meta{Title: "保证金收据", Lang: text.ZH, Created: tx.Now()})
//	d.Title("保证金收据", "SECURITY DEPOSIT RECEIPT")
//	d.Line("收据编号：BZJ-2026-000123", "开具日期：2026年11月22日")
//	d.KeyTable(paper.Row{Label: "交款单位", Value: name}, …)
//	d.Columns(paper.QR{…}, paper.Signature{… Seal: &paper.Seal{…}})
//	d.Footer("BZJ-2026-000123", hash)
//	pdf, err := d.Bytes()
//
// The same blocks give the same bytes. A document that has been stored is never
// rendered a second time: sign the stored bytes, and add pages to them with
// AddPage, which leaves every earlier byte in place.
//
// A character the font lacks is an error before anything is drawn, never a
// blank; check names with Missing when they are typed.
package paper

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/pdf"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Meta is what a document says of itself beside its pages.
type Meta struct {
	Title   string
	Author  string
	Subject string
	Lang    text.Lang
	Created time.Time // handed in, so that the same document is the same bytes; zero is left out
	Font    *Font     // nil is the embedded one
}

// Document is a document being written. It belongs to one goroutine.
type Document struct {
	meta      Meta
	blocks    []block
	number    string
	digest    string
	watermark string
	clauses   int
}

// New begins a document.
func New(m Meta) *Document {
	if m.Font == nil {
		m.Font = builtin()
	}
	return &Document{meta: m}
}

// Footer puts the document's number and, if it is not empty, a hash of what it
// rests on at the foot of each page, beside the page's number.
func (d *Document) Footer(number, hash string) { d.number, d.digest = number, hash }

// Watermark lays a pale word across each page, as 样张 or SPECIMEN.
func (d *Document) Watermark(s string) { d.watermark = s }

// Bytes lays the document out and returns it as PDF. Characters that the font
// lacks are fault.Invalid and named; so is a QR code too long to be drawn.
func (d *Document) Bytes() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	s := &sheet{Document: d, script: newScript(d.meta.Font), say: text.Printer{Lang: d.meta.Lang}}
	var items []item
	for _, b := range d.blocks {
		more, err := b.items(s)
		if err != nil {
			return nil, err
		}
		if _, ok := b.(columns); ok && len(items) > 0 {
			items[len(items)-1].keep = true // no signature alone on a page
		}
		items = append(items, more...)
	}
	s.flow(items)
	for i, p := range s.pages {
		s.foot(p, i+1)
		s.watermarkOn(p)
	}
	if s.err != nil {
		return nil, s.err
	}
	if blank := d.meta.Font.Missing(s.script.runes()); len(blank) > 0 {
		return nil, missing(blank) // in words of our own, with an operator's font
	}
	return s.write(), nil
}

// check names the characters that cannot be shown.
func (d *Document) check() error {
	all := []string{d.number, d.digest, d.watermark}
	for _, b := range d.blocks {
		all = append(all, b.words()...)
	}
	if list := d.meta.Font.Missing(strings.Join(all, "")); len(list) > 0 {
		return missing(list)
	}
	return nil
}

func missing(list []rune) error {
	var names []string
	for _, r := range list[:min(len(list), 12)] {
		names = append(names, fmt.Sprintf("%c (U+%04X)", r, r))
	}
	return fault.New(fault.Invalid, "paper.missing", names)
}

// latin says whether the document's own text is in a Latin script.
func (d *Document) latin() bool { return d.meta.Lang == text.EN }

// write puts the pages, the font and the document's entries into a file.
func (s *sheet) write() []byte {
	var w pdf.Writer
	root, tree := w.Reserve(), w.Reserve()
	font := s.script.embed(&w)
	pale := w.Add(pdf.Dict{"Type": pdf.Name("ExtGState"), "ca": 0.11})
	resources := w.Add(pdf.Dict{"Font": pdf.Dict{"F": font}, "ExtGState": pdf.Dict{"Pale": pale}})
	var kids pdf.Array
	for _, p := range s.pages {
		body := append([]byte("q\n"), p.below...)
		body = append(append(body, "Q\n"...), p.text...)
		kids = append(kids, w.Add(pdf.Dict{
			"Type": pdf.Name("Page"), "Parent": tree, "Resources": resources,
			"MediaBox": pdf.Array{0, 0, pageWidth, pageHeight},
			"Contents": w.Add(pdf.Deflate(pdf.Dict{}, body)),
		}))
	}
	w.Set(tree, pdf.Dict{"Type": pdf.Name("Pages"), "Kids": kids, "Count": len(kids)})
	w.Set(root, pdf.Dict{
		"Type": pdf.Name("Catalog"), "Pages": tree, "Lang": pdf.Text(s.meta.Lang.Tag()),
		"ViewerPreferences": pdf.Dict{"DisplayDocTitle": true},
	})
	info := pdf.Dict{"Producer": pdf.Text("Yunshi")}
	for k, v := range map[pdf.Name]string{"Title": s.meta.Title, "Author": s.meta.Author, "Subject": s.meta.Subject} {
		if v != "" {
			info[k] = pdf.Text(v)
		}
	}
	if !s.meta.Created.IsZero() {
		info["CreationDate"] = pdf.Text(pdf.Date(s.meta.Created))
	}
	trailer := pdf.Dict{"Root": root, "Info": w.Add(info)}
	id := digest(w.Bytes(trailer))
	trailer["ID"] = pdf.Array{pdf.String(id[:16]), pdf.String(id[:16])}
	return w.Bytes(trailer)
}

func digest(b []byte) [sha256.Size]byte { return sha256.Sum256(b) }
