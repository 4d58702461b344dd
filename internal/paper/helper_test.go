package paper_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/pdf"
)

func render(t *testing.T, d *paper.Document) []byte {
	t.Helper()
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// squash drops spaces, which a reader of PDF has to guess.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\f' {
			return -1
		}
		return r
	}, s)
}

var (
	shown  = regexp.MustCompile(`(?m)^\[(.*)\] TJ$`)
	coded  = regexp.MustCompile(`<([0-9A-F]*)>`)
	mapped = regexp.MustCompile(`(?m)^<([0-9A-F]{4})> <([0-9A-F]+)>$`)
)

// pageText reads each page's text back, by the codes it shows and the font's
// map from codes to characters.
func pageText(t *testing.T, data []byte) []string {
	t.Helper()
	f, err := pdf.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	_, pages, err := f.Pages()
	if err != nil {
		t.Fatal(err)
	}
	dict := func(v any) pdf.Dict {
		d, err := f.Dict(v)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	stream := func(v any) string {
		s, err := f.Resolve(v)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.(pdf.Stream).Decode(1 << 24)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	var all []string
	for _, r := range pages {
		p := dict(r)
		font := dict(dict(dict(p["Resources"])["Font"])["F"])
		chars := map[string]string{}
		for _, m := range mapped.FindAllStringSubmatch(stream(font["ToUnicode"]), -1) {
			var u []uint16
			for i := 0; i+4 <= len(m[2]); i += 4 {
				v, err := strconv.ParseUint(m[2][i:i+4], 16, 16)
				if err != nil {
					t.Fatal(err)
				}
				u = append(u, uint16(v))
			}
			chars[m[1]] = string(utf16.Decode(u))
		}
		var b strings.Builder
		for _, m := range shown.FindAllStringSubmatch(stream(p["Contents"]), -1) {
			for _, c := range coded.FindAllStringSubmatch(m[1], -1) {
				for i := 0; i+4 <= len(c[1]); i += 4 {
					b.WriteString(chars[c[1][i:i+4]])
				}
			}
			b.WriteByte('\n')
		}
		all = append(all, b.String())
	}
	return all
}

// tool runs a program on the document; ok is false where it is not installed.
func tool(t *testing.T, data []byte, name string, args ...string) (out string, ok bool) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Logf("%s is not installed; the document is checked by our own reader only", name)
		return "", false
	}
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	b, err := exec.Command(path, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, b)
	}
	return string(b), true
}

func pdftotext(t *testing.T, data []byte) (string, bool) {
	return tool(t, data, "pdftotext", "-enc", "UTF-8", "FILE", "-")
}

func soundPDF(t *testing.T, data []byte) {
	t.Helper()
	tool(t, data, "qpdf", "--check", "FILE")
}
