package statement

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// 㐂 and 𠮷 take four bytes in GB18030; 䶮 is in companies' names.
const hanzi = plainHead + "2026-01-05,5.00,㐂䶮𠮷公司,1,保证金,A1\n"

func TestReadsEveryEncoding(t *testing.T) {
	utf16le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(hanzi)
	if err != nil {
		t.Fatal(err)
	}
	utf16be, err := unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(hanzi)
	if err != nil {
		t.Fatal(err)
	}
	four, err := simplifiedchinese.GB18030.NewEncoder().String("㐂")
	if err != nil || len(four) != 4 {
		t.Fatalf("㐂 is %d bytes in GB18030, %v", len(four), err)
	}
	late := "Date,Amount,Payer,Remark\n" + strings.Repeat("2026-01-05,5.00,Alpha Ltd,x\n", 20000) + "2026-01-06,7.00,㐂䶮𠮷公司,x\n"
	for _, tt := range []struct {
		name, wanted, is string
		data             []byte
	}{
		{"UTF-8", "auto", "utf-8", []byte(hanzi)},
		{"UTF-8 with mark", "auto", "utf-8", []byte(utf8BOM + hanzi)},
		{"UTF-8 by wish", "utf-8", "utf-8", []byte(hanzi)},
		{"GB18030", "auto", "gb18030", gb(t, hanzi)},
		{"GB18030 by wish", "gb18030", "gb18030", gb(t, hanzi)},
		{"UTF-16, little end first", "auto", "utf-16", []byte(utf16le)},
		{"UTF-16, big end first", "utf-16", "utf-16", []byte(utf16be)},
		{"GB18030 late in a long file", "auto", "gb18030", gb(t, late)},
		{"UTF-8 late in a long file", "auto", "utf-8", []byte(late)},
		{"GB18030 through a long file", "auto", "gb18030", gb(t, plainHead+strings.Repeat("2026-01-05,5.00,㐂䶮𠮷公司,1,保证金甲,\n", 9000))},
		{"UTF-8 through a long file", "auto", "utf-8", []byte(plainHead + strings.Repeat("2026-01-05,5.00,㐂䶮𠮷公司,1,保证金甲,\n", 9000))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := ready(t, "plain")
			m.Encoding = tt.wanted
			lines, r, err := all(tt.data, m, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := lines[len(lines)-1].PayerName; got != "㐂䶮𠮷公司" {
				t.Errorf("payer: %q", got)
			}
			if got := r.Head().Encoding; got != tt.is {
				t.Errorf("encoding: got %s, want %s", got, tt.is)
			}
		})
	}
}

func TestRefusesOtherEncodings(t *testing.T) {
	big5, err := traditionalchinese.Big5.NewEncoder().String("日期,金額,付款人\n2026-01-05,5.00,甲公司\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, wanted string
		data         string
		key          text.Key
	}{
		{"bytes of no Chinese encoding", "auto", plainHead + "2026-01-05,5.00,\xff\x81 \x80\xff,1,,A1\n", "statement.unknown_encoding"},
		{"a damaged GB18030 character", "auto", string(gb(t, plainHead+"2026-01-05,5.00,甲")) + "\x81 ,1,,A1\n", "statement.unknown_encoding"},
		{"UTF-8 cut inside a character", "utf-8", plainHead + "2026-01-05,5.00,\xe7\x94,1,,A1\n", "statement.unreadable"},
		{"GB18030 where UTF-8 was wanted", "utf-8", string(gb(t, hanzi)), "statement.unreadable"},
		{"UTF-8 where GB18030 was wanted", "gb18030", hanzi, "statement.unreadable"},
		{"Big5", "auto", big5, "statement.unknown_encoding"},
		{"UTF-16 without a mark", "auto", "D\x00a\x00t\x00e\x00,\x00", "statement.unreadable"},
		{"UTF-16 wanted without a mark", "utf-16", "Date,Amount\n", "statement.encoding_no_mark"},
		{"a mark against the wish", "gb18030", utf8BOM + hanzi, "statement.encoding_differs"},
		{"half a UTF-16 pair", "auto", "\xff\xfe\x00\xd8,\x00", "statement.unreadable"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := ready(t, "plain")
			m.Encoding = tt.wanted
			_, _, err := all([]byte(tt.data), m, Options{})
			f := fields(err)
			if !errors.Is(err, fault.Invalid) || len(f) != 1 || f[0].Message.Key != tt.key {
				t.Errorf("got %v, want %s", err, tt.key)
			}
		})
	}
}

func TestRefusesOtherKindsOfFile(t *testing.T) {
	for _, tt := range []struct {
		name, data string
		kind       text.Key
	}{
		{"zip", "PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00\x21\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00a.csv", "statement.kind_zip"},
		{"xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "statement.kind_xls"},
		{"very old xls", "\x09\x08\x10\x00\x00\x06\x05\x00", "statement.kind_xls"},
		{"html called xls", "\r\n <HTML xmlns:o=\"urn:schemas-microsoft-com:office:office\"><table><tr><td>日期", "statement.kind_html"},
		{"bare table", utf8BOM + "<table border=1>", "statement.kind_html"},
		{"spreadsheet XML", "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", "statement.kind_xls"},
		{"any XML", "<?xml version=\"1.0\"?><invoice>", "statement.kind_xml"},
		{"pdf", "%PDF-1.7\n", "statement.kind_pdf"},
		{"gzip", "\x1f\x8b\x08\x00", "statement.kind_zip"},
		{"png", "\x89PNG\r\n\x1a\n", "statement.kind_picture"},
	} {
		_, err := Open(strings.NewReader(tt.data), ready(t, "cmb"), Options{})
		f := fields(err)
		if !errors.Is(err, fault.Invalid) || len(f) != 1 || f[0].Message.Key != "statement.not_read" || f[0].Message.Args[0] != tt.kind {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.kind)
		}
		if got := (text.Printer{}).T(tt.kind); got == string(tt.kind) {
			t.Errorf("%s has no words", tt.kind)
		}
	}
}

func TestLimits(t *testing.T) {
	data := []byte(plainHead + strings.Repeat("2026-01-05,5.00,甲,1,,\n", 1000))
	read := func(maxFile int64, maxLines int) error {
		r, err := open(bytes.NewReader(data), ready(t, "plain"), Options{}, maxFile, maxLines)
		if err != nil {
			return err
		}
		for _, err := range r.Lines() {
			if err != nil {
				return err
			}
		}
		return nil
	}
	if err := read(int64(len(data)), 1000); err != nil {
		t.Errorf("just at the limits: %v", err)
	}
	if err := read(int64(len(data))-1, 1000); !errors.Is(err, fault.TooLarge) {
		t.Errorf("a byte too long: %v", err)
	}
	if err := read(int64(len(data)), 999); !errors.Is(err, fault.Invalid) || fields(err)[0].Message.Key != "statement.too_many_lines" {
		t.Errorf("a line too many: %v", err)
	}
	long := io.MultiReader(bytes.NewReader(data), strings.NewReader(strings.Repeat("2026-01-05,5.00,甲,1,,\n", 100000)))
	r, err := open(long, ready(t, "plain"), Options{}, 1<<20, MaxLines)
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, last = range r.Lines() {
	}
	if !errors.Is(last, fault.TooLarge) {
		t.Errorf("a stream beyond the limit: %v", last)
	}
}

// A reader that gives one byte at a time, or breaks, changes nothing and is told as it is.
func TestReadsAsTheStreamComes(t *testing.T) {
	data := gb(t, hanzi)
	r, err := Open(iotest.OneByteReader(bytes.NewReader(data)), ready(t, "plain"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for l, err := range r.Lines() {
		if err != nil || l.PayerName != "㐂䶮𠮷公司" {
			t.Errorf("%+v, %v", l, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d lines", n)
	}
	broken := errors.New("the disk is gone")
	for _, at := range []int{0, 10, len(data) - 3} {
		_, err := Open(io.MultiReader(bytes.NewReader(data[:at]), iotest.ErrReader(broken)), ready(t, "plain"), Options{})
		if !errors.Is(err, broken) {
			t.Errorf("broken at %d: %v", at, err)
		}
	}
}
