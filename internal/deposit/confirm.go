package deposit

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/calendar"
	"github.com/yunshi-market/yunshi/internal/cn"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Confirmation says that a line of the bank statement is a vendor's deposit.
type Confirmation struct {
	LineID   string `json:"-" path:"id"`
	VendorID string `json:"vendor"`  // whom the line is proposed for, as the person saw it
	Voucher  string `json:"voucher"` // the voucher it belongs to; "" is the oldest of the same amount, if any
	Reason   string `json:"reason"`  // required for a doubtful line (D-5)
}

// Confirm counts a proposed line as received (D-7): what is missing of the deposit
// becomes held, the rest overpaid (D-12), the voucher is confirmed, a receipt gets
// its number (D-8), and the categories that are covered now are noted (D-3). It
// needs a person of finance who neither imported nor proposed the line, unless
// policy allows one (D-7), and a reason where the proposal is doubtful (D-5). A
// taken line, one proposed for somebody else, and a vendor that is not asked yet
// are fault.Conflict. No balance is ever touched (D-9).
func Confirm(ctx context.Context, tx *db.Tx, by access.Actor, in Confirmation) (Receipt, error) {
	if err := by.Require(access.ConfirmMoney); err != nil {
		return Receipt{}, err
	}
	if by.Kind != access.Staff {
		return Receipt{}, fault.New(fault.Forbidden, "deposit.only_people").Of("D-7")
	}
	if err := tx.InTurn(ctx, db.Numbers); err != nil { // of the receipts
		return Receipt{}, err
	}
	// Receipts are numbered one after the other (D-8): wait before anything is read.
	if err := tx.Alone(ctx, "counter"); err != nil {
		return Receipt{}, err
	}
	line, expected, err := payment.Open(ctx, tx, in.LineID)
	if err != nil {
		return Receipt{}, err
	}
	if in.VendorID != line.Subject {
		return Receipt{}, fault.New(fault.Conflict, "deposit.other_vendor").Of("D-7")
	}
	if err := vendor.Lock(ctx, tx, line.Subject); err != nil {
		return Receipt{}, err
	}
	f, err := load(ctx, tx, line.Subject)
	if err != nil {
		return Receipt{}, err
	}
	if err := f.may(by, line); err != nil {
		return Receipt{}, err
	}
	if line.State == payment.Doubtful {
		if in.Reason, err = reasonOf(in.Reason); err != nil {
			return Receipt{}, err
		}
	}
	r, err := f.receipt(tx, by, in, line, expected)
	if err != nil {
		return Receipt{}, err
	}
	if err := payment.Take(ctx, tx, by, line.ID, r.ID); err != nil {
		return Receipt{}, err
	}
	if err := useVoucher(ctx, tx, by, in.Voucher, &r); err != nil {
		return Receipt{}, err
	}
	err = f.save(ctx, tx, by, &r, line.State == payment.Doubtful)
	return r, err
}

// may refuses a confirmation that comes too early or from the wrong person. Rules O-6 and D-7.
func (f facts) may(by access.Actor, line payment.Line) error {
	if err := f.terms.ready(); err != nil {
		return err
	}
	if f.policy.OnePersonForMoney || by.ID != line.ImportedBy && by.ID != line.ProposedBy {
		return nil
	}
	if by.ID == line.ImportedBy {
		return fault.New(fault.Forbidden, "deposit.imported_by_you").Of("D-7")
	}
	return fault.New(fault.Forbidden, "deposit.assigned_by_you").Of("D-7")
}

// receipt fills in the receipt of a line; what exceeds the missing part is overpaid. Rule D-12.
func (f facts) receipt(tx *db.Tx, by access.Actor, in Confirmation, line payment.Line, expected payment.Announcement) (Receipt, error) {
	code, err := newCode(tx.Random())
	if err != nil {
		return Receipt{}, err
	}
	held := money.CNY(min(line.Amount.Fen, f.state.Missing.Fen))
	r := Receipt{
		ID: tx.NewID("rct"), Code: code, VendorID: f.state.VendorID, LineID: line.ID,
		Amount: line.Amount, Held: held, Excess: money.CNY(line.Amount.Fen - held.Fen),
		PaidOn: line.BookedOn, IssuedOn: calendar.Of(tx.Now(), f.policy.Location()),
		Payer: expected.PayerName, Payee: f.policy.Operator.Company, Reason: in.Reason, ConfirmedBy: by.ID, ConfirmedAt: tx.Now(),
	}
	if p, ok := f.policy.Payee(line.PayeeID); ok {
		r.Payee = p.Name
	}
	if !cn.SameName(line.Payer.Name, expected.PayerName) {
		r.Remitter = line.Payer.Name
	}
	return r, nil
}

// useVoucher confirms the voucher that tells of the line, if one was presented. Rule D-6.
func useVoucher(ctx context.Context, tx *db.Tx, by access.Actor, id string, r *Receipt) error {
	rows, err := db.All(ctx, tx, (*storedVoucher).fields, `
		UPDATE deposit_voucher SET status = 'confirmed', decided_by = $1, decided_at = $2
		WHERE id = (
			SELECT id FROM deposit_voucher
			WHERE vendor_id = $3 AND status = 'presented' AND (id = $4 OR $4 = '' AND fen = $5)
			ORDER BY id LIMIT 1)
		RETURNING `+voucherColumns, by.ID, tx.Now(), r.VendorID, id, r.Amount.Fen)
	vouchers, err := openVouchers(tx, rows, err)
	if err != nil {
		return err
	}
	if len(vouchers) == 0 {
		if id != "" {
			return fault.At("/voucher", "deposit.voucher_unknown")
		}
		return nil
	}
	v := vouchers[0]
	r.VoucherID, r.Way, r.Courier = v.ID, v.Way, v.Courier
	if r.Remitter == "" {
		r.Remitter = v.Remitter
	}
	return nil
}

// save writes what a confirmation changes. The number of the receipt comes last
// but for the rows that hold it, since transactions wait for each other there.
func (f facts) save(ctx context.Context, tx *db.Tx, by access.Actor, r *Receipt, doubtful bool) error {
	if _, err := ledger.Post(ctx, tx, "deposit:"+r.LineID, "deposit", ledger.DepositReceived(r.VendorID, r.Held, r.Excess)...); err != nil {
		return err
	}
	held := money.CNY(f.held.Fen + r.Held.Fen)
	covered := f.newlyCovered(f.policy, held, f.covered)
	if err := insertCovered(ctx, tx, r.VendorID, covered); err != nil {
		return err
	}
	left := missing(f.state.Required, held)
	if due := f.row; due.dueFen != left.Fen {
		due.dueFen = left.Fen
		if err := saveDue(ctx, tx, f.row, due); err != nil {
			return err
		}
	}
	if err := payment.Expect(ctx, tx, r.VendorID, left); err != nil {
		return err
	}
	if err := f.toppedUp(ctx, tx, by, held.Fen, r.Held.Fen); err != nil {
		return err
	}
	return f.issue(ctx, tx, by, r, ConfirmedData{
		Line: r.LineID, HeldFen: r.Held.Fen, ExcessFen: r.Excess.Fen, Doubtful: doubtful, Covered: covered,
	})
}
