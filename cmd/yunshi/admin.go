package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/db"
)

type adminCmd struct {
	Add     addCmd          `cmd:"" help:"Add a staff account; the password is read from standard input."`
	List    listCmd         `cmd:"" help:"List staff accounts."`
	Roles   rolesCmd        `cmd:"" help:"Give a staff account other roles."`
	Disable disableCmd      `cmd:"" help:"Close a staff account."`
	Enable  enableCmd       `cmd:"" help:"Open a closed staff account."`
	Reset   resetFactorsCmd `cmd:"" name:"reset-factors" help:"Take the second factors of a staff account away."`
	Link    linkCmd         `cmd:"" help:"Print a one-time sign-in link for a staff account."`
}

const roleHelp = "reviewer, contracts, finance, product-reviewer, administrator or auditor; several with commas."

type addCmd struct {
	storage
	Email string        `required:"" help:"Mailbox to sign in with."`
	Name  string        `help:"The person's name; the mailbox if not given."`
	Role  []access.Role `required:"" help:"${rolehelp}" placeholder:"ROLE"`
}

// Run adds the account.
func (a addCmd) Run(ctx context.Context) error {
	password, err := readPassword(os.Stdin)
	if err != nil {
		return err
	}
	in := account.NewStaff{Mail: a.Email, Name: a.Name, Roles: a.Role, Password: password}
	if in.Name == "" {
		in.Name, _, _ = strings.Cut(a.Email, "@")
	}
	if err := in.Prepare(ctx); err != nil {
		return err
	}
	return a.change(ctx, func(tx *db.Tx, by access.Actor) (account.Account, error) {
		return account.AddStaff(ctx, tx, by, in)
	})
}

func readPassword(r io.Reader) (string, error) {
	if f, ok := r.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			fmt.Fprint(os.Stderr, "Password (shown as you type; better: pipe it in): ")
		}
	}
	line, err := bufio.NewReader(io.LimitReader(r, 1024)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("no password on standard input")
	}
	return line, nil
}

// change runs one act on a staff account and says how it stands then.
func (s storage) change(ctx context.Context, act func(tx *db.Tx, by access.Actor) (account.Account, error)) error {
	m, err := s.open(ctx)
	if err != nil {
		return err
	}
	var a account.Account
	err = m.DB.Write(ctx, func(tx *db.Tx) (err error) {
		a, err = act(tx, access.CommandActor("admin"))
		return err
	})
	if err == nil {
		state := "active"
		if !a.DisabledAt.IsZero() {
			state = "closed"
		}
		fmt.Printf("%s\t%s\t%s\t%v\n", a.ID, a.Mail, state, a.Roles)
	}
	return errors.Join(err, m.Close())
}

type listCmd struct{ storage }

// Run lists the accounts.
func (l listCmd) Run(ctx context.Context) error {
	m, err := l.open(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		staff, err := account.Staff(ctx, tx, access.CommandActor("admin"))
		for _, a := range staff {
			state := "active"
			if !a.DisabledAt.IsZero() {
				state = "closed"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%v\t%s\n", a.ID, a.Mail, a.Name, a.Roles, state)
		}
		return err
	})
	return errors.Join(err, w.Flush(), m.Close())
}

// existing names a staff account by its mailbox.
type existing struct {
	storage
	Email string `required:"" help:"Mailbox of the account."`
}

func (e existing) update(ctx context.Context, to func(a account.Account) account.StaffChange) error {
	return e.change(ctx, func(tx *db.Tx, by access.Actor) (account.Account, error) {
		all, err := account.Staff(ctx, tx, by)
		if err != nil {
			return account.Account{}, err
		}
		for _, a := range all {
			if strings.EqualFold(a.Mail, e.Email) {
				return account.ChangeStaff(ctx, tx, by, to(a))
			}
		}
		return account.Account{}, fmt.Errorf("there is no staff account %s", e.Email)
	})
}

type rolesCmd struct {
	existing
	Role []access.Role `required:"" help:"${rolehelp}" placeholder:"ROLE"`
}

// Run gives the roles.
func (c rolesCmd) Run(ctx context.Context) error {
	return c.update(ctx, func(a account.Account) account.StaffChange {
		return account.StaffChange{ID: a.ID, Roles: c.Role, Disabled: !a.DisabledAt.IsZero()}
	})
}

type disableCmd struct{ existing }

// Run closes the account.
func (c disableCmd) Run(ctx context.Context) error {
	return c.update(ctx, func(a account.Account) account.StaffChange {
		return account.StaffChange{ID: a.ID, Roles: a.Roles, Disabled: true}
	})
}

type enableCmd struct{ existing }

// Run opens the account again.
func (c enableCmd) Run(ctx context.Context) error {
	return c.update(ctx, func(a account.Account) account.StaffChange {
		return account.StaffChange{ID: a.ID, Roles: a.Roles}
	})
}

type migrateCmd struct{ storage }

// Run migrates; opening does it.
func (c migrateCmd) Run(ctx context.Context) error {
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	fmt.Println("The schema is current.")
	return m.Close()
}
