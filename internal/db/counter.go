package db

import "context"

// Number returns the next number of a series, from 1 and without gaps: it counts
// only if the transaction commits. Two transactions that ask for one series run
// one after the other, so ask late, and take the turn of Numbers first of all.
func Number(ctx context.Context, tx *Tx, series string) (int64, error) {
	if err := tx.InTurn(ctx, Numbers); err != nil {
		return 0, err
	}
	return One(ctx, tx, Value[int64], `
		INSERT INTO counter (series, last) VALUES ($1, 1)
		ON CONFLICT (series) DO UPDATE SET last = counter.last + 1 RETURNING last`, series)
}

// LastNumber is the last number given of a series, 0 where none was.
func LastNumber(ctx context.Context, tx *Tx, series string) (int64, error) {
	n, err := All(ctx, tx, Value[int64], `SELECT last FROM counter WHERE series = $1`, series)
	if err != nil || len(n) == 0 {
		return 0, err
	}
	return n[0], nil
}

// Alone lets the transactions that call it for a table run one after the other,
// where they would only undo each other, as those that take the next number of one
// series. On PostgreSQL it must be the first statement, before the transaction's
// view of the data is taken; later, and on SQLite, it does nothing.
func (tx *Tx) Alone(ctx context.Context, table string) error {
	if tx.db.dialect == SQLite || tx.count > 0 {
		return nil
	}
	_, err := tx.Exec(ctx, "LOCK TABLE "+table+" IN SHARE ROW EXCLUSIVE MODE")
	return err
}
