package payment

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/payment/statement"
)

// SaveMapping keeps how a bank's files are read, under its name; one that ships
// under the same name is no longer used.
func SaveMapping(ctx context.Context, tx *db.Tx, by access.Actor, m statement.Mapping) (statement.Mapping, error) {
	if err := by.Require(access.ImportMoney); err != nil {
		return m, err
	}
	if err := m.Validate(); err != nil {
		return m, err
	}
	body, err := json.Marshal(m)
	if err != nil {
		return m, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO statement_mapping (name, body, changed_by, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO UPDATE SET body = excluded.body, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
		m.Name, string(body), by.ID, tx.Now())
	if err != nil {
		return m, err
	}
	return m, MappingSaved.Append(ctx, tx, by, event.About{Subject: m.Name}, event.None{})
}

// Mappings lists the ways to read a bank's file by name: the saved ones, and those
// that ship and were not changed.
func Mappings(ctx context.Context, tx *db.Tx, by access.Actor) ([]statement.Mapping, error) {
	if err := by.Require(access.SeeMoney); err != nil {
		return nil, err
	}
	bodies, err := db.All(ctx, tx, db.Value[string], `SELECT body FROM statement_mapping`)
	if err != nil {
		return nil, err
	}
	var all []statement.Mapping
	for _, b := range bodies {
		m, err := statement.ParseMapping([]byte(b))
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	for _, name := range statement.Names() {
		if slices.ContainsFunc(all, func(m statement.Mapping) bool { return m.Name == name }) {
			continue
		}
		m, err := statement.Ready(name)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b statement.Mapping) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func mappingNamed(ctx context.Context, tx *db.Tx, name string) (statement.Mapping, error) {
	bodies, err := db.All(ctx, tx, db.Value[string], `SELECT body FROM statement_mapping WHERE name = $1`, name)
	if err != nil {
		return statement.Mapping{}, err
	}
	if len(bodies) == 1 {
		return statement.ParseMapping([]byte(bodies[0]))
	}
	m, err := statement.Ready(name)
	if isKind(err, fault.NotFound) {
		return m, fault.At("/mapping", "fault.unknown_choice", name)
	}
	return m, err
}
