package deposit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// DueData is what the events of a top-up hold.
type DueData struct {
	Fen   int64     `json:"fen"`             // still to be topped up
	By    time.Time `json:"by,omitzero"`     // the earliest clock
	Days  int       `json:"days,omitempty"`  // working days that are left
	Today bool      `json:"today,omitempty"` // it ends today
}

// Events of the clock; the subject is the vendor.
var (
	Reminded = event.Kind[DueData]{Name: "deposit.top_up_reminded"}
	ToppedUp = event.Kind[DueData]{Name: "deposit.topped_up"}
	Closed   = event.Kind[DueData]{Name: "deposit.shop_closed"}
	Reopened = event.Kind[DueData]{Name: "deposit.shop_reopened"}
)

// toppedUp lets so much money fill what deductions left open, those whose clock ends
// first before the others, where so much is held now. Where nothing is missing any
// more, nothing is left open. The vendor is locked. Rule D-11.
func (f facts) toppedUp(ctx context.Context, tx *db.Tx, by access.Actor, held, fen int64) error {
	if f.row.topUpBy.IsZero() && f.row.closedAt.IsZero() {
		return nil
	}
	open, err := openOf(ctx, tx, f.state.VendorID)
	if err != nil {
		return err
	}
	whole := held >= f.state.Required.Fen
	for _, old := range fill(open, fen, whole) {
		d := old.to
		if d.Open.Fen == 0 {
			d.ToppedUpAt = tx.Now()
		}
		if err := saveDeduction(ctx, tx, old.from, d); err != nil {
			return err
		}
	}
	return settleClock(ctx, tx, by, f.state.VendorID)
}

// filling is a deduction before and after money filled it.
type filling struct{ from, to Deducted }

// fill is the rule: which deductions become less open by so much money. They come
// in the order of their clocks; where the deposit is whole all are filled.
func fill(open []Deducted, fen int64, whole bool) (changed []filling) {
	for _, d := range open {
		part := min(fen, d.Open.Fen)
		fen -= part
		if whole {
			part = d.Open.Fen
		}
		if part == 0 {
			continue
		}
		to := d
		to.Open = money.CNY(d.Open.Fen - part)
		changed = append(changed, filling{d, to})
	}
	return changed
}

// settleClock makes the vendor's clock the earliest of those that still run. A
// closed shop opens when none of them was, or is, overdue. The vendor is locked.
func settleClock(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) error {
	open, err := openOf(ctx, tx, vendorID)
	if err != nil {
		return err
	}
	r, _, err := rowOf(ctx, tx, vendorID)
	if err != nil || r.vendorID == "" {
		return err
	}
	var earliest time.Time
	overdue := false
	var left int64
	for _, d := range open {
		left += d.Open.Fen
		overdue = overdue || !d.OverdueAt.IsZero() || tx.Now().After(d.TopUpBy)
		if earliest.IsZero() || d.TopUpBy.Before(earliest) {
			earliest = d.TopUpBy
		}
	}
	if !r.makeUpBy.IsZero() { // what fell away without a violation has its own clock
		overdue = overdue || tx.Now().After(r.makeUpBy)
		if earliest.IsZero() || r.makeUpBy.Before(earliest) {
			earliest = r.makeUpBy
		}
	}
	on := event.About{Subject: vendorID, VendorID: vendorID}
	if !earliest.Equal(r.topUpBy) {
		if _, err := tx.Exec(ctx, `UPDATE deposit SET top_up_by = $1 WHERE vendor_id = $2`, earliest, vendorID); err != nil {
			return err
		}
		if earliest.IsZero() {
			if err := ToppedUp.Append(ctx, tx, by, on, DueData{}); err != nil {
				return err
			}
		}
	}
	if r.closedAt.IsZero() || overdue {
		return nil
	}
	if err := tx.Move(ctx, `UPDATE deposit SET closed_at = NULL WHERE vendor_id = $1 AND closed_at IS NOT NULL`, vendorID); err != nil {
		return err
	}
	return Reopened.Append(ctx, tx, by, on, DueData{Fen: left, By: earliest})
}

// Overdue lists vendors whose top-up time has passed and whose shop is still open.
func Overdue(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.All(ctx, tx, db.Value[string], `
		SELECT vendor_id FROM deposit WHERE top_up_by < $1 AND closed_at IS NULL ORDER BY top_up_by, vendor_id LIMIT 1000`, tx.Now())
}

// CloseOverdue notes that a vendor's shop is closed, if its top-up is overdue and
// its contract in force, and reports whether it did. From then on the clock on the
// wall no longer matters: only money, or an appeal, opens the shop again. Who calls
// it takes the products off the shelf. Rule D-11.
func CloseOverdue(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (bool, error) {
	if by.Kind != access.System && by.Kind != access.Command {
		return false, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := vendor.Lock(ctx, tx, vendorID); err != nil {
		return false, err
	}
	f, err := load(ctx, tx, vendorID)
	if err != nil || f.row.topUpBy.IsZero() || !tx.Now().After(f.row.topUpBy) || !f.signed() {
		return false, err
	}
	if _, err := tx.Exec(ctx, `
		UPDATE deposit_deduction SET overdue_at = $1 WHERE vendor_id = $2 AND open_fen > 0 AND top_up_by < $1 AND overdue_at IS NULL`,
		tx.Now(), vendorID); err != nil {
		return false, err
	}
	if !f.row.closedAt.IsZero() {
		return false, nil
	}
	if err := tx.Move(ctx, `UPDATE deposit SET closed_at = $1 WHERE vendor_id = $2 AND closed_at IS NULL`, tx.Now(), vendorID); err != nil {
		return false, err
	}
	return true, Closed.Append(ctx, tx, by, event.About{Subject: vendorID, VendorID: vendorID}, DueData{Fen: f.state.TopUp.Fen, By: f.row.topUpBy})
}

// clock is what a reminder is decided on.
type clock struct {
	vendorID string
	by       time.Time
	fen      int64
	toldFor  time.Time
	toldDays int
}

// RemindTopUps reminds the vendors whose top-up will be due, on the working days
// before it that the policy names, each once for one clock, from the policy's hour
// on. Rule D-11.
func RemindTopUps(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) error {
	p, err := policy.Now(ctx, tx)
	if err != nil || tx.Now().In(p.Location()).Hour() < p.Violations.ReminderHour {
		return err
	}
	all, err := db.All(ctx, tx, func(c *clock) []any {
		return []any{&c.vendorID, db.Time(&c.by), &c.fen, db.Time(&c.toldFor), &c.toldDays}
	}, `
		SELECT d.vendor_id, d.top_up_by, CAST(COALESCE(SUM(x.open_fen), 0) AS BIGINT), d.reminded_for, d.reminded_days
		FROM deposit d JOIN deposit_deduction x ON x.vendor_id = d.vendor_id
		WHERE d.top_up_by >= $1 AND d.closed_at IS NULL
		GROUP BY d.vendor_id, d.top_up_by, d.reminded_for, d.reminded_days ORDER BY d.top_up_by, d.vendor_id`, tx.Now())
	if err != nil {
		return err
	}
	for _, c := range all {
		left := calendar.WorkingDays(p.Today(tx.Now()), p.Today(c.by), p.Holidays())
		day, due := c.due(p.Violations.ReminderDays, left)
		if !due {
			continue
		}
		n, err := tx.Exec(ctx, `
			UPDATE deposit SET reminded_for = $1, reminded_days = $2
			WHERE vendor_id = $3 AND top_up_by = $1 AND (reminded_for IS NULL OR reminded_for <> $1 OR reminded_days > $2)`, c.by, day, c.vendorID)
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		if err := Reminded.Append(ctx, tx, by, event.About{Subject: c.vendorID, VendorID: c.vendorID}, DueData{Fen: c.fen, By: c.by, Days: left, Today: left == 0}); err != nil {
			return err
		}
	}
	return nil
}

// due is the reminder that is to go out when so many working days are left: the
// last of those named that has come, unless it, or a later one, was told. A clock
// set back tells nothing twice.
func (c clock) due(days []int, left int) (day int, due bool) {
	day = -1
	for _, d := range days {
		if d >= left && (day < 0 || d < day) {
			day = d
		}
	}
	if day < 0 || c.toldFor.Equal(c.by) && c.toldDays <= day {
		return 0, false
	}
	return day, true
}
