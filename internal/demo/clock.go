package demo

import (
	"sync"
	"time"
)

// Clock is the clock of a demo's database: while the demo is filled it is moved
// through the weeks of the story, afterwards it tells the time it was made with.
type Clock struct {
	wall func() time.Time

	mu    sync.Mutex
	ahead time.Duration // of the wall, mostly negative; guarded by mu
}

// NewClock makes a clock that tells the wall's time until it is moved.
func NewClock(wall func() time.Time) *Clock { return &Clock{wall: wall} }

// Now is the story's time, which flows as the wall's does.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.wall().Add(c.ahead)
}

// set moves the clock to a moment. It is never moved back behind what it told.
func (c *Clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = t.Sub(c.wall())
}

// release lets the clock tell the wall's time again.
func (c *Clock) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead = 0
}
