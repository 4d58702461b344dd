package policy

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

//go:embed default.json
var shipped []byte

// shippedPolicy is read once: most installations ask for it at each operation.
var shippedPolicy = sync.OnceValue(func() Policy {
	p, err := parse("shipped", time.Time{}, string(shipped))
	if err != nil {
		panic(err) // its own test reads it
	}
	return p
})

// Shipped is the policy that a new installation starts with.
func Shipped() Policy { return shippedPolicy() }

// parse reads a stored policy. One that was written before a section existed has
// the shipped values there: an upgrade puts no rule at zero.
func parse(id string, from time.Time, body string) (Policy, error) {
	var p Policy
	if err := json.Unmarshal(shipped, &p); err != nil {
		return p, fmt.Errorf("policy %s: shipped: %w", id, err)
	}
	var stated map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &stated); err != nil {
		return p, fmt.Errorf("policy %s: %w", id, err)
	}
	empty(reflect.ValueOf(&p).Elem(), stated)
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, fmt.Errorf("policy %s: %w", id, err)
	}
	p.ID, p.HoldsFrom = id, from
	var err error
	if p.zone, err = time.LoadLocation(p.Zone); err != nil {
		return p, fmt.Errorf("policy %s: zone %q: %w", id, p.Zone, err)
	}
	return p, nil
}

// empty clears the lists and maps that a body states: they are replaced, not filled up.
func empty(v reflect.Value, stated map[string]json.RawMessage) {
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		body, ok := stated[name]
		if !ok || !v.Type().Field(i).IsExported() {
			continue
		}
		switch f := v.Field(i); f.Kind() {
		case reflect.Slice, reflect.Map:
			f.SetZero()
		case reflect.Struct:
			var inner map[string]json.RawMessage
			if json.Unmarshal(body, &inner) == nil {
				empty(f, inner)
			}
		}
	}
}

// Changed records that a policy was put in force.
var Changed = event.Kind[struct {
	HoldsFrom time.Time `json:"holds_from"`
}]{Name: "policy.changed", Internal: true}

type row struct {
	id   string
	from time.Time
}

func (r *row) fields() []any { return []any{&r.id, db.Time(&r.from)} }

// parsed keeps read policies: a policy's row never changes, so its id is enough.
var parsed sync.Map

// At is the policy in force at a time.
func At(ctx context.Context, tx *db.Tx, t time.Time) (Policy, error) {
	rows, err := db.All(ctx, tx, (*row).fields, `
		SELECT id, holds_from FROM policy WHERE holds_from <= $1 ORDER BY holds_from DESC, id DESC LIMIT 1`, t)
	if err != nil {
		return Policy{}, err
	}
	if len(rows) == 0 {
		return Shipped(), nil
	}
	if p, ok := parsed.Load(rows[0].id); ok {
		return p.(Policy), nil
	}
	body, err := db.One(ctx, tx, db.Value[string], `SELECT body FROM policy WHERE id = $1`, rows[0].id)
	if err != nil {
		return Policy{}, err
	}
	p, err := parse(rows[0].id, rows[0].from, body)
	if err != nil {
		return Policy{}, err
	}
	parsed.Store(rows[0].id, p)
	return p, nil
}

// Now is the policy in force at the transaction's moment.
func Now(ctx context.Context, tx *db.Tx) (Policy, error) { return At(ctx, tx, tx.Now()) }

// Read reads a policy from JSON, as `yunshi policy show` writes it; what is unknown
// or contradicts itself is fault.Invalid with the fields in question.
func Read(data []byte) (Policy, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var p Policy
	if err := d.Decode(&p); err != nil {
		return p, fault.New(fault.Invalid, "fault.bad_json", err.Error())
	}
	return p, p.Validate()
}

// Set puts a policy in force from a time on; what held before stays in the history.
// One that contradicts itself is fault.Invalid; a time that has passed is too, for
// the past was decided by what held then.
func Set(ctx context.Context, tx *db.Tx, by access.Actor, p Policy, from time.Time) error {
	if err := by.Require(access.ManagePolicy); err != nil {
		return err
	}
	if err := p.Validate(); err != nil {
		return err
	}
	if from.Before(tx.Now()) {
		return fault.At("/holds_from", "policy.past", tx.Now())
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	id := tx.NewID("pol")
	if _, err := parse(id, from, string(body)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO policy (id, holds_from, body, made_by, made_at) VALUES ($1, $2, $3, $4, $5)`,
		id, from, string(body), by.ID, tx.Now()); err != nil {
		return err
	}
	return Changed.Append(ctx, tx, by, event.About{Subject: id}, struct {
		HoldsFrom time.Time `json:"holds_from"`
	}{from})
}
