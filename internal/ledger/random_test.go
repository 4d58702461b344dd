package ledger_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
)

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("rapid.checks", "25"); err != nil { // each check is some thirty commits
		panic(err)
	}
	os.Exit(m.Run())
}

// model is the ledger as it should be: what each account of this check holds.
type model struct {
	d      *db.DB
	prefix string
	held   map[string]int64 // by account name, debit positive
	posted []done
	n      int
}

type done struct {
	id, key  string
	entries  []ledger.Entry
	reversed bool
}

func (m *model) vendor(t *rapid.T) string {
	return m.prefix + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "vendor")
}

// fits is the rule in one line: no guarded account below zero after it.
func (m *model) fits(entries []ledger.Entry) bool {
	after := make(map[string]int64)
	for _, e := range entries {
		after[e.Account.Name] += e.Amount.Fen
	}
	for _, e := range entries {
		if e.Account.Guarded && -(m.held[e.Account.Name]+after[e.Account.Name]) < 0 {
			return false
		}
	}
	return true
}

func (m *model) apply(entries []ledger.Entry) {
	for _, e := range entries {
		m.held[e.Account.Name] += e.Amount.Fen
	}
}

func (m *model) try(t *rapid.T, entries []ledger.Entry) {
	m.n++
	key := fmt.Sprintf("%s%d", m.prefix, m.n)
	var id string
	err := m.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		id, err = ledger.Post(context.Background(), tx, key, "random", entries...)
		return err
	})
	switch {
	case !m.fits(entries):
		if !errors.Is(err, fault.Conflict) {
			t.Fatalf("an overdraft gave %v, want conflict", err)
		}
	case err != nil:
		t.Fatal(err)
	default:
		m.apply(entries)
		m.posted = append(m.posted, done{id: id, key: key, entries: entries})
	}
}

func amount(t *rapid.T) money.Amount {
	return money.CNY(rapid.Int64Range(1, 600_000).Draw(t, "fen"))
}

func (m *model) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"import": func(t *rapid.T) { m.try(t, ledger.BankReceived(m.prefix+"cmb", amount(t))) },
		"confirm": func(t *rapid.T) {
			m.try(t, ledger.DepositReceived(m.vendor(t), amount(t), money.CNY(rapid.Int64Range(0, 3).Draw(t, "excess"))))
		},
		"take": func(t *rapid.T) {
			v, fen := m.vendor(t), amount(t)
			m.try(t, []ledger.Entry{{Account: ledger.DepositHeld(v), Amount: fen}, {Account: ledger.Unidentified(), Amount: fen.Neg()}})
		},
		"apply overpaid": func(t *rapid.T) {
			v := m.vendor(t)
			fen := money.CNY(rapid.Int64Range(1, 4).Draw(t, "fen"))
			m.try(t, []ledger.Entry{{Account: ledger.Overpaid(v), Amount: fen}, {Account: ledger.DepositHeld(v), Amount: fen.Neg()}})
		},
		"repeat": func(t *rapid.T) {
			if len(m.posted) == 0 {
				return
			}
			p := rapid.SampledFrom(m.posted).Draw(t, "posted")
			err := m.d.Write(context.Background(), func(tx *db.Tx) error {
				id, err := ledger.Post(context.Background(), tx, p.key, "random", p.entries...)
				if err == nil && id != p.id {
					t.Errorf("repeated %s gave %s, want %s", p.key, id, p.id)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		},
		"reverse": func(t *rapid.T) {
			if len(m.posted) == 0 {
				return
			}
			p := &m.posted[rapid.IntRange(0, len(m.posted)-1).Draw(t, "posted")]
			opposite := make([]ledger.Entry, len(p.entries))
			for i, e := range p.entries {
				opposite[i] = ledger.Entry{Account: e.Account, Amount: e.Amount.Neg()}
			}
			m.n++
			err := m.d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := ledger.Reverse(context.Background(), tx, p.id, fmt.Sprintf("%sback%d", m.prefix, m.n))
				return err
			})
			if refused := p.reversed || !m.fits(opposite); refused != errors.Is(err, fault.Conflict) || !refused && err != nil {
				t.Fatalf("reversing %s: %v (refused should be %v)", p.key, err, refused)
			}
			if err == nil {
				m.apply(opposite)
				p.reversed = true
			}
		},
	}
}

func (m *model) check(t *rapid.T) {
	err := m.d.Read(context.Background(), func(tx *db.Tx) error {
		for name, fen := range m.held {
			if name == ledger.Unidentified().Name {
				continue // shared by all checks of this run; Verify covers it
			}
			a := ledger.Account{Name: name}
			got, err := ledger.Balance(context.Background(), tx, a)
			if err != nil {
				return err
			}
			if name != ledger.Bank(m.prefix+"cmb").Name {
				fen = -fen
			}
			if got.Fen != fen {
				t.Errorf("%s holds %d, want %d", name, got.Fen, fen)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Rule D-12: after any operations, allowed or refused, the sum of all entries is
// zero, no guarded account is overdrawn, and each kept balance is that of its entries.
func TestRandomOperationsKeepTheLedgerWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := &model{d: d, prefix: fmt.Sprintf("r%d-", run), held: make(map[string]int64)}
			rt.Repeat(m.actions())
			m.check(rt)
		})
		if checked, wrong := verify(t, d); checked == 0 || len(wrong) > 0 {
			t.Errorf("Verify = %d, %v", checked, wrong)
		}
		err := d.Read(context.Background(), func(tx *db.Tx) error {
			sum, err := db.One(context.Background(), tx, db.Value[int64], `SELECT CAST(SUM(fen) AS BIGINT) FROM ledger_entry`)
			if sum != 0 {
				t.Errorf("all entries sum to %d, want 0", sum)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
