package policy

import "github.com/yunshi-market/yunshi/internal/fault"

// Oversight are the numbers of the audit log.
type Oversight struct {
	ExportRows int `json:"export_rows_at_most"` // of the log, in one file
}

func validateOversight(o Oversight, f *fault.Fields) {
	if o.ExportRows <= 0 {
		f.Add("/oversight/export_rows_at_most", "policy.positive")
	}
}
