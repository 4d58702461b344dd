package policy

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/event"
	"github.com/yunshi-market/yunshi/internal/fault"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Status is where a proposal stands.
type Status string

// The statuses of a proposal.
const (
	Draft     Status = "draft"     // is being written
	Waiting   Status = "waiting"   // for the second person
	Enacted   Status = "enacted"   // holds, or will from its time on
	Discarded Status = "discarded" // given up
)

// Label is the status in words.
func (s Status) Label() text.Key { return text.Key("policy.status_" + string(s)) }

// ProposalAct is something done to a proposal.
type ProposalAct string

// The acts on a proposal.
const (
	ActChange   ProposalAct = "change"
	ActSend     ProposalAct = "send"
	ActEnact    ProposalAct = "enact" // where one person is enough
	ActTakeBack ProposalAct = "take_back"
	ActApprove  ProposalAct = "approve"
	ActReturn   ProposalAct = "return"
	ActDiscard  ProposalAct = "discard"
)

// moves is the whole table: from, act, to.
var moves = map[Status]map[ProposalAct]Status{
	Draft:   {ActChange: Draft, ActSend: Waiting, ActEnact: Enacted, ActDiscard: Discarded},
	Waiting: {ActTakeBack: Draft, ActApprove: Enacted, ActReturn: Draft},
}

// Next is the status after an act; what is not in the table is fault.Conflict.
func (s Status) Next(a ProposalAct) (Status, error) {
	if to, ok := moves[s][a]; ok {
		return to, nil
	}
	return s, fault.New(fault.Conflict, "policy.not_in_status", s.Label())
}

// Proposal is a change of the rules on its way to hold.
type Proposal struct {
	ID        string
	Status    Status
	Title     string
	Reason    string
	BaseID    string    // the version that it changes; "" is the shipped one
	HoldsFrom time.Time // zero is at once
	Version   int64     // counts its saves
	Hands     []string  // everybody who wrote in it; none of them approves it
	MadeBy    string
	MadeAt    time.Time
	ChangedAt time.Time
	SentBy    string
	SentAt    time.Time
	DecidedBy string
	DecidedAt time.Time
	Note      string // what the second person said
	PolicyID  string // the version that came of it
	Policy    Policy // as it would be; of a list it is left out
	body      string
}

const proposalColumns = `id, status, title, reason, base_id, holds_from, version, hands, made_by, made_at, changed_at, sent_by, sent_at, decided_by, decided_at, note, policy_id`

func (p *Proposal) listed() []any {
	return []any{&p.ID, &p.Status, &p.Title, &p.Reason, &p.BaseID, db.Time(&p.HoldsFrom), &p.Version, db.JSON(&p.Hands), &p.MadeBy, db.Time(&p.MadeAt), db.Time(&p.ChangedAt),
		&p.SentBy, db.Time(&p.SentAt), &p.DecidedBy, db.Time(&p.DecidedAt), &p.Note, &p.PolicyID}
}

func (p *Proposal) fields() []any { return append(p.listed(), &p.body) }

// The events of proposals; their data names places, never what stands there.
var (
	Proposed = event.Kind[ProposalData]{Name: "policy.proposed", Internal: true}
	Approved = event.Kind[ProposalData]{Name: "policy.approved", Internal: true}
	Returned = event.Kind[ProposalData]{Name: "policy.returned", Internal: true}
	Recalled = event.Kind[ProposalData]{Name: "policy.withdrawn", Internal: true}
)

// ProposalData names a proposal and the places it changes.
type ProposalData struct {
	Proposal  string    `json:"proposal,omitempty"`
	Places    []string  `json:"places,omitempty"`
	HoldsFrom time.Time `json:"holds_from,omitzero"`
}

// Beginning is what a draft begins with.
type Beginning struct {
	Title   string `json:"title"`
	Restore string `json:"restore,omitempty"` // an earlier version to go back to, "shipped" for the first
}

const (
	longestTitle = 80  // runes
	longestWords = 500 // runes
)

// Begin begins a draft from what holds now, or from an earlier version that is to
// hold again. An unknown version is fault.NotFound.
func Begin(ctx context.Context, tx *db.Tx, by access.Actor, in Beginning) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	var f fault.Fields
	title := words(&f, "/title", in.Title, longestTitle, true)
	if err := f.Err(); err != nil {
		return Proposal{}, err
	}
	now, err := Now(ctx, tx)
	if err != nil {
		return Proposal{}, err
	}
	p := Proposal{ID: tx.NewID("prp"), Status: Draft, Title: title, BaseID: now.ID, Version: 1, Hands: []string{by.ID}, MadeBy: by.ID, MadeAt: tx.Now(), ChangedAt: tx.Now(), Policy: now}
	if in.Restore != "" {
		if p.Policy, err = byID(ctx, tx, in.Restore); err != nil {
			return Proposal{}, err
		}
	}
	if p.body, err = bodyOf(p.Policy); err != nil {
		return Proposal{}, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO policy_proposal (id, status, title, reason, base_id, body, holds_from, version, hands, made_by, made_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
		p.ID, string(p.Status), p.Title, p.Reason, p.BaseID, p.body, p.HoldsFrom, p.Version, db.JSON(p.Hands), p.MadeBy, p.MadeAt)
	return p, err
}

// words trims what a person wrote and notes what is wrong with it.
func words(f *fault.Fields, at, s string, most int, must bool) string {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	switch n := utf8.RuneCountInString(s); {
	case n == 0 && must:
		f.Add(at, "fault.required")
	case n > most:
		f.Add(at, "fault.too_long", most, n)
	}
	return s
}

// GetProposal reads a proposal for those who see the rules.
func GetProposal(ctx context.Context, tx *db.Tx, by access.Actor, id string) (Proposal, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return Proposal{}, err
	}
	return proposal(ctx, tx, id)
}

func proposal(ctx context.Context, tx *db.Tx, id string) (Proposal, error) {
	p, err := db.One(ctx, tx, (*Proposal).fields, `SELECT `+proposalColumns+`, body FROM policy_proposal WHERE id = $1`, id)
	if err != nil {
		return p, err
	}
	// A draft may contradict itself for a while, in its zone too.
	p.Policy, err = parse("", time.Time{}, p.body)
	if err != nil {
		p.Policy, err = unchecked(p.body)
	}
	return p, err
}

// Proposals lists the proposals that are still open, the last changed first, or,
// with a cursor or a status, those before it.
func Proposals(ctx context.Context, tx *db.Tx, by access.Actor, f ProposalFilter) ([]Proposal, error) {
	if err := by.Require(access.SeePolicy); err != nil {
		return nil, err
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	q := `SELECT ` + proposalColumns + ` FROM policy_proposal WHERE ($1 = '' OR id < $1)`
	if f.Open {
		q += ` AND status IN ('draft', 'waiting')`
	}
	return db.All(ctx, tx, (*Proposal).listed, q+` ORDER BY id DESC LIMIT $2`, f.Before, f.Limit)
}

// ProposalFilter narrows a list of proposals.
type ProposalFilter struct {
	Open   bool   // drafts and those that wait
	Before string // cursor: the id of the last one seen
	Limit  int    // 0 is 50, at most 200
}

// WaitingCount is how many proposals wait for a second person.
func WaitingCount(ctx context.Context, tx *db.Tx) (int, error) {
	return db.One(ctx, tx, db.Value[int], `SELECT COUNT(*) FROM policy_proposal WHERE status = 'waiting'`)
}

// changing reads a proposal to be changed as its reader saw it: another version
// meanwhile is fault.Conflict.
func changing(ctx context.Context, tx *db.Tx, id string, version int64, act ProposalAct) (Proposal, Status, error) {
	p, err := proposal(ctx, tx, id)
	if err != nil {
		return p, "", err
	}
	to, err := p.Status.Next(act)
	if err != nil {
		return p, "", err
	}
	if p.Version != version {
		return p, "", fault.New(fault.Conflict, "policy.changed_meanwhile")
	}
	return p, to, nil
}

// keep writes a draft that was changed.
func (p *Proposal) keep(ctx context.Context, tx *db.Tx, by access.Actor) error {
	if !slices.Contains(p.Hands, by.ID) {
		p.Hands = append(p.Hands, by.ID)
	}
	p.Version, p.ChangedAt = p.Version+1, tx.Now()
	return tx.Move(ctx, `
		UPDATE policy_proposal SET title = $1, reason = $2, base_id = $3, body = $4, holds_from = $5, version = $6, hands = $7, changed_at = $8
		WHERE id = $9 AND status = 'draft' AND version = $10`,
		p.Title, p.Reason, p.BaseID, p.body, p.HoldsFrom, p.Version, db.JSON(p.Hands), p.ChangedAt, p.ID, p.Version-1)
}

// Description says what a proposal is about and from when it holds.
type Description struct {
	ID      string `path:"id" json:"-"`
	Version int64  `json:"version"`
	Title   string `json:"title"`
	Reason  string `json:"reason"`
	From    string `json:"holds_from,omitempty"` // 2026-12-01T00:00 in the operator's zone; "" is at once
}

// Describe writes a draft's title, reason and time. A time that has passed is
// fault.Invalid; a draft that was saved meanwhile is fault.Conflict.
func Describe(ctx context.Context, tx *db.Tx, by access.Actor, in Description) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActChange)
	if err != nil {
		return p, err
	}
	var f fault.Fields
	p.Title = words(&f, "/title", in.Title, longestTitle, true)
	p.Reason = words(&f, "/reason", in.Reason, longestWords, true)
	now, err := Now(ctx, tx)
	if err != nil {
		return p, err
	}
	p.HoldsFrom = time.Time{}
	if in.From != "" {
		p.HoldsFrom, err = moment(in.From, now.Location())
		switch {
		case err != nil:
			f.Add("/holds_from", "policy.no_moment", in.From)
		case p.HoldsFrom.Before(tx.Now()):
			f.Add("/holds_from", "policy.past", text.M("policy.moment", tx.Now().In(now.Location()).Format("2006-01-02 15:04")))
		}
	}
	if err := f.Err(); err != nil {
		return p, err
	}
	return p, p.keep(ctx, tx, by)
}

// moment reads a moment as a browser's field or a program sends it.
func moment(s string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t.UTC(), nil
		}
	}
	t, err := time.Parse(time.RFC3339, s)
	return t.UTC(), err
}

// Edits are changes of a draft's rules, by the names of a form's inputs.
type Edits struct {
	ID      string              `path:"id" json:"-"`
	Version int64               `json:"version"`
	Section string              `json:"section"`
	Values  map[string][]string `json:"values"`       // "categories.0.deposit_fen": "5000.00"
	Op      string              `json:"op,omitempty"` // "add:categories", "remove:categories.2", "up:…", "down:…"
}

// Edit changes the rules in a draft. What cannot be read, as letters in an amount,
// is fault.Invalid and nothing is saved; what contradicts other rules is saved, for
// it may be mended on another page, and is refused when the draft is sent.
func Edit(ctx context.Context, tx *db.Tx, by access.Actor, in Edits) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActChange)
	if err != nil {
		return p, err
	}
	s, ok := SectionOf(in.Section)
	if !ok {
		return p, fault.New(fault.NotFound, "fault.not_found")
	}
	if err := apply(&p.Policy, s, in.Values); err != nil {
		return p, err
	}
	if in.Op != "" {
		if err := operate(&p.Policy, s, in.Op); err != nil {
			return p, err
		}
	}
	return p.save(ctx, tx, by)
}

func (p Proposal) save(ctx context.Context, tx *db.Tx, by access.Actor) (Proposal, error) {
	var err error
	if p.body, err = bodyOf(p.Policy); err != nil {
		return p, err
	}
	return p, p.keep(ctx, tx, by)
}

// Rewriting replaces all rules of a draft, as `yunshi policy show` writes them.
type Rewriting struct {
	ID      string `path:"id" json:"-"`
	Version int64  `json:"version"`
	Body    string `json:"body"` // JSON
}

// Rewrite replaces all rules of a draft; JSON that cannot be read or names a rule
// that does not exist is fault.Invalid.
func Rewrite(ctx context.Context, tx *db.Tx, by access.Actor, in Rewriting) (Proposal, error) {
	if err := by.Require(access.ManagePolicy); err != nil {
		return Proposal{}, err
	}
	p, _, err := changing(ctx, tx, in.ID, in.Version, ActChange)
	if err != nil {
		return p, err
	}
	rules, err := strict([]byte(in.Body))
	if err != nil {
		return p, fault.At("/body", "fault.bad_json", err.Error())
	}
	p.Policy = rules
	return p.save(ctx, tx, by)
}
