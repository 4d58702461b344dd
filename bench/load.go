package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// visit is one kind of request: make gives the n-th of them.
type visit struct {
	name   string
	make   func(n int) []byte
	status int // what must come back; 0 is 200
}

func (v visit) check(status int, body []byte) error {
	want := v.status
	if want == 0 {
		want = 200
	}
	if status != want {
		return fmt.Errorf("%s: status %d: %.200s", v.name, status, body)
	}
	return nil
}

// warm is how many requests go before a load, uncounted.
const warm = 50

// closed runs so many clients that each ask again as soon as they are answered.
func closed(ctx context.Context, addr string, v visit, clients int, long time.Duration) outcome {
	warmUp(addr, v)
	all := make([]outcome, clients)
	begun := time.Now()
	end := begun.Add(long)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			c, o := newConn(addr), &all[i]
			defer c.close()
			for n := i; time.Now().Before(end) && ctx.Err() == nil; n += clients {
				req := v.make(warm + n)
				at := time.Now()
				o.note(c, v, req, at)
			}
		})
	}
	wg.Wait()
	return join(all, time.Since(begun))
}

// open sends requests at a constant rate, whether answers come or not; each is
// timed from the moment it was due, so that a pause of the server counts for all
// that would have come in it.
func open(ctx context.Context, addr string, v visit, rate int, long time.Duration) outcome {
	warmUp(addr, v)
	const clients = 64
	type due struct {
		n  int
		at time.Time
	}
	work := make(chan due, 1<<16)
	all := make([]outcome, clients)
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			c, o := newConn(addr), &all[i]
			defer c.close()
			for d := range work {
				o.note(c, v, v.make(warm+d.n), d.at)
			}
		})
	}
	begun := time.Now()
	total := int(float64(rate) * long.Seconds())
	for n := range total {
		at := begun.Add(time.Duration(n) * time.Second / time.Duration(rate))
		time.Sleep(time.Until(at))
		if ctx.Err() != nil {
			break
		}
		work <- due{n, at}
	}
	close(work)
	wg.Wait()
	return join(all, time.Since(begun))
}

func warmUp(addr string, v visit) {
	c := newConn(addr)
	defer c.close()
	for n := range warm {
		c.do(v.make(n)) // a failure shows in the load itself
	}
}

func (o *outcome) note(c *conn, v visit, req []byte, at time.Time) {
	status, body, err := c.do(req)
	took := time.Since(at)
	if err == nil {
		err = v.check(status, body)
	}
	if err != nil {
		o.failed++
		if o.why == nil {
			o.why = err
		}
		return
	}
	o.times = append(o.times, took)
}

func join(all []outcome, took time.Duration) outcome {
	sum := outcome{took: took}
	for _, o := range all {
		sum.times = append(sum.times, o.times...)
		sum.failed += o.failed
		if sum.why == nil {
			sum.why = o.why
		}
	}
	return sum
}
