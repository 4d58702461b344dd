package file_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/text"
)

const pdf = "%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

func pngOf(t testing.TB, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func jpegOf(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// claims makes a tiny PNG that says it has w × h pixels.
func claims(t testing.TB, w, h uint32) string {
	b := []byte(pngOf(t, 1, 1))
	binary.BigEndian.PutUint32(b[16:], w)
	binary.BigEndian.PutUint32(b[20:], h)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return string(b)
}

func files(t testing.TB) *file.Files {
	t.Helper()
	s, err := file.OpenLocal(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return file.New(s, dbtest.Vault())
}

// sentence is what a person reads of an error, in Chinese and English.
func sentence(t *testing.T, err error) string {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is not for a person", err)
	}
	m := e.Message
	if len(e.Fields) > 0 {
		if e.Fields[0].Pointer != "/file" {
			t.Errorf("the fault stands at %s, want /file", e.Fields[0].Pointer)
		}
		m = e.Fields[0].Message
	}
	return text.Printer{Lang: text.ZH}.Say(m) + " | " + text.Printer{Lang: text.EN}.Say(m)
}

func TestReceiveDecidesByContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, sent, content, kept, kind string }{
		{"a PDF", "营业执照.pdf", pdf, "营业执照.pdf", file.PDF},
		{"upper case", "SCAN.PDF", pdf, "SCAN.PDF", file.PDF},
		{"a JPEG", "照片.jpeg", jpegOf(t), "照片.jpeg", file.JPEG},
		{"a PNG", "logo.png", pngOf(t, 3, 3), "logo.png", file.PNG},
		{"no ending", "licence", pdf, "licence", file.PDF},
		{"a number after a point", "合同v1.2", pdf, "合同v1.2", file.PDF},
		{"a path", `C:\Users\王\licence.pdf`, pdf, "licence.pdf", file.PDF},
		{"out of the folder", "../../etc/passwd.pdf", pdf, "passwd.pdf", file.PDF},
		{"control characters", "a\r\nSet-Cookie: x\u202e.pdf", pdf, "aSet-Cookie x.pdf", file.PDF},
		{"no name", "", pdf, "file", file.PDF},
		{"a long name", strings.Repeat("长", 300) + ".pdf", pdf, strings.Repeat("长", 116) + ".pdf", file.PDF},
		{"bytes after the end", "a.pdf", pdf + strings.Repeat("\n", 900), "a.pdf", file.PDF},
		{"the largest picture", "a.png", claims(t, 12000, 12000), "a.png", file.PNG},
	} {
		t.Run(c.name, func(t *testing.T) {
			up, err := files(t).Receive(t.Context(), strings.NewReader(c.content), c.sent, 0)
			if err != nil {
				t.Fatal(err)
			}
			if up.Name != c.kept || up.Type != c.kind || up.Size != int64(len(c.content)) || len(up.SHA256) != 64 {
				t.Errorf("got %+v, want name %q of type %s", up, c.kept, c.kind)
			}
		})
	}
}

func TestReceiveRefuses(t *testing.T) {
	t.Parallel()
	elf := "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9) + "\x02\x00" + strings.Repeat("\x00", 100)
	for _, c := range []struct{ name, sent, content, zh, en string }{
		{"nothing", "a.pdf", "", "空", "empty"},
		{"a program as PDF", "licence.pdf", elf, "“.pdf”结尾，内容却是可执行程序", "ends in “.pdf”, but the content is a program"},
		{"a page as PDF", "licence.pdf", "<!DOCTYPE html><html><script>alert(1)</script></html>", "网页", "web page"},
		{"a drawing as picture", "logo.png", `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, "SVG", "SVG"},
		{"a picture as PDF", "a.pdf", pngOf(t, 1, 1), "PNG 图片", "PNG picture"},
		{"a PDF as picture", "a.jpg", pdf, "PDF 文件", "PDF file"},
		{"a PDF as program", "a.exe", pdf, "“.exe”结尾", "ends in “.exe”"},
		{"a page by its name", "a.html", "<!DOCTYPE html><html></html>", "这是网页（HTML）文件，此处只接受 PDF、JPEG、PNG", "web page (HTML); only PDF, JPEG, PNG"},
		{"an archive", "a.zip", "PK\x03\x04" + strings.Repeat("\x00", 40), "压缩包", "ZIP"},
		{"plain text", "a", "hello", "纯文本", "plain text"},
		{"half a PDF", "a.pdf", pdf[:40], "不完整", "incomplete"},
		{"half a PNG", "a.png", pngOf(t, 3, 3)[:20], "不完整", "incomplete"},
		{"half a JPEG", "a.jpg", jpegOf(t)[:30], "不完整", "incomplete"},
		{"a picture that claims to be huge", "a.png", claims(t, 12001, 5), "12001×5", "12001×5"},
		{"a picture that claims to be high", "a.png", claims(t, 5, 60000), "5×60000", "5×60000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := files(t).Receive(t.Context(), strings.NewReader(c.content), c.sent, 0)
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("err = %v, want invalid", err)
			}
			if got := sentence(t, err); !strings.Contains(got, c.zh) || !strings.Contains(got, c.en) {
				t.Errorf("it says %q; want %q and %q in it", got, c.zh, c.en)
			}
		})
	}
}

// endless gives as much as is read of it, and counts.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.read += int64(len(p))
	return len(p), nil
}

func TestReceiveStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit int64
		words string
	}{{0, "20 MB"}, {3 << 20, "3 MB"}, {4096, "4 KB"}, {10, "10 B"}} {
		e := &endless{}
		_, err := files(t).Receive(t.Context(), io.MultiReader(strings.NewReader("%PDF-"), e), "a.pdf", c.limit)
		if !errors.Is(err, fault.TooLarge) || !strings.Contains(sentence(t, err), c.words) {
			t.Errorf("limit %d: err = %v, want too large naming %s", c.limit, err, c.words)
		}
		if e.read > 24<<20 {
			t.Errorf("limit %d: %d bytes were read", c.limit, e.read)
		}
	}
	exact := files(t)
	if _, err := exact.Receive(t.Context(), strings.NewReader(pdf), "a.pdf", int64(len(pdf))); err != nil {
		t.Errorf("a file of just the limit: %v", err)
	}
}

type breaking struct{}

func (breaking) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReceiveTellsABrokenUploadFromALargeOne(t *testing.T) {
	t.Parallel()
	if _, err := files(t).Receive(t.Context(), io.MultiReader(strings.NewReader(pdf), breaking{}), "a.pdf", 0); !errors.Is(err, fault.Invalid) {
		t.Errorf("broken off: %v, want invalid", err)
	}
	body := http.MaxBytesReader(httptest.NewRecorder(), io.NopCloser(strings.NewReader(pdf)), 5)
	if _, err := files(t).Receive(t.Context(), body, "a.pdf", 0); !errors.Is(err, fault.TooLarge) {
		t.Errorf("cut by the server: %v, want too large", err)
	}
}

func TestReceiveTakesTheTypesAsked(t *testing.T) {
	t.Parallel()
	if _, err := files(t).Receive(t.Context(), strings.NewReader(pdf), "a.pdf", 0, file.PNG, file.JPEG); !errors.Is(err, fault.Invalid) || !strings.Contains(sentence(t, err), "只接受 PNG、JPEG") {
		t.Errorf("a PDF where pictures are asked: %v", err)
	}
}

// What is accepted is of a type asked for, whatever the bytes and the name.
func FuzzReceive(f *testing.F) {
	f.Add("a.pdf", []byte(pdf))
	f.Add("a.png", []byte(pngOf(f, 2, 2)))
	f.Add("a.png", []byte(claims(f, 1<<31, 1<<31)))
	f.Add("a.jpg", []byte(jpegOf(f)))
	f.Add("..\\..", []byte("%PDF-1.4"))
	f.Add("\xff\xfe/", []byte("<html>"))
	all := files(f)
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		up, err := all.Receive(t.Context(), bytes.NewReader(data), name, 1<<20)
		if err != nil {
			var e *fault.Error
			if !errors.As(err, &e) {
				t.Fatalf("%v is not for a person", err)
			}
			return
		}
		if up.Type != file.PDF && up.Type != file.JPEG && up.Type != file.PNG {
			t.Errorf("took %q", up.Type)
		}
		if up.Name == "" || strings.ContainsAny(up.Name, "/\\\r\n\x00") || len([]rune(up.Name)) > 120 {
			t.Errorf("kept the name %q", up.Name)
		}
	})
}
