package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/amendment"
	"github.com/yunshi-market/yunshi/internal/contract"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/qualification"
	"github.com/yunshi-market/yunshi/internal/text"
	"github.com/yunshi-market/yunshi/internal/vault"
	"github.com/yunshi-market/yunshi/internal/vendor"
)

// ChangeRequest is a request for a change after signing.
type ChangeRequest struct {
	ID         string          `json:"id"`
	VendorID   string          `json:"vendor_id"`
	VendorName string          `json:"vendor_name,omitempty"`
	Kind       string          `json:"kind" doc:"company, account, mode, renewal or supplement"`
	Status     string          `json:"status" doc:"checking, submitted, in_review, cooling, decided, refused, withdrawn or stopped"`
	StatusText string          `json:"status_text"`
	Version    int64           `json:"version" doc:"send it back with an act, so that nothing is overwritten"`
	Parts      []string        `json:"parts" nullable:"false" doc:"what is decided on by itself"`
	Changes    []ChangedField  `json:"changes" nullable:"false" doc:"old and new; masked for who does not decide. Empty in lists"`
	Mode       string          `json:"mode,omitempty"`
	Months     int             `json:"months,omitempty"`
	Contract   string          `json:"contract,omitempty" doc:"number of the contract it is about"`
	Files      []string        `json:"files" nullable:"false"`
	Note       string          `json:"note,omitempty"`
	MadeAt     time.Time       `json:"made_at"`
	CheckedAt  *time.Time      `json:"checked_at,omitempty" doc:"an account: when the second person checked it"`
	PromisedBy *time.Time      `json:"promised_by,omitempty"`
	DecidedAt  *time.Time      `json:"decided_at,omitempty"`
	EffectAt   *time.Time      `json:"effect_at,omitempty" doc:"an account: when the waiting period ends"`
	Verdicts   []ChangeVerdict `json:"verdicts" nullable:"false"`
	ContractID string          `json:"contract_id,omitempty" doc:"that was offered for it"`
	Stopped    string          `json:"stopped,omitempty" doc:"why the account was stopped"`
}

// ChangedField is one field, old and new.
type ChangedField struct {
	Field string `json:"field" doc:"JSON pointer"`
	Part  string `json:"part"`
	Was   string `json:"was"`
	Now   string `json:"now"`
}

// ChangeVerdict is the decision on one part.
type ChangeVerdict struct {
	Part     string `json:"part"`
	Approved bool   `json:"approved"`
	Reason   string `json:"reason,omitempty"`
}

// Filed is what became of a change of data.
type Filed struct {
	Applied []string       `json:"applied" nullable:"false" doc:"fields in effect already"`
	Request *ChangeRequest `json:"request,omitempty" doc:"what lies before the staff; absent where nothing has to"`
}

// VendorRequirements is what a company has to see to, in the manner of payment platforms.
type VendorRequirements struct {
	PastDue             []VendorDuty `json:"past_due" nullable:"false" doc:"something is kept back until it is done"`
	CurrentlyDue        []VendorDuty `json:"currently_due" nullable:"false"`
	EventuallyDue       []VendorDuty `json:"eventually_due" nullable:"false"`
	PendingVerification []VendorDuty `json:"pending_verification" nullable:"false" doc:"with the operator"`
}

// VendorDuty is one thing to see to.
type VendorDuty struct {
	Code     string     `json:"code" doc:"licence, term, agreement, account_check or request"`
	Field    string     `json:"field" doc:"JSON pointer"`
	Rule     string     `json:"rule,omitempty"`
	Text     string     `json:"text"`
	Mend     string     `json:"mend,omitempty"`
	Deadline *time.Time `json:"deadline,omitempty"`
}

// ChangeProfile is the company's data as a change starts from.
type ChangeProfile struct {
	Company qualification.Company `json:"company"`
	Contact qualification.Contact `json:"contact"`
	Service qualification.Service `json:"service"`
	Shop    qualification.Shop    `json:"shop"`
	Account qualification.Account `json:"account" doc:"the number masked"`
}

func viewChange(p text.Printer, r amendment.Request) ChangeRequest {
	v := ChangeRequest{ID: r.ID, VendorID: r.VendorID, VendorName: r.VendorName, Kind: string(r.Kind), Status: string(r.Status), StatusText: p.T(r.Status.Name()), Version: r.Version,
		Parts: []string{}, Changes: []ChangedField{}, Mode: string(r.Paper.Mode), Months: r.Paper.Months, Contract: r.Paper.Number, Files: listOf(r.Paper.Files), Note: r.Paper.Note,
		MadeAt: r.MadeAt, CheckedAt: when(r.CheckedAt), PromisedBy: when(r.PromisedBy), DecidedAt: when(r.DecidedAt), EffectAt: when(r.EffectAt), Verdicts: []ChangeVerdict{},
		ContractID: r.ContractID, Stopped: r.Paper.Stopped}
	for _, x := range r.Parts {
		v.Parts = append(v.Parts, string(x))
	}
	for _, x := range r.Verdicts {
		v.Verdicts = append(v.Verdicts, ChangeVerdict{string(x.Part), x.Approved, x.Reason})
	}
	return v
}

func viewChangeReview(p text.Printer, v amendment.Review) ChangeRequest {
	out := viewChange(p, v.Request)
	for _, c := range v.Changes {
		out.Changes = append(out.Changes, ChangedField{c.Field, string(c.Part), c.Was, c.Now})
	}
	return out
}

func viewFiled(p text.Printer, f amendment.Filed) Filed {
	out := Filed{Applied: []string{}}
	for _, c := range f.Applied {
		out.Applied = append(out.Applied, c.Field)
	}
	if f.Request != nil {
		r := viewChange(p, *f.Request)
		out.Request = &r
	}
	return out
}

func viewRequirements(p text.Printer, list []amendment.Duty) VendorRequirements {
	out := VendorRequirements{[]VendorDuty{}, []VendorDuty{}, []VendorDuty{}, []VendorDuty{}}
	lists := map[amendment.When]*[]VendorDuty{amendment.PastDue: &out.PastDue, amendment.CurrentlyDue: &out.CurrentlyDue, amendment.Eventually: &out.EventuallyDue, amendment.Pending: &out.PendingVerification}
	for _, d := range list {
		into := lists[d.When]
		*into = append(*into, VendorDuty{Code: d.Code, Field: d.Field, Rule: d.Rule, Text: p.Say(d.Message), Mend: said(p, d.Mend), Deadline: when(d.By)})
	}
	return out
}

func viewChangeProfile(_ text.Printer, v vendor.Vendor) ChangeProfile {
	a := amendment.Form(v.Company)
	a.Account.Number = vault.MaskAccount(a.Account.Number)
	return ChangeProfile{a.Company, a.Contact, a.Service, a.Shop, a.Account}
}

// AskedVendor is a vendor that a version of an agreement touches.
type AskedVendor struct {
	VendorID   string     `json:"vendor_id"`
	VendorName string     `json:"vendor_name"`
	Earlier    string     `json:"earlier,omitempty" doc:"the last version it accepted"`
	At         *time.Time `json:"at,omitempty"`
}

func viewAskedVendor(_ text.Printer, a agreement.Asked) AskedVendor {
	return AskedVendor{a.VendorID, a.VendorName, a.Earlier, when(a.At)}
}

type askedQuery struct {
	ID       string `path:"id"`
	Version  string `query:"version"`
	Accepted bool   `query:"accepted" doc:"those who have, instead of those who have not"`
	Cursor   string `query:"cursor"`
	Limit    int    `query:"limit" minimum:"0" maximum:"200"`
}

func (a *API) amendmentRoutes() {
	get(a, route{path: "/changes", tag: "changes", id: "list-changes", summary: "Your company's requests for changes, newest first"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]amendment.Request, error) {
			return amendment.Mine(ctx, tx, by)
		}, each(viewChange))
	get(a, route{path: "/changes/requirements", tag: "changes", id: "get-requirements", summary: "What your company has to see to, by when, and what is kept back"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]amendment.Duty, error) {
			return amendment.Due(ctx, tx, by, by.VendorID)
		}, viewRequirements)
	get(a, route{path: "/changes/profile", tag: "changes", id: "get-change-profile", summary: "The company's data as it is, to be sent back changed"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) (vendor.Vendor, error) {
			if err := by.OwnsVendor(by.VendorID, access.ChangeData); err != nil {
				return vendor.Vendor{}, err
			}
			return vendor.Load(ctx, tx, by.VendorID)
		}, viewChangeProfile)
	post(a, route{path: "/changes/company", tag: "changes", id: "change-company", summary: "Change the company's data: send all of it as it should read; what is harmless takes effect at once", status: 201}, amendment.File, viewFiled)
	post(a, route{path: "/changes/account", tag: "changes", id: "change-account", summary: "Ask for another corporate account (D-5); upload the proof first with the purpose account-proof", status: 201}, amendment.AskAccount, viewChange)
	post(a, route{path: "/changes/mode", tag: "changes", id: "change-mode", summary: "Ask for another cooperation mode (M-4)", status: 201}, amendment.AskMode, viewChange)
	post(a, route{path: "/changes/renewal", tag: "changes", id: "ask-renewal", summary: "Ask for another term of the contract", status: 201}, amendment.AskRenewal, viewChange)
	show := func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (amendment.Review, error) {
		return amendment.Get(ctx, tx, by, amendment.Turn{ID: q.ID})
	}
	get(a, route{path: "/changes/{id}", tag: "changes", id: "get-change", summary: "One request, old and new side by side"}, show, viewChangeReview)
	post(a, route{path: "/changes/{id}/withdraw", tag: "changes", id: "withdraw-change", summary: "Take a request back before it is decided on"}, amendment.Withdraw, viewChange)
	act(a, route{path: "/changes/{id}/code", tag: "changes", id: "send-change-code", summary: "Send the owner the code that checks a new account where nobody else can"}, amendment.AskCode, viewChange)
	post(a, route{path: "/changes/{id}/check", tag: "changes", id: "check-change", summary: "Check a new account as the second person, or with the code"}, amendment.CheckAccount, viewChange)
	post(a, route{path: "/changes/{id}/stop", tag: "changes", id: "stop-change", summary: "Stop a new account during its waiting period"}, amendment.Stop, viewChange)

	get(a, route{path: "/operator/changes", tag: "operator/changes", id: "list-change-requests", summary: "Requests that wait, the longest waiting first; or those settled"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q amendment.Filter) (listed[amendment.Request], error) {
			q.Limit = upTo(q.Limit)
			all, err := amendment.List(ctx, tx, by, q)
			return listed[amendment.Request]{all, q.Limit}, err
		}, paged(func(x amendment.Request) string { return x.ID }, viewChange))
	get(a, route{path: "/operator/changes/{id}", tag: "operator/changes", id: "get-change-request", summary: "One request; masked for who does not decide on it"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q byID) (amendment.Review, error) {
			if err := by.Require(access.SeeVendors); err != nil {
				return amendment.Review{}, err
			}
			return amendment.Get(ctx, tx, by, amendment.Turn{ID: q.ID})
		}, viewChangeReview)
	act(a, route{path: "/operator/changes/{id}/claim", tag: "operator/changes", id: "claim-change", summary: "Take a request to decide on"}, amendment.Claim, viewChange)
	act(a, route{path: "/operator/changes/{id}/release", tag: "operator/changes", id: "release-change", summary: "Put a request back"}, amendment.Release, viewChange)
	post(a, route{path: "/operator/changes/{id}/decide", tag: "operator/changes", id: "decide-change", summary: "Decide part by part; a refusal has a reason"}, amendment.Decide, viewChange)
	post(a, route{path: "/operator/changes/{id}/grant", tag: "operator/changes", id: "grant-change", summary: "Grant a mode, a term or a new name by offering the contract (M-4)"}, amendment.GrantByContract, viewChange)
	post(a, route{path: "/operator/changes/{id}/stop", tag: "operator/changes", id: "stop-account-change", summary: "Stop a new account on the company's call"}, amendment.Stop, viewChange)
	post(a, route{path: "/operator/contracts/renew", tag: "operator/contracts", id: "offer-renewal", summary: "Offer a renewal of the contract in term", status: 201}, contract.Renew,
		func(_ text.Printer, c contract.Contract) Renewed {
			return Renewed{c.ID, c.Number, c.VendorID, c.Renews}
		})
	get(a, route{path: "/operator/agreements/{id}/vendors", tag: "operator/agreements", id: "list-agreement-vendors", summary: "Who has not accepted a version of an agreement, or who has (C-4)"},
		func(ctx context.Context, tx *db.Tx, by access.Actor, q askedQuery) (listed[agreement.Asked], error) {
			limit := upTo(q.Limit)
			all, err := agreement.Vendors(ctx, tx, by, agreement.Search{Ref: agreement.Ref{ID: q.ID, Version: q.Version}, Accepted: q.Accepted, After: q.Cursor, Limit: limit})
			return listed[agreement.Asked]{all, limit}, err
		}, paged(func(x agreement.Asked) string { return x.VendorID }, viewAskedVendor))
}

// Renewed is a renewal that was offered.
type Renewed struct {
	ID       string `json:"id"`
	Number   string `json:"number"`
	VendorID string `json:"vendor_id"`
	Renews   string `json:"renews" doc:"the contract it continues"`
}
