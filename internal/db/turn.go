package db

import (
	"context"
	"sync"
	"time"
)

// Numbers is the turn that Number takes.
const Numbers = "numbers"

// longestTurn is how long a transaction waits for its turn before it lets the
// database decide.
const longestTurn = 2 * time.Second

// turns are the doors of this process that let one transaction at a time through.
type turns struct {
	mu    sync.Mutex // guards doors
	doors map[string]chan struct{}
}

func (t *turns) door(name string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.doors == nil {
		t.doors = make(map[string]chan struct{})
	}
	if t.doors[name] == nil {
		t.doors[name] = make(chan struct{}, 1)
	}
	return t.doors[name]
}

// held are the turns that one Write has, through all its tries.
type held map[string]chan struct{}

func (h held) leave() {
	for name, door := range h {
		<-door
		delete(h, name)
	}
}

// InTurn waits until no other write of this process that took the turn of the same
// name is under way. It is for transactions that all change one row, as a counter:
// on PostgreSQL each would undo the others, since it reads as of its first
// statement; so take the turn before that. It is a matter of speed alone, other
// processes do not know of it, and who waits for two seconds goes on without. On
// SQLite writes are alone anyway.
func (tx *Tx) InTurn(ctx context.Context, name string) error {
	if tx.db.dialect != Postgres || tx.held == nil || tx.held[name] != nil {
		return nil
	}
	door := tx.db.turns.door(name)
	patience := time.NewTimer(longestTurn)
	defer patience.Stop()
	select {
	case door <- struct{}{}:
		tx.held[name] = door
	case <-patience.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
