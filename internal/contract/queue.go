package contract

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Task is what an item of the queue asks the staff to do.
type Task string

// The tasks of the queue.
const (
	ToOffer   Task = "offer"   // approved, and no contract lies before it or is in term
	ToConfirm Task = "confirm" // a scan waits
)

// Name is the task's name for people.
func (t Task) Name() text.Key { return text.Key("contract.task_" + string(t)) }

// Item is one vendor in the staff's queue.
type Item struct {
	VendorID   string
	VendorName string
	Subject    Task
	Mode       policy.Mode
	Contract   string // id of the contract to confirm; "" where one is to be offered
	Number     string
	Again      bool // an earlier one was withdrawn or has run out
	Since      time.Time
	PromisedBy time.Time
	Holder     string // who has it; "" is nobody
	HolderName string
}

// Late reports whether the promised time has passed.
func (i Item) Late(now time.Time) bool { return now.After(i.PromisedBy) }

// Filter narrows the queue; the zero value is all of it.
type Filter struct {
	Task   Task   `query:"task"`
	Holder string `query:"holder"` // an account's id
	Free   bool   `query:"free"`   // only those nobody has
	Late   bool   `query:"late"`   // only those past their promised time
	Vendor string `query:"vendor"` // a vendor's id
}

// waiting is each vendor that is approved and has neither an offer nor a contract in
// term, since it was approved or its last contract ended; and each scan not confirmed.
const waiting = `
	SELECT 'offer' AS task, v.id, v.name, a.mode, '' AS contract_id, '' AS number, COALESCE(k.holder, '') AS holder,
		CASE WHEN e.ended > q.since THEN 1 ELSE 0 END AS again, CASE WHEN e.ended > q.since THEN e.ended ELSE q.since END AS since
	FROM vendor v
	JOIN application a ON a.vendor_id = v.id
	JOIN (SELECT vendor_id, MIN(approved_at) AS since FROM qualification WHERE status = 'approved' GROUP BY vendor_id) q ON q.vendor_id = v.id
	LEFT JOIN (
		SELECT vendor_id, MAX(CASE WHEN status = 'signed' THEN until ELSE ended_at END) AS ended
		FROM contract WHERE status IN ('signed', 'withdrawn') GROUP BY vendor_id
	) e ON e.vendor_id = v.id
	LEFT JOIN contract_claim k ON k.vendor_id = v.id
	WHERE NOT EXISTS (
		SELECT 1 FROM contract c WHERE c.vendor_id = v.id
		AND (c.status IN ('preparing', 'offered', 'scanned') OR c.status = 'signed' AND c.until >= $1))
	UNION ALL
	SELECT 'confirm', v.id, v.name, c.mode, c.id, c.number, COALESCE(k.holder, ''), 0, c.scan_at
	FROM contract c
	JOIN vendor v ON v.id = c.vendor_id
	LEFT JOIN contract_claim k ON k.vendor_id = v.id
	WHERE c.status = 'scanned'`

func (i *Item) fields() []any {
	return []any{&i.Subject, &i.VendorID, &i.VendorName, &i.Mode, &i.Contract, &i.Number, &i.Holder, &i.Again, db.Time(&i.Since)}
}

// List reads the staff's queue, the longest waiting first, at most 200. Rule O-4.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Item, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return nil, err
	}
	promise := time.Duration(p.Promise.Contract) * time.Hour
	args := []any{tx.Now()}
	arg := func(v any) string {
		args = append(args, v)
		return db.In(len(args), 1)
	}
	q := `SELECT task, id, name, mode, contract_id, number, holder, again, since FROM (` + waiting + `) w WHERE 1 = 1`
	if f.Task != "" {
		q += ` AND task IN ` + arg(string(f.Task))
	}
	if f.Holder != "" {
		q += ` AND holder IN ` + arg(f.Holder)
	}
	if f.Free {
		q += ` AND holder = ''`
	}
	if f.Vendor != "" {
		q += ` AND id IN ` + arg(f.Vendor)
	}
	if f.Late {
		q += ` AND since < ` + arg(tx.Now().Add(-promise))
	}
	items, err := db.All(ctx, tx, (*Item).fields, q+` ORDER BY since, id LIMIT 200`, args...)
	if err != nil {
		return nil, err
	}
	var holders []string
	for i := range items {
		items[i].PromisedBy = items[i].Since.Add(promise)
		if items[i].Holder != "" {
			holders = append(holders, items[i].Holder)
		}
	}
	names, err := account.Names(ctx, tx, holders)
	for i := range items {
		items[i].HolderName = names[items[i].Holder]
	}
	return items, err
}

// Waits is how many vendors wait in the queue, how many of them nobody has or are
// past their promised time, and since when the longest waits.
type Waits struct {
	Count, Free, Late int64
	Oldest            time.Time
}

// Queue counts what waits, for the dashboard.
func Queue(ctx context.Context, tx *db.Tx, by access.Actor) (Waits, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return Waits{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Waits{}, err
	}
	late := tx.Now().Add(-time.Duration(p.Promise.Contract) * time.Hour)
	return db.One(ctx, tx, func(w *Waits) []any { return []any{&w.Count, &w.Free, &w.Late, db.Time(&w.Oldest)} }, `
		SELECT COUNT(*), COUNT(*) FILTER (WHERE holder = ''), COUNT(*) FILTER (WHERE since < $2), MIN(since)
		FROM (`+waiting+`) w`, tx.Now(), late)
}

// VendorTurn names the vendor an act on the queue is meant for.
type VendorTurn struct {
	VendorID string `path:"id" json:"-"`
}

// Claim gives a vendor's contract to the actor to work on. One that a colleague
// has, or that does not wait, is fault.Conflict; one's own stays one's own.
func Claim(ctx context.Context, tx *db.Tx, by access.Actor, in VendorTurn) (Item, error) {
	if err := by.Require(access.SendContracts); err != nil {
		return Item{}, err
	}
	if err := vendor.Lock(ctx, tx, in.VendorID); err != nil {
		return Item{}, err
	}
	i, err := item(ctx, tx, by, in.VendorID)
	if err != nil {
		return i, err
	}
	if i.Holder == by.ID {
		return i, nil
	}
	if i.Holder != "" {
		return i, heldBy(i.HolderName)
	}
	if err := tx.Move(ctx, `INSERT INTO contract_claim (vendor_id, holder, since) VALUES ($1, $2, $3) ON CONFLICT (vendor_id) DO NOTHING`,
		in.VendorID, by.ID, tx.Now()); err != nil {
		return i, err
	}
	if err := Claimed.Append(ctx, tx, by, event.About{Subject: in.VendorID, VendorID: in.VendorID}, event.None{}); err != nil {
		return i, err
	}
	return item(ctx, tx, by, in.VendorID)
}

// Release puts a vendor's contract back into the queue. Its holder may, and who
// manages the staff, so that it does not stay with somebody who is away.
func Release(ctx context.Context, tx *db.Tx, by access.Actor, in VendorTurn) (Item, error) {
	if err := by.Require(access.SendContracts); err != nil && !by.May(access.ManageStaff) {
		return Item{}, err
	}
	if err := vendor.Lock(ctx, tx, in.VendorID); err != nil {
		return Item{}, err
	}
	holder, name, err := holderOf(ctx, tx, in.VendorID)
	switch {
	case err != nil:
		return Item{}, err
	case holder == "":
		return Item{}, fault.New(fault.Conflict, "contract.nobody_has_it")
	case holder != by.ID && !by.May(access.ManageStaff):
		return Item{}, heldBy(name)
	}
	if err := release(ctx, tx, in.VendorID); err != nil {
		return Item{}, err
	}
	if err := Released.Append(ctx, tx, by, event.About{Subject: in.VendorID, VendorID: in.VendorID}, event.None{}); err != nil {
		return Item{}, err
	}
	i, err := item(ctx, tx, by, in.VendorID)
	if fault.Is(err, fault.Conflict) { // it does not wait any more
		return Item{VendorID: in.VendorID}, nil
	}
	return i, err
}

func item(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (Item, error) {
	items, err := List(ctx, tx, by, Filter{Vendor: vendorID})
	if err == nil && len(items) == 0 {
		err = fault.New(fault.Conflict, "contract.not_waiting").Of("O-4")
	}
	if err != nil {
		return Item{}, err
	}
	return items[0], nil
}

// holderOf is who has a vendor's contract; "" is nobody.
func holderOf(ctx context.Context, tx *db.Tx, vendorID string) (id, name string, err error) {
	id, err = db.One(ctx, tx, db.Value[string], `SELECT holder FROM contract_claim WHERE vendor_id = $1`, vendorID)
	if fault.Is(err, fault.NotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	names, err := account.Names(ctx, tx, []string{id})
	return id, names[id], err
}

func release(ctx context.Context, tx *db.Tx, vendorID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM contract_claim WHERE vendor_id = $1`, vendorID)
	return err
}

func heldBy(name string) error { return fault.New(fault.Conflict, "contract.held_by", name).Of("O-4") }

// mayHandle refuses what a colleague has on the desk.
func (c Contract) mayHandle(ctx context.Context, tx *db.Tx, by access.Actor) error {
	holder, name, err := holderOf(ctx, tx, c.VendorID)
	if err == nil && holder != "" && holder != by.ID {
		return heldBy(name)
	}
	return err
}

// like makes a text stand for itself in LIKE with ESCAPE '\'.
func like(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
