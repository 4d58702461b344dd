package catalog_test

import (
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// What is kept in memory never outlives a change, whoever made it: the second of
// two readings comes from memory, the one after the change does not.
func TestWhatIsKeptFollowsEveryChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		load(t, d, goods("a", "甲 镜像", in("image", "image")), goods("b", "乙 镜像", in("image", "image")))
		here, there := catalog.New(d), catalog.New(d)
		see := func(what, names, words string, total int) {
			t.Helper()
			for _, c := range []*catalog.Catalog{here, there, here} {
				p := find(t, c, catalog.Query{Words: words})
				got := ""
				for _, card := range p.Cards {
					got += card.Name + " "
				}
				if got != names || p.Total != total || p.Categories["image"] != total {
					t.Errorf("%s, %q: %q, %d, %v; want %q, %d", what, words, got, p.Total, p.Categories, names, total)
				}
			}
		}
		see("at first", "乙 镜像 甲 镜像 ", "", 2)
		see("at first", "乙 镜像 甲 镜像 ", "镜像", 2)
		load(t, d, goods("a", "丙 镜像", in("image", "image")))
		see("renamed", "乙 镜像 丙 镜像 ", "", 2)
		see("renamed", "丙 镜像 ", "丙", 1)
		remove(t, d, "b")
		see("removed", "丙 镜像 ", "", 1)
		see("removed", "丙 镜像 ", "镜像", 1)
		p := find(t, here, catalog.Query{})
		p.Categories["image"] = 99
		see("a page is its reader's own", "丙 镜像 ", "", 1)
	})
}

func TestReadersAndWritersTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := market(60)
		load(t, d, all...)
		c := catalog.New(d)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for i := range 40 {
					q := catalog.Query{Limit: 60}
					if i%2 == 1 {
						q.Words = "商品"
					}
					if p := find(t, c, q); p.Total != len(all) || len(p.Cards) != len(all) {
						t.Errorf("%d products, %d shown; want %d", p.Total, len(p.Cards), len(all))
					}
				}
			})
		}
		for i := range 20 {
			load(t, d, all[i])
		}
		wg.Wait()
	})
}
