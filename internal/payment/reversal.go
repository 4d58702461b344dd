package payment

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Originals lists the credits that a debit may take back (冲正): of the same
// account and payer, of the same amount, booked no later, and not taken back
// already. The newest comes first; the payers' accounts are masked.
func Originals(ctx context.Context, tx *db.Tx, by access.Actor, debitID string) ([]Line, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	l, err := lineByID(ctx, tx, debitID)
	if err != nil {
		return nil, err
	}
	account, name := blinds(tx, l.Payer.Account, l.Payer.Name)
	rows, err := db.All(ctx, tx, (*stored).fields, `
		SELECT `+lineColumns+` FROM bank_line
		WHERE id IN (
			SELECT id FROM bank_line WHERE payer_account_blind = $1 AND payer_account_blind <> ''
			UNION SELECT id FROM bank_line WHERE payer_name_blind = $2 AND payer_name_blind <> '')
		AND payee_id = $3 AND fen = $4 AND currency = $5 AND booked_on <= $6
		AND (taken_for IS NULL OR taken_for NOT IN (SELECT id FROM bank_line WHERE fen < 0))
		ORDER BY booked_on DESC, id DESC LIMIT 10`, account, name, l.PayeeID, -l.Amount.Fen, l.Amount.Code(), l.BookedOn)
	if err != nil {
		return nil, err
	}
	lines, err := openAll(tx, rows)
	for i := range lines {
		lines[i] = lines[i].Masked()
	}
	return lines, err
}

// Reverses checks that a debit can be the bank's taking back of a credit: the same
// account and amount, booked no earlier, neither of them split or taken back. What
// does not fit is fault.Invalid, what is decided already fault.Conflict.
func Reverses(ctx context.Context, tx *db.Tx, debitID, creditID string) (debit, credit Line, err error) {
	if debit, err = lineByID(ctx, tx, debitID); err != nil {
		return debit, credit, err
	}
	if credit, err = whole(ctx, tx, creditID); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = fault.At("/line", "payment.no_original")
		}
		return debit, credit, err
	}
	switch {
	case debit.Amount.Fen >= 0:
		return debit, credit, fault.New(fault.Conflict, "payment.not_debit")
	case debit.State == Taken:
		return debit, credit, fault.New(fault.Conflict, "payment.debit_taken").Of("D-7")
	case credit.PayeeID != debit.PayeeID || credit.Amount.Fen != -debit.Amount.Fen || !credit.Amount.SameCurrency(debit.Amount) || credit.BookedOn.After(debit.BookedOn):
		return debit, credit, fault.At("/line", "payment.other_original", debit.Amount.Neg())
	case len(credit.Shares) > 0:
		return debit, credit, fault.New(fault.Conflict, "payment.original_split").Of("D-7")
	case credit.TakenFor != "":
		if back, err := lineByID(ctx, tx, credit.TakenFor); err == nil {
			return debit, credit, fault.New(fault.Conflict, "payment.reversed", back.BookedOn).Of("D-7")
		} else if !fault.Is(err, fault.NotFound) {
			return debit, credit, err
		}
	}
	return debit, credit, nil
}

// Cancel closes a debit and the credit that it takes back against each other: each
// is taken for the other. Neither may be taken for anything else.
func Cancel(ctx context.Context, tx *db.Tx, by access.Actor, debitID, creditID string) error {
	if err := Take(ctx, tx, by, creditID, debitID); err != nil {
		return err
	}
	return TakeDebit(ctx, tx, by, debitID, creditID)
}
