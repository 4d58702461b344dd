package statement

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/text"
)

func TestAmountCells(t *testing.T) {
	m := ready(t, "plain")
	for _, tt := range []struct {
		cell       string
		fen        int64
		ok, unread bool
	}{
		{cell: "5000", fen: 500000, ok: true},
		{cell: " 5,000.00\t", fen: 500000, ok: true},
		{cell: "５，０００．００", fen: 500000, ok: true},
		{cell: "¥5,000.5", fen: 500050, ok: true},
		{cell: "5000元", fen: 500000, ok: true},
		{cell: "-12.50", fen: -1250, ok: true},
		{cell: "−12.50", fen: -1250, ok: true},
		{cell: "12.50-", fen: -1250, ok: true},
		{cell: "(1,234.00)", fen: -123400, ok: true},
		{cell: "（12.50）", fen: -1250, ok: true},
		{cell: "+12.50", fen: 1250, ok: true},
		{cell: "5000.0000", fen: 500000, ok: true},
		{cell: "0.00", ok: true},
		{cell: "=\"5,000.00\"", fen: 500000, ok: true},
		{cell: ""}, {cell: "-"}, {cell: "--"}, {cell: "\u3000"},
		{cell: "5000.0001", unread: true},
		{cell: "1.234,56", unread: true},
		{cell: "12,34", unread: true},
		{cell: "5 000", unread: true},
		{cell: "(-5)", unread: true},
		{cell: "(5", unread: true},
		{cell: "5)", unread: true},
		{cell: "-5-", unread: true},
		{cell: "1E5", unread: true},
		{cell: "NaN", unread: true},
		{cell: "99999999999999999999", unread: true},
		{cell: "十元", unread: true},
	} {
		got, ok, understood := m.amount(tt.cell)
		if got.Fen != tt.fen || ok != tt.ok || understood == tt.unread {
			t.Errorf("%q: got %d, ok %v, understood %v", tt.cell, got.Fen, ok, understood)
		}
	}
	m.Currency = "USD"
	if got, ok, _ := m.amount("12.50"); !ok || got != (money.Amount{Fen: 1250, Currency: "USD"}) {
		t.Errorf("dollars: %+v", got)
	}
	if _, ok, understood := m.amount("¥12.50"); ok || understood {
		t.Error("¥ was taken for dollars")
	}
}

func TestDateCells(t *testing.T) {
	east := time.FixedZone("UTC+8", 8*3600)
	for _, tt := range []struct {
		cell, forms string
		want        string // "" is not read
		timed       bool
	}{
		{"20260105", "YYYYMMDD", "2026-01-05 00:00:00", false},
		{"２０２６-01-05", "YYYY-MM-DD", "2026-01-05 00:00:00", false},
		{"2026/1/5", "YYYY/M/D", "2026-01-05 00:00:00", false},
		{"2026年1月5日", "YYYY年M月D日", "2026-01-05 00:00:00", false},
		{"2026-01-05  10:20:30", "YYYY-MM-DD HH:mm:ss", "2026-01-05 10:20:30", true},
		{"20260105102030", "YYYYMMDDHHmmss", "2026-01-05 10:20:30", true},
		{"=\"20260105\"", "YYYYMMDD", "2026-01-05 00:00:00", false},
		{"20260229", "YYYYMMDD", "", false},
		{"20260001", "YYYYMMDD", "", false},
		{"2026-1-5", "YYYYMMDD", "", false},
		{"", "YYYYMMDD", "", false},
		{"05/01/2026", "DD/MM/YYYY", "2026-01-05 00:00:00", false},
		{"05/01/2026", "DD/MM/YYYY|MM/DD/YYYY", "", false},
		{"05/05/2026", "DD/MM/YYYY|MM/DD/YYYY", "2026-05-05 00:00:00", false},
		{"25/01/2026", "DD/MM/YYYY|MM/DD/YYYY", "2026-01-25 00:00:00", false},
	} {
		at, timed, ok := moment(tt.cell, forms(strings.Split(tt.forms, "|"), "YMD"), east)
		got := ""
		if ok {
			got = at.Format("2006-01-02 15:04:05")
		}
		if got != tt.want || timed != tt.timed {
			t.Errorf("%q by %s: got %q, timed %v", tt.cell, tt.forms, got, timed)
		}
	}
}

// 红字: a negative amount on a side takes back an entry of that side.
func TestWaysOfAmounts(t *testing.T) {
	sides := ready(t, "cmb")
	flag := ready(t, "plain")
	flag.Amounts = Flag
	flag.Columns.Direction = []string{"借贷标志", "收支"}
	flag.CreditWords, flag.DebitWords = []string{"贷", "收入", "C"}, []string{"借", "支出", "D"}
	head := "交易日,借方金额,贷方金额\n20260105,"
	for _, tt := range []struct {
		name, data      string
		m               Mapping
		fen             int64
		credits, debits int
	}{
		{"credit", head + ",100.00\n", sides, 10000, 1, 0},
		{"debit", head + "100.00,\n", sides, -10000, 0, 1},
		{"debit beside 0.00", head + "100.00,0.00\n", sides, -10000, 0, 1},
		{"red credit", head + ",-100.00\n", sides, -10000, 1, 0},
		{"red debit", head + "-100.00,\n", sides, 10000, 0, 1},
		{"flag in", "日期,借贷标志,金额\n2026-01-05,贷,100\n", flag, 10000, 1, 0},
		{"flag out", "日期,收支,金额\n2026-01-05, 支出 ,100\n", flag, -10000, 0, 1},
		{"flag full width", "日期,收支,金额\n2026-01-05,Ｃ,100\n", flag, 10000, 1, 0},
		{"flag red", "日期,借贷标志,金额\n2026-01-05,贷,-100\n", flag, -10000, 1, 0},
		{"flag red out", "日期,借贷标志,金额\n2026-01-05,借,-100\n", flag, 10000, 0, 1},
	} {
		lines, r, err := all([]byte(tt.data), tt.m, Options{})
		if err != nil || len(lines) != 1 {
			t.Errorf("%s: %d lines, %v", tt.name, len(lines), err)
			continue
		}
		sum := r.Summary()
		if lines[0].Amount.Fen != tt.fen || sum.Credits != tt.credits || sum.Debits != tt.debits {
			t.Errorf("%s: got %d, %d credits, %d debits", tt.name, lines[0].Amount.Fen, sum.Credits, sum.Debits)
		}
		if lines[0].Credit() != (tt.fen > 0) {
			t.Errorf("%s: Credit is %v", tt.name, lines[0].Credit())
		}
	}
	_, _, err := all([]byte("日期,借贷标志,金额\n2026-01-05,冲,100\n"), flag, Options{})
	if f := fields(err); len(f) != 1 || f[0].Pointer != "/lines/2/direction" ||
		!strings.Contains(text.Printer{}.Say(f[0].Message), "借贷标志（贷、收入、C、借、支出、D）") {
		t.Errorf("an unknown flag: %v", err)
	}
}

func TestWhatExportsPutAroundValues(t *testing.T) {
	data := "\"账号：\",\"755901234510001\t\"\r\n" +
		"日期,金额,付款人,付款账号,附言,摘要,流水号\r\n" +
		"\r\n" +
		"\"2026-01-05\"\t,\"5,000.00\"\t,\" 甲\u3000公司 \",\"110907316810601\t\",保证金,\"说 \"\"好\"\" 的\",=\"0012345\"\r" +
		"2026-01-05,1.00,乙 \"quoted\" 公司,'6222 0000-1111,\"两\r\n行\",\"两\n行\",000000\r\n" +
		"日期,金额,付款人,付款账号,附言,摘要,流水号\r\n" +
		"2026-01-06,2.00,丙,\"=\"\"0622\"\"\",-,,A1,,\r\n\x1a"
	lines, _, err := all([]byte(data), ready(t, "plain"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		No                            int
		Payer, Account, Remark, BankR string
	}
	var got []row
	for _, l := range lines {
		got = append(got, row{l.No, l.PayerName, l.PayerAccount, l.Remark, l.BankRef})
	}
	want := []row{
		{4, "甲\u3000公司", "110907316810601", "保证金 说 \"好\" 的", "0012345"},
		{5, "乙 \"quoted\" 公司", "622200001111", "两 行", ""},
		{9, "丙", "0622", "-", "A1"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFindsTheDelimiter(t *testing.T) {
	for _, d := range []string{",", ";", "\t", "|"} {
		for _, wanted := range []string{"auto", d} {
			m := ready(t, "plain")
			m.Delimiter = wanted
			data := strings.ReplaceAll("说明,x\n日期,金额,备注\n2026-01-05,5.00,a\n", ",", d)
			lines, r, err := all([]byte(data), m, Options{})
			if err != nil || len(lines) != 1 || r.Head().Header != 2 {
				t.Errorf("%q as %q: %d lines, %v", d, wanted, len(lines), err)
			}
		}
	}
}

func TestAccounts(t *testing.T) {
	rows := "日期,金额\n2026-01-05,5.00\n"
	for _, tt := range []struct {
		name, data, wanted, got string
		refused                 bool
	}{
		{"said by the caller", rows, "7559-0123 4510001", "755901234510001", false},
		{"said by the file", "账号：755901234510001\n" + rows, "", "755901234510001", false},
		{"both agree", "账 号,[755901234510001]\n" + rows, "755901234510001", "755901234510001", false},
		{"masked in the file", "账号：7559*******0001\n" + rows, "755901234510001", "755901234510001", false},
		{"帐 for 账", "帐号：755901234510001 云市运营有限公司\n" + rows, "", "755901234510001", false},
		{"said by nobody", rows, "", "", false},
		{"in every row", "日期,金额,本方账号\n2026-01-05,5.00,755901234510001\n", "", "755901234510001", false},
		{"differs", "账号：755901234510002\n" + rows, "755901234510001", "", true},
		{"ruined", "账号,7.55901E+14\n" + rows, "755901234510001", "", true},
		{"words in a row", "日期,金额,本方账号\n2026-01-05,5.00,基本户\n", "755901234510001", "", true},
	} {
		lines, r, err := all([]byte(tt.data), ready(t, "plain"), Options{Account: tt.wanted})
		if tt.refused {
			if !errors.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil || lines[0].Account != tt.got || r.Head().Account != tt.got {
			t.Errorf("%s: %v, %+v", tt.name, err, lines)
		}
	}
}

func TestKey(t *testing.T) {
	balance := money.CNY(110000)
	base := Line{No: 7, Account: "7559", BookedOn: calendar.Date(2026, 1, 5), Amount: money.CNY(500000),
		PayerAccount: "4000", PayerName: "甲", Remark: "保证金", Balance: &balance, Ordinal: 1, Raw: "x"}
	other := money.CNY(1)
	for _, tt := range []struct {
		name   string
		change func(*Line)
		same   bool // without a bank's number
		sameBy bool // with one
	}{
		{"row", func(l *Line) { l.No = 9 }, true, true},
		{"raw", func(l *Line) { l.Raw = "y" }, true, true},
		{"payer's name", func(l *Line) { l.PayerName = "乙" }, true, true},
		{"blanks in the remark", func(l *Line) { l.Remark = " 保证金 " }, true, true},
		{"account", func(l *Line) { l.Account = "7560" }, false, false},
		{"day", func(l *Line) { l.BookedOn = calendar.Date(2026, 1, 6) }, false, false},
		{"amount", func(l *Line) { l.Amount = money.CNY(-500000) }, false, false},
		{"currency", func(l *Line) { l.Amount.Currency = "USD" }, false, false},
		{"payer's account", func(l *Line) { l.PayerAccount = "4001" }, false, true},
		{"remark", func(l *Line) { l.Remark = "货款" }, false, true},
		{"balance", func(l *Line) { l.Balance = &other }, false, true},
		{"no balance", func(l *Line) { l.Balance = nil }, false, true},
		{"ordinal", func(l *Line) { l.Ordinal = 2 }, false, true},
	} {
		without, changed := base, base
		tt.change(&changed)
		if got := without.Key() == changed.Key(); got != tt.same {
			t.Errorf("%s changed, no number: same key %v", tt.name, got)
		}
		without.BankRef, changed.BankRef = "C01a", "C01A"
		if got := without.Key() == changed.Key(); got != tt.sameBy {
			t.Errorf("%s changed, with a number: same key %v", tt.name, got)
		}
	}
	// Stored keys must stay what they are: a change here would count old lines twice.
	if got, want := base.Key(), "dd90c64bf57e6923df562b522919e53e285ff126"; got != want {
		t.Errorf("key without number: %s, want %s", got, want)
	}
	base.BankRef = "C01A"
	if got, want := base.Key(), "0956ab41c144d1a5f309847d2a40d9ddbf5bb855"; got != want {
		t.Errorf("key with number: %s, want %s", got, want)
	}
}

func TestUnorderedLinesAreNotFollowed(t *testing.T) {
	m := ready(t, "cmb")
	m.Unordered = true
	data := cmbHead + "20260105,,,100.00,1100.00,,A1,,,\n20260105,,,50.00,2000.00,,A2,,,\n20260106,,10.00,,3.00,,A3,,,\n"
	lines, _, err := all([]byte(data), m, Options{})
	if err != nil || len(lines) != 3 {
		t.Errorf("%d lines, %v", len(lines), err)
	}
}

func TestBalancesWithGaps(t *testing.T) {
	rows := func(pairs ...string) []byte {
		out := "日期,金额,余额\n"
		for _, p := range pairs {
			out += "2026-01-05," + p + "\n"
		}
		return []byte(out)
	}
	for _, tt := range []struct {
		name       string
		data       []byte
		ok         bool
		open, shut int64
	}{
		{"oldest first, gaps", rows("1.00,", "2.00,13.00", "3.00,", "4.00,20.00", "5.00,"), true, 1000, 2500},
		{"newest first, gaps", rows("5.00,", "4.00,20.00", "3.00,", "2.00,13.00", "1.00,"), true, 1000, 2500},
		{"gap that hides a line", rows("2.00,13.00", "3.00,", "4.00,21.00"), false, 0, 0},
		{"one line", rows("2.00,13.00"), true, 1100, 1300},
	} {
		_, r, err := all(tt.data, ready(t, "plain"), Options{})
		if (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !tt.ok {
			continue
		}
		sum := r.Summary()
		if sum.Opening.Fen != tt.open || sum.Closing.Fen != tt.shut {
			t.Errorf("%s: from %v to %v", tt.name, sum.Opening, sum.Closing)
		}
	}
}
