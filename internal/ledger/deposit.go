package ledger

import "github.com/yunshi-market/yunshi/internal/money"

// DepositVoided are the entries of a confirmation that did not hold: held and
// overpaid ↔ unidentified; either may be zero. Rule D-12.
func DepositVoided(vendorID string, held, excess money.Amount) []Entry {
	list := DepositReceived(vendorID, held, excess)
	for i := range list {
		list[i].Amount = list[i].Amount.Neg()
	}
	return list
}

// OverpaymentApplied are the entries of an overpayment that is counted as deposit
// by decision: overpaid ↔ held. Rule D-12.
func OverpaymentApplied(vendorID string, amount money.Amount) []Entry {
	return []Entry{{Overpaid(vendorID), amount}, {DepositHeld(vendorID), amount.Neg()}}
}

// OtherMovement are the entries of a line that has nothing to do with deposits:
// unidentified ↔ other; a debit's amount is negative. Rule D-12.
func OtherMovement(amount money.Amount) []Entry {
	return []Entry{{Unidentified(), amount}, {Other(), amount.Neg()}}
}
