package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/yunshi-market/yunshi/internal/market"
	"github.com/yunshi-market/yunshi/internal/text"
)

type checkCmd struct {
	Check configCheckCmd `cmd:"" help:"Look at everything that serve needs: folder, keys, database, files, mail, people and rules; change nothing."`
}

type configCheckCmd struct{ serveCmd }

// Run prints what it finds; the exit code is 1 if something is bad.
func (c configCheckCmd) Run(ctx context.Context) error {
	cfg := c.config()
	cfg.BaseURL = baseURL(c.URL, c.Addr)
	if err := c.transports(&cfg); err != nil {
		return err
	}
	if err := c.collect(&cfg, c.MailFrom); err != nil {
		return err
	}
	return tell(os.Stdout, terminal(), cfg.Check(ctx, c.Addr))
}

// tell prints findings, one a line.
func tell(w io.Writer, p text.Printer, found []market.Finding) error {
	bad := false
	for _, f := range found {
		fmt.Fprintf(w, "%-4s  %s  %s\n", f.Grade, p.T(f.Point), p.Say(f.Words))
		if f.Err != nil {
			fmt.Fprintln(w, "      "+explain(f.Err))
		}
		bad = bad || f.Grade == market.Bad
	}
	if bad {
		return failed(1)
	}
	return nil
}
