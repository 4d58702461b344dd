package paper_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/paper"
	"github.com/yunshi-market/yunshi/internal/text"
)

func Example() {
	d := paper.New(paper.Meta{Title: "保证金收据", Lang: text.ZH, Created: created})
	d.Title("保证金收据", "SECURITY DEPOSIT RECEIPT")
	d.KeyTable(
		paper.Row{Label: "交款单位", Value: "杭州云帆软件技术服务有限公司"},
		paper.Row{Label: "金额（大写）", Value: "人民币伍仟元整", Strong: true},
	)
	d.Columns(
		paper.QR{Content: "https://market.example.cn/verify/BZJ-2026-000123", Caption: "扫码验真"},
		paper.Signature{
			Role: "收款单位（盖章）",
			Rows: []paper.Row{{Label: "经办人", Value: "李玥"}, {Label: "日期", Value: "2026年11月22日"}},
			Seal: &paper.Seal{Name: "云市（北京）科技有限公司", Line: "财务专用章"},
		},
	)
	d.Footer("BZJ-2026-000123", "")
	original, err := d.Bytes()
	if err != nil {
		panic(err)
	}

	// Stored bytes are never rendered again; a later page is added behind them.
	e := paper.New(paper.Meta{Lang: text.ZH, Created: created})
	e.Heading("签署存证")
	e.KeyTable(paper.Row{Label: "原文 SHA-256", Value: fmt.Sprintf("%x", sha256.Sum256(original))})
	page, err := e.Bytes()
	if err != nil {
		panic(err)
	}
	signed, err := paper.AddPage(original, page)
	if err != nil {
		panic(err)
	}
	fmt.Println(bytes.HasPrefix(signed, original))
	fmt.Printf("%q\n", paper.Missing("李䶮"))
	// Output:
	// true
	// ['䶮']
}

func TestTextComesBackFromThePage(t *testing.T) {
	han := rapid.RuneFrom([]rune("甲乙双方保证金合同云市场服务商杭州北京喆堃镕翀彧，。、；：（）《》“”！abcXYZ0123456789-%.☐☑㎡"))
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.StringOfN(han, 1, 200, -1).Draw(rt, "text")
		lang := rapid.SampledFrom(text.Langs()).Draw(rt, "lang")
		d := paper.New(paper.Meta{Lang: lang})
		d.Paragraph(s)
		data, err := d.Bytes()
		if err != nil {
			rt.Fatal(err)
		}
		if got := squash(strings.Join(pageText(t, data), "")); !strings.Contains(got, s) {
			rt.Fatalf("got %q, want %q in it", got, s)
		}
		if n++; n > 10 { // the program is slow to start
			return
		}
		if out, ok := pdftotext(t, data); ok && !strings.Contains(squash(out), s) {
			rt.Fatalf("pdftotext gives %q, want %q in it", squash(out), s)
		}
	})
}

func TestMissingCharactersAreNamedNotLeftBlank(t *testing.T) {
	for in, want := range map[string]string{
		"": "",
		"杭州云帆（软件）\n\tＡb1￥¥※●☐☑☒ 喆堃镕翀彧": "",
		"李䶮与𬭚":     "䶮𬭚",
		"李䶮䶮":      "䶮",
		"云\u200b市": "\u200b",
		"😀":        "😀",
	} {
		if got := string(paper.Missing(in)); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for name, put := range map[string]func(d *paper.Document){
		"title":     func(d *paper.Document) { d.Title("䶮", "") },
		"line":      func(d *paper.Document) { d.Line("", "䶮") },
		"heading":   func(d *paper.Document) { d.Heading("䶮") },
		"paragraph": func(d *paper.Document) { d.Paragraph("䶮") },
		"note":      func(d *paper.Document) { d.Note("䶮") },
		"clause": func(d *paper.Document) {
			d.Clauses(paper.Clause{Items: []paper.Clause{{Items: []paper.Clause{{Text: "䶮"}}}}})
		},
		"key table": func(d *paper.Document) { d.KeyTable(paper.Row{Value: "䶮"}) },
		"table": func(d *paper.Document) {
			d.Table(paper.Table{Columns: []paper.Column{{}}, Rows: [][]string{{"䶮"}}})
		},
		"signature": func(d *paper.Document) { d.Columns(paper.Signature{Rows: []paper.Row{{Label: "䶮"}}}) },
		"seal":      func(d *paper.Document) { d.Columns(paper.Signature{Seal: &paper.Seal{Name: "䶮"}}) },
		"caption":   func(d *paper.Document) { d.Columns(paper.QR{Caption: "䶮"}) },
		"footer":    func(d *paper.Document) { d.Footer("䶮", "") },
		"watermark": func(d *paper.Document) { d.Watermark("䶮") },
	} {
		d := paper.New(paper.Meta{Lang: text.ZH})
		put(d)
		if _, err := d.Bytes(); !errors.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "䶮 (U+4DAE)") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestQRTooLongIsInvalid(t *testing.T) {
	d := paper.New(paper.Meta{})
	d.Columns(paper.QR{Content: strings.Repeat("x", 5000)})
	if _, err := d.Bytes(); !errors.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestTableRepeatsItsHeaderAndSplitsWhatNoPageHolds(t *testing.T) {
	d := paper.New(paper.Meta{Lang: text.ZH})
	table := paper.Table{Columns: []paper.Column{{Title: "序号"}, {Title: "说明表头", Width: 5}}, Total: []string{"合计", "末行"}}
	for i := range 70 {
		table.Rows = append(table.Rows, []string{fmt.Sprint(i + 1), "一行"})
	}
	long := strings.Repeat("很长的说明。", 600)
	table.Rows = append(table.Rows, []string{"71", long})
	d.Table(table)
	pages := pageText(t, render(t, d))
	whole := ""
	for i, p := range pages {
		if n := strings.Count(p, "说明表头"); n != 1 {
			t.Errorf("page %d has the header %d times", i+1, n)
		}
		for _, l := range strings.Split(p, "\n") {
			if strings.ContainsAny(l, "很长的") {
				whole += l
			}
		}
	}
	if whole != long {
		t.Errorf("of %d bytes of the long row %d came back", len(long), len(whole))
	}
	if last := pages[len(pages)-1]; len(pages) < 4 || !strings.Contains(last, "末行") {
		t.Errorf("%d pages; the last is %q", len(pages), last)
	}
}

func TestSignaturesNeverStandAlone(t *testing.T) {
	for lines := 20; lines < 50; lines++ {
		d := paper.New(paper.Meta{Lang: text.ZH})
		for i := range lines {
			d.Paragraph(fmt.Sprintf("第%d行", i+1))
		}
		d.Columns(paper.Signature{Role: "甲方（盖章）"}, paper.Signature{Role: "乙方（盖章）"})
		for i, p := range pageText(t, render(t, d)) {
			if strings.Contains(p, "甲方（盖章）") && !strings.Contains(p, "行") {
				t.Errorf("with %d lines the signatures stand alone on page %d", lines, i+1)
			}
		}
	}
}

func TestPageBreakAndClauseNumbersGoOn(t *testing.T) {
	d := paper.New(paper.Meta{Lang: text.ZH})
	d.Clauses(paper.Clause{Title: "定义"})
	d.PageBreak()
	d.Clauses(paper.Clause{Title: "费用", Items: []paper.Clause{{Title: "费率", Text: "百分之十"}}})
	pages := pageText(t, render(t, d))
	if len(pages) != 2 || !strings.Contains(pages[0], "第一条\u3000定义") || !strings.Contains(pages[1], "第二条\u3000费用") ||
		!strings.Contains(pages[1], "2.1\n") || !strings.Contains(pages[1], "费率：百分之十") {
		t.Errorf("got %q", pages)
	}
}

func TestAnEmptyDocumentIsAPage(t *testing.T) {
	if n := len(pageText(t, render(t, paper.New(paper.Meta{})))); n != 1 {
		t.Errorf("%d pages", n)
	}
}

func TestAddPageKeepsTheOriginal(t *testing.T) {
	original := render(t, contractZH())
	e := paper.New(paper.Meta{Lang: text.ZH, Created: created})
	e.Title("签署存证页", "")
	e.KeyTable(paper.Row{Label: "签署人", Value: "沈翀"}, paper.Row{Label: "原文 SHA-256", Value: fmt.Sprintf("%x", sha256.Sum256(original))})
	e.Footer("YSHT-2026-000045", "")
	both, err := paper.AddPage(original, render(t, e))
	if err != nil {
		t.Fatal(err)
	}
	if *specimenDir != "" {
		if err := os.WriteFile(*specimenDir+"/evidence.pdf", both, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.HasPrefix(both, original) {
		t.Fatal("the original is not a prefix")
	}
	for range 4 {
		if again, err := paper.AddPage(original, render(t, e)); err != nil || !bytes.Equal(again, both) {
			t.Fatalf("the same page added again gives other bytes (%v)", err)
		}
	}
	pages := pageText(t, both)
	if len(pages) != 4 || !strings.Contains(pages[0], "云市场服务商入驻合同") || !strings.Contains(pages[3], "沈翀") {
		t.Errorf("%d pages: %q", len(pages), pages)
	}
	soundPDF(t, both)
	if out, ok := pdftotext(t, both); ok && (!strings.Contains(squash(out), "订立本合同，共同遵守") || !strings.Contains(out, "签署存证页")) {
		t.Errorf("pdftotext gives %s", out)
	}
	for _, bad := range [][]byte{nil, []byte("%PDF-1.7\n"), []byte("PK")} {
		if _, err := paper.AddPage(bad, original); !errors.Is(err, fault.Invalid) {
			t.Errorf("to %q: %v", bad, err)
		}
		if _, err := paper.AddPage(original, bad); !errors.Is(err, fault.Invalid) {
			t.Errorf("from %q: %v", bad, err)
		}
	}
}

func TestAnOperatorsFontIsUsed(t *testing.T) {
	f, err := paper.LoadFont(microhei(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(f.Missing("云䶮")); got != "䶮" {
		t.Errorf("missing %q", got)
	}
	d := paper.New(paper.Meta{Font: f})
	d.Paragraph("云市 market")
	if got := pageText(t, render(t, d)); !strings.Contains(got[0], "云市 market") {
		t.Errorf("got %q", got)
	}
}

func FuzzLoadFont(f *testing.F) {
	f.Add([]byte("OTTO"))
	f.Add([]byte("ttcf\x00\x01\x00\x00"))
	f.Add([]byte("\x00\x01\x00\x00\x00\x01\x00\x10\x00\x00\x00\x00glyf\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		font, err := paper.LoadFont(data)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Errorf("got %v", err)
			}
			return
		}
		if len(font.Missing("云")) > 1 {
			t.Error("one character is missing twice")
		}
	})
}

// microhei unpacks the embedded font.
func microhei(t *testing.T) []byte {
	t.Helper()
	packed, err := os.ReadFile("font/microhei.ttf.gz")
	if err != nil {
		t.Fatal(err)
	}
	if len(packed) > 1_600_000 {
		t.Errorf("the font is %d bytes packed", len(packed))
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func BenchmarkReceipt(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := receiptZH().Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}
