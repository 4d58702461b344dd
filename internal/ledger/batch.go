package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
)

// Posting is one of many transfers that PostAll writes.
type Posting struct {
	OnceKey string
	Entries []Entry
}

// PostAll writes transfers of one kind with few statements, as for the lines of a
// bank statement. Unlike Post it takes no key that was posted before and no guarded
// account; either is an error.
func PostAll(ctx context.Context, tx *db.Tx, kind string, postings []Posting) error {
	for len(postings) > 0 {
		n := tx.RowsAtOnce(len(postings))
		if err := postSome(ctx, tx, kind, postings[:n]); err != nil {
			return err
		}
		postings = postings[n:]
	}
	return nil
}

func postSome(ctx context.Context, tx *db.Tx, kind string, postings []Posting) error {
	var transfers, entries []string
	var targs, eargs []any
	for _, p := range postings {
		if p.OnceKey == "" || kind == "" {
			return fmt.Errorf("ledger: a transfer needs a key and a kind")
		}
		if err := check(p.Entries); err != nil {
			return fmt.Errorf("ledger: %s: %w", p.OnceKey, err)
		}
		id := tx.NewID("tfr")
		transfers = append(transfers, db.In(len(targs)+1, 4))
		targs = append(targs, id, tx.Now(), p.OnceKey, kind)
		for _, e := range p.Entries {
			if e.Account.Guarded {
				return fmt.Errorf("ledger: %s: %s is guarded, post it alone", p.OnceKey, e.Account.Name)
			}
			entries = append(entries, db.In(len(eargs)+1, 5))
			eargs = append(eargs, tx.NewID("ent"), id, e.Account.Name, e.Amount.Fen, e.Amount.Code())
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO ledger_transfer (id, at, once_key, kind) VALUES `+strings.Join(transfers, ", "), targs...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ledger_entry (id, transfer_id, account, fen, currency) VALUES `+strings.Join(entries, ", "), eargs...)
	return err
}
