package pdf

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// small writes a document of n empty pages.
func small(n int) []byte {
	var w Writer
	root, tree := w.Reserve(), w.Reserve()
	kids := Array{}
	for range n {
		body := w.Add(Deflate(Dict{}, []byte("0 0 10 10 re f")))
		kids = append(kids, w.Add(Dict{"Type": Name("Page"), "Parent": tree, "Contents": body,
			"MediaBox": Array{0, 0, 595.28, 841.89}, "Resources": Dict{}}))
	}
	w.Set(tree, Dict{"Type": Name("Pages"), "Kids": kids, "Count": n})
	w.Set(root, Dict{"Type": Name("Catalog"), "Pages": tree})
	info := w.Add(Dict{"Title": Text("云市")})
	return w.Bytes(Dict{"Root": root, "Info": info})
}

func TestObjectsComeBackAsWritten(t *testing.T) {
	for _, v := range []any{
		true, false, nil, 0, -7, 1 << 40, 3.25, -0.5,
		Name("Type"), Name("a b#/ü"), String("(\x00\xff"), String(nil), Ref{12, 3},
		Array{1, 2, Ref{3, 0}, 4, Name("x"), Array{}},
		Dict{"A": Dict{"B": Array{nil, true}}, "C": Text("云市 market")},
	} {
		b := appendObject(nil, v)
		p := &parser{data: append(b, ' ')}
		got, err := p.object()
		if err != nil {
			t.Errorf("%s: %v", b, err)
			continue
		}
		if d := cmp.Diff(v, got); d != "" {
			t.Errorf("%s: -want +got\n%s", b, d)
		}
	}
}

func TestParserReadsWhatOthersWrite(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     any
	}{
		{"literal with escapes", `(a\(b\)\\\n\101\1) `, String("a(b)\\\nA\x01")},
		{"literal nested", "(a(b)c) ", String("a(b)c")},
		{"literal with a line continued", "(a\\\r\nb) ", String("ab")},
		{"hex of odd length", "<48 656 c6C6F7> ", String("Hellop")},
		{"comment between", "[1 % one\n2] ", Array{1, 2}},
		{"no spaces", "<</A/B/C[1 0 R]/D(x)>> ", Dict{"A": Name("B"), "C": Array{Ref{1, 0}}, "D": String("x")}},
	} {
		p := &parser{data: []byte(c.in)}
		got, err := p.object()
		if err != nil || cmp.Diff(c.want, got) != "" {
			t.Errorf("%s: got %#v, %v; want %#v", c.name, got, err, c.want)
		}
	}
}

func TestNumbersAreShort(t *testing.T) {
	for in, want := range map[float64]string{1: "1", -0.0001: "0", 595.28: "595.28", 0.1235: "0.123", math.Pi: "3.142", 100: "100"} {
		if got := string(AppendNumber(nil, in)); got != want {
			t.Errorf("%v: got %s, want %s", in, got, want)
		}
	}
}

func TestUpdateKeepsEveryEarlierByte(t *testing.T) {
	first := small(2)
	f := open(t, first)
	tree, pages, err := f.Pages()
	if err != nil || len(pages) != 2 {
		t.Fatalf("pages: %v, %v", pages, err)
	}
	u := f.Update()
	page, err := f.Dict(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	added := u.Add(page)
	d, err := f.Dict(tree)
	if err != nil {
		t.Fatal(err)
	}
	d["Kids"], d["Count"] = append(d["Kids"].(Array), added), 3
	u.Set(tree, d)
	second := u.Bytes()

	if !bytes.HasPrefix(second, first) {
		t.Error("the first revision is not a prefix of the second")
	}
	if _, pages, err := open(t, second).Pages(); err != nil || len(pages) != 3 || pages[2] != added {
		t.Errorf("after the update: %v, %v", pages, err)
	}
	if _, pages, err := open(t, first).Pages(); err != nil || len(pages) != 2 {
		t.Errorf("the first revision alone: %v, %v", pages, err)
	}
	if !bytes.HasPrefix(second[u.Offset(added):], fmt.Appendf(nil, "%d 0 obj", added.Num)) {
		t.Error("Offset does not point to the object")
	}
	check(t, first)
	check(t, second)
}

func TestOpenRefuses(t *testing.T) {
	good := string(small(1))
	for _, c := range []struct{ name, in string }{
		{"nothing", ""},
		{"no PDF", "PK\x03\x04"},
		{"no startxref", "%PDF-1.7\n"},
		{"startxref outside", "%PDF-1.7\nstartxref\n99999\n%%EOF\n"},
		{"startxref negative", "%PDF-1.7\nstartxref\n-5\n%%EOF\n"},
		{"a circle", strings.Replace(good, "/Size", fmt.Sprintf("/Prev %d\n/Size", strings.LastIndex(good, "xref\n0")), 1)},
		{"no Size", strings.Replace(good, "/Size", "/Sise", 1)},
		{"entries missing", strings.Replace(good, "xref\n0 ", "xref\n0 9", 1)},
		{"a huge section", strings.Replace(good, "xref\n0 ", "xref\n0 99999999", 1)},
		{"cut", good[:len(good)-60]},
	} {
		if _, err := Open([]byte(c.in)); err == nil {
			t.Errorf("%s: opened", c.name)
		}
	}
	secret := strings.Replace(good, "/Size", "/Encrypt 1 0 R\n/Size", 1)
	if _, err := Open([]byte(secret)); !errors.Is(err, ErrUnsupported) {
		t.Errorf("encrypted: %v", err)
	}
}

func TestDecodeStopsAtTheLimit(t *testing.T) {
	s := Deflate(Dict{}, make([]byte, 1<<20))
	if _, err := s.Decode(1 << 10); err == nil {
		t.Error("a megabyte passed a limit of a kilobyte")
	}
	if b, err := s.Decode(1 << 20); err != nil || len(b) != 1<<20 {
		t.Errorf("got %d bytes, %v", len(b), err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(small(1))
	f.Add(small(3))
	f.Add([]byte("%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF"))
	f.Add([]byte("%PDF-1.7\n1 0 obj\n<</Kids[1 0 R]>>\nendobj\nstartxref\n9\n%%EOF"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(data)
		if err != nil {
			return
		}
		_, pages, err := file.Pages()
		if err != nil {
			return
		}
		u := file.Update()
		u.Set(pages[0], Dict{"Type": Name("Page")})
		if out := u.Bytes(); !bytes.HasPrefix(out, data) {
			t.Error("the update has changed earlier bytes")
		}
	})
}

func open(t *testing.T, data []byte) *File {
	t.Helper()
	f, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// check asks qpdf, where it is installed, whether the document is sound.
func check(t *testing.T, data []byte) {
	t.Helper()
	qpdf, err := exec.LookPath("qpdf")
	if err != nil {
		t.Log("qpdf is not installed; the structure is checked by our own reader only")
		return
	}
	name := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(qpdf, "--check", name).CombinedOutput(); err != nil {
		t.Errorf("qpdf --check: %v\n%s", err, out)
	}
}
