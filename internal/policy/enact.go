package policy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/job"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Review is what a proposal comes to, for its pages and for the second person.
type Review struct {
	Proposal
	Base    Policy       // what holds at its time without it
	Stale   bool         // another version came between: the draft must be brought up to date
	Since   []Difference // what the other version changed
	Clashes []Clash      // where both changed the same
	Changes []Difference // what it changes of Base, or, while it is stale, of what it was begun from
	Money   bool         // it changes a money rule
	Second  bool         // it needs a second person
	Late    bool         // its time has passed: it holds as soon as it is approved
	Wrong   []fault.Field
}

// Look reads a proposal with everything that is to be said about it, for those who
// see the rules.
func Look(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Review, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return Review{}, err
	}
	p, err := proposal(ctx, tx, id)
	if err != nil {
		return Review{}, err
	}
	return review(ctx, tx, p)
}

func review(ctx context.Context, tx *db.Tx, p Proposal) (Review, error) {
	r := Review{Proposal: p}
	begun, err := byID(ctx, tx, p.BaseID)
	if err != nil {
		return r, err
	}
	r.Base = begun
	if p.Status == Draft || p.Status == Waiting {
		if r.Base, err = At(ctx, tx, r.from(tx)); err != nil {
			return r, err
		}
		r.Stale = r.Base.ID != p.BaseID
	}
	r.Late = !p.HoldsFrom.IsZero() && p.HoldsFrom.Before(tx.Now()) && p.Status == Waiting
	if r.Changes, err = Diff(begun, p.Policy); err != nil {
		return r, err
	}
	if r.Stale {
		if r.Since, err = Diff(begun, r.Base); err != nil {
			return r, err
		}
		if _, r.Clashes, err = clashing(begun, r.Base, p.Policy, nil); err != nil {
			return r, err
		}
	}
	r.Money = slices.ContainsFunc(r.Changes, func(d Difference) bool { return MoneyRule(d.Pointer) })
	r.Second = r.Money || r.Base.Changes.TwoPeople
	r.Wrong = faultsOf(p.Policy.Validate())
	return r, nil
}

func faultsOf(err error) []fault.Field {
	var f fault.Fields
	f.Take("", err)
	if e, ok := f.Err().(*fault.Error); ok {
		return e.Fields
	}
	return nil
}

// from is the moment from which the proposal would hold.
func (p Proposal) from(tx *db.Tx) time.Time {
	if p.HoldsFrom.Before(tx.Now()) {
		return tx.Now()
	}
	return p.HoldsFrom
}

// ready refuses what cannot hold as it stands.
func (r Review) ready() error {
	switch {
	case len(r.Changes) == 0:
		return fault.New(fault.Conflict, "policy.nothing_changed")
	case r.Reason == "":
		return fault.At("/reason", "policy.reason_wanted")
	case r.Stale:
		return fault.New(fault.Conflict, "policy.stale")
	}
	return r.Policy.Validate()
}

// Turn names a proposal as its reader saw it.
type Turn struct {
	ID      string `path:"id" json:"-"`
	Version int64  `json:"version"`
	Note    string `json:"note,omitempty"`
}

// Send hands a draft in: to the second person where one is needed, otherwise it is
// put in force from its time on. Rules that contradict themselves are fault.Invalid;
// a draft that changes nothing, or was begun from what no longer holds, is fault.Conflict.
func Send(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActSend)
	if err != nil {
		return p, err
	}
	r, err := review(ctx, tx, p)
	if err != nil {
		return p, err
	}
	if err := r.ready(); err != nil {
		return p, err
	}
	if !p.HoldsFrom.IsZero() && p.HoldsFrom.Before(tx.Now()) {
		return p, fault.At("/holds_from", "policy.past", text.M("policy.moment", tx.Now().In(r.Base.Location()).Format("2006-01-02 15:04")))
	}
	p.SentBy, p.SentAt, p.Note = by.ID, tx.Now(), ""
	if !r.Second {
		return enact(ctx, tx, by, r, ActEnact, "")
	}
	if err := tx.Move(ctx, `
		UPDATE policy_proposal SET status = 'waiting', sent_by = $1, sent_at = $2, note = '', version = version + 1, changed_at = $2 WHERE id = $3 AND status = 'draft' AND version = $4`,
		by.ID, tx.Now(), p.ID, p.Version); err != nil {
		return p, err
	}
	if err := Proposed.Append(ctx, tx, by, event.About{Subject: p.ID}, r.data(p.HoldsFrom)); err != nil {
		return p, err
	}
	return proposal(ctx, tx, p.ID)
}

func (r Review) data(from time.Time) ProposalData {
	d := ProposalData{Proposal: r.ID, HoldsFrom: from}
	for _, c := range r.Changes {
		d.Places = append(d.Places, c.Pointer)
	}
	return d
}

// MayApprove says whether somebody may be the second person of a proposal: an
// administrator, or finance for money rules, who wrote nothing of it. It is
// fault.Forbidden otherwise.
func (r Review) MayApprove(by access.Actor) error {
	if err := by.Require(access.ApprovePolicy); err != nil {
		return err
	}
	if !r.Money && by.Require(access.ManagePolicy) != nil {
		return fault.New(fault.Forbidden, "policy.administrators_only")
	}
	if slices.Contains(r.Hands, by.ID) || r.SentBy == by.ID {
		return fault.New(fault.Forbidden, "policy.own_proposal").Of("D-7")
	}
	return nil
}

// Approve is the second person's yes to exactly the version that was read: the
// rules hold from their time, or from now if it has passed. Rule D-7 (two people).
func Approve(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Proposal, error) {
	if err := by.Require(access.ApprovePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActApprove)
	if err != nil {
		return p, err
	}
	r, err := review(ctx, tx, p)
	if err != nil {
		return p, err
	}
	if err := r.MayApprove(by); err != nil {
		return p, err
	}
	if err := r.ready(); err != nil {
		return p, err
	}
	return enact(ctx, tx, by, r, ActApprove, strings.TrimSpace(in.Note))
}

// enact puts a proposal in force and closes it.
func enact(ctx context.Context, tx *db.Tx, by access.Actor, r Review, act ProposalAct, note string) (Proposal, error) {
	p := r.Proposal
	v := entry{policy: p.Policy, from: p.from(tx), reason: p.Title + "\n" + p.Reason, by: by.ID, proposal: p.ID}
	if act == ActApprove {
		v.by, v.approved = p.SentBy, by.ID
	}
	id, err := put(ctx, tx, by, v, r.Base)
	if err != nil {
		return p, err
	}
	if err := tx.Move(ctx, `
		UPDATE policy_proposal SET status = 'enacted', sent_by = $1, sent_at = $2, decided_by = $3, decided_at = $4, note = $5, policy_id = $6, version = version + 1, changed_at = $4
		WHERE id = $7 AND status = $8 AND version = $9`,
		v.by, firstOf(p.SentAt, tx.Now()), by.ID, tx.Now(), note, id, p.ID, string(p.Status), p.Version); err != nil {
		return p, err
	}
	if err := Approved.Append(ctx, tx, by, event.About{Subject: p.ID}, r.data(v.from)); err != nil {
		return p, err
	}
	return proposal(ctx, tx, p.ID)
}

func firstOf(t, or time.Time) time.Time {
	if t.IsZero() {
		return or
	}
	return t
}

// Return sends a proposal back to those who write it, with the reason.
func Return(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Proposal, error) {
	if err := by.Require(access.ApprovePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActReturn)
	if err != nil {
		return p, err
	}
	var f fault.Fields
	note := words(&f, "/note", in.Note, longestWords, true)
	if err := f.Err(); err != nil {
		return p, err
	}
	if err := p.reopen(ctx, tx, by, note); err != nil {
		return p, err
	}
	if err := Returned.Append(ctx, tx, by, event.About{Subject: p.ID}, ProposalData{Proposal: p.ID}); err != nil {
		return p, err
	}
	return proposal(ctx, tx, p.ID)
}

// TakeBack makes a draft again of a proposal that waits.
func TakeBack(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActTakeBack)
	if err != nil {
		return p, err
	}
	if err := p.reopen(ctx, tx, by, ""); err != nil {
		return p, err
	}
	return proposal(ctx, tx, p.ID)
}

func (p Proposal) reopen(ctx context.Context, tx *db.Tx, by access.Actor, note string) error {
	return tx.Move(ctx, `
		UPDATE policy_proposal SET status = 'draft', note = $1, decided_by = $2, decided_at = $3, version = version + 1, changed_at = $3 WHERE id = $4 AND status = 'waiting' AND version = $5`,
		note, by.ID, tx.Now(), p.ID, p.Version)
}

// Discard gives a draft up; it stays to be read.
func Discard(ctx context.Context, tx *db.Tx, by access.Actor, in Turn) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActDiscard)
	if err != nil {
		return p, err
	}
	if err := tx.Move(ctx, `UPDATE policy_proposal SET status = 'discarded', decided_by = $1, decided_at = $2, version = version + 1, changed_at = $2 WHERE id = $3 AND status = 'draft' AND version = $4`,
		by.ID, tx.Now(), p.ID, p.Version); err != nil {
		return p, err
	}
	return proposal(ctx, tx, p.ID)
}

// Update brings a draft up to date with what holds at its time.
type Update struct {
	ID      string   `path:"id" json:"-"`
	Version int64    `json:"version"`
	Mine    []string `json:"mine,omitempty"`   // pointers where the draft's value stays
	Theirs  []string `json:"theirs,omitempty"` // pointers where the other version's stands
}

// Rebase brings a draft up to date: what others changed since it was begun comes in,
// what it changes itself stays. Where both changed the same place, whoever works on
// it must say whose value stands; a clash without that is fault.Invalid.
func Rebase(ctx context.Context, tx *db.Tx, by access.Actor, in Update) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActChange)
	if err != nil {
		return p, err
	}
	r, err := review(ctx, tx, p)
	if err != nil || !r.Stale {
		return p, err
	}
	var f fault.Fields
	for _, c := range r.Clashes {
		if !slices.Contains(in.Mine, c.Pointer) && !slices.Contains(in.Theirs, c.Pointer) {
			f.Add("/choice"+c.Pointer, "policy.choose")
		}
	}
	if err := f.Err(); err != nil {
		return p, err
	}
	begun, err := byID(ctx, tx, p.BaseID)
	if err != nil {
		return p, err
	}
	if p.Policy, _, err = clashing(begun, r.Base, p.Policy, in.Theirs); err != nil {
		return p, err
	}
	p.BaseID = r.Base.ID
	return p.save(ctx, tx, by)
}

// entry is a version about to be written.
type entry struct {
	policy                             Policy
	from                               time.Time
	reason, by, approved, proposal, of string
}

// put writes a version and carries what it changes of before into the versions that
// are scheduled for later, so that none of them undoes it unseen.
func put(ctx context.Context, tx *db.Tx, by access.Actor, v entry, before Policy) (string, error) {
	if _, err := db.Number(ctx, tx, "policy"); err != nil { // one after the other
		return "", err
	}
	type scheduled struct {
		id string
		e  entry
	}
	later, err := db.All(ctx, tx, func(s *scheduled) []any {
		return []any{&s.id, db.Time(&s.e.from), &s.e.reason, &s.e.by, &s.e.approved, &s.e.proposal}
	}, `SELECT id, holds_from, reason, made_by, approved_by, proposal_id FROM policy WHERE holds_from > $1 AND withdrawn_at IS NULL ORDER BY holds_from, id`, v.from)
	if err != nil {
		return "", err
	}
	id, err := insert(ctx, tx, by, v)
	if err != nil {
		return "", err
	}
	for _, s := range later {
		theirs, err := byID(ctx, tx, s.id)
		if err != nil {
			return "", err
		}
		// Where both change a place, the later one has the last word from its time on.
		if s.e.policy, _, err = clashing(before, v.policy, theirs, nil); err != nil {
			return "", err
		}
		s.e.of = s.id
		if err := s.e.policy.Validate(); err != nil {
			return "", fault.New(fault.Conflict, "policy.later_breaks", s.e.from).Because(err)
		}
		if _, err := insert(ctx, tx, by, s.e); err != nil {
			return "", err
		}
		if err := tx.Move(ctx, `UPDATE policy SET withdrawn_at = $1, withdrawn_by = $2 WHERE id = $3 AND withdrawn_at IS NULL`, tx.Now(), by.ID, s.id); err != nil {
			return "", err
		}
	}
	return id, nil
}

func insert(ctx context.Context, tx *db.Tx, by access.Actor, v entry) (string, error) {
	body, err := bodyOf(v.policy)
	if err != nil {
		return "", err
	}
	id := tx.NewID("pol")
	if _, err := parse(id, v.from, body); err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `
		INSERT INTO policy (id, holds_from, body, made_by, made_at, reason, approved_by, proposal_id, replaces_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		id, v.from, body, v.by, tx.Now(), v.reason, v.approved, v.proposal, v.of); err != nil {
		return "", err
	}
	if v.from.After(tx.Now()) {
		err = BeginJob.Later(ctx, tx, Beginnings{id}, job.At(v.from), job.Once(id))
	} else {
		err = Began.Append(ctx, tx, by, event.About{Subject: id}, event.None{})
	}
	if err != nil {
		return "", err
	}
	return id, Changed.Append(ctx, tx, by, event.About{Subject: id}, ChangedData{v.from})
}

// Began records that a version began to hold: what follows from new rules, as asking
// for a higher deposit, hangs on it.
var Began = event.Kind[event.None]{Name: "policy.began", Internal: true}

// BeginJob runs when a version begins to hold.
var BeginJob = job.Kind[Beginnings]{Name: "policy.begin"}

// Beginnings names the version that begins.
type Beginnings struct {
	Policy string `json:"policy"`
}

// TellBegun records that a version began to hold, unless it was withdrawn; it
// handles BeginJob.
func TellBegun(ctx context.Context, tx *db.Tx, by access.Actor, in Beginnings) error {
	v, err := version(ctx, tx, in.Policy)
	if err != nil || !v.WithdrawnAt.IsZero() {
		return err
	}
	return Began.Append(ctx, tx, by, event.About{Subject: in.Policy}, event.None{})
}
