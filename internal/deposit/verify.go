package deposit

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
)

// Verify checks that every deposit is explained by lines of bank statements and
// returns how many receipts it looked at and what is wrong, in words for the
// operator: a receipt whose line or share was not taken for it or has another
// amount, a deposit that is not the sum of its receipts, a void receipt that still
// counts, an overpayment applied or a line excluded without the decision of two
// people, a voucher that received other than its receipts say, a gap in the
// numbers. Rules D-7, D-8 and D-12.
func Verify(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	if checked, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM deposit_receipt`); err != nil {
		return 0, nil, err
	}
	for _, look := range []func(context.Context, *db.Tx) ([]string, error){unexplained, unbalanced, undone, applied, excluded, vouchers, gaps} {
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
	}, `SELECT r.number FROM deposit_receipt r JOIN bank_line l ON l.id = r.line_id LEFT JOIN bank_line_share s ON s.id = r.share_id
		WHERE CASE
			WHEN r.voided_at IS NOT NULL THEN COALESCE(s.taken_for, l.taken_for, '') = r.id
			WHEN r.share_id = '' THEN l.taken_for IS NULL OR l.taken_for <> r.id OR l.fen <> r.fen OR l.subject <> r.vendor_id
			ELSE s.id IS NULL OR s.line_id <> l.id OR s.taken_for IS NULL OR s.taken_for <> r.id OR s.fen <> r.fen OR s.subject <> r.vendor_id
		END ORDER BY r.number`)
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, tx, db.Value[string], func(id string) error {
		wrong = append(wrong, fmt.Sprintf("deposit: the line %s of a bank statement was taken, but there is no receipt", id))
		return nil
	}, `SELECT l.id FROM bank_line l WHERE l.taken_for LIKE 'rct_%' AND NOT EXISTS (SELECT 1 FROM deposit_receipt r WHERE r.line_id = l.id AND r.id = l.taken_for)
		UNION SELECT s.id FROM bank_line_share s WHERE s.taken_for LIKE 'rct_%' AND NOT EXISTS (SELECT 1 FROM deposit_receipt r WHERE r.share_id = s.id AND r.id = s.taken_for) ORDER BY 1`)
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

// undone compares what void receipts were for with what left the accounts again.
func undone(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	err = db.Each(ctx, tx, db.Value[string], func(number string) error {
		wrong = append(wrong, fmt.Sprintf("deposit: the void receipt %s was not taken back in the ledger with its whole amount, or one that holds was", number))
		return nil
	}, `SELECT r.number FROM deposit_receipt r LEFT JOIN (
			SELECT t.once_key, SUM(CASE WHEN e.account = $1 THEN -e.fen ELSE 0 END) AS fen
			FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id WHERE t.kind = 'deposit.void' GROUP BY t.once_key
		) x ON x.once_key = 'deposit-void:' || r.id
		WHERE COALESCE(x.fen, 0) <> CASE WHEN r.voided_at IS NULL THEN 0 ELSE r.fen END ORDER BY r.number`, ledger.Unidentifieds)
	return wrong, err
}

// applied compares overpayments that count as deposit with the decisions on them.
func applied(ctx context.Context, tx *db.Tx) ([]string, error) {
	return decided(ctx, tx, Apply, "deposit.apply", "apply:", ledger.Overpayments)
}

// excluded compares what was posted to other movements with the decisions on lines.
func excluded(ctx context.Context, tx *db.Tx) ([]string, error) {
	return decided(ctx, tx, Exclude, "other", "other:", ledger.Unidentifieds)
}

// decided compares the transfers of a kind of decision with the approved decisions,
// by what left the accounts that begin with a prefix.
func decided(ctx context.Context, tx *db.Tx, kind DecisionKind, transfers, key, from string) (wrong []string, err error) {
	err = db.Each(ctx, tx, db.Value[string], func(id string) error {
		wrong = append(wrong, fmt.Sprintf("deposit: the ledger and the decisions do not agree on %s", id))
		return nil
	}, `SELECT d.id FROM deposit_decision d LEFT JOIN (
			SELECT t.once_key, SUM(CASE WHEN substr(e.account, 1, $1) = $2 THEN e.fen ELSE 0 END) AS fen
			FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id WHERE t.kind = $3 GROUP BY t.once_key
		) x ON x.once_key = $4 || d.id
		WHERE d.kind = $5 AND COALESCE(x.fen, 0) <> CASE WHEN d.status = 'approved' THEN d.fen ELSE 0 END
		UNION SELECT t.once_key FROM ledger_transfer t
		WHERE t.kind = $3 AND NOT EXISTS (SELECT 1 FROM deposit_decision d WHERE $4 || d.id = t.once_key AND d.kind = $5 AND d.status = 'approved')
		ORDER BY 1`, len(from), from, transfers, key, string(kind))
	return wrong, err
}

// vouchers compares what vouchers received with the receipts that name them.
func vouchers(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	err = db.Each(ctx, tx, db.Value[string], func(id string) error {
		wrong = append(wrong, fmt.Sprintf("deposit: the voucher %s received other than its receipts say", id))
		return nil
	}, `SELECT v.id FROM deposit_voucher v
		WHERE v.received_fen <> (SELECT COALESCE(SUM(r.fen), 0) FROM deposit_receipt r WHERE r.voucher_id = v.id AND r.voided_at IS NULL) ORDER BY v.id`)
	return wrong, err
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
