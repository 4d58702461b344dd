package flow

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/notify"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/text"
)

const exitHref = "/console/exit"

// tellExitBegun tells what happened at once and what comes next; an eviction with
// its reason. Rules.
func tellExitBegun(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	x, err := exit.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	var d exit.Data
	if err := e.Into(&d); err != nil {
		return err
	}
	switch x.Kind {
	case exit.Eviction:
		return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.evicted", Args: []any{x.Number, d.Products},
			Lines: []text.Message{text.M("notify.line", x.Reason)}, Link: exitHref, Channels: everyWay})
	case exit.Term:
		return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.exit_term", Args: []any{x.Number, d.Products}, Link: exitHref, Channels: everyWay})
	}
	if d.EndBy == nil {
		return nil
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.exit_begun", Args: []any{x.Number, *d.EndBy, d.Products}, Link: exitHref, Channels: everyWay})
}

// tellExitEnded tells that the contract ended and what still blocks the return of
// the deposit. Rule X-2.
func tellExitEnded(ctx context.Context, tx *db.Tx, by access.Actor, e event.Ref) error {
	desk, err := exit.Of(ctx, tx, by, e.VendorID)
	if err != nil || desk.Exit == nil {
		return err
	}
	var lines []text.Message
	for _, b := range desk.Blockers {
		if b.Waiting == exit.Vendor && !b.Quiet {
			lines = append(lines, text.M("notify.exit_blocked", b.Message, b.Mend))
		}
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.exit_ended", Args: []any{desk.Exit.Number}, Lines: lines, Link: exitHref, Channels: written})
}

// tellExitReleased tells that the deposit is on its way, and by when. Rule D-10.
func tellExitReleased(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	x, err := exit.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.exit_released", Args: []any{x.Released, x.DueBy}, Link: exitHref, Channels: written})
}

// tellExitDone tells that nothing is held any more, with the amount that was returned.
func tellExitDone(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	x, err := exit.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.exit_done", Args: []any{x.Number, x.Released}, Link: exitHref, Channels: everyWay})
}

// tellBounced tells that the bank returned a payout, so that the vendor looks at
// its account. Rule D-10.
func tellBounced(ctx context.Context, tx *db.Tx, _ access.Actor, e event.Ref) error {
	if e.VendorID == "" {
		return nil
	}
	p, err := payout.Load(ctx, tx, e.Subject)
	if err != nil {
		return err
	}
	return notify.Vendor(ctx, tx, e, notify.Notice{Template: "notify.payout_bounced", Args: []any{p.Amount, p.To.Masked().Number}, Link: exitHref, Channels: everyWay})
}
