package payout_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var (
	ctx     = context.Background()
	clerk   = yunshitest.Staff("acc_clerk", access.Finance) // orders
	chief   = yunshitest.Staff("acc_chief", access.Finance) // approves
	auditor = yunshitest.Staff("acc_auditor", access.Auditor)
	program = access.SystemActor("test")
)

// to is an account that a bank would take.
var to = payout.Account{Name: "杭州云帆信息技术有限公司", Number: "1202026219900012345", Bank: "中国工商银行杭州高新支行", CNAPS: "102100099996"}

func yuan(n int64) money.Amount { return money.CNY(n * 100) }

var transfers atomic.Int64

// held gives a vendor a deposit, as a confirmed payment does.
func held(t testing.TB, d *db.DB, vendorID string, amount money.Amount) {
	t.Helper()
	l := yunshitest.Import(t, d, clerk, 2_000_000+int(transfers.Add(1)), yunshitest.Movement{Fen: amount.Fen, Remark: "保证金"})[0]
	yunshitest.Write(t, d, func(tx *db.Tx) error {
		if err := payment.Take(ctx, tx, chief, l.ID, tx.NewID("test")); err != nil {
			return err
		}
		_, err := ledger.Post(ctx, tx, tx.NewID("test"), "deposit", ledger.DepositReceived(vendorID, amount, money.CNY(0))...)
		return err
	})
}

func order(vendorID string, amount money.Amount, paper string) payout.Order {
	return payout.Order{Subject: vendorID, Purpose: payout.DepositReturn, Amount: amount, To: to, From: ledger.DepositHeld(vendorID), Paper: paper}
}

func ask(d *db.DB, by access.Actor, in payout.Order) (p payout.Payout, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		p, err = payout.Ask(ctx, tx, by, in)
		return err
	})
	return p, err
}

// asked is a payout of so much to a vendor that had it as a deposit.
func asked(t testing.TB, d *db.DB, vendorID string, amount money.Amount, paper string) payout.Payout {
	t.Helper()
	held(t, d, vendorID, amount)
	p, err := ask(d, clerk, order(vendorID, amount, paper))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func approve(d *db.DB, by access.Actor, id string) (p payout.Payout, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		p, err = payout.Approve(ctx, tx, by, payout.Chosen{ID: id})
		return err
	})
	return p, err
}

// approved is a payout that may go out.
func approved(t testing.TB, d *db.DB, vendorID string, amount money.Amount, paper string) payout.Payout {
	t.Helper()
	p, err := approve(d, chief, asked(t, d, vendorID, amount, paper).ID)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func balance(t testing.TB, d *db.DB, a ledger.Account) money.Amount {
	t.Helper()
	var m money.Amount
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		m, err = ledger.Balance(ctx, tx, a)
		return err
	})
	return m
}

// sound checks that the books are sound.
func sound(t testing.TB, d *db.DB) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		for _, verify := range []func(context.Context, *db.Tx) (int64, []string, error){ledger.Verify, payment.Verify, payout.Verify} {
			_, wrong, err := verify(ctx, tx)
			if err != nil {
				return err
			}
			for _, w := range wrong {
				t.Error(w)
			}
		}
		return nil
	})
}
