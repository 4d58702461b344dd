package main

import (
	"fmt"
	"slices"
	"time"
)

// times are the durations of many tries; quantiles are exact, by sorting.
type times []time.Duration

// quantile is the smallest duration that so large a part of all does not exceed.
func (t times) quantile(q float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	if !slices.IsSorted(t) {
		slices.Sort(t)
	}
	i := int(q*float64(len(t))+0.999999) - 1
	return t[min(max(i, 0), len(t)-1)]
}

func (t times) max() time.Duration { return t.quantile(1) }

// ms writes a duration for a table.
func ms(d time.Duration) string {
	f := float64(d) / float64(time.Millisecond)
	if f < 10 {
		return fmt.Sprintf("%.2f", f)
	}
	return fmt.Sprintf("%.1f", f)
}

// outcome is what a load gave.
type outcome struct {
	times  times
	took   time.Duration
	failed int
	why    error // of the first failure
}

func (o outcome) rate() float64 { return float64(len(o.times)) / o.took.Seconds() }

func whole(f float64) string {
	if f < 100 {
		return fmt.Sprintf("%.1f", f)
	}
	return fmt.Sprintf("%.0f", f)
}

// median of a few figures.
func median(f []float64) float64 {
	if len(f) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(f))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}
