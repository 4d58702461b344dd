package main

import (
	"context"
	"errors"
	"fmt"
	"html"
	"math/rand/v2"
	"net/url"
	"regexp"
	"time"
)

// staffPage is one kind of page of the office; paths are asked for in turn.
type staffPage struct {
	name  string
	paths []string
}

// nextLink finds where a list goes on.
var nextLink = regexp.MustCompile(`href="(/office/[^"]*cursor=[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="(/office/[^"]*cursor=[^"]*)"`)

// walk follows a list for so many pages and returns where each but the first is.
func walk(c *conn, path string, pages int, headers []string) ([]string, error) {
	var all []string
	for range pages {
		status, body, err := c.do(get(path, headers...))
		if err != nil || status != 200 {
			return nil, errors.Join(err, fmt.Errorf("%s: status %d: %.500s", path, status, body))
		}
		m := nextLink.FindSubmatch(body)
		if m == nil {
			break
		}
		path = html.UnescapeString(string(m[1]) + string(m[2]))
		all = append(all, path)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s has no next page", path)
	}
	return all, nil
}

// deep is how many pages of a list are walked through before it is measured.
const deep = 30

// staffPages are the queues as the staff read them.
func staffPages(addr string, n int, headers []string) ([]staffPage, error) {
	c := newConn(addr)
	defer c.close()
	var pages []staffPage
	add := func(name string, paths ...string) { pages = append(pages, staffPage{name, paths}) }
	next := func(name, path string) error {
		on, err := walk(c, path, deep, headers)
		add(name+": next pages", on...)
		return err
	}
	some := make([]string, 200) // reviews opened at random, of those that wait
	far := make([]string, 200)  // and pages far down the queue
	r := rand.New(rand.NewPCG(7, 7))
	for i := range some {
		some[i] = "/office/applications/" + numbered("app", r.IntN(n))
		far[i] = "/office/applications?cursor=" + numbered("app", r.IntN(n))
	}
	var err error
	add("applications", "/office/applications")
	err = errors.Join(err, next("applications", "/office/applications"))
	add("applications: anywhere in the queue", far...)
	add("applications: nobody's", "/office/applications?show=free")
	add("applications: one's own", "/office/applications?show=mine")
	add("applications: late", "/office/applications?show=late")
	err = errors.Join(err, next("applications: late", "/office/applications?show=late"))
	add("applications: decided", "/office/applications?show=decided")
	add("one application", some...)
	add("contracts", "/office/contracts")
	err = errors.Join(err, next("contracts", "/office/contracts"))
	add("contracts: nobody's", "/office/contracts?show=free")
	add("contracts: one's own", "/office/contracts?show=mine")
	add("contracts: late", "/office/contracts?show=late")
	add("contracts in force", "/office/contracts?show=signed")
	add("contracts: search by name", "/office/contracts?show=all&q="+url.QueryEscape(companyName(int64(n+7))))
	add("products", "/office/products")
	err = errors.Join(err, next("products", "/office/products"))
	add("products: one category", "/office/products?category=ops")
	add("products: changes alone", "/office/products?route=light")
	add("all products", "/office/products?show=all")
	add("all products: search by name", "/office/products?show=all&name="+url.QueryEscape(fmt.Sprintf("%d 号", n-3)))
	add("letters", "/office/mail")
	err = errors.Join(err, next("letters", "/office/mail"))
	add("letters: search by company", "/office/mail?show=all&q="+url.QueryEscape(companyName(int64(n-5))))
	add("bank lines", "/office/bank-lines")
	err = errors.Join(err, next("bank lines", "/office/bank-lines"))
	add("vendors", "/office/vendors")
	add("vendors: search by name", "/office/vendors?q="+url.QueryEscape(companyName(int64(n-9))))
	add("overview", "/office")
	return pages, err
}

// measureQueue asks the built program for the office's pages where every queue is
// long, as a member of the staff who is signed in.
func measureQueue(ctx context.Context, b *bench, s store) (string, error) {
	what := fmt.Sprintf("queue_%d", b.queue)
	if err := seedQueues(ctx, b, s, what); err != nil {
		return "", err
	}
	cookie, err := auditor(ctx, s, what)
	if err != nil {
		return "", err
	}
	t, err := s.target(ctx, what)
	if err != nil {
		return "", err
	}
	text, err := loadQueue(ctx, b, t, append([]string{cookie}, browser...))
	return text, errors.Join(err, t.stop())
}

func loadQueue(ctx context.Context, b *bench, t target, headers []string) (string, error) {
	long := time.Duration(b.seconds * float64(time.Second))
	plain := []string{headers[0], "Accept: text/html", "Accept-Language: zh-CN"} // to be read here
	pages, err := staffPages(t.addr, b.queue, plain)
	if err != nil {
		return "", err
	}
	rows := [][]string{{"page", "1 client: p50 ms", "p99 ms", "8 clients: per second", "p50 ms", "p99 ms"}}
	for _, p := range pages {
		v := visit{name: p.name, make: func(n int) []byte { return get(p.paths[n%len(p.paths)], headers...) }}
		one := closed(ctx, t.addr, v, 1, long)
		eight := closed(ctx, t.addr, v, 8, long)
		if err := errors.Join(one.why, eight.why, ctx.Err()); err != nil {
			return "", err
		}
		rows = append(rows, []string{p.name, ms(one.times.quantile(.5)), ms(one.times.quantile(.99)), whole(eight.rate()), ms(eight.times.quantile(.5)), ms(eight.times.quantile(.99))})
		b.progress.say("  %s: 1 client p50 %s p99 %s; 8 clients %s/s p50 %s p99 %s", p.name, ms(one.times.quantile(.5)), ms(one.times.quantile(.99)), whole(eight.rate()), ms(eight.times.quantile(.5)), ms(eight.times.quantile(.99)))
	}
	st := stagesOf(b.queue)
	return fmt.Sprintf(`%d applications wait (%d companies in all, %d approved, of which %d wait for a contract and %d have sent a scan), %d products and %d changes of products, %d letters, %d bank lines.
Whole pages over HTTP, gzipped, with the navigation and its numbers, by a member of the staff who is signed in; each kind asked alone for %s by each number of clients. Wanted: p99 < 50 ms.
%s
%s`, st.waiting, st.all(), st.approved, st.approved*4/10, st.approved/10, st.waiting, st.waiting/5, st.waiting, st.waiting, long, b.sharing(), table(rows)), nil
}
