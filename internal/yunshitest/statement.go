package yunshitest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
)

// Movement is a line of a bank statement.
type Movement struct {
	Fen     int64 // negative went out
	Remark  string
	Payer   string
	Account string
}

// StatementFile writes movements as a bank's export does; no two files made with
// another first number share a line.
func StatementFile(first int, movements ...Movement) string {
	var b strings.Builder
	b.WriteString("交易日,交易时间,借方金额,贷方金额,摘要,收(付)方名称,收(付)方账号,流水号\n")
	for i, m := range movements {
		debit, credit := "", money.CNY(m.Fen).String()
		if m.Fen < 0 {
			debit, credit = money.CNY(-m.Fen).String(), ""
		}
		n := first + i
		fmt.Fprintf(&b, "20260302,09:%02d:%02d,%q,%q,%s,%s,%s,C%09d\n", n/60%60, n%60, debit, credit, m.Remark, m.Payer, m.Account, n)
	}
	return b.String()
}

// Import imports movements as one statement, lets the program propose, and returns
// the lines, newest first.
func Import(t testing.TB, d *db.DB, by access.Actor, first int, movements ...Movement) []payment.Line {
	t.Helper()
	ctx := context.Background()
	body := StatementFile(first, movements...)
	s, err := payment.Import(ctx, d, by, payment.File{Payee: "main", Name: "流水.csv",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(body)), nil }})
	if err != nil {
		t.Fatal(err)
	}
	var lines []payment.Line
	Write(t, d, func(tx *db.Tx) (err error) {
		if err := payment.Propose(ctx, tx, access.SystemActor("payment.propose"), payment.Search{Statement: s.ID}); err != nil {
			return err
		}
		lines, err = payment.Lines(ctx, tx, by, payment.Filter{Statement: s.ID, Limit: 200})
		return err
	})
	return lines
}
