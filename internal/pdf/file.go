package pdf

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// ErrUnsupported says that a document is written in a way this package does
// not read: compressed cross-references, or encryption.
var ErrUnsupported = errors.New("pdf: compressed cross-references and encryption are not read")

// File is a document opened for reading and for further revisions.
type File struct {
	data      []byte
	at        map[int]entry // of the newest revision
	trailer   Dict          // of the newest revision
	startxref int
	size      int // one more than the highest object number
}

type entry struct {
	offset, gen int
	used        bool
}

// Open reads a document's cross-references and trailer. It keeps data, which
// must not change while the File is used.
func Open(data []byte) (*File, error) {
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return nil, errors.New("pdf: not a PDF document")
	}
	i := bytes.LastIndex(data, []byte("startxref"))
	if i < 0 {
		return nil, errors.New("pdf: no startxref")
	}
	p := &parser{data: data, pos: i + len("startxref")}
	p.skip()
	start, err := strconv.Atoi(p.word())
	if err != nil {
		return nil, p.fail("bad startxref")
	}
	f := &File{data: data, at: map[int]entry{}, startxref: start}
	seen := map[int]bool{}
	for at := start; ; {
		if seen[at] {
			return nil, errors.New("pdf: the cross-references run in a circle")
		}
		seen[at] = true
		t, err := f.section(at)
		if err != nil {
			return nil, err
		}
		if f.trailer == nil {
			f.trailer = t
		}
		prev, ok := t["Prev"].(int)
		if !ok {
			break
		}
		at = prev
	}
	if f.trailer["Encrypt"] != nil || f.trailer["XRefStm"] != nil {
		return nil, ErrUnsupported
	}
	if f.size, _ = f.trailer["Size"].(int); f.size < 1 {
		return nil, errors.New("pdf: the trailer has no Size")
	}
	for num := range f.at {
		f.size = max(f.size, num+1)
	}
	return f, nil
}

// section reads one cross-reference table with its trailer. Sections are read
// from the newest to the oldest, so the first entry of an object counts.
func (f *File) section(at int) (Dict, error) {
	if at < 0 || at >= len(f.data) {
		return nil, errors.New("pdf: the cross-references point outside the file")
	}
	p := &parser{data: f.data, pos: at}
	if !p.keyword("xref") {
		if _, _, err := p.indirect(); err == nil {
			return nil, ErrUnsupported
		}
		return nil, p.fail("no cross-reference table")
	}
	for !p.keyword("trailer") {
		first, err1 := strconv.Atoi(p.word())
		p.skip()
		count, err2 := strconv.Atoi(p.word())
		if err1 != nil || err2 != nil || first < 0 || count < 0 || count > len(f.data)/20 || first > 1<<23 {
			return nil, p.fail("bad cross-reference section")
		}
		for num := first; num < first+count; num++ {
			p.skip()
			offset, err1 := strconv.Atoi(p.word())
			p.skip()
			gen, err2 := strconv.Atoi(p.word())
			p.skip()
			kind := p.word()
			if err1 != nil || err2 != nil || kind != "n" && kind != "f" {
				return nil, p.fail("bad cross-reference entry")
			}
			if _, newer := f.at[num]; !newer {
				f.at[num] = entry{offset, gen, kind == "n"}
			}
		}
	}
	v, err := p.object()
	if err != nil {
		return nil, err
	}
	t, ok := v.(Dict)
	if !ok {
		return nil, p.fail("the trailer is not a dictionary")
	}
	return t, nil
}

// Get returns the object of a reference; one that does not exist is nil.
func (f *File) Get(r Ref) (any, error) {
	e, ok := f.at[r.Num]
	if !ok || !e.used || e.gen != r.Gen {
		return nil, nil
	}
	if e.offset < 0 || e.offset >= len(f.data) {
		return nil, fmt.Errorf("pdf: object %d lies outside the file", r.Num)
	}
	p := &parser{data: f.data, pos: e.offset}
	got, v, err := p.indirect()
	if err != nil {
		return nil, err
	}
	if got != r {
		return nil, fmt.Errorf("pdf: object %d is not where the cross-references say", r.Num)
	}
	return v, nil
}

// Resolve returns v, or the object v refers to.
func (f *File) Resolve(v any) (any, error) {
	for range depthLimit {
		r, ok := v.(Ref)
		if !ok {
			return v, nil
		}
		var err error
		if v, err = f.Get(r); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("pdf: references run in a circle")
}

// Dict returns the dictionary v is or refers to, a nil one for null.
func (f *File) Dict(v any) (Dict, error) {
	v, err := f.Resolve(v)
	if err != nil || v == nil {
		return nil, err
	}
	d, ok := v.(Dict)
	if !ok {
		return nil, fmt.Errorf("pdf: a dictionary is a %T", v)
	}
	return d, nil
}

// Array returns the array v is or refers to, a nil one for null.
func (f *File) Array(v any) (Array, error) {
	v, err := f.Resolve(v)
	if err != nil || v == nil {
		return nil, err
	}
	a, ok := v.(Array)
	if !ok {
		return nil, fmt.Errorf("pdf: an array is a %T", v)
	}
	return a, nil
}

// Root returns the document's catalogue and its reference.
func (f *File) Root() (Ref, Dict, error) {
	r, ok := f.trailer["Root"].(Ref)
	if !ok {
		return Ref{}, nil, errors.New("pdf: the trailer has no Root")
	}
	d, err := f.Dict(r)
	if err == nil && d == nil {
		err = errors.New("pdf: the Root is missing")
	}
	return r, d, err
}

// Pages returns the references of the pages in reading order, and that of the
// root of their tree first.
func (f *File) Pages() (tree Ref, pages []Ref, err error) {
	_, root, err := f.Root()
	if err != nil {
		return Ref{}, nil, err
	}
	tree, ok := root["Pages"].(Ref)
	if !ok {
		return Ref{}, nil, errors.New("pdf: no pages")
	}
	seen := map[Ref]bool{}
	var walk func(r Ref) error
	walk = func(r Ref) error {
		if seen[r] {
			return errors.New("pdf: the pages run in a circle")
		}
		seen[r] = true
		d, err := f.Dict(r)
		if err != nil {
			return err
		}
		if d["Type"] == Name("Page") {
			pages = append(pages, r)
			return nil
		}
		kids, err := f.Array(d["Kids"])
		if err != nil {
			return err
		}
		for _, k := range kids {
			kid, ok := k.(Ref)
			if !ok {
				return errors.New("pdf: a page is not a reference")
			}
			if err := walk(kid); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(tree); err != nil {
		return Ref{}, nil, err
	}
	if len(pages) == 0 {
		return Ref{}, nil, errors.New("pdf: no pages")
	}
	return tree, pages, nil
}

// Deflate makes a compressed stream of data.
func Deflate(d Dict, data []byte) Stream {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.BestCompression)
	if err != nil {
		panic(err) // the level is a constant
	}
	z.Write(data) // a bytes.Buffer does not fail
	z.Close()
	return Stream{Dict: with(d, "Filter", Name("FlateDecode")), Data: b.Bytes()}
}

// Decode returns the data of a stream that is plain or made by Deflate, at most
// limit bytes of it.
func (s Stream) Decode(limit int64) ([]byte, error) {
	switch s.Dict["Filter"] {
	case nil:
		return s.Data, nil
	case Name("FlateDecode"):
	default:
		return nil, ErrUnsupported
	}
	z, err := zlib.NewReader(bytes.NewReader(s.Data))
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("pdf: a stream is larger than %d bytes", limit)
	}
	return b, err
}
