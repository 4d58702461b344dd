package payout

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
)

// Verify compares the payouts with the ledger and with the lines of the bank
// statements, and returns how many payouts there are and what is wrong, in words
// for the operator: one that holds another amount than it owes, one that went out
// more or less often than it says, a line that is not what it was counted as, a
// payout that stands in two live files. Rules D-10 and D-12.
func Verify(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	type state struct {
		id, status           string
		fen, out, back, want int64
		held                 *int64
	}
	err = db.Each(ctx, tx, func(s *state) []any { return []any{&s.id, &s.status, &s.fen, &s.held, &s.out, &s.back} }, func(s state) error {
		checked++
		if Status(s.status).Open() {
			s.want = s.fen
		}
		var held int64
		if s.held != nil {
			held = *s.held
		}
		if held != s.want {
			wrong = append(wrong, fmt.Sprintf("payout: %s owes %d fen, the ledger holds %d fen for it", s.id, s.want, held))
		}
		out := int64(0)
		if s.status == string(Paid) {
			out = 1
		}
		if s.out-s.back != out {
			wrong = append(wrong, fmt.Sprintf("payout: %s is %s, but went out %d times and came back %d times", s.id, s.status, s.out, s.back))
		}
		return nil
	}, `SELECT p.id, p.status, p.fen, b.fen,
			(SELECT COUNT(*) FROM payout_movement m WHERE m.payout_id = p.id AND m.kind = 'debited'),
			(SELECT COUNT(*) FROM payout_movement m WHERE m.payout_id = p.id AND m.kind = 'returned')
		FROM payout p LEFT JOIN ledger_balance b ON b.account = $1 || p.id ORDER BY p.id`, ledger.Payouts)
	if err != nil {
		return checked, wrong, err
	}
	for _, look := range []struct{ say, query string }{
		{"payout: the line %s of a bank statement is not what it was counted as", `
			SELECT m.line_id FROM payout_movement m JOIN bank_line l ON l.id = m.line_id
			WHERE l.taken_for IS NULL OR l.taken_for <> m.payout_id OR l.fen <> CASE WHEN m.kind = 'debited' THEN -m.fen ELSE m.fen END ORDER BY m.line_id`},
		{"payout: %s stands in two live payment files", `
			SELECT i.payout_id FROM payout_batch_item i JOIN payout_batch b ON b.id = i.batch_id JOIN payout p ON p.id = i.payout_id
			WHERE p.status = 'filed' AND b.status <> 'rejected' AND p.batch_id <> b.id AND p.reference = i.reference ORDER BY i.payout_id`},
	} {
		err := db.Each(ctx, tx, db.Value[string], func(id string) error {
			wrong = append(wrong, fmt.Sprintf(look.say, id))
			return nil
		}, look.query)
		if err != nil {
			return checked, wrong, err
		}
	}
	return checked, wrong, nil
}
