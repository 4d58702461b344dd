package job

import (
	"context"
	"sync"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
)

// lease is how long a job belongs to its runner without a heartbeat.
const lease = 60 * time.Second

// grace is how long a job that has begun may go on when the process is asked to
// stop; then its context ends and it is handed back.
const grace = 20 * time.Second

// batch is the jobs of one claim that this runner still holds.
type batch struct {
	mu   sync.Mutex
	held map[string]bool // guarded by mu
}

func (b *batch) drop(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.held, id)
}

func (b *batch) ids() (list []any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for id := range b.held {
		list = append(list, id)
	}
	return list
}

// heartbeat keeps the leases of a batch alive until it is stopped.
func (r *Runner) heartbeat(ctx context.Context, b *batch) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(lease / 3)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				if err := r.beat(ctx, b.ids()); err != nil && ctx.Err() == nil {
					r.log.Warn("job heartbeat", "error", err)
				}
			}
		}
	}()
	return func() { cancel(); <-done }
}

func (r *Runner) beat(ctx context.Context, ids []any) error {
	if len(ids) == 0 {
		return nil
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		args := append([]any{tx.Now().Add(lease), r.owner}, ids...)
		_, err := tx.Exec(ctx, `UPDATE job SET lease_until = $1, run_at = $1 WHERE owner = $2 AND state = 'running' AND id IN `+db.In(3, len(ids)), args...)
		return err
	})
}

// giveBack puts a job that was not finished back into the queue, as if it had not
// been begun.
func (r *Runner) giveBack(ctx context.Context, c claimed) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		tx.Wake()
		_, err := tx.Exec(ctx, `UPDATE job SET state = 'available', run_at = $1, attempt = attempt - 1, owner = '' WHERE id = $2 AND owner = $3 AND state = 'running' AND attempt = $4`,
			tx.Now(), c.ID, r.owner, c.Attempt)
		return err
	})
}
