package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
)

type paper struct {
	N    int    `json:"n"`
	Text string `json:"text"`
}

var quiet = slog.New(slog.DiscardHandler)

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func later[T any](t *testing.T, d *db.DB, k Kind[T], in T, opts ...Option) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error { return k.Later(t.Context(), tx, in, opts...) })
}

// stored is a job as it stands in the table.
type stored struct {
	ID, State, Payload, LastError, Owner string
	Attempt                              int
	RunAt, DoneAt                        time.Time
}

func all(t *testing.T, d *db.DB) (list []stored) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		list, err = db.All(t.Context(), tx, func(s *stored) []any {
			return []any{&s.ID, &s.State, &s.Payload, &s.LastError, &s.Owner, &s.Attempt, db.Time(&s.RunAt), db.Time(&s.DoneAt)}
		}, `SELECT id, state, payload, last_error, owner, attempt, run_at, done_at FROM job ORDER BY id`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func only(t *testing.T, d *db.DB) stored {
	t.Helper()
	list := all(t, d)
	if len(list) != 1 {
		t.Fatalf("%d jobs, want one", len(list))
	}
	return list[0]
}

func once(t *testing.T, r *Runner) int {
	t.Helper()
	n, err := r.Once(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEightWorkersClaimEachJobOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "count"}
		write(t, d, func(tx *db.Tx) error {
			for i := range 60 {
				if err := k.Later(t.Context(), tx, paper{N: i}); err != nil {
					return err
				}
			}
			return nil
		})
		var mu sync.Mutex
		ran := make(map[int]int)
		var reg Registry
		HandleOutside(&reg, k, func(ctx context.Context, in paper) error {
			mu.Lock()
			defer mu.Unlock()
			ran[in.N]++
			return nil
		})
		var wg sync.WaitGroup
		for range 8 {
			r := NewRunner(d, &reg, quiet, 1)
			wg.Go(func() {
				if err := r.Drain(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(ran) != 60 {
			t.Errorf("%d jobs of 60 were run", len(ran))
		}
		for n, times := range ran {
			if times != 1 {
				t.Errorf("job %d was run %d times", n, times)
			}
		}
		for _, s := range all(t, d) {
			if s.State != "done" || s.Attempt != 1 || s.DoneAt.IsZero() {
				t.Errorf("a job was left %+v", s)
			}
		}
	})
}

func TestFailedJobIsTriedAgainLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "fail"}
		later(t, d, k, paper{})
		broken := true
		var reg Registry
		Handle(&reg, k, func(ctx context.Context, tx *db.Tx, by access.Actor, in paper) error {
			if by.Kind != access.System || by.ID != "fail" {
				t.Errorf("done by %+v, want the system in the name of the kind", by)
			}
			if broken {
				return errors.New("no luck")
			}
			return nil
		})
		r := NewRunner(d, &reg, quiet, 2)
		if n := once(t, r); n != 1 {
			t.Fatalf("Once = %d, want 1", n)
		}
		s := only(t, d)
		if s.State != "available" || s.Attempt != 1 || s.LastError != "no luck" || s.Owner != "" || !s.RunAt.After(dbtest.Start) {
			t.Errorf("after a failure: %+v", s)
		}
		if n := once(t, r); n != 0 {
			t.Error("tried again at once")
		}
		broken = false
		dbtest.Advance(d, time.Minute)
		if n := once(t, r); n != 1 {
			t.Error("not tried again after its pause")
		}
		if s := only(t, d); s.State != "done" || s.Attempt != 2 || s.LastError != "" {
			t.Errorf("after success: %+v", s)
		}
	})
}

func TestPausesGrow(t *testing.T) {
	t.Parallel()
	for attempt, want := range map[int]time.Duration{1: 2 * time.Second, 2: 8 * time.Second, 3: 32 * time.Second, 6: 2048 * time.Second, 8: 16384 * time.Second, 12: 16384 * time.Second, 40: 16384 * time.Second} {
		for range 50 {
			if got := backoff(attempt); got < want/2 || got > want*3/2 {
				t.Errorf("backoff(%d) = %v, want around %v", attempt, got, want)
			}
		}
	}
}

func TestJobThatFailsForGoodIsShownAndRetried(t *testing.T) {
	admin := access.Actor{Kind: access.Staff, ID: "a", Roles: []access.Role{access.Administrator}}
	for _, c := range []struct {
		name, payload, want string
		tries, runs         int
		do                  func() error
	}{
		{"out of tries", `{}`, "no luck", 3, 3, func() error { return errors.New("no luck") }},
		{"permanent", `{}`, "never", 5, 1, func() error { return fmt.Errorf("wrapped: %w", Permanent(errors.New("never"))) }},
		{"a panic", `{}`, "panic: ouch", 1, 1, func() error { panic("ouch") }},
		{"unreadable", `{"n": "x"}`, "cannot unmarshal", 5, 0, func() error { return nil }},
		{"a long error", `{}`, strings.Repeat("长", 500), 1, 1, func() error { return errors.New(strings.Repeat("长", 9000)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				k := Kind[paper]{Name: "fail", Tries: c.tries}
				write(t, d, func(tx *db.Tx) error {
					return put(t.Context(), tx, "fail", c.payload, false, entry{at: tx.Now()})
				})
				runs := 0
				var reg Registry
				HandleOutside(&reg, k, func(ctx context.Context, in paper) error { runs++; return c.do() })
				r := NewRunner(d, &reg, quiet, 1)
				for range 8 {
					once(t, r)
					dbtest.Advance(d, 12*time.Hour)
				}
				s := only(t, d)
				if s.State != "dead" || runs != c.runs || !strings.Contains(s.LastError, c.want) || len([]rune(s.LastError)) > 500 {
					t.Fatalf("after %d runs: %+v; want it dead after %d", runs, s, c.runs)
				}
				var list []Failure
				var counts map[State]int64
				write(t, d, func(tx *db.Tx) (err error) {
					if counts, err = Counts(t.Context(), tx); err != nil {
						return err
					}
					list, err = Failures(t.Context(), tx, admin)
					return err
				})
				if len(list) != 1 || list[0].ID != s.ID || list[0].Kind != "fail" || counts[Dead] != 1 {
					t.Errorf("staff see %+v, counted %v", list, counts)
				}
				write(t, d, func(tx *db.Tx) error { return Retry(t.Context(), tx, admin, s.ID) })
				if s := only(t, d); s.State != "available" || s.Attempt != 0 {
					t.Errorf("put back: %+v", s)
				}
				err := d.Write(t.Context(), func(tx *db.Tx) error { return Retry(t.Context(), tx, admin, s.ID) })
				if !errors.Is(err, fault.Conflict) {
					t.Errorf("put back twice: %v, want conflict", err)
				}
			})
		})
	}
}

func TestRetryAndFailuresAreForThoseWhoMay(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	auditor := access.Actor{Kind: access.Staff, ID: "a", Roles: []access.Role{access.Auditor}}
	write(t, d, func(tx *db.Tx) error {
		if err := Retry(t.Context(), tx, auditor, "x"); !errors.Is(err, fault.Forbidden) {
			t.Errorf("the auditor retries a job: %v", err)
		}
		if _, err := Failures(t.Context(), tx, auditor); err != nil {
			t.Errorf("the auditor looks: %v", err)
		}
		if _, err := Failures(t.Context(), tx, access.Actor{Kind: access.Member, ID: "m"}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("a member looks: %v", err)
		}
		return nil
	})
}

// A one-time code travels sealed and is gone when its message is sent.
func TestSealedPayloadIsNotReadableAndErased(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "code", Sealed: true}
		later(t, d, k, paper{Text: "code 492817"})
		if s := only(t, d); strings.Contains(s.Payload, "492817") || s.Payload == "" {
			t.Errorf("the payload rests as %q", s.Payload)
		}
		tries, got := 0, ""
		var reg Registry
		HandleOutside(&reg, k, func(ctx context.Context, in paper) error {
			if tries++; tries == 1 {
				return errors.New("the line is busy")
			}
			got = in.Text
			return nil
		})
		r := NewRunner(d, &reg, quiet, 1)
		once(t, r)
		dbtest.Advance(d, time.Minute)
		once(t, r)
		if got != "code 492817" {
			t.Errorf("the handler got %q", got)
		}
		if s := only(t, d); s.State != "done" || s.Payload != "{}" {
			t.Errorf("left behind: %+v", s)
		}
	})
}

func TestSealedPayloadOpensInItsOwnJobOnly(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	k := Kind[paper]{Name: "code", Sealed: true}
	later(t, d, k, paper{N: 1})
	later(t, d, k, paper{N: 2})
	write(t, d, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE job SET payload = (SELECT payload FROM job ORDER BY id LIMIT 1)`)
		return err
	})
	var ran []int
	var reg Registry
	HandleOutside(&reg, k, func(ctx context.Context, in paper) error { ran = append(ran, in.N); return nil })
	once(t, NewRunner(d, &reg, quiet, 1))
	if list := all(t, d); fmt.Sprint(ran) != "[1]" || list[0].State != "done" || list[1].State != "dead" {
		t.Errorf("ran %v, left %+v", ran, list)
	}
}

func TestOnceKeepsOneJobOfAKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, b := Kind[paper]{Name: "a"}, Kind[paper]{Name: "b"}
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				err := d.Write(context.Background(), func(tx *db.Tx) error {
					return a.Later(context.Background(), tx, paper{N: i}, Once("key"))
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		later(t, d, a, paper{}, Once("other"))
		later(t, d, b, paper{}, Once("key"))
		later(t, d, b, paper{})
		later(t, d, b, paper{})
		if n := len(all(t, d)); n != 5 {
			t.Errorf("%d jobs stand, want 5: one per kind and key, and two without", n)
		}
		var reg Registry
		HandleOutside(&reg, a, func(context.Context, paper) error { return nil })
		HandleOutside(&reg, b, func(context.Context, paper) error { return nil })
		if err := NewRunner(d, &reg, quiet, 2).Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		later(t, d, a, paper{}, Once("key"))
		if n := len(all(t, d)); n != 5 {
			t.Error("a key was used again after its job was done")
		}
	})
}

func TestJobOfARefusedWriteIsNot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k"}
		no := errors.New("no")
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := k.Later(t.Context(), tx, paper{}); err != nil {
				return err
			}
			return no
		}); err != no {
			t.Fatal(err)
		}
		if n := len(all(t, d)); n != 0 {
			t.Errorf("%d jobs stand", n)
		}
	})
}

func TestJobsRunWhenDueInTheirOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k"}
		for n, in := range map[int]time.Duration{3: 3 * time.Hour, 1: time.Hour, 2: 2 * time.Hour, 9: 9 * time.Hour} {
			later(t, d, k, paper{N: n}, At(dbtest.Start.Add(in)))
		}
		var ran []int
		var reg Registry
		Handle(&reg, k, func(ctx context.Context, tx *db.Tx, by access.Actor, in paper) error {
			ran = append(ran, in.N)
			return nil
		})
		r := NewRunner(d, &reg, quiet, 1)
		once(t, r)
		if len(ran) != 0 {
			t.Errorf("%v ran before its time", ran)
		}
		for range 3 {
			dbtest.Advance(d, time.Hour+time.Minute)
			once(t, r)
		}
		if fmt.Sprint(ran) != "[1 2 3]" {
			t.Errorf("ran %v, want [1 2 3]", ran)
		}
	})
}

func TestWorkAndItsCompletionAreOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k", Tries: 2}
		later(t, d, k, paper{})
		fail := true
		var reg Registry
		Handle(&reg, k, func(ctx context.Context, tx *db.Tx, by access.Actor, in paper) error {
			if err := db.SetMark(ctx, tx, "effect", "x"); err != nil {
				return err
			}
			if fail {
				return errors.New("after its effect")
			}
			return nil
		})
		r := NewRunner(d, &reg, quiet, 1)
		once(t, r)
		if got := mark(t, d); got != "" {
			t.Errorf("a failed job left its effect %q", got)
		}
		fail = false
		dbtest.Advance(d, time.Minute)
		once(t, r)
		if got, s := mark(t, d), only(t, d); got != "x" || s.State != "done" {
			t.Errorf("effect %q, job %+v", got, s)
		}
	})
}

func mark(t *testing.T, d *db.DB) (v string) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) { v, err = db.Mark(t.Context(), tx, "effect"); return err })
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestUnknownKindWaitsForAVersionThatKnowsIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "new"}
		later(t, d, k, paper{})
		var old, young Registry
		ran := false
		HandleOutside(&young, k, func(context.Context, paper) error { ran = true; return nil })
		for range 20 {
			once(t, NewRunner(d, &old, quiet, 1))
			dbtest.Advance(d, 12*time.Hour)
		}
		if s := only(t, d); s.State != "available" {
			t.Fatalf("the old version left it %+v", s)
		}
		once(t, NewRunner(d, &young, quiet, 1))
		if !ran {
			t.Error("the new version did not run it")
		}
	})
}

func TestSweepErasesWhatIsLongDone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k", Tries: 1}
		var reg Registry
		HandleOutside(&reg, k, func(ctx context.Context, in paper) error {
			if in.N == 2 {
				return errors.New("no")
			}
			return nil
		})
		r := NewRunner(d, &reg, quiet, 1)
		later(t, d, k, paper{N: 1})
		later(t, d, k, paper{N: 2})
		once(t, r)
		dbtest.Advance(d, 29*24*time.Hour)
		later(t, d, k, paper{N: 3})
		once(t, r)
		for day, want := range []int64{0, 0, 1} {
			write(t, d, func(tx *db.Tx) error {
				n, err := Sweep(t.Context(), tx)
				if n != want {
					t.Errorf("day %d: %d swept, want %d", 29+day, n, want)
				}
				return err
			})
			dbtest.Advance(d, 24*time.Hour)
		}
		if n := len(all(t, d)); n != 2 {
			t.Errorf("%d jobs are left, want the dead and the young", n)
		}
	})
}

func TestKindIsRegisteredOnce(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a kind was registered twice")
		}
	}()
	var reg Registry
	for range 2 {
		HandleOutside(&reg, Kind[paper]{Name: "k"}, func(context.Context, paper) error { return nil })
	}
}
