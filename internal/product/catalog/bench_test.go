package catalog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// BenchmarkFind reads a shelf of 50,000 products in the ways that buyers do; the
// words are each asked for the first time unless kept.
func BenchmarkFind(b *testing.B) {
	stores := []struct {
		name string
		open func(testing.TB) *db.DB
	}{{"sqlite", dbtest.SQLite}}
	if os.Getenv("YUNSHI_TEST_POSTGRES") != "" {
		stores = append(stores, stores[0])
		stores[1].name, stores[1].open = "postgres", dbtest.Postgres
	}
	all := market(50_000)
	for _, store := range stores {
		d := store.open(b)
		load(b, d, all...)
		if d.Dialect() == db.Postgres {
			if _, err := d.SQL().Exec("ANALYZE"); err != nil {
				b.Fatal(err)
			}
		}
		kept := catalog.New(d)
		find(b, kept, catalog.Query{})
		run := func(name string, q func(i int) catalog.Query, fresh bool) {
			b.Run(store.name+"/"+name, func(b *testing.B) {
				c := kept
				for i := range b.N {
					if fresh {
						c.Forget()
					}
					find(b, c, q(i))
				}
			})
		}
		r := rand.New(rand.NewPCG(3, 4))
		run("newest", func(int) catalog.Query { return catalog.Query{} }, false)
		run("category by price", func(int) catalog.Query { return catalog.Query{Category: "ops", Sort: catalog.PriceUp} }, false)
		run("narrow price", func(i int) catalog.Query { return catalog.Query{FromFen: 99900, ToFen: 99900, Category: "api"} }, false)
		run("rare words, first time", func(int) catalog.Query { return catalog.Query{Words: fmt.Sprintf("数据库镜像 %d", r.IntN(1000))} }, true)
		run("usual word, first time", func(int) catalog.Query { return catalog.Query{Words: "镜像"} }, true)
		run("word of every product, first time", func(int) catalog.Query { return catalog.Query{Words: "商品"} }, true)
		run("word of every product, in a category, first time", func(int) catalog.Query { return catalog.Query{Words: "商品", Category: "ops"} }, true)
		run("no such words, first time", func(int) catalog.Query { return catalog.Query{Words: "商品量子密钥分发"} }, true)
		run("word of every product, kept", func(int) catalog.Query { return catalog.Query{Words: "商品"} }, false)
		b.Run(store.name+"/product", func(b *testing.B) {
			for range b.N {
				if _, err := kept.Product(context.Background(), all[r.IntN(len(all))].ID); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(store.name+"/after a change", func(b *testing.B) {
			for i := range b.N {
				b.StopTimer()
				load(b, d, all[i])
				b.StartTimer()
				find(b, kept, catalog.Query{})
			}
		})
	}
}
