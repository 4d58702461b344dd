package exit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Desk is everything that is shown of a vendor's exit, before it begins too.
type Desk struct {
	VendorID   string
	VendorName string
	Parting    vendor.Parting
	Exit       *Exit     // under way, or the last one; nil for who never asked
	Blockers   []Blocker // of the return, as they would be now
	Held       money.Amount
	Overpaid   money.Amount
	Payouts    []payout.Payout // accounts masked, newest first
	Statement  []ledger.Movement
	MayAsk     bool // the reader may ask to leave now
	MayBack    bool // the reader may take the wish back
	Why        text.Message
	Rules      policy.Exit
	Now        time.Time
}

// Mine reads the exit of the actor's company.
func Mine(ctx context.Context, tx *db.Tx, by access.Actor) (Desk, error) {
	if err := by.OwnsVendor(by.VendorID, access.Look); err != nil {
		return Desk{}, err
	}
	return desk(ctx, tx, by, by.VendorID)
}

// Of reads a vendor's exit, for staff and the vendor's own people; to others it is
// fault.NotFound.
func Of(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (Desk, error) {
	if err := by.Sees(vendorID); err != nil {
		return Desk{}, err
	}
	return desk(ctx, tx, by, vendorID)
}

func desk(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (Desk, error) {
	v, err := vendor.Load(ctx, tx, vendorID)
	if err != nil {
		return Desk{}, err
	}
	p, err := policy.Now(ctx, tx)
	if err != nil {
		return Desk{}, err
	}
	d := Desk{VendorID: v.ID, VendorName: v.Name, Rules: p.Exit, Now: tx.Now()}
	if d.Parting, err = vendor.PartingOf(ctx, tx, vendorID); err != nil {
		return d, err
	}
	last, err := db.All(ctx, tx, (*Exit).fields, `
		SELECT `+columns+` FROM exit WHERE vendor_id = $1 AND status IN ('asked', 'leaving', 'returning', 'left')
		ORDER BY CASE WHEN status = 'left' THEN 1 ELSE 0 END, id DESC LIMIT 1`, vendorID)
	if err != nil {
		return d, err
	}
	e := Exit{VendorID: vendorID}
	if len(last) == 1 && d.Parting != vendor.Stays {
		e = last[0]
		d.Exit = &e
	}
	if e.Status != Done {
		if d.Blockers, err = blocking(ctx, tx, e); err != nil {
			return d, err
		}
	}
	if d.Held, d.Overpaid, err = deposit.Returnable(ctx, tx, vendorID); err != nil {
		return d, err
	}
	if d.Payouts, err = payout.Of(ctx, tx, machine, vendorID); err != nil {
		return d, err
	}
	accounts := []ledger.Account{ledger.DepositHeld(vendorID), ledger.Overpaid(vendorID)}
	if d.Statement, err = ledger.Movements(ctx, tx, accounts...); err != nil {
		return d, err
	}
	d.MayBack = e.Status == Asked && by.OwnsVendor(vendorID, access.Leave) == nil
	if err := d.mayAsk(ctx, tx, by); err != nil {
		return d, err
	}
	if by.Kind == access.Member {
		d.forVendor()
	}
	return d, nil
}

// mayAsk tells whether the reader may ask to leave, and if not, why.
func (d *Desk) mayAsk(ctx context.Context, tx *db.Tx, by access.Actor) error {
	err := hasContract(ctx, tx, d.VendorID)
	switch {
	case d.Parting != vendor.Stays:
		d.Why = text.M("exit.under_way")
	case fault.Is(err, fault.Conflict):
		d.Why = text.M("exit.no_contract")
	case err != nil:
		return err
	case by.OwnsVendor(d.VendorID, access.Leave) != nil:
		d.Why = text.M("exit.owner_only")
	default:
		d.MayAsk = true
	}
	return nil
}

// forVendor leaves out what the vendor is not told yet and where only staff go.
func (d *Desk) forVendor() {
	if d.Exit != nil {
		e := *d.Exit
		e.ApprovedBy, e.ClosedBy, e.ClosedWhy = "", "", ""
		if e.Kind != Wish {
			e.AskedBy = ""
		}
		d.Exit = &e
	}
	for i, b := range d.Blockers {
		b.Office = ""
		if b.Quiet {
			b.Code, b.Message, b.Mend, b.Console = "check", text.M("exit.blocked_quiet"), text.M("exit.mend_quiet"), ""
		}
		d.Blockers[i] = b
	}
}

// Folder is one exit with its desk, for staff.
type Folder struct {
	Exit
	Desk Desk
}

// Get reads one exit for staff.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, in Chosen) (Folder, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return Folder{}, err
	}
	e, err := Load(ctx, tx, in.ID)
	if err != nil {
		return Folder{}, err
	}
	d, err := desk(ctx, tx, by, e.VendorID)
	return Folder{e, d}, err
}

// Filter narrows the list of exits; the zero value is all, newest first.
type Filter struct {
	Status Status `query:"status"`
	Kind   Kind   `query:"kind"`
	Open   bool   `query:"open" doc:"only those under way"`
	Before string `query:"cursor"`
	Limit  int    `query:"limit"`
}

// Listed is an exit with its vendor's name.
type Listed struct {
	Exit
	VendorName string
}

// List lists exits for staff, newest first.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Listed, error) {
	if err := by.Require(access.SeeVendors); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	open := ""
	if f.Open {
		open = " AND status IN ('proposed', 'asked', 'leaving', 'returning')"
	}
	list, err := db.All(ctx, tx, (*Exit).fields, `
		SELECT `+columns+` FROM exit WHERE ($1 = '' OR status = $1) AND ($2 = '' OR kind = $2) AND ($3 = '' OR id < $3)`+open+`
		ORDER BY id DESC LIMIT $4`, string(f.Status), string(f.Kind), f.Before, f.Limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, e := range list {
		ids[i] = e.VendorID
	}
	names, err := vendor.Names(ctx, tx, ids)
	out := make([]Listed, len(list))
	for i, e := range list {
		out[i] = Listed{e, names[e.VendorID]}
	}
	return out, err
}

// Waiting is what the dashboard shows of exits.
type Waiting struct {
	Open    int       // under way
	Propose int       // evictions that wait for a second person
	Overdue int       // whose deposit should have been returned (D-10)
	NextDue time.Time // of the others; zero without
}

// WaitingCount tells how many evictions wait for a second person and how many returns
// are overdue (D-10), at most db.Most.
func WaitingCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], db.Capped(`
		FROM exit WHERE status = 'proposed' OR status IN ('leaving', 'returning') AND due_by < $1`), tx.Now())
}

// Waits counts the exits that are under way, for the dashboard.
func Waits(ctx context.Context, tx *db.Tx, by access.Actor) (Waiting, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return Waiting{}, err
	}
	return db.One(ctx, tx, func(w *Waiting) []any { return []any{&w.Open, &w.Propose, &w.Overdue, db.Time(&w.NextDue)} }, `
		SELECT COUNT(CASE WHEN status <> 'proposed' THEN 1 END), COUNT(CASE WHEN status = 'proposed' THEN 1 END),
			COUNT(CASE WHEN due_by < $1 THEN 1 END), MIN(CASE WHEN due_by >= $1 THEN due_by END)
		FROM exit WHERE status IN ('proposed', 'asked', 'leaving', 'returning')`, tx.Now())
}
