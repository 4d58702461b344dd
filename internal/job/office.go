package job

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
)

// Failure is a job that failed for good, as staff see it.
type Failure struct {
	ID, Kind, LastError string
	Attempt             int
	CreatedAt           time.Time
}

func (f *Failure) fields() []any {
	return []any{&f.ID, &f.Kind, &f.LastError, &f.Attempt, db.Time(&f.CreatedAt)}
}

// Failures lists the jobs that failed for good, newest first, at most 200.
func Failures(ctx context.Context, tx *db.Tx, by access.Actor) ([]Failure, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Failure).fields, `
		SELECT id, kind, last_error, attempt, created_at FROM job WHERE state = 'dead' ORDER BY id DESC LIMIT 200`)
}

// Retry puts a job that failed for good back into the queue; one that is not
// dead is fault.Conflict. Faces call event.RetryJob, which records who did it.
func Retry(ctx context.Context, tx *db.Tx, by access.Actor, id string) error {
	if err := by.Require(access.RetryJobs); err != nil {
		return err
	}
	tx.Wake()
	return tx.Move(ctx, `UPDATE job SET state = 'available', attempt = 0, run_at = $1 WHERE id = $2 AND state = 'dead'`, tx.Now(), id)
}

// Sweep erases jobs done more than 30 days ago, a batch at a time.
func Sweep(ctx context.Context, tx *db.Tx) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 'done' AND done_at < $1 ORDER BY id LIMIT 2000)`, tx.Now().AddDate(0, 0, -30))
}

// DeadCount is how many jobs failed for good, at most db.Most.
func DeadCount(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.One(ctx, tx, db.Value[int64], db.Capped(`FROM job WHERE state = 'dead'`))
}

// Counts is how many jobs stand in each state, for /metrics and the office.
func Counts(ctx context.Context, tx *db.Tx) (map[State]int64, error) {
	type row struct {
		state string
		n     int64
	}
	rows, err := db.All(ctx, tx, func(r *row) []any { return []any{&r.state, &r.n} }, `
		SELECT state, COUNT(*) FROM job WHERE state IN ('available', 'running') GROUP BY state
		UNION ALL SELECT 'dead', COUNT(*) FROM job WHERE state = 'dead'`) // each half by an index that leaves out what is done
	counts := make(map[State]int64)
	for _, r := range rows {
		counts[State(r.state)] = r.n
	}
	return counts, err
}
