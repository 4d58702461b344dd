package payment

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Announce says that a payment is expected, or that something about it changed:
// one announcement per subject, the last one holds. Lines that may be it are
// looked at again by a job.
func Announce(ctx context.Context, tx *db.Tx, a Announcement) error {
	plain, err := json.Marshal(secretPayer{a.PayerName, a.PayerAccount, a.Remitters, a.Elsewhere})
	if err != nil {
		return err
	}
	all, err := json.Marshal(a)
	if err != nil {
		return err
	}
	mark := tx.Vault().Blind("announcement", string(all))
	old, err := db.All(ctx, tx, (*announced).fields, `SELECT `+announcementColumns+` FROM announcement WHERE subject = $1`, a.Subject)
	if err != nil || len(old) == 1 && old[0].mark == mark {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO announcement (subject, reference, sealed, expected_fen, currency, way, mark, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (subject) DO UPDATE SET reference = excluded.reference, sealed = excluded.sealed,
			expected_fen = excluded.expected_fen, currency = excluded.currency, way = excluded.way,
			mark = excluded.mark, changed_at = excluded.changed_at`,
		a.Subject, a.Reference, tx.Vault().Seal(announcementPlace(a.Subject), string(plain)),
		a.Expected.Fen, a.Expected.Code(), a.Way, mark, tx.Now())
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM announcement_payer WHERE subject = $1`, a.Subject); err != nil {
		return err
	}
	if err := insertPayers(ctx, tx, a); err != nil {
		return err
	}
	return SearchJob.Later(ctx, tx, Search{Subject: a.Subject})
}

func insertPayers(ctx context.Context, tx *db.Tx, a Announcement) error {
	account, name := blinds(tx, a.PayerAccount, a.PayerName)
	marks := []string{account, name}
	for _, r := range a.Remitters {
		_, other := blinds(tx, "", r)
		marks = append(marks, other)
	}
	var rows []string
	var args []any
	for _, m := range marks {
		if m != "" {
			rows = append(rows, db.In(len(args)+1, 2))
			args = append(args, m, a.Subject)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO announcement_payer (blind, subject) VALUES `+strings.Join(rows, ", ")+` ON CONFLICT DO NOTHING`, args...)
	return err
}

// Expect changes only how much an announcement still expects, as after a part was
// paid. Other lines proposed for the subject are looked at again.
func Expect(ctx context.Context, tx *db.Tx, subject string, amount money.Amount) error {
	_, err := tx.Exec(ctx, `UPDATE announcement SET expected_fen = $1, mark = '', changed_at = $2 WHERE subject = $3 AND expected_fen <> $1`,
		amount.Fen, tx.Now(), subject)
	if err != nil {
		return err
	}
	// What is said twice lets SQLite use the index, which leaves out lines of nobody.
	more, err := db.Exists(ctx, tx, `SELECT 1 FROM bank_line WHERE subject = $1 AND subject <> '' AND state IN ('certain', 'doubtful')`, subject)
	if err != nil || !more {
		return err
	}
	return SearchJob.Later(ctx, tx, Search{Subject: subject})
}
