package product

import (
	"context"
	"slices"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// ReportData is the data of an event about a security report.
type ReportData struct {
	Named
	Until calendar.Day `json:"until"` // the last day on which the report holds
	Left  bool         `json:"left"`  // the product left the shelf for it
}

// Events of the security report of an image.
var (
	ReportEnds  = event.Kind[ReportData]{Name: "product.report_ends"}
	ReportEnded = event.Kind[ReportData]{Name: "product.report_ended"}
)

// ReportJob looks once a day at the security reports that end soon.
var ReportJob = job.Kind[struct{}]{Name: "product.reports"}

// reportUntil is the last day on which a report of the day holds.
func reportUntil(p policy.Policy, on calendar.Day) calendar.Day { return on.AddDays(p.Reports.MaxDays) }

// ReportUntil is the last day on which the security report of what was approved
// holds; no day for a product without one.
func (p Product) ReportUntil(pol policy.Policy) calendar.Day { return reportUntil(pol, p.ReportOn) }

// reportEnded reports whether the report of what was approved is too old on a day.
func (p Product) reportEnded(pol policy.Policy, today calendar.Day) bool {
	return !p.ReportOn.IsZero() && today.After(p.ReportUntil(pol))
}

// newReport takes over the report's day from the content that was approved.
func (p *Product) newReport() {
	p.ReportOn, p.ReportTold = calendar.Day{}, notTold
	if p.Content.Form == policy.ImageForm {
		p.ReportOn = p.Content.Image.ScannedOn
	}
}

// outdated is what is wrong with the security report's day at a time.
func (c Content) outdated(p policy.Policy, now time.Time) []fault.Field {
	on, today := c.Image.ScannedOn, p.Today(now)
	var f fault.Fields
	switch {
	case c.Form != policy.ImageForm || on.IsZero():
	case on.After(today):
		f.Add("/image/scanned_on", "product.scanned_on_future")
	case today.After(reportUntil(p, on)):
		f.Add("/image/scanned_on", "product.report_outdated", p.Reports.MaxDays)
	}
	return fieldsOf(f.Err())
}

// fresh refuses to show an image whose report is too old, where the policy has it
// leave the shelf: fault.Conflict.
func fresh(ctx context.Context, tx *db.Tx, p Product) error {
	if p.ReportOn.IsZero() {
		return nil
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil || pol.Reports.Expired != policy.Leaves || !p.reportEnded(pol, pol.Today(tx.Now())) {
		return err
	}
	said := text.M("product.report_ended", p.ReportUntil(pol))
	return &fault.Error{Kind: fault.Conflict, Message: said, Fields: []fault.Field{
		{Pointer: "/image/report", Message: said, Mend: text.M("product.report_renew")}}}
}

// mostReports is how many products one run of the job tells about; the next run
// goes on.
const mostReports = 500

// LookAtReports reminds the vendors of images on the shelf whose security report
// ends soon, on the policy's days before, and does with those that ended what the
// policy says. Each is told once for each of the days, however often it runs.
func LookAtReports(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) error {
	if err := by.Require(access.ReviewProducts); err != nil {
		return err
	}
	pol, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	today, first := pol.Today(tx.Now()), 0
	if len(pol.Reports.Remind) > 0 {
		first = slices.Max(pol.Reports.Remind)
	}
	all, err := db.All(ctx, tx, (*Product).fields, `
		SELECT `+columns+` FROM product
		WHERE report_on <= $1 AND report_told >= 0 AND status = $2 ORDER BY vendor_id, id LIMIT $3`,
		today.AddDays(first-pol.Reports.MaxDays), string(OnShelf), mostReports)
	if err != nil {
		return err
	}
	locked := ""
	for _, p := range all {
		if p.VendorID != locked {
			if err := vendor.Lock(ctx, tx, p.VendorID); err != nil {
				return err
			}
			locked = p.VendorID
		}
		if err := p.tellOfReport(ctx, tx, by, pol, today); err != nil {
			return err
		}
	}
	return nil
}

// tellOfReport does what is due for one product.
func (p Product) tellOfReport(ctx context.Context, tx *db.Tx, by access.Actor, pol policy.Policy, today calendar.Day) error {
	until := p.ReportUntil(pol)
	left := int64(until.DaysSince(today))
	if left < 0 {
		leaves := pol.Reports.Expired == policy.Leaves
		if leaves {
			p.ReportTold = -1
			if err := p.unshelveFor(ctx, tx, by, ReportExpired); err != nil {
				return err
			}
		} else if err := p.told(ctx, tx, -1); err != nil {
			return err
		}
		return ReportEnded.Append(ctx, tx, by, p.about(), ReportData{p.named(), until, leaves})
	}
	due := int64(notTold)
	for _, days := range pol.Reports.Remind {
		if left <= int64(days) {
			due = min(due, int64(days))
		}
	}
	if due >= p.ReportTold {
		return nil
	}
	if err := p.told(ctx, tx, due); err != nil {
		return err
	}
	return ReportEnds.Append(ctx, tx, by, p.about(), ReportData{p.named(), until, false})
}

func (p Product) told(ctx context.Context, tx *db.Tx, days int64) error {
	return tx.Move(ctx, `UPDATE product SET report_told = $1 WHERE id = $2 AND report_told = $3`, days, p.ID, p.ReportTold)
}
