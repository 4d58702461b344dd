package job

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
)

// slot is periodic work: one job per slot of time, whoever makes it first.
type slot struct {
	name  string
	every time.Duration
}

// Every runs a kind without payload once per period, over all processes.
func (r *Registry) Every(period time.Duration, k Kind[struct{}]) {
	r.slots = append(r.slots, slot{k.Name, period})
}

// fillSlots makes the periodic jobs of the current slot, if nobody has yet.
func (r *Runner) fillSlots(ctx context.Context) error {
	if len(r.reg.slots) == 0 {
		return nil
	}
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for _, s := range r.reg.slots {
			at := tx.Now().Truncate(s.every)
			key := s.name + "@" + at.Format(time.RFC3339)
			if err := put(ctx, tx, s.name, "{}", false, entry{at: tx.Now(), dedupe: key}); err != nil {
				return err
			}
		}
		return nil
	})
}
