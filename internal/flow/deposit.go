package flow

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/product"
	"github.com/yunshi-market/yunshi/internal/text"
)

// depositReactions are those of deposits after the first: raises, corrections,
// overpayments and papers.
func depositReactions() []event.Rule {
	return []event.Rule{
		event.On(deposit.Chased, "tell", tellChased),
		event.On(deposit.Voided, "tell", tellVoided),
		event.On(deposit.Applied, "tell", tellApplied),
		event.On(deposit.Applied, "review", product.ReviewWaiting), // S-3
		event.On(deposit.Applied, "shelf", product.ReturnCovered),  // D-3
		event.On(deposit.Confirmed, "shelf", product.ReturnCovered),
		event.On(deposit.Uncovered, "shelf", product.TakeUncovered),
		event.On(deposit.Uncovered, "tell", tellUncovered),
		event.On(deposit.Repaid, "tell", tellRepaid),
		event.On(payout.Dropped, "line", deposit.ReturnDropped),

		event.On(deposit.PaperSent, "tell", tellPaperSent), // D-8
		event.On(deposit.PaperBack, "tell", tellPaperBack),
		event.On(deposit.LossAccepted, "tell", tellLossAccepted), // D-10
		event.On(deposit.LossRefused, "tell", tellLossRefused),
	}
}

// depositJobs registers the jobs of deposits.
func depositJobs(reg *job.Registry, n Needs) {
	job.HandleOutside(reg, deposit.VoidJob, deposit.RenderVoid(n.DB, n.Files, n.BaseURL))
	job.Handle(reg, deposit.RemindJob, deposit.Remind)
	reg.Every(time.Hour, deposit.RemindJob)
	job.Handle(reg, deposit.RaiseJob, deposit.Raise)
	reg.Every(time.Hour, deposit.RaiseJob)
}

const depositPlace = "/console/deposit"

// because says in words why so much is asked for. Rules D-2, D-3 and M-3.
func because(d deposit.AskedData, p policy.Policy) text.Message {
	c, named := p.Category(d.Category)
	switch d.Why {
	case deposit.WhyCategory:
		return text.M("notify.why_category", c.Name, money.CNY(d.RequiredFen), money.CNY(d.HeldFen))
	case deposit.WhyPolicy:
		return text.M("notify.why_policy", c.Name, money.CNY(d.RequiredFen), money.CNY(d.HeldFen))
	case deposit.WhyReversed:
		return text.M("notify.why_reversed", money.CNY(d.RequiredFen), money.CNY(d.HeldFen))
	case deposit.WhyCorrected:
		return text.M("notify.why_corrected", money.CNY(d.RequiredFen), money.CNY(d.HeldFen))
	}
	if named {
		return text.M("notify.by_category", c.Name)
	}
	return text.M("notify.by_contract")
}

// askedLines are what a request says beside the amount: what it blocks, and until
// when it is to be paid where shops depend on it.
func askedLines(d deposit.AskedData, p policy.Policy) []text.Message {
	var lines []text.Message
	if d.Why == deposit.WhyCategory {
		c, _ := p.Category(d.Category)
		lines = append(lines, text.M("notify.blocks_category", c.Name))
	}
	if until := p.Deposits.RaiseUntil; d.Why == deposit.WhyPolicy && !until.IsZero() {
		lines = append(lines, text.M("notify.raise_until", until))
	}
	if !d.By.IsZero() {
		lines = append(lines, text.M("notify.make_up_by", d.By))
	}
	return lines
}

func tellChased(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.AskedData
	if err := e.Into(&d); err != nil {
		return err
	}
	p, err := policy.At(ctx, tx, e.At)
	if err != nil {
		return err
	}
	s, err := deposit.Load(ctx, tx, e.VendorID)
	if err != nil || s.Missing.Fen == 0 {
		return err // paid meanwhile
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: "notify.deposit_reminded", Args: []any{s.Missing, because(d, p)}, Lines: askedLines(d, p), Link: depositPlace, Channels: written})
}

func tellVoided(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.VoidedData
	if err := e.Into(&d); err != nil {
		return err
	}
	template := "notify.receipt_corrected"
	if d.Why == deposit.WhyReversed {
		template = "notify.receipt_reversed"
	}
	var lines []text.Message
	if !d.By.IsZero() && d.MissingFen > 0 {
		lines = append(lines, text.M("notify.make_up_by", d.By))
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: template, Args: []any{d.Number, money.CNY(d.Fen), money.CNY(d.MissingFen)}, Lines: lines, Link: depositPlace, Channels: everyWay})
}

func tellApplied(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.AppliedData
	if err := e.Into(&d); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: "notify.overpayment_applied", Args: []any{money.CNY(d.Fen), money.CNY(d.MissingFen)}, Link: depositPlace, Channels: written})
}

func tellRepaid(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.RepaidData
	if err := e.Into(&d); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: "notify.overpayment_returned", Args: []any{money.CNY(d.Fen), d.Reason}, Link: depositPlace, Channels: written})
}

func tellUncovered(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.CoveredData
	if err := e.Into(&d); err != nil {
		return err
	}
	p, err := policy.At(ctx, tx, e.At)
	if err != nil {
		return err
	}
	s, err := deposit.Load(ctx, tx, e.VendorID)
	if err != nil {
		return err
	}
	var names []text.Message
	for _, id := range d.Categories {
		c, _ := p.Category(id)
		names = append(names, text.M("notify.named", c.Name))
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: "notify.deposit_uncovered", Args: []any{names, s.Missing}, Link: depositPlace, Channels: everyWay})
}

// parcel reads what the message about a paper says.
func parcel(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) (d deposit.ParcelData, r deposit.Receipt, err error) {
	if err = e.Into(&d); err == nil {
		r, err = deposit.GetReceipt(ctx, tx, by, d.Receipt)
	}
	return d, r, err
}

func tellPaperSent(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	d, r, err := parcel(ctx, tx, by, e)
	if err != nil {
		return err
	}
	p, err := policy.At(ctx, tx, e.At)
	if err != nil {
		return err
	}
	c, _ := p.Courier(d.Courier)
	var lines []text.Message
	if u := c.TrackURL(d.Tracking); u != "" {
		lines = append(lines, text.M("notify.track", u))
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: "notify.paper_sent", Args: []any{r.Number, c.Name, d.Tracking}, Lines: lines, Link: depositPlace, Channels: written})
}

func tellPaperBack(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	d, r, err := parcel(ctx, tx, by, e)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{
		Template: "notify.paper_back", Args: []any{r.Number, d.Reason}, Link: depositPlace, Channels: written})
}

func tellLossAccepted(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.BackData
	if err := e.Into(&d); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.loss_accepted", Args: []any{d.Number}, Link: depositPlace, Channels: quietly})
}

func tellLossRefused(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	var d deposit.BackData
	if err := e.Into(&d); err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.loss_refused", Args: []any{d.Number, d.Reason}, Link: depositPlace, Channels: written})
}
