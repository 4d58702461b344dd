package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/market"
)

// office is a marketplace of this process with its jobs running, whose mails and
// texts are caught, and a reviewer's token.
type office struct {
	m     *market.Market
	addr  string
	codes *codes
	token string
	docs  []document
	stop  func() error
}

// reviewerPassword is of the one member of staff there is.
const reviewerPassword = "correct horse battery staple"

func openOffice(ctx context.Context, s store, what string) (*office, error) {
	if err := errors.Join(s.remove(ctx, what), s.make(ctx, what)); err != nil {
		return nil, err
	}
	c, err := s.config(what)
	if err != nil {
		return nil, err
	}
	o := &office{codes: newCodes()}
	c.Mail, c.SMS, c.TrustProxy = mailer{o.codes}, texter{o.codes}, true
	if o.m, err = market.Open(ctx, c); err != nil {
		return nil, err
	}
	addr, stop, err := listen(o.m)
	if err != nil {
		return nil, errors.Join(err, o.m.Close())
	}
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() { defer close(done); o.m.Runner.Run(running) }()
	o.addr = addr
	o.stop = func() error { err := stop(); end(); <-done; return errors.Join(err, o.m.Close()) }
	if err := o.hire(ctx); err != nil {
		return nil, errors.Join(err, o.stop())
	}
	return o, nil
}

// hire makes the reviewer and reads the agreements that every vendor accepts.
func (o *office) hire(ctx context.Context) error {
	in := account.NewStaff{Mail: "reviewer@example.com", Name: "赵敏", Roles: []access.Role{access.Reviewer}, Password: reviewerPassword}
	if err := in.Prepare(ctx); err != nil {
		return err
	}
	err := o.m.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := account.AddStaff(ctx, tx, access.CommandActor("bench"), in)
		if err != nil {
			return err
		}
		ses, err := account.Begin(ctx, tx, a.Actor(), a, "bench")
		if err != nil {
			return err
		}
		o.token = ses.Token
		return entered(ctx, tx, ses)
	})
	if err != nil {
		return err
	}
	c := &caller{conn: newConn(o.addr), from: "198.51.100.1"}
	defer c.conn.close()
	var docs struct{ Items []document }
	err = c.get("/v1/agreements", &docs)
	o.docs = docs.Items
	return err
}

// companies counts those made so far; each has a name and numbers of its own.
var companies atomic.Int64

// measureOnboarding brings companies from their registration to their approval,
// every step a request, by 1 and by 8 clients; then once more with the password
// left out, to show what its hash costs.
func measureOnboarding(ctx context.Context, b *bench, s store) (string, error) {
	const what = "onboarding"
	o, err := openOffice(ctx, s, what)
	if err != nil {
		return "", err
	}
	long := time.Duration(2 * b.seconds * float64(time.Second))
	end, err := b.profiled(what + "-" + s.name())
	if err != nil {
		return "", errors.Join(err, o.stop())
	}
	text, err := onboard(ctx, b, o, long)
	return text, errors.Join(err, end(), o.stop(), s.remove(context.WithoutCancel(ctx), what))
}

func onboard(ctx context.Context, b *bench, o *office, long time.Duration) (string, error) {
	rows := [][]string{{"", "companies per second", "requests per second", "p50 ms", "p99 ms"}}
	steps := [][]string{{"median ms"}}
	for _, n := range stepNames {
		steps = append(steps, []string{n})
	}
	for _, hashed := range []bool{true, false} {
		for _, clients := range []int{1, 8} {
			sum, by, requests, err := companiesFor(ctx, o, clients, long, hashed)
			if err != nil {
				return "", err
			}
			name := fmt.Sprintf("%s, %d clients", map[bool]string{true: "with the password's hash", false: "without"}[hashed], clients)
			name = strings.Replace(name, "1 clients", "1 client", 1)
			rows = append(rows, []string{name, whole(sum.rate()), whole(float64(requests) / sum.took.Seconds()), ms(sum.times.quantile(.5)), ms(sum.times.quantile(.99))})
			steps[0] = append(steps[0], name)
			for i, n := range stepNames {
				cell := "–"
				if len(by[n]) > 0 {
					cell = ms(by[n].quantile(.5))
				}
				steps[i+1] = append(steps[i+1], cell)
			}
			b.progress.say("  %s: %s companies/s", name, whole(sum.rate()))
		}
	}
	return fmt.Sprintf(`One company is %d requests: register, both codes, sign in, begin, four uploads (sealed and flushed to disk), accept the agreements, save,
submit; the reviewer claims, reads and decides. Its time includes waiting for the two codes, which jobs send; the jobs share the machine.
Each POST carries an Idempotency-Key. "Without" registers and signs in by the operations, below the API's hashing, and leaves all else as it is.

%s
Where the time goes ("upload" is all four; without the hash "codes" holds register and sign in too):

%s`, perCompany, table(rows), table(steps)), nil
}

func companiesFor(ctx context.Context, o *office, clients int, long time.Duration, hashed bool) (sum outcome, by map[string]times, requests int, err error) {
	type part struct {
		outcome
		steps    map[string]times
		requests int
	}
	all := make([]part, clients)
	begun := time.Now()
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			p := &all[i]
			p.steps = make(map[string]times)
			a := &applicant{o: o, hashed: hashed, member: &caller{conn: newConn(o.addr)}, staff: &caller{conn: newConn(o.addr), token: o.token, from: "198.51.100.1"}}
			defer a.member.conn.close()
			defer a.staff.conn.close()
			for time.Since(begun) < long && ctx.Err() == nil {
				at := time.Now()
				if p.why = a.story(ctx, companies.Add(1), p.steps); p.why != nil {
					return
				}
				p.times = append(p.times, time.Since(at))
			}
			p.requests = a.member.count + a.staff.count
		})
	}
	wg.Wait()
	by = make(map[string]times)
	sum.took = time.Since(begun)
	for _, p := range all {
		sum.times = append(sum.times, p.times...)
		requests += p.requests
		err = errors.Join(err, p.why)
		for n, t := range p.steps {
			by[n] = append(by[n], t...)
		}
	}
	return sum, by, requests, errors.Join(err, ctx.Err())
}
