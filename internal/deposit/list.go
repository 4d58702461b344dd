package deposit

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Get is the state of a vendor's deposit, for its own people and for staff.
func Get(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) (State, error) {
	if err := by.Sees(vendorID); err != nil {
		return State{}, err
	}
	return Load(ctx, tx, vendorID)
}

// Vouchers lists a vendor's vouchers, newest first.
func Vouchers(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) ([]Voucher, error) {
	if err := by.Sees(vendorID); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, (*storedVoucher).fields,
		`SELECT `+voucherColumns+` FROM deposit_voucher WHERE vendor_id = $1 ORDER BY id DESC LIMIT 200`, vendorID)
	return openVouchers(tx, rows, err)
}

// GetVoucher loads one voucher for the vendor's people and for staff; another's is
// fault.NotFound.
func GetVoucher(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Voucher, error) {
	if err := by.SignedIn(); err != nil {
		return Voucher{}, err
	}
	v, err := voucherByID(ctx, tx, id)
	if err != nil {
		return Voucher{}, err
	}
	return v, by.Sees(v.VendorID)
}

// Receipts lists a vendor's receipts, newest first.
func Receipts(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) ([]Receipt, error) {
	if err := by.Sees(vendorID); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, (*storedReceipt).fields,
		`SELECT `+receiptColumns+` FROM deposit_receipt WHERE vendor_id = $1 ORDER BY id DESC LIMIT 200`, vendorID)
	return openReceipts(tx, rows, err)
}

// GetReceipt loads one receipt for the vendor's people and for staff; another's is
// fault.NotFound.
func GetReceipt(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Receipt, error) {
	if err := by.SignedIn(); err != nil {
		return Receipt{}, err
	}
	r, err := receiptByID(ctx, tx, id)
	if err != nil {
		return Receipt{}, err
	}
	return r, by.Sees(r.VendorID)
}

// Filter narrows the lists of staff.
type Filter struct {
	Status VoucherStatus // of vouchers; "" is any
	Before string        // cursor: the id of the last one seen
	Limit  int           // 0 is 50, at most 200
	IDs    []string      // of deposits: only those of these vendors; nil is all
}

func (f Filter) limit() int {
	if f.Limit <= 0 || f.Limit > 200 {
		return 50
	}
	return f.Limit
}

// Queued is a voucher in the queue of finance, with the vendor's name.
type Queued struct {
	Voucher
	VendorName string
}

// Queue lists vouchers for staff who see money: those that wait come oldest first,
// all others newest first.
func Queue(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Queued, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	order, beyond := " DESC", "<"
	if f.Status == VoucherPresented {
		order, beyond = "", ">"
	}
	rows, err := db.All(ctx, tx, (*storedVoucher).fields, `
		SELECT `+voucherColumns+` FROM deposit_voucher
		WHERE ($1 = '' OR status = $1) AND ($2 = '' OR id `+beyond+` $2) ORDER BY id`+order+` LIMIT $3`,
		string(f.Status), f.Before, f.limit())
	vouchers, err := openVouchers(tx, rows, err)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, v := range vouchers {
		ids = append(ids, v.VendorID)
	}
	names, err := vendor.Names(ctx, tx, ids)
	out := make([]Queued, len(vouchers))
	for i, v := range vouchers {
		out[i] = Queued{v, names[v.VendorID]}
	}
	return out, err
}

// Waiting is how many vouchers wait, at most db.Most, and since when.
type Waiting struct {
	Count  int
	Oldest Voucher // zero where none waits
}

// Waits counts the vouchers that wait, for the dashboard.
func Waits(ctx context.Context, tx *db.Tx, by access.Actor) (Waiting, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return Waiting{}, err
	}
	var w Waiting
	var err error
	if w.Count, err = db.One(ctx, tx, db.Value[int], db.Capped(`FROM deposit_voucher WHERE status = 'presented'`)); err != nil || w.Count == 0 {
		return w, err
	}
	row, err := db.One(ctx, tx, (*storedVoucher).fields, `SELECT `+voucherColumns+` FROM deposit_voucher WHERE status = 'presented' ORDER BY id LIMIT 1`)
	if err == nil {
		w.Oldest, err = row.open(tx)
	}
	return w, err
}

// Account is a vendor's deposit in the list of staff.
type Account struct {
	VendorID   string
	VendorName string
	Held       money.Amount
	Due        money.Amount // asked for and not received yet
	Overpaid   money.Amount
	Reference  string
}

// Accounts lists the deposits that were asked for, newest first, for staff who see money.
func Accounts(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Account, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	type found struct {
		Account
		held, overpaid *int64
	}
	args := []any{ledger.Deposits, ledger.Overpayments, f.Before, f.limit()}
	only := ""
	if f.IDs != nil {
		only = " AND d.vendor_id IN " + db.In(5, len(f.IDs))
		for _, id := range f.IDs {
			args = append(args, id)
		}
	}
	rows, err := db.All(ctx, tx, func(a *found) []any {
		return []any{&a.VendorID, &a.Reference, &a.Due.Fen, &a.held, &a.overpaid}
	}, `
		SELECT d.vendor_id, d.reference, d.due_fen, h.fen, o.fen
		FROM deposit d
		LEFT JOIN ledger_balance h ON h.account = $1 || d.vendor_id
		LEFT JOIN ledger_balance o ON o.account = $2 || d.vendor_id
		WHERE ($3 = '' OR d.vendor_id < $3)`+only+` ORDER BY d.vendor_id DESC LIMIT $4`, args...)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.VendorID)
	}
	names, err := vendor.Names(ctx, tx, ids)
	out := make([]Account, len(rows))
	for i, r := range rows {
		r.VendorName, r.Due.Currency = names[r.VendorID], money.Yuan
		r.Held, r.Overpaid = amountOf(r.held), amountOf(r.overpaid)
		out[i] = r.Account
	}
	return out, err
}

func amountOf(fen *int64) money.Amount {
	if fen == nil {
		return money.CNY(0)
	}
	return money.CNY(*fen)
}

// Total is what is held of all vendors, for the dashboard.
func Total(ctx context.Context, tx *db.Tx, by access.Actor) (money.Amount, error) {
	if err := by.Require(access.SeeOffice); err != nil {
		return money.Amount{}, err
	}
	return ledger.Total(ctx, tx, ledger.Deposits)
}
