package office

import (
	"context"
	"net/http"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/report"
	"github.com/yunshi-market/yunshi/internal/server"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
	"github.com/yunshi-market/yunshi/internal/web/ui"
)

const reportsHome = "/office/reports"

type reports struct{ *web.Site }

func reportRoutes(s *web.Site) {
	o := reports{s}
	s.Staff("GET /office/reports", o.show)
	s.Staff("GET /office/reports/export", o.export)
}

type reportView struct {
	P      text.Printer
	Period report.Period
	Report report.Report
	Parts  []report.Part
	Errors ui.Errors
}

// read reads the period of the address, the last twelve months where it has none,
// and the report over it.
func (o reports) read(r *http.Request) (v reportView, err error) {
	v.P = server.Printer(r.Context())
	today := calendar.Of(o.DB.Clock().Now(), o.Policy(r.Context()).Location())
	v.Period = report.Lately(today)
	var wrong fault.Fields
	for name, day := range map[string]*calendar.Day{"from": &v.Period.From, "to": &v.Period.To} {
		if s := r.URL.Query().Get(name); s != "" {
			d, err := calendar.Parse(s)
			if err == nil {
				*day = d
			}
			wrong.Take("/"+name, err)
		}
	}
	if v.Period.To.Before(v.Period.From) {
		wrong.Add("/to", "web_report.bad_period")
	}
	return v, o.Read(r, func(ctx context.Context, tx *db.Tx, by access.Actor) (err error) {
		if err := by.Require(access.SeeReports); err != nil {
			return err
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		v.Report, err = report.Make(ctx, tx, by, v.Period)
		v.Parts = v.Report.Parts(v.P)
		return err
	})
}

func (o reports) show(w http.ResponseWriter, r *http.Request) error {
	v, err := o.read(r)
	status := http.StatusOK
	if code, ok := web.Mended(err); ok {
		status, v.Errors = code, ui.ErrorsOf(v.P, err)
	} else if err != nil {
		return err
	}
	return o.Show(w, r, status, o.New(w, r, ui.Office, "web_report.title"), reportPage(v))
}

// export writes one part as CSV, or all of them as the sheets of one XLSX.
func (o reports) export(w http.ResponseWriter, r *http.Request) error {
	v, err := o.read(r)
	if _, ok := web.Mended(err); ok {
		return o.Refused(w, r, reportsHome, err)
	}
	if err != nil {
		return err
	}
	var tables []sheet.Table
	part, format := r.URL.Query().Get("part"), sheetFormat(r.URL.Query().Get("as"))
	for _, t := range v.Parts {
		if part == "" || part == t.ID {
			tables = append(tables, t.Sheet())
		}
	}
	if len(tables) == 0 {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return sendTable(w, "report-"+v.Period.From.String()+"-"+v.Period.To.String(), format, tables...)
}

// reportTable shows a part as it stands in its files.
func reportTable(v reportView, part report.Part) ui.Table {
	t := ui.Table{Caption: part.Title, Blank: ui.Blank{Icon: "chart", Title: v.P.T("web_report.none"), Body: v.P.T("web_report.none_why")}, Wide: true}
	for i, h := range part.Heads {
		c := ui.Column{Label: h}
		if words := map[string]int{"refusals": 3, "causes": 3, "durations": 2}[part.ID]; i >= max(words, 1) {
			c.Align = ui.End
		}
		c.Tight = i == 0
		t.Columns = append(t.Columns, c)
	}
	for _, row := range part.Rows {
		var r ui.Row
		for _, c := range row {
			r.Cells = append(r.Cells, ui.S(sheet.Text(c)))
		}
		t.Rows = append(t.Rows, r)
	}
	return t
}

// reportBars draws what a part says by lengths; nil where it has no drawing.
func reportBars(v reportView, part report.Part) (bars []ui.Bar) {
	p := v.P
	switch part.ID {
	case "durations": // the latest month of each step
		last := make(map[string]int)
		for _, d := range v.Report.Durations {
			b := ui.Bar{Label: p.T(text.Key("web_report.step_" + d.Step)), Value: d.Median.Hours(), Print: p.Span(d.Median), Note: p.T("web_report.p90") + " " + p.Span(d.P90)}
			if i, ok := last[d.Step]; ok {
				bars[i] = b
				continue
			}
			last[d.Step] = len(bars)
			bars = append(bars, b)
		}
	case "passes":
		for i, x := range v.Report.Passes {
			bars = append(bars, ui.Bar{Label: sheet.Text(part.Rows[i][0]), Value: float64(x.Passed) / float64(x.Decided), Print: sheet.Text(part.Rows[i][3])})
		}
	case "ages":
		for i, x := range v.Report.Ages {
			late := x.Late + x.Far
			b := ui.Bar{Label: sheet.Text(part.Rows[i][0]), Value: float64(x.Half + x.Promised + late)}
			if late > 0 {
				b.Tone, b.Note = ui.Bad, p.T("web_report.age_late")+": "+sheet.Text(late)
			}
			bars = append(bars, b)
		}
	case "expiries":
		for i, x := range v.Report.Expiries {
			bars = append(bars, ui.Bar{Label: sheet.Text(part.Rows[i][0]), Value: float64(x.Contracts + x.Licences)})
		}
	}
	return bars
}
