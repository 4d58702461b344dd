package calendar

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAddMonths(t *testing.T) {
	tests := []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-01-31", 2, "2026-03-31"},
		{"2026-01-31", 3, "2026-04-30"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -1, "2025-12-15"},
		{"2026-01-15", -13, "2024-12-15"},
		{"2026-05-20", 0, "2026-05-20"},
		{"2026-05-20", 120, "2036-05-20"},
	}
	for _, tt := range tests {
		t.Run(tt.from, func(t *testing.T) {
			if got := day(t, tt.from).AddMonths(tt.n).String(); got != tt.want {
				t.Errorf("%s + %d months = %s, want %s", tt.from, tt.n, got, tt.want)
			}
		})
	}
	if got := (Day{}).AddMonths(1); !got.IsZero() {
		t.Errorf("a month after no day is %v", got)
	}
}

// Rule E-3: the trade began on or before the submission day less two calendar
// years, and 29 February counts as 28 February.
func TestTwoYearsInTheTrade(t *testing.T) {
	tests := []struct {
		start, submitted string
		want             bool
	}{
		{"2024-11-22", "2026-11-22", true},
		{"2024-11-23", "2026-11-22", false},
		{"2022-02-28", "2024-02-29", true},
		{"2022-03-01", "2024-02-29", false},
		{"2024-02-29", "2026-02-28", false},
		{"2024-02-28", "2026-02-28", true},
		{"2024-02-29", "2026-03-01", true},
		{"2020-02-29", "2022-03-01", true},
	}
	for _, tt := range tests {
		t.Run(tt.start+" "+tt.submitted, func(t *testing.T) {
			latest := day(t, tt.submitted).AddYears(-2)
			if got := !day(t, tt.start).After(latest); got != tt.want {
				t.Errorf("begun %s, submitted %s (latest %v): %v, want %v", tt.start, tt.submitted, latest, got, tt.want)
			}
		})
	}
}

func TestAddMonthsStaysInTheMonth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t)
		n := rapid.IntRange(-600, 600).Draw(t, "n")
		got := d.AddMonths(n)
		if months := (got.Year-d.Year)*12 + int(got.Month) - int(d.Month); months != n {
			t.Errorf("%v + %d months = %v, %d months on", d, n, got, months)
		}
		if got.Day != d.Day && (got.Day > d.Day || got.AddDays(1).Day != 1) {
			t.Errorf("%v + %d months = %v, neither the same day nor the month's last", d, n, got)
		}
	})
}
