package event

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/job"
)

// Reaction is what happens because something happened. It runs in a transaction of its own.
type Reaction func(ctx context.Context, tx *db.Tx, by access.Actor, e Ref) error

// Rule ties a reaction to a kind of event.
type Rule struct {
	Kind string
	Name string // unique per kind; the job is "react.<kind>.<name>"
	Do   Reaction
}

// On makes a Rule.
func On[T any](k Kind[T], name string, do Reaction) Rule {
	return Rule{Kind: k.Name, Name: name, Do: do}
}

type reactionJob struct {
	Event string `json:"event"`
}

func (r Rule) job() job.Kind[reactionJob] {
	return job.Kind[reactionJob]{Name: "react." + r.Kind + "." + r.Name}
}

// Pump chains new events and hands them to their reactions.
type Pump struct {
	db    *db.DB
	rules map[string][]Rule
}

// NewPump registers the rules' jobs and returns the pump that feeds them.
func NewPump(d *db.DB, reg *job.Registry, rules []Rule) *Pump {
	p := &Pump{db: d, rules: make(map[string][]Rule)}
	for _, r := range rules {
		p.rules[r.Kind] = append(p.rules[r.Kind], r)
		job.Handle(reg, r.job(), func(ctx context.Context, tx *db.Tx, by access.Actor, in reactionJob) error {
			e, err := Get(ctx, tx, in.Event)
			if err != nil {
				return err
			}
			return r.Do(ctx, tx, by, e)
		})
	}
	return p
}

// batch is how many events one run of the pump takes.
const batch = 200

// chainLock is the row that lets one process at a time extend the chain.
const chainLock = "event.chain"

// head is the end of the chain.
type head struct {
	seq  int64
	hash string
}

// Run takes one batch; it returns how many events it took. Events are chained in
// the order in which they are found here, so one that commits late comes later in
// the chain and none is ever passed over.
func (p *Pump) Run(ctx context.Context) (int, error) {
	var waiting bool
	err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		waiting, err = db.Exists(ctx, tx, `SELECT 1 FROM event_pending`)
		return err
	})
	if err != nil || !waiting {
		return 0, err
	}
	n := 0
	err = p.db.Write(ctx, func(tx *db.Tx) error {
		n = 0
		if _, err := db.Pin(ctx, tx, chainLock, ""); err != nil {
			return err
		}
		locks, err := db.All(ctx, tx, db.Value[string], `SELECT name FROM mark WHERE name = $1`+tx.SkipLocked(), chainLock)
		if err != nil || len(locks) == 0 {
			return err // another process is at it
		}
		events, err := db.All(ctx, tx, (*Ref).fields, `
			SELECT `+columns+` FROM event WHERE id IN (SELECT event_id FROM event_pending ORDER BY event_id LIMIT $1) ORDER BY id`, batch)
		if err != nil || len(events) == 0 {
			return err
		}
		last, err := chainHead(ctx, tx)
		if err != nil {
			return err
		}
		for _, e := range events {
			next := head{last.seq + 1, chainHash(last.hash, e)}
			if err := p.take(ctx, tx, e, last.hash, next); err != nil {
				return err
			}
			last = next
		}
		n = len(events)
		// The changed row makes a pump on PostgreSQL that read before it start anew, and
		// tells Verify where the chain ended.
		return db.SetMark(ctx, tx, chainLock, last.hash)
	})
	return n, err
}

func (p *Pump) take(ctx context.Context, tx *db.Tx, e Ref, prev string, h head) error {
	if _, err := tx.Exec(ctx, `INSERT INTO event_seal (seq, event_id, prev_hash, hash) VALUES ($1, $2, $3, $4)`, h.seq, e.ID, prev, h.hash); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM event_pending WHERE event_id = $1`, e.ID); err != nil {
		return err
	}
	for _, r := range p.rules[e.Kind] {
		if err := r.job().Later(ctx, tx, reactionJob{e.ID}, job.Once(e.ID)); err != nil {
			return err
		}
	}
	return nil
}

func chainHead(ctx context.Context, tx *db.Tx) (head, error) {
	heads, err := db.All(ctx, tx, func(h *head) []any { return []any{&h.seq, &h.hash} },
		`SELECT seq, hash FROM event_seal ORDER BY seq DESC LIMIT 1`)
	if err != nil || len(heads) == 0 {
		return head{}, err
	}
	return heads[0], nil
}

// chainHash is SHA-256 over the hash before and every field of the event, each
// with its length before it so that no two events have the same text.
func chainHash(prev string, e Ref) string {
	h := sha256.New()
	internal := "0"
	if e.Internal {
		internal = "1"
	}
	for _, s := range []string{prev, e.ID, e.At.UTC().Format(time.RFC3339Nano), e.Kind, e.Subject, e.VendorID, e.ActorKind, e.ActorID, e.Address, internal, e.Data} {
		fmt.Fprintf(h, "%d:%s,", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Verify walks the chain from its start and returns what is wrong with it, in
// words for the operator; waiting events older than 10 minutes are wrong too.
func Verify(ctx context.Context, tx *db.Tx) (checked int64, wrong []string, err error) {
	type link struct {
		Ref
		seq        int64
		prev, hash string
	}
	var last head
	fields := func(l *link) []any {
		return append(l.Ref.fields(), &l.seq, &l.prev, &l.hash)
	}
	err = db.Each(ctx, tx, fields, func(l link) error {
		checked++
		switch {
		case l.seq != last.seq+1:
			wrong = append(wrong, fmt.Sprintf("event chain: after number %d comes %d", last.seq, l.seq))
		case l.prev != last.hash:
			wrong = append(wrong, fmt.Sprintf("event chain: number %d (%s) does not follow the one before", l.seq, l.ID))
		case chainHash(l.prev, l.Ref) != l.hash:
			wrong = append(wrong, fmt.Sprintf("event chain: number %d (%s) was changed", l.seq, l.ID))
		}
		last = head{l.seq, l.hash}
		return nil
	}, `SELECT e.`+strings.ReplaceAll(columns, ", ", ", e.")+`, s.seq, s.prev_hash, s.hash
		FROM event_seal s JOIN event e ON e.id = s.event_id ORDER BY s.seq`)
	if err != nil {
		return checked, wrong, err
	}
	noted, err := db.Mark(ctx, tx, chainLock)
	if err != nil {
		return checked, wrong, err
	}
	if noted != last.hash {
		wrong = append(wrong, fmt.Sprintf("event chain: after number %d its end is missing", last.seq))
	}
	loose, err := db.One(ctx, tx, db.Value[int64], `
		SELECT COUNT(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM event_seal s WHERE s.event_id = e.id)
		AND (e.at < $1 OR NOT EXISTS (SELECT 1 FROM event_pending p WHERE p.event_id = e.id))`, tx.Now().Add(-10*time.Minute))
	if loose > 0 {
		wrong = append(wrong, fmt.Sprintf("event chain: %d events stand outside it", loose))
	}
	return checked, wrong, err
}
