package job

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
)

// A process is killed between claim and completion: another takes the job when
// the lease is over, and the late completion of the first is undone.
func TestJobOfAKilledRunnerIsTakenOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k"}
		later(t, d, k, paper{})
		runs := 0
		var reg Registry
		Handle(&reg, k, func(ctx context.Context, tx *db.Tx, by access.Actor, in paper) error {
			runs++
			return db.SetMark(ctx, tx, "effect", "x")
		})
		killed, other := NewRunner(d, &reg, quiet, 1), NewRunner(d, &reg, quiet, 1)
		held, err := killed.claim(t.Context(), 10, kinds{})
		if err != nil || len(held) != 1 {
			t.Fatalf("claimed %d, %v", len(held), err)
		}
		dbtest.Advance(d, lease-time.Second)
		if n := once(t, other); n != 0 {
			t.Error("taken over inside the lease")
		}
		dbtest.Advance(d, 2*time.Second)
		if n := once(t, other); n != 1 || runs != 1 {
			t.Errorf("taken over %d, run %d times; want once", n, runs)
		}
		write(t, d, func(tx *db.Tx) error { return db.SetMark(t.Context(), tx, "effect", "since changed") })
		killed.run(t.Context(), held[0]) // it was only very slow
		if got := mark(t, d); got != "since changed" {
			t.Errorf("the late one took effect: %q", got)
		}
		if s := only(t, d); s.State != "done" || s.Attempt != 2 || s.Owner != other.owner {
			t.Errorf("left %+v", s)
		}
	})
}

// The failure of one that lost its lease does not touch the job of its successor.
func TestLateFailureLeavesTheSuccessorAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k"}
		later(t, d, k, paper{})
		var reg Registry
		HandleOutside(&reg, k, func(context.Context, paper) error { return errors.New("no") })
		r := NewRunner(d, &reg, quiet, 1)
		first, err := r.claim(t.Context(), 1, kinds{})
		if err != nil {
			t.Fatal(err)
		}
		dbtest.Advance(d, lease+time.Second)
		second, err := r.claim(t.Context(), 1, kinds{}) // the same runner, its own lost job
		if err != nil || len(second) != 1 {
			t.Fatalf("claimed again: %d, %v", len(second), err)
		}
		r.run(t.Context(), first[0])
		if s := only(t, d); s.State != "running" || s.Attempt != 2 {
			t.Errorf("the late failure left %+v", s)
		}
	})
}

func TestHeartbeatKeepsTheLease(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k"}
		later(t, d, k, paper{N: 1})
		later(t, d, k, paper{N: 2})
		var reg Registry
		HandleOutside(&reg, k, func(context.Context, paper) error { return nil })
		slow, other := NewRunner(d, &reg, quiet, 1), NewRunner(d, &reg, quiet, 1)
		held, err := slow.claim(t.Context(), 10, kinds{})
		if err != nil || len(held) != 2 {
			t.Fatalf("claimed %d, %v", len(held), err)
		}
		b := &batch{held: map[string]bool{held[0].ID: true, held[1].ID: true}}
		for range 3 {
			dbtest.Advance(d, lease-10*time.Second)
			if err := slow.beat(t.Context(), b.ids()); err != nil {
				t.Fatal(err)
			}
			if n := once(t, other); n != 0 {
				t.Fatal("taken over in spite of the heartbeat")
			}
		}
		b.drop(held[0].ID) // done with this one; the other is still held
		dbtest.Advance(d, lease-10*time.Second)
		if err := slow.beat(t.Context(), b.ids()); err != nil {
			t.Fatal(err)
		}
		dbtest.Advance(d, 20*time.Second)
		if n := once(t, other); n != 1 {
			t.Errorf("%d taken over, want the one that was dropped", n)
		}
	})
}

// Asked to stop, a runner finishes what has begun and gives the rest back.
func TestStopGivesBackWhatHasNotBegun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k"}
		for range 4 {
			later(t, d, k, paper{})
		}
		ctx, stop := context.WithCancel(t.Context())
		runs := 0
		var reg Registry
		HandleOutside(&reg, k, func(work context.Context, in paper) error {
			runs++
			stop()
			return work.Err() // what has begun is not interrupted
		})
		if _, err := NewRunner(d, &reg, quiet, 1).Once(ctx); err != nil {
			t.Fatal(err)
		}
		states := make(map[string]int)
		for _, s := range all(t, d) {
			states[s.State]++
			if s.State == "available" && (s.Attempt != 0 || s.Owner != "" || s.RunAt.After(dbtest.Start)) {
				t.Errorf("given back as %+v", s)
			}
		}
		if runs != 1 || states["done"] != 1 || states["available"] != 3 {
			t.Errorf("%d ran, states %v; want one done and three given back", runs, states)
		}
	})
}

func TestStopGivesBackWhatDoesNotEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[paper]{Name: "k"}
		later(t, d, k, paper{})
		ctx, stop := context.WithCancel(t.Context())
		var reg Registry
		HandleOutside(&reg, k, func(work context.Context, in paper) error {
			stop()
			<-work.Done() // hangs until it must end
			return work.Err()
		})
		r := NewRunner(d, &reg, quiet, 1)
		r.grace = 0
		if _, err := r.Once(ctx); err != nil {
			t.Fatal(err)
		}
		if s := only(t, d); s.State != "available" || s.Attempt != 0 || s.LastError != "" {
			t.Errorf("left %+v, want it given back", s)
		}
	})
}

func TestPeriodicJobRunsOncePerSlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := Kind[struct{}]{Name: "hourly"}
		var mu sync.Mutex
		runs := 0
		var reg Registry
		reg.Every(time.Hour, k)
		HandleOutside(&reg, k, func(context.Context, struct{}) error { mu.Lock(); defer mu.Unlock(); runs++; return nil })
		replicas := make([]*Runner, 4)
		for i := range replicas {
			replicas[i] = NewRunner(d, &reg, quiet, 1)
		}
		for slot := 1; slot <= 3; slot++ {
			var wg sync.WaitGroup
			for _, r := range replicas {
				wg.Go(func() {
					for range 2 {
						if err := r.fillSlots(context.Background()); err != nil {
							t.Error(err)
						}
					}
					if err := r.Drain(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			if runs != slot {
				t.Errorf("in slot %d it ran %d times", slot, runs)
			}
			dbtest.Advance(d, time.Hour)
		}
	})
}

func TestRunWakesForNewWorkAndStops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, slots := Kind[paper]{Name: "k"}, Kind[struct{}]{Name: "slot"}
		ran, filled := make(chan int, 10), make(chan bool, 10)
		var reg Registry
		reg.Every(time.Hour, slots)
		HandleOutside(&reg, k, func(ctx context.Context, in paper) error { ran <- in.N; return nil })
		HandleOutside(&reg, slots, func(context.Context, struct{}) error { filled <- true; return nil })
		pumped := make(chan bool, 100)
		r := NewRunner(d, &reg, quiet, 2, func(context.Context) (int, error) {
			select {
			case pumped <- true:
			default:
			}
			return 0, nil
		})
		r.poll = time.Hour // nothing but the wake-up makes it look
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan bool)
		go func() { r.Run(ctx); close(ended) }()
		<-pumped
		<-filled
		for i := range 3 {
			later(t, d, k, paper{N: i})
			if n := <-ran; n != i {
				t.Errorf("ran %d, want %d", n, i)
			}
		}
		stop()
		<-ended
	})
}

func TestFailingPumpIsAnError(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	broken := errors.New("broken")
	r := NewRunner(d, &Registry{}, quiet, 1, func(context.Context) (int, error) { return 3, nil }, func(context.Context) (int, error) { return 0, broken })
	if n, err := r.Once(t.Context()); n != 3 || err != broken {
		t.Errorf("Once = %d, %v", n, err)
	}
	if err := r.Drain(t.Context()); err != broken {
		t.Errorf("Drain = %v", err)
	}
}
