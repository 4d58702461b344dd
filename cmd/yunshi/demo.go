package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/yunshi-market/yunshi/internal/demo"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/web"
)

type demoCmd struct {
	Addr string `help:"Address to listen on." default:"127.0.0.1:8080" env:"YUNSHI_ADDR"`
	Data string `help:"Folder to keep the demo in; a temporary one, removed at the end, if not given." env:"YUNSHI_DEMO_DATA"`
}

// Run makes the demo's data, unless the folder has it, prints the logins and serves.
func (d demoCmd) Run(ctx context.Context) error {
	// A port that is taken is told before anything is made.
	l, err := net.Listen("tcp", d.Addr)
	if err != nil {
		return err
	}
	if err := l.Close(); err != nil {
		return err
	}
	dir := d.Data
	if dir == "" {
		tmp, err := os.MkdirTemp("", "yunshi-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(tmp)
		dir = filepath.Join(tmp, "data")
	}
	p := terminal()
	c := storage{Data: dir, LogLevel: "warn"}.config()
	c.BaseURL = baseURL("", d.Addr)
	began, made := time.Now(), false
	m, logins, err := demo.Open(ctx, c, time.Now, func(done, of int) { made = done == of })
	if err != nil {
		if ctx.Err() != nil { // stopped by hand; the folder is made anew next time
			return nil
		}
		return err
	}
	statement := filepath.Join(dir, demo.StatementName)
	if err := demo.WriteStatement(ctx, m, statement); err != nil {
		return err
	}
	return serve(ctx, m, d.Addr, func() {
		if made {
			fmt.Fprintln(os.Stderr, p.T("demo.made", time.Since(began).Round(10*time.Millisecond).String()))
		}
		printLogins(os.Stderr, p, logins)
		fmt.Fprintf(os.Stderr, "\n%s\n%s\n", p.T("demo.mailroom", c.BaseURL+"/mailroom"), p.T("demo.statement", statement))
		if d.Data == "" {
			fmt.Fprintln(os.Stderr, p.T("demo.gone"))
			return
		}
		fmt.Fprintln(os.Stderr, p.T("demo.kept", dir))
	})
}

// printLogins writes who can sign in, and with what.
func printLogins(to io.Writer, p text.Printer, l demo.Logins) {
	w := tabwriter.NewWriter(to, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "\n%s\n\n%s\n", p.T("demo.password", l.Password)+p.T("demo.no_factor"), p.T("demo.staff"))
	for _, x := range l.Staff {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", x.Mail, x.Name, p.T(web.RoleKey(x.Role)))
	}
	fmt.Fprintf(w, "\n%s\n", p.T("demo.vendors"))
	for _, x := range l.Vendors {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", x.Mail, x.Name, p.T(x.Stage))
	}
	w.Flush() //nolint:errcheck // a terminal that has gone
}
