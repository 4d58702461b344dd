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

// shippedID names the shipped policy among the versions.
const shippedID = "shipped"

// shippedPolicy is read once: most installations ask for it at each operation.
var shippedPolicy = sync.OnceValue(func() Policy {
	p, err := parse(shippedID, time.Time{}, string(shipped))
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

// Changed records that a version of the rules was written.
var Changed = event.Kind[ChangedData]{Name: "policy.changed", Internal: true}

// ChangedData says from when a version holds.
type ChangedData struct {
	HoldsFrom time.Time `json:"holds_from"`
}

type row struct {
	id   string
	from time.Time
}

func (r *row) fields() []any { return []any{&r.id, db.Time(&r.from)} }

// parsed keeps read policies: the rules in a row never change, so its id is enough.
var parsed sync.Map

// At is the policy in force at a time. A time before every version, as that of a
// clock set back, has the shipped one.
func At(ctx context.Context, tx *db.Tx, t time.Time) (Policy, error) {
	rows, err := db.All(ctx, tx, (*row).fields, `
		SELECT id, holds_from FROM policy WHERE holds_from <= $1 AND withdrawn_at IS NULL ORDER BY holds_from DESC, id DESC LIMIT 1`, t)
	if err != nil {
		return Policy{}, err
	}
	if len(rows) == 0 {
		return Shipped(), nil
	}
	return load(ctx, tx, rows[0])
}

// load reads the rules of a version.
func load(ctx context.Context, tx *db.Tx, r row) (Policy, error) {
	if p, ok := parsed.Load(r.id); ok {
		return p.(Policy), nil
	}
	body, err := db.One(ctx, tx, db.Value[string], `SELECT body FROM policy WHERE id = $1`, r.id)
	if err != nil {
		return Policy{}, err
	}
	p, err := parse(r.id, r.from, body)
	if err != nil {
		return Policy{}, err
	}
	parsed.Store(r.id, p)
	return p, nil
}

// byID reads a version by its id; "" and "shipped" are what was shipped.
func byID(ctx context.Context, tx *db.Tx, id string) (Policy, error) {
	if id == "" || id == shippedID {
		return Shipped(), nil
	}
	r, err := db.One(ctx, tx, (*row).fields, `SELECT id, holds_from FROM policy WHERE id = $1`, id)
	if err != nil {
		return Policy{}, err
	}
	return load(ctx, tx, r)
}

// Now is the policy in force at the transaction's moment.
func Now(ctx context.Context, tx *db.Tx) (Policy, error) { return At(ctx, tx, tx.Now()) }

// Read reads a policy from JSON, as `yunshi policy show` writes it; what is unknown
// or contradicts itself is fault.Invalid with the fields in question.
func Read(data []byte) (Policy, error) {
	p, err := strict(data)
	if err != nil {
		return p, fault.New(fault.Invalid, "fault.bad_json", err.Error())
	}
	return p, p.Validate()
}

// strict reads JSON that names no rule that does not exist.
func strict(data []byte) (Policy, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var p Policy
	return p, d.Decode(&p)
}

// unchecked reads stored rules that contradict themselves, as a draft's may.
func unchecked(body string) (Policy, error) {
	var p Policy
	return p, json.Unmarshal([]byte(body), &p)
}

func bodyOf(p Policy) (string, error) {
	body, err := json.Marshal(p)
	return string(body), err
}

// Set puts a policy in force from a time on without a proposal and a second person:
// the command line's way out where nobody can approve, seen in the audit log. What
// held before stays in the history, and what is scheduled for later keeps what it
// changes. One that contradicts itself is fault.Invalid; a time that has passed is
// too, for the past was decided by what held then.
func Set(ctx context.Context, tx *db.Tx, by access.Actor, p Policy, from time.Time) error {
	if err := by.Require(access.ManagePolicy); err != nil {
		return err
	}
	if by.Kind != access.Command && by.Kind != access.System {
		return fault.New(fault.Forbidden, "fault.forbidden")
	}
	if err := p.Validate(); err != nil {
		return err
	}
	if from.Before(tx.Now()) {
		return fault.At("/holds_from", "policy.past", tx.Now())
	}
	before, err := At(ctx, tx, from)
	if err != nil {
		return err
	}
	_, err = put(ctx, tx, by, entry{policy: p, from: from, by: by.ID}, before)
	return err
}
