package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/payment"
)

type importCmd struct {
	Statement statementCmd `cmd:"" help:"Import a bank statement file (CSV in UTF-8 or GB18030)."`
}

type statementCmd struct {
	storage
	File    string `arg:"" type:"existingfile" help:"The file as the bank exports it."`
	Account string `required:"" help:"The operator's account, by its id in the policy."`
	Mapping string `help:"How the file is read; the account's own mapping if not given."`
	As      string `required:"" help:"Mailbox of the finance staff who imports (D-7)." placeholder:"EMAIL"`
}

// Run imports the file. Interrupted, it goes on where it stopped when run again.
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
		Open: func() (io.ReadCloser, error) { return os.Open(s.File) },
	})
	if err == nil {
		fmt.Printf("%s: %d lines, %d new; credits %s, debits %s; proposals follow when `yunshi serve` runs\n", st.ID, st.Lines, st.Fresh, st.Credit, st.Debit)
	}
	return errors.Join(err, m.Close())
}
