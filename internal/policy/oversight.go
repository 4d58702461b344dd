package policy

import "github.com/yunshi-market/yunshi/internal/fault"

// Oversight are the numbers of the audit log and of what companies take out.
type Oversight struct {
	ExportRows     int `json:"export_rows_at_most"` // of the log, in one file
	TakeoutDays    int `json:"takeout_days"`        // how long a company's data lie ready, once made
	TakeoutsPerDay int `json:"takeouts_per_day"`    // that a company may ask for, at most
}

func validateOversight(o Oversight, f *fault.Fields) {
	for _, n := range []struct {
		name  string
		value int
	}{{"export_rows_at_most", o.ExportRows}, {"takeout_days", o.TakeoutDays}, {"takeouts_per_day", o.TakeoutsPerDay}} {
		if n.value <= 0 {
			f.Add("/oversight/"+n.name, "policy.positive")
		}
	}
}
