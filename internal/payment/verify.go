package payment

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
)

// Verify compares the ledger's bank accounts with the imported lines and returns
// how many lines there are and what is wrong, in words for the operator. Rule D-12.
func Verify(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	type sum struct {
		payee      string
		lines, fen int64
	}
	sums, err := db.All(ctx, tx, func(s *sum) []any { return []any{&s.payee, &s.lines, &s.fen} },
		`SELECT payee_id, COUNT(*), CAST(SUM(fen) AS BIGINT) FROM bank_line GROUP BY payee_id ORDER BY payee_id`)
	if err != nil {
		return 0, nil, err
	}
	var all int64
	for _, s := range sums {
		checked += s.lines
		all += s.fen
		bank, err := ledger.Balance(ctx, tx, ledger.Bank(s.payee))
		if err != nil {
			return checked, wrong, err
		}
		if bank.Fen != s.fen {
			wrong = append(wrong, fmt.Sprintf("bank account %s: the ledger has %d fen, the imported lines sum to %d fen", s.payee, bank.Fen, s.fen))
		}
	}
	total, err := ledger.Total(ctx, tx, ledger.Banks)
	if err != nil {
		return checked, wrong, err
	}
	if total.Fen != all {
		wrong = append(wrong, fmt.Sprintf("bank accounts: the ledger has %d fen, the imported lines sum to %d fen", total.Fen, all))
	}
	return checked, wrong, nil
}
