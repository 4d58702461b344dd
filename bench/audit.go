package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"
)

// auditSearches are what those who audit look for: each is another one each time,
// by its number.
func auditSearches(events int, now time.Time) []visit {
	kinds := auditKinds()
	began := now.AddDate(-auditYears, 0, 0)
	var all []visit
	add := func(name string, search func(r *rand.Rand) string) {
		all = append(all, visit{name: name, make: func(n int) []byte {
			return get("/office/audit?"+search(rand.New(rand.NewPCG(23, uint64(n)))), browser...)
		}})
	}
	q := func(pairs ...string) string {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return v.Encode()
	}
	vendor := func(r *rand.Rand) string { return auditVendor(skewed(r, auditVendors)) }
	staff := func(r *rand.Rand) string { return auditPerson(skewed(r, auditStaff)) }
	kind := func(r *rand.Rand) string { return kinds[r.IntN(len(kinds))] }
	area := func(r *rand.Rand) string { a, _, _ := strings.Cut(kind(r), "."); return a }
	day := func(r *rand.Rand) string { return began.AddDate(0, 0, 1+r.IntN(auditYears*365-2)).Format("2006-01-02") }
	add("nothing but the newest", func(*rand.Rand) string { return "" })
	add("a company", func(r *rand.Rand) string { return q("vendor", vendor(r)) })
	add("a company by its name", func(r *rand.Rand) string { return q("vendor", companyName(int64(10_000+r.IntN(auditVendors-10_000)))) })
	add("one of the staff", func(r *rand.Rand) string { return q("who", staff(r)) })
	add("a vendor's person", func(r *rand.Rand) string { return q("who", auditMember(skewed(r, 2*auditVendors))) })
	add("a kind", func(r *rand.Rand) string { return q("kind", kind(r)) })
	add("an area", func(r *rand.Rand) string { return q("area", area(r)) })
	add("a thing", func(r *rand.Rand) string { return q("subject", auditSubject(skewed(r, auditVendors)*100+r.IntN(100))) })
	add("an address", func(r *rand.Rand) string {
		v := skewed(r, auditVendors)
		return q("address", fmt.Sprintf("198.51.%d.%d", v>>8&255, v&255))
	})
	add("a day", func(r *rand.Rand) string { d := day(r); return q("from", d, "to", d) })
	add("a kind on a day", func(r *rand.Rand) string { d := day(r); return q("kind", kind(r), "from", d, "to", d) })
	add("a company on a day", func(r *rand.Rand) string { d := day(r); return q("vendor", vendor(r), "from", d, "to", d) })
	add("a company and a kind", func(r *rand.Rand) string { return q("vendor", vendor(r), "kind", kind(r)) })
	add("a company and an area", func(r *rand.Rand) string { return q("vendor", vendor(r), "area", area(r)) })
	add("one of the staff and a company", func(r *rand.Rand) string { return q("who", staff(r), "vendor", vendor(r)) })
	add("one of the staff and a kind", func(r *rand.Rand) string { return q("who", staff(r), "kind", kind(r)) })
	add("one of the staff and an area", func(r *rand.Rand) string { return q("who", staff(r), "area", area(r)) })
	add("one of the staff on a day", func(r *rand.Rand) string { d := day(r); return q("who", staff(r), "from", d, "to", d) })
	add("words of the sentence", func(r *rand.Rand) string {
		return q("q", []string{"保证金", "合同", "登录", "申请", "deposit", "的"}[r.IntN(6)])
	})
	add("words in a month", func(r *rand.Rand) string {
		d := began.AddDate(0, r.IntN(auditYears*12-1), 0)
		return q("q", "保证金", "from", d.Format("2006-01-02"), "to", d.AddDate(0, 1, 0).Format("2006-01-02"))
	})
	add("the office's address", func(*rand.Rand) string { return q("address", officeNet) })
	add("the office's address and a kind", func(r *rand.Rand) string { return q("address", officeNet, "kind", kind(r)) })
	add("a rare kind", func(*rand.Rand) string { return q("kind", rareKind) })
	add("a kind that never was", func(*rand.Rand) string { return q("kind", neverKind) })
	add("a rare kind, one of the staff", func(r *rand.Rand) string { return q("kind", rareKind, "who", staff(r)) })
	add("a kind that never was, the largest company", func(*rand.Rand) string { return q("kind", neverKind, "vendor", auditVendor(0)) })
	add("a kind that never was, the office's address", func(*rand.Rand) string { return q("kind", neverKind, "address", officeNet) })
	add("one of the staff and a company that never met", func(r *rand.Rand) string {
		return q("who", auditPerson(0), "vendor", auditVendor(auditVendors-1-r.IntN(200)))
	})
	add("one of the staff at a vendor's address", func(r *rand.Rand) string { return q("who", auditPerson(0), "address", "198.51.0.0") })
	add("a next page, anywhere", func(r *rand.Rand) string {
		return q("cursor", entryOf(r.IntN(events), events, began, kinds).id)
	})
	add("a kind, a next page anywhere", func(r *rand.Rand) string {
		return q("kind", kind(r), "cursor", entryOf(r.IntN(events), events, began, kinds).id)
	})
	return all
}

// measureAudit searches a log of many events by the page of the office.
func measureAudit(ctx context.Context, b *bench, s store) (string, error) {
	if !s.postgres {
		return "Measured on PostgreSQL alone: an installation with so long a log has it there.\n", nil
	}
	what := fmt.Sprintf("audit_%d", b.events)
	if err := seedAudit(ctx, b, s, what); err != nil {
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
	body, err := loadAudit(ctx, b, t, cookie)
	if err = errors.Join(err, t.stop()); err == nil && !b.keep {
		err = s.remove(ctx, what)
	}
	return body, err
}

func loadAudit(ctx context.Context, b *bench, t target, cookie string) (string, error) {
	long := time.Duration(b.seconds * float64(time.Second))
	rows := [][]string{{"looked for", "1 client: p50 ms", "p99 ms", "most ms", "4 clients: per second", "p50 ms", "p99 ms"}}
	row := func(v visit, long time.Duration) error {
		one := closed(ctx, t.addr, v, 1, long)
		four := closed(ctx, t.addr, v, 4, long)
		if err := errors.Join(one.why, four.why, ctx.Err()); err != nil {
			return err
		}
		rows = append(rows, []string{v.name, ms(one.times.quantile(.5)), ms(one.times.quantile(.99)), ms(one.times.max()), whole(four.rate()), ms(four.times.quantile(.5)), ms(four.times.quantile(.99))})
		b.progress.say("  %s: 1 client p50 %s p99 %s; 4 clients %s/s p50 %s p99 %s", v.name, ms(one.times.quantile(.5)), ms(one.times.quantile(.99)), whole(four.rate()), ms(four.times.quantile(.5)), ms(four.times.quantile(.99)))
		return nil
	}
	searches := auditSearches(b.events, time.Now().UTC())
	for i, v := range searches {
		make := v.make
		searches[i].make = func(n int) []byte { return withHeader(make(n), cookie) }
		if err := row(searches[i], long); err != nil {
			return "", err
		}
	}
	if err := row(mixed("all of these in turn", searches), 4*long); err != nil {
		return "", err
	}
	return fmt.Sprintf(`%d events of %d years: %d companies, the largest with some thousandths of all, %d kinds, %d of the staff, all at one address. Whole pages over HTTP,
another company, person, kind, day and so on each time; each kind of search asked alone for %s by each number of clients. Written by COPY, not chained by hash. Wanted: p99 < 200 ms.
%s
%s`, b.events, auditYears, auditVendors, len(auditKinds())+1, auditStaff, long, b.sharing(), table(rows)), nil
}

// withHeader puts one more line into the head of a request.
func withHeader(req []byte, line string) []byte {
	head, rest, _ := strings.Cut(string(req), "\r\n")
	return []byte(head + "\r\n" + line + "\r\n" + rest)
}
