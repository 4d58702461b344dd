package deposit

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Correction says that a confirmation was wrong, as when a line was taken for the
// wrong vendor.
type Correction struct {
	ReceiptID string `json:"-" path:"id"`
	Reason    string `json:"reason"`
}

// AskCorrect asks that a confirmation be undone: once another person approves, the
// money is unidentified again, the receipt is void («作废») and keeps its number,
// and the line can be decided on anew. A void receipt is fault.Conflict. Rule D-12.
func AskCorrect(ctx context.Context, tx *db.Tx, by access.Actor, in Correction) (Decision, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Decision{}, err
	}
	r, err := receiptByID(ctx, tx, in.ReceiptID)
	if err != nil {
		return Decision{}, err
	}
	if r.Void() {
		return Decision{}, fault.New(fault.Conflict, "deposit.void_already", r.Number).Of("D-8")
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return Decision{}, err
	}
	return Decision{Kind: Correct, LineID: r.Target(), VendorID: r.VendorID, ReceiptID: r.ID, Amount: r.Amount, Reason: reason}.propose(ctx, tx, by)
}

func correct(ctx context.Context, tx *db.Tx, by access.Actor, d *Decision) error {
	if err := vendor.Lock(ctx, tx, d.VendorID); err != nil {
		return err
	}
	r, err := receiptByID(ctx, tx, d.ReceiptID)
	if err != nil {
		return err
	}
	if err := void(ctx, tx, by, r, d.Reason, WhyCorrected); err != nil {
		return err
	}
	return payment.Untake(ctx, tx, r.Target(), r.ID)
}

// Reversal says that the bank took a credit back (冲正).
type Reversal struct {
	DebitID string `json:"-" path:"id"`
	LineID  string `json:"line"` // the credit
	Reason  string `json:"reason"`
}

// AskReverse asks that a debit be settled as the bank's taking back of a credit.
// Once another person approves, both are closed against each other; where the
// credit was confirmed as a deposit, that falls and its receipt is void. What does
// not fit is fault.Invalid, what is decided otherwise fault.Conflict.
func AskReverse(ctx context.Context, tx *db.Tx, by access.Actor, in Reversal) (Decision, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Decision{}, err
	}
	d := Decision{Kind: Reverse, LineID: in.LineID, DebitID: in.DebitID}
	var err error
	if d.Reason, err = reasonOf(in.Reason); err != nil {
		return Decision{}, err
	}
	debit, credit, err := payment.Reverses(ctx, tx, in.DebitID, in.LineID)
	if err != nil {
		return Decision{}, err
	}
	r, confirmed, err := confirmedAs(ctx, tx, credit)
	if err != nil {
		return Decision{}, err
	}
	d.Amount = debit.Amount.Neg()
	if confirmed {
		d.VendorID, d.ReceiptID = r.VendorID, r.ID
	}
	busy, err := db.Exists(ctx, tx, `SELECT 1 FROM deposit_decision WHERE other_id = $1 AND other_id <> '' AND status = 'asked'`, in.DebitID)
	if err != nil {
		return Decision{}, err
	}
	if busy {
		return Decision{}, fault.New(fault.Conflict, "deposit.decision_waits").Of("D-7")
	}
	return d.propose(ctx, tx, by)
}

// confirmedAs is the receipt for which a credit was taken, if one was. A credit
// that was taken for anything else cannot be reversed here: fault.Conflict.
func confirmedAs(ctx context.Context, tx *db.Tx, credit payment.Line) (Receipt, bool, error) {
	if credit.TakenFor == "" {
		return Receipt{}, false, nil
	}
	r, err := receiptByID(ctx, tx, credit.TakenFor)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.Conflict, "deposit.reverse_first").Of("D-12")
	}
	return r, err == nil, err
}

func reverse(ctx context.Context, tx *db.Tx, by access.Actor, d *Decision) error {
	_, credit, err := payment.Reverses(ctx, tx, d.DebitID, d.LineID)
	if err != nil {
		return err
	}
	r, confirmed, err := confirmedAs(ctx, tx, credit)
	if err != nil {
		return err
	}
	if confirmed {
		d.VendorID, d.ReceiptID = r.VendorID, r.ID
		if err := vendor.Lock(ctx, tx, r.VendorID); err != nil {
			return err
		}
		if err := void(ctx, tx, by, r, d.Reason, WhyReversed); err != nil {
			return err
		}
		if err := payment.Untake(ctx, tx, r.Target(), r.ID); err != nil {
			return err
		}
	}
	return payment.Cancel(ctx, tx, by, d.DebitID, d.LineID)
}

// void undoes what a receipt was issued for: what is left of its excess leaves the
// overpayment, the rest leaves the deposit, and all of it is unidentified again.
// What was used since is fault.Conflict: that is to be decided first. The receipt
// keeps its number, its voucher waits again. The vendor is locked. Rules D-8, D-12.
func void(ctx context.Context, tx *db.Tx, by access.Actor, r Receipt, reason string, why Why) error {
	if r.Void() {
		return fault.New(fault.Conflict, "deposit.void_already", r.Number).Of("D-8")
	}
	f, err := load(ctx, tx, r.VendorID)
	if err != nil {
		return err
	}
	overpaid, err := ledger.Balance(ctx, tx, ledger.Overpaid(r.VendorID))
	if err != nil {
		return err
	}
	excess, held := voided(r, overpaid)
	if f.held.Cmp(held) < 0 {
		return fault.New(fault.Conflict, "deposit.used_since", held, f.held).Of("D-12")
	}
	if _, err := ledger.Post(ctx, tx, "deposit-void:"+r.ID, "deposit.void", ledger.DepositVoided(r.VendorID, held, excess)...); err != nil {
		return err
	}
	err = tx.Move(ctx, `UPDATE deposit_receipt SET voided_at = $1, voided_by = $2, void_reason = $3 WHERE id = $4 AND voided_at IS NULL`,
		tx.Now(), by.ID, reason, r.ID)
	if err != nil {
		return err
	}
	if err := reopenVoucher(ctx, tx, r); err != nil {
		return err
	}
	if err := VoidJob.Later(ctx, tx, RenderData{r.ID}, job.Once("void:"+r.ID)); err != nil {
		return err
	}
	until, err := f.fall(ctx, tx, by, money.CNY(f.held.Fen-held.Fen), why)
	if err != nil {
		return err
	}
	data := VoidedData{By: until, Number: r.Number, Fen: r.Amount.Fen, HeldFen: held.Fen, MissingFen: missing(f.state.Required, money.CNY(f.held.Fen-held.Fen)).Fen, Why: why}
	return Voided.Append(ctx, tx, by, event.About{Subject: r.ID, VendorID: r.VendorID}, data)
}

// voided is the rule from where a void receipt's money comes: from the overpayment
// as far as its excess is still there, the rest from the deposit. Rule D-12.
func voided(r Receipt, overpaid money.Amount) (excess, held money.Amount) {
	excess = money.CNY(min(r.Excess.Fen, overpaid.Fen))
	return excess, money.CNY(r.Amount.Fen - excess.Fen)
}

// VoidedData is what the event of a void receipt holds.
type VoidedData struct {
	Number     string    `json:"number"`
	Fen        int64     `json:"fen"`
	HeldFen    int64     `json:"held_fen"`    // by which the deposit fell
	MissingFen int64     `json:"missing_fen"` // of the deposit afterwards
	Why        Why       `json:"why"`
	By         time.Time `json:"by,omitzero"` // to make it up
}

// Voided records that a receipt holds no more; its subject is the receipt.
var Voided = event.Kind[VoidedData]{Name: "receipt.voided"}

// reopenVoucher takes a void receipt's part off the voucher that told of it; the
// voucher waits again.
func reopenVoucher(ctx context.Context, tx *db.Tx, r Receipt) error {
	if r.VoucherID == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `
		UPDATE deposit_voucher SET received_fen = received_fen - $1,
			status = CASE WHEN status = 'confirmed' THEN 'presented' ELSE status END,
			decided_by = CASE WHEN status = 'confirmed' THEN '' ELSE decided_by END,
			decided_at = CASE WHEN status = 'confirmed' THEN NULL ELSE decided_at END
		WHERE id = $2`, r.Amount.Fen, r.VoucherID)
	return err
}

// Exclusion says that a line has nothing to do with deposits.
type Exclusion struct {
	LineID string `json:"-" path:"id"` // a credit, a share, or a debit
	Reason string `json:"reason"`
}

// AskExclude asks that a line be counted as none of the deposits' business, as
// interest or a fee of the bank: once another person approves, its amount leaves
// the unidentified receipts for the account of other movements. Rule D-12.
func AskExclude(ctx context.Context, tx *db.Tx, by access.Actor, in Exclusion) (Decision, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return Decision{}, err
	}
	l, err := excludable(ctx, tx, in.LineID)
	if err != nil {
		return Decision{}, err
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		return Decision{}, err
	}
	return Decision{Kind: Exclude, LineID: in.LineID, Amount: l.Amount, Reason: reason}.propose(ctx, tx, by)
}

func excludable(ctx context.Context, tx *db.Tx, id string) (payment.Line, error) {
	l, err := payment.Find(ctx, tx, id)
	if err != nil || l.State == payment.Debit {
		return l, err
	}
	return payment.Untaken(ctx, tx, id)
}

func exclude(ctx context.Context, tx *db.Tx, by access.Actor, d *Decision) error {
	l, err := excludable(ctx, tx, d.LineID)
	if err != nil {
		return err
	}
	if _, err := ledger.Post(ctx, tx, "other:"+d.ID, "other", ledger.OtherMovement(l.Amount)...); err != nil {
		return err
	}
	if l.State == payment.Debit {
		return payment.TakeDebit(ctx, tx, by, d.LineID, d.ID)
	}
	return payment.Take(ctx, tx, by, d.LineID, d.ID)
}
