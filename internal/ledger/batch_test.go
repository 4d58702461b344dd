package ledger_test

import (
	"context"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
)

func TestPostAllPostsEachOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		all := func(postings ...ledger.Posting) error {
			return write(t, d, func(tx *db.Tx) error { return ledger.PostAll(context.Background(), tx, "test", postings) })
		}
		in := func(key string, fen int64) ledger.Posting {
			return ledger.Posting{OnceKey: key, Entries: ledger.BankReceived("main", money.CNY(fen))}
		}
		if err := all(in("a", 500), in("b", -200)); err != nil {
			t.Fatal(err)
		}
		if err := all(); err != nil {
			t.Errorf("none: %v", err)
		}
		wrong := map[string]ledger.Posting{
			"a key again":        in("a", 1),
			"no key":             in("", 1),
			"zero":               in("c", 0),
			"a guarded account":  {OnceKey: "d", Entries: ledger.DepositReceived("ven_1", money.CNY(1), money.CNY(0))},
			"nothing":            {OnceKey: "e"},
			"what does not even": {OnceKey: "f", Entries: []ledger.Entry{{Account: ledger.Unidentified(), Amount: money.CNY(1)}}},
		}
		for name, p := range wrong {
			if err := all(in("g"+name, 7), p); err == nil {
				t.Errorf("%s was posted", name)
			}
		}
		if got := balance(t, d, ledger.Bank("main")); got != 300 {
			t.Errorf("bank holds %d fen", got)
		}
		if checked, wrong := verify(t, d); checked != 2 || len(wrong) > 0 {
			t.Errorf("%d transfers, wrong: %v", checked, wrong)
		}
	})
}
