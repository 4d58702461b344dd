package deposit

import (
	"context"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// Release orders the return of a vendor's deposit and of what it paid too much, in
// full and without interest, to its own corporate account: a payout for each that
// holds anything. From then on nothing is covered and nothing is asked for. Paper is
// the exit that causes it; a second time is fault.Conflict. It is called by the
// exit, which has looked at what blocks it. Rules D-10 and X-3.
func Release(ctx context.Context, tx *db.Tx, by access.Actor, vendorID, paper string) ([]payout.Payout, error) {
	if err := by.Require(access.PayOut); err != nil {
		return nil, err
	}
	if err := vendor.Lock(ctx, tx, vendorID); err != nil {
		return nil, err
	}
	v, err := vendor.Load(ctx, tx, vendorID)
	if err != nil {
		return nil, err
	}
	var out []payout.Payout
	for _, part := range []struct {
		from    ledger.Account
		purpose payout.Purpose
	}{
		{ledger.DepositHeld(vendorID), payout.DepositReturn},
		{ledger.Overpaid(vendorID), payout.OverpaymentReturn},
	} {
		amount, err := ledger.Balance(ctx, tx, part.from)
		if err != nil {
			return nil, err
		}
		if amount.Fen == 0 {
			continue
		}
		p, err := payout.Ask(ctx, tx, by, payout.Order{
			Subject: vendorID, Purpose: part.purpose, Amount: amount, To: accountOf(v.Company), From: part.from, Paper: paper,
		})
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM deposit_cover WHERE vendor_id = $1`, vendorID); err != nil {
		return nil, err
	}
	return out, payment.Expect(ctx, tx, vendorID, money.CNY(0))
}

// StopAsking ends what a vendor's deposit is asked for, when its contract ended: what
// is missing, the clocks of top-ups and their reminders, and papers that were not sent
// yet. What is held stays. It is called by the exit. Rules.
func StopAsking(ctx context.Context, tx *db.Tx, by access.Actor, vendorID string) error {
	if err := by.Require(access.EndContracts); err != nil {
		return err
	}
	if err := vendor.Lock(ctx, tx, vendorID); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE deposit_deduction SET open_fen = 0 WHERE vendor_id = $1 AND open_fen > 0`,
		`UPDATE deposit SET due_fen = 0, top_up_by = NULL, make_up_by = NULL, remind_at = NULL, closed_at = NULL WHERE vendor_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, vendorID); err != nil {
			return err
		}
	}
	rows, err := db.All(ctx, tx, (*storedParcel).fields, `SELECT `+parcelColumns+` FROM receipt_parcel WHERE vendor_id = $1 AND status = 'asked' ORDER BY id`, vendorID)
	waiting, err := openParcels(tx, rows, err)
	if err != nil {
		return err
	}
	for _, p := range waiting {
		if _, err := p.end(ctx, tx, by, ParcelDropped, "", PaperDropped); err != nil {
			return err
		}
	}
	return payment.Expect(ctx, tx, vendorID, money.CNY(0))
}

// accountOf is a company's own corporate account, as payouts name it. Rule D-10.
func accountOf(c vendor.Company) payout.Account {
	name := c.Account.Holder
	if name == "" {
		name = c.Name
	}
	bank := c.Account.Bank
	if !strings.HasPrefix(c.Account.Branch, bank) {
		bank += c.Account.Branch
	} else {
		bank = c.Account.Branch
	}
	return payout.Account{Name: name, Number: c.Account.Number, Bank: bank, CNAPS: c.Account.CNAPS}
}

// Returnable is what would be returned to a vendor now: what is held and what was
// paid too much. For other nouns in a transaction.
func Returnable(ctx context.Context, tx *db.Tx, vendorID string) (held, overpaid money.Amount, err error) {
	if held, err = ledger.Balance(ctx, tx, ledger.DepositHeld(vendorID)); err != nil {
		return held, overpaid, err
	}
	overpaid, err = ledger.Balance(ctx, tx, ledger.Overpaid(vendorID))
	return held, overpaid, err
}
