package statement

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

// ready returns a mapping that ships with Yunshi.
func ready(t testing.TB, name string) Mapping {
	t.Helper()
	m, err := Ready(name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// all reads a whole file.
func all(data []byte, m Mapping, o Options) ([]Line, *Reader, error) {
	r, err := Open(bytes.NewReader(data), m, o)
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	var lines []Line
	for l, err := range r.Lines() {
		if err != nil {
			return nil, r, err
		}
		lines = append(lines, l)
	}
	return lines, r, nil
}

func gb(t testing.TB, s string) []byte {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func TestSampleFiles(t *testing.T) {
	for _, tt := range []struct{ file, mapping string }{
		{"cmb.csv", "cmb"},
		{"cmb_newest_first.txt", "cmb"},
		{"plain_zh.csv", "plain"},
		{"plain_en.csv", "plain"},
		{"spreadsheet_utf16.txt", "plain"},
		{"camt_02.xml", ""}, {"camt_03.xml", ""}, {"camt_04.xml", ""}, {"camt_05.xml", ""}, {"camt_06.xml", ""}, {"camt_07.xml", ""}, {"camt_08.xml", ""},
		{"mt940_subfields.txt", ""}, {"mt940_envelope.txt", ""}, {"mt940_labels.txt", ""}, {"mt940_free.txt", ""},
	} {
		t.Run(tt.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			var m Mapping // the standards need none
			if tt.mapping != "" {
				m = ready(t, tt.mapping)
			}
			lines, r, err := all(data, m, Options{Reversals: []string{"冲正", "退汇"}})
			if err != nil {
				t.Fatal(err)
			}
			type keyed struct {
				Key string
				Line
			}
			out := struct {
				Head    Head
				Lines   []keyed
				Summary Summary
			}{Head: r.Head(), Summary: r.Summary()}
			for _, l := range lines {
				out.Lines = append(out.Lines, keyed{l.Key(), l})
			}
			got, err := json.MarshalIndent(out, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", tt.file+".golden")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(want)), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Rule D-7: the same movements have the same keys whichever way they were exported.
func TestKeysAgreeBetweenExports(t *testing.T) {
	var keys []map[string]bool
	for _, f := range []struct{ file, mapping string }{
		{"cmb.csv", "cmb"}, {"cmb_newest_first.txt", "cmb"}, {"plain_zh.csv", "plain"},
	} {
		data, err := os.ReadFile(filepath.Join("testdata", f.file))
		if err != nil {
			t.Fatal(err)
		}
		lines, _, err := all(data, ready(t, f.mapping), Options{Account: "755901234510001"})
		if err != nil {
			t.Fatal(err)
		}
		set := map[string]bool{}
		for _, l := range lines {
			set[l.Key()] = true
		}
		if len(set) != 8 {
			t.Errorf("%s: %d keys for 8 lines", f.file, len(set))
		}
		keys = append(keys, set)
	}
	for i, k := range keys[1:] {
		if diff := cmp.Diff(keys[0], k); diff != "" {
			t.Errorf("export %d: %s", i+1, diff)
		}
	}
}

const cmbHead = "账号,755901234510001\n交易日,交易时间,借方金额,贷方金额,余额,摘要,流水号,收(付)方名称,收(付)方账号,收(付)方开户行名\n"

const plainHead = "日期,金额,付款人,付款账号,附言,流水号\n"

// The whole file is refused, the place is told, and what was expected.
func TestRefusesTheWholeFile(t *testing.T) {
	good := "20260105,09:00:00,,100.00,1100.00,货款,A1,甲公司,62220001,工行\n"
	for _, tt := range []struct {
		name    string
		mapping string
		data    string
		pointer string
		key     text.Key
		says    string // a part of the Chinese sentence
	}{
		{"date", "cmb", cmbHead + good + "2026-13-05,,,1.00,1101.00,,A2,,,\n", "/lines/4/date", "statement.cell", "第 4 行“交易日”应为日期（如 YYYYMMDD、YYYY-MM-DD、YYYY/M/D、YYYY年M月D日），文件中是“2026-13-05”"},
		{"a day long past", "cmb", cmbHead + good + "00010101,,,1.00,1101.00,,A2,,,\n", "/lines/4/date", "statement.cell", "“00010101”"},
		{"no date", "cmb", cmbHead + good + ",,,1.00,1101.00,,A2,,,\n", "/lines/4/date", "statement.cell", "第 4 行“交易日”"},
		{"time", "cmb", cmbHead + "20260105,25:00,,100.00,1100.00,,A1,,,\n", "/lines/3/time", "statement.cell", "应为时间"},
		{"amount in words", "cmb", cmbHead + good + "20260105,,,一百元,1200.00,,A2,,,\n", "/lines/4/credit", "statement.cell", "第 4 行“贷方金额”应为金额（如 5,000.00），文件中是“一百元”"},
		{"decimal comma", "plain", plainHead + "2026-01-05,\"1.234,56\",甲,1,,A1\n", "/lines/2/amount", "statement.cell", "1.234,56"},
		{"grouping that is none", "plain", plainHead + "2026-01-05,\"1,23\",甲,1,,A1\n", "/lines/2/amount", "statement.cell", "1,23"},
		{"half a fen", "plain", plainHead + "2026-01-05,100.005,甲,1,,A1\n", "/lines/2/amount", "statement.cell", "100.005"},
		{"two minus signs", "plain", plainHead + "2026-01-05,-100-,甲,1,,A1\n", "/lines/2/amount", "statement.cell", "-100-"},
		{"amount like 1E+5", "plain", plainHead + "2026-01-05,1E+5,甲,1,,A1\n", "/lines/2/amount", "statement.cell", "1E+5"},
		{"both sides", "cmb", cmbHead + "20260105,,50.00,100.00,1100.00,,A1,,,\n", "/lines/3/credit", "statement.amount_twice", "“贷方金额”和“借方金额”都有金额"},
		{"no side", "cmb", cmbHead + "20260105,,,,1100.00,,A1,,,\n", "/lines/3/credit", "statement.amount_none", "第 3 行没有金额"},
		{"zero", "plain", plainHead + "2026-01-05,0.00,甲,1,,A1\n", "/lines/2/amount", "statement.amount_none", "没有金额"},
		{"balance in words", "cmb", cmbHead + "20260105,,,100.00,很多,,A1,,,\n", "/lines/3/balance", "statement.cell", "“余额”应为金额"},
		{"a line missing", "cmb", cmbHead + good + "20260105,,,100.00,1300.00,,A3,,,\n", "/lines/4/balance", "statement.balance", "第 4 行余额对不上：按前后明细应为 1,200.00 元，文件中是 1,300.00 元"},
		{"a line doubled", "cmb", cmbHead + good + good, "/lines/4/balance", "statement.balance", "第 4 行余额对不上"},
		{"an amount changed", "cmb", cmbHead + good + "20260105,,,900.00,1200.00,,A2,,,\n" + "20260105,,,100.00,1300.00,,A3,,,\n", "/lines/4/balance", "statement.balance", "应为 2,000.00 元"},
		{"order lost midway", "cmb", cmbHead + good + "20260105,,,200.00,1300.00,,A2,,,\n" + "20260105,,,300.00,1000.00,,A3,,,\n", "/lines/5/balance", "statement.balance", "第 5 行余额对不上：按前后明细应为 1,600.00 元"},
		{"credits differ", "cmb", cmbHead + good + "贷方笔数,1,贷方金额合计,200.00\n", "/summary/credit_total", "statement.total_differs", "贷方合计：文件写的是 200.00 元，按明细算是 100.00 元"},
		{"count differs", "cmb", cmbHead + good + "贷方笔数,2笔,贷方金额合计,100.00\n", "/summary/credit_count", "statement.total_differs", "贷方笔数：文件写的是 2，按明细算是 1"},
		{"closing differs", "cmb", cmbHead + good + "期末余额,1000.00\n", "/summary/closing", "statement.total_differs", "期末余额"},
		{"opening differs", "cmb", "期初余额：900.00\n" + cmbHead + good, "/summary/opening", "statement.total_differs", "期初余额：文件写的是 900.00 元，按明细算是 1,000.00 元"},
		{"closing differs without running balance", "plain", "期初余额,10.00\n" + plainHead + "2026-01-05,5.00,甲,1,,A1\n期末余额,16.00\n", "/summary/closing", "statement.total_differs", "期末余额"},
		{"a sum that cannot be read", "cmb", cmbHead + good + "期末余额,\"1.000,00\"\n", "/summary/closing", "statement.cell", "“期末余额”应为金额"},
		{"entries after the summary", "cmb", cmbHead + good + "期末余额,1100.00\n20260106,,,1.00,1101.00,,A9,,,\n", "/lines/5", "statement.after_summary", "第 5 行在合计行之后又是一笔明细"},
		{"row cut off", "cmb", cmbHead + "20260105,09:00:00,,100.00,1100.00,货款,A1,甲公\n", "/lines/3", "statement.cells", "第 3 行有 8 列，表头有 10 列"},
		{"a stray delimiter", "cmb", cmbHead + "20260105,09:00:00,,100.00,1100.00,货款,A1,甲,公司,62220001,工行\n", "/lines/3", "statement.cells", "第 3 行有 11 列"},
		{"account ruined by a spreadsheet", "plain", plainHead + "2026-01-05,5.00,甲,1.10907E+14,,A1\n", "/lines/2/payer_account", "statement.scientific", "第 2 行“付款账号”是科学计数法"},
		{"number ruined by a spreadsheet", "plain", plainHead + "2026-01-05,5.00,甲,1,,2.02601E+11\n", "/lines/2/bank_ref", "statement.scientific", "科学计数法"},
		{"one number for two payers", "plain", plainHead + "2026-01-05,5.00,甲,1,,A1\n2026-01-05,5.00,乙,2,,A1\n", "/lines/3/bank_ref", "statement.ref_twice", "第 3 行与第 2 行的流水号"},
		{"another currency in a row", "plain", "日期,金额,币种\n2026-01-05,5.00,美元\n", "/lines/2/currency", "statement.currency", "第 2 行的币种是“美元”"},
		{"another currency in the head", "cmb", "币种：港币\n" + cmbHead + good, "/summary/currency", "statement.file_currency", "对账单的币种是 HKD"},
		{"another account in the head", "plain", "账号：755900000009999\n" + plainHead, "/summary/account", "statement.other_account", "尾号 9999"},
		{"another account in a row", "plain", "日期,金额,本方账号\n2026-01-05,5.00,755901234510001\n2026-01-05,6.00,755901234510009\n", "/lines/3/account", "statement.line_account", "第 3 行属于尾号 0009 的账户"},
		{"quote never closed", "plain", plainHead + "2026-01-05,5.00,\"甲,1,,A1\n2026-01-05,5.00,乙,2,,A2\n", "/lines/2", "statement.quote_open", "第 2 行第 3 列的引号没有结束"},
		{"quote never closed in a long file", "plain", plainHead + "2026-01-05,5.00,\"甲,1,,A1\n" + strings.Repeat("2026-01-05,5.00,乙,2,,A2\n", 400), "/lines/2", "statement.cell_too_long", "第 2 行第 3 列超过 4 KB"},
		{"text after a quote", "plain", plainHead + "2026-01-05,5.00,\"甲\"公司,1,,A1\n", "/lines/2", "statement.quote_after", "第 2 行第 3 列在引号结束之后还有内容"},
		{"a cell too long", "plain", plainHead + "2026-01-05,5.00," + strings.Repeat("甲", 1500) + ",1,,A1\n", "/lines/2", "statement.cell_too_long", "超过 4 KB"},
		{"a line too long", "plain", plainHead + "2026-01-05,5.00" + strings.Repeat(","+strings.Repeat("x", 4000), 20) + "\n", "/lines/2", "statement.line_too_long", "第 2 行超过 64 KB"},
		{"too many cells", "plain", plainHead + strings.Repeat(",", 300) + "\n", "/lines/2", "statement.too_many_cells", "超过 256 列"},
		{"no column names", "cmb", "这不是对账单\n甲,乙\n", "/header", "statement.no_header", "找不到表头，表头应有这些列：交易日、贷方金额、借方金额"},
		{"column names of another bank", "cmb", "交易日,余额,发生额\n20260105,1,1\n", "/header", "statement.header_lacks", "第 1 行像是表头，但缺少这些列：贷方金额、借方金额"},
		{"a column named twice", "plain", "日期,金额,户名,户名\n2026-01-05,5.00,甲,乙\n", "/header", "statement.header_twice", "“户名”出现了两次"},
		{"a NUL inside", "plain", plainHead + "2026-01-05,5.00,甲\x00,1,,A1\n", "/lines/2", "statement.unreadable", "第 2 行有无法识别的字符"},
		{"a lost character", "plain", plainHead + "2026-01-05,5.00,甲\ufffd,1,,A1\n", "/lines/2", "statement.unreadable", "第 2 行"},
		{"empty", "plain", "", "/file", "statement.empty", "文件是空的"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lines, _, err := all([]byte(tt.data), ready(t, tt.mapping), Options{Account: "755901234510001"})
			var f *fault.Error
			if !errors.Is(err, fault.Invalid) || !errors.As(err, &f) {
				t.Fatalf("got %d lines, %v; want Invalid", len(lines), err)
			}
			if len(f.Fields) != 1 {
				t.Fatalf("%d fields: %v", len(f.Fields), err)
			}
			got := f.Fields[0]
			zh := text.Printer{Lang: text.ZH}.Say(got.Message)
			if got.Pointer != tt.pointer || got.Message.Key != tt.key || !strings.Contains(zh, tt.says) {
				t.Errorf("got %s %s %q\nwant %s %s %q", got.Pointer, got.Message.Key, zh, tt.pointer, tt.key, tt.says)
			}
			for _, said := range []string{zh, text.Printer{Lang: text.EN}.Say(got.Message), text.Printer{}.Say(f.Message)} {
				if strings.Contains(said, "%!") || strings.Contains(said, "statement.") {
					t.Errorf("badly made sentence: %s", said)
				}
			}
		})
	}
}

func TestTellsUpToTwentyFaultsAtOnce(t *testing.T) {
	_, _, err := all([]byte(plainHead+strings.Repeat("bad,5.00,甲,1,,A1\n", 3)), ready(t, "plain"), Options{})
	if got := len(fields(err)); got != 3 {
		t.Errorf("3 broken lines: %d fields", got)
	}
	_, _, err = all([]byte(plainHead+strings.Repeat("bad,bad,甲,1,,A1\n", 500)), ready(t, "plain"), Options{})
	if got := len(fields(err)); got != maxBroken {
		t.Errorf("500 broken lines: %d fields", got)
	}
}

func TestLinesMayBeRangedOnce(t *testing.T) {
	_, r, err := all([]byte(plainHead+"2026-01-05,5.00,甲,1,,A1\n"), ready(t, "plain"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for l, err := range r.Lines() {
		if err == nil {
			t.Errorf("a second range gave line %d", l.No)
		}
	}
}

// FuzzCSV feeds any bytes: nothing panics, what comes out holds together, and the
// same file says the same twice.
func FuzzCSV(f *testing.F) {
	for _, name := range []string{"cmb.csv", "cmb_newest_first.txt", "plain_zh.csv", "plain_en.csv", "spreadsheet_utf16.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, strings.HasPrefix(name, "cmb"))
	}
	f.Add([]byte(plainHead+"2026-01-05,=\"5\",\"甲\"\"乙\",'1,\r,A\r\n"), false)
	f.Add([]byte("\xff\xfe\x00\xd8"), false)
	f.Add([]byte("日期;金额\n2026-01-05;(1,000)\n2026-01-06;\x84\x31\xa4\x37"), false)
	cmb, plain := ready(f, "cmb"), ready(f, "plain")
	f.Fuzz(func(t *testing.T, data []byte, bank bool) {
		m := plain
		if bank {
			m = cmb
		}
		lines, r, err := all(data, m, Options{})
		again, _, errAgain := all(data, m, Options{})
		if (err == nil) != (errAgain == nil) || !cmp.Equal(lines, again) {
			t.Fatalf("read twice, differently: %v, %v", err, errAgain)
		}
		if err != nil {
			return
		}
		row, total := 0, int64(0)
		for _, l := range lines {
			if l.No <= row || l.Amount.IsZero() || l.BookedOn.IsZero() || l.Key() == "" || l.Raw == "" || l.Ordinal < 1 {
				t.Errorf("a line that cannot be: %+v", l)
			}
			row, total = l.No, total+l.Amount.Fen
		}
		sum := r.Summary()
		if sum.Lines != len(lines) || sum.CreditTotal.Fen-sum.DebitTotal.Fen != total {
			t.Errorf("summary %+v of %d lines coming to %d", sum, len(lines), total)
		}
	})
}
