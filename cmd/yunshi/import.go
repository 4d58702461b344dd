package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/payment"
)

type importCmd struct {
	Mail      mailCmd      `cmd:"" help:"Import saved mails (.eml) about paid deposits; what is known already stays as it is."`
	Statement statementCmd `cmd:"" help:"Import a bank statement file: CSV, XLSX, camt.053 or MT940."`
}

type statementCmd struct {
	storage
	File    string `arg:"" type:"existingfile" help:"The file as the bank exports it."`
	Account string `required:"" help:"The operator's account, by its id in the policy."`
	Mapping string `help:"How the file is read; the account's own mapping if not given."`
	As      string `required:"" help:"Mailbox of the finance staff who imports (D-7)." placeholder:"EMAIL"`
}

// Run imports the file and tells how far it is. Interrupted, it goes on where it
// stopped when run again.
func (s statementCmd) Run(ctx context.Context) error {
	m, err := s.open(ctx)
	if err != nil {
		return err
	}
	var who account.Account
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		who, err = account.StaffByMail(ctx, tx, s.As)
		return err
	})
	if err != nil {
		return errors.Join(fmt.Errorf("--as %s: there is no such active staff account", s.As), m.Close())
	}
	st, err := payment.Import(ctx, m.DB, who.Actor(), payment.File{
		Payee: s.Account, Mapping: s.Mapping, Name: filepath.Base(s.File),
		Open:     func() (io.ReadCloser, error) { return os.Open(s.File) },
		Progress: showProgress,
	})
	fmt.Fprint(os.Stderr, "\n")
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "stopped; run the same command again and it goes on where it is")
	}
	if err == nil {
		err = printGaps(ctx, m.DB, who.Actor(), st)
		fmt.Printf("%s: %d lines, %d new; credits %s, debits %s; proposals follow when `yunshi serve` runs\n", st.ID, st.Lines, st.Fresh, st.Credit, st.Debit)
	}
	return errors.Join(err, m.Close())
}

// showProgress writes how far the import is over its own line of the terminal.
func showProgress(st payment.Statement) {
	if st.Lines == 0 {
		fmt.Fprintf(os.Stderr, "\rchecking: %d lines", st.Checked)
		return
	}
	fmt.Fprintf(os.Stderr, "\rwriting: %d of %d lines, %d%%", st.Done, st.Lines, st.Percent())
}

// printGaps tells where the statement does not go on from the one before it.
func printGaps(ctx context.Context, d *db.DB, by access.Actor, st payment.Statement) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		found, err := payment.Findings(ctx, tx, by, st.PayeeID)
		for _, f := range found {
			if f.Before.StatementID == st.ID || f.After.StatementID == st.ID {
				fmt.Println(terminal().Say(f.Message()))
			}
		}
		return err
	})
}
