package exit_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/db/dbtest"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/money"
	"github.com/yunshi-market/yunshi/internal/onboarding"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/vendor"
	"github.com/yunshi-market/yunshi/internal/yunshitest"
)

var (
	ctx     = context.Background()
	clerk   = yunshitest.Staff("acc_clerk", access.Finance) // imports
	chief   = yunshitest.Staff("acc_chief", access.Finance)
	lawyer  = yunshitest.Staff("acc_lawyer", access.Contracts)
	partner = yunshitest.Staff("acc_partner", access.Contracts)
	auditor = yunshitest.Staff("acc_auditor", access.Auditor)
	program = access.SystemActor("test")
)

// uscc is a credit code with a right check character.
const uscc = "91440300708461136T"

func yuan(n int64) money.Amount { return money.CNY(n * 100) }

func write(t testing.TB, d *db.DB, do func(tx *db.Tx) error) {
	t.Helper()
	yunshitest.Write(t, d, do)
}

func ask(d *db.DB, by access.Actor, in exit.Paper) (e exit.Exit, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		e, err = exit.Ask(ctx, tx, by, in)
		return err
	})
	return e, err
}

// asked is a trading vendor that asks to leave.
func asked(t testing.TB, d *db.DB, v vendor.Vendor) exit.Exit {
	t.Helper()
	e, err := ask(d, yunshitest.Owner(v.ID), exit.Paper{Reason: "业务调整", Understood: true})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// leaving is one whose contract has ended.
func leaving(t testing.TB, d *db.DB, v vendor.Vendor) exit.Exit {
	t.Helper()
	e := asked(t, d, v)
	write(t, d, func(tx *db.Tx) error {
		_, err := exit.End(ctx, tx, lawyer, exit.Chosen{ID: e.ID})
		return err
	})
	return load(t, d, e.ID)
}

func load(t testing.TB, d *db.DB, id string) exit.Exit {
	t.Helper()
	var e exit.Exit
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		e, err = exit.Load(ctx, tx, id)
		return err
	})
	return e
}

func advance(t testing.TB, d *db.DB, vendorID string) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error { return exit.Advance(ctx, tx, program, vendorID) })
}

func desk(t testing.TB, d *db.DB, by access.Actor, vendorID string) exit.Desk {
	t.Helper()
	var out exit.Desk
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		out, err = exit.Of(ctx, tx, by, vendorID)
		return err
	})
	return out
}

func stage(t testing.TB, d *db.DB, vendorID string) onboarding.Stage {
	t.Helper()
	var s onboarding.Stage
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		f, err := onboarding.Load(ctx, tx, vendorID)
		s = f.Stage(tx.Now())
		return err
	})
	return s
}

func payouts(t testing.TB, d *db.DB, vendorID string) []payout.Payout {
	t.Helper()
	var list []payout.Payout
	yunshitest.Read(t, d, func(tx *db.Tx) (err error) {
		list, err = payout.Of(ctx, tx, chief, vendorID)
		return err
	})
	return list
}

var first = 1

// pay approves a payout, and has the bank pay it.
func pay(t testing.TB, d *db.DB, p payout.Payout) {
	t.Helper()
	first += 100
	if p.Status == payout.Ordered {
		write(t, d, func(tx *db.Tx) error {
			_, err := payout.Approve(ctx, tx, chief, payout.Chosen{ID: p.ID})
			return err
		})
	}
	l := yunshitest.Import(t, d, clerk, first, yunshitest.Movement{Fen: -p.Amount.Fen, Remark: p.Reference, Payer: p.To.Name})[0]
	write(t, d, func(tx *db.Tx) error {
		if err := payout.Propose(ctx, tx, program, payout.Search{Statement: l.StatementID}); err != nil {
			return err
		}
		_, err := payout.Settle(ctx, tx, chief, payout.Match{PayoutID: p.ID, LineID: l.ID})
		return err
	})
}

// bounce has the bank return a payout.
func bounce(t testing.TB, d *db.DB, p payout.Payout) {
	t.Helper()
	first += 100
	l := yunshitest.Import(t, d, clerk, first, yunshitest.Movement{Fen: p.Amount.Fen, Remark: "退汇 " + p.Reference})[0]
	write(t, d, func(tx *db.Tx) error {
		_, err := payout.Settle(ctx, tx, chief, payout.Match{PayoutID: p.ID, LineID: l.ID, Reason: "户名不符"})
		return err
	})
}

// proof keeps a document as evidence against a vendor.
func proof(t testing.TB, d *db.DB, vendorID string) string {
	t.Helper()
	var f file.File
	write(t, d, func(tx *db.Tx) (err error) {
		f, err = file.Keep(ctx, tx, lawyer, file.Upload{Name: "截图.pdf", Type: file.PDF, Size: 1, SHA256: tx.NewID("x")}, vendorID, file.Violation)
		return err
	})
	return f.ID
}

// named gives a vendor a credit code, as an approved company has one.
func named(t testing.TB, d *db.DB, v vendor.Vendor) vendor.Vendor {
	t.Helper()
	c := v.Company
	c.USCC = uscc
	write(t, d, func(tx *db.Tx) (err error) {
		if err := vendor.Update(ctx, tx, program, v.ID, c); err != nil {
			return err
		}
		v, err = vendor.Load(ctx, tx, v.ID)
		return err
	})
	return v
}

// sound checks that the books are sound.
func sound(t testing.TB, d *db.DB) {
	t.Helper()
	yunshitest.Read(t, d, func(tx *db.Tx) error {
		for _, verify := range []func(context.Context, *db.Tx) (int64, []string, error){ledger.Verify, payment.Verify, deposit.Verify, deposit.VerifyDeductions, payout.Verify, exit.Verify} {
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

func codes(blockers []exit.Blocker) string {
	var out []string
	for _, b := range blockers {
		out = append(out, b.Code+" "+string(b.Waiting))
	}
	return strings.Join(out, ", ")
}

func trading(t testing.TB, d *db.DB) vendor.Vendor {
	t.Helper()
	return yunshitest.Trading(t, d, policy.CategoryID("ops"))
}

func days(d *db.DB, n int) { dbtest.Advance(d, time.Duration(n)*24*time.Hour) }
