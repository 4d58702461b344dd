package takeout_test

import (
	"context"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/takeout"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// TestAGreatCompanyIsNotHeldInMemory: fifty thousand products of two kilobytes each
// are a hundred megabytes as JSON and as much as CSV.
func TestAGreatCompanyIsNotHeldInMemory(t *testing.T) {
	const products, most = 50_000, 64 << 20
	d := dbtest.SQLite(t)
	s := opened(t, d)
	v, owner := s.company("王芳")
	details := strings.Repeat("按月巡检云上系统，", 40)
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		const columns = 7
		for from := 0; from < products; from += 500 {
			var rows []string
			var args []any
			for i := range 500 {
				sum := sha512.Sum512([]byte{byte(from), byte(from >> 8), byte(i), byte(i >> 8)})
				rows = append(rows, db.In(len(args)+1, columns))
				content := `{"name":"巡检","details":"` + details + strings.Repeat(hex.EncodeToString(sum[:]), 8) + `"}`
				args = append(args, fmt.Sprintf("prd_%07d", from+i), v.ID, "ops", content, "draft", tx.Now(), tx.Now())
			}
			_, err := tx.Exec(context.Background(), `INSERT INTO product (id, vendor_id, category, content, status, made_at, changed_at, form, name) SELECT column1, column2, column3, column4, column5, column6, column7, 'service', '巡检' FROM (VALUES `+strings.Join(rows, ", ")+`)`, args...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var mu sync.Mutex
	var peak uint64
	look := func() {
		var now runtime.MemStats
		runtime.ReadMemStats(&now)
		mu.Lock()
		defer mu.Unlock()
		peak = max(peak, now.HeapInuse)
	}
	var seen []int64
	s.store.fail(func(int) error {
		look()
		var t takeout.Takeout
		err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
			list, err := takeout.List(context.Background(), tx, owner, struct{}{})
			t = list[0]
			return err
		})
		seen = append(seen, t.Done)
		return err
	})
	asked := s.ask(owner)
	s.drain()
	look()
	made := s.get(owner, asked.ID)
	if made.Status != takeout.Ready || made.Records < products {
		t.Fatalf("it is %+v", made)
	}
	if grown := peak - min(peak, before.HeapInuse); grown > most {
		t.Errorf("%d MB of heap at the most, want less than %d", grown>>20, most>>20)
	}
	t.Logf("%d MB at the most, %d MB of file, seen at %v", (peak-min(peak, before.HeapInuse))>>20, made.Bytes>>20, seen)
}
