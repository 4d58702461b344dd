package deposit

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
)

// Verify checks that every deposit is explained by lines of bank statements and
// returns how many receipts it looked at and what is wrong, in words for the
// operator: a receipt whose line was not taken for it or has another amount, a
// deposit held that is not the sum of its receipts, a gap in the numbers. Rules
// D-7, D-8 and D-12.
func Verify(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	if checked, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM deposit_receipt`); err != nil {
		return 0, nil, err
	}
	for _, look := range []func(context.Context, *db.Tx) ([]string, error){unexplained, unbalanced, gaps} {
		found, err := look(ctx, tx)
		if err != nil {
			return checked, wrong, err
		}
		wrong = append(wrong, found...)
	}
	return checked, wrong, nil
}

func unexplained(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	err = db.Each(ctx, tx, db.Value[string], func(number string) error {
		wrong = append(wrong, fmt.Sprintf("deposit: receipt %s is not explained by the line of the bank statement it names", number))
		return nil
	}, `SELECT r.number FROM deposit_receipt r JOIN bank_line l ON l.id = r.line_id
		WHERE l.taken_for IS NULL OR l.taken_for <> r.id OR l.fen <> r.fen OR l.subject <> r.vendor_id ORDER BY r.number`)
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, tx, db.Value[string], func(id string) error {
		wrong = append(wrong, fmt.Sprintf("deposit: the line %s of a bank statement was taken, but there is no receipt", id))
		return nil
	}, `SELECT l.id FROM bank_line l WHERE l.taken_for LIKE 'rct_%' AND NOT EXISTS (SELECT 1 FROM deposit_receipt r WHERE r.line_id = l.id) ORDER BY l.id`)
	return wrong, err
}

func unbalanced(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	type sum struct {
		account string
		fen     int64
	}
	fields := func(s *sum) []any { return []any{&s.account, &s.fen} }
	want := make(map[string]int64)
	for _, part := range []struct{ prefix, column string }{{ledger.Deposits, "held_fen"}, {ledger.Overpayments, "excess_fen"}} {
		err := db.Each(ctx, tx, fields, func(s sum) error {
			want[part.prefix+s.account] = s.fen
			return nil
		}, `SELECT vendor_id, CAST(SUM(`+part.column+`) AS BIGINT) FROM deposit_receipt GROUP BY vendor_id`)
		if err != nil {
			return nil, err
		}
	}
	err = db.Each(ctx, tx, fields, func(s sum) error {
		if want[s.account] != s.fen {
			wrong = append(wrong, fmt.Sprintf("deposit: %s received %d fen in the ledger, its receipts say %d", s.account, s.fen, want[s.account]))
		}
		delete(want, s.account)
		return nil
	}, `SELECT e.account, CAST(-SUM(e.fen) AS BIGINT) FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
		WHERE t.kind = 'deposit' AND e.account <> $1 GROUP BY e.account ORDER BY e.account`, ledger.Unidentifieds)
	if err != nil {
		return nil, err
	}
	for account, fen := range want {
		if fen != 0 {
			wrong = append(wrong, fmt.Sprintf("deposit: receipts say that %s received %d fen, the ledger says nothing", account, fen))
		}
	}
	return wrong, nil
}

func gaps(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	type series struct {
		name  string
		count int64
	}
	all, err := db.All(ctx, tx, func(s *series) []any { return []any{&s.name, &s.count} },
		`SELECT substr(number, 1, length(number) - 7), COUNT(*) FROM deposit_receipt GROUP BY 1 ORDER BY 1`)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		last, err := db.LastNumber(ctx, tx, s.name)
		if err != nil {
			return wrong, err
		}
		if last != s.count {
			wrong = append(wrong, fmt.Sprintf("deposit: the numbers of the receipts %s have gaps: the last is %d, there are %d", s.name, last, s.count))
		}
	}
	return wrong, nil
}
