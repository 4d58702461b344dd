// Package calendar counts days, months and working days as contracts and rules
// do. A Day has no clock and no zone; the operator's zone and holidays are
// handed in. The package is pure and never asks what day it is.
package calendar

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

const layout = "2006-01-02"

// Day is a day of the calendar; the zero value is no day.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// Date makes a day; one past the month's end runs on into the next, as in time.Date.
func Date(year int, month time.Month, day int) Day {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	return Day{y, m, d}
}

// Of returns the day it is in the zone at t; the zero time is no day.
func Of(t time.Time, zone *time.Location) Day {
	if t.IsZero() {
		return Day{}
	}
	y, m, d := t.In(zone).Date()
	return Day{y, m, d}
}

// Parse reads "2006-01-02"; anything else, and a day that does not exist, is Invalid.
func Parse(s string) (Day, error) {
	s = strings.TrimSpace(s)
	t, err := time.Parse(layout, s)
	if err != nil || t.Year() == 0 {
		if len(s) > 40 {
			s = ""
		}
		return Day{}, fault.New(fault.Invalid, "calendar.bad_day", s).Because(err)
	}
	y, m, d := t.Date()
	return Day{y, m, d}, nil
}

// IsZero reports whether it is no day.
func (d Day) IsZero() bool { return d == Day{} }

// String writes "2006-01-02", and nothing for no day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// In writes the day for a reader: 2026年11月22日, 22 Nov 2026.
func (d Day) In(l text.Lang) string {
	if d.IsZero() {
		return "–"
	}
	return text.Printer{Lang: l}.Date(d.Time(time.UTC))
}

// Time returns the moment the day begins in the zone; of no day, the zero time.
func (d Day) Time(zone *time.Location) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.Time(time.UTC).Weekday() }

// Compare returns −1, 0 or +1 as d is before, the same as or after e.
func (d Day) Compare(e Day) int {
	for _, x := range [][2]int{{d.Year, e.Year}, {int(d.Month), int(e.Month)}, {d.Day, e.Day}} {
		if x[0] < x[1] {
			return -1
		}
		if x[0] > x[1] {
			return 1
		}
	}
	return 0
}

// Before reports whether d is before e.
func (d Day) Before(e Day) bool { return d.Compare(e) < 0 }

// After reports whether d is after e.
func (d Day) After(e Day) bool { return d.Compare(e) > 0 }

// AddDays returns the day n days later, earlier if n is negative; no day stays none.
func (d Day) AddDays(n int) Day {
	if d.IsZero() {
		return d
	}
	return Date(d.Year, d.Month, d.Day+n)
}

// DaysSince returns how many days d is after e, negative if it is before.
func (d Day) DaysSince(e Day) int {
	return int((d.Time(time.UTC).Unix() - e.Time(time.UTC).Unix()) / (24 * 60 * 60))
}

// Value stores the day as TEXT; no day is NULL.
func (d Day) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a day stored as TEXT; NULL and the empty text are no day. A time is
// taken by its own date, in whatever zone it carries.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Day{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		*d = Of(v, v.Location())
		return nil
	}
	return fmt.Errorf("calendar: a day cannot be read from %T", src)
}

// MarshalText writes the day as String does, for JSON and forms.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the day as Parse does; the empty text is no day.
func (d *Day) UnmarshalText(data []byte) error {
	if strings.TrimSpace(string(data)) == "" {
		*d = Day{}
		return nil
	}
	day, err := Parse(string(data))
	if err != nil {
		return err
	}
	*d = day
	return nil
}
