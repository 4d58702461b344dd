package demo

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// story is the demo while it is filled: who takes part, and what they do when.
type story struct {
	*market.Market
	cast
	clock  *Clock
	now    time.Time // when it ends
	policy policy.Policy
	zone   *time.Location
	office map[access.Role][]access.Actor
	pass   account.Registration // with the hash of Password
	press  chan struct{}        // as many documents at once as it holds
	prints sync.WaitGroup       // documents that are being made
	steps  []step
	bank   bankBook
}

// step is something somebody does at a time.
type step struct {
	at   time.Time
	what string
	do   func(ctx context.Context) error
}

func newStory(m *market.Market, clock *Clock, all cast) *story {
	return &story{Market: m, cast: all, clock: clock, now: clock.Now(), office: make(map[access.Role][]access.Actor),
		press: make(chan struct{}, 2*runtime.GOMAXPROCS(0))}
}

// recent is how many days before today are counted as they stand in the calendar,
// so that what waits has not waited longer than was promised on a Monday.
const recent = 2

// day is the n-th day before today: yesterday and the day before, and further back
// working days alone.
func (s *story) day(back int) calendar.Day {
	last := calendar.Of(s.now, s.zone).AddDays(-min(back, recent))
	return calendar.AddWorkingDays(last, min(recent-back, 0), calendar.Holidays{})
}

// at is a minute of the n-th day before today, "09:30".
func (s *story) at(back int, clock string) time.Time {
	var h, m int
	if _, err := fmt.Sscanf(clock, "%d:%d", &h, &m); err != nil {
		panic("demo: " + clock + " is no time of the day")
	}
	return s.day(back).Time(s.zone).Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)
}

// then notes what happens at a minute of the n-th day before today.
func (s *story) then(back int, clock, what string, do func(ctx context.Context) error) {
	s.steps = append(s.steps, step{s.at(back, clock), what, do})
}

// lately notes what happens so long before the end.
func (s *story) lately(before time.Duration, what string, do func(ctx context.Context) error) {
	s.steps = append(s.steps, step{s.now.Add(-before), what, do})
}

// run does every step in the order of time, and after each what follows from it.
func (s *story) run(ctx context.Context, progress func(done, of int)) error {
	slices.SortStableFunc(s.steps, func(a, b step) int { return a.at.Compare(b.at) })
	defer s.clock.release()
	for i, p := range s.steps {
		s.clock.set(p.at)
		err := p.do(ctx)
		if err == nil {
			err = s.Runner.Drain(ctx)
		}
		if err != nil {
			return fmt.Errorf("demo: %s at %s: %w", p.what, p.at.In(s.zone).Format(time.DateTime), err)
		}
		progress(i+1, len(s.steps))
	}
	return nil
}

// write runs one operation in a transaction.
func (s *story) write(ctx context.Context, do func(tx *db.Tx) error) error {
	return s.DB.Write(ctx, do)
}

// upload is a document that is being made.
type upload func() (file.Upload, error)

// printed makes a document and lays it into the store as one that was uploaded, on
// a goroutine of its own: the story goes on until it is needed. Fill waits for all.
func (s *story) printed(ctx context.Context, name string, make func() ([]byte, error)) upload {
	get := sync.OnceValues(func() (file.Upload, error) {
		s.press <- struct{}{}
		defer func() { <-s.press }()
		if err := ctx.Err(); err != nil {
			return file.Upload{}, err
		}
		b, err := make()
		if err != nil {
			return file.Upload{}, fmt.Errorf("demo: %s: %w", name, err)
		}
		return s.receive(ctx, name, b)
	})
	s.prints.Go(func() { get() }) //nolint:errcheck // told to whoever asks
	return get
}

// keep keeps documents for a vendor in the caller's transaction and returns their ids.
func keep(ctx context.Context, tx *db.Tx, by access.Actor, purpose file.Purpose, docs ...upload) ([]string, error) {
	var ids []string
	for _, d := range docs {
		up, err := d()
		if err != nil {
			return nil, err
		}
		f, err := file.Keep(ctx, tx, by, up, by.VendorID, purpose)
		if err != nil {
			return nil, err
		}
		ids = append(ids, f.ID)
	}
	return ids, nil
}

// by is somebody of the staff in a role; of two in finance the first imports and
// the second confirms.
func (s *story) by(role access.Role) access.Actor { return s.office[role][0] }

func (s *story) confirmer() access.Actor { return s.office[access.Finance][1] }
