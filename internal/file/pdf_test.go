package file

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"testing"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// pdf is the least of a PDF with something in its catalogue.
func pdf(body string) []byte {
	return []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + body + " >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n")
}

// packed is a PDF whose objects stand in a packed stream.
func packed(body, more string) []byte {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte("2 0 << " + body + " >>"))
	z.Close()
	return []byte(fmt.Sprintf("%%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\ntrailer << /Root 2 0 R %s >>\n%%%%EOF\n", b.Len(), b.String(), more))
}

// A PDF that runs, starts or sends something is refused, however its names are written.
func TestHostilePDFIsRefused(t *testing.T) {
	tests := []struct {
		name string
		data []byte
		want string // the key, "" is kept
	}{
		{"quiet", pdf("/Pages 3 0 R /Lang (zh-CN)"), ""},
		{"packed and quiet", packed("/Type /Page", ""), ""},
		{"signed", pdf("/AcroForm << /SigFlags 3 >>"), ""},
		{"script when opened", pdf("/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "file.pdf_script"},
		{"script with escaped letters", pdf("/OpenAction << /S /J#61vaScript /J#53 (x) >>"), "file.pdf_script"},
		{"script in a packed stream", packed("/S /JavaScript /JS (x)", ""), "file.pdf_script"},
		{"starts a program", pdf("/OpenAction << /S /Launch /F (cmd.exe) >>"), "file.pdf_launch"},
		{"sends a form", pdf("/A << /S /SubmitForm >>"), "file.pdf_launch"},
		{"dynamic form", pdf("/AcroForm << /XFA 5 0 R >>"), "file.pdf_script"},
		{"media", pdf("/Subtype /RichMedia"), "file.pdf_media"},
		{"packed and sealed", packed("/Type /Page", "/Encrypt 9 0 R"), "file.pdf_sealed"},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			err := whole(x.data, PDF)
			f, _ := err.(*fault.Error)
			switch {
			case x.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case x.want != "" && (f == nil || len(f.Fields) != 1 || string(f.Fields[0].Message.Key) != x.want):
				t.Errorf("got %v, want %s", err, x.want)
			}
		})
	}
	if !embeds(pdf("/Names << /EmbeddedFiles 7 0 R >>")) || embeds(pdf("/Pages 3 0 R")) {
		t.Error("files inside are not told from none")
	}
}

// An SVG is no picture of ours, under whatever name: it may hold scripts.
func TestSVGIsRefused(t *testing.T) {
	svg := []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="http://x.example/"/>&x;</svg>`)
	for _, name := range []string{"a.svg", "a.png", "a.jpg", "a.pdf", "a"} {
		if _, err := inspect(svg, name, []string{PDF, JPEG, PNG}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzQuiet holds that no PDF makes the look at it fall over.
func FuzzQuiet(f *testing.F) {
	f.Add(pdf("/OpenAction << /S /J#61vaScript >>"))
	f.Add(packed("/S /Launch", ""))
	f.Add([]byte("%PDF-1.7 /#"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := quiet(data); err != nil && !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
	})
}
