package main

import (
	"context"
	"errors"
	"os"

	"github.com/yunshi-market/yunshi/internal/verify"
)

type verifyCmd struct {
	storage
	Trust []string `help:"Fingerprint of an earlier signing certificate whose daily heads are to be trusted, as the heads page shows it."`
}

// Run prints the report; the exit code is 1 if anything is wrong.
func (v verifyCmd) Run(ctx context.Context) error {
	m, err := v.open(ctx)
	if err != nil {
		return err
	}
	ok, err := verify.Run(ctx, m.DB, m.Files, append(v.Trust, m.Key.Fingerprint()), func(c verify.Check) { verify.Print(os.Stdout, c) })
	if err == nil && !ok {
		err = failed(1)
	}
	return errors.Join(err, m.Close())
}
