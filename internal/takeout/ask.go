package takeout

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Chosen names a takeout.
type Chosen struct {
	ID string `json:"-" path:"id"`
}

// Ask orders a copy of everything held about the actor's company. It is the owner's
// alone, who has just proved who they are (fault.Unproved), since all is in clear in
// it. A second one while one is being made is fault.Conflict; more in a day than the
// policy allows is fault.TooMany. A company that has left may still ask.
func Ask(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) (Takeout, error) {
	if err := by.OwnsVendor(by.VendorID, access.TakeOut); err != nil {
		return Takeout{}, err
	}
	if err := by.Fresh(); err != nil {
		return Takeout{}, err
	}
	if err := vendor.Lock(ctx, tx, by.VendorID); err != nil {
		return Takeout{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Takeout{}, err
	}
	open, err := db.Exists(ctx, tx, `SELECT 1 FROM takeout WHERE vendor_id = $1 AND status IN ('asked', 'making')`, by.VendorID)
	if err != nil {
		return Takeout{}, err
	}
	if open {
		return Takeout{}, fault.New(fault.Conflict, "takeout.under_way")
	}
	lately, err := db.All(ctx, tx, func(at *time.Time) []any { return []any{db.Time(at)} },
		`SELECT asked_at FROM takeout WHERE vendor_id = $1 AND asked_at > $2 ORDER BY asked_at DESC LIMIT $3`, by.VendorID, tx.Now().Add(-day), p.Oversight.TakeoutsPerDay)
	if err != nil {
		return Takeout{}, err
	}
	if n := len(lately); n >= p.Oversight.TakeoutsPerDay {
		return Takeout{}, fault.New(fault.TooMany, "takeout.too_many", p.Oversight.TakeoutsPerDay, lately[n-1].Add(day))
	}
	t := Takeout{ID: tx.NewID("tko"), VendorID: by.VendorID, Status: Waiting, AskedBy: by.ID, AskedAt: tx.Now()}
	_, err = tx.Exec(ctx, `INSERT INTO takeout (id, vendor_id, status, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5)`,
		t.ID, t.VendorID, string(t.Status), t.AskedBy, t.AskedAt)
	if db.IsUnique(err) { // asked twice at once
		return Takeout{}, fault.New(fault.Conflict, "takeout.under_way")
	}
	if err != nil {
		return Takeout{}, err
	}
	if err := Work.Later(ctx, tx, Task{t.ID}); err != nil {
		return Takeout{}, err
	}
	return t, Asked.Append(ctx, tx, by, t.about(), event.None{})
}

const day = 24 * time.Hour

// Get reads a takeout for its company's owner; to others it is fault.NotFound.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Takeout, error) {
	if err := by.SignedIn(); err != nil {
		return Takeout{}, err
	}
	t, err := load(ctx, tx, in.ID)
	if err != nil {
		return Takeout{}, err
	}
	if by.Kind != access.Member { // staff may look at a vendor, not take its data along
		return Takeout{}, fault.New(fault.NotFound, "fault.not_found")
	}
	return t, by.OwnsVendor(t.VendorID, access.TakeOut)
}

// List reads the latest takeouts of the actor's company, the newest first.
func List(ctx context.Context, tx *db.Tx, by access.Actor, _ struct{}) ([]Takeout, error) {
	if err := by.OwnsVendor(by.VendorID, access.TakeOut); err != nil {
		return nil, err
	}
	return db.All(ctx, tx, (*Takeout).fields, `SELECT `+columns+` FROM takeout WHERE vendor_id = $1 ORDER BY id DESC LIMIT 20`, by.VendorID)
}

// Stop ends one that is not ready yet; what was made of it is removed. One that is
// ready, or over, is fault.Conflict.
func Stop(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Takeout, error) {
	t, err := Get(ctx, tx, by, in)
	if err != nil {
		return Takeout{}, err
	}
	if err := t.move(ctx, tx, actStop); err != nil {
		return Takeout{}, err
	}
	if err := Clean.Later(ctx, tx, Task{t.ID}); err != nil {
		return Takeout{}, err
	}
	return t, Stopped.Append(ctx, tx, by, t.about(), event.None{})
}

// Fetch notes that the owner downloads a takeout, before Send writes it. The owner
// has just proved who they are: fault.Unproved. One whose time has passed is
// fault.Gone, one that is not ready fault.Conflict.
func Fetch(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Takeout, error) {
	t, err := Get(ctx, tx, by, in)
	if err != nil {
		return Takeout{}, err
	}
	if err := by.Fresh(); err != nil {
		return Takeout{}, err
	}
	if t.Status == Removed || t.Status == Ready && !tx.Now().Before(t.UntilAt) {
		return Takeout{}, fault.New(fault.Gone, "takeout.gone", t.UntilAt)
	}
	if t.Status != Ready {
		return Takeout{}, fault.New(fault.Conflict, "takeout.wrong_state", t.Status.Name())
	}
	if err := tx.Move(ctx, `UPDATE takeout SET downloads = downloads + 1 WHERE id = $1 AND status = 'ready'`, t.ID); err != nil {
		return Takeout{}, err
	}
	t.Downloads++
	return t, Downloaded.Append(ctx, tx, by, t.about(), event.None{})
}
