package ledger

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Movement is an entry of an account, with the kind of its transfer.
type Movement struct {
	ID       string
	At       time.Time
	Kind     string // of the transfer, as "deposit" or "payout.asked"
	Transfer string
	OnceKey  string
	Account  string
	Amount   money.Amount // what the account holds more for it; less is negative
}

// Movements lists the entries of accounts in the order in which they were posted,
// as for a closing statement.
func Movements(ctx context.Context, tx *db.Tx, accounts ...Account) ([]Movement, error) {
	names := make([]any, len(accounts))
	for i, a := range accounts {
		names[i] = a.Name
	}
	list, err := db.All(ctx, tx, func(m *Movement) []any {
		return []any{&m.ID, db.Time(&m.At), &m.Kind, &m.Transfer, &m.OnceKey, &m.Account, &m.Amount.Fen, &m.Amount.Currency}
	}, `
		SELECT e.id, t.at, t.kind, t.id, t.once_key, e.account, e.fen, e.currency
		FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
		WHERE e.account IN `+db.In(1, len(names))+` ORDER BY t.at, e.id`, names...)
	for i, m := range list {
		c, _ := classOf(m.Account)
		list[i].Amount.Fen = c.side(m.Amount.Fen)
	}
	return list, err
}
