package main

import (
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/yunshi-market/yunshi/internal/money"
	xlsx "github.com/yunshi-market/yunshi/internal/sheet"
)

// moved is a made-up movement of the bank statement.
type moved struct {
	no                                   int
	day                                  time.Time
	fen                                  int64
	name, account, bank, remark, bankRef string
}

// firstBalance is what the account holds before the statement.
const firstBalance = 10_000_000_00

// movements makes the lines: one in so many is the transfer of an open deposit,
// one in eleven goes out, the others come from companies that nobody expects.
func movements(lines, deposits int) iter.Seq[moved] {
	every := max(1, lines/max(1, deposits))
	return func(yield func(moved) bool) {
		first := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range lines {
			m := moved{no: i + 1, day: first.AddDate(0, 0, i*90/lines), bankRef: fmt.Sprintf("C%012d", i), bank: "招商银行股份有限公司深圳科技园支行"}
			switch d := i / every; {
			case i%every == 0 && d < deposits:
				m.fen, m.name, m.account, m.remark = due, companyName(int64(d)), accountNumber(int64(d)), "云市场保证金 "+referenceOf(d)
			case i%11 == 0:
				m.fen, m.name, m.account, m.remark = -int64(1000+i%90_000), "深圳市南山区物业管理有限公司", "44250100000000000001", "房租水电"
			default:
				m.fen, m.name = int64(100+i%5_000_000), fmt.Sprintf("广州越秀%d贸易有限公司", i%70_000)
				m.account, m.remark = fmt.Sprintf("3602%014d", i%70_000), fmt.Sprintf("货款 订单 %08d", i)
			}
			if !yield(m) {
				return
			}
		}
	}
}

// writeStatement writes the movements in a format.
func writeStatement(w io.Writer, format string, lines, deposits int) error {
	all := movements(lines, deposits)
	switch format {
	case "csv":
		return writeCSV(w, all)
	case "xlsx":
		return writeXLSX(w, all)
	case "camt":
		return writeCamt(w, all, lines)
	case "mt940":
		return writeMT940(w, all)
	}
	return fmt.Errorf("no format %q: csv, xlsx, camt, mt940", format)
}

func yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

func writeCSV(w io.Writer, all iter.Seq[moved]) error {
	if _, err := io.WriteString(w, "日期,金额,余额,付款人,付款账号,付款银行,附言,流水号\n"); err != nil {
		return err
	}
	balance := int64(firstBalance)
	for m := range all {
		balance += m.fen
		if _, err := fmt.Fprintf(w, "%s,%q,%q,%s,%s,%s,%s,%s\n", m.day.Format(time.DateOnly), money.CNY(m.fen).String(), money.CNY(balance).String(),
			m.name, m.account, m.bank, m.remark, m.bankRef); err != nil {
			return err
		}
	}
	return nil
}

func writeXLSX(w io.Writer, all iter.Seq[moved]) error {
	head := []xlsx.Column{{Title: "日期"}, {Title: "金额"}, {Title: "余额"}, {Title: "付款人"}, {Title: "付款账号"}, {Title: "付款银行"}, {Title: "附言"}, {Title: "流水号"}}
	return xlsx.Write(w, xlsx.Table{Name: "流水", Columns: head, Rows: func(yield func([]xlsx.Cell, error) bool) {
		balance := int64(firstBalance)
		for m := range all {
			balance += m.fen
			if !yield([]xlsx.Cell{m.day.Format(time.DateOnly), money.CNY(m.fen), money.CNY(balance), m.name, m.account, m.bank, m.remark, m.bankRef}, nil) {
				return
			}
		}
	}})
}

func writeCamt(w io.Writer, all iter.Seq[moved], lines int) error {
	var total int64
	for m := range all {
		total += m.fen
	}
	balance := func(kind string, fen int64) string {
		return fmt.Sprintf(`<Bal><Tp><CdOrPrtry><Cd>%s</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">%s</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-31</Dt></Dt></Bal>`, kind, yuan(fen))
	}
	_, err := fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>BENCH</MsgId></GrpHdr>
<Stmt><Id>BENCH-2026Q1</Id><ElctrncSeqNb>1</ElctrncSeqNb><FrToDt><FrDtTm>2026-01-01T00:00:00</FrDtTm><ToDtTm>2026-03-31T23:59:59</ToDtTm></FrToDt>
<Acct><Id><Othr><Id>100000000000001</Id></Othr></Id><Ccy>CNY</Ccy></Acct>%s%s<TxsSummry><TtlNtries><NbOfNtries>%d</NbOfNtries></TtlNtries></TxsSummry>
`, balance("OPBD", firstBalance), balance("CLBD", firstBalance+total), lines)
	if err != nil {
		return err
	}
	for m := range all {
		fen, side, party := m.fen, "CRDT", "Dbtr"
		if fen < 0 {
			fen, side, party = -fen, "DBIT", "Cdtr"
		}
		_, err := fmt.Fprintf(w, `<Ntry><NtryRef>%d</NtryRef><Amt Ccy="CNY">%s</Amt><CdtDbtInd>%s</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>%s</Dt></BookgDt><AcctSvcrRef>%s</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><%[6]s><Pty><Nm>%[7]s</Nm></Pty></%[6]s><%[6]sAcct><Id><Othr><Id>%[8]s</Id></Othr></Id></%[6]sAcct></RltdPties><RltdAgts><%[6]sAgt><FinInstnId><Nm>%[9]s</Nm></FinInstnId></%[6]sAgt></RltdAgts><RmtInf><Ustrd>%[10]s</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
`, m.no, yuan(fen), side, m.day.Format(time.DateOnly), m.bankRef, party, m.name, m.account, m.bank, m.remark)
		if err != nil {
			return err
		}
	}
	_, err = io.WriteString(w, "</Stmt></BkToCstmrStmt></Document>\n")
	return err
}

// writeMT940 writes a message for each day, as banks do.
func writeMT940(w io.Writer, all iter.Seq[moved]) error {
	balance := int64(firstBalance)
	var day time.Time
	number := 0
	decimal := func(fen int64) string { return fmt.Sprintf("%d,%02d", fen/100, fen%100) }
	end := func() error {
		_, err := fmt.Fprintf(w, ":62F:C%sCNY%s\r\n-\r\n", day.Format("060102"), decimal(balance))
		return err
	}
	for m := range all {
		if !m.day.Equal(day) {
			if number > 0 {
				if err := end(); err != nil {
					return err
				}
			}
			day, number = m.day, number+1
			if _, err := fmt.Fprintf(w, ":20:BENCH%03d\r\n:25:100000000000001\r\n:28C:%d/1\r\n:60F:C%sCNY%s\r\n", number, number, day.Format("060102"), decimal(balance)); err != nil {
				return err
			}
		}
		balance += m.fen
		fen, mark := m.fen, "C"
		if fen < 0 {
			fen, mark = -fen, "D"
		}
		if _, err := fmt.Fprintf(w, ":61:%s%s%s%sNTRFNONREF//%s\r\n:86:166?20%s?30%s?31%s?32%s\r\n", m.day.Format("060102"), m.day.Format("0102"), mark, decimal(fen),
			m.bankRef, m.remark, m.bank, m.account, m.name); err != nil {
			return err
		}
	}
	return end()
}
