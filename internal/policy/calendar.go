package policy

import (
	"fmt"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// WorkYear is what the state announces of a year: the days off beside the weekends,
// and the weekend days worked in exchange (调休).
type WorkYear struct {
	Year int            `json:"year"`
	Off  []calendar.Day `json:"off"`
	On   []calendar.Day `json:"on"`
}

// holidays gathers the years for counting.
func holidays(years []WorkYear) calendar.Holidays {
	h := calendar.Holidays{Off: make(map[calendar.Day]bool), On: make(map[calendar.Day]bool)}
	for _, y := range years {
		for _, d := range y.Off {
			h.Off[d] = true
		}
		for _, d := range y.On {
			h.On[d] = true
		}
	}
	return h
}

// Holidays is the calendar that working days are counted by.
func (p Policy) Holidays() calendar.Holidays { return holidays(p.Calendar) }

// KnowsYear reports whether the calendar says what is off in a year; in any other
// only the weekends are.
func (p Policy) KnowsYear(year int) bool {
	return slices.ContainsFunc(p.Calendar, func(y WorkYear) bool { return y.Year == year })
}

// Today is the day it is at t in the operator's zone.
func (p Policy) Today(t time.Time) calendar.Day { return calendar.Of(t, p.Location()) }

// DueAfter is the last moment of the n-th working day after t's day, as "within n
// working days" means (rules D-10, D-11).
func (p Policy) DueAfter(t time.Time, n int) time.Time {
	last := calendar.AddWorkingDays(p.Today(t), n, p.Holidays())
	return last.AddDays(1).Time(p.Location()).Add(-time.Microsecond).UTC()
}

// validateCalendar refuses days outside their year, a year told twice, and a day
// worked in exchange that is no weekend.
func (p Policy) validateCalendar(f *fault.Fields) {
	seen := make(map[int]bool)
	for i, y := range p.Calendar {
		at := fmt.Sprintf("/calendar/%d", i)
		if seen[y.Year] || y.Year < 2000 || y.Year > 2200 {
			f.Add(at+"/year", "policy.calendar_year", y.Year)
		}
		seen[y.Year] = true
		for j, d := range y.Off {
			if d.Year != y.Year {
				f.Add(fmt.Sprintf("%s/off/%d", at, j), "policy.calendar_other_year", d, y.Year)
			}
		}
		for j, d := range y.On {
			w := d.Weekday()
			switch {
			case d.Year != y.Year:
				f.Add(fmt.Sprintf("%s/on/%d", at, j), "policy.calendar_other_year", d, y.Year)
			case w != time.Saturday && w != time.Sunday:
				f.Add(fmt.Sprintf("%s/on/%d", at, j), "policy.calendar_no_weekend", d)
			}
		}
	}
}
