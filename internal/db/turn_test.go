package db_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

// On PostgreSQL transactions that take their turn first do not undo each other;
// those that take it late are run again, and no number is lost either way.
func TestNumbersInTurn(t *testing.T) {
	t.Parallel()
	d := dbtest.PostgresOrNil(t)
	if d == nil {
		return
	}
	ctx := context.Background()
	const each = 40
	for _, early := range []bool{true, false} {
		var runs atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range each / 8 {
					err := d.Write(ctx, func(tx *db.Tx) error {
						runs.Add(1)
						if early {
							if err := tx.InTurn(ctx, db.Numbers); err != nil {
								return err
							}
						}
						if _, err := db.LastNumber(ctx, tx, "turn"); err != nil {
							return err
						}
						_, err := db.Number(ctx, tx, "turn")
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if early && runs.Load() != each {
			t.Errorf("%d writes were run %d times", each, runs.Load())
		}
	}
	err := d.Read(ctx, func(tx *db.Tx) error {
		n, err := db.LastNumber(ctx, tx, "turn")
		if n != 2*each {
			t.Errorf("the last number is %d, want %d", n, 2*each)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
