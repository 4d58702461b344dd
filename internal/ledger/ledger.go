// Package ledger keeps every fen in double entry: a transfer's entries sum to zero
// and nothing written is ever changed, only reversed. Accounts that must not be
// overdrawn keep a balance that is locked while it is decided on; all others are
// the sum of their entries, so that no busy row is written by every posting. It
// owns ledger_transfer, ledger_entry and ledger_balance; which events post what
// is decided by the packages that call it.
package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/money"
)

// Entry is one line of a transfer.
type Entry struct {
	Account Account
	Amount  money.Amount // debit positive, credit negative
}

// BankReceived are the entries of a credit line of a bank statement: bank ↔
// unidentified. Rule D-12.
func BankReceived(payeeAccountID string, amount money.Amount) []Entry {
	return []Entry{{Bank(payeeAccountID), amount}, {Unidentified(), amount.Neg()}}
}

// DepositReceived are the entries of a confirmed deposit: unidentified ↔ held, and
// the excess, which may be zero, ↔ overpaid; amount is what is held of it, without
// the excess. Rule D-12.
func DepositReceived(vendorID string, amount, excess money.Amount) []Entry {
	var list []Entry
	add := func(a Account, m money.Amount) {
		if !m.IsZero() {
			list = append(list, Entry{Unidentified(), m}, Entry{a, m.Neg()})
		}
	}
	add(DepositHeld(vendorID), amount)
	add(Overpaid(vendorID), excess)
	return list
}

// transfer is a row of ledger_transfer.
type transfer struct{ id, key, kind, reverses string }

// Post writes a transfer and returns its id. Posting the same key again with the
// same entries changes nothing and returns the first transfer's id; with others it
// is an error of the program, as are entries that do not balance in each currency,
// a zero amount and an account outside the chart. Overdrawing a guarded account is
// fault.Conflict; the caller then rolls back.
func Post(ctx context.Context, tx *db.Tx, onceKey, kind string, entries ...Entry) (string, error) {
	return post(ctx, tx, transfer{key: onceKey, kind: kind}, entries)
}

// Reverse writes the opposite of a transfer and returns the new transfer's id. A
// transfer is reversed once: another key for the same one is fault.Conflict.
func Reverse(ctx context.Context, tx *db.Tx, transferID, onceKey string) (string, error) {
	rows, err := entriesOf(ctx, tx, transferID)
	if err != nil {
		return "", err
	}
	if len(rows) == 0 {
		return "", fault.New(fault.NotFound, "fault.not_found")
	}
	opposite := make([]Entry, len(rows))
	for i, e := range rows {
		c, _ := classOf(e.account)
		opposite[i] = Entry{Account{e.account, c.guarded}, money.Amount{Fen: -e.fen, Currency: e.currency}}
	}
	taken, err := db.All(ctx, tx, db.Value[string], `SELECT once_key FROM ledger_transfer WHERE reverses = $1`, transferID)
	if err != nil {
		return "", err
	}
	if len(taken) > 0 && taken[0] != onceKey {
		return "", fault.New(fault.Conflict, "ledger.already_reversed")
	}
	return post(ctx, tx, transfer{key: onceKey, kind: "reversal", reverses: transferID}, opposite)
}

func post(ctx context.Context, tx *db.Tx, t transfer, entries []Entry) (string, error) {
	if t.key == "" || t.kind == "" {
		return "", errors.New("ledger: a transfer needs a key and a kind")
	}
	if err := check(entries); err != nil {
		return "", fmt.Errorf("ledger: %s: %w", t.key, err)
	}
	t.id = tx.NewID("tfr")
	n, err := tx.Exec(ctx, `
		INSERT INTO ledger_transfer (id, at, once_key, kind, reverses)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (once_key) DO NOTHING`,
		t.id, tx.Now(), t.key, t.kind, db.OrNull(t.reverses))
	if err != nil {
		return "", err
	}
	if n == 0 {
		return again(ctx, tx, t, entries)
	}
	if err := guard(ctx, tx, entries); err != nil {
		return "", err
	}
	return t.id, insertEntries(ctx, tx, t.id, entries)
}

// check refuses what is not a transfer.
func check(entries []Entry) error {
	if len(entries) == 0 {
		return errors.New("no entries")
	}
	sums := make(map[string]money.Amount)
	for _, e := range entries {
		c, known := classOf(e.Account.Name)
		switch {
		case !known || c.guarded != e.Account.Guarded:
			return fmt.Errorf("account %q is not in the chart", e.Account.Name)
		case e.Amount.IsZero():
			return fmt.Errorf("an entry of zero on %s", e.Account.Name)
		}
		code := e.Amount.Code()
		sum, err := money.Sum(money.Amount{Fen: sums[code].Fen, Currency: code}, e.Amount)
		if err != nil {
			return err
		}
		sums[code] = sum
	}
	for code, sum := range sums {
		if !sum.IsZero() {
			return fmt.Errorf("entries do not balance: %s %s over", code, sum)
		}
	}
	return nil
}

// again answers a key that was posted before.
func again(ctx context.Context, tx *db.Tx, t transfer, entries []Entry) (string, error) {
	first, err := db.One(ctx, tx, func(f *transfer) []any { return []any{&f.id, &f.kind, db.Null(&f.reverses)} },
		`SELECT id, kind, reverses FROM ledger_transfer WHERE once_key = $1`, t.key)
	if err != nil {
		return "", err
	}
	old, err := entriesOf(ctx, tx, first.id)
	if err != nil {
		return "", err
	}
	now := make([]row, len(entries))
	for i, e := range entries {
		now[i] = row{e.Account.Name, e.Amount.Fen, e.Amount.Code()}
	}
	slices.SortFunc(old, row.compare)
	slices.SortFunc(now, row.compare)
	if first.kind != t.kind || first.reverses != t.reverses || !slices.Equal(old, now) {
		return "", fmt.Errorf("ledger: %s was posted before with other entries", t.key)
	}
	return first.id, nil
}

// row is a row of ledger_entry, without its ids.
type row struct {
	account  string
	fen      int64
	currency string
}

func (r row) compare(o row) int {
	return cmp.Or(cmp.Compare(r.account, o.account), cmp.Compare(r.currency, o.currency), cmp.Compare(r.fen, o.fen))
}

func (r *row) fields() []any { return []any{&r.account, &r.fen, &r.currency} }

func entriesOf(ctx context.Context, tx *db.Tx, transferID string) ([]row, error) {
	return db.All(ctx, tx, (*row).fields, `SELECT account, fen, currency FROM ledger_entry WHERE transfer_id = $1 ORDER BY id`, transferID)
}

func insertEntries(ctx context.Context, tx *db.Tx, transferID string, entries []Entry) error {
	rows := make([]string, len(entries))
	args := make([]any, 0, 5*len(entries))
	for i, e := range entries {
		rows[i] = db.In(len(args)+1, 5)
		args = append(args, tx.NewID("ent"), transferID, e.Account.Name, e.Amount.Fen, e.Amount.Code())
	}
	_, err := tx.Exec(ctx, `INSERT INTO ledger_entry (id, transfer_id, account, fen, currency) VALUES `+strings.Join(rows, ", "), args...)
	return err
}
