package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/market"
)

// chief confirms what clerk imported. Rule D-7.
var (
	clerk = access.Actor{Kind: access.Staff, ID: "acc_0bench_clerk", Roles: []access.Role{access.Finance}}
	chief = access.Actor{Kind: access.Staff, ID: "acc_0bench_chief", Roles: []access.Role{access.Finance}}
)

// crowds are the numbers of clients that confirm at once.
var crowds = []int{1, 8, 32}

// measureDeposit confirms lines of a bank statement as deposits by the operation,
// and writes the same rows for as many others by bare SQL, in turn.
func measureDeposit(ctx context.Context, b *bench, s store) (string, error) {
	const what = "deposit"
	if err := errors.Join(s.remove(ctx, what), s.make(ctx, what)); err != nil {
		return "", err
	}
	c, err := s.config(what)
	if err != nil {
		return "", err
	}
	m, err := market.Open(ctx, c)
	if err != nil {
		return "", err
	}
	lines, err := seedDeposits(ctx, b, m.DB, 2*len(crowds)*b.rounds*b.confirms+2*warm)
	if err != nil {
		return "", errors.Join(err, m.Close())
	}
	end, err := b.profiled(what + "-" + s.name())
	if err != nil {
		return "", errors.Join(err, m.Close())
	}
	text, err := confirmBeside(ctx, b, m.DB, lines)
	return text, errors.Join(err, end(), m.Close(), s.remove(context.WithoutCancel(ctx), what))
}

func confirmBeside(ctx context.Context, b *bench, d *db.DB, lines []proposed) (string, error) {
	bare, err := newBare(ctx, d)
	if err != nil {
		return "", err
	}
	defer bare.close()
	var statements atomic.Int64
	ours := func(ctx context.Context, l proposed) error {
		return d.Write(ctx, func(tx *db.Tx) error {
			_, err := deposit.Confirm(ctx, tx, chief, deposit.Confirmation{LineID: l.line, VendorID: l.vendor})
			statements.Store(int64(tx.Statements()))
			return err
		})
	}
	take := func(n int) []proposed {
		part := lines[:n]
		lines = lines[n:]
		return part
	}
	for _, confirm := range []func(context.Context, proposed) error{ours, bare.confirm} {
		if o := crowd(ctx, take(warm), 4, confirm); o.why != nil {
			return "", o.why
		}
	}
	rows := [][]string{{"clients", "the operation, per second", "p50 ms", "p99 ms", "bare SQL, per second", "p50 ms", "p99 ms", "ratio"}}
	for _, clients := range crowds {
		var rates [2][]float64
		var all [2]times
		for round := range b.rounds {
			for i := range 2 {
				who := (i + round) % 2 // who is first changes with the round
				o := crowd(ctx, take(b.confirms), clients, []func(context.Context, proposed) error{ours, bare.confirm}[who])
				if err := errors.Join(o.why, ctx.Err()); err != nil {
					return "", err
				}
				rates[who] = append(rates[who], o.rate())
				all[who] = append(all[who], o.times...)
			}
		}
		us, them := median(rates[0]), median(rates[1])
		rows = append(rows, []string{fmt.Sprint(clients), whole(us), ms(all[0].quantile(.5)), ms(all[0].quantile(.99)),
			whole(them), ms(all[1].quantile(.5)), ms(all[1].quantile(.99)), fmt.Sprintf("%.2f", us/them)})
		b.progress.say("  %d clients: %s/s, bare %s/s, ratio %.2f", clients, whole(us), whole(them), us/them)
	}
	return fmt.Sprintf(`The whole of deposit.Confirm in its transaction: %d statements that lock the vendor, weigh the line against what is expected, take the line, post to
the ledger, cover the categories, number and write the receipt, and leave the event and the job of the PDF. Beside it the same rows of as many other
vendors by %d prepared statements in a transaction each, which read and decide nothing. %d confirmations by each in every round, %d rounds in turn, the median rate; the jobs do not run meanwhile.

%s`, statements.Load(), len(bareStatements), b.confirms, b.rounds, table(rows)), nil
}

// crowd has so many clients confirm the lines as fast as they can.
func crowd(ctx context.Context, lines []proposed, clients int, confirm func(context.Context, proposed) error) outcome {
	var next atomic.Int64
	all := make([]outcome, clients)
	begun := time.Now()
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(lines) || ctx.Err() != nil {
					return
				}
				at := time.Now()
				if err := confirm(ctx, lines[n]); err != nil {
					all[i].failed++
					all[i].why = fmt.Errorf("line %s: %w", lines[n].line, err)
					return
				}
				all[i].times = append(all[i].times, time.Since(at))
			}
		})
	}
	wg.Wait()
	return join(all, time.Since(begun))
}
