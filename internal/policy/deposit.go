package policy

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Deposits are the numbers and words of deposits beside the categories' amounts
// (D-3, D-8, D-12).
type Deposits struct {
	// RaiseUntil is the last day on which vendors that were approved before make up
	// for a category whose deposit was raised; none asks only newly approved categories.
	RaiseUntil calendar.Day `json:"raise_until,omitzero"`
	// MakeUpDays are the working days to pay again what fell away without a
	// violation, as when the bank took a transfer back.
	MakeUpDays int `json:"make_up_working_days"`
	// RemindDays are the days after the request on which a vendor is reminded; from
	// the last on, each time as many days later as between the last two.
	RemindDays []int `json:"remind_days"`
	RemindHour int   `json:"remind_hour"` // of the day, at which reminders go out
	// FeeFen is how much less than was sent may have gone in bank fees.
	FeeFen int64 `json:"bank_fee_fen_at_most"`
	// Addresses is how many courier addresses a vendor keeps at most.
	Addresses int       `json:"addresses_at_most"`
	Couriers  []Courier `json:"couriers"`
}

// Courier is a company that carries papers (D-8).
type Courier struct {
	ID    string `json:"id"`
	Name  Name   `json:"name"`
	Track string `json:"track,omitempty"` // address of a parcel's page, with {number}; "" has none
}

// TrackURL is the page on which a parcel is followed; "" where there is none.
func (c Courier) TrackURL(number string) string {
	if c.Track == "" || number == "" {
		return ""
	}
	return strings.ReplaceAll(c.Track, "{number}", url.QueryEscape(number))
}

// Courier finds a courier; unknown is false.
func (p Policy) Courier(id string) (Courier, bool) {
	i := slices.IndexFunc(p.Deposits.Couriers, func(c Courier) bool { return c.ID == id })
	if i < 0 {
		return Courier{}, false
	}
	return p.Deposits.Couriers[i], true
}

// Reminder is when the vendor is reminded for the nth time, counted from 0, of
// what it was asked to pay at a time.
func (p Policy) Reminder(asked time.Time, n int) time.Time {
	days := p.Deposits.RemindDays
	last := days[len(days)-1]
	after := last
	if n < len(days) {
		after = days[n]
	} else {
		step := last
		if len(days) > 1 {
			step -= days[len(days)-2]
		}
		after += (n - len(days) + 1) * step
	}
	day := calendar.Of(asked, p.Location()).AddDays(after)
	return day.Time(p.Location()).Add(time.Duration(p.Deposits.RemindHour) * time.Hour)
}

// Here reports whether a way may be used in a city; one without a condition may
// be anywhere. Rule D-4.
func (w Way) Here(city string) bool {
	return w.City == "" || cityKey(city) == cityKey(w.City)
}

func cityKey(s string) string {
	return strings.TrimSuffix(strings.ToLower(strings.Join(strings.Fields(s), "")), "市")
}

func (p Policy) validateDeposits(f *fault.Fields) {
	d := p.Deposits
	if d.MakeUpDays <= 0 {
		f.AddRule("D-11", "/deposits/make_up_working_days", "policy.positive")
	}
	for i, n := range d.RemindDays {
		if n <= 0 || i > 0 && n <= d.RemindDays[i-1] {
			f.AddRule("D-3", fmt.Sprintf("/deposits/remind_days/%d", i), "policy.rising")
		}
	}
	if len(d.RemindDays) == 0 {
		f.AddRule("D-3", "/deposits/remind_days", "fault.required")
	}
	if d.RemindHour < 0 || d.RemindHour > 23 {
		f.Add("/deposits/remind_hour", "policy.hour")
	}
	if d.FeeFen < 0 {
		f.AddRule("D-12", "/deposits/bank_fee_fen_at_most", "policy.not_negative")
	}
	if d.Addresses <= 0 {
		f.AddRule("D-8", "/deposits/addresses_at_most", "policy.positive")
	}
	if len(d.Couriers) == 0 {
		f.AddRule("D-8", "/deposits/couriers", "fault.required")
	}
	seen := make(map[string]bool)
	for i, c := range d.Couriers {
		at := fmt.Sprintf("/deposits/couriers/%d", i)
		switch {
		case c.ID == "":
			f.Add(at+"/id", "fault.required")
		case seen[c.ID]:
			f.Add(at+"/id", "policy.twice", c.ID)
		}
		seen[c.ID] = true
		named(f, at+"/name", c.Name)
		if c.Track == "" {
			continue
		}
		u, err := url.Parse(strings.ReplaceAll(c.Track, "{number}", "0"))
		if err != nil || u.Scheme != "https" || u.Host == "" || !strings.Contains(c.Track, "{number}") {
			f.AddRule("D-8", at+"/track", "policy.track")
		}
	}
}
