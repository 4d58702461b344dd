// Package event is the append-only log of what happened: audit trail, timeline
// and outbox in one. An operation appends in its own transaction; afterwards the
// pump chains each event to the one before by hash and makes one job per reaction.
// The package owns the tables event, event_pending and event_seal.
package event

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
)

// Kind is a kind of event with data T. Data holds ids, field names, hashes and
// amounts; never a code, a token, a mailbox, a phone or an account number.
type Kind[T any] struct {
	Name     string // "deposit.confirmed"; its sentence is "event.deposit.confirmed"
	Internal bool   // not shown to the vendor it is about
}

// About says what an event is about.
type About struct {
	Subject  string // the thing's id
	VendorID string // "" where no vendor is concerned
}

// None is the data of an event that needs none.
type None struct{}

// Append writes the event in the caller's transaction.
func (k Kind[T]) Append(ctx context.Context, tx *db.Tx, by access.Actor, on About, data T) error {
	body, err := json.Marshal(data)
	if err != nil {
		return err
	}
	id := tx.NewID("evt")
	_, err = tx.Exec(ctx, `
		INSERT INTO event (id, at, kind, subject, vendor_id, actor_kind, actor_id, address, internal, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, tx.Now(), k.Name, on.Subject, on.VendorID, string(by.Kind), by.ID, by.Address, k.Internal, string(body))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO event_pending (event_id) VALUES ($1)`, id)
	tx.Wake()
	return err
}

// Ref is an event as its reactions and readers get it.
type Ref struct {
	ID, Kind, Subject, VendorID string
	At                          time.Time
	ActorKind, ActorID          string
	Address                     string
	Internal                    bool
	Data                        string // JSON
}

const columns = `id, at, kind, subject, vendor_id, actor_kind, actor_id, address, internal, data`

func (r *Ref) fields() []any {
	return []any{&r.ID, db.Time(&r.At), &r.Kind, &r.Subject, &r.VendorID, &r.ActorKind, &r.ActorID, &r.Address, &r.Internal, &r.Data}
}

// Into decodes the event's data.
func (r Ref) Into(v any) error { return json.Unmarshal([]byte(r.Data), v) }

// Get reads one event, for reactions.
func Get(ctx context.Context, tx *db.Tx, id string) (Ref, error) {
	return db.One(ctx, tx, (*Ref).fields, `SELECT `+columns+` FROM event WHERE id = $1`, id)
}

// Filter narrows a list of events; the zero value is all, newest first.
type Filter struct {
	VendorID string
	Subject  string
	Kind     string
	Before   string // cursor: the id of the last event seen
	Limit    int    // 0 is 50, at most 200
	Oldest   bool   // oldest first, Before is then "after"
}

// List reads the log, newest first. Staff who see the whole log read all; others
// read one vendor's, its own people without the internal ones.
func List(ctx context.Context, tx *db.Tx, by access.Actor, f Filter) ([]Ref, error) {
	if f.VendorID == "" {
		if err := by.Require(access.SeeEvents); err != nil {
			return nil, err
		}
	} else if err := by.Sees(f.VendorID); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q := `SELECT ` + columns + ` FROM event WHERE 1 = 1`
	var args []any
	add := func(cond string, v any) {
		args = append(args, v)
		q += " AND " + cond + db.In(len(args), 1)
	}
	if f.VendorID != "" {
		add("vendor_id IN ", f.VendorID)
	}
	if f.Subject != "" {
		add("subject IN ", f.Subject)
	}
	if f.Kind != "" {
		add("kind IN ", f.Kind)
	}
	if by.Kind == access.Member {
		q += " AND internal = FALSE"
	}
	order := " DESC"
	if f.Oldest {
		order = ""
	}
	if f.Before != "" {
		if f.Oldest {
			add("id > ", f.Before)
		} else {
			add("id < ", f.Before)
		}
	}
	args = append(args, f.Limit)
	q += " ORDER BY id" + order + " LIMIT " + db.In(len(args), 1)
	return db.All(ctx, tx, (*Ref).fields, q, args...)
}

// JobRetried records that staff put a dead job back.
var JobRetried = Kind[None]{Name: "job.retried", Internal: true}

// RetryJob puts a job that failed for good back into the queue and records who
// did it; one that is not dead is fault.Conflict.
func RetryJob(ctx context.Context, tx *db.Tx, by access.Actor, id string) error {
	if err := by.Require(access.RetryJobs); err != nil {
		return err
	}
	if id == "" {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	if err := job.Retry(ctx, tx, by, id); err != nil {
		return err
	}
	return JobRetried.Append(ctx, tx, by, About{Subject: id}, None{})
}
