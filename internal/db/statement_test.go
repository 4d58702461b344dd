package db

import (
	"context"
	"fmt"
	"testing"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// A statement that is kept prepared gives what it gave before, also when the same
// one is asked while its rows are being read.
func TestKeptStatements(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	for i := range 6 {
		if err := d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, i) }); err != nil {
			t.Fatal(err)
		}
	}
	const q = `SELECT n FROM note WHERE n >= $1 ORDER BY n`
	for range 4 {
		err := d.Read(ctx, func(tx *Tx) error {
			outer := 0
			return Each(ctx, tx, Value[int], func(n int) error {
				if n != outer {
					t.Errorf("row %d is %d", outer, n)
				}
				outer++
				inner, err := All(ctx, tx, Value[int], q, 4)
				if fmt.Sprint(inner) != "[4 5]" {
					t.Errorf("the inner reading got %v", inner)
				}
				return err
			}, q, 0)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if st, _ := d.reads.find(q); st == nil {
		t.Error("a statement that came often is not kept")
	}
}

func TestPeek(t *testing.T) {
	t.Parallel()
	d := lite(t)
	ctx := context.Background()
	for i := range 4 {
		if err := d.Write(ctx, func(tx *Tx) error { return insert(ctx, tx, i) }); err != nil {
			t.Fatal(err)
		}
		n, err := Peek(ctx, d, Value[int], `SELECT COUNT(*) FROM note`)
		if err != nil || n != i+1 {
			t.Errorf("peeked %d, %v; want %d", n, err, i+1)
		}
	}
	if _, err := Peek(ctx, d, Value[int], `SELECT n FROM note WHERE n = $1`, 99); !fault.Is(err, fault.NotFound) {
		t.Errorf("peeked at nothing: %v", err)
	}
}
