// Package job is work for later: written in the transaction of its cause, run at
// least once by any process, tried again with growing pauses, and shown to staff
// when it fails for good. A job whose handler works on the database alone runs in
// one transaction with its own completion, so it takes effect exactly once. The
// package owns the table job; what the jobs do is theirs who name the kinds.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
)

// State is where a job stands.
type State string

// The states of a job. A failed try goes back to available with a later time.
const (
	Available State = "available"
	Running   State = "running"
	Done      State = "done"
	Dead      State = "dead" // failed for good: staff retry it by hand
)

// Kind is a kind of job with payload T.
type Kind[T any] struct {
	Name string
	// Sealed payloads are encrypted at rest and erased when the job is done.
	Sealed bool
	// Tries is how often it is tried; 0 is 12 (about a day).
	Tries int
}

// Option changes how a job is put into the queue.
type Option func(*entry)

type entry struct {
	at     time.Time
	dedupe string
}

// At runs the job at a time, not at once.
func At(t time.Time) Option { return func(e *entry) { e.at = t } }

// Once keeps one job of the kind with the key: a second Later does nothing.
func Once(key string) Option { return func(e *entry) { e.dedupe = key } }

// Later puts a job into the queue, in the caller's transaction.
func (k Kind[T]) Later(ctx context.Context, tx *db.Tx, in T, opts ...Option) error {
	e := entry{at: tx.Now()}
	for _, o := range opts {
		o(&e)
	}
	payload, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return put(ctx, tx, k.Name, string(payload), k.Sealed, e)
}

const insertJob = `
	INSERT INTO job (id, kind, dedupe_key, payload, state, run_at, created_at)
	VALUES ($1, $2, $3, $4, 'available', $5, $6)
	ON CONFLICT (kind, dedupe_key) DO NOTHING`

func put(ctx context.Context, tx *db.Tx, kind, payload string, sealed bool, e entry) error {
	id := tx.NewID("job")
	if sealed {
		payload = tx.Vault().Seal("job.payload:"+id, payload)
	}
	n, err := tx.Exec(ctx, insertJob, id, kind, db.OrNull(e.dedupe), payload, e.at, tx.Now())
	if n > 0 {
		tx.Wake()
	}
	return err
}

// permanent marks an error after which no further try makes sense.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent says that the job must not be tried again: it goes to staff at once.
func Permanent(err error) error { return permanent{err} }

// handler runs one claimed job.
type handler struct {
	sealed  bool
	tries   int
	inTx    func(ctx context.Context, tx *db.Tx, by access.Actor, payload []byte) error
	outside func(ctx context.Context, payload []byte) error
}

// Registry says who handles which kind; the zero value is empty and ready.
type Registry struct {
	handlers map[string]handler
	slots    []slot
}

func (r *Registry) add(name string, h handler) {
	if r.handlers == nil {
		r.handlers = make(map[string]handler)
	}
	if _, twice := r.handlers[name]; twice {
		panic("job kind registered twice: " + name)
	}
	if h.tries == 0 {
		h.tries = 12
	}
	r.handlers[name] = h
}

// Handle registers work on the database alone: it runs in one transaction with
// the job's completion. It must not call the outside world.
func Handle[T any](r *Registry, k Kind[T], do func(ctx context.Context, tx *db.Tx, by access.Actor, in T) error) {
	r.add(k.Name, handler{sealed: k.Sealed, tries: k.Tries,
		inTx: func(ctx context.Context, tx *db.Tx, by access.Actor, payload []byte) error {
			var in T
			if err := json.Unmarshal(payload, &in); err != nil {
				return Permanent(err)
			}
			return do(ctx, tx, by, in)
		}})
}

// HandleOutside registers work that calls the outside world, in transactions of
// its own; it may run more than once and carries an idempotency key outward.
func HandleOutside[T any](r *Registry, k Kind[T], do func(ctx context.Context, in T) error) {
	r.add(k.Name, handler{sealed: k.Sealed, tries: k.Tries,
		outside: func(ctx context.Context, payload []byte) error {
			var in T
			if err := json.Unmarshal(payload, &in); err != nil {
				return Permanent(err)
			}
			return do(ctx, in)
		}})
}

// Kinds lists the registered kinds.
func (r *Registry) Kinds() []string {
	var names []string
	for n := range r.handlers {
		names = append(names, n)
	}
	return names
}

func isPermanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}
