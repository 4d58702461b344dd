package calendar

import "time"

// Holidays holds what differs from Monday to Friday: Off are the days nobody
// works though they are weekdays, On the Saturdays and Sundays that are worked in
// exchange (调休). A day in both is worked. The zero value knows no holidays.
type Holidays struct {
	Off map[Day]bool `json:"off"`
	On  map[Day]bool `json:"on"`
}

// Working reports whether the day is a working day.
func (h Holidays) Working(d Day) bool {
	if h.On[d] {
		return true
	}
	w := d.Weekday()
	return !h.Off[d] && w != time.Saturday && w != time.Sunday
}

// AddWorkingDays returns the n-th working day after d, d itself not counted, as
// "within n working days" means; with a negative n, before d. For n = 0 it is d; no day stays none.
func AddWorkingDays(d Day, n int, h Holidays) Day {
	if d.IsZero() {
		return d
	}
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		d = d.AddDays(step)
		if h.Working(d) {
			n--
		}
	}
	return d
}

// WorkingDays counts the working days after from, up to and including to; it is
// negative when to is before from, counting from to's next day to from. From or to no day it is 0.
func WorkingDays(from, to Day, h Holidays) int {
	if from.IsZero() || to.IsZero() {
		return 0
	}
	if to.Before(from) {
		return -WorkingDays(to, from, h)
	}
	n := 0
	for d := from.AddDays(1); !d.After(to); d = d.AddDays(1) {
		if h.Working(d) {
			n++
		}
	}
	return n
}
