package statement

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// window is how many bytes the choice of an encoding rests on, counted from the
// first one that is not ASCII.
const window = 64 << 10

// sniffed is how many bytes of a file tell its kind.
const sniffed = 4 << 10

// signatures tell a file that we do not read by its first bytes, whatever its name
// says: banks call HTML and tab-separated text ".xls".
var signatures = []struct {
	begins string
	kind   text.Key
}{
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "statement.kind_xls"},
	{"\x09\x08\x10\x00\x00\x06", "statement.kind_xls"},
	{"%PDF-", "statement.kind_pdf"},
	{"PK\x05\x06", "statement.kind_zip"},
	{"\x1f\x8b", "statement.kind_zip"},
	{"Rar!", "statement.kind_zip"},
	{"7z\xbc\xaf\x27\x1c", "statement.kind_zip"},
	{"\x89PNG", "statement.kind_picture"},
	{"\xff\xd8\xff", "statement.kind_picture"},
}

// markups are recognised after blanks and in any case.
var markups = []struct {
	begins string
	kind   text.Key
}{
	{"<!doctype html", "statement.kind_html"},
	{"<html", "statement.kind_html"},
	{"<head", "statement.kind_html"},
	{"<meta", "statement.kind_html"},
	{"<table", "statement.kind_html"},
	{"<style", "statement.kind_html"},
}

var (
	isMessage = regexp.MustCompile(`(?m)^:20:[^\n]*(\r?\n[^:][^\n]*)*\r?\n:(21|25P?|28C?):`)
	isXML     = regexp.MustCompile(`^<(\?xml|!--|[A-Za-z_][\w.-]*(:[\w.-]+)?[\s/>])`)
	isCamt    = regexp.MustCompile(`camt\.053\.001\.\d\d`)
	otherCamt = regexp.MustCompile(`(camt|pain|pacs)\.\d{3}\.001\.\d\d`)
)

// sniff decides what kind of file it is by its beginning; one that is not read is
// fault.Invalid with what it is.
func sniff(start []byte) (Format, error) {
	refuse := func(kind any) (Format, error) { return "", fault.At("/file", "statement.not_read", kind) }
	for _, s := range signatures {
		if bytes.HasPrefix(start, []byte(s.begins)) {
			return refuse(s.kind)
		}
	}
	if bytes.HasPrefix(start, []byte("PK\x03\x04")) {
		if !isWorkbook(start) {
			return refuse(text.Key("statement.kind_zip"))
		}
		return XLSX, nil
	}
	plain := asText(start)
	lower := bytes.ToLower(plain)
	for _, m := range markups {
		if bytes.HasPrefix(lower, []byte(m.begins)) {
			return refuse(m.kind)
		}
	}
	switch {
	case isXML.Match(plain) && isCamt.Match(plain):
		return Camt, nil
	case isXML.Match(plain) && bytes.Contains(plain, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return refuse(text.Key("statement.kind_xls"))
	case isXML.Match(plain) && bytes.Contains(lower, []byte("<html")):
		return refuse(text.Key("statement.kind_html"))
	case isXML.Match(plain) && otherCamt.Match(plain):
		return refuse(text.M("statement.kind_other_camt", string(otherCamt.Find(plain))))
	case isXML.Match(plain):
		return refuse(text.Key("statement.kind_xml"))
	case bytes.HasPrefix(plain, []byte("{1:")), isMessage.Match(plain):
		return MT940, nil
	}
	return CSV, nil
}

// isWorkbook reports whether an archive begins with a part that a workbook has.
func isWorkbook(start []byte) bool {
	if len(start) < 30 {
		return false
	}
	name := string(start[30:min(len(start), 30+int(start[26])+int(start[27])<<8)])
	for _, p := range []string{"[Content_Types].xml", "_rels/", "xl/", "docProps/"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}

// asText is the beginning without a byte order mark, blanks and what transports put before it.
func asText(start []byte) []byte {
	if bytes.HasPrefix(start, []byte("\xff\xfe")) || bytes.HasPrefix(start, []byte("\xfe\xff")) {
		even := start[:len(start)&^1]
		if out, err := unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Bytes(even); err == nil {
			start = out
		}
	}
	return bytes.TrimLeft(bytes.TrimPrefix(start, []byte(utf8BOM)), " \t\r\n\x01\x02\x00")
}

const utf8BOM = "\xef\xbb\xbf"

// decoded is a file as UTF-8. It passes ASCII through as it is and decides at the
// first other byte, so that a file whose first Chinese word stands late is read
// as well as any.
type decoded struct {
	raw      *bufio.Reader
	rest     io.Reader // what follows the decision
	encoding string
	err      error // kept: a reader asks again
}

// decode opens the file in the wanted encoding. A byte order mark outranks "auto"
// and must not contradict any other wish.
func decode(raw *bufio.Reader, wanted string) (*decoded, error) {
	start, _ := raw.Peek(3)
	d := &decoded{raw: raw, encoding: wanted}
	mark := ""
	switch {
	case bytes.HasPrefix(start, []byte(utf8BOM)):
		mark = "utf-8"
		if _, err := raw.Discard(len(utf8BOM)); err != nil {
			return nil, err
		}
	case bytes.HasPrefix(start, []byte("\xff\xfe")), bytes.HasPrefix(start, []byte("\xfe\xff")):
		mark = "utf-16"
	}
	if mark != "" && wanted != "auto" && wanted != mark {
		return nil, fault.At("/file", "statement.encoding_differs", mark, wanted)
	}
	if mark != "" {
		d.encoding = mark
	}
	switch d.encoding {
	case "utf-8":
		d.rest = raw
	case "utf-16":
		if mark == "" {
			return nil, fault.At("/file", "statement.encoding_no_mark")
		}
		d.rest = transform.NewReader(raw, unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder())
	case "gb18030":
		d.rest = gb18030(raw)
	default:
		d.encoding = "ascii"
	}
	return d, nil
}

func gb18030(r io.Reader) io.Reader {
	return transform.NewReader(r, simplifiedchinese.GB18030.NewDecoder())
}

// Read gives UTF-8; what could not be decoded is U+FFFD or a bad byte, which the
// reader of records refuses with its line.
func (d *decoded) Read(p []byte) (int, error) {
	if d.rest != nil {
		return d.rest.Read(p)
	}
	if d.err != nil {
		return 0, d.err
	}
	if _, err := d.raw.Peek(1); err != nil {
		d.err = err
		return 0, err
	}
	ready, err := d.raw.Peek(d.raw.Buffered())
	if err != nil {
		return 0, err
	}
	n := 0
	for n < len(ready) && n < len(p) && ready[n] < utf8.RuneSelf {
		n++
	}
	if n == 0 && len(p) > 0 {
		if d.err = d.decide(); d.err != nil {
			return 0, d.err
		}
		return d.rest.Read(p)
	}
	copy(p, ready[:n])
	_, err = d.raw.Discard(n)
	return n, err
}

// decide chooses between UTF-8 and GB18030 by what is valid from here on.
func (d *decoded) decide() error {
	sample, err := d.raw.Peek(window)
	whole := errors.Is(err, io.EOF)
	if err != nil && !whole && !errors.Is(err, bufio.ErrBufferFull) {
		return err
	}
	switch {
	case isUTF8(sample, whole):
		d.encoding, d.rest = "utf-8", d.raw
	case isGB18030(sample, whole):
		d.encoding, d.rest = "gb18030", gb18030(d.raw)
	default:
		return fault.At("/file", "statement.unknown_encoding")
	}
	return nil
}

// isUTF8 reports whether the sample is valid; unless it is whole, its last character may be cut.
func isUTF8(sample []byte, whole bool) bool {
	if !whole {
		for i := 1; i <= min(utf8.UTFMax-1, len(sample)); i++ {
			if b := sample[len(sample)-i]; utf8.RuneStart(b) {
				if !utf8.FullRune(sample[len(sample)-i:]) {
					sample = sample[:len(sample)-i]
				}
				break
			}
		}
	}
	return utf8.Valid(sample)
}

// isGB18030 reports whether the sample is valid; unless it is whole, its last
// character, of up to 4 bytes, may be cut.
func isGB18030(sample []byte, whole bool) bool {
	for cut := 0; cut < 4 && cut <= len(sample); cut++ {
		out, _, err := transform.Bytes(simplifiedchinese.GB18030.NewDecoder(), sample[:len(sample)-cut])
		if err == nil && !bytes.ContainsRune(out, utf8.RuneError) {
			return true
		}
		if whole {
			break
		}
	}
	return false
}

// bounded refuses a file that is longer than the limit, without counting on anybody's word for its size.
type bounded struct {
	from io.Reader
	left int64
	max  int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		b.left = 0
		return 0, fault.New(fault.TooLarge, "statement.too_large", b.max>>20)
	}
	return n, err
}
