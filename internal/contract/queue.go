package contract

import (
	"context"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/qualification"
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

// Cursor names the item's place in the queue.
func (i Item) Cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(i.Since.UTC().Format(time.RFC3339Nano) + " " + i.VendorID))
}

func parseCursor(s string) (since time.Time, vendorID string, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	at, id, ok := strings.Cut(string(raw), " ")
	since, e := time.Parse(time.RFC3339Nano, at)
	if err != nil || e != nil || !ok {
		return since, "", fault.At("/cursor", "catalog.bad_cursor")
	}
	return since, id, nil
}

// Filter narrows the queue; the zero value is all of it.
type Filter struct {
	Task   Task   `query:"task"`
	Holder string `query:"holder"` // an account's id
	Free   bool   `query:"free"`   // only those nobody has
	Late   bool   `query:"late"`   // only those past their promised time
	Vendor string `query:"vendor"` // a vendor's id
	After  string `query:"cursor"` // Item.Cursor of the last one seen
	Limit  int    `query:"limit"`  // 0 is 50, at most 200
}

// source is where items of one task come from. The vendor of an application waits
// from contract_since on, which every act on its contracts keeps (wait); claimed
// turns the way round which is cheap when one person's items are wanted.
type source struct {
	columns, from, claimed, where, since, vendor string
}

var sources = map[Task]source{
	ToOffer: {
		columns: `'offer' AS task, v.id AS id, v.name AS name, a.mode AS mode, '' AS contract_id, '' AS number, COALESCE(k.holder, '') AS holder,
			CASE WHEN a.contract_since > (SELECT MIN(q.approved_at) FROM qualification q WHERE q.vendor_id = a.vendor_id AND q.status = 'approved') THEN 1 ELSE 0 END AS again,
			a.contract_since AS since`,
		from:    ` FROM application a JOIN vendor v ON v.id = a.vendor_id LEFT JOIN contract_claim k ON k.vendor_id = a.vendor_id`,
		claimed: ` FROM contract_claim k CROSS JOIN application a CROSS JOIN vendor v`,
		where:   ` WHERE a.contract_since < `,
		since:   `a.contract_since`, vendor: `a.vendor_id`,
	},
	ToConfirm: {
		columns: `'confirm' AS task, v.id AS id, v.name AS name, c.mode AS mode, c.id AS contract_id, c.number AS number, COALESCE(k.holder, '') AS holder, 0 AS again, c.scan_at AS since`,
		from:    ` FROM contract c JOIN vendor v ON v.id = c.vendor_id LEFT JOIN contract_claim k ON k.vendor_id = c.vendor_id`,
		claimed: ` FROM contract_claim k CROSS JOIN contract c CROSS JOIN vendor v`,
		where:   ` WHERE c.status = 'scanned' AND c.scan_at < `,
		since:   `c.scan_at`, vendor: `c.vendor_id`,
	},
}

// tasks are in the order of the sources.
var tasks = []Task{ToOffer, ToConfirm}

func (i *Item) fields() []any {
	return []any{&i.Subject, &i.VendorID, &i.VendorName, &i.Mode, &i.Contract, &i.Number, &i.Holder, &i.Again, db.Time(&i.Since)}
}

const itemColumns = `task, id, name, mode, contract_id, number, holder, again, since`

// query reads each task's items in the order of its own index and merges them.
func (f Filter) query(until time.Time) (string, []any, error) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	limit, end := arg(f.Limit), arg(until)
	after := ""
	if f.After != "" {
		since, vendorID, err := parseCursor(f.After)
		if err != nil {
			return "", nil, err
		}
		after = "(" + arg(since) + ", " + arg(vendorID) + ")"
	}
	var parts []string
	for _, t := range tasks {
		if f.Task != "" && f.Task != t {
			continue
		}
		s := sources[t]
		q := s.columns + s.from + s.where + end
		if f.Holder != "" {
			q = s.columns + s.claimed + s.where + end + ` AND ` + s.vendor + ` = k.vendor_id AND v.id = k.vendor_id AND k.holder = ` + arg(f.Holder)
		}
		if f.Free {
			q += ` AND k.vendor_id IS NULL`
		}
		if f.Vendor != "" {
			q += ` AND ` + s.vendor + ` = ` + arg(f.Vendor)
		}
		if after != "" {
			q += ` AND (` + s.since + `, ` + s.vendor + `) > ` + after
		}
		parts = append(parts, `SELECT `+itemColumns+` FROM (SELECT `+q+` ORDER BY `+s.since+`, `+s.vendor+` LIMIT `+limit+`) `+string(t))
	}
	if len(parts) == 0 {
		return "", nil, nil
	}
	return `SELECT ` + itemColumns + ` FROM (` + strings.Join(parts, ` UNION ALL `) + `) w ORDER BY since, id LIMIT ` + limit, args, nil
}

// List reads the staff's queue, the longest waiting first. Rule O-4.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Item, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return nil, err
	}
	promise := time.Duration(p.Promise.Contract) * time.Hour
	until := tx.Now().Add(time.Microsecond) // what began in this moment waits
	if f.Late {
		until = tx.Now().Add(-promise)
	}
	q, args, err := f.query(until)
	if err != nil || q == "" {
		return nil, err
	}
	items, err := db.All(ctx, tx, (*Item).fields, q, args...)
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

// wait notes since when the vendor waits for a contract, after every act on one: from
// its approval or from when the last one was withdrawn or runs out, and not at all
// while an offer is out.
func wait(ctx context.Context, tx *db.Tx, vendorID string) error {
	since, err := db.One(ctx, tx, func(t *time.Time) []any { return []any{db.Time(t)} }, `
		SELECT MAX(m.moment) FROM (
			SELECT MIN(approved_at) AS moment FROM qualification WHERE vendor_id = $1 AND status = 'approved'
			UNION ALL
			SELECT MAX(CASE WHEN status = 'signed' THEN until ELSE ended_at END) FROM contract WHERE vendor_id = $1 AND status IN ('signed', 'withdrawn')
		) m
		WHERE EXISTS (SELECT 1 FROM qualification WHERE vendor_id = $1 AND status = 'approved')
		AND NOT EXISTS (SELECT 1 FROM contract WHERE vendor_id = $1 AND status IN ('preparing', 'offered', 'scanned'))`, vendorID)
	if err != nil {
		return err
	}
	return qualification.AwaitContract(ctx, tx, vendorID, since)
}

// Waits is how many vendors wait in the queue, how many of them nobody has or are
// past their promised time, each at most about db.Most, and since when the longest
// waits.
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
	const offers, scans = `FROM application a WHERE contract_since < `, `FROM contract a WHERE status = 'scanned' AND scan_at < `
	const free = ` AND NOT EXISTS (SELECT 1 FROM contract_claim k WHERE k.vendor_id = a.vendor_id)`
	both := func(until, also string) string {
		return `(` + db.Capped(offers+until+also) + `) + (` + db.Capped(scans+until+also+` ORDER BY scan_at`) + `)`
	}
	w, err := db.One(ctx, tx, func(w *[2]Waits) []any {
		return []any{&w[0].Count, &w[0].Free, &w[0].Late, db.Time(&w[0].Oldest), db.Time(&w[1].Oldest)}
	}, `SELECT `+both(`$1`, ``)+`, `+both(`$1`, free)+`, `+both(`$2`, ``)+`,
		(SELECT MIN(contract_since) FROM application WHERE contract_since < $1), (SELECT MIN(scan_at) FROM contract WHERE status = 'scanned' AND scan_at < $1)`,
		tx.Now().Add(time.Microsecond), tx.Now().Add(-time.Duration(p.Promise.Contract)*time.Hour))
	if o := w[1].Oldest; w[0].Oldest.IsZero() || !o.IsZero() && o.Before(w[0].Oldest) {
		w[0].Oldest = o
	}
	return w[0], err
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
