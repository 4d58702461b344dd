package policy

import (
	"context"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
)

// Version is one version of the rules as the history tells of it.
type Version struct {
	ID          string
	HoldsFrom   time.Time
	Until       time.Time // when the next began; zero where none has or will
	Title       string
	Reason      string
	MadeBy      string
	MadeAt      time.Time
	ApprovedBy  string
	ProposalID  string
	ReplacesID  string // the scheduled version that this one is, with what was changed since
	WithdrawnAt time.Time
	WithdrawnBy string
}

const versionColumns = `id, holds_from, reason, made_by, made_at, approved_by, proposal_id, replaces_id, withdrawn_at, withdrawn_by`

func (v *Version) fields() []any {
	return []any{&v.ID, db.Time(&v.HoldsFrom), &v.Reason, &v.MadeBy, db.Time(&v.MadeAt), &v.ApprovedBy, &v.ProposalID, &v.ReplacesID, db.Time(&v.WithdrawnAt), &v.WithdrawnBy}
}

func (v Version) split() Version {
	v.Title, v.Reason, _ = strings.Cut(v.Reason, "\n")
	return v
}

// Scheduled reports whether the version is still to hold.
func (v Version) Scheduled(now time.Time) bool {
	return v.WithdrawnAt.IsZero() && v.HoldsFrom.After(now)
}

func version(ctx context.Context, tx *db.Tx, id string) (Version, error) {
	v, err := db.One(ctx, tx, (*Version).fields, `SELECT `+versionColumns+` FROM policy WHERE id = $1`, id)
	return v.split(), err
}

// HistoryFilter narrows the history; the zero value is its first page.
type HistoryFilter struct {
	Before string // cursor: the id of the last version seen
	Limit  int    // 0 is 50, at most 200
}

// History lists the versions, the latest to hold first; the shipped policy stands
// in no row. With those that wait for their time and those that were withdrawn.
func History(ctx context.Context, tx *db.Tx, by access.Actor, f HistoryFilter) ([]Version, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	beyond := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if f.Before != "" {
		v, err := version(ctx, tx, f.Before)
		if err != nil {
			return nil, err
		}
		beyond = v.HoldsFrom
	}
	rows, err := db.All(ctx, tx, (*Version).fields, `
		SELECT `+versionColumns+` FROM policy WHERE holds_from < $1 OR holds_from = $1 AND id < $2 ORDER BY holds_from DESC, id DESC LIMIT $3`, beyond, f.Before, f.Limit)
	if err != nil {
		return nil, err
	}
	var next time.Time
	for i := range rows {
		rows[i] = rows[i].split()
		if rows[i].WithdrawnAt.IsZero() {
			rows[i].Until = next
			next = rows[i].HoldsFrom
		}
	}
	return rows, nil
}

// Page is one version with its rules and what it changed.
type Page struct {
	Version
	Policy  Policy
	Before  Policy // what held until then
	Changes []Difference
	Holds   bool // now
}

// Open reads one version for those who see the rules; "shipped" is the first.
func Open(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Page, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return Page{}, err
	}
	now, err := Now(ctx, tx)
	if err != nil {
		return Page{}, err
	}
	if id == shippedID {
		return Page{Version: Version{ID: shippedID}, Policy: Shipped(), Before: Shipped(), Holds: now.ID == shippedID}, nil
	}
	v, err := version(ctx, tx, id)
	if err != nil {
		return Page{}, err
	}
	p := Page{Version: v, Holds: now.ID == id}
	if p.Policy, err = byID(ctx, tx, id); err != nil {
		return p, err
	}
	ids, err := db.All(ctx, tx, (*row).fields, `
		SELECT id, holds_from FROM policy WHERE (holds_from < $1 OR holds_from = $1 AND id < $2) AND withdrawn_at IS NULL AND id <> $3 ORDER BY holds_from DESC, id DESC LIMIT 1`,
		v.HoldsFrom, id, v.ReplacesID)
	if err != nil {
		return p, err
	}
	p.Before = Shipped()
	if len(ids) > 0 {
		if p.Before, err = load(ctx, tx, ids[0]); err != nil {
			return p, err
		}
	}
	p.Changes, err = Diff(p.Before, p.Policy)
	return p, err
}

// On is the version that held, or will hold, at a moment, for those who see the rules.
func On(ctx context.Context, tx *db.Tx, by access.Actor, t time.Time) (Page, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return Page{}, err
	}
	p, err := At(ctx, tx, t)
	if err != nil {
		return Page{}, err
	}
	return Open(ctx, tx, by, p.ID)
}

// Coming lists the versions that are scheduled, the first to come first.
func Coming(ctx context.Context, tx *db.Tx, by access.Actor) ([]Version, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return nil, err
	}
	rows, err := db.All(ctx, tx, (*Version).fields, `
		SELECT `+versionColumns+` FROM policy WHERE holds_from > $1 AND withdrawn_at IS NULL ORDER BY holds_from, id LIMIT 100`, tx.Now())
	for i := range rows {
		rows[i] = rows[i].split()
	}
	return rows, err
}

// Withdrawal calls a scheduled version off.
type Withdrawal struct {
	ID string `path:"id" json:"-"`
}

// Withdraw calls a version off that does not hold yet. One that holds, or did, is
// fault.Conflict: what was decided by it stays decided by it. Versions scheduled for
// later keep what they say.
func Withdraw(ctx context.Context, tx *db.Tx, by access.Actor, in Withdrawal) (Version, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Version{}, err
	}
	if _, err := db.Number(ctx, tx, "policy"); err != nil {
		return Version{}, err
	}
	v, err := version(ctx, tx, in.ID)
	if err != nil {
		return v, err
	}
	if !v.Scheduled(tx.Now()) {
		return v, fault.New(fault.Conflict, "policy.not_scheduled")
	}
	if err := tx.Move(ctx, `UPDATE policy SET withdrawn_at = $1, withdrawn_by = $2 WHERE id = $3 AND withdrawn_at IS NULL`, tx.Now(), by.ID, v.ID); err != nil {
		return v, err
	}
	if err := Recalled.Append(ctx, tx, by, event.About{Subject: v.ID}, ProposalData{Proposal: v.ProposalID, HoldsFrom: v.HoldsFrom}); err != nil {
		return v, err
	}
	return version(ctx, tx, v.ID)
}
