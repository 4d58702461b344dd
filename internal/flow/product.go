package flow

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

func tellChangePassed(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return aboutProduct(ctx, tx, e, "revision.told_approved", nil, written)
}

func tellLifted(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return aboutProduct(ctx, tx, e, "revision.told_lifted", nil, written)
}

// tellChangeRefused tells each check that was not met, with its reason.
func tellChangeRefused(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	var d product.ChangeData
	if err := e.Into(&d); err != nil {
		return err
	}
	f, err := product.OpenRevision(ctx, tx, by, product.Chosen{ID: d.Revision})
	if err != nil {
		return err
	}
	var lines []text.Message
	if len(f.Reviews) > 0 {
		for _, v := range f.Reviews[0].Verdicts {
			for _, c := range f.Checks {
				if c.ID == v.Check && v.Finding == product.NotMet {
					lines = append(lines, text.M("notify.reason", c.Name, v.Reason))
				}
			}
		}
	}
	return aboutProduct(ctx, tx, e, "revision.told_rejected", lines, everyWay)
}

func tellReportEnds(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return aboutReport(ctx, tx, e, "revision.told_report_ends", written)
}

func tellReportEnded(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d product.ReportData
	if err := e.Into(&d); err != nil {
		return err
	}
	if d.Left {
		return aboutReport(ctx, tx, e, "revision.told_report_left", everyWay)
	}
	return aboutReport(ctx, tx, e, "revision.told_report_marked", written)
}

func aboutReport(ctx context.Context, tx *db.Tx, e event.Ref, template string, channels []notify.Channel) error {
	var d product.ReportData
	if err := e.Into(&d); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: template, Args: []any{d.Name, d.Until}, Link: "/console/products/" + e.Subject, Channels: channels})
}

// offLines are the reason, the rule and the way out of a product taken off.
func offLines(p product.Product) []text.Message {
	lines := []text.Message{text.M("notify.line", p.OffReason)}
	if p.OffRule != "" {
		lines = append(lines, text.M("revision.told_rule", p.OffRule))
	}
	if p.OffMend != "" {
		lines = append(lines, text.M("revision.told_mend", p.OffMend))
	}
	return lines
}
