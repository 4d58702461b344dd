package flow

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/violation"
)

// penalty reads a violation for its message, and where the vendor reads of it.
func penalty(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) (f violation.Folder, link string, err error) {
	f, err = violation.Get(ctx, tx, by, violation.Chosen{ID: e.Subject})
	return f, "/console/violations/" + e.Subject, err
}

// took are the lines that tell what a deduction took, what is owed, and until when
// the deposit is to be whole again.
func took(d violation.DecidedData, add func(text.Key, ...any)) {
	if d.TakenFen > 0 {
		add("notify.penalty_taken", money.CNY(d.TakenFen))
	}
	if d.OwedFen > 0 {
		add("notify.penalty_owed", money.CNY(d.OwedFen))
	}
	if d.TopUpBy != nil {
		add("notify.penalty_top_up", *d.TopUpBy)
	}
}

// tellPenalty tells rule, evidence and decision, the amount, until when the vendor
// may appeal and until when it must top up. Rule D-11.
func tellPenalty(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	var d violation.DecidedData
	if err := e.Into(&d); err != nil {
		return err
	}
	f, link, err := penalty(ctx, tx, by, e)
	if err != nil {
		return err
	}
	var lines []text.Message
	add := func(key text.Key, args ...any) { lines = append(lines, text.Message{Key: key, Args: args}) }
	add("notify.penalty_rule", f.Offence.Rule)
	add("notify.penalty_found", f.Description)
	if f.ProductName != "" {
		add("notify.penalty_product", f.ProductName)
	}
	add("notify.penalty_decision", f.Decision)
	if d.Fen > 0 && d.TakenFen == 0 && d.OwedFen == 0 {
		add("notify.penalty_later", money.CNY(d.Fen))
	}
	took(d, add)
	var proof []string
	for _, x := range f.Evidence {
		proof = append(proof, x.ID)
	}
	add("notify.penalty_evidence", len(proof))
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: "notify.penalty", Args: []any{f.Offence.Name, violation.MeasureLabel(f.Measure), f.AppealBy}, Lines: lines, Link: link, Files: proof, Channels: everyWay,
	})
}

func tellAppealReceived(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	f, link, err := penalty(ctx, tx, by, e)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.appeal_received", Args: []any{f.Offence.Name, f.AppealedAt}, Link: link, Channels: quietly})
}

// tellJudged tells how the appeal ended and why, and what became of the money.
func tellJudged(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	var d violation.JudgedData
	if err := e.Into(&d); err != nil {
		return err
	}
	f, link, err := penalty(ctx, tx, by, e)
	if err != nil {
		return err
	}
	var lines []text.Message
	add := func(key text.Key, args ...any) { lines = append(lines, text.Message{Key: key, Args: args}) }
	add("notify.appeal_reason", f.Judgement)
	if d.BackFen > 0 {
		add("notify.appeal_back", money.CNY(d.BackFen))
	}
	if f.Status == violation.Reduced {
		add("notify.appeal_left", f.Amount)
	}
	for _, p := range f.Postings {
		if p.Returned && p.Excess.Fen > 0 {
			add("notify.appeal_excess", p.Excess)
		}
	}
	if d.TopUpBy != nil {
		add("notify.penalty_top_up", *d.TopUpBy)
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.appeal_judged", Args: []any{f.Offence.Name, d.Outcome.Label()}, Lines: lines, Link: link, Channels: everyWay})
}

func tellFinal(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	return tellTaken(ctx, tx, by, e, "notify.penalty_final")
}

func tellCollected(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	return tellTaken(ctx, tx, by, e, "notify.penalty_collected")
}

// tellTaken tells what a penalty took without a new decision.
func tellTaken(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref, template string) error {
	var d violation.DecidedData
	if err := e.Into(&d); err != nil {
		return err
	}
	f, link, err := penalty(ctx, tx, by, e)
	if err != nil {
		return err
	}
	var lines []text.Message
	took(d, func(key text.Key, args ...any) { lines = append(lines, text.Message{Key: key, Args: args}) })
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: template, Args: []any{f.Offence.Name}, Lines: lines, Link: link, Channels: written})
}

// tellTopUp tells of the clock of a top-up: what is missing and until when.
func tellTopUp(ctx context.Context, tx *db.Tx, e event.Ref, template string, channels []notify.Channel, args func(deposit.DueData) []any) error {
	var d deposit.DueData
	if err := e.Into(&d); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: template, Args: args(d), Link: "/console/deposit", Channels: channels})
}

func tellTopUpDue(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.DueData
	if err := e.Into(&d); err != nil {
		return err
	}
	if d.Today {
		return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.top_up_today", Args: []any{money.CNY(d.Fen)}, Link: "/console/deposit", Channels: written})
	}
	return tellTopUp(ctx, tx, e, "notify.top_up_due", written, func(d deposit.DueData) []any { return []any{d.Days, money.CNY(d.Fen), d.By} })
}

func tellShopClosed(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return tellTopUp(ctx, tx, e, "notify.shop_closed", everyWay, func(d deposit.DueData) []any { return []any{money.CNY(d.Fen), d.By} })
}

func tellShopReopened(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	return tellTopUp(ctx, tx, e, "notify.shop_reopened", everyWay, func(deposit.DueData) []any { return nil })
}
