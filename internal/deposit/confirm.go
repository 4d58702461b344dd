package deposit

import (
	"context"
	"slices"

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
	LineID   string `json:"-" path:"id"` // a line, or a share of one
	VendorID string `json:"vendor"`      // whom the line is proposed for, as the person saw it
	Voucher  string `json:"voucher"`     // the voucher it belongs to; "" is the oldest that lacks the same amount, if any
	Reason   string `json:"reason"`      // required for a doubtful line (D-5)
	Remitter string `json:"remitter"`    // account name of who paid; required where neither line nor voucher says (D-5)
	BankFee  bool   `json:"bank_fee"`    // what the voucher tells of beyond the line went in bank fees
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
	if err := payment.Take(ctx, tx, by, in.LineID, r.ID); err != nil {
		return Receipt{}, err
	}
	fee, err := f.useVoucher(ctx, tx, by, in, &r)
	if err != nil {
		return Receipt{}, err
	}
	if err := remitter(in, line, &r); err != nil {
		return Receipt{}, err
	}
	err = f.save(ctx, tx, by, &r, ConfirmedData{Doubtful: line.State == payment.Doubtful, FeeFen: fee})
	return r, err
}

// remitter names who paid: as the bank says, as the voucher says, or as the person
// states where neither does. Rule D-5.
func remitter(in Confirmation, line payment.Line, r *Receipt) error {
	if r.Remitter != "" || line.Payer.Name != "" {
		return nil
	}
	var f fault.Fields
	name := words(&f, "D-5", "/remitter", "deposit.remitter_stated", in.Remitter, 100)
	if !cn.SameName(name, r.Payer) {
		r.Remitter = name
	}
	return f.Err()
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
		ID: tx.NewID("rct"), Code: code, VendorID: f.state.VendorID, LineID: line.ID, ShareID: line.ShareID,
		Amount: line.Amount, Held: held, Excess: money.CNY(line.Amount.Fen - held.Fen),
		PaidOn: line.BookedOn, IssuedOn: calendar.Of(tx.Now(), f.policy.Location()),
		Payer: expected.PayerName, Payee: f.policy.Operator.Company, Reason: in.Reason, ConfirmedBy: by.ID, ConfirmedAt: tx.Now(),
	}
	if p, ok := f.policy.Payee(line.PayeeID); ok {
		r.Payee = p.Name
	}
	if line.Payer.Name != "" && !cn.SameName(line.Payer.Name, expected.PayerName) {
		r.Remitter = line.Payer.Name
	}
	return r, nil
}

// useVoucher counts the line to the voucher that tells of it, if one was presented.
// A voucher is confirmed when all it tells of was received, and waits for the rest
// until then; what is missing of it because of bank fees, which the policy limits,
// does not come any more. It returns those fees. Rule D-6.
func (f facts) useVoucher(ctx context.Context, tx *db.Tx, by access.Actor, in Confirmation, r *Receipt) (feeFen int64, err error) {
	all, err := presentedBy(ctx, tx, r.VendorID)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(all, func(v Voucher) bool {
		return v.ID == in.Voucher || in.Voucher == "" && v.Left().Fen == r.Amount.Fen
	})
	switch {
	case i < 0 && in.Voucher != "":
		return 0, fault.At("/voucher", "deposit.voucher_unknown")
	case i < 0 && in.BankFee:
		return 0, fault.At("/bank_fee", "deposit.fee_needs_voucher").Of("D-12")
	case i < 0:
		return 0, nil
	}
	old := all[i]
	v := old
	v.Received = money.CNY(v.Received.Fen + r.Amount.Fen)
	if in.BankFee {
		if feeFen = v.Left().Fen; feeFen == 0 || feeFen > f.policy.Deposits.FeeFen {
			return 0, fault.At("/bank_fee", "deposit.fee_at_most", money.CNY(f.policy.Deposits.FeeFen), v.Left()).Of("D-12")
		}
	}
	if v.Left().Fen == 0 || in.BankFee {
		v.Status, v.DecidedBy, v.DecidedAt = VoucherConfirmed, by.ID, tx.Now()
	}
	err = tx.Move(ctx, `
		UPDATE deposit_voucher SET status = $1, received_fen = $2, decided_by = $3, decided_at = $4
		WHERE id = $5 AND status = 'presented' AND received_fen = $6`,
		string(v.Status), v.Received.Fen, v.DecidedBy, v.DecidedAt, v.ID, old.Received.Fen)
	if err != nil {
		return 0, err
	}
	r.VoucherID, r.Way, r.Courier = v.ID, v.Way, v.Courier
	if r.Remitter == "" {
		r.Remitter = v.Remitter
	}
	return feeFen, nil
}

// save writes what a confirmation changes. The number of the receipt comes last
// but for the rows that hold it, since transactions wait for each other there.
func (f facts) save(ctx context.Context, tx *db.Tx, by access.Actor, r *Receipt, data ConfirmedData) error {
	if _, err := ledger.Post(ctx, tx, "deposit:"+r.ID, "deposit", ledger.DepositReceived(r.VendorID, r.Held, r.Excess)...); err != nil {
		return err
	}
	held := money.CNY(f.held.Fen + r.Held.Fen)
	covered, err := f.rise(ctx, tx, by, held)
	if err != nil {
		return err
	}
	data.Line, data.HeldFen, data.ExcessFen, data.Covered = r.LineID, r.Held.Fen, r.Excess.Fen, covered
	data.LeftFen = missing(f.state.Required, held).Fen
	return f.issue(ctx, tx, by, r, data)
}
