package report

import (
	"iter"

	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
)

// AuditSheet is a part of the log as a table: what happened in both languages, and
// at its end, where there was more than may be exported, a line that says so.
func AuditSheet(p text.Printer, rows iter.Seq2[Entry, error], most int, who func(Entry) string) sheet.Table {
	zh, en := text.Printer{Lang: text.ZH, Zone: p.Zone}, text.Printer{Lang: text.EN, Zone: p.Zone}
	return sheet.Table{Name: p.T("web_audit.title"), Columns: []sheet.Column{
		{Title: p.T("web_audit.when"), Width: 20}, {Title: p.T("web_audit.who_col"), Width: 18}, {Title: p.T("web_audit.zh"), Width: 30}, {Title: p.T("web_audit.en"), Width: 36},
		{Title: p.T("web_audit.kind"), Width: 24}, {Title: p.T("web_audit.subject"), Width: 32}, {Title: p.T("web_audit.vendor"), Width: 30}, {Title: p.T("web_audit.vendor_id"), Width: 32},
		{Title: p.T("web_audit.address"), Width: 18}, {Title: p.T("web_audit.data"), Width: 40}, {Title: p.T("web_audit.id_col"), Width: 32},
	}, Rows: func(yield func([]sheet.Cell, error) bool) {
		n := 0
		for e, err := range rows {
			key := text.Key("event." + e.Kind)
			if !yield([]sheet.Cell{p.Time(e.At), who(e), zh.T(key), en.T(key), e.Kind, e.Subject, e.Vendor, e.VendorID, e.Address, e.Data, e.ID}, err) || err != nil {
				return
			}
			n++
		}
		if n >= most {
			yield([]sheet.Cell{p.T("web_audit.cut", most)}, nil)
		}
	}}
}
