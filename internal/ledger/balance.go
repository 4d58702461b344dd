package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
)

// guard moves the balances of the guarded accounts among the entries. They are
// locked in the order of their names, so that two transfers over the same accounts
// wait for each other and do not block each other.
func guard(ctx context.Context, tx *db.Tx, entries []Entry) error {
	change := make(map[string]money.Amount)
	for _, e := range entries {
		if !e.Account.Guarded {
			continue
		}
		sum, ok := change[e.Account.Name]
		if !ok {
			sum = money.Amount{Currency: e.Amount.Code()}
		}
		sum, err := sum.Sub(e.Amount)
		if err != nil {
			return err
		}
		change[e.Account.Name] = sum
	}
	if len(change) == 0 {
		return nil
	}
	names := make([]any, 0, len(change))
	for name := range change {
		names = append(names, name)
	}
	held, err := db.All(ctx, tx, (*row).fields, `
		SELECT account, fen, currency FROM ledger_balance
		WHERE account IN `+db.In(1, len(names))+` ORDER BY account`+tx.ForUpdate(), names...)
	if err != nil {
		return err
	}
	balances, err := settle(held, change)
	if err != nil {
		return err
	}
	return saveBalances(ctx, tx, balances)
}

// settle is the rule: what is held after the change, in the order of names. Less
// than nothing is fault.Conflict. Rule D-12.
func settle(held []row, change map[string]money.Amount) ([]row, error) {
	before := make(map[string]money.Amount, len(held))
	for _, h := range held {
		before[h.account] = money.Amount{Fen: h.fen, Currency: h.currency}
	}
	after := make([]row, 0, len(change))
	for _, name := range slices.Sorted(maps.Keys(change)) {
		by := change[name]
		have, ok := before[name]
		if !ok {
			have = money.Amount{Currency: by.Code()}
		}
		sum, err := have.Add(by)
		if err != nil {
			return nil, err
		}
		if sum.Fen < 0 {
			return nil, fault.New(fault.Conflict, "ledger.insufficient", have, by.Neg()).Of("D-12").
				Because(fmt.Errorf("account %s", name))
		}
		after = append(after, row{name, sum.Fen, sum.Code()})
	}
	return after, nil
}

func saveBalances(ctx context.Context, tx *db.Tx, balances []row) error {
	rows := make([]string, len(balances))
	args := make([]any, 0, 3*len(balances))
	for i, b := range balances {
		rows[i] = db.In(len(args)+1, 3)
		args = append(args, b.account, b.fen, b.currency)
	}
	_, err := tx.Exec(ctx, `INSERT INTO ledger_balance (account, fen, currency) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (account) DO UPDATE SET fen = excluded.fen`, args...)
	return err
}

// Balance is what an account holds: money on a bank account, and what is owed on
// the others, both positive. An account never posted to holds 0.00 CNY.
func Balance(ctx context.Context, tx *db.Tx, a Account) (money.Amount, error) {
	c, known := classOf(a.Name)
	if !known {
		return money.Amount{}, fmt.Errorf("ledger: account %q is not in the chart", a.Name)
	}
	if c.guarded {
		return one(db.All(ctx, tx, sum, `SELECT fen, currency FROM ledger_balance WHERE account = $1`, a.Name))
	}
	m, err := one(db.All(ctx, tx, sum, `SELECT CAST(SUM(fen) AS BIGINT), currency FROM ledger_entry WHERE account = $1 GROUP BY currency`, a.Name))
	m.Fen = c.side(m.Fen)
	return m, err
}

// Total is what all accounts of a class hold together: Banks, Unidentifieds,
// Deposits or Overpayments. A class in two currencies is an error.
func Total(ctx context.Context, tx *db.Tx, classPrefix string) (money.Amount, error) {
	for _, c := range chart {
		switch {
		case c.prefix != classPrefix:
			continue
		case c.single:
			return Balance(ctx, tx, Account{Name: classPrefix})
		case c.guarded:
			return one(db.All(ctx, tx, sum, `
				SELECT CAST(SUM(fen) AS BIGINT), currency FROM ledger_balance
				WHERE substr(account, 1, $1) = $2 AND fen <> 0 GROUP BY currency`, len(classPrefix), classPrefix))
		}
		m, err := one(db.All(ctx, tx, sum, `
			SELECT CAST(SUM(fen) AS BIGINT), currency FROM ledger_entry
			WHERE substr(account, 1, $1) = $2 GROUP BY currency`, len(classPrefix), classPrefix))
		m.Fen = c.side(m.Fen)
		return m, err
	}
	return money.Amount{}, fmt.Errorf("ledger: no class of accounts %q", classPrefix)
}

func sum(m *money.Amount) []any { return []any{&m.Fen, &m.Currency} }

func one(sums []money.Amount, err error) (money.Amount, error) {
	switch {
	case err != nil || len(sums) == 0:
		return money.CNY(0), err
	case len(sums) > 1:
		return money.Amount{}, fmt.Errorf("ledger: %d currencies in one sum", len(sums))
	}
	return sums[0], nil
}
