package calendar

import "time"

// AddMonths returns the same day of the month n months later (earlier if n is
// negative), or the month's last day where it is shorter: 31 January and one
// month is the last of February. Months are counted from the start each time, so
// that a monthly term does not drift to the 28th. No day stays none.
func (d Day) AddMonths(n int) Day {
	if d.IsZero() {
		return d
	}
	first := Date(d.Year, d.Month+time.Month(n), 1)
	return Day{first.Year, first.Month, min(d.Day, lastDay(first.Year, first.Month))}
}

// AddYears returns the same day n years later (earlier if n is negative); 29
// February is 28 February in a common year. Rule E-3.
func (d Day) AddYears(n int) Day { return d.AddMonths(12 * n) }

func lastDay(year int, month time.Month) int { return Date(year, month+1, 0).Day }
