package ui

import (
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/text"
)

// spansADay is how many spans of time a day of the timetable offers: a morning
// and an afternoon; days that already hold more show them all.
const spansADay = 2

type weekDay struct {
	key   text.Key // the day's name
	spans []weekSpan
	sum   string // as "9 h", "" if nothing is entered
}

type weekSpan struct {
	from, to       string // input names
	fromVal, toVal string
	bad            bool
}

// weekDays reads the timetable back from what was typed, as
// "hours.mon.0.from" = "09:00" for the field "hours".
func weekDays(f Field, form Form) []weekDay {
	var days []weekDay
	for _, d := range calendar.Weekdays() {
		base := f.Name + "." + calendar.WeekdayName(d)
		day := weekDay{key: dayKey(d)}
		minutes, any := 0, false
		for i := 0; i < spansADay || form.Values.Get(base+"."+strconv.Itoa(i)+".from") != ""; i++ {
			s := weekSpan{from: base + "." + strconv.Itoa(i) + ".from", to: base + "." + strconv.Itoa(i) + ".to"}
			s.fromVal, s.toVal = form.Values.Get(s.from), form.Values.Get(s.to)
			s.bad = form.Errors.At(base+"."+strconv.Itoa(i)) != ""
			from, err := calendar.ParseClock(s.fromVal)
			to, err2 := calendar.ParseClock(s.toVal)
			if err == nil && err2 == nil && to > from {
				minutes, any = minutes+int(to-from), true
			}
			day.spans = append(day.spans, s)
		}
		if any {
			day.sum = hours(minutes)
		}
		days = append(days, day)
	}
	return days
}

func dayKey(d time.Weekday) text.Key { return text.Key("ui.day_" + calendar.WeekdayName(d)) }

// hours writes minutes as hours with at most one decimal: 8, 7.5.
func hours(minutes int) string {
	return strconv.FormatFloat(float64(minutes*10/60)/10, 'f', -1, 64)
}
