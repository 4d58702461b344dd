// Package pdf reads and writes the file format of PDF documents: objects, the
// classic cross-reference table and incremental updates, by which a document
// grows while every byte of its earlier revisions stays in place. It knows
// nothing of layout (package paper) or of signatures (package sign), which
// stand on it. It reads what this program has written; a file with compressed
// cross-references or encryption is refused with an error, never misread.
package pdf

import (
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"time"
	"unicode/utf16"
)

// The kinds of object. Besides these an object is nil, a bool, an int or a float64.
type (
	// Name is a name object, without its slash.
	Name string
	// String is a string object: bytes, written in hexadecimal.
	String []byte
	// Array is an array object.
	Array []any
	// Dict is a dictionary object.
	Dict map[Name]any
	// Ref points to an indirect object.
	Ref struct{ Num, Gen int }
	// Stream is a dictionary with data, encoded as the dictionary says.
	Stream struct {
		Dict Dict
		Data []byte
	}
	// Raw is an object already written in PDF syntax.
	Raw string
)

// Text makes a text string: PDFDocEncoding if s is ASCII, else UTF-16 with its mark.
func Text(s string) String {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return utf16String(s)
		}
	}
	return String(s)
}

func utf16String(s string) String {
	b := String{0xFE, 0xFF}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}

// Text reads a text string; it is the inverse of the function Text.
func (s String) Text() string {
	if len(s) < 2 || s[0] != 0xFE || s[1] != 0xFF {
		return string(s)
	}
	var u []uint16
	for i := 2; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(u))
}

// appendObject writes an object; a type outside the list above is a mistake in
// this program.
func appendObject(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return AppendNumber(b, v)
	case Name:
		return appendName(b, v)
	case String:
		b = append(b, '<')
		b = hex.AppendEncode(b, v)
		return append(b, '>')
	case Ref:
		return fmt.Appendf(b, "%d %d R", v.Num, v.Gen)
	case Raw:
		return append(b, v...)
	case Array:
		b = append(b, '[')
		for i, x := range v {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendObject(b, x)
		}
		return append(b, ']')
	case Dict:
		return appendDict(b, v)
	case Stream:
		d := Dict{}
		for k, x := range v.Dict {
			d[k] = x
		}
		d["Length"] = len(v.Data)
		b = appendDict(b, d)
		b = append(b, "\nstream\n"...)
		b = append(b, v.Data...)
		return append(b, "\nendstream"...)
	}
	panic(fmt.Sprintf("pdf: no object of type %T", v))
}

// appendDict writes the keys in order, so that the same object is the same bytes.
func appendDict(b []byte, d Dict) []byte {
	keys := make([]string, 0, len(d))
	for k := range d {
		keys = append(keys, string(k))
	}
	sort.Strings(keys)
	b = append(b, "<<"...)
	for _, k := range keys {
		b = appendName(b, Name(k))
		b = append(b, ' ')
		b = appendObject(b, d[Name(k)])
		b = append(b, '\n')
	}
	return append(b, ">>"...)
}

func appendName(b []byte, n Name) []byte {
	b = append(b, '/')
	for i := range len(n) {
		if c := n[i]; c <= ' ' || c >= 0x7F || c == '#' || isDelimiter(c) {
			b = fmt.Appendf(b, "#%02X", c)
		} else {
			b = append(b, c)
		}
	}
	return b
}

// AppendNumber writes a number with at most three decimals, as content streams take it.
func AppendNumber(b []byte, v float64) []byte {
	n := len(b)
	b = strconv.AppendFloat(b, v, 'f', 3, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	if string(b[n:]) == "-0" {
		return append(b[:n], '0')
	}
	return b
}

func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

const dateLayout = "D:20060102150405Z"

// Date writes a time as documents do, in UTC: D:20261122140532Z.
func Date(t time.Time) string { return t.UTC().Format(dateLayout) }

// ParseDate reads what Date has written.
func ParseDate(s string) (time.Time, error) { return time.Parse(dateLayout, s) }
