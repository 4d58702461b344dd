package bankfile_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payout/bankfile"
)

var update = flag.Bool("update", false, "write the golden files anew")

func specimen() bankfile.File {
	return bankfile.File{
		Number: "FK-2026-000001",
		Made:   time.Date(2026, 3, 9, 10, 30, 0, 0, time.FixedZone("CST", 8*3600)),
		Day:    calendar.Day{Year: 2026, Month: 3, Day: 10},
		From:   bankfile.Party{Name: "云市科技有限公司", Number: "110060194013000123456", Bank: "招商银行北京分行营业部", CNAPS: "308100005027"},
		Payments: []bankfile.Payment{
			{Reference: "YS7K3M9Q2XP", Amount: money.CNY(500000), Remark: "退还保证金 YS7K3M9Q2XP",
				To: bankfile.Party{Name: "杭州云帆信息技术有限公司", Number: "1202026219900012345", Bank: "中国工商银行杭州高新支行", CNAPS: "102331002345"}},
			{Reference: "YS2345ABCDE", Amount: money.CNY(5), Remark: `退还 "多付" <款项>, A&B`,
				To: bankfile.Party{Name: "A&B 软件（上海）有限公司㐂", Number: "0033016167810590", Bank: "建设银行"}},
		},
	}
}

func TestWriteIsAsItWas(t *testing.T) {
	for _, format := range bankfile.Formats() {
		t.Run(string(format), func(t *testing.T) {
			got, err := bankfile.Write(specimen(), format)
			if err != nil {
				t.Fatal(err)
			}
			again, err := bankfile.Write(specimen(), format)
			if err != nil || !bytes.Equal(got, again) {
				t.Errorf("the same file gave other bytes: %v", err)
			}
			name := filepath.Join("testdata", string(format)+format.Extension())
			if *update {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// What was written is read back as it was, in both encodings.
func TestTableIsReadBack(t *testing.T) {
	for _, format := range []bankfile.Format{bankfile.CSVUTF8, bankfile.CSVGB18030} {
		data, err := bankfile.Write(specimen(), format)
		if err != nil {
			t.Fatal(err)
		}
		plain := bytes.TrimPrefix(data, []byte("\uFEFF"))
		if format == bankfile.CSVGB18030 {
			if plain, err = simplifiedchinese.GB18030.NewDecoder().Bytes(data); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := csv.NewReader(bytes.NewReader(plain)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := [][]string{
			{"收款户名", "收款账号", "开户行", "联行号", "金额", "用途", "业务参考号"},
			{"杭州云帆信息技术有限公司", "1202026219900012345", "中国工商银行杭州高新支行", "102331002345", "5000.00", "退还保证金 YS7K3M9Q2XP", "YS7K3M9Q2XP"},
			{"A&B 软件（上海）有限公司㐂", "0033016167810590", "建设银行", "", "0.05", `退还 "多付" <款项>, A&B`, "YS2345ABCDE"},
		}
		if diff := cmp.Diff(want, rows); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
		if !bytes.Contains(data, []byte("\r\n")) {
			t.Errorf("%s: lines end otherwise", format)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	for name, change := range map[string]func(*bankfile.File){
		"no payments":            func(f *bankfile.File) { f.Payments = nil },
		"nothing":                func(f *bankfile.File) { f.Payments[0].Amount = money.CNY(0) },
		"less than nothing":      func(f *bankfile.File) { f.Payments[1].Amount = money.CNY(-1) },
		"another currency":       func(f *bankfile.File) { f.Payments[0].Amount.Currency = "USD" },
		"a reference twice":      func(f *bankfile.File) { f.Payments[1].Reference = f.Payments[0].Reference },
		"a reference of 36":      func(f *bankfile.File) { f.Payments[0].Reference = strings.Repeat("A", 36) },
		"no reference":           func(f *bankfile.File) { f.Payments[0].Reference = "" },
		"no name":                func(f *bankfile.File) { f.Payments[0].To.Name = "" },
		"a name of 141":          func(f *bankfile.File) { f.Payments[0].To.Name = strings.Repeat("云", 141) },
		"an account of 35":       func(f *bankfile.File) { f.Payments[0].To.Number = strings.Repeat("1", 35) },
		"no bank and no branch":  func(f *bankfile.File) { f.Payments[1].To.Bank = "" },
		"a line break in a name": func(f *bankfile.File) { f.Payments[0].To.Name = "甲\n乙" },
		"a remark of 141":        func(f *bankfile.File) { f.Payments[0].Remark = strings.Repeat("云", 141) },
		"bytes that are no text": func(f *bankfile.File) { f.Payments[0].Remark = "\xff" },
		"a number of 36":         func(f *bankfile.File) { f.Number = strings.Repeat("1", 36) },
		"no day":                 func(f *bankfile.File) { f.Day = calendar.Day{} },
		"no payer":               func(f *bankfile.File) { f.From.Name = "" },
	} {
		f := specimen()
		change(&f)
		for _, format := range bankfile.Formats() {
			if _, err := bankfile.Write(f, format); err == nil {
				t.Errorf("%s: %s was written", name, format)
			}
		}
	}
	if _, err := bankfile.Write(specimen(), "pain.001.001.02"); err == nil {
		t.Error("an unknown format was written")
	}
}
