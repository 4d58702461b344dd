package calendar

import (
	"testing"

	"pgregory.net/rapid"
)

// autumn is a made-up week off, 1 to 7 October 2026, paid for by two worked days.
func autumn() Holidays {
	h := Holidays{Off: map[Day]bool{}, On: map[Day]bool{Date(2026, 9, 27): true, Date(2026, 10, 10): true}}
	for d := 1; d <= 7; d++ {
		h.Off[Date(2026, 10, d)] = true
	}
	return h
}

func TestAddWorkingDays(t *testing.T) {
	tests := []struct {
		name string
		from string
		n    int
		h    Holidays
		want string
	}{
		{"over a week-end", "2026-11-20", 1, Holidays{}, "2026-11-23"},
		{"seven working days", "2026-11-22", 7, Holidays{}, "2026-12-01"},
		{"fifteen working days", "2026-11-23", 15, Holidays{}, "2026-12-14"},
		{"none", "2026-11-22", 0, Holidays{}, "2026-11-22"},
		{"backwards", "2026-11-23", -1, Holidays{}, "2026-11-20"},
		{"over the holidays", "2026-09-30", 1, autumn(), "2026-10-08"},
		{"a worked Saturday counts", "2026-09-30", 3, autumn(), "2026-10-10"},
		{"a worked Sunday counts", "2026-09-25", 1, autumn(), "2026-09-27"},
		{"without the holidays known", "2026-09-30", 3, Holidays{}, "2026-10-05"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from := day(t, tt.from)
			got := AddWorkingDays(from, tt.n, tt.h)
			if got.String() != tt.want {
				t.Errorf("%s + %d = %v, want %s", tt.from, tt.n, got, tt.want)
			}
			if n := WorkingDays(from, got, tt.h); tt.n >= 0 && n != tt.n {
				t.Errorf("WorkingDays(%v, %v) = %d, want %d", from, got, n, tt.n)
			}
		})
	}
}

func TestWorkingDaysFromNoDay(t *testing.T) {
	d := Date(2026, 11, 23)
	if got := AddWorkingDays(Day{}, 3, Holidays{}); !got.IsZero() {
		t.Errorf("three working days after no day is %v", got)
	}
	if a, b := WorkingDays(Day{}, d, Holidays{}), WorkingDays(d, Day{}, Holidays{}); a != 0 || b != 0 {
		t.Errorf("working days with no day: %d, %d", a, b)
	}
	if !autumn().Working(Date(2026, 10, 10)) || autumn().Working(Date(2026, 10, 1)) {
		t.Error("holidays or worked days are not seen")
	}
	both := Holidays{Off: map[Day]bool{d: true}, On: map[Day]bool{d: true}}
	if !both.Working(d) {
		t.Error("a day both off and on is not worked")
	}
}

func TestWorkingDaysAddUp(t *testing.T) {
	h := autumn()
	rapid.Check(t, func(t *rapid.T) {
		start := Date(2026, 8, 1)
		a := start.AddDays(rapid.IntRange(0, 120).Draw(t, "a"))
		b := start.AddDays(rapid.IntRange(0, 120).Draw(t, "b"))
		c := start.AddDays(rapid.IntRange(0, 120).Draw(t, "c"))
		if ab, bc, ac := WorkingDays(a, b, h), WorkingDays(b, c, h), WorkingDays(a, c, h); ab+bc != ac {
			t.Errorf("%v to %v is %d, to %v %d, together %d", a, b, ab, c, bc, ac)
		}
		n := rapid.IntRange(1, 60).Draw(t, "n")
		if due := AddWorkingDays(a, n, h); !h.Working(due) || WorkingDays(a, due, h) != n {
			t.Errorf("%d working days after %v is %v", n, a, due)
		}
	})
}
