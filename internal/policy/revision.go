package policy

import (
	"fmt"
	"slices"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Revisions say how changes of approved products are reviewed: a change of light
// fields alone takes the fast route (rule S-2; domain-cn.md §8 P4).
type Revisions struct {
	Light            []string `json:"light"`              // fields that alone make a change light, see LightFields
	LightHours       int      `json:"light_hours"`        // promised on the fast route
	FullHours        int      `json:"full_hours"`         // promised for any other change
	PriceRisePercent int      `json:"price_rise_percent"` // a price that rises by more is not light
	LightAtOnce      bool     `json:"light_at_once"`      // goes live when handed in and is looked at later
}

// Expiry is what happens to an image whose security report is too old.
type Expiry string

// The ways with an old report.
const (
	Leaves Expiry = "leaves" // the product leaves the shelf until the report is renewed
	Marked Expiry = "marked" // it stays, and its page says so
)

// Reports are the rules of the security reports of images (domain-cn.md §2.3).
type Reports struct {
	MaxDays int    `json:"max_days"` // how long one holds from the day of its scan
	Remind  []int  `json:"remind"`   // days before its end on which the vendor is reminded
	Expired Expiry `json:"expired"`
}

// Until is the last day on which a report of a scan's day holds; no day for none.
func (r Reports) Until(scanned calendar.Day) calendar.Day { return scanned.AddDays(r.MaxDays) }

// Ended reports whether a report of a scan's day no longer holds on a day.
func (r Reports) Ended(scanned, today calendar.Day) bool {
	return !scanned.IsZero() && today.After(r.Until(scanned))
}

// Imports bound what a vendor hands in as one spreadsheet.
type Imports struct {
	RowsAtMost int `json:"rows_at_most"`
}

// LightFields are the fields a policy may call light: those whose change a buyer
// sees at a glance and a reviewer too.
func LightFields() []string {
	return []string{"price", "pictures", "tags", "code", "report", "after_sales", "summary"}
}

// IsLight reports whether a change of the field alone is light.
func (r Revisions) IsLight(field string) bool { return slices.Contains(r.Light, field) }

func (p Policy) validateRevisions(f *fault.Fields) {
	r := p.Revisions
	for i, field := range r.Light {
		if !slices.Contains(LightFields(), field) {
			f.AddRule("S-2", fmt.Sprintf("/revisions/light/%d", i), "fault.unknown_choice", field)
		}
	}
	for at, n := range map[string]int{"/revisions/light_hours": r.LightHours, "/revisions/full_hours": r.FullHours,
		"/reports/max_days": p.Reports.MaxDays, "/imports/rows_at_most": p.Imports.RowsAtMost} {
		if n <= 0 {
			f.Add(at, "policy.positive")
		}
	}
	if r.PriceRisePercent < 0 {
		f.AddRule("S-2", "/revisions/price_rise_percent", "policy.not_negative")
	}
	for i, days := range p.Reports.Remind {
		if days < 0 || days >= p.Reports.MaxDays {
			f.Add(fmt.Sprintf("/reports/remind/%d", i), "revision.remind_within", p.Reports.MaxDays)
		}
	}
	if p.Reports.Expired != Leaves && p.Reports.Expired != Marked {
		f.Add("/reports/expired", "fault.unknown_choice", string(p.Reports.Expired))
	}
}
