package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
)

type policyCmd struct {
	Show policyShowCmd `cmd:"" help:"Print the operator's rules in force as JSON: categories, deposits, payee accounts, fees, check lists."`
	Set  policySetCmd  `cmd:"" help:"Put changed rules in force from a time on; what held before stays in the history."`
}

type policyShowCmd struct{ storage }

// Run prints the policy in force.
func (c policyShowCmd) Run(ctx context.Context) error {
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	var p policy.Policy
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = policy.Now(ctx, tx)
		return err
	})
	if err == nil {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		err = out.Encode(p)
	}
	return errors.Join(err, m.Close())
}

type policySetCmd struct {
	storage
	File string    `arg:"" type:"existingfile" help:"The rules as JSON, as show prints them."`
	From time.Time `help:"From when they hold, as 2026-12-01T00:00:00+08:00; at once if not given."`
}

// Run checks the policy whole and puts it in force.
func (c policySetCmd) Run(ctx context.Context) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	p, err := policy.Read(data)
	if err != nil {
		return err
	}
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if c.From.IsZero() {
			c.From = tx.Now()
		}
		return policy.Set(ctx, tx, access.CommandActor("policy"), p, c.From)
	})
	if err == nil {
		fmt.Printf("holds from %s\n", c.From.Format(time.RFC3339))
	}
	return errors.Join(err, m.Close())
}
