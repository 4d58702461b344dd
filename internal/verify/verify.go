// Package verify proves that a marketplace is whole: the ledger balances, the
// bank in it equals the imported lines, every deposit is explained by a
// statement line, files match their hashes, and the event log is one unbroken
// chain. It only reads, and decides nothing.
package verify

import (
	"context"
	"fmt"
	"io"

	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/deposit"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/exit"
	"github.com/yunshi-market/yunshi/internal/file"
	"github.com/yunshi-market/yunshi/internal/ledger"
	"github.com/yunshi-market/yunshi/internal/payment"
	"github.com/yunshi-market/yunshi/internal/payout"
)

// Check is one proof and what it found.
type Check struct {
	Name    string
	Checked int64
	Wrong   []string
}

// proof proves one thing in the one transaction that all share.
type proof struct {
	name string
	do   func(ctx context.Context, tx *db.Tx) (int64, []string, error)
}

// Run runs every proof on one moment of the database and hands each result to
// told as it comes. Trusted are the fingerprints of the certificates that may have
// signed the log's heads.
func Run(ctx context.Context, d *db.DB, files *file.Files, trusted []string, told func(Check)) (ok bool, err error) {
	proofs := []proof{
		{"ledger balanced", ledger.Verify},
		{"bank in the ledger = imported statement lines", payment.Verify},
		{"every deposit explained by a statement line", deposit.Verify},
		{"every payout owed by the ledger, and paid once", payout.Verify},
		{"who left holds nothing", exit.Verify},
		{"deductions equal the ledger, none taken twice", deposit.VerifyDeductions},
		{"events chained by hash, unbroken", event.Verify},
		{"signed daily heads stand in the chain", func(ctx context.Context, tx *db.Tx) (int64, []string, error) {
			return event.VerifyHeads(ctx, tx, trusted)
		}},
		{"files match their hashes", func(ctx context.Context, tx *db.Tx) (int64, []string, error) {
			return files.Verify(ctx, tx, nil)
		}},
	}
	ok = true
	err = d.Read(ctx, func(tx *db.Tx) error {
		for _, p := range proofs {
			n, wrong, err := p.do(ctx, tx)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			ok = ok && len(wrong) == 0
			told(Check{p.name, n, wrong})
		}
		return nil
	})
	return ok && err == nil, err
}

// Print writes a check as the command line shows it.
func Print(w io.Writer, c Check) {
	word := "ok  "
	if len(c.Wrong) > 0 {
		word = "BAD "
	}
	fmt.Fprintf(w, "%s %-50s %d checked\n", word, c.Name, c.Checked)
	for _, s := range c.Wrong {
		fmt.Fprintln(w, "     "+s)
	}
}
