package ledger

import "github.com/yunshi-market/yunshi/internal/money"

// DepositDeducted are the entries of a deduction from a deposit: held ↔ deducted.
// Rule D-11.
func DepositDeducted(vendorID string, amount money.Amount) []Entry {
	return []Entry{{DepositHeld(vendorID), amount}, {Deducted(), amount.Neg()}}
}

// DeductionReturned are the entries of a deduction that is given back: deducted ↔
// held, and the excess, which the deposit no longer asks for, ↔ overpaid; either
// may be zero. Rules D-11 and D-12.
func DeductionReturned(vendorID string, amount, excess money.Amount) []Entry {
	var list []Entry
	add := func(a Account, m money.Amount) {
		if !m.IsZero() {
			list = append(list, Entry{Deducted(), m}, Entry{a, m.Neg()})
		}
	}
	add(DepositHeld(vendorID), amount)
	add(Overpaid(vendorID), excess)
	return list
}
