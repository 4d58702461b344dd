package letter

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
)

// Outlook's TNEF ([MS-OXTNEF]): a stream of attributes. Read are the plain text, the
// HTML, and the attachments with their long names.
const (
	tnefSignature  = 0x223e9f78
	attBody        = 0x0002800c
	attProps       = 0x00069003
	attRender      = 0x00069002 // begins an attachment
	attTitle       = 0x00018010
	attData        = 0x0006800f
	attAttachProps = 0x00069005

	propBody     = 0x1000
	propHTML     = 0x1013
	propLongName = 0x3707
	propData     = 0x3701
	propMIME     = 0x370e
)

var errTNEF = errors.New("letter: the TNEF ends early")

// tnef takes a winmail.dat apart.
func (r *reader) tnef(data []byte) {
	if len(data) < 6 || binary.LittleEndian.Uint32(data) != tnefSignature {
		r.out.add(Damaged)
		return
	}
	data = data[6:]
	var now *Attachment
	flush := func() {
		if now != nil && len(now.Data) > 0 {
			r.parts++
			r.keep(*now)
		}
		now = nil
	}
	for len(data) > 0 && r.parts <= r.limits.Parts {
		if len(data) < 9 {
			r.out.add(Damaged)
			break
		}
		id, size := binary.LittleEndian.Uint32(data[1:]), int64(binary.LittleEndian.Uint32(data[5:]))
		data = data[9:]
		if size+2 > int64(len(data)) {
			r.out.add(Damaged)
			break
		}
		value := data[:size]
		data = data[size+2:] // and a checksum
		switch id {
		case attBody:
			r.plain.WriteString(utf8Of(strings.TrimRight(string(value), "\x00")) + "\n")
		case attProps:
			p, err := mapi(value)
			if err != nil {
				r.out.add(Damaged)
			}
			if s := p.text(propBody); s != "" && r.plain.Len() == 0 {
				r.plain.WriteString(s + "\n")
			}
			if s := p.text(propHTML); s != "" {
				r.html.WriteString(s)
			}
		case attRender:
			flush()
			now = &Attachment{Type: "application/octet-stream"}
		case attTitle:
			if now != nil && now.Name == "" {
				now.Name = clean(utf8Of(strings.TrimRight(string(value), "\x00")))
			}
		case attData:
			if now != nil {
				now.Data = value
			}
		case attAttachProps:
			p, err := mapi(value)
			if err != nil {
				r.out.add(Damaged)
			}
			if now == nil {
				continue
			}
			if s := p.text(propLongName); s != "" {
				now.Name = clean(s)
			}
			if s := p.text(propMIME); s != "" {
				now.Type = strings.ToLower(clean(s))
			}
			if len(now.Data) == 0 && len(p[propData]) > 0 {
				now.Data = p[propData]
			}
		}
	}
	flush()
}

// props are MAPI properties by their number; texts are UTF-8.
type props map[uint16][]byte

func (p props) text(id uint16) string { return strings.TrimRight(utf8Of(string(p[id])), "\x00") }

// mapi reads a list of MAPI properties ([MS-OXTNEF] 2.1.3.4); those of a fixed size
// and named ones are passed over.
func mapi(data []byte) (props, error) {
	out := make(props)
	in := cursor{data}
	count, ok := in.uint32()
	for range count {
		kind, ok1 := in.uint16()
		id, ok2 := in.uint16()
		if !ok || !ok1 || !ok2 {
			return out, errTNEF
		}
		if id >= 0x8000 && !in.name() {
			return out, errTNEF
		}
		value, fine := in.value(kind)
		if !fine {
			return out, errTNEF
		}
		if value != nil && out[id] == nil {
			out[id] = value
		}
	}
	return out, nil
}

type cursor struct{ b []byte }

func (c *cursor) take(n int64) ([]byte, bool) {
	if n < 0 || n > int64(len(c.b)) {
		c.b = nil
		return nil, false
	}
	v := c.b[:n]
	c.b = c.b[n:]
	return v, true
}

// padded takes n bytes and what fills them up to four.
func (c *cursor) padded(n int64) ([]byte, bool) {
	v, ok := c.take(n)
	if !ok {
		return nil, false
	}
	if rest := (4 - n%4) % 4; rest <= int64(len(c.b)) {
		c.b = c.b[rest:]
	} else {
		c.b = nil
	}
	return v, true
}

func (c *cursor) uint16() (uint16, bool) {
	v, ok := c.take(2)
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint16(v), true
}

func (c *cursor) uint32() (uint32, bool) {
	v, ok := c.take(4)
	if !ok {
		return 0, false
	}
	return binary.LittleEndian.Uint32(v), true
}

// name passes over the name of a named property.
func (c *cursor) name() bool {
	if _, ok := c.take(16); !ok {
		return false
	}
	kind, ok := c.uint32()
	if !ok {
		return false
	}
	if kind == 0 {
		_, ok = c.uint32()
		return ok
	}
	n, ok := c.uint32()
	if !ok {
		return false
	}
	_, ok = c.padded(int64(n))
	return ok
}

// value reads one property; nil is one that is passed over.
func (c *cursor) value(kind uint16) ([]byte, bool) {
	const multi = 0x1000
	switch kind &^ multi {
	case 0x0002, 0x0003, 0x0004, 0x000a, 0x000b: // of four bytes
		return c.fixed(kind&multi != 0, 4)
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040: // of eight
		return c.fixed(kind&multi != 0, 8)
	case 0x0048: // a GUID
		return c.fixed(kind&multi != 0, 16)
	case 0x001e, 0x001f, 0x0102, 0x000d: // text, text in UTF-16, bytes, object
		n, ok := c.uint32()
		if !ok || n > 10000 {
			return nil, false
		}
		var first []byte
		for i := range n {
			size, ok := c.uint32()
			if !ok {
				return nil, false
			}
			v, ok := c.padded(int64(size))
			if !ok {
				return nil, false
			}
			if i == 0 {
				first = v
			}
		}
		if kind&^multi == 0x001f {
			first = utf16Text(first)
		}
		if kind&^multi == 0x000d && len(first) >= 16 {
			first = first[16:] // after the object's class
		}
		return first, true
	}
	return nil, false
}

func (c *cursor) fixed(many bool, size int64) ([]byte, bool) {
	n := uint32(1)
	if many {
		var ok bool
		if n, ok = c.uint32(); !ok {
			return nil, false
		}
	}
	_, ok := c.take(int64(n) * size)
	return nil, ok
}

func utf16Text(b []byte) []byte {
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return []byte(strings.TrimRight(string(utf16.Decode(u)), "\x00"))
}
