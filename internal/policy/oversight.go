package policy

import "github.com/yunshi-market/yunshi/internal/fault"

// Oversight are the numbers of the audit log, the reports and the downloads of all
// that is held about a company.
type Oversight struct {
	ExportRows       int `json:"export_rows_at_most"` // of the log, in one file
	TakeoutDays      int `json:"takeout_days"`        // for which a download is kept
	TakeoutWaitHours int `json:"takeout_wait_hours"`  // between two downloads of one company
}

func validateOversight(o Oversight, f *fault.Fields) {
	for _, n := range []struct {
		name  string
		value int
	}{{"export_rows_at_most", o.ExportRows}, {"takeout_days", o.TakeoutDays}, {"takeout_wait_hours", o.TakeoutWaitHours}} {
		if n.value <= 0 {
			f.Add("/oversight/"+n.name, "policy.positive")
		}
	}
}
