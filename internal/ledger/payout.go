package ledger

import "github.com/yunshi-market/yunshi/internal/money"

// PayoutAsked are the entries of an ordered payout: the account the money is taken
// from ↔ the payout. Cancelling it posts them the other way. Rule D-12.
func PayoutAsked(from Account, payoutID string, amount money.Amount) []Entry {
	return []Entry{{from, amount}, {Payout(payoutID), amount.Neg()}}
}

// PayoutPaid are the entries of a payout whose debit stands on a bank statement:
// the payout ↔ unidentified, where the imported debit line was posted. Rule D-12.
func PayoutPaid(payoutID string, amount money.Amount) []Entry {
	return []Entry{{Payout(payoutID), amount}, {Unidentified(), amount.Neg()}}
}

// PayoutBounced are the entries of a payout that the bank sent back (退汇):
// unidentified, where the imported credit line was posted, ↔ the payout. Rule D-12.
func PayoutBounced(payoutID string, amount money.Amount) []Entry {
	return []Entry{{Unidentified(), amount}, {Payout(payoutID), amount.Neg()}}
}

// Named is the account of the chart with a name, as one that was written down; a
// name outside the chart is refused by Post.
func Named(name string) Account {
	c, _ := classOf(name)
	return Account{Name: name, Guarded: c.guarded}
}
