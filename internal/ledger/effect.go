package ledger

import (
	"context"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Effect is what entries do to one account.
type Effect struct {
	Account       string
	Before, After money.Amount // what it holds
}

// Effects are what entries would do to each of their accounts, in the order in
// which the accounts come first. Nothing is written.
func Effects(ctx context.Context, tx *db.Tx, entries []Entry) ([]Effect, error) {
	var out []Effect
	at := make(map[string]int)
	for _, e := range entries {
		i, ok := at[e.Account.Name]
		if !ok {
			before, err := Balance(ctx, tx, e.Account)
			if err != nil {
				return nil, err
			}
			i, at[e.Account.Name] = len(out), len(out)
			out = append(out, Effect{e.Account.Name, before, before})
		}
		c, _ := classOf(e.Account.Name)
		out[i].After = money.Amount{Fen: out[i].After.Fen + c.side(e.Amount.Fen), Currency: out[i].After.Currency}
	}
	return out, nil
}
