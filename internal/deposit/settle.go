package deposit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// Why is the cause for which so much is asked for; it goes into the notice.
type Why string

// The causes of a request.
const (
	WhyFirst     Why = "first"     // after the contract was signed
	WhyCategory  Why = "category"  // a category approved later raises the maximum (D-3)
	WhyPolicy    Why = "policy"    // a category's deposit was raised, for those approved before too
	WhyReversed  Why = "reversed"  // the bank took a transfer back
	WhyCorrected Why = "corrected" // a confirmation was wrong
)

// rise notes what follows from more being held: the categories that are covered
// now, what is still missing, and the clocks that stop. It returns the categories.
// The vendor is locked. Rules D-3 and D-11.
func (f facts) rise(ctx context.Context, tx *db.Tx, by access.Actor, held money.Amount) ([]policy.CategoryID, error) {
	covered := f.newlyCovered(f.policy, held, f.noted)
	if err := insertCovered(ctx, tx, f.state.VendorID, covered); err != nil {
		return nil, err
	}
	left := missing(f.state.Required, held)
	if due := f.row; due.dueFen != left.Fen {
		due.dueFen = left.Fen
		if left.Fen == 0 {
			due.makeUpBy = zero
		}
		if err := saveDue(ctx, tx, f.row, due); err != nil {
			return nil, err
		}
	}
	if err := payment.Expect(ctx, tx, f.state.VendorID, left); err != nil {
		return nil, err
	}
	return covered, f.toppedUp(ctx, tx, by, held.Fen, held.Fen-f.held.Fen)
}

// fall notes what follows from less being held without a violation: more is asked
// for, with the cause, and a vendor whose categories are covered has the policy's
// working days to make it up, as after a deduction: until when is returned. The
// vendor is locked.
func (f facts) fall(ctx context.Context, tx *db.Tx, by access.Actor, held money.Amount, why Why) (until time.Time, err error) {
	left := missing(f.state.Required, held)
	due := f.row
	if due.reference == "" || left.Fen == due.dueFen {
		return due.makeUpBy, nil
	}
	due.dueFen, due.dueFor, due.why, due.askedAt = left.Fen, f.state.RequiredBy, why, tx.Now()
	due.reminded, due.remindAt = 0, f.policy.Reminder(tx.Now(), 0)
	if len(f.noted) > 0 && due.makeUpBy.IsZero() {
		due.makeUpBy = f.policy.DueAfter(tx.Now(), f.policy.Deposits.MakeUpDays)
	}
	if err := saveDue(ctx, tx, f.row, due); err != nil {
		return zero, err
	}
	if err := payment.Expect(ctx, tx, f.state.VendorID, left); err != nil {
		return zero, err
	}
	if err := settleClock(ctx, tx, by, f.state.VendorID); err != nil {
		return zero, err
	}
	return due.makeUpBy, Asked.Append(ctx, tx, by, event.About{Subject: f.state.VendorID, VendorID: f.state.VendorID}, f.asked(due, held))
}

// asked is what the event of a request says.
func (f facts) asked(r row, held money.Amount) AskedData {
	return AskedData{DueFen: r.dueFen, Category: r.dueFor, Why: r.why, RequiredFen: f.state.Required.Fen, HeldFen: held.Fen, By: r.makeUpBy}
}
