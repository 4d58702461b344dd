package ledger

import "strings"

// Account is an account of the chart. Entries are positive for a debit and
// negative for a credit.
type Account struct {
	Name    string
	Guarded bool // may not be overdrawn
}

// The classes of accounts, for Total. Those of one class differ by what follows.
const (
	Banks         = "bank:"         // money on the operator's own accounts
	Unidentifieds = "unidentified"  // received, not yet known from whom or what for
	Deposits      = "deposit-held:" // deposits held for vendors
	Overpayments  = "overpaid:"     // what vendors paid too much
	Payouts       = "payout:"       // ordered to be sent out, the bank has not told of it yet
	Deductions    = "deducted"      // taken from deposits for violations; the operator's
	Others        = "other"         // came in or went out and has nothing to do with deposits
)

// class is what is common to the accounts of a class.
type class struct {
	prefix  string
	single  bool // the prefix is the whole name
	asset   bool // holds by debit; the others are owed and hold by credit
	guarded bool
}

// chart is every class of account there is; Post refuses any other.
var chart = []class{
	{prefix: Banks, asset: true},
	{prefix: Unidentifieds, single: true},
	{prefix: Deposits, guarded: true},
	{prefix: Overpayments, guarded: true},
	{prefix: Payouts, guarded: true},
	{prefix: Deductions, single: true},
	{prefix: Others, single: true},
}

// Bank is the operator's own bank account, by its id in the policy.
func Bank(payeeAccountID string) Account { return Account{Name: Banks + payeeAccountID} }

// Unidentified is what came in and is not yet explained. Rule D-12.
func Unidentified() Account { return Account{Name: Unidentifieds} }

// DepositHeld is the deposit held for a vendor; it is not overdrawn.
func DepositHeld(vendorID string) Account {
	return Account{Name: Deposits + vendorID, Guarded: true}
}

// Overpaid is what a vendor paid beyond what was due, until it is returned or
// applied by decision; it is not overdrawn. Rule D-12.
func Overpaid(vendorID string) Account {
	return Account{Name: Overpayments + vendorID, Guarded: true}
}

// Payout is money that a payout owes: from the order to the debit on the bank
// statement, and again when the bank sends it back. Rules D-10 and D-12.
func Payout(payoutID string) Account { return Account{Name: Payouts + payoutID, Guarded: true} }

// Deducted is what was taken from deposits by decision. Rule D-11.
func Deducted() Account { return Account{Name: Deductions} }

// Other is what came in or went out and is none of the deposits' business, as a
// person decided with a reason. Rule D-12.
func Other() Account { return Account{Name: Others} }

// classOf finds the class of an account by its name.
func classOf(name string) (class, bool) {
	for _, c := range chart {
		if c.single && name == c.prefix || !c.single && strings.HasPrefix(name, c.prefix) && len(name) > len(c.prefix) {
			return c, true
		}
	}
	return class{}, false
}

// side turns a sum of entries into what the account holds.
func (c class) side(fen int64) int64 {
	if c.asset {
		return fen
	}
	return -fen
}
