package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/product/catalog"
)

// seedCatalogue fills the catalogue up to its size. Products are made by their
// number, so a seeding that was stopped goes on with the next one.
func seedCatalogue(ctx context.Context, b *bench, s store, what string) error {
	if err := s.make(ctx, what); err != nil {
		return err
	}
	c, err := s.config(what)
	if err != nil {
		return err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return fmt.Errorf("%w (a catalogue of another version? remove %s)", err, s.folder(what))
	}
	return errors.Join(seed(ctx, b, m.DB), m.Close())
}

func seed(ctx context.Context, b *bench, d *db.DB) error {
	// Shops are written last, so that one read tells whether all is there.
	count := func(q string) (n int, err error) {
		return n, d.SQL().QueryRowContext(ctx, q).Scan(&n)
	}
	n, err := count("SELECT COUNT(*) FROM shelf")
	if err != nil {
		return err
	}
	if n > b.products {
		return fmt.Errorf("the work folder holds a catalogue of %d products, more than -products %d", n, b.products)
	}
	const step = 1000
	for n < b.products {
		part := make([]catalog.Shelf, min(step, b.products-n))
		for i := range part {
			part[i] = shelfOf(n+i, b.products)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return catalog.Load(ctx, tx, part) }); err != nil {
			return err
		}
		n += len(part)
		b.progress.at("products", n, b.products)
	}
	shops, err := count("SELECT COUNT(*) FROM shop")
	if err != nil {
		return err
	}
	for v := shops; v < sellers(b.products); {
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i := v; i < min(v+200, sellers(b.products)); i++ {
				if err := catalog.PutShop(ctx, tx, shopOf(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		v = min(v+200, sellers(b.products))
	}
	if d.Dialect() == db.Postgres { // autovacuum would do it some minutes later
		_, err = d.SQL().ExecContext(ctx, "ANALYZE")
		return err
	}
	return catalog.Tidy(ctx, d) // as the daily job does
}

// browser and program are how the two kinds of client ask.
var (
	browser = []string{"Accept: text/html", "Accept-Encoding: gzip", "Accept-Language: zh-CN,zh;q=0.9", "User-Agent: Mozilla/5.0"}
	program = []string{"Accept: application/json", "Accept-Encoding: gzip", "User-Agent: bench"}
)

// visits are what buyers and their programs ask for.
func visits(products int) (pages, api []visit) {
	page := func(name string, path func(n int) string) {
		pages = append(pages, visit{name: name, make: func(n int) []byte { return get(path(n), browser...) }})
	}
	call := func(name string, path func(n int) string) {
		api = append(api, visit{name: name, make: func(n int) []byte { return get("/v1/catalog"+path(n), program...) }})
	}
	same := func(path string) func(int) string { return func(int) string { return path } }
	some := func(n int) string { return productID(rand.New(rand.NewPCG(5, uint64(n))).IntN(products)) }
	words := func(prefix, w string) string { return prefix + url.QueryEscape(w) }
	page("home", same("/"))
	page("list", same("/products"))
	page("list, one category by price", same("/products?category=ops&sort=price"))
	page("search 镜像 (of most images)", same(words("/products?q=", "镜像")))
	page("search 备份 (two characters)", same(words("/products?q=", "备份")))
	page("search wordpress", same("/products?q=wordpress"))
	page("search without a hit", same(words("/products?q=", "量子纠缠")))
	page("search, another each time", func(n int) string { return words("/products?q=", looked(n)) })
	page("detail, another each time", func(n int) string { return "/products/" + some(n) })
	call("list", same("/products"))
	call("list, one category by price", same("/products?category=ops&sort=price"))
	call("search 镜像", same(words("/products?q=", "镜像")))
	call("search 备份", same(words("/products?q=", "备份")))
	call("search wordpress", same("/products?q=wordpress"))
	call("search without a hit", same(words("/products?q=", "量子纠缠")))
	call("search, another each time", func(n int) string { return words("/products?q=", looked(n)) })
	call("detail, another each time", func(n int) string { return "/products/" + some(n) })
	return pages, api
}

// mixed asks for each of several things in turn.
func mixed(name string, of []visit) visit {
	return visit{name: name, make: func(n int) []byte { return of[n%len(of)].make(n / len(of)) }}
}

// measureCatalogue asks the built program for pages and API answers of a large
// catalogue, each kind alone, then all together at rising numbers of clients.
func measureCatalogue(ctx context.Context, b *bench, s store) (string, error) {
	what := fmt.Sprintf("catalogue_%d", b.products)
	if err := seedCatalogue(ctx, b, s, what); err != nil {
		return "", err
	}
	t, err := s.target(ctx, what)
	if err != nil {
		return "", err
	}
	text, err := loadCatalogue(ctx, b, t)
	return text, errors.Join(err, t.stop())
}

func loadCatalogue(ctx context.Context, b *bench, t target) (string, error) {
	long := time.Duration(b.seconds * float64(time.Second))
	pages, api := visits(b.products)
	rows := [][]string{{"", "8 clients: per second", "p50 ms", "p99 ms", "200/s: p50 ms", "p99 ms"}}
	for _, face := range []struct {
		name string
		of   []visit
	}{{"page", pages}, {"API", api}} {
		for _, v := range face.of {
			if err := ctx.Err(); err != nil {
				return "", err
			}
			c := closed(ctx, t.addr, v, 8, long)
			o := open(ctx, t.addr, v, 200, long)
			if err := errors.Join(c.why, o.why); err != nil {
				return "", err
			}
			rows = append(rows, []string{face.name + ": " + v.name, whole(c.rate()), ms(c.times.quantile(.5)), ms(c.times.quantile(.99)), ms(o.times.quantile(.5)), ms(o.times.quantile(.99))})
			b.progress.say("  %s: %s: %s/s p99 %s; 200/s p99 %s", face.name, v.name, whole(c.rate()), ms(c.times.quantile(.99)), ms(o.times.quantile(.99)))
		}
	}
	var w strings.Builder
	fmt.Fprintf(&w, "%d products, answers gzipped; each kind asked alone for %s. Wanted: p99 < 10 ms.\n\n%s", b.products, long, table(rows))
	rates := [][]string{{"all kinds in turn", "clients", "per second", "p50 ms", "p99 ms"}}
	for _, v := range []visit{mixed("pages", pages), mixed("API", api)} {
		best := outcome{took: 1}
		var at int
		for _, clients := range []int{2, 4, 8, 16, 32} {
			o := closed(ctx, t.addr, v, clients, long)
			if err := errors.Join(o.why, ctx.Err()); err != nil {
				return "", err
			}
			if o.rate() > best.rate() || at == 0 {
				best, at = o, clients
			}
		}
		rates = append(rates, []string{v.name, fmt.Sprint(at), whole(best.rate()), ms(best.times.quantile(.5)), ms(best.times.quantile(.99))})
		b.progress.say("  highest rate, %s: %s/s at %d clients", v.name, whole(best.rate()), at)
	}
	fmt.Fprintf(&w, "\nThe highest rate reached, of 2, 4, 8, 16 and 32 clients:\n\n%s", table(rates))
	if now, most := t.memory(); now > 0 {
		fmt.Fprintf(&w, "\nMemory (RSS) of the server after all that: %.0f MB, at most %.0f MB.\n", now, most)
	}
	return w.String(), nil
}
