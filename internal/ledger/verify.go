package ledger

import (
	"context"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/db"
)

// Verify checks the whole ledger and returns how many transfers it looked at and
// what is wrong, in words for the operator: a transfer that does not sum to zero
// or has no entries, an account outside the chart, a kept balance that is not that
// of its entries. Rule D-12.
func Verify(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	checked, err = db.One(ctx, tx, db.Value[int64], `SELECT COUNT(*) FROM ledger_transfer`)
	if err != nil {
		return checked, nil, err
	}
	for _, look := range []func(context.Context, *db.Tx) ([]string, error){unbalanced, empty, balances} {
		found, err := look(ctx, tx)
		if err != nil {
			return checked, wrong, err
		}
		wrong = append(wrong, found...)
	}
	return checked, wrong, nil
}

func unbalanced(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	err = db.Each(ctx, tx, (*row).fields, func(r row) error {
		wrong = append(wrong, fmt.Sprintf("ledger: transfer %s does not sum to zero: %d fen %s over", r.account, r.fen, r.currency))
		return nil
	}, `SELECT transfer_id, CAST(SUM(fen) AS BIGINT), currency FROM ledger_entry
		GROUP BY transfer_id, currency HAVING SUM(fen) <> 0 ORDER BY transfer_id`)
	return wrong, err
}

func empty(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	err = db.Each(ctx, tx, db.Value[string], func(id string) error {
		wrong = append(wrong, fmt.Sprintf("ledger: transfer %s has no entries", id))
		return nil
	}, `SELECT t.id FROM ledger_transfer t
		WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transfer_id = t.id) ORDER BY t.id`)
	return wrong, err
}

// balances compares each account's sum of entries with its kept balance, if it keeps one.
func balances(ctx context.Context, tx *db.Tx) (wrong []string, err error) {
	kept := make(map[row]bool)
	err = db.Each(ctx, tx, (*row).fields, func(r row) error { kept[r] = true; return nil },
		`SELECT account, fen, currency FROM ledger_balance`)
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, tx, (*row).fields, func(r row) error {
		c, known := classOf(r.account)
		r.fen = c.side(r.fen)
		switch {
		case !known:
			wrong = append(wrong, fmt.Sprintf("ledger: account %s is not in the chart", r.account))
		case !c.guarded:
		case !kept[r]:
			wrong = append(wrong, fmt.Sprintf("ledger: the entries of %s hold %d fen %s, its kept balance says otherwise", r.account, r.fen, r.currency))
		}
		delete(kept, r)
		return nil
	}, `SELECT account, CAST(SUM(fen) AS BIGINT), currency FROM ledger_entry GROUP BY account, currency ORDER BY account`)
	if err != nil {
		return wrong, err
	}
	for r := range kept {
		wrong = append(wrong, fmt.Sprintf("ledger: the kept balance of %s, %d fen %s, is not that of its entries", r.account, r.fen, r.currency))
	}
	return wrong, nil
}
