package deposit

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
)

// row is a row of deposit.
type row struct {
	vendorID  string
	reference string
	dueFen    int64
	dueFor    policy.CategoryID
	askedAt   time.Time
	topUpBy   time.Time
	makeUpBy  time.Time // of what fell away without a violation
	why       Why
	reminded  int // times
	remindAt  time.Time
	closedAt  time.Time
	openFen   int64 // of deductions, to be topped up
	owedFen   int64 // of deductions, more than was held
	vouchers  int   // that wait
	promised  time.Time
}

// rowOf reads a vendor's deposit, zero where nothing was asked yet, and the
// categories that are covered.
func rowOf(ctx context.Context, tx *db.Tx, vendorID string) (row, []policy.CategoryID, error) {
	type found struct {
		row
		category string
	}
	rows, err := db.All(ctx, tx, func(f *found) []any {
		return []any{&f.vendorID, &f.reference, &f.dueFen, &f.dueFor, db.Time(&f.askedAt), db.Time(&f.topUpBy), db.Null(&f.category),
			&f.vouchers, db.Time(&f.promised), db.Time(&f.closedAt), &f.openFen, &f.owedFen, db.Time(&f.makeUpBy), &f.why, &f.reminded, db.Time(&f.remindAt)}
	}, `
		SELECT d.vendor_id, d.reference, d.due_fen, d.due_for, d.asked_at, d.top_up_by, c.category,
			(SELECT COUNT(*) FROM deposit_voucher v WHERE v.vendor_id = d.vendor_id AND v.status = 'presented'),
			(SELECT MIN(v.promised_by) FROM deposit_voucher v WHERE v.vendor_id = d.vendor_id AND v.status = 'presented'),
			d.closed_at,
			(SELECT CAST(COALESCE(SUM(x.open_fen), 0) AS BIGINT) FROM deposit_deduction x WHERE x.vendor_id = d.vendor_id),
			(SELECT CAST(COALESCE(SUM(x.fen - x.taken_fen - x.waived_fen), 0) AS BIGINT) FROM deposit_deduction x WHERE x.vendor_id = d.vendor_id),
			d.make_up_by, d.why, d.reminded, d.remind_at
		FROM deposit d LEFT JOIN deposit_cover c ON c.vendor_id = d.vendor_id
		WHERE d.vendor_id = $1 ORDER BY c.covered_at, c.category`, vendorID)
	if err != nil || len(rows) == 0 {
		return row{}, nil, err
	}
	var covered []policy.CategoryID
	for _, r := range rows {
		if r.category != "" {
			covered = append(covered, policy.CategoryID(r.category))
		}
	}
	return rows[0].row, covered, nil
}

func insertRow(ctx context.Context, tx *db.Tx, r row) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO deposit (vendor_id, reference, due_fen, currency, due_for, asked_at, why, remind_at) VALUES ($1, $2, $3, 'CNY', $4, $5, $6, $7)`,
		r.vendorID, r.reference, r.dueFen, string(r.dueFor), r.askedAt, string(r.why), r.remindAt)
	return err
}

// saveDue notes what is asked now; the old amount is repeated, so that two decisions on it do not pass each other.
func saveDue(ctx context.Context, tx *db.Tx, old, r row) error {
	return tx.Move(ctx, `
		UPDATE deposit SET due_fen = $1, due_for = $2, asked_at = $3, why = $4, reminded = $5, remind_at = $6, make_up_by = $7
		WHERE vendor_id = $8 AND due_fen = $9`,
		r.dueFen, string(r.dueFor), r.askedAt, string(r.why), r.reminded, r.remindAt, r.makeUpBy, r.vendorID, old.dueFen)
}

func insertCovered(ctx context.Context, tx *db.Tx, vendorID string, categories []policy.CategoryID) error {
	if len(categories) == 0 {
		return nil
	}
	var rows []string
	var args []any
	for _, c := range categories {
		rows = append(rows, db.In(len(args)+1, 3))
		args = append(args, vendorID, string(c), tx.Now())
	}
	_, err := tx.Exec(ctx, `INSERT INTO deposit_cover (vendor_id, category, covered_at) VALUES `+strings.Join(rows, ", "), args...)
	return err
}

// secretVoucher is what of a voucher is sealed.
type secretVoucher struct {
	Remitter string  `json:"remitter,omitempty"`
	Courier  Courier `json:"courier"`
	Open     bool    `json:"open"`
	Receipt  bool    `json:"receipt"`
	City     string  `json:"city,omitempty"`
}

type storedVoucher struct {
	Voucher
	sealed string
}

const voucherColumns = `
	id, vendor_id, status, fen, currency, paid_on, way, file_id,
	sealed, other_payer, presented_by, presented_at, promised_by, decided_by, decided_at, reason,
	received_fen, holder, held_at`

func (v *storedVoucher) fields() []any {
	return []any{&v.ID, &v.VendorID, &v.Status, &v.Amount.Fen, &v.Amount.Currency, &v.PaidOn, &v.Way, &v.FileID,
		&v.sealed, &v.OtherPayer, &v.PresentedBy, db.Time(&v.PresentedAt), db.Time(&v.PromisedBy), &v.DecidedBy, db.Time(&v.DecidedAt), &v.Reason,
		&v.Received.Fen, &v.Holder, db.Time(&v.HeldAt)}
}

func voucherPlace(id string) string { return "deposit_voucher.sealed:" + id }

func (v storedVoucher) open(tx *db.Tx) (Voucher, error) {
	var s secretVoucher
	if err := unseal(tx, voucherPlace(v.ID), v.sealed, &s); err != nil {
		return Voucher{}, err
	}
	out := v.Voucher
	out.Remitter, out.Courier, out.AsksOpening, out.AsksReceipt, out.City = s.Remitter, s.Courier, s.Open, s.Receipt, s.City
	out.Received.Currency = out.Amount.Currency
	return out, nil
}

func openVouchers(tx *db.Tx, rows []storedVoucher, err error) ([]Voucher, error) {
	if err != nil {
		return nil, err
	}
	out := make([]Voucher, len(rows))
	for i, r := range rows {
		if out[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func insertVoucher(ctx context.Context, tx *db.Tx, v Voucher) error {
	sealed, err := seal(tx, voucherPlace(v.ID), secretVoucher{v.Remitter, v.Courier, v.AsksOpening, v.AsksReceipt, v.City})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO deposit_voucher (id, vendor_id, status, fen, currency, paid_on, way, file_id,
			sealed, other_payer, presented_by, presented_at, promised_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		v.ID, v.VendorID, string(v.Status), v.Amount.Fen, v.Amount.Code(), v.PaidOn, v.Way, v.FileID,
		sealed, v.OtherPayer, v.PresentedBy, v.PresentedAt, v.PromisedBy)
	return err
}

func voucherByID(ctx context.Context, tx *db.Tx, id string) (Voucher, error) {
	r, err := db.One(ctx, tx, (*storedVoucher).fields, `SELECT `+voucherColumns+` FROM deposit_voucher WHERE id = $1`, id)
	if err != nil {
		return Voucher{}, err
	}
	return r.open(tx)
}

func presentedBy(ctx context.Context, tx *db.Tx, vendorID string) ([]Voucher, error) {
	rows, err := db.All(ctx, tx, (*storedVoucher).fields,
		`SELECT `+voucherColumns+` FROM deposit_voucher WHERE vendor_id = $1 AND status = 'presented' ORDER BY id`, vendorID)
	return openVouchers(tx, rows, err)
}

func moveVoucher(ctx context.Context, tx *db.Tx, old VoucherStatus, v Voucher) error {
	return tx.Move(ctx, `UPDATE deposit_voucher SET status = $1, decided_by = $2, decided_at = $3, reason = $4, holder = '', held_at = NULL WHERE id = $5 AND status = $6`,
		string(v.Status), v.DecidedBy, v.DecidedAt, v.Reason, v.ID, string(old))
}

// secretReceipt is what of a receipt is sealed.
type secretReceipt struct {
	Payer    string  `json:"payer"`
	Remitter string  `json:"remitter,omitempty"`
	Payee    string  `json:"payee"`
	Courier  Courier `json:"courier"`
}

type storedReceipt struct {
	Receipt
	sealed string
}

const receiptColumns = `
	id, number, code, vendor_id, line_id, voucher_id, fen, held_fen, excess_fen, currency,
	paid_on, issued_on, way, sealed, reason, confirmed_by, confirmed_at, file_id,
	share_id, voided_at, voided_by, void_reason, void_file_id`

func (r *storedReceipt) fields() []any {
	return []any{&r.ID, &r.Number, &r.Code, &r.VendorID, &r.LineID, db.Null(&r.VoucherID), &r.Amount.Fen, &r.Held.Fen, &r.Excess.Fen, &r.Amount.Currency,
		&r.PaidOn, &r.IssuedOn, &r.Way, &r.sealed, &r.Reason, &r.ConfirmedBy, db.Time(&r.ConfirmedAt), db.Null(&r.FileID),
		&r.ShareID, db.Time(&r.VoidedAt), &r.VoidedBy, &r.VoidReason, db.Null(&r.VoidFileID)}
}

func receiptPlace(id string) string { return "deposit_receipt.sealed:" + id }

func (r storedReceipt) open(tx *db.Tx) (Receipt, error) {
	var s secretReceipt
	if err := unseal(tx, receiptPlace(r.ID), r.sealed, &s); err != nil {
		return Receipt{}, err
	}
	out := r.Receipt
	out.Payer, out.Remitter, out.Payee, out.Courier = s.Payer, s.Remitter, s.Payee, s.Courier
	out.Held.Currency, out.Excess.Currency = out.Amount.Currency, out.Amount.Currency
	return out, nil
}

func openReceipts(tx *db.Tx, rows []storedReceipt, err error) ([]Receipt, error) {
	if err != nil {
		return nil, err
	}
	out := make([]Receipt, len(rows))
	for i, r := range rows {
		if out[i], err = r.open(tx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func insertReceipt(ctx context.Context, tx *db.Tx, r Receipt) error {
	sealed, err := seal(tx, receiptPlace(r.ID), secretReceipt{r.Payer, r.Remitter, r.Payee, r.Courier})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO deposit_receipt (id, number, code, vendor_id, line_id, voucher_id, fen, held_fen, excess_fen, currency,
			paid_on, issued_on, way, sealed, reason, confirmed_by, confirmed_at, share_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		r.ID, r.Number, r.Code, r.VendorID, r.LineID, db.OrNull(r.VoucherID), r.Amount.Fen, r.Held.Fen, r.Excess.Fen, r.Amount.Code(),
		r.PaidOn, r.IssuedOn, r.Way, sealed, r.Reason, r.ConfirmedBy, r.ConfirmedAt, r.ShareID)
	return err
}

func receiptByID(ctx context.Context, tx *db.Tx, id string) (Receipt, error) {
	r, err := db.One(ctx, tx, (*storedReceipt).fields, `SELECT `+receiptColumns+` FROM deposit_receipt WHERE id = $1`, id)
	if err != nil {
		return Receipt{}, err
	}
	return r.open(tx)
}

func seal(tx *db.Tx, place string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	return tx.Vault().Seal(place, string(plain)), nil
}

func unseal(tx *db.Tx, place, sealed string, v any) error {
	plain, err := tx.Vault().Open(place, sealed)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(plain), v)
}

func remitters(vouchers []Voucher) []string {
	var names []string
	for _, v := range vouchers {
		if v.Remitter != "" && !slices.Contains(names, v.Remitter) {
			names = append(names, v.Remitter)
		}
	}
	return names
}
