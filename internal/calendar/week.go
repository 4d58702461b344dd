package calendar

import (
	"fmt"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/fault"
)

// Clock is a time of day in minutes after midnight, 0 to 1440 (24:00, the day's end).
type Clock int

const endOfDay Clock = 24 * 60

// ParseClock reads "HH:MM" from 00:00 to 24:00; anything else is Invalid. The full-width colon is understood.
func ParseClock(s string) (Clock, error) {
	t := strings.ReplaceAll(strings.TrimSpace(s), "：", ":")
	bad := fault.New(fault.Invalid, "calendar.bad_clock")
	h, m, found := strings.Cut(t, ":")
	if !found || len(h) == 0 || len(h) > 2 || len(m) != 2 {
		return 0, bad
	}
	hours, ok := twoDigits(h)
	minutes, ok2 := twoDigits(m)
	c := Clock(hours*60 + minutes)
	if !ok || !ok2 || minutes > 59 || c > endOfDay {
		return 0, bad
	}
	return c, nil
}

func twoDigits(s string) (int, bool) {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

// String writes "HH:MM".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText writes the clock as String does, for JSON and forms.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the clock as ParseClock does.
func (c *Clock) UnmarshalText(data []byte) error {
	v, err := ParseClock(string(data))
	if err != nil {
		return err
	}
	*c = v
	return nil
}

// Span is a stretch of one day, from one clock to a later one.
type Span struct {
	From Clock `json:"from" form:"from"`
	To   Clock `json:"to" form:"to"`
}

// Minutes returns the length of the span.
func (s Span) Minutes() int { return int(s.To - s.From) }

// String writes "09:00–18:00".
func (s Span) String() string { return s.From.String() + "–" + s.To.String() }

// Week is a weekly timetable, as of customer service: for each day its spans in
// order. A day without spans is closed.
type Week struct {
	Mon []Span `json:"mon,omitempty" form:"mon"`
	Tue []Span `json:"tue,omitempty" form:"tue"`
	Wed []Span `json:"wed,omitempty" form:"wed"`
	Thu []Span `json:"thu,omitempty" form:"thu"`
	Fri []Span `json:"fri,omitempty" form:"fri"`
	Sat []Span `json:"sat,omitempty" form:"sat"`
	Sun []Span `json:"sun,omitempty" form:"sun"`
}

// Weekdays lists the days of the week from Monday on.
func Weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

var weekdayNames = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// WeekdayName returns the word of the day in JSON and forms: "mon".
func WeekdayName(d time.Weekday) string { return weekdayNames[d] }

// On returns the spans of a day.
func (w Week) On(d time.Weekday) []Span {
	return [...][]Span{w.Sun, w.Mon, w.Tue, w.Wed, w.Thu, w.Fri, w.Sat}[d]
}

// Set replaces the spans of a day.
func (w *Week) Set(d time.Weekday, spans []Span) {
	*[...]*[]Span{&w.Sun, &w.Mon, &w.Tue, &w.Wed, &w.Thu, &w.Fri, &w.Sat}[d] = spans
}

// Minutes returns how long a day is open: its spans added, so that breaks between them do not count.
func (w Week) Minutes(d time.Weekday) int {
	n := 0
	for _, s := range w.On(d) {
		n += s.Minutes()
	}
	return n
}

// IsZero reports whether every day is closed.
func (w Week) IsZero() bool {
	for _, d := range Weekdays() {
		if len(w.On(d)) > 0 {
			return false
		}
	}
	return true
}

// Check is Invalid, with a field for each span at fault ("/mon/1/from"), unless
// every span ends after it begins, within the day, and begins no earlier than the one before it ends.
func (w Week) Check() error {
	var bad fault.Fields
	for _, d := range Weekdays() {
		before := Clock(0)
		for i, s := range w.On(d) {
			at := fmt.Sprintf("/%s/%d", WeekdayName(d), i)
			switch {
			case s.From < 0 || s.To > endOfDay:
				bad.AddRule("E-2", at+"/to", "calendar.bad_clock")
			case s.To <= s.From:
				bad.AddRule("E-2", at+"/to", "calendar.span_backwards", s.From.String())
			case s.From < before:
				bad.AddRule("E-2", at+"/from", "calendar.span_overlaps", before.String())
			}
			before = max(before, s.To)
		}
	}
	return bad.Err()
}

// Meets reports whether at least the given number of days are open for at least
// the given hours each; a week that Check refuses meets nothing. Rule E-2: 5 days
// of 8 hours are met by 7×8 and not by 4×10.
func (w Week) Meets(days, hours int) bool { return w.Check() == nil && w.DaysOf(hours) >= days }

// DaysOf counts the days that are open for at least the given hours each.
func (w Week) DaysOf(hours int) int {
	n := 0
	for _, d := range Weekdays() {
		if w.Minutes(d) >= hours*60 {
			n++
		}
	}
	return n
}
