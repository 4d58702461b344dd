package db

import (
	"context"
	"fmt"
	"runtime/debug"
)

// call is one write that waits for its turn on SQLite.
type call struct {
	ctx  context.Context
	fn   func(tx *Tx) error
	err  error
	done chan struct{}
}

// groupSize bounds how many writes share one commit.
const groupSize = 128

// panicked carries a panic of a write's function back to its caller.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// writeGrouped hands fn to the one goroutine that writes and waits for its commit.
func (d *DB) writeGrouped(ctx context.Context, fn func(tx *Tx) error) error {
	c := &call{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case d.queue <- c:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-c.done
	if p, ok := c.err.(*panicked); ok {
		panic(p)
	}
	return c.err
}

// commitGroups runs what is queued, each call in its own savepoint, and commits
// once for all that waited: the disk is flushed once for many. A failing call is
// undone alone. No call is answered before the commit that holds it.
func (d *DB) commitGroups() {
	defer close(d.done)
	for first := range d.queue {
		d.commitGroup(first)
	}
}

func (d *DB) commitGroup(first *call) {
	raw, err := d.write.BeginTx(context.Background(), nil)
	if err != nil {
		first.answer(err)
		return
	}
	var ran []*call
	var wakes bool
	broken := func(err error) {
		raw.Rollback()
		for _, c := range ran {
			c.answer(err)
		}
	}
	for c, n := first, 1; ; n++ {
		tx := d.newTx(raw)
		tx.shared = true
		if err := tx.inSavepoint(c); err != nil {
			ran = append(ran, c)
			broken(err)
			return
		}
		if c.err != nil {
			c.answer(c.err)
		} else {
			ran = append(ran, c)
			wakes = wakes || tx.wakes
		}
		if n == groupSize {
			break
		}
		select {
		case next, ok := <-d.queue:
			if ok {
				c = next
				continue
			}
		default:
		}
		break
	}
	if len(ran) == 0 {
		raw.Rollback()
		return
	}
	if err := raw.Commit(); err != nil {
		broken(err)
		return
	}
	for _, c := range ran {
		c.answer(nil)
	}
	d.wakeIf(wakes)
}

func (c *call) answer(err error) {
	c.err = err
	close(c.done)
}

// inSavepoint runs one call; the returned error means that the transaction itself is lost.
func (tx *Tx) inSavepoint(c *call) error {
	bg := context.Background()
	if _, err := tx.raw.ExecContext(bg, "SAVEPOINT one"); err != nil {
		return err
	}
	c.err = safely(c.fn, tx)
	if c.err == nil && c.ctx.Err() != nil {
		c.err = c.ctx.Err()
	}
	if c.err != nil {
		if _, err := tx.raw.ExecContext(bg, "ROLLBACK TO one"); err != nil {
			return c.err
		}
	}
	_, err := tx.raw.ExecContext(bg, "RELEASE one")
	return err
}

func safely(fn func(tx *Tx) error, tx *Tx) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{v, debug.Stack()}
		}
	}()
	return fn(tx)
}
