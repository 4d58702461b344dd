package calendar

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

func day(t *testing.T, s string) Day {
	t.Helper()
	d, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A day is a day in the operator's zone, not in UTC.
func TestOfTakesTheZone(t *testing.T) {
	at := time.Date(2026, 11, 22, 16, 30, 0, 0, time.UTC)
	if got, want := Of(at, time.UTC).String(), "2026-11-22"; got != want {
		t.Errorf("in UTC %s, want %s", got, want)
	}
	if got, want := Of(at, shanghai).String(), "2026-11-23"; got != want {
		t.Errorf("in Shanghai %s, want %s", got, want)
	}
	if got := Of(time.Time{}, shanghai); !got.IsZero() {
		t.Errorf("the zero time is %v", got)
	}
	d := day(t, "2026-11-23")
	if got, want := d.Time(shanghai).UTC(), time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("the day begins at %v, want %v", got, want)
	}
}

func TestParse(t *testing.T) {
	for _, in := range []string{"2026-01-31", "2024-02-29", " 2026-11-22 ", "0001-01-01", "9999-12-31"} {
		if d, err := Parse(in); err != nil || d.IsZero() {
			t.Errorf("Parse(%q) = %v, %v", in, d, err)
		}
	}
	for _, in := range []string{
		"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-5", "2026/01/05", "20260105", "0000-01-01",
		"2026-01-05T00:00:00Z", "10000-01-01", "-001-01-01", "２０２６-01-05", "2026年1月5日",
	} {
		if d, err := Parse(in); !errors.Is(err, fault.Invalid) || !d.IsZero() {
			t.Errorf("Parse(%q) = %v, %v; want Invalid", in, d, err)
		}
	}
}

func TestWriting(t *testing.T) {
	d := Date(2026, time.November, 22)
	if got := d.In(text.ZH); got != "2026年11月22日" {
		t.Errorf("in Chinese %q", got)
	}
	if got := d.In(text.EN); got != "22 Nov 2026" {
		t.Errorf("in English %q", got)
	}
	if got := (Day{}).In(text.ZH) + (Day{}).String(); got != "–" {
		t.Errorf("no day is %q", got)
	}
	if got := d.Weekday(); got != time.Sunday {
		t.Errorf("22 November 2026 is a %v", got)
	}
}

func TestCompare(t *testing.T) {
	ordered := []Day{{}, Date(2025, 12, 31), Date(2026, 1, 1), Date(2026, 1, 2), Date(2026, 2, 1)}
	for i, a := range ordered {
		for j, b := range ordered {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := a.Compare(b); got != want {
				t.Errorf("%v.Compare(%v) = %d, want %d", a, b, got, want)
			}
			if a.Before(b) != (want < 0) || a.After(b) != (want > 0) {
				t.Errorf("Before or After of %v and %v disagree with Compare", a, b)
			}
		}
	}
}

func TestAddDaysAndDaysSinceAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDay(t)
		n := rapid.IntRange(-400_000, 400_000).Draw(t, "n")
		e := d.AddDays(n)
		if got := e.DaysSince(d); got != n {
			t.Errorf("%v + %d days = %v, which is %d days after", d, n, e, got)
		}
		if d.Compare(e) != -(e.Compare(d)) || (n > 0) != e.After(d) {
			t.Errorf("%v and %v are out of order", d, e)
		}
	})
	if got := (Day{}).AddDays(5); !got.IsZero() {
		t.Errorf("five days after no day is %v", got)
	}
}

func anyDay(t *rapid.T) Day {
	return Date(1970, 1, 1).AddDays(rapid.IntRange(-300_000, 300_000).Draw(t, "day"))
}

func TestStored(t *testing.T) {
	d := Date(2026, 2, 3)
	if v, err := d.Value(); err != nil || v != "2026-02-03" {
		t.Errorf("Value = %v, %v", v, err)
	}
	if v, err := (Day{}).Value(); err != nil || v != nil {
		t.Errorf("Value of no day = %v, %v; want NULL", v, err)
	}
	for _, src := range []any{"2026-02-03", []byte("2026-02-03"), time.Date(2026, 2, 3, 23, 0, 0, 0, shanghai)} {
		var got Day
		if err := got.Scan(src); err != nil || got != d {
			t.Errorf("Scan(%v) = %v, %v", src, got, err)
		}
	}
	for _, src := range []any{nil, "", time.Time{}} {
		got := d
		if err := got.Scan(src); err != nil || !got.IsZero() {
			t.Errorf("Scan(%v) = %v, %v; want no day", src, got, err)
		}
	}
	for _, src := range []any{42, "2026-02-30"} {
		got := d
		if err := got.Scan(src); err == nil || got != d {
			t.Errorf("Scan(%v) = %v, %v; want an error and no change", src, got, err)
		}
	}
}

func TestJSON(t *testing.T) {
	type paper struct {
		Start Day          `json:"start"`
		End   Day          `json:"end,omitzero"`
		Off   map[Day]bool `json:"off"`
	}
	in := `{"start":"2026-02-03","off":{"2026-10-01":true}}`
	var p paper
	if err := json.Unmarshal([]byte(in), &p); err != nil {
		t.Fatal(err)
	}
	if p.Start != Date(2026, 2, 3) || !p.Off[Date(2026, 10, 1)] || !p.End.IsZero() {
		t.Errorf("read as %+v", p)
	}
	if out, err := json.Marshal(p); err != nil || string(out) != in {
		t.Errorf("written as %s, %v; want %s", out, err, in)
	}
	if err := json.Unmarshal([]byte(`{"start":"2026-02-30"}`), &p); !errors.Is(err, fault.Invalid) {
		t.Errorf("30 February: %v; want Invalid", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"2026-01-31", "2024-02-29", "", "0000-00-00", "9999-12-31", "2026/1/1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("Parse(%q): %v is not Invalid", s, err)
			}
			return
		}
		if again, err := Parse(d.String()); err != nil || again != d {
			t.Fatalf("Parse(%q) = %v, read back as %v, %v", s, d, again, err)
		}
	})
}
