package api

import (
	"context"
	"time"

	"github.com/yunshi-market/yunshi/internal/access"
	"github.com/yunshi-market/yunshi/internal/agreement"
	"github.com/yunshi-market/yunshi/internal/db"
	"github.com/yunshi-market/yunshi/internal/policy"
	"github.com/yunshi-market/yunshi/internal/text"
)

// Agreement is the version in force of a document that a vendor accepts (C-4).
type Agreement struct {
	ID        string         `json:"id"`
	Version   string         `json:"version"`
	HoldsFrom *time.Time     `json:"holds_from,omitempty"`
	Required  *time.Time     `json:"required_from,omitempty" doc:"from when those who accepted an earlier version must have accepted it"`
	Title     policy.Name    `json:"title"`
	Body      agreement.Body `json:"body" doc:"Markdown, by language"`
	Hash      string         `json:"hash" doc:"SHA-256 in hex; an acceptance records it"`
	Accepted  bool           `json:"accepted" doc:"by your company, in this version"`
}

// agreed is a document with whether the reader's company accepted it.
type agreed struct {
	agreement.Document
	accepted bool
}

func viewAgreement(_ text.Printer, d agreed) Agreement {
	return Agreement{ID: d.ID, Version: d.Version, HoldsFrom: when(d.HoldsFrom), Required: when(d.RequiredFrom), Title: d.Title, Body: d.Body, Hash: d.Hash, Accepted: d.accepted}
}

// Acceptance is one recorded acceptance.
type Acceptance struct {
	Document  string    `json:"document"`
	Version   string    `json:"version"`
	Hash      string    `json:"hash"`
	AccountID string    `json:"account_id"`
	At        time.Time `json:"at"`
	Address   string    `json:"address" doc:"IP"`
}

func viewAcceptance(_ text.Printer, s agreement.Signed) Acceptance {
	return Acceptance{Document: s.Document, Version: s.Version, Hash: s.Hash, AccountID: s.AccountID, At: s.At, Address: s.Address}
}

func (a *API) agreementRoutes() {
	get(a, route{path: "/agreements", tag: "agreements", id: "list-agreements", summary: "The agreements in force, each with whether you accepted it (C-4)", public: true},
		func(ctx context.Context, tx *db.Tx, by access.Actor, _ none) ([]agreed, error) {
			docs, err := agreement.Current(ctx, tx)
			if err != nil {
				return nil, err
			}
			missing := docs
			if by.VendorID != "" {
				if missing, err = agreement.Accepted(ctx, tx, by.VendorID); err != nil {
					return nil, err
				}
			}
			open := make(map[string]bool)
			for _, d := range missing {
				open[d.ID] = true
			}
			out := make([]agreed, len(docs))
			for i, d := range docs {
				out[i] = agreed{d, !open[d.ID]}
			}
			return out, nil
		}, each(viewAgreement))
	post(a, route{path: "/agreements/accept", tag: "agreements", id: "accept-agreements", summary: "Accept agreements in their present version"}, agreement.Accept, each(viewAcceptance))
	post(a, route{path: "/agreements", tag: "agreements", id: "publish-agreement", summary: "Publish a new version (administrators)", status: 201}, agreement.Publish,
		func(p text.Printer, d agreement.Document) Agreement { return viewAgreement(p, agreed{Document: d}) })
}
