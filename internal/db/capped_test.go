package db_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

func TestCountsStop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		put := func(value string, n int) {
			t.Helper()
			err := d.Write(ctx, func(tx *db.Tx) error {
				for i := range n {
					if err := db.SetMark(ctx, tx, fmt.Sprintf("%s %d", value, i), value); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		put("many", db.Most+5)
		put("most", db.Most)
		put("few", 3)
		type value string
		err := d.Read(ctx, func(tx *db.Tx) error {
			got, err := db.CappedEach(ctx, tx, `FROM mark WHERE value =`, []value{"many", "most", "few", "none"})
			if diff := cmp.Diff(map[value]int{"many": db.Most, "most": db.Most, "few": 3}, got); diff != "" {
				t.Errorf("−want +got\n%s", diff)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
