package deposit

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
)

// VerifyDeductions checks that deductions and ledger agree and returns how many it
// looked at and what is wrong, in words for the operator: an amount that is not the
// sum of its records, a record without its transfer, money deducted without a
// record, and a clock that does not run. Rules D-11 and D-12.
func VerifyDeductions(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	if checked, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM deposit_deduction`); err != nil {
		return 0, nil, err
	}
	for _, q := range []struct{ says, query string }{
		{"deposit: the deduction for %s took or gave back something else than its records say", `
			SELECT d.paper FROM deposit_deduction d LEFT JOIN deposit_deduction_posting p ON p.deduction_id = d.id
			GROUP BY d.id, d.paper, d.taken_fen, d.returned_fen
			HAVING d.taken_fen <> COALESCE(SUM(CASE WHEN p.kind = 'taken' THEN p.fen ELSE 0 END), 0)
				OR d.returned_fen <> COALESCE(SUM(CASE WHEN p.kind = 'returned' THEN p.fen ELSE 0 END), 0) ORDER BY d.paper`},
		{"deposit: record %s of a deduction is not what its transfer in the ledger says", `
			SELECT p.number FROM deposit_deduction_posting p JOIN deposit_deduction d ON d.id = p.deduction_id
			LEFT JOIN ledger_entry e ON e.transfer_id = p.transfer_id AND e.account = '` + ledger.Deductions + `'
			GROUP BY p.id, p.number, p.kind, p.fen
			HAVING COALESCE(SUM(e.fen), 0) <> CASE WHEN p.kind = 'taken' THEN -p.fen ELSE p.fen END ORDER BY p.number`},
		{"deposit: transfer %s of the ledger moved deducted money without a deduction", `
			SELECT DISTINCT e.transfer_id FROM ledger_entry e
			WHERE e.account = '` + ledger.Deductions + `' AND NOT EXISTS (SELECT 1 FROM deposit_deduction_posting p WHERE p.transfer_id = e.transfer_id)
			ORDER BY e.transfer_id`},
		{"deposit: %s has to top up after a deduction, but its clock runs too long or not at all", `
			SELECT d.vendor_id FROM deposit d JOIN deposit_deduction x ON x.vendor_id = d.vendor_id AND x.open_fen > 0
			GROUP BY d.vendor_id, d.top_up_by HAVING d.top_up_by IS NULL OR d.top_up_by > MIN(x.top_up_by) ORDER BY d.vendor_id`},
	} {
		err := db.Each(ctx, tx, db.Value[string], func(name string) error {
			wrong = append(wrong, fmt.Sprintf(q.says, name))
			return nil
		}, q.query)
		if err != nil {
			return checked, wrong, err
		}
	}
	held, err := ledger.Balance(ctx, tx, ledger.Deducted())
	if err != nil {
		return checked, wrong, err
	}
	want, err := db.One(ctx, tx, db.Value[int64], `SELECT CAST(COALESCE(SUM(taken_fen - returned_fen), 0) AS BIGINT) FROM deposit_deduction`)
	if err == nil && held.Fen != want {
		wrong = append(wrong, fmt.Sprintf("deposit: %d fen are deducted in the ledger, the deductions say %d", held.Fen, want))
	}
	return checked, wrong, err
}
