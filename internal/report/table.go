package report

import (
	"fmt"
	"strconv"
	"time"

	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/sheet"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Part is one table of the report, as the page and its files show it.
type Part struct {
	ID    string
	Title string
	Heads []string
	Rows  [][]sheet.Cell
}

// Sheet is the part as a table to write.
func (t Part) Sheet() sheet.Table {
	out := sheet.Table{Name: t.Title, Rows: sheet.Each(t.Rows, func(r []sheet.Cell) []sheet.Cell { return r })}
	for _, h := range t.Heads {
		out.Columns = append(out.Columns, sheet.Column{Title: h, Width: 20})
	}
	return out
}

// hours writes a duration as hours with one decimal, which spreadsheets can count with.
func hours(d time.Duration) string { return strconv.FormatFloat(d.Hours(), 'f', 1, 64) }

func month(d calendar.Day) string { return fmt.Sprintf("%04d-%02d", d.Year, int(d.Month)) }

// Parts puts the report into tables in one language.
func (r Report) Parts(p text.Printer) []Part {
	t := func(k string) string { return p.T(text.Key("web_report." + k)) }
	heads := func(keys ...string) (out []string) {
		for _, k := range keys {
			out = append(out, t(k))
		}
		return out
	}
	took := Part{ID: "durations", Title: t("durations"), Heads: heads("month", "step", "count", "median", "p90", "median_worked", "p90_worked")}
	for _, d := range r.Durations {
		took.Rows = append(took.Rows, []sheet.Cell{month(d.Month), t("step_" + d.Step), d.Count, hours(d.Median), hours(d.P90), hours(d.Worked), hours(d.Worked90)})
	}
	pass := Part{ID: "passes", Title: t("passes"), Heads: heads("month", "decided", "passed", "rate")}
	for _, x := range r.Passes {
		pass.Rows = append(pass.Rows, []sheet.Cell{month(x.Month), x.Decided, x.Passed, fmt.Sprintf("%d%%", (x.Passed*200+x.Decided)/(2*x.Decided))})
	}
	why := Part{ID: "refusals", Title: t("refusals"), Heads: heads("stage", "condition", "asks", "times")}
	for _, x := range r.Refusals {
		why.Rows = append(why.Rows, []sheet.Cell{t("stage_" + x.Stage), x.Condition, x.Name.In(p.Lang), x.Count})
	}
	causes := Part{ID: "causes", Title: t("causes"), Heads: heads("stage", "condition", "reason", "times")}
	for _, x := range r.Causes {
		said := x.Text.In(p.Lang)
		if x.Reason == "" {
			said = t("own_words")
		}
		causes.Rows = append(causes.Rows, []sheet.Cell{t("stage_" + x.Stage), x.Condition, said, x.Count})
	}
	age := Part{ID: "ages", Title: t("ages"), Heads: heads("queue", "age_half", "age_promised", "age_late", "age_far")}
	for _, x := range r.Ages {
		age.Rows = append(age.Rows, []sheet.Cell{t("queue_" + x.Queue), x.Half, x.Promised, x.Late, x.Far})
	}
	sums := Part{ID: "money", Title: t("money"), Heads: heads("what", "amount")}
	for _, x := range []struct {
		key string
		sum money.Amount
	}{{"held", r.Money.Held}, {"due", r.Money.Due}, {"deducted", r.Money.Deducted}, {"returning", r.Money.Returning}, {"overpaid", r.Money.Overpaid}} {
		sums.Rows = append(sums.Rows, []sheet.Cell{t(x.key), x.sum})
	}
	ends := Part{ID: "expiries", Title: t("expiries"), Heads: heads("month", "contracts", "licences")}
	for _, x := range r.Expiries {
		ends.Rows = append(ends.Rows, []sheet.Cell{month(x.Month), x.Contracts, x.Licences})
	}
	return []Part{took, pass, why, causes, age, sums, ends}
}
