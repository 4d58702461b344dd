package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/account"
	"github.com/yunshi-market/yunshi/internal/account/factor"
	"github.com/yunshi-market/yunshi/internal/db"
)

type resetFactorsCmd struct{ existing }

// Run takes the second factors of a member of staff away and says in two lines what
// was done and what follows.
func (c resetFactorsCmd) Run(ctx context.Context) error {
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	var a account.Account
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		x, err := account.StaffByMail(ctx, tx, c.Email)
		if err != nil {
			return fmt.Errorf("there is no open staff account %s", c.Email)
		}
		a, err = factor.ResetAll(ctx, tx, access.CommandActor("admin"), factor.Person{ID: x.ID})
		return err
	})
	if err == nil {
		fmt.Printf("%s\t%s\tsecond factors and recovery codes removed, every session ended\n", a.ID, a.Mail)
		fmt.Println("Recorded as account.factors_reset; the person is told by mail and sets up a new factor at the next sign-in.")
	}
	return errors.Join(err, m.Close())
}

type linkCmd struct {
	existing
	URL string `name:"url" help:"The marketplace as browsers see it." default:"http://127.0.0.1:8080" env:"YUNSHI_URL"`
}

// Run prints a one-time link for somebody of the staff who cannot sign in otherwise.
func (c linkCmd) Run(ctx context.Context) error {
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	var path string
	err = m.DB.Write(ctx, func(tx *db.Tx) (err error) {
		path, err = account.LetIn(ctx, tx, access.CommandActor("admin"), c.Email)
		return err
	})
	if err == nil {
		fmt.Println(c.URL + path)
		fmt.Println("The link holds once and for ten minutes; it is recorded as account.link_made.")
	}
	return errors.Join(err, m.Close())
}
