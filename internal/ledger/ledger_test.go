package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
)

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) error {
	t.Helper()
	return d.Write(context.Background(), fn)
}

func post(t *testing.T, d *db.DB, key string, entries ...ledger.Entry) (id string, err error) {
	t.Helper()
	err = write(t, d, func(tx *db.Tx) error {
		id, err = ledger.Post(context.Background(), tx, key, "test", entries...)
		return err
	})
	return id, err
}

func mustPost(t *testing.T, d *db.DB, key string, entries ...ledger.Entry) string {
	t.Helper()
	id, err := post(t, d, key, entries...)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func balance(t *testing.T, d *db.DB, a ledger.Account) int64 {
	t.Helper()
	var m money.Amount
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		m, err = ledger.Balance(context.Background(), tx, a)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m.Fen
}

func verify(t *testing.T, d *db.DB) (checked int64, wrong []string) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		checked, wrong, err = ledger.Verify(context.Background(), tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return checked, wrong
}

// Rule D-12: importing posts bank ↔ unidentified, confirming unidentified ↔ held, the excess to overpaid.
func TestDepositGoesFromBankToHeld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mustPost(t, d, "line:1", ledger.BankReceived("cmb", money.CNY(510_000))...)
		if got := balance(t, d, ledger.Unidentified()); got != 510_000 {
			t.Errorf("unidentified holds %d fen after the import, want 510000", got)
		}
		mustPost(t, d, "voucher:1", ledger.DepositReceived("ven_1", money.CNY(500_000), money.CNY(10_000))...)
		want := map[ledger.Account]int64{
			ledger.Bank("cmb"):          510_000,
			ledger.Unidentified():       0,
			ledger.DepositHeld("ven_1"): 500_000,
			ledger.Overpaid("ven_1"):    10_000,
			ledger.DepositHeld("ven_2"): 0,
		}
		for a, fen := range want {
			if got := balance(t, d, a); got != fen {
				t.Errorf("%s holds %d fen, want %d", a.Name, got, fen)
			}
		}
		if checked, wrong := verify(t, d); checked != 2 || len(wrong) > 0 {
			t.Errorf("Verify = %d, %v", checked, wrong)
		}
	})
}

func TestPostRefusesWhatIsNoTransfer(t *testing.T) {
	yuan := money.CNY(100)
	bank, loose := ledger.Bank("a"), ledger.Unidentified()
	for _, c := range []struct {
		name, key string
		entries   []ledger.Entry
		want      string
	}{
		{"no key", "", ledger.BankReceived("a", yuan), "key"},
		{"empty", "k", nil, "no entries"},
		{"one-sided", "k", []ledger.Entry{{bank, yuan}}, "balance"},
		{"unequal", "k", []ledger.Entry{{bank, yuan}, {loose, money.CNY(-99)}}, "balance"},
		{"zero", "k", []ledger.Entry{{bank, money.CNY(0)}, {loose, money.CNY(0)}}, "zero"},
		{"two currencies", "k", []ledger.Entry{{bank, yuan}, {loose, money.Amount{Fen: -100, Currency: "USD"}}}, "balance"},
		{"unknown account", "k", []ledger.Entry{{bank, yuan}, {ledger.Account{Name: "pocket"}, yuan.Neg()}}, "chart"},
		{"account without a name", "k", []ledger.Entry{{ledger.Bank(""), yuan}, {loose, yuan.Neg()}}, "chart"},
		{"guard taken off", "k", []ledger.Entry{{loose, yuan}, {ledger.Account{Name: ledger.DepositHeld("v").Name}, yuan.Neg()}}, "chart"},
		{"too large", "k", []ledger.Entry{{bank, money.CNY(1 << 62)}, {bank, money.CNY(1 << 62)}, {loose, money.CNY(-1)}}, "too large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				_, err := post(t, d, c.key, c.entries...)
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("err = %v, want one about %q", err, c.want)
				}
				if checked, _ := verify(t, d); checked != 0 {
					t.Errorf("%d transfers stand, want none", checked)
				}
			})
		})
	}
}

// Rule D-12: a guarded account is never overdrawn.
func TestGuardedAccountIsNotOverdrawn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		held, loose := ledger.DepositHeld("v"), ledger.Unidentified()
		mustPost(t, d, "in", ledger.DepositReceived("v", money.CNY(300), money.CNY(0))...)
		_, err := post(t, d, "out", ledger.Entry{Account: held, Amount: money.CNY(301)}, ledger.Entry{Account: loose, Amount: money.CNY(-301)})
		if !errors.Is(err, fault.Conflict) {
			t.Fatalf("taking 301 of 300 fen: err = %v, want conflict", err)
		}
		if got := balance(t, d, held); got != 300 {
			t.Errorf("held = %d after a refused transfer, want 300", got)
		}
		if _, err := post(t, d, "never", ledger.Entry{Account: ledger.Overpaid("v"), Amount: money.CNY(1)}, ledger.Entry{Account: loose, Amount: money.CNY(-1)}); !errors.Is(err, fault.Conflict) {
			t.Errorf("taking from an account never posted to: err = %v, want conflict", err)
		}
		mustPost(t, d, "out", ledger.Entry{Account: held, Amount: money.CNY(300)}, ledger.Entry{Account: loose, Amount: money.CNY(-300)})
		if got := balance(t, d, held); got != 0 {
			t.Errorf("held = %d after taking all, want 0", got)
		}
	})
}

func TestGuardedAccountHasOneCurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mustPost(t, d, "cny", ledger.DepositReceived("v", money.CNY(300), money.CNY(0))...)
		if _, err := post(t, d, "usd", ledger.DepositReceived("v", money.Amount{Fen: 5, Currency: "USD"}, money.Amount{Currency: "USD"})...); !errors.Is(err, fault.Invalid) {
			t.Errorf("err = %v, want invalid", err)
		}
	})
}

func TestSameKeyPostsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		entries := ledger.DepositReceived("v", money.CNY(500), money.CNY(20))
		first := mustPost(t, d, "once", entries...)
		turned := []ledger.Entry{entries[3], entries[0], entries[2], entries[1]}
		if again := mustPost(t, d, "once", turned...); again != first {
			t.Errorf("posting again gave %s, want the first transfer %s", again, first)
		}
		if got := balance(t, d, ledger.DepositHeld("v")); got != 500 {
			t.Errorf("held = %d, want 500", got)
		}
		if _, err := post(t, d, "once", ledger.DepositReceived("v", money.CNY(501), money.CNY(20))...); err == nil {
			t.Error("the key was accepted with other entries")
		}
		err := write(t, d, func(tx *db.Tx) error {
			_, err := ledger.Post(context.Background(), tx, "once", "another kind", entries...)
			return err
		})
		if err == nil {
			t.Error("the key was accepted with another kind")
		}
	})
}

func reverse(d *db.DB, id, key string) (out string, err error) {
	err = d.Write(context.Background(), func(tx *db.Tx) error {
		out, err = ledger.Reverse(context.Background(), tx, id, key)
		return err
	})
	return out, err
}

func TestReverseUndoesOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		id := mustPost(t, d, "in", ledger.DepositReceived("v", money.CNY(500), money.CNY(20))...)
		back, err := reverse(d, id, "back")
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range []ledger.Account{ledger.Unidentified(), ledger.DepositHeld("v"), ledger.Overpaid("v")} {
			if got := balance(t, d, a); got != 0 {
				t.Errorf("%s holds %d after the reversal, want 0", a.Name, got)
			}
		}
		if again, err := reverse(d, id, "back"); err != nil || again != back {
			t.Errorf("same key again = %s, %v; want %s", again, err, back)
		}
		if _, err := reverse(d, id, "back-2"); !errors.Is(err, fault.Conflict) {
			t.Errorf("another key: err = %v, want conflict", err)
		}
		if _, err := reverse(d, "tfr_none", "x"); !errors.Is(err, fault.NotFound) {
			t.Errorf("unknown transfer: err = %v, want not found", err)
		}
	})
}

func TestReverseRefusesWhatWasSpent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		id := mustPost(t, d, "in", ledger.DepositReceived("v", money.CNY(500), money.CNY(0))...)
		mustPost(t, d, "out", ledger.Entry{Account: ledger.DepositHeld("v"), Amount: money.CNY(1)}, ledger.Entry{Account: ledger.Unidentified(), Amount: money.CNY(-1)})
		if _, err := reverse(d, id, "back"); !errors.Is(err, fault.Conflict) {
			t.Errorf("err = %v, want conflict", err)
		}
	})
}

func TestTotalSumsAClass(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mustPost(t, d, "1", ledger.BankReceived("a", money.CNY(1000))...)
		mustPost(t, d, "2", ledger.BankReceived("b", money.CNY(200))...)
		mustPost(t, d, "3", ledger.DepositReceived("v", money.CNY(500), money.CNY(7))...)
		mustPost(t, d, "4", ledger.DepositReceived("w", money.CNY(100), money.CNY(0))...)
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			for class, want := range map[string]int64{ledger.Banks: 1200, ledger.Unidentifieds: 593, ledger.Deposits: 600, ledger.Overpayments: 7} {
				got, err := ledger.Total(context.Background(), tx, class)
				if err != nil {
					return err
				}
				if got != money.CNY(want) {
					t.Errorf("Total(%s) = %v, want %d fen", class, got, want)
				}
			}
			if _, err := ledger.Total(context.Background(), tx, "deposit"); err == nil {
				t.Error("Total of no class gave no error")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Eight people post to the same accounts at once, taking and giving, in both
// orders: nothing is lost, nothing overdrawn, nobody waits for ever.
func TestConcurrentPostsLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const workers, rounds = 8, 12
		mustPost(t, d, "start-a", ledger.DepositReceived("a", money.CNY(50), money.CNY(0))...)
		mustPost(t, d, "start-b", ledger.DepositReceived("b", money.CNY(50), money.CNY(0))...)
		move := func(from, to string) []ledger.Entry {
			return []ledger.Entry{{Account: ledger.DepositHeld(from), Amount: money.CNY(7)}, {Account: ledger.DepositHeld(to), Amount: money.CNY(-7)}}
		}
		var wg sync.WaitGroup
		errs := make(chan error, workers*rounds)
		for w := range workers {
			wg.Go(func() {
				for i := range rounds {
					from, to := "a", "b"
					if w%2 == 1 {
						from, to = to, from
					}
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						_, err := ledger.Post(context.Background(), tx, fmt.Sprintf("move:%d:%d", w, i), "test", move(from, to)...)
						return err
					})
					if err != nil && !strings.HasPrefix(err.Error(), "Not enough") {
						errs <- err
					}
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			t.Error(err)
		}
		if sum := balance(t, d, ledger.DepositHeld("a")) + balance(t, d, ledger.DepositHeld("b")); sum != 100 {
			t.Errorf("both hold %d together, want 100", sum)
		}
		if _, wrong := verify(t, d); len(wrong) > 0 {
			t.Error(wrong)
		}
	})
}

func TestOneKeyFromManyPostsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ids := make([]string, 8)
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				errs[i] = d.Write(context.Background(), func(tx *db.Tx) (err error) {
					ids[i], err = ledger.Post(context.Background(), tx, "same", "test", ledger.DepositReceived("v", money.CNY(5), money.CNY(0))...)
					return err
				})
			})
		}
		wg.Wait()
		for i := range ids {
			if errs[i] != nil || ids[i] != ids[0] {
				t.Errorf("poster %d: %s, %v; want %s", i, ids[i], errs[i], ids[0])
			}
		}
		if got := balance(t, d, ledger.DepositHeld("v")); got != 5 {
			t.Errorf("held = %d, want 5", got)
		}
	})
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	for _, c := range []struct{ name, statement, want string }{
		{"an entry changed", `UPDATE ledger_entry SET fen = fen + 1 WHERE account = 'unidentified'`, "does not sum to zero"},
		{"entries removed", `DELETE FROM ledger_entry`, "has no entries"},
		{"a balance raised", `UPDATE ledger_balance SET fen = fen + 1`, "otherwise"},
		{"a balance removed", `DELETE FROM ledger_balance`, "otherwise"},
		{"a balance invented", `INSERT INTO ledger_balance (account, fen, currency) VALUES ('overpaid:x', 1, 'CNY')`, "is not that of its entries"},
		{"an account invented", `UPDATE ledger_entry SET account = 'pocket' WHERE account = 'unidentified'`, "not in the chart"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				mustPost(t, d, "in", ledger.DepositReceived("v", money.CNY(500), money.CNY(0))...)
				if err := write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(context.Background(), c.statement); return err }); err != nil {
					t.Fatal(err)
				}
				if _, wrong := verify(t, d); !strings.Contains(strings.Join(wrong, "\n"), c.want) {
					t.Errorf("Verify = %v, want one with %q", wrong, c.want)
				}
			})
		})
	}
}

// A posting is four statements with guarded accounts and two without.
func TestPostSendsFewStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			entries []ledger.Entry
			most    int
		}{
			{ledger.BankReceived("a", money.CNY(5)), 2},
			{ledger.DepositReceived("v", money.CNY(5), money.CNY(1)), 4},
		} {
			err := write(t, d, func(tx *db.Tx) error {
				if _, err := ledger.Post(context.Background(), tx, fmt.Sprint(c.most), "test", c.entries...); err != nil {
					return err
				}
				if n := tx.Statements(); n > c.most {
					t.Errorf("%d statements, at most %d are needed", n, c.most)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
