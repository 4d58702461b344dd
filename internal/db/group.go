package db

import (
	"context"
	"database/sql"
	"errors"
)

// call is one write that waits for its turn on SQLite.
type call struct {
	ctx  context.Context
	turn chan *Tx   // the transaction, when it is this call's turn
	ran  chan error // what the call's function returned
	done chan error // how it ended, after the commit that holds it
}

// groupSize bounds how many writes share one commit.
const groupSize = 128

// errLeft is what ran gets from a function that panicked or ended its goroutine.
var errLeft = errors.New("the write's function did not return")

// lost says that the shared transaction went down with other calls' work, which may be run again.
type lost struct{ cause error }

func (l *lost) Error() string { return "the shared transaction was lost: " + l.cause.Error() }

func (l *lost) Unwrap() error { return l.cause }

// writeGrouped waits for its turn in a shared transaction, runs fn on the caller's
// own goroutine, so that a panic is the caller's, and waits for the commit.
func (d *DB) writeGrouped(ctx context.Context, fn func(tx *Tx) error) error {
	c := &call{ctx: ctx, turn: make(chan *Tx, 1), ran: make(chan error, 1), done: make(chan error, 1)}
	select {
	case <-d.closing:
		return sql.ErrConnDone
	default:
	}
	select {
	case d.queue <- c:
	case <-d.closing:
		return sql.ErrConnDone
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case tx := <-c.turn:
		c.run(tx, fn)
	case err := <-c.done:
		return err // there was no transaction to give
	case <-d.done:
		return sql.ErrConnDone
	}
	return <-c.done
}

func (c *call) run(tx *Tx, fn func(tx *Tx) error) {
	err := errLeft
	defer func() { c.ran <- err }()
	err = fn(tx)
}

// commitGroups gives each call its turn in a savepoint of its own and commits once
// for all that waited: the disk is flushed once for many. A failing call is undone
// alone. No call is answered before the commit that holds it.
func (d *DB) commitGroups() {
	defer close(d.done)
	for {
		select {
		case first := <-d.queue:
			d.commitGroup(first)
		case <-d.closing:
			select {
			case first := <-d.queue: // came before the end
				d.commitGroup(first)
			default:
				return
			}
		}
	}
}

func (d *DB) commitGroup(first *call) {
	raw, err := d.write.BeginTx(context.Background(), nil)
	if err != nil {
		first.done <- err
		return
	}
	var ran []*call
	var wakes bool
	var toKeep []string
	defer func() { d.writes.keep(context.Background(), d.write, toKeep) }()
	answer := func(err error) {
		for _, c := range ran {
			c.done <- err
		}
	}
	for c, n := first, 1; ; n++ {
		tx := d.newTx(raw)
		tx.shared, tx.statements = true, &d.writes
		failed, broken := tx.inSavepoint(c)
		toKeep = append(toKeep, tx.toKeep...)
		switch {
		case broken != nil:
			raw.Rollback()
			if failed == nil {
				failed = &lost{broken}
			}
			c.done <- failed
			answer(&lost{broken})
			return
		case failed != nil:
			c.done <- failed
		default:
			ran = append(ran, c)
			wakes = wakes || tx.wakes
		}
		if n == groupSize {
			break
		}
		select {
		case c = <-d.queue:
			continue
		default:
		}
		break
	}
	if len(ran) == 0 {
		raw.Rollback()
		return
	}
	if err := raw.Commit(); err != nil {
		// As on a full disk: the only connection must not stay inside the transaction.
		d.write.ExecContext(context.Background(), "ROLLBACK")
		answer(err)
		return
	}
	d.wakeIf(wakes) // before the answers: whoever has one finds the runner awake
	answer(nil)
}

// inSavepoint gives the call its turn; failed is the call's own error, after which
// its work is undone, and broken means that the transaction itself is lost.
func (tx *Tx) inSavepoint(c *call) (failed, broken error) {
	bg := context.Background()
	if _, err := tx.exec(bg, "SAVEPOINT one"); err != nil {
		return nil, err
	}
	c.turn <- tx
	failed = <-c.ran
	if failed == nil {
		failed = c.ctx.Err()
	}
	if failed != nil {
		if _, err := tx.exec(bg, "ROLLBACK TO one"); err != nil {
			return failed, err
		}
	}
	_, broken = tx.exec(bg, "RELEASE one")
	return failed, broken
}
