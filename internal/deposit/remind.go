package deposit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/policy"
)

var zero time.Time

// RemindJob is the job that reminds vendors of what they were asked to pay.
var RemindJob = job.Kind[struct{}]{Name: "deposit.remind"}

// RaiseJob is the job that asks vendors anew after the policy changed.
var RaiseJob = job.Kind[struct{}]{Name: "deposit.raise"}

// Chased records that a vendor was reminded of what it was asked to pay; its
// subject is the vendor.
var Chased = event.Kind[AskedData]{Name: "deposit.reminded"}

// atOnce is how many vendors one run of a job looks at.
const atOnce = 50

// Remind is the handler of RemindJob: it reminds each vendor that owes a part of
// its deposit, on the days of the policy, until it is paid. One that presented a
// voucher waits for the operator and is left alone; a top-up after a deduction has
// reminders of its own (D-11). A reminder is noted where it is told, so that it is
// told once. Rule D-3.
func Remind(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) error {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	vendors, err := db.All(ctx, tx, db.Value[string], `
		SELECT d.vendor_id FROM deposit d
		WHERE d.due_fen > 0 AND d.remind_at <= $1 AND (d.top_up_by IS NULL OR d.make_up_by IS NOT NULL)
		AND NOT EXISTS (SELECT 1 FROM deposit_voucher v WHERE v.vendor_id = d.vendor_id AND v.status = 'presented')
		ORDER BY d.remind_at, d.vendor_id LIMIT $2`, tx.Now(), atOnce)
	if err != nil {
		return err
	}
	for _, id := range vendors {
		f, err := load(ctx, tx, id)
		if err != nil {
			return err
		}
		if !f.signed() || f.state.Missing.Fen == 0 {
			if _, err := tx.Exec(ctx, `UPDATE deposit SET remind_at = NULL WHERE vendor_id = $1`, id); err != nil {
				return err
			}
			continue
		}
		n := f.row.reminded + 1
		next := p.Reminder(f.row.askedAt, n)
		for ; !next.After(tx.Now()); next = p.Reminder(f.row.askedAt, n) {
			n++ // what was missed while nothing ran is told once
		}
		err = tx.Move(ctx, `UPDATE deposit SET reminded = $1, remind_at = $2 WHERE vendor_id = $3 AND reminded = $4`, n, next, id, f.row.reminded)
		if err != nil {
			return err
		}
		if err := Chased.Append(ctx, tx, by, event.About{Subject: id, VendorID: id}, f.asked(f.row, f.held)); err != nil {
			return err
		}
	}
	if len(vendors) < atOnce {
		return nil
	}
	return RemindJob.Later(ctx, tx, struct{}{})
}

// Raise is the handler of RaiseJob: under a new policy it asks every vendor once
// for what is missing now, and looks again at those whose time to make up for a
// raised category has ended. Rule D-3.
func Raise(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) error {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return err
	}
	mark := p.ID
	if until := p.Deposits.RaiseUntil; !until.IsZero() && p.Today(tx.Now()).After(until) {
		mark += " late"
	}
	vendors, err := db.All(ctx, tx, db.Value[string], `SELECT vendor_id FROM deposit WHERE policy_id <> $1 ORDER BY vendor_id LIMIT $2`, mark, atOnce)
	if err != nil {
		return err
	}
	for _, id := range vendors {
		if err := EnsureRequest(ctx, tx, by, event.Ref{VendorID: id}); err != nil {
			return err
		}
		f, err := load(ctx, tx, id)
		if err != nil {
			return err
		}
		if lapsed := f.lapsed(tx.Now()); len(lapsed) > 0 {
			if err := Uncovered.Append(ctx, tx, by, event.About{Subject: id, VendorID: id}, CoveredData{lapsed}); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE deposit SET policy_id = $1 WHERE vendor_id = $2`, mark, id); err != nil {
			return err
		}
	}
	if len(vendors) < atOnce {
		return nil
	}
	return RaiseJob.Later(ctx, tx, struct{}{})
}

// Uncovered records that categories are not covered any more, since what their
// deposit was raised by was not paid in time; their products leave the shelf.
var Uncovered = event.Kind[CoveredData]{Name: "deposit.uncovered"}
