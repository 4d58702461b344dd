package pdf

import (
	"fmt"
	"sort"
)

// header is the version and the four high bytes that mark the file as binary.
const header = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"

// Writer collects the objects of a new document. The zero value is ready.
type Writer struct{ objects []any }

// Add puts an object into the document and returns its reference.
func (w *Writer) Add(v any) Ref {
	w.objects = append(w.objects, v)
	return Ref{Num: len(w.objects)}
}

// Reserve returns a reference whose object follows by Set.
func (w *Writer) Reserve() Ref { return w.Add(nil) }

// Set gives a reserved reference its object.
func (w *Writer) Set(r Ref, v any) { w.objects[r.Num-1] = v }

// Bytes writes the document with the trailer's entries (Root, Info, ID). The
// same objects give the same bytes.
func (w *Writer) Bytes(trailer Dict) []byte {
	b := []byte(header)
	changed := map[Ref]int{{Gen: 65535}: 0}
	for i, v := range w.objects {
		r := Ref{Num: i + 1}
		changed[r] = len(b)
		b = appendIndirect(b, r, v)
	}
	return appendXref(b, changed, with(trailer, "Size", len(w.objects)+1))
}

// Update collects objects that are added to a document or take the place of
// earlier ones in a further revision.
type Update struct {
	file    *File
	objects map[Ref]any
	order   []Ref
	next    int
	offsets map[Ref]int
}

// Update begins a further revision of the document.
func (f *File) Update() *Update {
	return &Update{file: f, objects: map[Ref]any{}, next: f.size}
}

// Add puts a new object into the revision and returns its reference.
func (u *Update) Add(v any) Ref {
	r := Ref{Num: u.next}
	u.next++
	u.Set(r, v)
	return r
}

// Reserve returns a reference whose object follows by Set.
func (u *Update) Reserve() Ref { return u.Add(nil) }

// Set puts an object in the place of an earlier or a reserved one.
func (u *Update) Set(r Ref, v any) {
	if _, known := u.objects[r]; !known {
		u.order = append(u.order, r)
	}
	u.objects[r] = v
}

// Bytes returns the earlier document, byte for byte, followed by the revision.
func (u *Update) Bytes() []byte {
	b := append([]byte(nil), u.file.data...)
	if len(b) > 0 && b[len(b)-1] != '\n' {
		b = append(b, '\n')
	}
	u.offsets = map[Ref]int{}
	for _, r := range u.order {
		u.offsets[r] = len(b)
		b = appendIndirect(b, r, u.objects[r])
	}
	t := with(u.file.trailer, "Size", u.next)
	t["Prev"] = u.file.startxref
	return appendXref(b, u.offsets, t)
}

// Offset is where Bytes has put an object of the revision.
func (u *Update) Offset(r Ref) int { return u.offsets[r] }

func appendIndirect(b []byte, r Ref, v any) []byte {
	b = fmt.Appendf(b, "%d %d obj\n", r.Num, r.Gen)
	b = appendObject(b, v)
	return append(b, "\nendobj\n"...)
}

// appendXref writes the cross-reference table, in runs of consecutive numbers,
// the trailer and the end of the file.
func appendXref(b []byte, at map[Ref]int, trailer Dict) []byte {
	refs := make([]Ref, 0, len(at))
	for r := range at {
		refs = append(refs, r)
	}
	sort.Slice(refs, func(i, j int) bool { return refs[i].Num < refs[j].Num })
	start := len(b)
	b = append(b, "xref\n"...)
	for i := 0; i < len(refs); {
		j := i + 1
		for j < len(refs) && refs[j].Num == refs[j-1].Num+1 {
			j++
		}
		b = fmt.Appendf(b, "%d %d\n", refs[i].Num, j-i)
		for _, r := range refs[i:j] {
			kind := 'n'
			if r.Num == 0 {
				kind = 'f'
			}
			b = fmt.Appendf(b, "%010d %05d %c \n", at[r], r.Gen, kind)
		}
		i = j
	}
	b = append(b, "trailer\n"...)
	b = appendDict(b, trailer)
	return fmt.Appendf(b, "\nstartxref\n%d\n%%%%EOF\n", start)
}

func with(d Dict, k Name, v any) Dict {
	c := Dict{}
	for k, v := range d {
		c[k] = v
	}
	c[k] = v
	return c
}
