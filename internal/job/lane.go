package job

import (
	"context"
	"slices"
	"sync"

	"github.com/yunshi-market/yunshi/internal/db"
)

// lanes are the workers of the kinds that call the outside world: each kind has its
// own while the runner runs, so that a server that does not answer holds up only
// what is meant for it.
type lanes struct {
	kinds []string
	freed chan struct{} // a signal after a lane has ended
	wg    sync.WaitGroup
	mu    sync.Mutex
	busy  map[string]bool // guarded by mu
}

func (r *Runner) newLanes() *lanes {
	l := &lanes{freed: make(chan struct{}, 1), busy: make(map[string]bool)}
	for kind, h := range r.reg.handlers {
		if h.outside != nil {
			l.kinds = append(l.kinds, kind)
		}
	}
	slices.Sort(l.kinds)
	return l
}

// idle lists the kinds nobody works at.
func (l *lanes) idle() (kinds []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range l.kinds {
		if !l.busy[k] {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

func (l *lanes) set(kind string, busy bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.busy[kind] = busy
}

// start opens a lane for every idle kind that has work due.
func (r *Runner) start(ctx context.Context, l *lanes) error {
	idle := l.idle()
	if len(idle) == 0 {
		return nil
	}
	var due []string
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All(ctx, tx, db.Value[string], `
			SELECT DISTINCT kind FROM job WHERE state IN ('available', 'running') AND run_at <= $1 AND kind IN `+db.In(2, len(idle)),
			append([]any{tx.Now()}, anys(idle)...)...)
		return err
	})
	if err != nil {
		return err
	}
	for _, kind := range due {
		l.set(kind, true)
		l.wg.Go(func() {
			if err := r.empty(ctx, among("IN", kind)); err != nil && ctx.Err() == nil {
				r.log.Error("job runner", "kind", kind, "error", err)
			} else {
				defer l.look()
			}
			l.set(kind, false)
		})
	}
	return nil
}

// look has the runner look for work that came while a lane ended. After an error it
// does not, so that a broken database is asked at the pace of the poll.
func (l *lanes) look() {
	select {
	case l.freed <- struct{}{}:
	default:
	}
}

// empty runs what is due of some kinds until nothing is left.
func (r *Runner) empty(ctx context.Context, of kinds) error {
	for ctx.Err() == nil {
		jobs, err := r.claim(ctx, r.workers*4, of)
		if err != nil || len(jobs) == 0 {
			return err
		}
		r.runAll(ctx, jobs)
	}
	return nil
}

// kinds narrow a claim: a condition with its arguments from $5 on. The zero value is
// every kind.
type kinds struct {
	where string
	args  []any
}

// among is the kinds that are IN, or NOT IN, a list; no list is every kind.
func among(in string, list ...string) kinds {
	if len(list) == 0 {
		return kinds{}
	}
	return kinds{" AND kind " + in + " " + db.In(5, len(list)), anys(list)}
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
