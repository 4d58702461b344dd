package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
)

// Runner claims jobs and runs them.
type Runner struct {
	db      *db.DB
	reg     *Registry
	log     *slog.Logger
	owner   string
	workers int
	poll    time.Duration
	grace   time.Duration
	pumps   []func(context.Context) (int, error)
}

// NewRunner makes a runner with a number of workers. Pumps run before each claim
// and report how much they did; they feed the queue, as the event log does.
func NewRunner(d *db.DB, reg *Registry, log *slog.Logger, workers int, pumps ...func(context.Context) (int, error)) *Runner {
	var b [8]byte
	for i := range b {
		b[i] = byte(mrand.IntN(256))
	}
	return &Runner{db: d, reg: reg, log: log, owner: fmt.Sprintf("%x", b), workers: workers, poll: time.Second, grace: grace, pumps: pumps}
}

// claimed is a job this runner holds.
type claimed struct {
	ID, Kind, Payload string
	Attempt           int
}

func (c *claimed) fields() []any { return []any{&c.ID, &c.Kind, &c.Payload, &c.Attempt} }

// Run works until the context ends; then what runs is finished or handed back. Work
// on the database alone goes by the pumps' side; each kind that calls the outside
// world has a lane of its own and holds up no other.
func (r *Runner) Run(ctx context.Context) {
	tick := time.NewTicker(r.poll)
	defer tick.Stop()
	var last time.Time
	l := r.newLanes()
	defer l.wg.Wait()
	inside := among("NOT IN", l.kinds...)
	for ctx.Err() == nil {
		if now := time.Now(); now.Sub(last) > 10*time.Second { // of the process, not of the business
			last = now
			if err := r.fillSlots(ctx); err != nil && ctx.Err() == nil {
				r.log.Error("periodic jobs", "error", err)
			}
		}
		n, err := r.once(ctx, inside, func() error { return r.start(ctx, l) })
		if err != nil && ctx.Err() == nil {
			r.log.Error("job runner", "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-r.db.Woken():
		case <-l.freed:
		}
	}
}

// Once pumps, claims one batch of any kind and runs it; it returns how much was done.
func (r *Runner) Once(ctx context.Context) (int, error) {
	return r.once(ctx, kinds{}, func() error { return nil })
}

// once is Once for some kinds; what is to be started beside is, before the batch.
func (r *Runner) once(ctx context.Context, of kinds, beside func() error) (int, error) {
	total := 0
	for _, pump := range r.pumps {
		n, err := pump(ctx)
		if err != nil {
			return total, err
		}
		total += n
	}
	if err := beside(); err != nil {
		return total, err
	}
	jobs, err := r.claim(ctx, r.workers*4, of)
	if err != nil || len(jobs) == 0 {
		return total, err
	}
	r.runAll(ctx, jobs)
	return total + len(jobs), nil
}

// runAll runs a claimed batch with all workers. The lease of the whole batch is
// kept alive, so that a job that waits behind a slow one is not taken away; when
// the context ends, jobs not yet begun go back to the queue.
func (r *Runner) runAll(ctx context.Context, jobs []claimed) {
	b := &batch{held: make(map[string]bool, len(jobs))}
	work := make(chan claimed, len(jobs))
	for _, c := range jobs {
		b.held[c.ID] = true
		work <- c
	}
	close(work)
	stop := r.heartbeat(context.WithoutCancel(ctx), b)
	var wg sync.WaitGroup
	for range min(r.workers, len(jobs)) {
		wg.Go(func() {
			for c := range work {
				if ctx.Err() == nil {
					r.run(ctx, c)
				} else if err := r.giveBack(context.WithoutCancel(ctx), c); err != nil {
					r.log.Error("job state", "job", c.ID, "kind", c.Kind, "error", err)
				}
				b.drop(c.ID)
			}
		})
	}
	wg.Wait()
	stop()
}

// Drain runs everything that is due, and what follows from it, until nothing is left.
func (r *Runner) Drain(ctx context.Context) error {
	for {
		n, err := r.Once(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

func (r *Runner) claim(ctx context.Context, n int, of kinds) ([]claimed, error) {
	var due bool
	if err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.Exists(ctx, tx, `SELECT 1 FROM job WHERE state IN ('available', 'running') AND run_at <= $1`, tx.Now())
		return err
	}); err != nil || !due {
		return nil, err
	}
	var jobs []claimed
	err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
		jobs, err = db.All(ctx, tx, (*claimed).fields, `
			UPDATE job SET state = 'running', owner = $1, lease_until = $2, run_at = $2, attempt = attempt + 1
			WHERE id IN (
				SELECT id FROM job
				WHERE state IN ('available', 'running') AND run_at <= $3`+of.where+`
				ORDER BY run_at LIMIT $4`+tx.SkipLocked()+`)
			RETURNING id, kind, payload, attempt`,
			append([]any{r.owner, tx.Now().Add(lease), tx.Now(), n}, of.args...)...)
		return err
	})
	return jobs, err
}

func (r *Runner) run(ctx context.Context, c claimed) {
	// A job that has begun is finished even when the process is asked to stop; if
	// it does not end within the grace, it is handed back.
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
	defer cancel()
	asked := context.AfterFunc(ctx, func() { time.AfterFunc(r.grace, cancel) })
	defer asked()
	err := r.try(work, c)
	if err == nil {
		return
	}
	if ctx.Err() != nil && work.Err() != nil {
		err = r.giveBack(context.WithoutCancel(ctx), c)
	} else {
		err = r.failed(context.WithoutCancel(ctx), c, err)
	}
	if err != nil {
		r.log.Error("job state", "job", c.ID, "kind", c.Kind, "error", err)
	}
}

// tracer does nothing until the program is told where traces go.
var tracer = otel.Tracer("github.com/yunshi-market/yunshi/internal/job")

// errLost means that the lease ran out and somebody else has the job.
var errLost = errors.New("the job's lease was lost")

func (r *Runner) try(ctx context.Context, c claimed) (err error) {
	ctx, span := tracer.Start(ctx, "job "+c.Kind, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(attribute.String("yunshi.job", c.ID), attribute.Int("yunshi.job.attempt", c.Attempt)))
	defer func() {
		if err != nil {
			span.SetStatus(codes.Error, "failed")
		}
		span.End()
	}()
	defer func() {
		if v := recover(); v != nil {
			r.log.Error("job panic", "job", c.ID, "kind", c.Kind, "panic", v, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	h, ok := r.reg.handlers[c.Kind]
	if !ok {
		return fmt.Errorf("no handler for kind %s in this version", c.Kind)
	}
	if h.inTx != nil {
		return r.db.Write(ctx, func(tx *db.Tx) error {
			payload, err := open(tx, h.sealed, c)
			if err != nil {
				return err
			}
			if err := h.inTx(ctx, tx, access.SystemActor(c.Kind), payload); err != nil {
				return err
			}
			return r.complete(ctx, tx, c, h.sealed)
		})
	}
	var payload []byte
	if err := r.db.Read(ctx, func(tx *db.Tx) (err error) { payload, err = open(tx, h.sealed, c); return err }); err != nil {
		return err
	}
	if err := h.outside(ctx, payload); err != nil {
		return err
	}
	return r.db.Write(ctx, func(tx *db.Tx) error { return r.complete(ctx, tx, c, h.sealed) })
}

func open(tx *db.Tx, sealed bool, c claimed) ([]byte, error) {
	if !sealed {
		return []byte(c.Payload), nil
	}
	s, err := tx.Vault().Open("job.payload:"+c.ID, c.Payload)
	if err != nil {
		return nil, Permanent(err)
	}
	return []byte(s), nil
}

func (r *Runner) complete(ctx context.Context, tx *db.Tx, c claimed, erase bool) error {
	payload := c.Payload
	if erase {
		payload = "{}"
	}
	n, err := tx.Exec(ctx, `UPDATE job SET state = 'done', done_at = $1, payload = $2, last_error = '' WHERE id = $3 AND state = 'running' AND owner = $4 AND attempt = $5`,
		tx.Now(), payload, c.ID, r.owner, c.Attempt)
	if err == nil && n != 1 {
		return errLost
	}
	return err
}

func (r *Runner) failed(ctx context.Context, c claimed, cause error) error {
	if errors.Is(cause, errLost) {
		return nil
	}
	h := r.reg.handlers[c.Kind]
	state := Available
	if isPermanent(cause) || h.tries > 0 && c.Attempt >= h.tries {
		state = Dead
	}
	level := slog.LevelWarn
	if state == Dead {
		level = slog.LevelError
	}
	r.log.Log(ctx, level, "job failed", "job", c.ID, "kind", c.Kind, "attempt", c.Attempt, "state", string(state), "error", cause)
	return r.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE job SET state = $1, run_at = $2, last_error = $3, owner = '' WHERE id = $4 AND owner = $5 AND state = 'running' AND attempt = $6`,
			string(state), tx.Now().Add(backoff(c.Attempt)), clip(cause.Error(), 500), c.ID, r.owner, c.Attempt)
		return err
	})
}

// backoff grows from about two seconds to about five hours, with jitter.
func backoff(attempt int) time.Duration {
	d := min(2*time.Second<<min(2*(attempt-1), 13), 6*time.Hour)
	return d/2 + time.Duration(mrand.Int64N(int64(d)))
}

func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
