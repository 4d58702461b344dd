package statement

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// refusedAt checks that a file is refused whole, at one place, with one reason.
func refusedAt(t *testing.T, data []byte, pointer string, key text.Key) {
	t.Helper()
	_, _, err := all(data, ready(t, "plain"), Options{Account: "755901234510001"})
	f := fields(err)
	if !errors.Is(err, fault.Invalid) || len(f) != 1 || f[0].Pointer != pointer || f[0].Message.Key != key {
		t.Fatalf("got %v, want %s at %s", err, key, pointer)
	}
	for _, l := range text.Langs() {
		if s := (text.Printer{Lang: l}).Say(f[0].Message); strings.Contains(s, "%!") || s == string(key) {
			t.Errorf("in words: %q", s)
		}
	}
}

// Rule D-7: a camt.053 file that is not right in everything is refused, with the
// place. Each test changes one thing of a good file.
func TestCamtIsRefusedWhole(t *testing.T) {
	good := string(sample(t, "camt_04.xml"))
	plain := strings.NewReplacer("ns2:", "", "xmlns:ns2", "xmlns").Replace(good)
	deep := strings.Repeat("<x>", 60)
	tests := []struct {
		name, old, new, pointer string
		key                     text.Key
	}{
		{"a wrong sum", ">1224517.96<", ">1224517.97<", "/Stmt[1]/closing", "statement.part_differs"},
		{"an amount changed", "<Amt Ccy=\"CNY\">12.50</Amt>", "<Amt Ccy=\"CNY\">13.50</Amt>", "/Stmt[1]/closing", "statement.part_differs"},
		{"half a fen", "<Amt Ccy=\"CNY\">12.50</Amt>", "<Amt Ccy=\"CNY\">12.505</Amt>", "/Stmt[1]/Ntry[3]/Amt", "statement.xml_value"},
		{"another currency", "<Amt Ccy=\"CNY\">12.50</Amt>", "<Amt Ccy=\"USD\">12.50</Amt>", "/Stmt[1]/Ntry[3]/Amt", "statement.xml_currency"},
		{"no side", "<CdtDbtInd>DBIT</CdtDbtInd><Sts>", "<CdtDbtInd>X</CdtDbtInd><Sts>", "/Stmt[1]/Ntry[3]/CdtDbtInd", "statement.xml_value"},
		{"an unknown status", "<Sts>BOOK</Sts>", "<Sts>MAYB</Sts>", "/Stmt[1]/Ntry[1]/Sts", "statement.xml_value"},
		{"no day", "<Dt>2026-01-06</Dt></BookgDt>", "<Dt>2026-13-06</Dt></BookgDt>", "/Stmt[1]/Ntry[4]/BookgDt", "statement.xml_value"},
		{"a batch that does not add up", ">0.01</Amt>", ">0.02</Amt>", "/Stmt[1]/Ntry[6]/NtryDtls", "statement.details_differ"},
		{"fewer entries than stated", "<NbOfNtries>6<", "<NbOfNtries>7<", "/Stmt[1]/entries", "statement.part_differs"},
		{"another account", "<Id>755901234510001</Id>", "<Id>755901234510009</Id>", "/summary/account", "statement.other_account"},
		{"another version", "camt.053.001.04", "camt.053.001.99", "/file", "statement.camt_version"},
		{"a DOCTYPE", "?>\n", "?>\n<!DOCTYPE d [<!ENTITY a \"aaaa\">]>\n", "/file", "statement.xml_doctype"},
		{"an entity", "手续费", "&a;", "/file", "statement.xml_broken"},
		{"deep nesting", "<GrpHdr>", deep + "<GrpHdr>", "/file", "statement.xml_deep"},
		{"a tag not closed", "</Ntry>", "", "/file", "statement.xml_broken"},
		{"a foreign encoding", "encoding=\"UTF-8\"", "encoding=\"ISO-2022-KR\"", "/file", "statement.xml_encoding"},
		{"two balances", "<Cd>CLAV</Cd>", "<Cd>CLBD</Cd>", "/Stmt[1]/Bal[CLBD]", "statement.balance_twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := strings.Replace(plain, tt.old, tt.new, 1)
			if changed == plain {
				t.Fatal("nothing was changed")
			}
			refusedAt(t, []byte(changed), tt.pointer, tt.key)
		})
	}
	refusedAt(t, []byte(plain[:len(plain)*2/3]), "/file", "statement.xml_cut")
	endless := plain[:strings.Index(plain, "<GrpHdr>")] + "<A b=\"" + strings.Repeat("a", maxToken+10)
	refusedAt(t, []byte(endless), "/file", "statement.xml_long")
	refusedAt(t, []byte(strings.Replace(plain, "手续费", strings.Repeat("长", MaxField), 1)), "/file", "statement.xml_text")
}

// Rule D-7: likewise MT940.
func TestMT940IsRefusedWhole(t *testing.T) {
	good := strings.ReplaceAll(string(sample(t, "mt940_envelope.txt")), "\r", "")
	tests := []struct {
		name, old, new, pointer string
		key                     text.Key
	}{
		{"a wrong sum", "CNY1215317,95", "CNY1215318,95", "/lines/15/closing", "statement.part_differs"},
		{"no closing balance", ":62F:C260106CNY1215317,95\n", "", "/lines/15", "statement.mt940_cut"},
		{"two opening balances", ":60F:C260105CNY1213317,95\n", ":60F:C260105CNY1213317,95\n:60F:C260105CNY1213317,95\n", "/lines/19/60F", "statement.balance_twice"},
		{"an entry that is none", ":61:260105D12,50", ":61:26X105D12,50", "/lines/10/61", "statement.cell"},
		{"three decimals", "D12,50N", "D12,505N", "/lines/10/61", "statement.cell"},
		{"another currency", "C260104CNY", "C260104USD", "/lines/5/60F", "statement.file_currency"},
		{"another account", ":25:755901234510001CNY", ":25:755901234510777CNY", "", ""},
		{"a stray field", "-}{5:{CHK:123456789ABC}}\n{1:", "-}\n:61:260105D1,NTRFNONREF\n{1:", "/lines/14/61", "statement.mt940_order"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			changed := strings.Replace(good, tt.old, tt.new, 1)
			if changed == good {
				t.Fatal("nothing was changed")
			}
			if tt.key == "" { // the other message is ours: one is left out, and said so
				lines, r, err := all([]byte(changed), Mapping{}, Options{Account: "755901234510001"})
				if err != nil || len(lines) != 1 || len(r.Summary().Notes) != 1 || r.Summary().Notes[0].Count != 2 {
					t.Errorf("%v %+v", err, r.Summary())
				}
				return
			}
			refusedAt(t, []byte(changed), tt.pointer, tt.key)
		})
	}
	pages := strings.ReplaceAll(string(mustUTF8(t, sample(t, "mt940_subfields.txt"))), "\r", "")
	refusedAt(t, []byte(strings.Replace(pages, ":60M:C260105CNY1218317,95", ":60M:C260105CNY1218317,96", 1)), "/lines/16/60M", "statement.mt940_page")
}

func mustUTF8(t *testing.T, data []byte) []byte {
	t.Helper()
	_, r, err := all(data, Mapping{}, Options{})
	if err != nil || r.Head().Encoding != "gb18030" {
		t.Fatal(err)
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// workbook is an XLSX of sheets whose cells are written as given: t="…" texts in
// quotes, all others numbers.
func workbook(t testing.TB, from1904 bool, sheets map[string][][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	put := func(name, body string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const main, rel = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	types, book, rels := "", "", ""
	n := 0
	for _, name := range []string{"明细", "二月", "说明"} {
		rows, ok := sheets[name]
		if !ok {
			continue
		}
		n++
		types += fmt.Sprintf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		book += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, name, n, n)
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, rel, n)
		body := ""
		for i, row := range rows {
			body += fmt.Sprintf(`<row r="%d">`, i+1)
			for j, c := range row {
				at := fmt.Sprintf("%c%d", 'A'+j, i+1)
				if s, isText := strings.CutPrefix(c, "'"); isText {
					body += `<c r="` + at + `" t="inlineStr"><is><t>` + s + `</t></is></c>`
				} else if c != "" {
					body += `<c r="` + at + `"><v>` + c + `</v></c>`
				}
			}
			body += `</row>`
		}
		put(fmt.Sprintf("xl/worksheets/sheet%d.xml", n), `<worksheet xmlns="`+main+`"><sheetData>`+body+`</sheetData></worksheet>`)
	}
	pr := ""
	if from1904 {
		pr = `<workbookPr date1904="1"/>`
	}
	put("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>`+types+`</Types>`)
	put("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="`+rel+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	put("xl/workbook.xml", `<workbook xmlns="`+main+`" xmlns:r="`+rel+`">`+pr+`<sheets>`+book+`</sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+rels+`</Relationships>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return zipFirst(t, b.Bytes())
}

// zipFirst puts the part that tells the kind first, as spreadsheet programs do.
func zipFirst(t testing.TB, data []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, first := range []bool{true, false} {
		for _, f := range in.File {
			if (f.Name == "[Content_Types].xml") == first {
				if err := out.Copy(f); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var bookHead = []string{"'日期", "'时间", "'金额", "'余额", "'付款人", "'付款账号", "'附言", "'流水号"}

// Numbers are read to the fen as the sheet shows them, days as texts and as numbers.
func TestWorkbookIsReadExactly(t *testing.T) {
	data := workbook(t, false, map[string][][]string{"说明": {{"'本表由网银导出"}}, "明细": {
		{"'账号", "'755901234510001"}, bookHead,
		{"46027", "0.38384259259259257", "5000", "1213330.45", "'深圳星河云科技有限公司", "'4000023009200481923", "'保证金 YS-7K3M 9Q2XT", "'C1"},
		{"46027.430648148147", "", "-12.5", "1213317.9499999999", "", "", "'手续费", "'F1"},
		{"'2026/1/6", "'11:20:00", "1.0E7", "11213317.95", "'甲", "1.23456789012345E14", "", "'C2"},
		{"'20260107", "", "0.30000000000000004", "11213318.25", "'乙", "'1002", "", "'C3"},
	}})
	lines, r, err := all(data, ready(t, "plain"), Options{Account: "755901234510001"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range lines {
		at := ""
		if !l.BookedAt.IsZero() {
			at = l.BookedAt.Format("15:04:05")
		}
		got = append(got, fmt.Sprint(l.No, " ", l.BookedOn, " ", at, " ", l.Amount.Fen, " ", l.PayerAccount))
	}
	want := []string{"3 2026-01-05 09:12:44 500000 4000023009200481923", "4 2026-01-05 10:20:08 -1250 ", "5 2026-01-06 11:20:00 1000000000 123456789012345", "6 2026-01-07  30 1002"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if h := r.Head(); h.Format != XLSX || h.Sheet != "明细" || r.Summary().Closing.Fen != 1121331825 {
		t.Errorf("%+v %+v", h, r.Summary())
	}
	mac := workbook(t, true, map[string][][]string{"明细": {{"'日期", "'金额"}, {"44565", "1"}}})
	if lines, _, err := all(mac, ready(t, "plain"), Options{}); err != nil || lines[0].BookedOn.String() != "2026-01-05" {
		t.Errorf("counted from 1904: %v %v", lines, err)
	}
}

func TestWorkbookIsRefusedWhole(t *testing.T) {
	line := []string{"'2026-01-05", "", "5000", "", "'甲", "'1", "", "'C1"}
	with := func(at int, cell string) [][]string {
		bad := append([]string(nil), line...)
		bad[at] = cell
		return [][]string{bookHead, line, bad}
	}
	refusedAt(t, workbook(t, false, map[string][][]string{"明细": with(2, "12.505")}), "/lines/3/amount", "statement.cell")
	refusedAt(t, workbook(t, false, map[string][][]string{"明细": with(0, "'昨天")}), "/lines/3/date", "statement.cell")
	refusedAt(t, workbook(t, false, map[string][][]string{"明细": with(5, "4.0000230092004802E18")}), "/lines/3/payer_account", "statement.scientific")
	refusedAt(t, workbook(t, false, map[string][][]string{"明细": {bookHead, line}, "二月": {bookHead, line}}), "/file", "statement.two_sheets")
	refusedAt(t, workbook(t, false, map[string][][]string{"明细": {{"'甲"}}}), "/header", "statement.no_header")
	refusedAt(t, workbook(t, false, map[string][][]string{"明细": {bookHead, line}})[:600], "/file", "sheet.damaged")
}

// A small file that unpacks to gigabytes is refused before it is unpacked.
func TestWorkbookBombIsRefused(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "xl/worksheets/sheet1.xml"} {
		w, err := z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CompressedSize64: 4, UncompressedSize64: 600 << 20})
		if err == nil {
			_, err = w.Write([]byte("\x4b\x04\x00\x00"))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	refusedAt(t, b.Bytes(), "/file", "sheet.bomb")
}

// fuzzed reads any bytes: the same twice, and what it takes agrees with its sums.
func fuzzed(t *testing.T, data []byte) {
	lines, r, err := all(data, ready(t, "plain"), Options{})
	again, _, errAgain := all(data, ready(t, "plain"), Options{})
	if (err == nil) != (errAgain == nil) || !cmp.Equal(lines, again) {
		t.Fatalf("read twice, differently: %v, %v", err, errAgain)
	}
	if err != nil {
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Fatalf("no fault for people: %v", err)
		}
		return
	}
	var total int64
	for _, l := range lines {
		total += l.Amount.Fen
	}
	s := r.Summary()
	if s.Lines != len(lines) || s.CreditTotal.Fen-s.DebitTotal.Fen != total {
		t.Fatalf("%d lines of %d fen, told %+v", len(lines), total, s)
	}
	for _, p := range s.Parts {
		if p.Opening != nil && p.Closing != nil && p.Opening.Fen+p.CreditTotal.Fen-p.DebitTotal.Fen != p.Closing.Fen {
			t.Fatalf("part %+v does not add up", p)
		}
	}
}

func FuzzCamt(f *testing.F) {
	for _, v := range []string{"02", "03", "04", "05", "06", "07", "08"} {
		f.Add(sample(f, "camt_"+v+".xml"))
	}
	f.Add([]byte(`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>`))
	f.Fuzz(fuzzed)
}

func FuzzMT940(f *testing.F) {
	for _, name := range []string{"subfields", "envelope", "labels", "free"} {
		f.Add(sample(f, "mt940_"+name+".txt"))
	}
	f.Add([]byte(":20:\n:25:1\n:60F:C260101CNY0,\n:61:2601010101RD1,\n:62F:C260101CNY1,"))
	f.Fuzz(fuzzed)
}

func FuzzWorkbook(f *testing.F) {
	f.Add(workbook(f, false, map[string][][]string{"明细": {bookHead, {"46027", "0.5", "5000", "", "'甲", "'1", "", "'C1"}}}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(fuzzed)
}

func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"1.0E7", "0.30000000000000004", "1213317.9499999999", "-9.99999999999999999E14", "5E-3", "12.5", "1e400"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if once := decimal(s); decimal(once) != once {
			t.Fatalf("%q is %q and then %q", s, once, decimal(once))
		}
	})
}
