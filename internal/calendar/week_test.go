package calendar

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

func span(t *testing.T, from, to string) Span {
	t.Helper()
	a, err := ParseClock(from)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseClock(to)
	if err != nil {
		t.Fatal(err)
	}
	return Span{a, b}
}

func weekOf(days int, spans ...Span) Week {
	var w Week
	for _, d := range Weekdays()[:days] {
		w.Set(d, spans)
	}
	return w
}

// Rule E-2: at least 5 days of the week with at least 8 h each, spans added,
// breaks subtracted.
func TestMeetsFiveTimesEight(t *testing.T) {
	tests := []struct {
		name string
		week Week
		want bool
	}{
		{"5×8 with a break", weekOf(5, span(t, "09:00", "12:00"), span(t, "13:00", "18:00")), true},
		{"5×9 less an hour's break", weekOf(5, span(t, "09:00", "12:00"), span(t, "14:00", "18:00")), false},
		{"5×8 in one", weekOf(5, span(t, "10:00", "18:00")), true},
		{"7×24", weekOf(7, span(t, "00:00", "24:00")), true},
		{"4×10", weekOf(4, span(t, "09:00", "19:00")), false},
		{"7×7:59", weekOf(7, span(t, "09:00", "16:59")), false},
		{"closed", Week{}, false},
		{"an overlap does not count twice", weekOf(5, span(t, "09:00", "14:00"), span(t, "10:00", "13:00")), false},
		{"spans may touch", weekOf(5, span(t, "08:00", "12:00"), span(t, "12:00", "16:00")), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.week.Meets(5, 8); got != tt.want {
				t.Errorf("Meets(5, 8) = %v, want %v", got, tt.want)
			}
		})
	}
	sundays := Week{Sun: []Span{span(t, "09:00", "17:00")}}
	if !sundays.Meets(1, 8) || sundays.Minutes(time.Sunday) != 480 || sundays.Minutes(time.Monday) != 0 {
		t.Error("Sunday is not counted")
	}
	if sundays.IsZero() || !(Week{}).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestCheckNamesTheSpan(t *testing.T) {
	tests := []struct {
		name    string
		week    Week
		pointer string
		key     text.Key
	}{
		{"ends before it begins", Week{Mon: []Span{span(t, "18:00", "09:00")}}, "/mon/0/to", "calendar.span_backwards"},
		{"is empty", Week{Sun: []Span{span(t, "09:00", "09:00")}}, "/sun/0/to", "calendar.span_backwards"},
		{"overlaps", Week{Tue: []Span{span(t, "09:00", "12:00"), span(t, "11:59", "18:00")}}, "/tue/1/from", "calendar.span_overlaps"},
		{"is out of order", Week{Wed: []Span{span(t, "13:00", "18:00"), span(t, "09:00", "12:00")}}, "/wed/1/from", "calendar.span_overlaps"},
		{"runs past midnight", Week{Sat: []Span{{From: 60, To: 1441}}}, "/sat/0/to", "calendar.bad_clock"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var f *fault.Error
			if err := tt.week.Check(); !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) != 1 {
				t.Fatalf("Check = %v; want Invalid with one field", err)
			}
			got := f.Fields[0]
			if got.Pointer != tt.pointer || got.Message.Key != tt.key || got.Rule != "E-2" || !text.Known(tt.key) {
				t.Errorf("field %+v; want %s at %s", got, tt.key, tt.pointer)
			}
		})
	}
	if err := weekOf(7, span(t, "00:00", "24:00")).Check(); err != nil {
		t.Errorf("7×24: %v", err)
	}
}

func TestParseClock(t *testing.T) {
	for in, want := range map[string]Clock{"00:00": 0, "9:05": 545, "09：30": 570, "24:00": 1440, " 23:59 ": 1439} {
		if got, err := ParseClock(in); err != nil || got != want {
			t.Errorf("ParseClock(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "9", "9:5", "24:01", "25:00", "12:60", "-1:00", "09:00:00", "9.30", ":30", "ab:cd", "٠٩:٣٠"} {
		if got, err := ParseClock(in); !errors.Is(err, fault.Invalid) {
			t.Errorf("ParseClock(%q) = %d, %v; want Invalid", in, got, err)
		}
	}
}

func TestWeekJSON(t *testing.T) {
	w := Week{Mon: []Span{span(t, "09:00", "12:00"), span(t, "13:00", "18:00")}, Sun: []Span{span(t, "10:00", "24:00")}}
	data, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"mon":[{"from":"09:00","to":"12:00"},{"from":"13:00","to":"18:00"}],"sun":[{"from":"10:00","to":"24:00"}]}`
	if string(data) != want {
		t.Errorf("written as %s, want %s", data, want)
	}
	var back Week
	if err := json.Unmarshal(data, &back); err != nil || !cmp.Equal(w, back) {
		t.Errorf("read back as %v, %v", cmp.Diff(w, back), err)
	}
	if got := back.Mon[0].String(); got != "09:00–12:00" {
		t.Errorf("a span is written %s", got)
	}
}

func TestClockIsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Clock(rapid.IntRange(0, 1440).Draw(t, "clock"))
		if got, err := ParseClock(c.String()); err != nil || got != c {
			t.Errorf("%s is read as %d, %v", c, got, err)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	for _, s := range []string{"09:00", "24:00", "9：30", "", "::", "99:99"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseClock(s)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("ParseClock(%q): %v is not Invalid", s, err)
			}
			return
		}
		if c < 0 || c > 1440 {
			t.Fatalf("ParseClock(%q) = %d", s, c)
		}
	})
}
