package pdf

import (
	"bytes"
	"fmt"
	"strconv"
)

// depthLimit bounds how deep arrays and dictionaries nest.
const depthLimit = 64

// parser reads objects from data at pos.
type parser struct {
	data  []byte
	pos   int
	depth int
}

func (p *parser) fail(what string) error {
	return fmt.Errorf("pdf: byte %d: %s", p.pos, what)
}

func (p *parser) skip() {
	for p.pos < len(p.data) {
		c := p.data[p.pos]
		if c == '%' {
			for p.pos < len(p.data) && p.data[p.pos] != '\n' && p.data[p.pos] != '\r' {
				p.pos++
			}
			continue
		}
		if !isSpace(c) {
			return
		}
		p.pos++
	}
}

// word takes the characters up to the next space or delimiter.
func (p *parser) word() string {
	start := p.pos
	for p.pos < len(p.data) && !isSpace(p.data[p.pos]) && !isDelimiter(p.data[p.pos]) {
		p.pos++
	}
	return string(p.data[start:p.pos])
}

// keyword takes the word if it comes next.
func (p *parser) keyword(w string) bool {
	p.skip()
	if !bytes.HasPrefix(p.data[p.pos:], []byte(w)) {
		return false
	}
	p.pos += len(w)
	return true
}

func (p *parser) object() (any, error) {
	p.skip()
	if p.pos >= len(p.data) {
		return nil, p.fail("the file ends inside an object")
	}
	switch c := p.data[p.pos]; {
	case c == '/':
		return p.name()
	case c == '(':
		return p.literal()
	case c == '[':
		return p.array()
	case bytes.HasPrefix(p.data[p.pos:], []byte("<<")):
		return p.dict()
	case c == '<':
		return p.hex()
	case c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9':
		return p.number()
	}
	switch w := p.word(); w {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	}
	return nil, p.fail("no object")
}

// number reads a number, or the reference it begins: "12 0 R".
func (p *parser) number() (any, error) {
	w := p.word()
	n, err := strconv.Atoi(w)
	if err != nil {
		f, err := strconv.ParseFloat(w, 64)
		if err != nil {
			return nil, p.fail("bad number")
		}
		return f, nil
	}
	after := p.pos
	p.skip()
	gen, err := strconv.Atoi(p.word())
	p.skip()
	if err == nil && n >= 0 && gen >= 0 && gen <= 65535 && p.word() == "R" {
		return Ref{n, gen}, nil
	}
	p.pos = after
	return n, nil
}

func (p *parser) name() (any, error) {
	p.pos++
	w := p.word()
	if !bytes.ContainsRune([]byte(w), '#') {
		return Name(w), nil
	}
	var b []byte
	for i := 0; i < len(w); i++ {
		if w[i] == '#' && i+2 < len(w) {
			v, err := strconv.ParseUint(w[i+1:i+3], 16, 8)
			if err == nil {
				b = append(b, byte(v))
				i += 2
				continue
			}
		}
		b = append(b, w[i])
	}
	return Name(b), nil
}

func (p *parser) hex() (any, error) {
	p.pos++
	var b String
	half, high := false, byte(0)
	for ; p.pos < len(p.data); p.pos++ {
		c := p.data[p.pos]
		var v byte
		switch {
		case c == '>':
			p.pos++
			if half {
				b = append(b, high<<4)
			}
			return b, nil
		case isSpace(c):
			continue
		case c >= '0' && c <= '9':
			v = c - '0'
		case c >= 'a' && c <= 'f':
			v = c - 'a' + 10
		case c >= 'A' && c <= 'F':
			v = c - 'A' + 10
		default:
			return nil, p.fail("bad hexadecimal string")
		}
		if half {
			b = append(b, high<<4|v)
		}
		half, high = !half, v
	}
	return nil, p.fail("the file ends inside a string")
}

var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

func (p *parser) literal() (any, error) {
	var b String
	open := 0
	for ; p.pos < len(p.data); p.pos++ {
		c := p.data[p.pos]
		switch c {
		case '(':
			if open++; open == 1 {
				continue
			}
		case ')':
			if open--; open == 0 {
				p.pos++
				return b, nil
			}
		case '\\':
			p.pos++
			if p.pos >= len(p.data) {
				return nil, p.fail("the file ends inside a string")
			}
			c = p.data[p.pos]
			if c == '\n' || c == '\r' { // the line goes on
				if c == '\r' && p.pos+1 < len(p.data) && p.data[p.pos+1] == '\n' {
					p.pos++
				}
				continue
			}
			c = p.escaped(c)
		}
		b = append(b, c)
	}
	return nil, p.fail("the file ends inside a string")
}

// escaped reads what stands behind a backslash and leaves pos on its last byte.
func (p *parser) escaped(c byte) byte {
	if e, ok := escapes[c]; ok {
		return e
	}
	if c < '0' || c > '7' {
		return c
	}
	v := 0
	for i := 0; i < 3 && p.pos < len(p.data) && p.data[p.pos] >= '0' && p.data[p.pos] <= '7'; i++ {
		v = v*8 + int(p.data[p.pos]-'0')
		p.pos++
	}
	p.pos--
	return byte(v)
}

func (p *parser) enter() error {
	if p.depth++; p.depth > depthLimit {
		return p.fail("nested too deep")
	}
	return nil
}

func (p *parser) array() (any, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	p.pos++
	a := Array{}
	for !p.keyword("]") {
		v, err := p.object()
		if err != nil {
			return nil, err
		}
		a = append(a, v)
	}
	p.depth--
	return a, nil
}

func (p *parser) dict() (any, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	p.pos += 2
	d := Dict{}
	for !p.keyword(">>") {
		if p.pos >= len(p.data) || p.data[p.pos] != '/' {
			return nil, p.fail("a dictionary's key is not a name")
		}
		k, err := p.name()
		if err != nil {
			return nil, err
		}
		v, err := p.object()
		if err != nil {
			return nil, err
		}
		d[k.(Name)] = v
	}
	p.depth--
	return d, nil
}

// indirect reads "12 0 obj … endobj" and gives the object and its reference.
func (p *parser) indirect() (Ref, any, error) {
	p.skip()
	num, err := strconv.Atoi(p.word())
	if err != nil {
		return Ref{}, nil, p.fail("no object begins here")
	}
	p.skip()
	gen, err := strconv.Atoi(p.word())
	if err != nil || !p.keyword("obj") {
		return Ref{}, nil, p.fail("no object begins here")
	}
	r := Ref{num, gen}
	v, err := p.object()
	if err != nil {
		return r, nil, err
	}
	d, ok := v.(Dict)
	if !ok || !p.keyword("stream") {
		return r, v, p.end()
	}
	if p.pos < len(p.data) && p.data[p.pos] == '\r' {
		p.pos++
	}
	if p.pos < len(p.data) && p.data[p.pos] == '\n' {
		p.pos++
	}
	n, ok := d["Length"].(int)
	if !ok || n < 0 || n > len(p.data)-p.pos {
		return r, nil, p.fail("a stream without its length")
	}
	s := Stream{Dict: d, Data: p.data[p.pos : p.pos+n]}
	p.pos += n
	if !p.keyword("endstream") {
		return r, nil, p.fail("a stream's length is wrong")
	}
	return r, s, p.end()
}

func (p *parser) end() error {
	if !p.keyword("endobj") {
		return p.fail("an object does not end")
	}
	return nil
}
