package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/sheet"
)

type line struct {
	name   string
	amount money.Amount
	n      int
}

func table(list []line) sheet.Table {
	return sheet.Table{Name: "流水", Columns: []sheet.Column{{Title: "户名", Width: 30}, {Title: "金额"}, {Title: "笔数"}},
		Rows: sheet.Each(list, func(l line) []sheet.Cell { return []sheet.Cell{l.name, l.amount, l.n} })}
}

func rows(t *testing.T, data []byte) [][]string {
	t.Helper()
	b, err := sheet.Open(bytes.NewReader(data), sheet.Usual())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	var out [][]string
	for r, err := range b.Rows(b.Sheets()[0]) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r.Cells)
	}
	return out
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := sheet.Write(&b, table([]line{{"=HYPERLINK(\"http://x\")", money.CNY(500000), 1}, {"+86 䶮", money.CNY(-1), 2}, {"甲", money.CNY(9007199254740), 3}}))
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"户名", "金额", "笔数"}, {"=HYPERLINK(\"http://x\")", "5000", "1"}, {"+86 䶮", "-0.01", "2"}, {"甲", "90071992547.4", "3"}}
	if diff := cmp.Diff(want, rows(t, b.Bytes())); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(part(t, b.Bytes(), "xl/worksheets/sheet1.xml"), "<f>") {
		t.Error("a text became a formula")
	}
}

func TestCSVIsHarmless(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := sheet.WriteCSV(&b, table([]line{{"@SUM(A1)", money.CNY(-150), 1}})); err != nil {
		t.Fatal(err)
	}
	if want := "\ufeff户名,金额,笔数\r\n'@SUM(A1),-1.50,1\r\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	if got := sheet.Text(time.Date(2026, 11, 23, 9, 5, 0, 0, time.UTC)); got != "2026-11-23 09:05" {
		t.Error(got)
	}
}

func part(t *testing.T, data []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// remade writes a file anew with one part replaced.
func remade(t *testing.T, data []byte, name string, body io.Reader) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range z.File {
		w, err := out.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		in := body
		if f.Name != name {
			in = strings.NewReader(part(t, data, f.Name))
		}
		if _, err := io.Copy(w, in); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostileFilesAreRefused(t *testing.T) {
	t.Parallel()
	var good bytes.Buffer
	if err := sheet.Write(&good, table([]line{{"甲", money.CNY(1), 1}})); err != nil {
		t.Fatal(err)
	}
	const part = "xl/worksheets/sheet1.xml"
	entities := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>`
	wide := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>`
	for name, data := range map[string][]byte{
		"nothing":         nil,
		"a text":          []byte("户名,金额"),
		"an old xls":      []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("x", 600)),
		"half a file":     good.Bytes()[:good.Len()/2],
		"a bomb":          remade(t, good.Bytes(), part, io.LimitReader(zeros{}, 400<<20)),
		"entities":        remade(t, good.Bytes(), part, strings.NewReader(entities)),
		"broken xml":      remade(t, good.Bytes(), part, strings.NewReader("<worksheet><sheetData><row><c>")),
		"16,384 columns":  remade(t, good.Bytes(), part, strings.NewReader(wide)),
		"an empty zip":    []byte("PK\x05\x06" + strings.Repeat("\x00", 18)),
		"larger than may": append([]byte("PK\x03\x04"), make([]byte, 21<<20)...),
	} {
		t.Run(name, func(t *testing.T) {
			if err := readAll(data); !errors.Is(err, fault.Invalid) {
				t.Errorf("%v, want fault.Invalid", err)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func readAll(data []byte) error {
	b, err := sheet.Open(bytes.NewReader(data), sheet.Usual())
	if err != nil {
		return err
	}
	defer b.Close()
	for _, name := range b.Sheets() {
		for _, err := range b.Rows(name) {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Whatever comes is read or refused, and never a crash.
func FuzzOpen(f *testing.F) {
	var good bytes.Buffer
	if err := sheet.Write(&good, table([]line{{"甲", money.CNY(1), 1}})); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte(fmt.Sprintf("PK\x05\x06%018d", 0)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := readAll(data); err != nil && !errors.Is(err, fault.Invalid) {
			t.Error(err)
		}
	})
}
