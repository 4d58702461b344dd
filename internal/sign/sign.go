package sign

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/pdf"
)

// room is how many bytes are kept free for the SignedData, so that a time stamp
// can be added to it later.
const room = 16 << 10

// Reason is what a signature says of itself to a reader.
type Reason struct {
	Name     string    // who signs; empty is the certificate's subject
	Reason   string    // why, as 合同签署存证
	Location string    // where, may be empty
	At       time.Time // stated, not proved; zero is left out
}

const rangePlaceholder = "[0 0000000000 0000000000 0000000000]"

// PDF signs a document made by this program and returns it with the signature
// behind it: the bytes given are the beginning of the result. A document that
// carries signatures takes a further one, which covers the earlier ones.
func PDF(data []byte, k Key, why Reason) ([]byte, error) {
	if k.private == nil {
		return nil, errors.New("sign: no key")
	}
	f, err := pdf.Open(data)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	u := f.Update()
	signature, err := addField(f, u, k, why)
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	out := u.Bytes()
	return fill(out, u.Offset(signature), k)
}

// addField puts the signature dictionary, with room for the signature, and an
// invisible field on the first page into the update.
func addField(f *pdf.File, u *pdf.Update, k Key, why Reason) (pdf.Ref, error) {
	rootRef, root, err := f.Root()
	if err != nil {
		return pdf.Ref{}, err
	}
	_, pages, err := f.Pages()
	if err != nil {
		return pdf.Ref{}, err
	}
	page, err := f.Dict(pages[0])
	if err != nil {
		return pdf.Ref{}, err
	}
	form, err := f.Dict(root["AcroForm"])
	if err != nil {
		return pdf.Ref{}, err
	}
	fields, err := f.Array(form["Fields"])
	if err != nil {
		return pdf.Ref{}, err
	}
	notes, err := f.Array(page["Annots"])
	if err != nil {
		return pdf.Ref{}, err
	}
	name := why.Name
	if name == "" {
		name = k.Subject()
	}
	d := pdf.Dict{
		"Type": pdf.Name("Sig"), "Filter": pdf.Name("Adobe.PPKLite"), "SubFilter": pdf.Name("ETSI.CAdES.detached"),
		"Name":      pdf.Text(name),
		"ByteRange": pdf.Raw(rangePlaceholder), "Contents": pdf.String(make([]byte, room)),
	}
	if !why.At.IsZero() { // stated, not proved: PAdES keeps the time out of what is signed
		d["M"] = pdf.Text(pdf.Date(why.At))
	}
	if why.Reason != "" {
		d["Reason"] = pdf.Text(why.Reason)
	}
	if why.Location != "" {
		d["Location"] = pdf.Text(why.Location)
	}
	signature := u.Add(d)
	const printed, locked = 4, 128
	field := u.Add(pdf.Dict{
		"Type": pdf.Name("Annot"), "Subtype": pdf.Name("Widget"), "FT": pdf.Name("Sig"),
		"T": pdf.Text("Signature" + strconv.Itoa(len(fields)+1)), "V": signature,
		"F": printed | locked, "Rect": pdf.Array{0, 0, 0, 0}, "P": pages[0],
	})
	u.Set(pages[0], with(page, "Annots", append(notes[:len(notes):len(notes)], field)))
	const signatures, appendOnly = 1, 2
	grown := with(form, "Fields", append(fields[:len(fields):len(fields)], field))
	grown["SigFlags"] = signatures | appendOnly
	if r, ok := root["AcroForm"].(pdf.Ref); ok {
		u.Set(r, grown)
	} else {
		u.Set(rootRef, with(root, "AcroForm", u.Add(grown)))
	}
	return signature, nil
}

func with(d pdf.Dict, k pdf.Name, v any) pdf.Dict {
	c := pdf.Dict{}
	for k, v := range d {
		c[k] = v
	}
	c[k] = v
	return c
}

// fill writes the byte range and the signature into the room kept for them.
func fill(out []byte, at int, k Key) ([]byte, error) {
	from := at + bytes.Index(out[at:], []byte("/Contents <")) + len("/Contents ")
	to := from + 2 + 2*room
	where := at + bytes.Index(out[at:], []byte(rangePlaceholder))
	if from < at || where < at || to > len(out) || out[to-1] != '>' {
		return nil, errors.New("sign: the room for the signature is not where it was put")
	}
	parts := fmt.Sprintf("[0 %d %d %d]", from, to, len(out)-to)
	copy(out[where:], parts+strings.Repeat(" ", len(rangePlaceholder)-len(parts)))
	der, err := k.seal(digest(out, from, to))
	if err != nil {
		return nil, fmt.Errorf("sign: %w", err)
	}
	if len(der) > room {
		return nil, fmt.Errorf("sign: the signature takes %d bytes, more than its room", len(der))
	}
	hex.Encode(out[from+1:], der)
	return out, nil
}

// digest is the SHA-256 of everything but the signature itself.
func digest(data []byte, from, to int) []byte {
	h := sha256.New()
	h.Write(data[:from])
	h.Write(data[to:])
	return h.Sum(nil)
}
