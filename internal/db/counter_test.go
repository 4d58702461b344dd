package db_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

// Numbers of a series have no gaps and none comes twice, with transactions that
// wait for each other and with ones that are given up.
func TestNumbersHaveNoGaps(t *testing.T) {
	for name, wait := range map[string]bool{"waiting": true, "retrying": false} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				ctx := context.Background()
				givenUp := errors.New("given up")
				var mu sync.Mutex
				var got []int64
				var wg sync.WaitGroup
				for i := range 8 {
					wg.Go(func() {
						for j := range 5 {
							var n int64
							err := d.Write(ctx, func(tx *db.Tx) (err error) {
								if wait {
									if err := tx.Alone(ctx, "counter"); err != nil {
										return err
									}
								}
								if n, err = db.Number(ctx, tx, "A-2026"); err == nil && (i+j)%4 == 0 {
									err = givenUp
								}
								return err
							})
							if errors.Is(err, givenUp) {
								continue
							}
							if err != nil {
								t.Error(err)
								continue
							}
							mu.Lock()
							got = append(got, n)
							mu.Unlock()
						}
					})
				}
				wg.Wait()
				slices.Sort(got)
				for i, n := range got {
					if n != int64(i+1) {
						t.Fatalf("the numbers are %v", got)
					}
				}
				if err := d.Read(ctx, func(tx *db.Tx) error {
					last, err := db.LastNumber(ctx, tx, "A-2026")
					none, err2 := db.LastNumber(ctx, tx, "B-2026")
					if last != int64(len(got)) || none != 0 {
						t.Errorf("last %d of %d, and %d of none", last, len(got), none)
					}
					return errors.Join(err, err2)
				}); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}
