package takeout

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Task names the takeout that is worked on.
type Task struct {
	Takeout string `json:"takeout"`
}

// tries is how often a takeout is tried before it counts as failed.
const tries = 5

var (
	// Work makes a takeout.
	Work = job.Kind[Task]{Name: "takeout.make", Tries: tries + 3}
	// Clean removes what was made of one that was stopped.
	Clean = job.Kind[Task]{Name: "takeout.clean"}
	sweep = job.Kind[struct{}]{Name: "takeout.sweep"} // of those whose time has passed
)

// program acts where no person does.
var program = access.SystemActor("takeout")

// errOver says that the run that notices it has nothing more to do.
var errOver = errors.New("takeout: this run is over")

// Register registers the jobs.
func Register(reg *job.Registry, d *db.DB, files *file.Files) {
	w := worker{d, files}
	job.HandleOutside(reg, Work, w.make)
	job.HandleOutside(reg, Clean, func(ctx context.Context, in Task) error { return w.clean(ctx, in.Takeout) })
	job.HandleOutside(reg, sweep, func(ctx context.Context, _ struct{}) error { return w.expire(ctx) })
	reg.Every(time.Hour, sweep)
}

type worker struct {
	d     *db.DB
	files *file.Files
}

// make makes a takeout from its beginning. It may be killed anywhere and run again,
// and by two at once: each try is a run of its own, which removes what the one before
// has left, and a piece of a run that is over is not kept.
func (w worker) make(ctx context.Context, in Task) error {
	t, err := w.begin(ctx, in.Takeout)
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return err
	}
	err = w.run(ctx, &t)
	if errors.Is(err, errOver) {
		return nil
	}
	if err == nil || ctx.Err() != nil {
		return err // killed: the next one begins anew
	}
	gaveUp, noted := w.note(context.WithoutCancel(ctx), t)
	if gaveUp {
		return job.Permanent(err)
	}
	return errors.Join(err, noted)
}

// begin takes the takeout for a new run.
func (w worker) begin(ctx context.Context, id string) (t Takeout, err error) {
	var loose []string
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		if t, err = load(ctx, tx, id); err != nil {
			return err
		}
		if _, err := t.Status.next(actBegin); err != nil {
			return errOver // stopped, or made by another process
		}
		if t.Status == Failed {
			t.Tries, t.EndedAt = 0, time.Time{}
		}
		if loose, err = t.forget(ctx, tx); err != nil {
			return err
		}
		err := t.move(ctx, tx, actBegin)
		if db.IsUnique(err) { // the company has asked for another meanwhile
			return errOver
		}
		return err
	})
	if err != nil {
		return t, err
	}
	return t, w.files.Drop(ctx, w.d, loose)
}

// run writes the file and finishes the takeout.
func (w worker) run(ctx context.Context, t *Takeout) error {
	out := &pieces{ctx: ctx, d: w.d, files: w.files, t: t}
	if err := w.write(ctx, t, out); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	t.Bytes, t.SHA256 = out.bytes, out.sum()
	return w.d.Write(ctx, func(tx *db.Tx) error {
		if err := t.progress(ctx, tx); err != nil {
			return err
		}
		p, err := policy.Now(ctx, tx)
		if err != nil {
			return err
		}
		done := *t
		done.MadeAt, done.UntilAt = tx.Now(), tx.Now().Add(time.Duration(p.Oversight.TakeoutDays)*day)
		if err := done.move(ctx, tx, actFinish); err != nil {
			return err
		}
		return Made.Append(ctx, tx, program, t.about(), MadeData{done.Records, done.Files, done.Missing, done.Bytes, done.SHA256, done.UntilAt})
	})
}

// note counts a try that failed and, after the last one, tells so.
func (w worker) note(ctx context.Context, t Takeout) (gaveUp bool, err error) {
	var loose []string
	err = w.d.Write(ctx, func(tx *db.Tx) error {
		gaveUp, loose = false, nil
		if err := t.progress(ctx, tx); err != nil {
			return err
		}
		now := t
		if now.Tries++; now.Tries < tries {
			_, err := tx.Exec(ctx, `UPDATE takeout SET tries = $1 WHERE id = $2 AND run = $3`, now.Tries, now.ID, now.Run)
			return err
		}
		gaveUp = true
		var err error
		if loose, err = now.forget(ctx, tx); err != nil {
			return err
		}
		if err := now.move(ctx, tx, actFail); err != nil {
			return err
		}
		return GaveUp.Append(ctx, tx, program, now.about(), event.None{})
	})
	if errors.Is(err, errOver) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return gaveUp, w.files.Drop(ctx, w.d, loose)
}

// clean removes the pieces of one that is over.
func (w worker) clean(ctx context.Context, id string) error {
	var loose []string
	err := w.d.Write(ctx, func(tx *db.Tx) error {
		t, err := load(ctx, tx, id)
		if err != nil || t.Status.Open() || t.Status == Ready {
			return err
		}
		loose, err = t.forget(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return w.files.Drop(ctx, w.d, loose)
}

// expire removes the bytes of those whose time has passed.
func (w worker) expire(ctx context.Context) error {
	var due []string
	err := w.d.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = db.All(ctx, tx, db.Value[string], `SELECT id FROM takeout WHERE status = 'ready' AND until_at <= $1 ORDER BY until_at LIMIT 1000`, tx.Now())
		return err
	})
	for _, id := range due {
		if err != nil {
			return err
		}
		var loose []string
		err = w.d.Write(ctx, func(tx *db.Tx) error {
			t, err := load(ctx, tx, id)
			if err != nil || t.Status != Ready {
				return err
			}
			if loose, err = t.forget(ctx, tx); err != nil {
				return err
			}
			if err := t.move(ctx, tx, actExpire); err != nil {
				return err
			}
			return Expired.Append(ctx, tx, program, t.about(), event.None{})
		})
		if err == nil {
			err = w.files.Drop(ctx, w.d, loose)
		}
	}
	return err
}

// Send writes a takeout that Fetch has returned, piece by piece. One that is removed
// meanwhile breaks off: its reader sees that bytes are missing.
func Send(ctx context.Context, d *db.DB, files *file.Files, t Takeout, to io.Writer) error {
	var ids []string
	if err := d.Read(ctx, func(tx *db.Tx) (err error) { ids, err = parts(ctx, tx, t.ID); return err }); err != nil {
		return err
	}
	if len(ids) == 0 {
		return fault.New(fault.Gone, "takeout.gone", t.UntilAt)
	}
	for _, id := range ids {
		var f file.File
		if err := d.Read(ctx, func(tx *db.Tx) (err error) { f, err = file.Piece(ctx, tx, id); return err }); err != nil {
			return fmt.Errorf("takeout %s: %w", t.ID, err)
		}
		data, err := files.Open(ctx, f)
		if err != nil {
			return err
		}
		if _, err := to.Write(data); err != nil {
			return err
		}
	}
	return nil
}
