package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// PolicyVersion is one version of the operator's rules.
type PolicyVersion struct {
	ID         string         `json:"id"`
	HoldsFrom  *time.Time     `json:"holds_from,omitempty"`
	Title      string         `json:"title,omitempty"`
	Reason     string         `json:"reason,omitempty"`
	MadeBy     string         `json:"made_by,omitempty"`
	ApprovedBy string         `json:"approved_by,omitempty"`
	Withdrawn  *time.Time     `json:"withdrawn_at,omitempty"`
	Proposal   string         `json:"proposal_id,omitempty"`
	Changes    []PolicyChange `json:"changes,omitempty" doc:"against the version before"`
	Rules      any            `json:"rules,omitempty" doc:"as yunshi policy show prints them"`
}

// PolicyProposal is a change of the rules on its way to hold.
type PolicyProposal struct {
	ID        string         `json:"id"`
	Status    policy.Status  `json:"status" doc:"draft, waiting, enacted or discarded"`
	Title     string         `json:"title"`
	Reason    string         `json:"reason"`
	HoldsFrom *time.Time     `json:"holds_from,omitempty" doc:"left out: at once"`
	Version   int64          `json:"version" doc:"to be sent back with each act: what is approved is what was read"`
	MadeBy    string         `json:"made_by"`
	SentBy    string         `json:"sent_by,omitempty"`
	DecidedBy string         `json:"decided_by,omitempty"`
	Note      string         `json:"note,omitempty"`
	PolicyID  string         `json:"policy_id,omitempty"`
	Stale     bool           `json:"stale" doc:"the rules have changed since; bring it up to date first"`
	Second    bool           `json:"second_person" doc:"somebody else must approve it"`
	Changes   []PolicyChange `json:"changes" nullable:"false"`
	Clashes   []string       `json:"clashes" nullable:"false" doc:"places that both changed"`
	Wrong     []string       `json:"wrong" nullable:"false" doc:"places that contradict others or are missing"`
	Rules     any            `json:"rules,omitempty"`
}

// PolicyChange is one place that differs.
type PolicyChange struct {
	Pointer string `json:"pointer" doc:"with the ids of list elements, as /categories/api/deposit_fen"`
	Old     any    `json:"old"`
	New     any    `json:"new"`
	Money   bool   `json:"money_rule"`
}

func viewChanges(list []policy.Difference) []PolicyChange {
	out := []PolicyChange{}
	for _, d := range list {
		out = append(out, PolicyChange{d.Pointer, d.Old, d.New, policy.MoneyRule(d.Pointer)})
	}
	return out
}

func viewVersion(_ text.Printer, v policy.Version) PolicyVersion {
	return PolicyVersion{ID: v.ID, HoldsFrom: when(v.HoldsFrom), Title: v.Title, Reason: v.Reason, MadeBy: v.MadeBy, ApprovedBy: v.ApprovedBy, Withdrawn: when(v.WithdrawnAt), Proposal: v.ProposalID}
}

func viewVersionPage(p text.Printer, v policy.Page) PolicyVersion {
	out := viewVersion(p, v.Version)
	out.Changes, out.Rules = viewChanges(v.Changes), v.Policy
	return out
}

func viewProposal(_ text.Printer, p policy.Proposal) PolicyProposal {
	return PolicyProposal{ID: p.ID, Status: p.Status, Title: p.Title, Reason: p.Reason, HoldsFrom: when(p.HoldsFrom), Version: p.Version, MadeBy: p.MadeBy, SentBy: p.SentBy,
		DecidedBy: p.DecidedBy, Note: p.Note, PolicyID: p.PolicyID, Changes: []PolicyChange{}, Clashes: []string{}, Wrong: []string{}}
}

func viewProposalPage(p text.Printer, r policy.Review) PolicyProposal {
	out := viewProposal(p, r.Proposal)
	out.Stale, out.Second, out.Changes, out.Rules = r.Stale, r.Second, viewChanges(r.Changes), r.Policy
	for _, c := range r.Clashes {
		out.Clashes = append(out.Clashes, c.Pointer)
	}
	for _, f := range r.Wrong {
		out.Wrong = append(out.Wrong, f.Pointer)
	}
	return out
}

// policyAt asks for what held at a time.
type policyAt struct {
	At time.Time `query:"at" doc:"what held, or will hold, then; now if left out"`
}

type policyList struct {
	Cursor string `query:"cursor"`
	Limit  int    `query:"limit" minimum:"0" maximum:"200"`
}

func (a *API) policyRoutes() {
	const tag = "operator/policy"
	get(a, route{path: "/operator/policy", tag: tag, id: "get-operator-policy", summary: "The operator's rules that hold at a time"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q policyAt) (policy.Page, error) {
			if q.At.IsZero() {
				q.At = tx.Now()
			}
			return policy.On(ctx, tx, by, q.At)
		}, viewVersionPage)
	get(a, route{path: "/operator/policy/versions", tag: tag, id: "list-policy-versions", summary: "The history, the latest to hold first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q policyList) ([]policy.Version, error) {
			return policy.History(ctx, tx, by, policy.HistoryFilter{Before: q.Cursor, Limit: q.Limit})
		}, each(viewVersion))
	get(a, route{path: "/operator/policy/versions/{id}", tag: tag, id: "get-policy-version", summary: "One version with its rules and what it changed"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (policy.Page, error) {
			return policy.Open(ctx, tx, by, q.ID)
		}, viewVersionPage)
	act(a, route{path: "/operator/policy/versions/{id}/withdraw", tag: tag, id: "withdraw-policy-version", summary: "Call off a version that does not hold yet"}, policy.Withdraw, viewVersion)
	get(a, route{path: "/operator/policy/proposals", tag: tag, id: "list-policy-proposals", summary: "Changes of the rules, the latest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q policyList) ([]policy.Proposal, error) {
			return policy.Proposals(ctx, tx, by, policy.ProposalFilter{Before: q.Cursor, Limit: q.Limit})
		}, each(viewProposal))
	get(a, route{path: "/operator/policy/proposals/{id}", tag: tag, id: "get-policy-proposal", summary: "One change with its differences, clashes and faults"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (policy.Review, error) {
			return policy.Look(ctx, tx, by, q.ID)
		}, viewProposalPage)
	post(a, route{path: "/operator/policy/proposals", tag: tag, id: "begin-policy-proposal", summary: "Begin a draft from what holds now, or from an earlier version", status: 201}, policy.Begin, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}", tag: tag, id: "describe-policy-proposal", summary: "Title, reason and the time from which it holds"}, policy.Describe, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/edit", tag: tag, id: "edit-policy-proposal", summary: "Change single rules, by the names of the form's inputs"}, policy.Edit, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/rules", tag: tag, id: "rewrite-policy-proposal", summary: "Replace all rules of a draft"}, policy.Rewrite, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/calendar", tag: tag, id: "mark-policy-year", summary: "Days off and days worked of one year"}, policy.MarkYear, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/rebase", tag: tag, id: "rebase-policy-proposal", summary: "Bring a draft up to date; say whose value stands where both changed a place"}, policy.Rebase, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/send", tag: tag, id: "send-policy-proposal", summary: "Hand a draft in; money rules then wait for a second person (D-7)"}, policy.Send, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/approve", tag: tag, id: "approve-policy-proposal", summary: "The second person's yes to the version that was read"}, policy.Approve, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/return", tag: tag, id: "return-policy-proposal", summary: "Back to those who write it, with a note"}, policy.Return, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/take-back", tag: tag, id: "take-back-policy-proposal", summary: "Make a draft again of a change that waits"}, policy.TakeBack, viewProposal)
	post(a, route{path: "/operator/policy/proposals/{id}/discard", tag: tag, id: "discard-policy-proposal", summary: "Give a draft up"}, policy.Discard, viewProposal)
}
