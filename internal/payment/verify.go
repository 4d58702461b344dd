package payment

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
)

// Verify compares the ledger's bank accounts with the imported lines, and what is
// not identified with the lines and shares that nobody took; it returns how many
// lines there are and what is wrong, in words for the operator. Rules D-7 and D-12.
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
	for _, look := range []func(context.Context, *db.Tx) ([]string, error){unidentified, shares} {
		found, err := look(ctx, tx)
		if err != nil {
			return checked, wrong, err
		}
		wrong = append(wrong, found...)
	}
	return checked, wrong, nil
}

// unidentified compares the account of what nobody is known for with the lines
// that are still open: whatever takes a line posts its amount out of that account.
func unidentified(ctx context.Context, tx *db.Tx) ([]string, error) {
	open, err := db.One(ctx, tx, db.Value[int64], `
		SELECT CAST(COALESCE((SELECT SUM(fen) FROM bank_line WHERE taken_for IS NULL AND state <> 'split'), 0)
			+ COALESCE((SELECT SUM(s.fen) FROM bank_line_share s WHERE s.taken_for IS NULL), 0) AS BIGINT)`)
	if err != nil {
		return nil, err
	}
	owed, err := ledger.Balance(ctx, tx, ledger.Unidentified())
	if err != nil || owed.Fen == open {
		return nil, err
	}
	return []string{fmt.Sprintf("unidentified receipts: the ledger has %d fen, the lines that nobody took sum to %d fen", owed.Fen, open)}, nil
}

// shares finds split lines whose shares are not their amount, and lines that are
// taken by shares while one is open, or the other way round.
func shares(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	err = db.Each(ctx, tx, db.Value[string], func(id string) error {
		wrong = append(wrong, fmt.Sprintf("bank line %s: its shares do not add up to it, or its state is not theirs", id))
		return nil
	}, `
		SELECT l.id FROM bank_line l JOIN (
			SELECT line_id, SUM(fen) AS fen, SUM(CASE WHEN taken_for IS NULL THEN 1 ELSE 0 END) AS left_open
			FROM bank_line_share GROUP BY line_id) s ON s.line_id = l.id
		WHERE l.fen <> s.fen OR (l.state = 'split') <> (s.left_open > 0) OR l.state NOT IN ('split', 'taken')
		UNION SELECT l.id FROM bank_line l
		WHERE (l.state = 'split' OR l.taken_for = 'shares') AND NOT EXISTS (SELECT 1 FROM bank_line_share s WHERE s.line_id = l.id)
		ORDER BY 1`)
	return wrong, err
}
