package product

import (
	"context"
	"strconv"
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

// ReportUntil is the last day on which the security report of what was approved
// holds; no day for a product without one.
func (p Product) ReportUntil(pol policy.Policy) calendar.Day { return pol.Reports.Until(p.ReportOn) }

// reportEnded reports whether the report of what was approved is too old on a day.
func (p Product) reportEnded(pol policy.Policy, today calendar.Day) bool {
	return pol.Reports.Ended(p.ReportOn, today)
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
	case p.Reports.Ended(on, today):
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
	today := pol.Today(tx.Now())
	due, args := reportsDue(pol, today)
	all, err := db.All(ctx, tx, (*Product).fields, `
		SELECT `+columns+` FROM product WHERE status = $1 AND (`+due+`) ORDER BY vendor_id, id LIMIT $2`,
		append([]any{string(OnShelf), mostReports}, args...)...)
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

// reportsDue is the condition, from argument $3 on, of a product whose report is to
// be told of today: it ended, or one of the reminders' days has come.
func reportsDue(pol policy.Policy, today calendar.Day) (string, []any) {
	oldest := today.AddDays(-pol.Reports.MaxDays) // of the reports that hold
	ended := `report_on < $3 AND report_told >= 0`
	if pol.Reports.Expired == policy.Leaves {
		ended = `report_on < $3` // also those that a former policy only marked
	}
	args := []any{oldest}
	for _, days := range pol.Reports.Remind {
		n := strconv.Itoa(len(args) + 3)
		m := strconv.Itoa(len(args) + 4)
		// Told of its end, it holds again where the policy lets reports hold longer.
		ended += ` OR report_on >= $3 AND report_on <= $` + n + ` AND (report_told > $` + m + ` OR report_told < 0)`
		args = append(args, oldest.AddDays(days), days)
	}
	return ended, args
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
		} else {
			if err := p.told(ctx, tx, -1); err != nil {
				return err
			}
			if err := p.show(ctx, tx); err != nil { // its page says so from now on
				return err
			}
		}
		return ReportEnded.Append(ctx, tx, by, p.about(), ReportData{p.named(), until, leaves})
	}
	due := int64(notTold)
	for _, days := range pol.Reports.Remind {
		if left <= int64(days) {
			due = min(due, int64(days))
		}
	}
	if p.ReportTold >= 0 && due >= p.ReportTold {
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
